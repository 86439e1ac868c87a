// Extended attributes.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

/// Group of `kernel`: see operations.hpp for what each means.
struct attribute_operations {
  static result<i64> perform(op::get_attribute, thread&, i32 directory, std::string_view path, std::string_view name,
                             user_bytes into, u32 at_flags);
  static result<> perform(op::set_attribute, thread&, i32 directory, std::string_view path, std::string_view name,
                          user_bytes value, attribute_rule rule, u32 at_flags);
  static result<i64> perform(op::list_attributes, thread&, i32 directory, std::string_view path, user_bytes into, u32 at_flags);
  static result<> perform(op::remove_attribute, thread&, i32 directory, std::string_view path, std::string_view name,
                          u32 at_flags);

  using provides = operation_list<op::get_attribute, op::set_attribute, op::list_attributes, op::remove_attribute>;
};

} // namespace polyabi::reference
