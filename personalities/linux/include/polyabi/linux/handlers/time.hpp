// Clocks, sleeping and alarms.
#pragma once

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

struct clock_getres {
  using needs = operation_list<op::clock_resolution>;
  template <class Env, class Time>
  static reply<Env> call(context<Env>& c, i32 clock, user_ptr<Time> into) {
    native<typename Env::kernel, shape::timespec> resolution{};
    if (auto r = c.perform(op::clock_resolution{}, clock, resolution); !r) return r.error();
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
  using needs = operation_list<op::sleep>;
  template <class Env, class Time>
  static reply<Env> call(context<Env>& c, i32 clock, i32 flags, const native<typename Env::kernel, shape::timespec>& request,
                         user_ptr<Time> remaining) {
    return detail::sleep(c, clock, (flags & 1) != 0, request, remaining); // TIMER_ABSTIME; other bits are ignored
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
  static reply<Env> call(context<Env>& c, i32 which, const native<typename Env::kernel, shape::itimerval>& value,
                         user_ptr<itimerval<typename Env::model>> into) {
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
