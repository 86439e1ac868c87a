// Lookups under rules, space in files, locks that are open files' own (core/file_services.hpp).
#pragma once

#include <polyabi/core/file_services.hpp>
#include <polyabi/reference/service_functions.hpp>

namespace polyabi::reference {

struct file_services {
  using file_service_list = operation_list<service::ruled_opens, service::file_space, service::file_owned_locks,
                                           service::appended_writes, service::own_descriptors, service::own_paths>;
  static result<new_descriptor> open_under(thread&, i32 directory, std::string_view path, u32 flags, u32 mode, const lookup_rules&);
  static result<> change_space(thread&, i32 descriptor, space_change, i64 offset, i64 size);
  static result<> get_file_lock(thread&, i32 descriptor, flock&);
  static result<> set_file_lock(thread&, i32 descriptor, const flock&, bool wait);
  static result<i64> write_at_end(thread&, i32 descriptor, user_vector from, bool moves);
  static result<> own_descriptors(thread&);
  static void own_paths(thread&);
};

} // namespace polyabi::reference
