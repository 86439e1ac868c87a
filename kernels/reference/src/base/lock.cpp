// A lock is a word with three values, as in Drepper's "Futexes Are Tricky", mutex 2.
#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

constinit lock kernel_lock::instance{1};
constinit lock trace_lock{2};

namespace {

enum : u32 { free = 0, held = 1, held_with_waiters = 2 };

constexpr lock* all_locks[]{&kernel_lock::instance, &trace_lock};

/// In builds with checks each thread knows the ranks of what it holds. An interrupt has no thread and takes one lock.
void note_acquired(u8 rank) {
  thread* self = machine::current();
  if (self == nullptr) return;
  if (self->lock_ranks >> rank != 0) machine::panic("a lock was taken out of order");
  self->lock_ranks |= 1u << rank;
}
void note_released(u8 rank) {
  if (thread* self = machine::current()) self->lock_ranks &= ~(1u << rank);
}

} // namespace

i32 lock::own_id() {
  const thread* self = machine::current();
  return self != nullptr ? self->id : -1;
}

void lock::acquire() {
  if constexpr (kernel_checks) note_acquired(rank_);
  u32 seen = free;
  if (!__atomic_compare_exchange_n(&word_, &seen, held, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
    while (__atomic_exchange_n(&word_, held_with_waiters, __ATOMIC_ACQUIRE) != free)
      machine::wait_on(&word_, held_with_waiters, no_deadline);
  }
  __atomic_store_n(&owner_, own_id(), __ATOMIC_RELAXED);
}

void lock::release() {
  if (!held_by_me()) machine::panic("a lock was released by somebody who does not hold it");
  if constexpr (kernel_checks) note_released(rank_);
  __atomic_store_n(&owner_, 0, __ATOMIC_RELAXED);
  if (__atomic_exchange_n(&word_, free, __ATOMIC_RELEASE) == held_with_waiters) machine::wake(&word_, 1);
}

bool holds_a_lock(i32 thread_id) {
  for (const lock* each : all_locks)
    if (each->owner() == thread_id) return true;
  return false;
}

void expect_no_lock_held(const char* during) {
  if constexpr (kernel_checks)
    for (const lock* each : all_locks)
      if (each->held_by_me()) machine::panic(during);
}

} // namespace polyabi::reference
