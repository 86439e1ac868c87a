// The file systems of this kernel that can be mounted. devices.hpp has the device file system.
#pragma once

#include <polyabi/core/personality.hpp>
#include <polyabi/reference/vnode.hpp>

namespace polyabi::reference {

struct kernel;

/// The host's directory `descriptor` (opened with open_how::path_only, owned from now on) and all below it. Never leaves it: the host
/// is asked for one name at a time, and never for "..".
result<ref<vnode>> make_host_file_system(i32 descriptor);

/// An empty file system in memory. `frozen`: a skeleton for mounts, in which only the kernel makes names (`add_mount_point`); users
/// make theirs in the other root's directory. `size`: the bytes it may hold, as text; without it what the setting tmpfs.size says.
result<ref<vnode>> make_memory_file_system(u32 mode, bool frozen = false, std::string_view size = {});

/// Nothing in the file system of this root can be changed any more, or it can again. EBUSY while a file is open to be written,
/// EINVAL for one that is not in memory.
result<> set_read_only(vnode& root, bool);

/// A tree of pseudo files.
result<ref<vnode>> make_pseudo_file_system(const pseudo_tree<kernel>&);

} // namespace polyabi::reference
