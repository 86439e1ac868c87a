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

  using provides = operation_list<op::mount, op::unmount>;
};

} // namespace polyabi::reference
