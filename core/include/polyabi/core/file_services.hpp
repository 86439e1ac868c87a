// What a kernel offers beside services.hpp for open files: lookups under rules, space, locks of their own, writes at the end.
#pragma once

#include <polyabi/core/file_space.hpp>
#include <polyabi/core/lookup_rules.hpp>
#include <polyabi/core/services.hpp>

namespace polyabi {

namespace service {

/// op::open, its lookup under rules. Outside the section.
struct ruled_opens {
  template <class K>
  static constexpr bool present =
      requires(typename K::thread& t, i32 directory, std::string_view path, u32 flags, const lookup_rules& rules) {
        { K::open_under(t, directory, path, flags, flags, rules) } -> std::same_as<answer<K, typename K::new_descriptor>>;
      };
};

/// Space in files. EBADF unless it is open for writing, ESPIPE for a pipe, ENODEV for what has no space, EOPNOTSUPP where it cannot
/// be done. Outside the section.
struct file_space {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, i32 descriptor, space_change what, i64 offset) {
    { K::change_space(t, descriptor, what, offset, offset) } -> std::same_as<answer<K>>;
  };
};

/// As op::get_lock and op::set_lock, of locks that are an open file's and not a process': they go with its last descriptor, and
/// nobody looks for deadlocks among them. Both kinds stand in each other's way; the process of such a lock is -1. Outside the section.
struct file_owned_locks {
  template <class K>
  static constexpr bool present =
      requires(typename K::thread& t, i32 descriptor, native<K, shape::flock>& lock, const native<K, shape::flock>& wanted, bool wait) {
        { K::get_file_lock(t, descriptor, lock) } -> std::same_as<answer<K>>;
        { K::set_file_lock(t, descriptor, wanted, wait) } -> std::same_as<answer<K>>;
      };
};

/// op::write and op::pwrite as if the file had been opened to append. Outside the section.
struct appended_writes {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, i32 descriptor, user_vector from, bool moves) {
    { K::write_at_end(t, descriptor, from, moves) } -> std::same_as<answer<K, i64>>; // `moves`: the position is at the end afterwards
  };
};

/// The table of descriptors that the caller shares with other processes becomes its own. Outside the section.
struct own_descriptors {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t) {
    { K::own_descriptors(t) } -> std::same_as<answer<K>>;
  };
};

/// Likewise the root, the current directory and the umask. Outside the section.
struct own_paths {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t) { K::own_paths(t); };
};

} // namespace service

} // namespace polyabi
