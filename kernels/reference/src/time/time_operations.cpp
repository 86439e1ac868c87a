// Clocks, sleeping and interval timers.
#include <polyabi/reference/process_operations.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/time_conversions.hpp>
#include <polyabi/reference/time_operations.hpp>
#include <polyabi/reference/timers.hpp>

namespace polyabi::reference {

namespace {

result<u64> now_on(i32 clock, const process& self) {
  u64 user = 0, system = 0;
  switch (clock) {
  case clocks::realtime:
  case clocks::realtime_coarse:
  case clocks::tai: return machine::real_time();
  case clocks::monotonic:
  case clocks::monotonic_coarse:
  case clocks::monotonic_raw:
  case clocks::boottime: return machine::monotonic_time();
  case clocks::virtual_:
    machine::processor_time(self, user, system);
    return user;
  case clocks::prof:
  case clocks::process_cputime_id:
  case clocks::thread_cputime_id:
    machine::processor_time(self, user, system);
    return user + system;
  default: return error::inval;
  }
}

/// The clocks that one can sleep on.
bool can_sleep_on(i32 clock) {
  return clock == clocks::realtime || clock == clocks::monotonic || clock == clocks::boottime || clock == clocks::tai;
}

itimerval current_timer(const process& p, u64 now) {
  itimerval out{to_timeval(p.alarm_interval), {}};
  if (p.alarm_deadline == no_deadline) return out;
  // An armed timer never shows as zero, which would mean that it is not armed.
  const u64 left = p.alarm_deadline > now ? p.alarm_deadline - now : 0;
  out.value = to_timeval(left < 1000 ? 1000 : left);
  return out;
}

} // namespace

result<> time_operations::perform(op::clock_get, thread& caller, i32 clock, timespec& out) {
  const auto now = now_on(clock, *caller.owner);
  if (!now) return now.error();
  out = to_timespec(*now);
  return {};
}

// The clocks belong to the machine's owner.
result<> time_operations::perform(op::clock_set, thread& caller, i32 clock, const timespec& time) {
  const auto now = now_on(clock, *caller.owner);
  if (!now) return now.error();
  const auto wanted = to_nanoseconds(time);
  if (!wanted || clock != clocks::realtime) return error::inval;
  return error::perm;
}

result<> time_operations::perform(op::clock_resolution, thread& caller, i32 clock, timespec& out) {
  const auto now = now_on(clock, *caller.owner);
  if (!now) return now.error();
  const bool coarse = clock == clocks::realtime_coarse || clock == clocks::monotonic_coarse;
  out = {0, coarse ? 4'000'000 : 1};
  return {};
}

result<> time_operations::perform(op::sleep, thread& caller, i32 clock, bool absolute, const timespec& request,
                                  timespec* remaining) {
  const auto duration = to_nanoseconds(request);
  if (!duration) return duration.error();
  const auto now = now_on(clock, *caller.owner);
  if (!now) return now.error();
  if (!can_sleep_on(clock)) return error::opnotsupp;
  const u64 start = machine::monotonic_time();
  u64 length = *duration;
  if (absolute) length = *duration > *now ? *duration - *now : 0;
  const u64 deadline = deadline_after(start, length);
  wait_queue nobody;
  for (;;) {
    const wakeup reason = nobody.sleep(deadline);
    if (reason == wakeup::timed_out) return {};
    if (reason == wakeup::woken) continue;
    if (absolute) return error::restart_call;
    const u64 stopped_at = machine::monotonic_time();
    if (remaining != nullptr) *remaining = to_timespec(stopped_at < deadline ? deadline - stopped_at : 0);
    return error::intr;
  }
}

result<> time_operations::perform(op::get_timer, thread& caller, i32 which, itimerval& out) {
  if (which != interval_timers::real) return error::inval;
  out = current_timer(*caller.owner, machine::monotonic_time());
  return {};
}

result<> time_operations::perform(op::set_timer, thread& caller, i32 which, const itimerval& value, itimerval& old) {
  if (which != interval_timers::real) return error::inval;
  const auto first = to_nanoseconds(value.value), interval = to_nanoseconds(value.interval);
  if (!first) return first.error();
  if (!interval) return interval.error();
  process& self = *caller.owner;
  const u64 now = machine::monotonic_time();
  old = current_timer(self, now);
  timers::arm(self, *first != 0 ? deadline_after(now, *first) : no_deadline, *interval);
  return {};
}

} // namespace polyabi::reference
