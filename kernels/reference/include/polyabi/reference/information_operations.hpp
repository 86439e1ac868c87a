// What the kernel tells about processes, mappings and mounts, for pseudo files.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

struct information_operations {
  using provides = operation_list<op::process_info, op::memory_use, op::next_process, op::next_thread, op::next_descriptor,
                                  op::descriptor_info, op::process_text, op::process_path, op::process_limit, op::next_region,
                                  op::next_lock, op::next_mount>;

  static result<> perform(op::process_info, thread&, i32 pid, process_info& out);
  static result<> perform(op::memory_use, thread&, i32 pid, u64& resident, u64& of_files);
  static result<i32> perform(op::next_process, thread&, i32 after);
  static result<i32> perform(op::next_thread, thread&, i32 pid, i32 after);
  static result<i32> perform(op::next_descriptor, thread&, i32 pid, i32 after);
  static result<> perform(op::descriptor_info, thread&, i32 pid, i32 descriptor, i64& position, u32& flags,
                          stat& status);
  static result<i64> perform(op::process_text, thread&, i32 pid, polyabi::process_text which, std::span<char> out);
  static result<i64> perform(op::process_path, thread&, i32 pid, process_object which, i32 descriptor, std::span<char> out);
  static result<> perform(op::process_limit, thread&, i32 pid, i32 resource, rlimit& out);
  static result<bool> perform(op::next_region, thread&, i32 pid, u64 address, region_info& out, std::span<char> path);
  static result<bool> perform(op::next_lock, thread&, u32 index, lock_info& out);
  static result<bool> perform(op::next_mount, thread&, u32 index, mount_info& out, std::span<char> path);
};

/// Keeps the first bytes of the image's arguments, so that other processes can be told them. Called by exec in the process' own
/// context, when `arguments_start` and `arguments_end` are set and the strings are in place.
void record_arguments(process&);

} // namespace polyabi::reference
