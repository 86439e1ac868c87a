// Memory maps.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

/// Group of `kernel`: see operations.hpp for what each means.
struct memory_operations {
  static result<u64> perform(op::map, thread&, u64 address, u64 size, u32 protection, u32 flags, i32 descriptor, i64 offset);
  static result<> perform(op::unmap, thread&, u64 address, u64 size);
  static result<> perform(op::protect, thread&, u64 address, u64 size, u32 protection);
  static result<u64> perform(op::remap, thread&, u64 address, u64 size, u64 new_size, bool may_move);
  static result<u64> perform(op::set_break, thread&, u64 address);
  static result<> perform(op::sync_memory, thread&, u64 address, u64 size);
  static result<> perform(op::discard, thread&, u64 address, u64 size);

  using provides = operation_list<op::map, op::unmap, op::protect, op::remap, op::set_break, op::sync_memory, op::discard>;
};

} // namespace polyabi::reference
