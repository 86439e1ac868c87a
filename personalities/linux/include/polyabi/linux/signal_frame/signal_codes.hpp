// Linux' si_code (asm-generic/siginfo.h). Codes above zero mean something only together with their signal: SIGILL, SIGFPE and
// SIGSEGV all have a code 1. So a code is translated within the class of its signal.
#pragma once

#include <polyabi/core/member_types.hpp>

#include <array>

namespace polyabi::linux_abi {

/// The members of a siginfo beside signo, errno and code that a code gives meaning to.
enum class signal_code_class : u8 { origin, ill, fpe, segv, bus, trap, child, poll, sys };

/// In which class the codes of a signal are.
constexpr signal_code_class code_class_of(signal name) {
  switch (name) {
  case signal::ill: return signal_code_class::ill;
  case signal::fpe: return signal_code_class::fpe;
  case signal::segv: return signal_code_class::segv;
  case signal::bus: return signal_code_class::bus;
  case signal::trap: return signal_code_class::trap;
  case signal::chld: return signal_code_class::child;
  case signal::sys: return signal_code_class::sys;
  // F_SETSIG lets any other tell of a descriptor's readiness.
  default: return signal_code_class::poll;
  }
}

struct signal_code_row {
  signal_code name;
  i32 number;
  signal_code_class of;
};

namespace signal_code_table {
using enum signal_code_class;
inline constexpr auto rows = std::to_array<signal_code_row>({
    {signal_code::user, 0, origin},       {signal_code::kernel, 0x80, origin},  {signal_code::queue, -1, origin},
    {signal_code::timer, -2, origin},     {signal_code::mesgq, -3, origin},     {signal_code::asyncio, -4, origin},
    {signal_code::sigio, -5, origin},     {signal_code::tkill, -6, origin},     {signal_code::lwp, -6, origin},
    {signal_code::ill_illopc, 1, ill},    {signal_code::ill_illopn, 2, ill},    {signal_code::ill_illadr, 3, ill},
    {signal_code::ill_illtrp, 4, ill},    {signal_code::ill_prvopc, 5, ill},    {signal_code::ill_prvreg, 6, ill},
    {signal_code::ill_coproc, 7, ill},    {signal_code::ill_badstk, 8, ill},    {signal_code::fpe_intdiv, 1, fpe},
    {signal_code::fpe_intovf, 2, fpe},    {signal_code::fpe_fltdiv, 3, fpe},    {signal_code::fpe_fltovf, 4, fpe},
    {signal_code::fpe_fltund, 5, fpe},    {signal_code::fpe_fltres, 6, fpe},    {signal_code::fpe_fltinv, 7, fpe},
    {signal_code::fpe_fltsub, 8, fpe},    {signal_code::segv_maperr, 1, segv},  {signal_code::segv_accerr, 2, segv},
    {signal_code::bus_adraln, 1, bus},    {signal_code::bus_adrerr, 2, bus},    {signal_code::bus_objerr, 3, bus},
    {signal_code::trap_brkpt, 1, trap},   {signal_code::trap_trace, 2, trap},   {signal_code::cld_exited, 1, child},
    {signal_code::cld_killed, 2, child},  {signal_code::cld_dumped, 3, child},  {signal_code::cld_trapped, 4, child},
    {signal_code::cld_stopped, 5, child}, {signal_code::cld_continued, 6, child}, {signal_code::poll_in, 1, poll},
    {signal_code::poll_out, 2, poll},     {signal_code::poll_msg, 3, poll},     {signal_code::poll_err, 4, poll},
    {signal_code::poll_pri, 5, poll},     {signal_code::poll_hup, 6, poll},
    {signal_code::sys_filter, 1, sys},
});
} // namespace signal_code_table

/// A code as kernel `K` and Linux number it.
struct signal_code_pair {
  i32 native, foreign;
  signal_code_class of;
};

/// Linux' codes beside those of kernel `K`, whose map may give codes of different signals one number, as Linux does. Names that
/// the kernel has no number for are left out.
template <class K>
inline constexpr auto signal_code_pairs = [] {
  struct {
    std::array<signal_code_pair, signal_code_table::rows.size()> pairs{};
    usize count = 0, origins = 0; ///< those of `origin` come first
  } table;
  for (const signal_code_row& row : signal_code_table::rows)
    for (const auto& own : kernel_map<K, signal_code>::rows)
      if (own.name == row.name) {
        table.pairs[table.count++] = {static_cast<i32>(own.number), row.number, row.of};
        table.origins += row.of == signal_code_class::origin ? 1 : 0;
      }
  return table;
}();

/// Linux' number of a code that says who sent the signal, whichever it is; 1 if the kernel's code is none of those.
template <class K>
constexpr i32 foreign_origin_code(i32 native) {
  for (usize i = 0; i < signal_code_pairs<K>.origins; ++i)
    if (signal_code_pairs<K>.pairs[i].native == native) return signal_code_pairs<K>.pairs[i].foreign;
  return 1;
}

/// Linux' number of a code that tells more of a signal of this class. A code without counterpart is SI_KERNEL: the kernel had its
/// reasons.
template <class K>
constexpr i32 foreign_signal_code(signal_code_class of, i32 native) {
  for (usize i = signal_code_pairs<K>.origins; i < signal_code_pairs<K>.count; ++i) {
    const signal_code_pair& pair = signal_code_pairs<K>.pairs[i];
    if (pair.native == native && pair.of == of) return pair.foreign;
  }
  return 0x80;
}

/// The kernel's number of Linux' code. A code without counterpart is SI_USER.
template <class K>
constexpr i32 native_signal_code(signal_code_class of, i32 foreign) {
  i32 user = 0;
  for (usize i = 0; i < signal_code_pairs<K>.count; ++i) {
    const signal_code_pair& pair = signal_code_pairs<K>.pairs[i];
    if (pair.foreign == foreign && (pair.of == of || pair.of == signal_code_class::origin)) return pair.native;
    if (pair.foreign == 0) user = pair.native;
  }
  return user;
}

} // namespace polyabi::linux_abi
