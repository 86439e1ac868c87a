// What the operations on paths have in common.
#pragma once

#include <polyabi/reference/file_operations.hpp>
#include <polyabi/reference/mount.hpp>

namespace polyabi::reference::paths {

inline process& process_of(thread& t) { return *t.owner; }

/// The directory a path starts in: asked only of relative ones, an absolute path does not look at the descriptor.
result<location> start(const process&, i32 directory, std::string_view path);

/// The same for a thread without the kernel lock, if the process has one thread, and its descriptors to itself: null if that is not known.
const location* start_unlocked(const process&, i32 directory, std::string_view path);

/// The file of a path; with `at::empty_path` an empty path is the descriptor's own file.
result<ref<vnode>> find(thread&, i32 directory, std::string_view path, u32 at_flags);
result<location> find_location(thread&, i32 directory, std::string_view path, bool follow_last = true);

/// The place of a name that is to be made, removed or moved, its last link not followed.
result<> find_name(thread&, i32 directory, std::string_view path, namei::name_in_directory&, bool follow_last = false);

/// Whether a name can be made there: EEXIST, ENOENT for a trailing slash unless it is a directory that is made, EACCES.
result<> may_make(const process&, const namei::name_in_directory&, bool directory);
/// Whether a name can be taken away: EBUSY at mounts, EACCES, EPERM in sticky directories.
result<> may_take(const process&, const namei::name_in_directory&);
/// Whether the caller may change the attributes of a file: its owner and who may act as one may.
result<> may_own(const process&, vnode&);

/// Changes with the checks and side effects of chmod, chown and utimes.
result<> change_mode(const process&, vnode&, u32 mode);
result<> change_owner(const process&, vnode&, u32 user, u32 group);
result<> change_times(const process&, vnode&, const time_pair*);
/// What a new size is checked for.
result<attribute_change> new_size(process&, const vnode&, i64 size);

} // namespace polyabi::reference::paths
