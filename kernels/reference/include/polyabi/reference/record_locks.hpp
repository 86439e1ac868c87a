// Advisory locks: byte ranges of a process (POSIX) or of an open file, and whole files of an open file (flock).
#pragma once

#include <polyabi/reference/file.hpp>

namespace polyabi::reference::record_locks {

/// A range with both ends in it; `last` is the largest offset for "to the end of the file".
struct range {
  i64 first, last;
};
/// Resolves a flock structure against the file's position and size. EINVAL or EOVERFLOW as fcntl(2) says.
result<range> resolve(file&, const flock&);

/// Whose a lock is: of all who share a descriptor table, or of an open file. Of the former somebody is told the process.
struct lock_owner {
  const void* who;
  i32 pid;
  bool is_file;
  lock_owner(const descriptor_table& table, i32 process) : who{&table}, pid{process}, is_file{false} {}
  lock_owner(file& f) : who{&f}, pid{-1}, is_file{true} {}
};

/// The first lock in the way of `wanted`; `wanted.type` becomes lock_kinds::unlck if there is none.
result<> test(const lock_owner&, file&, flock& wanted);
/// Sets or clears a range.
result<> set(const lock_owner&, file&, const flock&, bool wait);
/// The owner has closed some descriptor of this file: its range locks on it go.
void closed(const descriptor_table& owner, const file&);

/// flock(2). The owner is the open file.
result<> lock_whole(file&, i32 kind, bool wait);
/// The open file goes, and the locks that it owns.
void released(const file&);

/// See op::next_lock.
bool describe(u32 index, lock_info& out);
/// Locks in force or waited for, for tests.
usize count();

} // namespace polyabi::reference::record_locks
