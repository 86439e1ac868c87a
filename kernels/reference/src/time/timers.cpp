// ITIMER_REAL of every process, in order of deadline, and those that have a timer or limit of processor time. When such a one
// may be due at the earliest is known (a process uses no more than one processor a thread), so that nothing is polled in vain.
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/time_conversions.hpp>
#include <polyabi/reference/timers.hpp>

namespace polyabi::reference::timers {

namespace {

struct timer_state {
  intrusive_list<deadline, &deadline::link> armed; ///< the earliest first
  intrusive_list<process, &process::in_cpu_timers> counting;
  u64 next_count = no_deadline; ///< when processor times are looked at again
};
constinit timer_state state;

/// Processor times are not looked at more often.
constexpr u64 finest_count = 1'000'000;

void program_machine() {
  const deadline* earliest = state.armed.front();
  const u64 first = earliest != nullptr ? earliest->at : no_deadline;
  machine::set_timer(first < state.next_count ? first : state.next_count);
}

/// The next deadline after `now`: periods that were missed are one signal.
u64 next_deadline(u64 deadline, u64 interval, u64 now) {
  return interval != 0 ? deadline + ((now - deadline) / interval + 1) * interval : no_deadline;
}

void expire_deadlines(u64 now) {
  while (deadline* d = state.armed.front()) {
    if (d->at > now) break;
    state.armed.remove(*d);
    d->expired(*d, std::exchange(d->at, no_deadline));
  }
}

void expire_alarm(deadline& of, u64 due) {
  auto& alarm = static_cast<alarm_timer&>(of);
  alarm.arm(next_deadline(due, alarm.interval, machine::monotonic_time()));
  signals::send(*alarm.owner, signals::from_kernel(signals::alrm));
}

bool has_cpu_limit(const process& p) {
  return p.limits[resources::cpu].cur != resources::infinity;
}

bool counts(const process& p) {
  return p.virtual_timer.deadline != no_deadline || p.profiling_timer.deadline != no_deadline || has_cpu_limit(p);
}

/// Sends the signal if the timer is due; answers how much processor time is left until it is the next time.
u64 count(process& p, cpu_timer& t, u64 used, i32 signo) {
  if (t.deadline == no_deadline) return no_deadline;
  if (used >= t.deadline) {
    t.deadline = next_deadline(t.deadline, t.interval, used);
    signals::send(p, signals::from_kernel(signo));
  }
  return t.deadline != no_deadline ? t.deadline - used : no_deadline;
}

/// RLIMIT_CPU: SIGXCPU at the soft limit and every second from then on, SIGKILL at the hard one.
u64 count_limit(process& p, u64 used) {
  if (!has_cpu_limit(p)) return no_deadline;
  const rlimit& limit = p.limits[resources::cpu];
  const u64 seconds = used / nanoseconds_in_second;
  const u64 next_warning = p.cpu_limit_warning > limit.cur ? p.cpu_limit_warning : limit.cur;
  if (seconds >= limit.max) {
    signals::send(p, signals::from_kernel(signals::kill));
  } else if (seconds >= next_warning) {
    p.cpu_limit_warning = seconds + 1;
    signals::send(p, signals::from_kernel(signals::xcpu));
  }
  return nanoseconds_in_second - used % nanoseconds_in_second;
}

/// Looks at one process; answers the real time until it can be due again.
u64 count(process& p) {
  u64 user = 0, system = 0;
  machine::processor_time(p, user, system);
  u64 left = count(p, p.virtual_timer, user, signals::vtalrm);
  for (const u64 other : {count(p, p.profiling_timer, user + system, signals::prof), count_limit(p, user + system)})
    if (other < left) left = other;
  return left == no_deadline ? no_deadline : soonest(p, left);
}

void expire_counts(u64 now) {
  state.next_count = no_deadline;
  for (process* p = state.counting.front(); p != nullptr;) {
    process* following = state.counting.next(*p);
    const u64 wait = count(*p);
    if (wait == no_deadline)
      state.counting.remove(*p);
    else if (deadline_after(now, wait) < state.next_count)
      state.next_count = deadline_after(now, wait);
    p = following;
  }
}

} // namespace

u64 soonest(const process& p, u64 processor_time) {
  u64 threads = 0;
  for (const thread* t = p.threads.front(); t != nullptr; t = p.threads.next(*t)) ++threads;
  const u64 share = processor_time / (threads != 0 ? threads : 1);
  return share > finest_count ? share : finest_count;
}

void arm(process& p, u64 deadline, u64 interval) {
  p.alarm.owner = &p;
  p.alarm.expired = &expire_alarm;
  p.alarm.interval = interval;
  p.alarm.arm(deadline);
}

void watch_processor_time(process& p) {
  state.counting.remove(p);
  if (!counts(p)) return;
  state.counting.push_back(p);
  expire_counts(machine::monotonic_time());
  program_machine();
}

void cancel(process& p) {
  state.counting.remove(p);
  arm(p, no_deadline, 0);
}

void expire(u64 now) {
  expire_deadlines(now);
  if (now >= state.next_count) expire_counts(now);
  program_machine();
}

} // namespace polyabi::reference::timers

namespace polyabi::reference {

void deadline::arm(u64 when) {
  using timers::state;
  if (at == no_deadline && when == no_deadline) return;
  const bool was_first = state.armed.front() == this;
  state.armed.remove(*this);
  at = when;
  if (when != no_deadline) {
    deadline* later = state.armed.front();
    while (later != nullptr && later->at <= when) later = state.armed.next(*later);
    state.armed.insert_before(later, *this);
  }
  if (was_first || state.armed.front() == this) timers::program_machine();
}

} // namespace polyabi::reference
