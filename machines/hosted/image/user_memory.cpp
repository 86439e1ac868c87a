// Access to the memory of the calling thread's process: directly, with recovery from faults.
#include "state.hpp"

namespace polyabi::reference::machine {

using namespace hosted;

namespace {

/// The first address behind the user's, in the user's own addresses.
u64 end_of_user_space(const machine_state& state) {
  return state.user_base != 0 ? based_user_end : kernel_base;
}

bool is_user_range(u64 address, usize size) {
  const machine_state* state = own_state();
  if (state == nullptr) return false;
  const u64 end = end_of_user_space(*state);
  return address < end && size <= end - address;
}

} // namespace

bool copy_in(void* to, u64 from, usize size) {
  return is_user_range(from, size) && image_copy(to, reinterpret_cast<const void*>(host_address(from)), size);
}

bool copy_out(u64 to, const void* from, usize size) {
  return is_user_range(to, size) && image_copy(reinterpret_cast<void*>(host_address(to)), from, size);
}

bool fill_out(u64 to, u8 value, usize size) {
  return is_user_range(to, size) && image_fill(reinterpret_cast<void*>(host_address(to)), value, size);
}

i64 copy_in_string(char* to, u64 from, usize limit) {
  if (!is_user_range(from, 0)) return -1;
  const usize room = end_of_user_space(*own_state()) - from;
  const i64 length = image_copy_string(to, reinterpret_cast<const char*>(host_address(from)), limit < room ? limit : room);
  return length == -2 && room <= limit ? -1 : length;
}

bool exchange_user_word(u64 address, u32 expected, u32 desired, u32& seen) {
  return is_user_range(address, sizeof(u32)) &&
         image_exchange(reinterpret_cast<u32*>(host_address(address)), expected, desired, &seen);
}

void leave_sequence(u64 area) {
  image_clear(reinterpret_cast<u64*>(host_address(area + sequence_word_offset)));
}

/// The 32-bit limit is the host's (IA32_PAGE_OFFSET of asm/page_32_types.h), so that stacks start where programs expect them.
u64 user_limit(bool is_32_bit) {
  return is_32_bit ? 0xffff'e000 : kernel_base;
}

} // namespace polyabi::reference::machine
