// Clocks, sleeping and alarms.
#pragma once

#include <polyabi/linux/flags.hpp>
#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/time.hpp>

namespace polyabi::linux_abi::handlers {

struct time {
  using needs = operation_list<op::clock_get>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, u64 into) {
    native<typename Env::kernel, shape::timespec> now{};
    if (auto r = c.perform(op::clock_get{}, native_number<typename Env::kernel, clock::realtime>, now); !r) return r.error();
    using word = typename Env::model::slong;
    if (into != 0)
      if (errc e = c.write(user_ptr<word>{into}, word{static_cast<typename word::value_type>(now.sec)}); e != errc::none)
        return e;
    return i64{now.sec};
  }
};

struct gettimeofday {
  using needs = operation_list<op::clock_get>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<timeval<typename Env::model>> into,
                         user_ptr<timezone<typename Env::model>> zone) {
    if (into) {
      native<typename Env::kernel, shape::timespec> now{};
      if (auto r = c.perform(op::clock_get{}, native_number<typename Env::kernel, clock::realtime>, now); !r) return r.error();
      const native<typename Env::kernel, shape::timeval> short_form{now.sec, now.nsec / 1000};
      if (errc e = c.write_foreign(into, short_form); e != errc::none) return e;
    }
    if (zone)
      if (errc e = c.write(zone, timezone<typename Env::model>{}); e != errc::none) return e;
    return done{};
  }
};

namespace detail {

/// A clock by its number: one of the system's (the kernel's number of it), or a negative one that says whose processor time it
/// counts (clock_getcpuclockid(3), include/linux/posix-timers_types.h).
struct any_clock {
  i32 system = no_number;
  i32 of = 0;
  bool is_processors = false, of_thread = false, counts_all = false;

  template <class K>
  static any_clock numbered(i32 number) {
    any_clock c;
    if (number >= 0) {
      c.system = number_table<clocks, kernel_map<K, clock>>::convert(number);
      return c;
    }
    constexpr i32 thread_bit = 4, kinds = 3, user_only = 1, by_descriptor = 3;
    c.of = ~(number >> 3);
    c.of_thread = (number & thread_bit) != 0;
    c.is_processors = (number & kinds) != by_descriptor;
    c.counts_all = (number & kinds) != user_only;
    return c;
  }

  /// EINVAL for a clock that there is not.
  template <class Env>
  reply<Env> read(context<Env>& c, native<typename Env::kernel, shape::timespec>& now) const {
    using K = typename Env::kernel;
    if (!is_processors) {
      if (system == no_number) return errc::inval;
      return reply_with<Env>(c.perform(op::clock_get{}, system, now));
    }
    const auto self = c.perform(op::getpid{});
    const auto thread = c.perform(op::gettid{});
    if (!self || !thread) return errc::inval;
    if (of_thread && (of == 0 || of == *thread))
      return reply_with<Env>(c.perform(op::clock_get{}, native_number<K, clock::thread_cputime_id>, now));
    if constexpr (provides<K, op::process_info>() && provides<K, op::next_thread>()) {
      const i32 owner = of_thread || of == 0 ? *self : of;
      if (of_thread)
        if (auto found = c.perform(op::next_thread{}, owner, of - 1); !found || *found != of) return errc::inval;
      native<K, shape::process_info> info{};
      if (!c.perform(op::process_info{}, owner, info)) return errc::inval;
      const u64 used = info.utime + (counts_all ? info.stime : 0);
      now = {static_cast<i64>(used / 1'000'000'000), static_cast<i64>(used % 1'000'000'000)};
      return done{};
    } else {
      return errc::inval;
    }
  }
};

} // namespace detail

struct clock_gettime {
  using needs = operation_list<op::clock_get, op::getpid, op::gettid>;
  template <class Env, class Time>
  static reply<Env> call(context<Env>& c, i32 number, user_ptr<Time> into) {
    native<typename Env::kernel, shape::timespec> now{};
    if (auto r = detail::any_clock::numbered<typename Env::kernel>(number).read(c, now); !r) return r;
    if (errc e = c.write_foreign(into, now); e != errc::none) return e;
    return done{};
  }
};

