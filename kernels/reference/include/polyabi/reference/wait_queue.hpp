// Wait queues: how kernel code waits for something to happen.
#pragma once

#include <polyabi/core/waiting.hpp>
#include <polyabi/reference/intrusive_list.hpp>
#include <polyabi/reference/lock.hpp>
#include <polyabi/reference/numbers.hpp>

namespace polyabi::reference {

struct thread;

using polyabi::no_deadline;
using polyabi::wakeup;

class wait_queue;

/// What a wakeup is about (poll_events) when nobody says.
inline constexpr u16 anything = 0xffff;

/// A thread's place in one queue. A thread may stand in several (poll), and sleeps once for all of them.
/// One with `notify` belongs to no thread: it is called at every wakeup, under the kernel lock, with the events that the wakeup is
/// about, and stays where it is. It answers whether it did something about it; of those that are `exclusive`, one that does is
/// enough for a wakeup.
struct waiter {
  list_link link;
  thread* sleeper = nullptr;
  wait_queue* queue = nullptr;
  bool woken = false;
  bool (*notify)(waiter&, u16 happened) = nullptr;
  bool exclusive = false;
  void* owner = nullptr; ///< whose it is, for `notify`

  waiter() = default;
  waiter(const waiter&) = delete;
  waiter& operator=(const waiter&) = delete;
  ~waiter() { leave(); }
  void leave();
};

/// Threads that wait for one condition. Under the kernel lock; wakeups may be spurious: test the condition again.
class wait_queue {
public:
  wait_queue() = default;
  /// Whoever still waits is woken and stands in no queue any more.
  ~wait_queue();

  /// The calling thread takes its place; it sleeps later.
  void enter(waiter&);
  void leave(waiter&);
  void wake_all(u16 happened = anything);
  void wake_one(u16 happened = anything);
  bool empty() const { return waiters_.empty(); }
  /// Enters, sleeps without the lock, leaves. `interrupted` if a signal for this thread must be acted on.
  wakeup sleep(u64 deadline = no_deadline);
  /// For waits that no signal may end (vfork): fatal signals still do.
  wakeup sleep_through_signals(u64 deadline = no_deadline);
  /// For waits that end soon whatever happens: not even death ends them.
  void sleep_to_the_end();

private:
  intrusive_list<waiter, &waiter::link> waiters_;
};

/// Sleeps until one of the queues entered by `waiters` wakes it, a signal, or the deadline.
wakeup sleep_until_woken(u64 deadline);

} // namespace polyabi::reference
