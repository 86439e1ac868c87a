// The file systems of a Linux host.
#pragma once

#include <polyabi/reference/device_numbers.hpp>

#include <algorithm>

namespace polyabi::reference::linux_host {

/// Those whose files are what was written to them, by their types as statfs(2) has them (include/uapi/linux/magic.h; XFS, ZFS
/// and SquashFS in their own headers): on disks, in memory, and laid over others. Not those of the kernel's own making, nor of
/// a network.
inline constexpr u64 file_systems_of_bytes[]{
    0xef53,      // ext2, ext3, ext4
    0x58465342,  // XFS
    0x9123'683e, // Btrfs
    0xf2f5'2010, // F2FS
    0x2fc1'2fc1, // ZFS
    file_system_types::memory, // tmpfs
    0x8584'58f6, // ramfs
    0x794c'7630, // overlayfs
    0x7371'7368, // SquashFS
    0xe0f5'e1e2, // EROFS
};

constexpr bool keeps_bytes(u64 file_system_type) {
  return std::ranges::find(file_systems_of_bytes, file_system_type & 0xffff'ffff) != std::end(file_systems_of_bytes);
}

} // namespace polyabi::reference::linux_host
