// Operations on paths and on the files behind descriptors.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

struct file_operations {
  using provides = operation_list<op::open, op::stat, op::fstat, op::statfs, op::fstatfs, op::access, op::link, op::symlink,
                                  op::readlink, op::unlink, op::rename, op::rename_to_free, op::exchange_names, op::mkdir, op::mknod, op::chmod, op::fchmod, op::chown,
                                  op::fchown, op::set_times, op::fset_times, op::truncate, op::ftruncate, op::chdir, op::fchdir,
                                  op::chroot, op::getcwd, op::umask, op::sync, op::fsync, op::read_directory>;

  static result<new_descriptor> perform(op::open, thread&, i32 directory, std::string_view path, u32 flags, u32 mode);
  static result<> perform(op::stat, thread&, i32 directory, std::string_view path, u32 at_flags, stat& out);
  static result<> perform(op::fstat, thread&, i32 descriptor, stat& out);
  static result<> perform(op::statfs, thread&, std::string_view path, statfs& out);
  static result<> perform(op::fstatfs, thread&, i32 descriptor, statfs& out);
  static result<> perform(op::access, thread&, i32 directory, std::string_view path, u32 checks, u32 at_flags);
  static result<> perform(op::link, thread&, i32 directory, std::string_view path, i32 new_directory, std::string_view new_path,
                          u32 at_flags);
  static result<> perform(op::symlink, thread&, std::string_view target, i32 directory, std::string_view path);
  static result<i64> perform(op::readlink, thread&, i32 directory, std::string_view path, user_bytes into);
  static result<> perform(op::unlink, thread&, i32 directory, std::string_view path, u32 at_flags);
  static result<> perform(op::rename, thread&, i32 directory, std::string_view path, i32 new_directory,
                          std::string_view new_path);
  static result<> perform(op::rename_to_free, thread&, i32 directory, std::string_view path, i32 new_directory,
                          std::string_view new_path);
  static result<> perform(op::exchange_names, thread&, i32 directory, std::string_view path, i32 new_directory,
                          std::string_view new_path);
  static result<> perform(op::mkdir, thread&, i32 directory, std::string_view path, u32 mode);
  static result<> perform(op::mknod, thread&, i32 directory, std::string_view path, u32 mode, u64 device);
  static result<> perform(op::chmod, thread&, i32 directory, std::string_view path, u32 mode, u32 at_flags);
  static result<> perform(op::fchmod, thread&, i32 descriptor, u32 mode);
  static result<> perform(op::chown, thread&, i32 directory, std::string_view path, u32 user, u32 group, u32 at_flags);
  static result<> perform(op::fchown, thread&, i32 descriptor, u32 user, u32 group);
  static result<> perform(op::set_times, thread&, i32 directory, std::string_view path, const time_pair* times, u32 at_flags);
  static result<> perform(op::fset_times, thread&, i32 descriptor, const time_pair* times);
  static result<> perform(op::truncate, thread&, std::string_view path, i64 size);
  static result<> perform(op::ftruncate, thread&, i32 descriptor, i64 size);
  static result<> perform(op::chdir, thread&, std::string_view path);
  static result<> perform(op::fchdir, thread&, i32 descriptor);
  static result<> perform(op::chroot, thread&, std::string_view path);
  static result<i64> perform(op::getcwd, thread&, user_bytes into);
  static result<u32> perform(op::umask, thread&, u32 mask);
  static result<> perform(op::sync, thread&);
  static result<> perform(op::fsync, thread&, i32 descriptor);
  static result<> perform(op::read_directory, thread&, i32 descriptor, directory_visitor visitor);
};

} // namespace polyabi::reference
