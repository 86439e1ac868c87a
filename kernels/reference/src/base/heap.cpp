// The kernel heap: small blocks from free lists of powers of two, large ones as whole pages. Under the kernel lock.
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/machine.hpp>
#include <polyabi/reference/numbers.hpp>

#include <bit>

namespace polyabi::reference::heap {

namespace {

constexpr usize smallest = 32;
constexpr usize largest_small = page_size / 2;
constexpr usize class_count = std::bit_width(largest_small) - std::bit_width(smallest) + 1;
/// Pages taken from the machine at once to be cut into small blocks.
constexpr usize pages_in_slab = 16;

/// What a free block holds. The mark tells a block that is freed twice.
struct free_block {
  free_block* next;
  u64 mark;
};
constexpr u64 free_mark = 0x66726565626c6f63;

/// What has not been cut off yet. It is not touched before: most systems end before they need all of it.
struct slab {
  char* next = nullptr;
  char* end = nullptr;
};

struct heap_state {
  free_block* free[class_count]{};
  slab slabs[class_count]{};
  usize in_use = 0;
};
constinit heap_state state;

constexpr usize class_of(usize size) {
  return size <= smallest ? 0 : static_cast<usize>(std::bit_width(size - 1)) + 1 - static_cast<usize>(std::bit_width(smallest));
}
constexpr usize size_of_class(usize index) {
  return smallest << index;
}
static_assert(class_of(32) == 0 && class_of(33) == 1 && class_of(64) == 1 && class_of(2048) == class_count - 1);

constexpr usize pages_for(usize size) {
  return (size + page_size - 1) / page_size;
}

/// A block that nobody had yet, as if it were free.
free_block* cut(usize index) {
  slab& from = state.slabs[index];
  if (from.next == from.end) {
    from.next = static_cast<char*>(machine::allocate_pages(pages_in_slab));
    from.end = from.next != nullptr ? from.next + pages_in_slab * page_size : nullptr;
    if (from.next == nullptr) return nullptr;
  }
  char* const block = from.next;
  from.next += size_of_class(index);
  return ::new (block) free_block{nullptr, free_mark};
}
static_assert(pages_in_slab * page_size % largest_small == 0);

/// True if the block stands in the free list already. Only looked at when its mark says so.
bool is_free(const free_block* block, usize index) {
  for (const free_block* b = state.free[index]; b != nullptr; b = b->next)
    if (b == block) return true;
  return false;
}

} // namespace

void* allocate(usize size) {
  if (size > largest_small) {
    void* pages = machine::allocate_pages(pages_for(size));
    if (pages != nullptr) state.in_use += size;
    return pages;
  }
  const usize index = class_of(size);
  free_block* const block = state.free[index] != nullptr ? state.free[index] : cut(index);
  if (block == nullptr) return nullptr;
  if (block->mark != free_mark) machine::panic("heap: a block was written to after it was freed");
  state.free[index] = block->next;
  block->mark = 0;
  state.in_use += size;
  return block;
}

void deallocate(void* memory, usize size) {
  if (memory == nullptr) return;
  state.in_use -= size;
  if (size > largest_small) {
    machine::free_pages(memory, pages_for(size));
    return;
  }
  const usize index = class_of(size);
  auto* block = static_cast<free_block*>(memory);
  if (block->mark == free_mark && is_free(block, index)) machine::panic("heap: a block was freed twice");
  *block = {state.free[index], free_mark};
  state.free[index] = block;
}

usize in_use() {
  return state.in_use;
}

} // namespace polyabi::reference::heap
