// Advisory locks: byte ranges of a process (POSIX) and whole files of an open file (flock).
#pragma once

#include <polyabi/reference/file.hpp>

namespace polyabi::reference::record_locks {

/// A range with both ends in it; `last` is the largest offset for "to the end of the file".
struct range {
  i64 first, last;
};
/// Resolves a flock structure against the file's position and size. EINVAL or EOVERFLOW as fcntl(2) says.
result<range> resolve(file&, const flock&);

/// The first lock in the way of `wanted`; `wanted.type` becomes lock_kinds::unlck if there is none.
result<> test(const descriptor_table& owner, file&, flock& wanted);
/// Sets or clears a range. The owner is the descriptor table, which the threads of a process share and fork copies.
result<> set(const descriptor_table& owner, i32 pid, file&, const flock&, bool wait);
/// The owner has closed some descriptor of this file: its range locks on it go.
void closed(const descriptor_table& owner, const file&);

/// flock(2). The owner is the open file.
result<> lock_whole(file&, i32 kind, bool wait);
/// The open file goes.
void released(const file&);

/// Locks in force or waited for, for tests.
usize count();

} // namespace polyabi::reference::record_locks
