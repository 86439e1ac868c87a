// Sleeping and waking. A thread sleeps on its park word, which every wakeup changes; the lock is dropped in between.
#include <polyabi/reference/host_readiness.hpp>
#include <polyabi/reference/machine_waiting.hpp>
#include <polyabi/reference/signals.hpp>

#include "lock_turn.hpp"

namespace polyabi::reference {

namespace {

enum class ended_by : u8 { signals, death, nothing };

/// In a park word: its thread sleeps in the host, at a descriptor, and is woken by an interrupt. The rest counts wakeups.
constexpr u32 at_descriptor = 1, one_wakeup = 2;

/// Sleeps until the thread is woken by a queue it stands in, or by what else may end it; in the host also until that has an
/// answer.
wakeup park(u64 deadline, ended_by also, host_wait in_host = nullptr, void* how = nullptr) {
  const bool interruptible = also == ended_by::signals;
  thread& self = current_thread();
  wakeup reason = wakeup::woken;
  bool looked = false;
  while (!self.woken && !looked) {
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
    if (in_host == nullptr) {
      const u32 seen = __atomic_load_n(&self.park_word, __ATOMIC_RELAXED);
      kernel_lock::release();
      machine::wait_on(&self.park_word, seen, deadline);
      kernel_lock::acquire();
      continue;
    }
    const u32 seen = __atomic_or_fetch(&self.park_word, at_descriptor, __ATOMIC_RELAXED);
    kernel_lock::release();
    in_host(how, &self.park_word, seen);
    kernel_lock::acquire();
    __atomic_and_fetch(&self.park_word, ~at_descriptor, __ATOMIC_RELAXED);
    looked = true;
  }
  self.woken = false;
  self.interruptible = false;
  self.state = thread_state::runnable;
  return reason;
}

} // namespace

void unpark(thread& sleeper) {
  const u32 before = __atomic_fetch_add(&sleeper.park_word, one_wakeup, __ATOMIC_RELEASE);
  if ((before & at_descriptor) != 0)
    machine::interrupt(sleeper);
  else
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

wakeup host_readiness::sleep(u32 bits, u64 deadline) {
  return sleep_in(
      [&](u32* word, u32 seen) { machine::wait_at_descriptor(word, seen, deadline, descriptor_, bits | failed | hung_up); },
      deadline);
}

wakeup host_readiness::sleep_by(host_wait in_host, void* how, u64 deadline) {
  waiter place;
  waiting_.enter(place);
  return park(deadline, ended_by::signals, in_host, how);
}

} // namespace polyabi::reference
