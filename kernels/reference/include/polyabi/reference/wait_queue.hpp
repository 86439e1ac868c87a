// The kernel lock and the wait queues: the only ways in which kernel code waits.
#pragma once

#include <polyabi/reference/intrusive_list.hpp>
#include <polyabi/reference/numbers.hpp>

namespace polyabi::reference {

struct thread;

/// One lock over all kernel state. Taken at kernel entry (system call, fault, interrupt), dropped while a thread sleeps, while
/// it runs a host call that may take long, and at the return to the user. It records its owner: an owner's death is a panic.
/// Lock order: there is only this one.
namespace kernel_lock {
void acquire();
void release();
bool held_by_me();
/// The id of the thread that holds it, 0 if nobody does, -1 for an interrupt.
i32 owner();
/// Drops the lock for a scope around a host call that may take long.
struct unlocked {
  unlocked() { release(); }
  ~unlocked() { acquire(); }
  unlocked(const unlocked&) = delete;
  unlocked& operator=(const unlocked&) = delete;
};
/// Holds the lock for a scope.
struct locked {
  locked() { acquire(); }
  ~locked() { release(); }
  locked(const locked&) = delete;
  locked& operator=(const locked&) = delete;
};
} // namespace kernel_lock

inline constexpr u64 no_deadline = ~u64{0};

/// Why a sleep ended.
enum class wakeup : u8 { woken, timed_out, interrupted };

class wait_queue;

/// A thread's place in one queue. A thread may stand in several (poll), and sleeps once for all of them.
struct waiter {
  list_link link;
  thread* sleeper = nullptr;
  wait_queue* queue = nullptr;
  bool woken = false;

  waiter() = default;
  waiter(const waiter&) = delete;
  waiter& operator=(const waiter&) = delete;
  ~waiter(); ///< leaves its queue
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
  void wake_all();
  void wake_one();
  bool empty() const { return waiters_.empty(); }
  /// Enters, sleeps without the lock, leaves. `interrupted` if a signal for this thread must be acted on.
  wakeup sleep(u64 deadline = no_deadline);
  /// For waits that no signal may end (vfork): fatal signals still do.
  wakeup sleep_through_signals(u64 deadline = no_deadline);

private:
  intrusive_list<waiter, &waiter::link> waiters_;
};

/// Sleeps until one of the queues entered by `waiters` wakes it, a signal, or the deadline.
wakeup sleep_until_woken(u64 deadline);

} // namespace polyabi::reference
