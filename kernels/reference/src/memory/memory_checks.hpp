// What the parts of the memory map share.
#pragma once

#include <polyabi/reference/address_space.hpp>

namespace polyabi::reference {

/// Left free below what grows down, so that running over its end faults.
inline constexpr u64 stack_guard = 256 * page_size;

/// A machine's answer.
inline result<> as_result(u16 number) {
  return static_cast<error>(number);
}

/// The end of a range of whole pages. False: it wraps around.
inline bool end_of_range(u64 address, u64 size, u64& end) {
  end = address + page_round_up(size);
  return end >= address && (size == 0 || page_round_up(size) != 0);
}

/// As op::write_memory_of, whatever the protection of pages that are the other's own.
result<i64> write_text_of(thread& caller, i32 pid, user_vector here, user_vector there);

} // namespace polyabi::reference
