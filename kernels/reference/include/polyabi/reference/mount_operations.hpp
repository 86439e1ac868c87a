// Mounts made and taken away by programs.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

/// Group of `kernel`: see operations.hpp for what each means.
struct mount_operations {
  static result<> perform(op::mount, thread&, std::string_view source, std::string_view path, std::string_view type,
                          std::string_view options);
  static result<> perform(op::unmount, thread&, std::string_view path, bool detach, u32 at_flags);

  static result<> perform(op::bind_mount, thread&, std::string_view source, std::string_view path, bool recursive);
  static result<> perform(op::move_mount, thread&, std::string_view source, std::string_view path);
  static result<> perform(op::pivot_root, thread&, std::string_view new_root, std::string_view old_root);

  using provides = operation_list<op::mount, op::unmount, op::bind_mount, op::move_mount, op::pivot_root>;
};

} // namespace polyabi::reference
