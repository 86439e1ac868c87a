// The kernel's locks. None is ever held while user memory is copied, or while the thread sleeps.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi::reference {

/// Builds with checks panic at a lock taken out of order and at a copy of user memory under one.
#ifdef POLYABI_KERNEL_CHECKS
inline constexpr bool kernel_checks = true;
#else
inline constexpr bool kernel_checks = false;
#endif

/// Mutual exclusion between the threads of all processes. It records its owner: an owner's death is a panic, not a hang.
/// Locks are taken in the order of their ranks, each at most once.
class lock {
public:
  constexpr explicit lock(u8 rank) : rank_{rank} {}
  lock(const lock&) = delete;
  lock& operator=(const lock&) = delete;

  void acquire();
  void release();
  bool held_by_me() const { return owner() == own_id(); }
  /// The id of the thread that holds it, 0 if nobody does, -1 for an interrupt.
  i32 owner() const { return __atomic_load_n(&owner_, __ATOMIC_RELAXED); }

  /// Holds the lock for a scope.
  class [[nodiscard]] holder {
  public:
    explicit holder(lock& of) : of_{of} { of.acquire(); }
    ~holder() { of_.release(); }
    holder(const holder&) = delete;
    holder& operator=(const holder&) = delete;

  private:
    lock& of_;
  };

private:
  static i32 own_id();

  u32 word_ = 0;
  i32 owner_ = 0;
  u8 rank_;
};

/// The lock over all kernel state but what other locks guard. Operations run under it (`kernel::bracket`), interrupts take it
/// themselves; it is dropped while a thread sleeps, copies user memory, or runs a host call that may take long.
namespace kernel_lock {
extern lock instance;
inline void acquire() {
  instance.acquire();
}
inline void release() {
  instance.release();
}
inline bool held_by_me() {
  return instance.held_by_me();
}
inline i32 owner() {
  return instance.owner();
}

/// Drops the lock for a scope.
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
/// Holds the lock for a scope, in code that runs with and without it: destructors of what operations answer.
class ensured {
public:
  ensured() : taken_{!held_by_me()} {
    if (taken_) acquire();
  }
  ~ensured() {
    if (taken_) release();
  }
  ensured(const ensured&) = delete;
  ensured& operator=(const ensured&) = delete;

private:
  bool taken_;
};
} // namespace kernel_lock

/// Guards the writer's side of the trace. After the kernel lock.
extern lock trace_lock;

/// Whether a thread of this id holds any lock: then it must not die.
bool holds_a_lock(i32 thread_id);
/// In builds with checks: panics if the calling thread holds a lock.
void expect_no_lock_held(const char* during);

} // namespace polyabi::reference
