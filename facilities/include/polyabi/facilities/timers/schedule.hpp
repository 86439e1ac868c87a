// When a timer is due, on the clock that it counts on.
#pragma once

#include <polyabi/core/services.hpp>

namespace polyabi::facilities {

/// What a timer counts: time that passes, the time of day, or the processor time of its owner.
enum class timer_base : u8 { elapsed, wall, processor };

/// A first time and an interval, in nanoseconds of the base clock.
struct timer_setting {
  u64 first = 0; ///< 0: not armed
  u64 interval = 0;
  bool absolute = false;
};

/// Times that a timer is due at. Inside the section.
class timer_schedule {
public:
  bool armed() const { return due_ != no_deadline; }
  u64 due() const { return due_; }
  u64 interval() const { return interval_; }

  void set(const timer_setting& to, u64 now) {
    interval_ = to.interval;
    const u64 latest = no_deadline - 1;
    if (to.first == 0)
      due_ = no_deadline;
    else if (to.absolute)
      due_ = to.first < latest ? to.first : latest;
    else
      due_ = to.first < latest - now ? now + to.first : latest;
  }
  /// How many times it has been due by now; it is due again in the future then, or not any more.
  u64 take(u64 now) {
    if (now < due_) return 0;
    if (interval_ == 0) {
      due_ = no_deadline;
      return 1;
    }
    const u64 times = (now - due_) / interval_ + 1;
    due_ = times < (no_deadline - 1 - due_) / interval_ ? due_ + times * interval_ : no_deadline - 1;
    return times;
  }
  /// What is left until it is due; at least 1 for an armed timer, which 0 would say it is not.
  u64 left(u64 now) const { return !armed() ? 0 : due_ > now ? due_ - now : 1; }

private:
  u64 due_ = no_deadline, interval_ = 0;
};

/// The time on a base clock that is no process'.
template <class K>
u64 time_on(timer_base base) {
  return base == timer_base::wall ? K::real_time() : K::monotonic_time();
}

/// The monotonic time at which it will be `due` on a base clock whose time is `now`, if nobody sets it.
template <class K>
u64 wakes_at(u64 due, u64 now) {
  if (due == no_deadline) return no_deadline;
  const u64 start = K::monotonic_time(), wait = due > now ? due - now : 0;
  return wait < no_deadline - 1 - start ? start + wait : no_deadline - 1;
}

} // namespace polyabi::facilities
