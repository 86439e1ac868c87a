// Sleeping and waking. A thread sleeps on its park word, which every wakeup changes; the lock is dropped in between.
#include <polyabi/reference/signals.hpp>

#include "lock_turn.hpp"

namespace polyabi::reference {

namespace {

enum class ended_by : u8 { signals, death, nothing };

/// Sleeps until the thread is woken by a queue it stands in, or by what else may end it.
wakeup park(u64 deadline, ended_by also) {
  const bool interruptible = also == ended_by::signals;
  thread& self = current_thread();
  wakeup reason = wakeup::woken;
  while (!self.woken) {
    // A stop takes effect in place: the sleep goes on afterwards, and is not interrupted by it.
    // What happened meanwhile is unknown: the sleeper looks at its condition again.
    if (interruptible && signals::stop_in_place(self)) break;
    if (interruptible ? signals::must_act(self) : also == ended_by::death && signals::must_die(self)) {
      reason = wakeup::interrupted;
      break;
    }
    if (deadline != no_deadline && machine::monotonic_time() >= deadline) {
      reason = wakeup::timed_out;
      break;
    }
    self.state = thread_state::sleeping;
    self.interruptible = interruptible;
    const u32 seen = __atomic_load_n(&self.park_word, __ATOMIC_RELAXED);
    kernel_lock::release();
    machine::wait_on(&self.park_word, seen, deadline);
    kernel_lock::acquire();
  }
  self.woken = false;
  self.interruptible = false;
  self.state = thread_state::runnable;
  return reason;
}

} // namespace

void unpark(thread& sleeper) {
  __atomic_fetch_add(&sleeper.park_word, 1, __ATOMIC_RELEASE);
  kernel_lock::wake_at_the_end(sleeper.park_word);
}

void waiter::leave() {
  if (queue != nullptr) queue->leave(*this);
}

wait_queue::~wait_queue() {
  wake_all();
  while (waiter* w = waiters_.front()) leave(*w);
}

void wait_queue::enter(waiter& w) {
  if (w.queue != nullptr) w.queue->leave(w);
  w.sleeper = w.notify == nullptr ? &current_thread() : nullptr;
  w.queue = this;
  w.woken = false;
  waiters_.push_back(w);
}

void wait_queue::leave(waiter& w) {
  if (w.queue != this) return;
  waiters_.remove(w);
  w.queue = nullptr;
}

namespace {

/// False if it knows already, or does nothing about it.
bool tell(waiter& w, u16 happened) {
  if (w.notify != nullptr) return w.notify(w, happened);
  if (w.woken) return false;
  w.woken = w.sleeper->woken = true;
  unpark(*w.sleeper);
  return true;
}

} // namespace

void wait_queue::wake_all(u16 happened) {
  bool taken = false;
  for (waiter* w = waiters_.front(); w != nullptr;) {
    waiter* following = waiters_.next(*w);
    if (!w->exclusive || !taken) taken |= tell(*w, happened) && w->exclusive;
    w = following;
  }
}

void wait_queue::wake_one(u16 happened) {
  for (waiter* w = waiters_.front(); w != nullptr;) {
    waiter* following = waiters_.next(*w);
    // A watch that is not exclusive leaves the event to others.
    if (tell(*w, happened) && (w->notify == nullptr || w->exclusive)) return;
    w = following;
  }
}

wakeup wait_queue::sleep(u64 deadline) {
  waiter place;
  enter(place);
  return park(deadline, ended_by::signals);
}

wakeup wait_queue::sleep_through_signals(u64 deadline) {
  waiter place;
  enter(place);
  return park(deadline, ended_by::death);
}

void wait_queue::sleep_to_the_end() {
  waiter place;
  enter(place);
  (void)park(no_deadline, ended_by::nothing);
}

wakeup sleep_until_woken(u64 deadline) {
  return park(deadline, ended_by::signals);
}

} // namespace polyabi::reference
