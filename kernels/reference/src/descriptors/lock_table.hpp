// What is locked and who waits for it.
#pragma once

#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/record_locks.hpp>

namespace polyabi::reference::record_locks {

/// The file a lock is on, whichever of its vnodes or names it was opened by. Of files without names (pipes, sockets) it is what they show
/// as their numbers, which all open files of one thing have in common.
struct file_key {
  u64 device = 0, inode = 0;
  bool operator==(const file_key&) const = default;
};
inline file_key key_of(file& f) {
  if (f.node) return {f.node->device(), f.node->inode()};
  constexpr u64 no_device = ~u64{0};
  stat s{};
  if (!f.attributes(s) || s.ino == 0) return {no_device, reinterpret_cast<u64>(&f)};
  return {s.dev, s.ino};
}

struct range_lock {
  list_link link;
  file_key key;
  const void* owner = nullptr;
  i32 pid = 0;
  i32 kind = 0;
  bool is_file = false; ///< the owner: nobody finds out whom it waits for
  range bytes{0, 0};

  bool overlaps(const range& other) const { return bytes.first <= other.last && other.first <= bytes.last; }
  /// Whether it stands in the way of the other one.
  bool excludes(const range_lock& other) const {
    return owner != other.owner && key == other.key && overlaps(other.bytes) &&
           (kind == lock_kinds::wrlck || other.kind == lock_kinds::wrlck);
  }
};

struct whole_lock {
  list_link link;
  file_key key;
  const file* owner = nullptr;
  i32 kind = 0;
  i32 pid = 0; ///< who locked it
};

struct lock_table {
  intrusive_list<range_lock, &range_lock::link> held, waiting;
  intrusive_list<whole_lock, &whole_lock::link> whole;
  wait_queue changed;
};

/// Takes away what somebody holds, of one file or of all. Whether there was anything; who waits is not woken yet.
bool drop(const void* owner, const file_key*);

/// Made at the first lock; null if memory is exhausted.
lock_table* locks();
/// Null as long as nothing was ever locked.
lock_table* existing_locks();

} // namespace polyabi::reference::record_locks
