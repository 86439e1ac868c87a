#include "trace_signals.hpp"

#include <fmt/format.h>

namespace polyabi::tool {

namespace {

namespace native = reference::signals;
namespace codes = reference::signal_codes;

/// Codes of the processor and of children count from 1 for each signal.
std::string_view own_code(i32 signo, i32 code) {
  struct list {
    i32 signo;
    std::span<const std::string_view> names;
  };
  static constexpr std::string_view ill[] = {"ILL_ILLOPC", "ILL_ILLOPN", "ILL_ILLADR", "ILL_ILLTRP",
                                             "ILL_PRVOPC", "ILL_PRVREG", "ILL_COPROC", "ILL_BADSTK"};
  static constexpr std::string_view fpe[] = {"FPE_INTOVF", "FPE_INTDIV", "FPE_FLTDIV", "FPE_FLTOVF",
                                             "FPE_FLTUND", "FPE_FLTRES", "FPE_FLTINV", "FPE_FLTSUB"};
  static constexpr std::string_view segv[] = {"SEGV_MAPERR", "SEGV_ACCERR"};
  static constexpr std::string_view bus[] = {"BUS_ADRALN", "BUS_ADRERR", "BUS_OBJERR"};
  static constexpr std::string_view trap[] = {"TRAP_BRKPT", "TRAP_TRACE"};
  static constexpr std::string_view chld[] = {"CLD_EXITED",  "CLD_KILLED",  "CLD_DUMPED",
                                              "CLD_TRAPPED", "CLD_STOPPED", "CLD_CONTINUED"};
  const list lists[] = {{native::ill, ill}, {native::fpe, fpe},   {native::segv, segv},
                        {native::bus, bus}, {native::trap, trap}, {native::chld, chld}};
  for (const list& l : lists)
    if (l.signo == signo && code >= 1 && static_cast<usize>(code) <= l.names.size())
      return l.names[static_cast<usize>(code - 1)];
  return {};
}

std::string_view common_code(i32 code) {
  constexpr std::pair<i32, std::string_view> names[] = {
      {codes::user, "SI_USER"},   {codes::queue, "SI_QUEUE"},   {codes::timer, "SI_TIMER"}, {codes::asyncio, "SI_ASYNCIO"},
      {codes::mesgq, "SI_MESGQ"}, {codes::kernel, "SI_KERNEL"}, {codes::lwp, "SI_TKILL"}};
  for (const auto& [number, name] : names)
    if (number == code) return name;
  return {};
}

} // namespace

std::string siginfo_text(const reference::siginfo& info, const std::string& signal, const std::string& status) {
  constexpr u64 tick = 10'000'000; // ns
  std::string_view code = own_code(info.signo, info.code);
  const bool is_own = !code.empty();
  if (!is_own) code = common_code(info.code);
  std::string text =
      fmt::format("{{si_signo={}, si_code={}", signal, code.empty() ? std::to_string(info.code) : std::string{code});
  if (is_own && info.signo == native::chld) {
    text += fmt::format(", si_pid={}, si_uid={}, si_status={}, si_utime={}, si_stime={}", info.pid, info.uid,
                        info.code == codes::cld_exited ? std::to_string(info.status) : status, info.utime / tick,
                        info.stime / tick);
  } else if (is_own) {
    text += fmt::format(", si_addr={}", address_text(info.address));
  } else if (info.code == codes::timer) {
    text += fmt::format(", si_timerid={:#x}, si_overrun={}", info.timer, info.overrun);
  } else if (info.code != codes::kernel) {
    text += fmt::format(", si_pid={}, si_uid={}", info.pid, info.uid);
    if (info.code == codes::queue)
      text += fmt::format(", si_value={{sival_int={}, sival_ptr={}}}", static_cast<i32>(info.value), address_text(info.value));
  }
  return text + "}";
}

} // namespace polyabi::tool
