// Pipes and FIFOs: a ring of bytes with open files at both ends.
#pragma once

#include <polyabi/reference/file.hpp>

namespace polyabi::reference {

/// Bytes that a new pipe holds, those that one may hold of who may not exceed limits, and the longest write that is never mixed with
/// another's (PIPE_BUF).
inline constexpr usize pipe_capacity = 64 * 1024, largest_pipe = 1024 * 1024, pipe_atomic_write = 4096;

/// The two ends of a new pipe.
struct pipe_ends {
  ref<file> reader, writer;
};
/// `flags`: open_flags::nonblock or nothing.
result<pipe_ends> make_pipe(u32 flags);

/// Opens a FIFO of any file system: `node` is its vnode. Opens of the same device and inode meet. Sleeps for the other end, unless
/// the flags say otherwise (fifo(7)); the caller has checked permissions.
result<ref<file>> open_fifo(ref<vnode> node, u32 flags);

} // namespace polyabi::reference
