// Time: seconds, alarms, timers, sleeping, and the clocks behind Solaris' fast traps.
#pragma once

#include <polyabi/svr4/signatures.hpp>

namespace polyabi::svr4::handlers {

struct time {
  using needs = operation_list<op::clock_get>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c) {
    using K = typename Env::kernel;
    native<K, shape::timespec> now{};
    if (auto r = c.perform(op::clock_get{}, native_number<K, clock::realtime>, now); !r) return r.error();
    return static_cast<i64>(now.sec);
  }
};
struct stime {
  using needs = operation_list<op::clock_set>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i64 seconds) {
    using K = typename Env::kernel;
    const native<K, shape::timespec> now{seconds, 0};
    if (auto r = c.perform(op::clock_set{}, native_number<K, clock::realtime>, now); !r) return r.error();
    return done{};
  }
};

/// alarm(2): answers the seconds that were left, rounded up.
struct alarm {
  using needs = operation_list<op::set_timer>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, u32 seconds) {
    using K = typename Env::kernel;
    native<K, shape::itimerval> value{}, old{};
    value.value.sec = seconds;
    if (auto r = c.perform(op::set_timer{}, native_number<K, interval_timer::real>, value, old); !r) return r.error();
    return static_cast<i64>(old.value.sec + (old.value.usec != 0));
  }
};

/// setitimer(2): without a new value it only tells the old one.
struct setitimer {
  using needs = operation_list<op::set_timer, op::get_timer>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 which, const native<typename Env::kernel, shape::itimerval>* value,
                         user_ptr<itimerval<typename Env::model>> old_to) {
    native<typename Env::kernel, shape::itimerval> old{};
    if (value != nullptr) {
      if (auto r = c.perform(op::set_timer{}, which, *value, old); !r) return r.error();
    } else if (auto r = c.perform(op::get_timer{}, which, old); !r) {
      return r.error();
    }
    if (old_to)
      if (errc e = c.write_foreign(old_to, old); e != errc::none) return e;
    return done{};
  }
};

/// nanosleep(2): what is left is written when a signal ends it.
struct nanosleep {
  using needs = operation_list<op::sleep>;
  template <class Env>
  static reply<Env> call(context<Env>& c, const native<typename Env::kernel, shape::timespec>& request,
                         user_ptr<timespec<typename Env::model>> remaining_to) {
    using K = typename Env::kernel;
    native<K, shape::timespec> remaining{};
    auto r = c.perform(op::sleep{}, native_number<K, clock::realtime>, false, request, &remaining);
    if (r) return done{};
    if (remaining_to)
      if (errc e = c.write_foreign(remaining_to, remaining); e != errc::none) return e;
    return r.error();
  }
};

/// sleep(2) of UnixWare: whole seconds.
struct sleep_seconds {
  using needs = operation_list<op::sleep>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u32 seconds) {
    using K = typename Env::kernel;
    const native<K, shape::timespec> request{seconds, 0};
    native<K, shape::timespec> remaining{};
    if (auto r = c.perform(op::sleep{}, native_number<K, clock::realtime>, false, request, &remaining); !r) return r.error();
    return done{};
  }
};

/// A clock as one number of nanoseconds, for the fast traps.
template <class Env>
i64 nanoseconds_of(context<Env>& c, i32 which) {
  native<typename Env::kernel, shape::timespec> now{};
  if (auto r = c.perform(op::clock_get{}, which, now); !r) return 0;
  return now.sec * 1'000'000'000 + now.nsec;
}

} // namespace polyabi::svr4::handlers
