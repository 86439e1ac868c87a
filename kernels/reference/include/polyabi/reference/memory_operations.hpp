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
  static result<u64> perform(op::remap, thread&, u64 address, u64 size, u64 new_size, u32 flags, u64 new_address);
  static result<> perform(op::remap_file, thread&, u64 address, u64 size, u64 offset);
  static result<u64> perform(op::set_break, thread&, u64 address);
  static result<> perform(op::sync_memory, thread&, u64 address, u64 size, u32 flags);
  static result<> perform(op::advise, thread&, u64 address, u64 size, i32 advice);
  static result<> perform(op::lock_memory, thread&, u64 address, u64 size, u32 flags);
  static result<> perform(op::unlock_memory, thread&, u64 address, u64 size);
  static result<> perform(op::lock_all_memory, thread&, u32 flags);
  static result<> perform(op::memory_residency, thread&, u64 address, u64 size, u64 into);
  static result<> perform(op::seal_memory, thread&, u64 address, u64 size);
  static result<i64> perform(op::read_memory_of, thread&, i32 pid, user_vector here, user_vector there);
  static result<i64> perform(op::write_memory_of, thread&, i32 pid, user_vector here, user_vector there);
  static result<> perform(op::memory_barrier, thread&, i32 command);

  using provides = operation_list<op::map, op::unmap, op::protect, op::remap, op::remap_file, op::set_break, op::sync_memory,
                                  op::advise, op::lock_memory, op::unlock_memory, op::lock_all_memory, op::memory_residency,
                                  op::seal_memory, op::read_memory_of, op::write_memory_of, op::memory_barrier>;

  /// What op::map does with the file; null for anonymous memory.
  static result<u64> map_backing(thread&, ref<file>, u64 address, u64 size, u32 protection, u32 flags, u64 offset);
};

} // namespace polyabi::reference
