// The commands of fcntl(2): F_* (include/uapi/asm-generic/fcntl.h, include/uapi/linux/fcntl.h).
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi::linux_abi {

namespace fcntl_commands {
inline constexpr i32 dupfd = 0, getfd = 1, setfd = 2, getfl = 3, setfl = 4, getlk = 5, setlk = 6, setlkw = 7, setown = 8,
                     getown = 9, setsig = 10, getsig = 11, getlk64 = 12, setlk64 = 13, setlkw64 = 14, setown_ex = 15,
                     getown_ex = 16, ofd_getlk = 36, ofd_setlk = 37, ofd_setlkw = 38, setlease = 1024, getlease = 1025,
                     notify = 1026, dupfd_query = 1027, dupfd_cloexec = 1030, setpipe_sz = 1031, getpipe_sz = 1032,
                     add_seals = 1033, get_seals = 1034;
} // namespace fcntl_commands

} // namespace polyabi::linux_abi
