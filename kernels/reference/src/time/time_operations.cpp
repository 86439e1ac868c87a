// Clocks, sleeping and interval timers.
#include <polyabi/reference/process_operations.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/time_conversions.hpp>
#include <polyabi/reference/time_operations.hpp>
#include <polyabi/reference/timers.hpp>

namespace polyabi::reference {

namespace {

/// For the calling thread.
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
  case clocks::virtual_: machine::processor_time(self, user, system); return user;
  case clocks::thread_cputime_id: return machine::own_processor_time();
  case clocks::prof:
  case clocks::process_cputime_id: machine::processor_time(self, user, system); return user + system;
  default: return error::inval;
  }
}

bool counts_processor_time(i32 clock) {
  return clock == clocks::virtual_ || clock == clocks::prof || clock == clocks::process_cputime_id ||
         clock == clocks::thread_cputime_id;
}

/// The clocks that one can sleep on.
bool can_sleep_on(i32 clock) {
  return clock == clocks::realtime || clock == clocks::monotonic || clock == clocks::boottime || clock == clocks::tai ||
         clock == clocks::process_cputime_id;
}

/// What a timer shows: an armed one never zero, which would mean that it is not armed.
itimerval show(u64 deadline, u64 interval, u64 now) {
  itimerval out{to_timeval(interval), {}};
  if (deadline == no_deadline) return out;
  const u64 left = time_until(deadline, now);
  out.value = to_timeval(left < 1000 ? 1000 : left);
  return out;
}

/// One of a process' interval timers: what it counts now, and when it is due.
struct interval_timer_of {
  u64 now, deadline, interval;
};

result<interval_timer_of> find_timer(const process& p, i32 which) {
  u64 user = 0, system = 0;
  if (which != interval_timers::real) machine::processor_time(p, user, system);
  switch (which) {
  case interval_timers::real: return interval_timer_of{machine::monotonic_time(), p.alarm.at, p.alarm.interval};
  case interval_timers::virtual_: return interval_timer_of{user, p.virtual_timer.deadline, p.virtual_timer.interval};
  case interval_timers::prof: return interval_timer_of{user + system, p.profiling_timer.deadline, p.profiling_timer.interval};
  default: return error::inval;
  }
}

} // namespace

// Not under the kernel lock (`kernel::unbracketed`): only processor time looks at what others may change.
result<> time_operations::perform(op::clock_get, thread& caller, i32 clock, timespec& out) {
  if (counts_processor_time(clock)) kernel_lock::acquire();
  const auto now = now_on(clock, *caller.owner);
  if (counts_processor_time(clock)) kernel_lock::release();
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
  const bool of_processor = counts_processor_time(clock);
  const auto time = [&] { return of_processor ? *now_on(clock, *caller.owner) : machine::monotonic_time(); };
  const u64 length = absolute ? time_until(*duration, *now) : *duration;
  const u64 end = deadline_after(of_processor ? *now : machine::monotonic_time(), length);
  wait_queue nobody;
  for (u64 left = length;; left = time_until(end, time())) {
    if (left == 0 && of_processor) return {};
    const wakeup reason = nobody.sleep(
        of_processor ? deadline_after(machine::monotonic_time(), timers::soonest(*caller.owner, left)) : end);
    if (reason == wakeup::timed_out && !of_processor) return {};
    if (reason != wakeup::interrupted) continue;
    if (absolute) return error::restart_call;
    if (remaining != nullptr) *remaining = to_timespec(time_until(end, time()));
    return error::intr;
  }
}

result<> time_operations::perform(op::get_timer, thread& caller, i32 which, itimerval& out) {
  const auto found = find_timer(*caller.owner, which);
  if (!found) return found.error();
  out = show(found->deadline, found->interval, found->now);
  return {};
}

result<> time_operations::perform(op::set_timer, thread& caller, i32 which, const itimerval& value, itimerval& old) {
  process& self = *caller.owner;
  const auto found = find_timer(self, which);
  if (!found) return found.error();
  const auto first = to_nanoseconds(value.value), interval = to_nanoseconds(value.interval);
  if (!first) return first.error();
  if (!interval) return interval.error();
  old = show(found->deadline, found->interval, found->now);
  const u64 deadline = *first != 0 ? deadline_after(found->now, *first) : no_deadline;
  if (which == interval_timers::real) {
    timers::arm(self, deadline, *interval);
  } else {
    (which == interval_timers::prof ? self.profiling_timer : self.virtual_timer) = {deadline, *interval};
    timers::watch_processor_time(self);
  }
  return {};
}

} // namespace polyabi::reference
