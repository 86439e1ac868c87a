// Numbers of a Linux host that its sockets are asked with.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi::reference {

/// Numbers of arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/{linux,asm-generic}.
namespace linux_host {
inline constexpr i64 ioctl = 16, fcntl = 72, socket = 41, connect = 42, sendmsg = 46, recvmsg = 47, shutdown = 48, bind = 49,
                     listen = 50, getsockname = 51, getpeername = 52, setsockopt = 54, getsockopt = 55, accept4 = 288;
inline constexpr u64 nonblock = 0x800, cloexec = 0x80000;
inline constexpr u64 outq = 0x5411, at_mark = 0x8905;
inline constexpr u64 dontwait = 0x40, nosignal = 0x4000, cmsg_cloexec = 0x40000000;
} // namespace linux_host

} // namespace polyabi::reference
