// Device numbers: how a number is put together, and the numbers of the kernel's own devices.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi::reference {

/// 4.4BSD keeps the major number in bits 8 to 15 and the minor number around it; the upper half extends both, as FreeBSD's
/// <sys/types.h> does since 12.0.
constexpr u64 make_device(u32 major, u32 minor) {
  return (u64{major & 0xffffff00} << 32) | (u64{major & 0xff} << 8) | (u64{minor & 0xff00} << 24) | (minor & 0xffff00ff);
}
constexpr u32 device_major(u64 device) { return static_cast<u32>(((device >> 32) & 0xffffff00) | ((device >> 8) & 0xff)); }
constexpr u32 device_minor(u64 device) { return static_cast<u32>(((device >> 24) & 0xff00) | (device & 0xffff00ff)); }
static_assert(device_major(make_device(0x12345, 0x678abc)) == 0x12345 && device_minor(make_device(0x12345, 0x678abc)) == 0x678abc);

/// The majors are those of 4.4BSD for i386 (conf.c), that of tunnels FreeBSD's of old, the minors those of its mem(4) where it has the
/// device. The console's minor is not 0: 0:0 is the number of files that are no devices.
namespace device_numbers {
inline constexpr u64 console = make_device(0, 1), tty = make_device(1, 0), null = make_device(2, 2), random = make_device(2, 3),
                     urandom = make_device(2, 4), zero = make_device(2, 12), full = make_device(2, 13),
                     ptmx = make_device(6, 0), tunnel = make_device(52, 0);
inline constexpr u32 slave_major = 5;
constexpr u64 slave(u32 number) { return make_device(slave_major, number); }
} // namespace device_numbers

/// `stat::dev` of the file systems in this folder.
namespace file_system_ids { inline constexpr u64 devices = 2, pipes = 3, anonymous = 4, sockets = 8; }
/// `statfs::type`: Linux' numbers (include/uapi/linux/magic.h), as the host's file systems have them, too. Device files are told of
/// as of its devtmpfs.
namespace file_system_types {
inline constexpr u64 memory = 0x01021994, proc = 0x9fa0, system = 0x62656572, devices = memory, slaves = 0x1cd1, pipes = 0x50495045,
                     sockets = 0x534f434b, anonymous = 0x09041934;
}

} // namespace polyabi::reference
