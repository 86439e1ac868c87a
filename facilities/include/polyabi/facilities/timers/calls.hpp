// Calls about the timers of a process. `Timer` is a personality's struct itimerspec, with the fields interval and value.
#pragma once

#include <polyabi/core/reply_with.hpp>
#include <polyabi/facilities/timers/process_timers.hpp>

namespace polyabi::facilities {

namespace timer_values {

/// EINVAL for what is no time; one too far to be counted is as far as can be.
template <class Env, class Time>
errc to_nanoseconds(const Time& from, u64& to) {
  constexpr u64 second = 1'000'000'000, latest = 0x7fff'ffff'ffff'ffff; // as Linux' KTIME_MAX
  native<typename Env::kernel, shape::timespec> time{};
  if (errc e = to_native<typename Env::kernel>(from, time); e != errc::none) return e;
  if (time.sec < 0 || time.nsec < 0 || time.nsec > 999'999'999) return errc::inval;
  const u64 seconds = static_cast<u64>(time.sec);
  to = seconds < latest / second ? seconds * second + static_cast<u64>(time.nsec) : latest;
  return errc::none;
}

template <class Env, class Timer>
errc read_setting(context<Env>& c, user_ptr<Timer> from, timer_setting& to) {
  Timer given{};
  if (errc e = c.read(from, given); e != errc::none) return e;
  if (errc e = to_nanoseconds<Env>(given.value, to.first); e != errc::none) return e;
  return to_nanoseconds<Env>(given.interval, to.interval);
}

template <class Env, class Timer>
errc write_setting(context<Env>& c, user_ptr<Timer> to, const timer_setting& from) {
  constexpr u64 second = 1'000'000'000;
  const auto time = [](u64 nanoseconds) {
    return native<typename Env::kernel, shape::timespec>{static_cast<i64>(nanoseconds / second),
                                                         static_cast<i64>(nanoseconds % second)};
  };
  Timer told{};
  if (errc e = to_foreign<typename Env::kernel>(time(from.first), told.value); e != errc::none) return e;
  if (errc e = to_foreign<typename Env::kernel>(time(from.interval), told.interval); e != errc::none) return e;
  return c.write(to, told);
}

inline constexpr i32 absolute_time = 1; // TIMER_ABSTIME

} // namespace timer_values

/// A new timer of the calling process, whose number the program is told; `base` and `counted_thread` say what it counts. EAGAIN when
/// there is no room, EINVAL for a thread to be told that is none of the process'.
template <class Env, class Number>
reply<Env> make_process_timer(context<Env>& c, timer_base base, i32 counted_thread, const timer_notice& notice,
                              user_ptr<Number> into) {
  using K = typename Env::kernel;
  i32 number = -1;
  {
    const typename K::section inside;
    auto& owner = K::process_of(c.thread);
    if (notice.thread != 0 && !K::has_thread(owner, notice.thread)) return errc::inval;
    auto* timers = process_timers<K>::of(owner, true);
    auto* made = timers != nullptr ? timers->add(owner, base, counted_thread, notice) : nullptr;
    if (made == nullptr) return errc::again;
    number = made->number;
  }
  const errc failed = c.write(into, Number{number});
  if (failed == errc::none) return done{};
  (void)with_process_timer<K>(c.thread, number, [](auto& timers, auto& timer) { timers.remove(timer); });
  return failed;
}

struct timer_settime {
  using needs = process_timer_services;
  static constexpr support level = support::emulated;
  template <class Env, class Timer>
  static reply<Env> call(context<Env>& c, i32 number, i32 flags, user_ptr<Timer> from, user_ptr<Timer> old) {
    timer_setting wanted, before;
    if (!from) return errc::inval;
    if (errc e = timer_values::read_setting(c, from, wanted); e != errc::none) return e;
    wanted.absolute = (flags & timer_values::absolute_time) != 0;
    auto set = with_process_timer<typename Env::kernel>(c.thread, number, [&](auto&, auto& timer) { before = timer.set(wanted); });
    if (!set) return set.error();
    if (old)
      if (errc e = timer_values::write_setting(c, old, before); e != errc::none) return e;
    return done{};
  }
};

struct timer_gettime {
  using needs = process_timer_services;
  static constexpr support level = support::emulated;
  template <class Env, class Timer>
  static reply<Env> call(context<Env>& c, i32 number, user_ptr<Timer> into) {
    timer_setting now;
    auto got = with_process_timer<typename Env::kernel>(c.thread, number, [&](auto&, auto& timer) { now = timer.setting(); });
    if (!got) return got.error();
    if (errc e = timer_values::write_setting(c, into, now); e != errc::none) return e;
    return done{};
  }
};

struct timer_getoverrun {
  using needs = process_timer_services;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i32> call(context<Env>& c, i32 number) {
    i32 overrun = 0;
    auto got = with_process_timer<typename Env::kernel>(c.thread, number, [&](auto&, auto& timer) { overrun = timer.overrun(); });
    if (!got) return got.error();
    return overrun;
  }
};

struct timer_delete {
  using needs = process_timer_services;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 number) {
    return reply_with<Env>(
        with_process_timer<typename Env::kernel>(c.thread, number, [](auto& timers, auto& timer) { timers.remove(timer); }));
  }
};

} // namespace polyabi::facilities
