// Files in memory without a name, and seals (core/memory_files.hpp).
#pragma once

#include <polyabi/core/memory_files.hpp>
#include <polyabi/reference/service_functions.hpp>

namespace polyabi::reference {

struct memory_file_services {
  using memory_file_service_list = operation_list<service::memory_files>;
  static result<new_descriptor> make_memory_file(thread&, std::string_view label, u32 mode, u32 seals, u32 descriptor_flags);
  static result<u32> seals_of(thread&, i32 descriptor);
  static result<> add_seals(thread&, i32 descriptor, u32 seals);
};

} // namespace polyabi::reference
