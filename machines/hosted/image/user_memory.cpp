// Access to the memory of the calling thread's process: directly, with recovery from faults.
#include "state.hpp"

namespace polyabi::reference::machine {

using namespace hosted;

namespace {

bool is_user_range(u64 address, usize size) {
  return address < kernel_base && size <= kernel_base - address && own_state() != nullptr;
}

} // namespace

bool copy_in(void* to, u64 from, usize size) {
  return is_user_range(from, size) && image_copy(to, reinterpret_cast<const void*>(from), size);
}

bool copy_out(u64 to, const void* from, usize size) {
  return is_user_range(to, size) && image_copy(reinterpret_cast<void*>(to), from, size);
}

bool fill_out(u64 to, u8 value, usize size) {
  return is_user_range(to, size) && image_fill(reinterpret_cast<void*>(to), value, size);
}

i64 copy_in_string(char* to, u64 from, usize limit) {
  if (!is_user_range(from, 0)) return -1;
  const usize room = kernel_base - from;
  const i64 length = image_copy_string(to, reinterpret_cast<const char*>(from), limit < room ? limit : room);
  return length == -2 && room <= limit ? -1 : length;
}

bool exchange_user_word(u64 address, u32 expected, u32 desired, u32& seen) {
  return is_user_range(address, sizeof(u32)) &&
         image_exchange(reinterpret_cast<u32*>(address), expected, desired, &seen);
}

/// The 32-bit limit is the host's (IA32_PAGE_OFFSET of asm/page_32_types.h), so that stacks start where programs expect them.
u64 user_limit(bool is_32_bit) { return is_32_bit ? 0xffff'e000 : kernel_base; }

} // namespace polyabi::reference::machine
