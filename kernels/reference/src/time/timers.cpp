// ITIMER_REAL of every process, in order of deadline.
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/timers.hpp>

namespace polyabi::reference::timers {

namespace {

struct timer_state {
  intrusive_list<process, &process::in_alarms> armed;
};
constinit timer_state state;

void insert(process& p) {
  process* later = state.armed.front();
  while (later != nullptr && later->alarm_deadline <= p.alarm_deadline) later = state.armed.next(*later);
  state.armed.insert_before(later, p);
}

void program_machine() {
  const process* earliest = state.armed.front();
  machine::set_timer(earliest != nullptr ? earliest->alarm_deadline : no_deadline);
}

} // namespace

void arm(process& p, u64 deadline, u64 interval) {
  state.armed.remove(p);
  p.alarm_deadline = deadline;
  p.alarm_interval = interval;
  if (deadline != no_deadline) insert(p);
  program_machine();
}

void cancel(process& p) {
  if (p.in_alarms.linked()) arm(p, no_deadline, 0);
}

void expire(u64 now) {
  while (process* p = state.armed.front()) {
    if (p->alarm_deadline > now) break;
    state.armed.remove(*p);
    // Periods that were missed are one signal: the next is in the future.
    const u64 missed = p->alarm_interval != 0 ? (now - p->alarm_deadline) / p->alarm_interval + 1 : 0;
    p->alarm_deadline = p->alarm_interval != 0 ? p->alarm_deadline + missed * p->alarm_interval : no_deadline;
    if (p->alarm_interval != 0) insert(*p);
    signals::send(*p, signals::from_kernel(signals::alrm));
  }
  program_machine();
}

} // namespace polyabi::reference::timers
