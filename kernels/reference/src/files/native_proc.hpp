// The kernel's own /proc, as native programs see it and /dev/fd needs it.
#pragma once

#include <polyabi/reference/kernel.hpp>
#include <polyabi/vfs/pseudo.hpp>

namespace polyabi::reference {

/// 4.4BSD's process file system (FreeBSD's procfs(5) has the formats), with the descriptors as links.
extern const pseudo_tree<kernel> native_proc;

} // namespace polyabi::reference
