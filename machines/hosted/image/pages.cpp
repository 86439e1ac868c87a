// Kernel stacks and kernel pages: bitmaps over the arena, a sparse memory file that all processes share.
#include "state.hpp"

namespace polyabi::hosted {

namespace {

u64 stacks_in_use[stack_count / 64];
u32 highest_stack; ///< one past the highest slot ever used

constexpr usize words = page_count / 64;
static_assert(page_count % 64 == 0 && stack_count % 64 == 0);
u64 pages_in_use[words];
usize search_start;             ///< no free page below this one
constexpr usize give_back = 64; ///< runs from this size on are given back to the host
/// But not the first ones, which may lie in one large page (`tool/large_pages.hpp`): the host would have to split it.
constexpr usize kept = large_page_size / page_size;

/// Guards the page bitmap. Held for a few instructions; its owner's death is noticed by the watchdog.
i32 page_lock_owner;

struct page_lock {
  page_lock() {
    const machine_state* state = own_state();
    const i32 known = state != nullptr ? state->host_process : 0;
    const i32 self = known != 0 ? known : static_cast<i32>(host_call(call::getpid));
    for (i32 none = 0; !__atomic_compare_exchange_n(&page_lock_owner, &none, self, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
         none = 0)
      host_call(call::sched_yield);
  }
  ~page_lock() { __atomic_store_n(&page_lock_owner, 0, __ATOMIC_RELEASE); }
};

bool used(usize page) {
  return (pages_in_use[page / 64] >> (page % 64) & 1) != 0;
}

/// First page of a free run, or `page_count`.
usize find_run(usize count) {
  usize run = 0;
  for (usize page = search_start; page < page_count;) {
    if (run == 0 && page % 64 == 0 && pages_in_use[page / 64] == ~u64{0}) {
      page += 64;
      continue;
    }
    run = used(page) ? 0 : run + 1;
    ++page;
    if (run == count) return page - count;
  }
  return page_count;
}

} // namespace

i32 page_lock_holder() {
  return __atomic_load_n(&page_lock_owner, __ATOMIC_RELAXED);
}

bool slot_in_use(usize slot) {
  return (__atomic_load_n(&stacks_in_use[slot / 64], __ATOMIC_ACQUIRE) >> (slot % 64) & 1) != 0;
}
usize slots_ever_used() {
  return __atomic_load_n(&highest_stack, __ATOMIC_ACQUIRE);
}

machine_state* new_state(thread* owner) {
  for (usize w = 0; w < stack_count / 64; ++w) {
    u64 seen = __atomic_load_n(&stacks_in_use[w], __ATOMIC_RELAXED);
    while (seen != ~u64{0}) {
      const u32 bit = static_cast<u32>(__builtin_ctzll(~seen));
      if (!__atomic_compare_exchange_n(&stacks_in_use[w], &seen, seen | u64{1} << bit, false, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED))
        continue;
      const u32 slot = static_cast<u32>(w * 64 + bit);
      for (u32 highest = highest_stack; highest <= slot;)
        if (__atomic_compare_exchange_n(&highest_stack, &highest, slot + 1, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED)) break;
      machine_state* state = ::new (&state_of_slot(slot)) machine_state;
      state->owner = owner;
      static constexpr u32 nobody = 0;
      state->attention = owner != nullptr ? &owner->attention : &nobody;
      state->call_stack = landing(*state);
      state->closed_rights = shared.closed_rights;
      return state;
    }
  }
  return nullptr;
}

void free_state(machine_state& state) {
  const usize slot = (word(&state) - arena_base) / stack_size;
  state.owner = nullptr;
  state.host_process = state.host_thread = 0;
  // The watchdog may look at it when it is taken again, before there is a new state: nobody has ended there.
  __atomic_store_n(&state.ended, false, __ATOMIC_RELAXED);
  __atomic_fetch_and(&stacks_in_use[slot / 64], ~(u64{1} << (slot % 64)), __ATOMIC_ACQ_REL);
}

} // namespace polyabi::hosted

namespace polyabi::reference::machine {

using namespace hosted;

void* allocate_pages(usize count) {
  if (count == 0 || count > page_count) return nullptr;
  page_lock lock;
  const usize first = find_run(count);
  if (first == page_count) return nullptr;
  for (usize page = first; page < first + count; ++page) pages_in_use[page / 64] |= u64{1} << (page % 64);
  while (search_start < page_count && used(search_start)) ++search_start;
  return reinterpret_cast<void*>(pages_base + first * page_size);
}

void free_pages(void* memory, usize count) {
  if (memory == nullptr || count == 0) return;
  const usize first = (word(memory) - pages_base) / page_size;
  if (word(memory) < pages_base || word(memory) % page_size != 0 || first + count > page_count)
    panic("free_pages: not kernel pages");
  if (const usize returned = first < kept ? kept : first; first + count >= returned + give_back)
    (void)host::change_space(shared.arena_descriptor, space_change::release, static_cast<i64>(pages_base - arena_base + returned * page_size),
                             static_cast<i64>((first + count - returned) * page_size));
  page_lock lock;
  for (usize page = first; page < first + count; ++page) {
    if (!used(page)) panic("free_pages: freed twice");
    pages_in_use[page / 64] &= ~(u64{1} << (page % 64));
  }
  if (first < search_start) search_start = first;
}

} // namespace polyabi::reference::machine
