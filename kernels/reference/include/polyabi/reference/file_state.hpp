// A file as it was at one moment: whether what was found out about its bytes then still holds.
#pragma once

#include <polyabi/reference/structs.hpp>

namespace polyabi::reference {

/// When something of a file last changed. All 0: not known.
struct time_of_change {
  i64 seconds = 0, nanoseconds = 0;

  time_of_change() = default;
  explicit time_of_change(const timespec& t) : seconds{t.sec}, nanoseconds{t.nsec} {}
  bool operator==(const time_of_change&) const = default;
};

struct file_state {
  u64 device = 0, inode = 0;
  i64 size = 0;
  time_of_change modified, changed; ///< its content; and that, its mode, owner or names

  file_state() = default;
  explicit file_state(const stat& s) : device{s.dev}, inode{s.ino}, size{s.size}, modified{s.mtime}, changed{s.ctime} {}
  bool operator==(const file_state&) const = default;
};

} // namespace polyabi::reference
