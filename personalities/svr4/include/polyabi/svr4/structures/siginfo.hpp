// siginfo_t: 128 bytes, or 256 in 64-bit programs, a union by signal and code (sys/siginfo.h).
#pragma once

#include <polyabi/svr4/structures/time.hpp>
#include <polyabi/svr4/wait_status.hpp>

namespace polyabi::svr4 {

namespace signal_codes {

struct code_row {
  signal_code name;
  i32 number;
  signal family; ///< whose code it is; none: of any signal
};
inline constexpr auto rows = std::to_array<code_row>({
    {signal_code::user, 0, signal::none},          {signal_code::lwp, -1, signal::none},
    {signal_code::queue, -2, signal::none},        {signal_code::timer, -3, signal::none},
    {signal_code::asyncio, -4, signal::none},      {signal_code::mesgq, -5, signal::none},
    {signal_code::ill_illopc, 1, signal::ill},     {signal_code::ill_illopn, 2, signal::ill},
    {signal_code::ill_illadr, 3, signal::ill},     {signal_code::ill_illtrp, 4, signal::ill},
    {signal_code::ill_prvopc, 5, signal::ill},     {signal_code::ill_prvreg, 6, signal::ill},
    {signal_code::ill_coproc, 7, signal::ill},     {signal_code::ill_badstk, 8, signal::ill},
    {signal_code::fpe_intdiv, 1, signal::fpe},     {signal_code::fpe_intovf, 2, signal::fpe},
    {signal_code::fpe_fltdiv, 3, signal::fpe},     {signal_code::fpe_fltovf, 4, signal::fpe},
    {signal_code::fpe_fltund, 5, signal::fpe},     {signal_code::fpe_fltres, 6, signal::fpe},
    {signal_code::fpe_fltinv, 7, signal::fpe},     {signal_code::fpe_fltsub, 8, signal::fpe},
    {signal_code::segv_maperr, 1, signal::segv},   {signal_code::segv_accerr, 2, signal::segv},
    {signal_code::bus_adraln, 1, signal::bus},     {signal_code::bus_adrerr, 2, signal::bus},
    {signal_code::bus_objerr, 3, signal::bus},     {signal_code::trap_brkpt, 1, signal::trap},
    {signal_code::trap_trace, 2, signal::trap},    {signal_code::cld_exited, 1, signal::chld},
    {signal_code::cld_killed, 2, signal::chld},    {signal_code::cld_dumped, 3, signal::chld},
    {signal_code::cld_trapped, 4, signal::chld},   {signal_code::cld_stopped, 5, signal::chld},
    {signal_code::cld_continued, 6, signal::chld}, {signal_code::poll_in, 1, signal::io},
    {signal_code::poll_out, 2, signal::io},        {signal_code::poll_msg, 3, signal::io},
    {signal_code::poll_err, 4, signal::io},        {signal_code::poll_pri, 5, signal::io},
    {signal_code::poll_hup, 6, signal::io},
});

/// What a kernel does of its own accord: no process sent it.
inline constexpr i32 no_info = 32767;

/// The kernel's code of a signal as System V's.
template <class K>
constexpr i32 to_foreign(signal family, i32 native) {
  for (const auto& own : kernel_map<K, signal_code>::rows) {
    if (own.number != native || own.one_way) continue;
    for (const code_row& r : rows)
      if (r.name == own.name && (r.family == family || r.family == signal::none)) return r.number;
    // Faults that the processor does not explain: System V has no code for them but the first of their signal (int3 is
    // TRAP_BRKPT, a general protection fault SEGV_MAPERR).
    if (own.name == signal_code::kernel && (family == signal::trap || family == signal::segv)) return 1;
  }
  return no_info;
}
constexpr i32 number(signal_code name) {
  for (const code_row& r : rows)
    if (r.name == name) return r.number;
  return no_info;
}

} // namespace signal_codes

template <class M>
struct siginfo {
  using shape = polyabi::shape::siginfo;
  struct sender {
    typename M::i32 pid;
    typename M::u32 uid;
    typename M::ulong value;
    typename M::i32 contract, zone;
  };
  /// Behind the process' number stands a union of its own, which is aligned to 8.
  struct wide_sender {
    typename M::i32 pid, pad;
    typename M::u32 uid, more_pad;
    typename M::ulong value, of_child;
    typename M::i32 contract, zone;
  };
  static constexpr bool is_wide = M::word_size == 8;
  struct child {
    typename M::i32 pid;
    typename M::slong utime;
    typename M::i32 status;
    typename M::slong stime;
  };
  struct fault {
    typename M::pointer address;
    typename M::i32 trap;
    typename M::pointer instruction;
  };
  typename M::i32 signo, code, error;
  union {
    u8 rest[is_wide ? 240 : 116];
    std::conditional_t<is_wide, wide_sender, sender> sent;
    child news;
    fault where;
  };
  POLYABI_FIELDS(siginfo, signo, code, error)

  template <class K, class N>
  constexpr errc from_native(const N& in) {
    const signal name = polyabi::detail::name_of<kernel_map<K, signal>>(in.signo);
    const i32 own = number_table<kernel_map<K, signal>, signals>::convert(in.signo);
    signo = own > 0 ? own : 0;
    code = signal_codes::to_foreign<K>(name, in.code);
    error = in.error;
    for (u8& b : rest) b = 0;
    if (code <= 0) {
      sent.pid = in.pid;
      sent.uid = in.uid;
      sent.value = static_cast<typename M::ulong::value_type>(in.value);
    } else if (name == signal::chld) {
      constexpr u64 tick = 1'000'000'000 / clock_ticks;
      news.pid = in.pid;
      news.utime = static_cast<typename M::slong::value_type>(in.utime / tick);
      news.status = code == signal_codes::number(signal_code::cld_exited) ? in.status : foreign_signal<K>(in.status);
      news.stime = static_cast<typename M::slong::value_type>(in.stime / tick);
    } else if (name == signal::segv || name == signal::bus || name == signal::ill || name == signal::fpe ||
               name == signal::trap) {
      where.address = static_cast<typename M::pointer::value_type>(in.address);
    }
    return errc::none;
  }

  /// What wait reports, as waitsys(2) tells it.
  template <class K, class Report>
  constexpr void from_report(const Report& report) {
    const child_news what = news_of(report.status);
    signo = number_for<signals>(signal::chld);
    code = signal_codes::number(what.what);
    error = 0;
    for (u8& b : rest) b = 0;
    const auto ticks = [](const auto& time) {
      return static_cast<typename M::slong::value_type>(time.sec * i64{clock_ticks} +
                                                        time.usec / (1'000'000 / i64{clock_ticks}));
    };
    news.pid = report.pid;
    news.utime = ticks(report.usage.utime);
    news.status = news_value<K>(what);
    news.stime = ticks(report.usage.stime);
  }
};
static_assert(layout<siginfo<ilp32_i386>, 128>);
static_assert(layout<siginfo<ilp32_i386>::sender, 20> && layout<siginfo<ilp32_i386>::child, 16> &&
              layout<siginfo<ilp32_i386>::fault, 12>);
static_assert(layout<siginfo<lp64>, 256>);
static_assert(layout<siginfo<lp64>::wide_sender, 40> && layout<siginfo<lp64>::child, 32> && layout<siginfo<lp64>::fault, 24>);

} // namespace polyabi::svr4
