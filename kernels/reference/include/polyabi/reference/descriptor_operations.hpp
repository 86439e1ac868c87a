// Operations on descriptors and open files.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

struct descriptor_operations {
  using provides =
      operation_list<op::close, op::read, op::write, op::pread, op::pwrite, op::seek, op::dup, op::dup_to,
                     op::get_descriptor_flags, op::set_descriptor_flags, op::get_status_flags, op::set_status_flags,
                     op::get_lock, op::set_lock, op::lock_file, op::pipe, op::transfer, op::duplicate_bytes, op::get_pipe_size, op::set_pipe_size, op::poll, op::bytes_readable, op::set_nonblocking>;

  static result<> perform(op::close, thread&, i32 descriptor);
  static result<i64> perform(op::read, thread&, i32 descriptor, user_vector into);
  static result<i64> perform(op::write, thread&, i32 descriptor, user_vector from);
  static result<i64> perform(op::pread, thread&, i32 descriptor, user_vector into, i64 offset);
  static result<i64> perform(op::pwrite, thread&, i32 descriptor, user_vector from, i64 offset);
  static result<i64> perform(op::seek, thread&, i32 descriptor, i64 offset, i32 origin);
  static result<new_descriptor> perform(op::dup, thread&, i32 descriptor, i32 minimum, u32 flags);
  static result<new_descriptor> perform(op::dup_to, thread&, i32 descriptor, i32 target, u32 flags);
  static result<u32> perform(op::get_descriptor_flags, thread&, i32 descriptor);
  static result<> perform(op::set_descriptor_flags, thread&, i32 descriptor, u32 flags);
  static result<u32> perform(op::get_status_flags, thread&, i32 descriptor);
  static result<> perform(op::set_status_flags, thread&, i32 descriptor, u32 flags);
  static result<> perform(op::get_lock, thread&, i32 descriptor, flock& lock);
  static result<> perform(op::set_lock, thread&, i32 descriptor, const flock& lock, bool wait);
  static result<> perform(op::lock_file, thread&, i32 descriptor, i32 kind, bool wait);
  static result<new_descriptor_pair> perform(op::pipe, thread&, u32 flags);
  static result<i64> perform(op::transfer, thread&, i32 from, i64* from_offset, i32 to, i64* to_offset, u64 size,
                             bool nonblocking);
  static result<i64> perform(op::duplicate_bytes, thread&, i32 from, i32 to, u64 size, bool nonblocking);
  static result<i64> perform(op::get_pipe_size, thread&, i32 descriptor);
  static result<i64> perform(op::set_pipe_size, thread&, i32 descriptor, u64 size);
  static result<i32> perform(op::poll, thread&, std::span<poll_record> records, const timespec* timeout, const sigset* mask);
  static result<i32> perform(op::bytes_readable, thread&, i32 descriptor);
  static result<> perform(op::set_nonblocking, thread&, i32 descriptor, bool on);
};

} // namespace polyabi::reference
