// The system as a whole.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

/// Group of `kernel`: see operations.hpp for what each means.
struct system_operations {
  static result<> perform(op::system_names, thread&, system_names& out);
  static result<> perform(op::set_host_name, thread&, std::string_view name);
  static result<> perform(op::system_status, thread&, system_status& out);
  static result<std::string_view> perform(op::setting, thread&, std::string_view name);
  static result<> perform(op::set_setting, thread&, std::string_view name, std::string_view value);
  static result<i64> perform(op::random, thread&, user_bytes into);

  using provides = operation_list<op::system_names, op::set_host_name, op::system_status, op::setting, op::set_setting, op::random>;
};

} // namespace polyabi::reference