struct clock_getres {
  using needs = operation_list<op::clock_resolution, op::clock_get, op::getpid, op::gettid>;
  template <class Env, class Time>
  static reply<Env> call(context<Env>& c, i32 number, user_ptr<Time> into) {
    native<typename Env::kernel, shape::timespec> resolution{};
    const auto clock = detail::any_clock::numbered<typename Env::kernel>(number);
    if (clock.is_processors) {
      if (auto r = clock.read(c, resolution); !r) return r;
      resolution = {0, 1};
    } else {
      if (clock.system == no_number) return errc::inval;
      if (auto r = c.perform(op::clock_resolution{}, clock.system, resolution); !r) return r.error();
    }
    if (into)
      if (errc e = c.write_foreign(into, resolution); e != errc::none) return e;
    return done{};
  }
};

namespace detail {
/// What is left of a relative sleep is told although the call fails.
template <class Env, class Time>
reply<Env> sleep(context<Env>& c, i32 clock, bool absolute, const native<typename Env::kernel, shape::timespec>& request,
                 user_ptr<Time> remaining) {
  if (request.sec < 0 || request.nsec < 0 || request.nsec > 999'999'999) return errc::inval;
  native<typename Env::kernel, shape::timespec> left{};
  auto slept = c.perform(op::sleep{}, clock, absolute, request, absolute ? nullptr : &left);
  if (slept) return done{};
  if (!absolute && remaining && failed_with<typename Env::kernel>(slept, errc::intr))
    if (errc e = c.write_foreign(remaining, left); e != errc::none) return e;
  return slept.error();
}
} // namespace detail

struct nanosleep {
  using needs = operation_list<op::sleep>;
  template <class Env, class Time>
  static reply<Env> call(context<Env>& c, const native<typename Env::kernel, shape::timespec>& request,
                         user_ptr<Time> remaining) {
    return detail::sleep(c, native_number<typename Env::kernel, clock::monotonic>, false, request, remaining);
  }
};

struct clock_nanosleep {
  using needs = operation_list<op::sleep, op::getpid>;
  template <class Env, class Time>
  static reply<Env> call(context<Env>& c, i32 number, i32 flags, const native<typename Env::kernel, shape::timespec>& request,
                         user_ptr<Time> remaining) {
    using K = typename Env::kernel;
    const auto clock = detail::any_clock::numbered<K>(number);
    i32 by = clock.system;
    if (clock.is_processors) {
      const auto self = c.perform(op::getpid{});
      if (!self || clock.of_thread) return errc::inval;
      if (clock.of != 0 && clock.of != *self) {
        c.unsupported("clock", number);
        return errc::opnotsupp;
      }
      by = native_number<K, polyabi::clock::process_cputime_id>;
    }
    if (by == no_number) return errc::inval;
    return detail::sleep(c, by, (flags & 1) != 0, request, remaining); // TIMER_ABSTIME; other bits are ignored
  }
};

/// Seconds, rounded to the nearest; an alarm that is about to ring has at least one left.
struct alarm {
  using needs = operation_list<op::set_timer>;
  template <class Env>
  static reply<Env, u64> call(context<Env>& c, u32 seconds) {
    native<typename Env::kernel, shape::itimerval> value{}, old{};
    value.value.sec = seconds;
    if (auto r = c.perform(op::set_timer{}, native_number<typename Env::kernel, interval_timer::real>, value, old); !r) return r.error();
    const bool up = old.value.usec >= 500'000 || (old.value.sec == 0 && old.value.usec > 0);
    return static_cast<u64>(old.value.sec) + (up ? 1 : 0);
  }
};

struct setitimer {
  using needs = operation_list<op::set_timer>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 which, const native<typename Env::kernel, shape::itimerval>* given,
                         user_ptr<itimerval<typename Env::model>> into) {
    const native<typename Env::kernel, shape::itimerval> value = given != nullptr ? *given : native<typename Env::kernel, shape::itimerval>{}; // none: disarmed
    const auto wrong = [](const auto& t) { return t.sec < 0 || t.usec < 0 || t.usec > 999'999; };
    if (wrong(value.value) || wrong(value.interval)) return errc::inval;
    native<typename Env::kernel, shape::itimerval> old{};
    if (auto r = c.perform(op::set_timer{}, which, value, old); !r) return r.error();
    if (into)
      if (errc e = c.write_foreign(into, old); e != errc::none) return e;
    return done{};
  }
};

} // namespace polyabi::linux_abi::handlers
