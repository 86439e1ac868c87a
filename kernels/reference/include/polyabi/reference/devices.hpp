// The device file system and the standard streams.
#pragma once

#include <polyabi/reference/device_numbers.hpp>
#include <polyabi/reference/file.hpp>

namespace polyabi::reference {

struct boot_options;

/// The root of the device file system, to be mounted at /dev: null zero full random urandom tty console ptmx, the directory pts
/// with the open pseudo-terminals, the links fd, stdin, stdout and stderr into /proc/self/fd, and the empty directory shm,
/// which is there to have a tmpfs mounted on it. Made at the first call; null if memory is exhausted.
ref<vnode> device_root();

/// Opens the kernel's device of a number, whatever file system has the node. ENODEV if it has none of that number.
result<ref<file>> open_device(u64 number, u32 flags);

/// The open file of one of the first program's standard streams (0 to 2). Null if the host has it closed.
ref<file> standard_stream(u32 which, const boot_options&);
/// The open file of a host descriptor that the first program is given: the console if that is the host's terminal, otherwise a
/// file of the host's stream, whose end closes the descriptor if it is `owned`.
ref<file> inherited_stream(i32 descriptor, bool owned, const boot_options&);

/// An open file that reads and writes a host descriptor, which it owns if `owned`. Null if memory is exhausted or it is not
/// open.
ref<file> host_stream(i32 descriptor, u32 flags, bool owned);
/// The same for an inherited one: its access mode is found out.
ref<file> host_stream(i32 descriptor, bool owned);
/// The access mode of a host's descriptor, found out by transfers of nothing.
u32 access_by_transfers(i32 descriptor);

} // namespace polyabi::reference
