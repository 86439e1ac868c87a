// The one kernel lock: a word with three values, as in Drepper's "Futexes Are Tricky", mutex 2.
#include <polyabi/reference/process.hpp>

namespace polyabi::reference::kernel_lock {

namespace {

enum : u32 { free = 0, held = 1, held_with_waiters = 2 };

struct lock_state {
  u32 word = free;
  i32 owner = 0;
};
constinit lock_state lock;

i32 own_id() {
  const thread* self = machine::current();
  return self != nullptr ? self->id : -1;
}

} // namespace

void acquire() {
  u32 seen = free;
  if (!__atomic_compare_exchange_n(&lock.word, &seen, held, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
    while (__atomic_exchange_n(&lock.word, held_with_waiters, __ATOMIC_ACQUIRE) != free)
      machine::wait_on(&lock.word, held_with_waiters, no_deadline);
  }
  __atomic_store_n(&lock.owner, own_id(), __ATOMIC_RELAXED);
}

void release() {
  if (!held_by_me()) machine::panic("kernel lock: released by somebody who does not hold it");
  __atomic_store_n(&lock.owner, 0, __ATOMIC_RELAXED);
  if (__atomic_exchange_n(&lock.word, free, __ATOMIC_RELEASE) == held_with_waiters) machine::wake(&lock.word, 1);
}

bool held_by_me() {
  return owner() == own_id();
}

i32 owner() {
  return __atomic_load_n(&lock.owner, __ATOMIC_RELAXED);
}

} // namespace polyabi::reference::kernel_lock
