// Timers behind descriptors, and those that send signals, over the library's own.
#pragma once

#include <polyabi/facilities/timers/calls.hpp>
#include <polyabi/facilities/timers/timer_file.hpp>
#include <polyabi/linux/handlers/capability_sets.hpp>
#include <polyabi/linux/structures/signals.hpp>
#include <polyabi/linux/structures/time.hpp>

namespace polyabi::linux_abi::handlers {

namespace detail {

/// CLOCK_* (include/uapi/linux/time.h).
namespace clock_id {
inline constexpr i32 realtime = 0, monotonic = 1, process_cputime = 2, thread_cputime = 3, monotonic_raw = 4, realtime_coarse = 5,
                     monotonic_coarse = 6, boottime = 7, realtime_alarm = 8, boottime_alarm = 9, tai = 11;
}

/// Alarm clocks wake a sleeping system: only for its administrator. Nothing here sleeps, so that they are as others.
template <class Env>
errc may_use_alarm_clock(context<Env>& c) {
  return has_capability(c, capability::wake_alarm) ? errc::none : errc::perm;
}

inline constexpr i32 absolute_time = 1, cancel_on_set = 2; // TFD_TIMER_ABSTIME, TFD_TIMER_CANCEL_ON_SET

} // namespace detail

struct timerfd_create {
  using needs = operation_list<service::custom_files, service::timers, op::get_identity>;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, typename Env::kernel::new_descriptor> call(context<Env>& c, i32 clock, u32 flags) {
    using namespace detail;
    using facilities::timer_base;
    switch (clock) {
    case clock_id::realtime: return facilities::make_timer_file::call(c, timer_base::wall, clock, flags);
    case clock_id::monotonic:
    case clock_id::boottime: return facilities::make_timer_file::call(c, timer_base::elapsed, clock, flags);
    case clock_id::realtime_alarm:
    case clock_id::boottime_alarm:
      if (errc e = may_use_alarm_clock(c); e != errc::none) return e;
      return facilities::make_timer_file::call(c, clock == clock_id::realtime_alarm ? timer_base::wall : timer_base::elapsed, clock,
                                               flags);
    default: return errc::inval;
    }
  }
};

/// Nobody here can set the clock: what is to be cancelled when it is set is never cancelled.
struct timerfd_settime {
  using needs = facilities::make_timer_file::needs;
  static constexpr support level = support::emulated;
  template <class Env, class Timer>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 flags, user_ptr<Timer> from, user_ptr<Timer> old) {
    facilities::timer_setting wanted, before;
    if (errc e = facilities::timer_values::read_setting(c, from, wanted); e != errc::none) return e;
    if ((flags & ~(detail::absolute_time | detail::cancel_on_set)) != 0) return errc::inval;
    wanted.absolute = (flags & detail::absolute_time) != 0;
    auto set = facilities::with_timer_file<typename Env::kernel>(c.thread, descriptor,
                                                                 [&](auto& timer) { before = timer.set(wanted, static_cast<u32>(flags)); });
    if (!set) return set.error();
    if (old)
      if (errc e = facilities::timer_values::write_setting(c, old, before); e != errc::none) return e;
    return done{};
  }
};

struct timerfd_gettime {
  using needs = facilities::make_timer_file::needs;
  static constexpr support level = support::emulated;
  template <class Env, class Timer>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<Timer> into) {
    facilities::timer_setting now;
    auto got =
        facilities::with_timer_file<typename Env::kernel>(c.thread, descriptor, [&](auto& timer) { now = timer.setting(); });
    if (!got) return got.error();
    if (errc e = facilities::timer_values::write_setting(c, into, now); e != errc::none) return e;
    return done{};
  }
};

/// Timers that send signals.
struct timer_create {
  using needs = facilities::process_timer_services::with<op::gettid>;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 clock, user_ptr<sigevent<typename Env::model>> event, user_ptr<i32> into) {
    using K = typename Env::kernel;
    facilities::timer_base base{};
    i32 counted_thread = 0;
    if (errc e = find_clock(c, clock, base, counted_thread); e != errc::none) return e;
    facilities::timer_notice notice{native_number<K, signal::alrm>, 0, 0, true};
    if (event)
      if (errc e = read_notice(c, event, notice); e != errc::none) return e;
    return facilities::make_process_timer(c, base, counted_thread, notice, into);
  }

private:
  template <class Env>
  static errc find_clock(context<Env>& c, i32 clock, facilities::timer_base& base, i32& counted_thread) {
    using namespace detail;
    using facilities::timer_base;
    switch (clock) {
    case clock_id::realtime:
    case clock_id::tai: base = timer_base::wall; return errc::none;
    case clock_id::monotonic:
    case clock_id::boottime: base = timer_base::elapsed; return errc::none;
    case clock_id::thread_cputime: {
      auto self = c.perform(op::gettid{});
      if (!self) return errc::inval;
      counted_thread = *self;
      [[fallthrough]];
    }
    case clock_id::process_cputime: base = timer_base::processor; return errc::none;
    case clock_id::monotonic_raw:
    case clock_id::realtime_coarse:
    case clock_id::monotonic_coarse:
    case clock_id::realtime_alarm:
    case clock_id::boottime_alarm: return errc::opnotsupp; // no clock here wakes a sleeping system
    default: c.unsupported("clock", static_cast<u32>(clock)); return errc::inval;
    }
  }

  template <class Env>
  static errc read_notice(context<Env>& c, user_ptr<sigevent<typename Env::model>> from, facilities::timer_notice& to) {
    constexpr i32 by_signal = 0, by_nothing = 1, by_thread = 2, to_thread = 4; // SIGEV_*
    sigevent<typename Env::model> given{};
    if (errc e = c.read(from, given); e != errc::none) return e;
    to = {0, 0, given.value, false};
    const i32 how = given.notify;
    if (how == by_nothing) return errc::none;
    if (how != by_signal && how != by_thread && how != to_thread) return errc::inval;
    to.signal = given.signo > 0 ? signal_from_linux<typename Env::kernel>(given.signo) : 0;
    if (to.signal <= 0) return errc::inval;
    if (how != to_thread) return errc::none;
    to.thread = given.thread;
    return to.thread > 0 ? errc::none : errc::inval;
  }
};

using facilities::timer_delete;
using facilities::timer_getoverrun;
using facilities::timer_gettime;
using facilities::timer_settime;

} // namespace polyabi::linux_abi::handlers
