// A lock is a word with three values, as in Drepper's "Futexes Are Tricky", mutex 2.
#include <polyabi/reference/process.hpp>

#include "lock_turn.hpp"

namespace polyabi::reference {

constinit lock kernel_lock::instance{1};
constinit lock trace_lock{2};

constinit u64 kernel_lock::turns = 1;

namespace {

using kernel_lock::turns;

u64 lending_turn = 0; ///< the one that may be lent

/// Words whose sleepers are woken when the kernel lock is given back.
struct wake_list {
  static constexpr u32 limit = 8;
  u32* words[limit];
  u32 count = 0;
};
constinit wake_list to_wake{};

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
  // Turns are short: whoever has the lock will mostly give it back sooner than this thread could sleep and be woken.
  constexpr u32 looks = 300;
  for (u32 i = 0; i < looks; ++i) {
    if (__atomic_load_n(&word_, __ATOMIC_RELAXED) == free) break;
    __builtin_ia32_pause();
  }
  if (!__atomic_compare_exchange_n(&word_, &seen, held, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
    while (__atomic_exchange_n(&word_, held_with_waiters, __ATOMIC_ACQUIRE) != free)
      machine::wait_on(&word_, held_with_waiters, no_deadline);
  }
  __atomic_store_n(&owner_, own_id(), __ATOMIC_RELAXED);
  if (this == &kernel_lock::instance) ++turns;
}

kernel_lock::lending::lending(bool allowed) : began_{false} {
  constexpr u32 kernels_own = 1;
  if (!allowed || lending_turn == turns || process_table::count() <= kernels_own + 1) return;
  const thread* self = machine::current();
  if (self == nullptr || !is_single(*self->owner)) return;
  lending_turn = turns;
  began_ = true;
}

kernel_lock::lending::~lending() {
  if (began_ && lending_turn == turns) lending_turn = 0;
}

u64 kernel_lock::lend() {
  if (lending_turn != turns) return 0;
  const u64 lent = turns;
  release();
  return lent;
}

bool kernel_lock::take_back(u64 turn) {
  acquire();
  const bool goes_on = turns == turn + 1;
  if (goes_on) turns = turn;
  lending_turn = turns;
  return goes_on;
}

void kernel_lock::wake_at_the_end(u32& word) {
  if (!held_by_me() || to_wake.count == wake_list::limit) return machine::wake(&word, 1);
  to_wake.words[to_wake.count++] = &word;
}

void lock::release() {
  if (!held_by_me()) machine::panic("a lock was released by somebody who does not hold it");
  if constexpr (kernel_checks) note_released(rank_);
  wake_list sleepers;
  sleepers.count = this == &kernel_lock::instance ? to_wake.count : 0;
  for (u32 i = 0; i < sleepers.count; ++i) sleepers.words[i] = to_wake.words[i];
  if (sleepers.count != 0) to_wake.count = 0;
  __atomic_store_n(&owner_, 0, __ATOMIC_RELAXED);
  if (__atomic_exchange_n(&word_, free, __ATOMIC_RELEASE) == held_with_waiters) machine::wake(&word_, 1);
  for (u32 i = 0; i < sleepers.count; ++i) machine::wake(sleepers.words[i], 1);
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
