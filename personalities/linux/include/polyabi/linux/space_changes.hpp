// What fallocate(2) does to a range of a file, by its mode: FALLOC_FL_* (include/uapi/linux/falloc.h).
#pragma once

#include <polyabi/core/file_space.hpp>

#include <optional>

namespace polyabi::linux_abi {

struct space_changes {
  static constexpr i32 keep_size = 1, punch_hole = 2, collapse = 8, zero = 0x10, insert = 0x20, unshare = 0x40;

  struct row {
    space_change what;
    i32 mode;
  };
  /// The first mode of each is the one that a host is asked with.
  static constexpr row rows[] = {{space_change::allocate, 0},
                                 {space_change::reserve, keep_size},
                                 {space_change::release, punch_hole | keep_size},
                                 {space_change::zero, zero},
                                 {space_change::zero_keeping, zero | keep_size},
                                 {space_change::collapse, collapse},
                                 {space_change::insert, insert},
                                 {space_change::unshare, unshare},
                                 {space_change::unshare, unshare | keep_size}};

  static constexpr std::optional<space_change> of_mode(i32 mode) {
    for (const row& r : rows)
      if (r.mode == mode) return r.what;
    return {};
  }
  static constexpr i32 mode_of(space_change what) {
    for (const row& r : rows)
      if (r.what == what) return r.mode;
    return 0;
  }
};

} // namespace polyabi::linux_abi
