// Names, attributes, directories, mounts.
// Numbers of x86-64 and i386 (arch/x86/entry/syscalls), names as strace prints them.
#pragma once

#include <polyabi/core/syscall_table.hpp>
#include <polyabi/linux/handlers/mounts.hpp>
#include <polyabi/linux/handlers/paths.hpp>
#include <polyabi/linux/structures/stat.hpp>

namespace polyabi::linux_abi {

namespace tables {

using namespace polyabi::arguments;

using first_stat = refused<errc::nosys, "the first stat: no program since 1995 uses it">;
using administrator = refused<errc::perm, "only for the administrator">;
using fixed_mounts = refused<errc::perm, "mounts are made when the system is started">;
using mounts_in_proc = refused<errc::nosys, "a kernel without it: programs read /proc/mounts">;
using no_quotas = refused<errc::nosys, "a kernel without disk quotas">;

// clang-format off
using path_calls = syscall_table<
    call<at{4}, "stat", status(here, path, given<at_flag::none>, out<stat>), op::stat>,
    call<at{absent, 106}, "stat", status(here, path, given<at_flag::none>, out<stat>), op::stat>,
    call<at{6, 107}, "lstat", status(here, path, given<at_flag::symlink_nofollow>, out<stat>), op::stat>,
    call<at{5, 108}, "fstat", status(fd, out<stat>), op::fstat>,
    call<at{absent, 195}, "stat64", status(here, path, given<at_flag::none>, out<stat64>), op::stat>,
    call<at{absent, 196}, "lstat64", status(here, path, given<at_flag::symlink_nofollow>, out<stat64>), op::stat>,
    call<at{absent, 197}, "fstat64", status(fd, out<stat64>), op::fstat>,
    call<at{262}, "newfstatat", status(directory, nullable_path, out<stat>, flags<stat_at_flags>), handlers::stat_at>,
    call<at{absent, 300}, "fstatat64", status(directory, nullable_path, out<stat64>, flags<stat_at_flags>), handlers::stat_at>,
    call<at{332, 383}, "statx", status(directory, nullable_path, flags<statx_at_flags>, uint_, out<statx>), handlers::statx_at>,
    call<at{absent, 18}, "oldstat", status(path, address), first_stat>,
    call<at{absent, 84}, "oldlstat", status(path, address), first_stat>,
    call<at{absent, 28}, "oldfstat", status(fd, address), first_stat>,
    call<at{21, 33}, "access", status(here, path, flags<access_checks>, given<at_flag::none>), op::access>,
    call<at{269, 307}, "faccessat", status(directory, path, flags<access_checks>, given<at_flag::none>), op::access>,
    call<at{439, 439}, "faccessat2", status(directory, path, flags<access_checks>, flags<access_at_flags>), op::access>,
    call<at{79, 183}, "getcwd", count(bytes_out), op::getcwd>,
    call<at{80, 12}, "chdir", status(path), op::chdir>,
    call<at{81, 133}, "fchdir", status(fd), op::fchdir>,
    call<at{161, 61}, "chroot", status(path), op::chroot>,
    call<at{95, 60}, "umask", count(file_mode), op::umask>,
    call<at{83, 39}, "mkdir", status(here, path, file_mode), op::mkdir>,
    call<at{258, 296}, "mkdirat", status(directory, path, file_mode), op::mkdir>,
    call<at{84, 40}, "rmdir", status(here, path, given<at_flag::removedir>), op::unlink>,
    call<at{87, 10}, "unlink", status(here, path, given<at_flag::none>), op::unlink>,
    call<at{263, 301}, "unlinkat", status(directory, path, flags<unlink_at_flags>), op::unlink>,
    call<at{82, 38}, "rename", status(here, path, here, path), op::rename>,
    call<at{264, 302}, "renameat", status(directory, path, directory, path), op::rename>,
    call<at{316, 353}, "renameat2", status(directory, path, directory, path, uint_), handlers::renameat2>,
    call<at{86, 9}, "link", status(here, path, here, path, given<at_flag::none>), op::link>,
    call<at{265, 303}, "linkat", status(directory, path, directory, path, flags<link_at_flags>), op::link>,
    call<at{88, 83}, "symlink", status(path, here, path), op::symlink>,
    call<at{266, 304}, "symlinkat", status(path, directory, path), op::symlink>,
    call<at{89, 85}, "readlink", count(here, path, link_buffer), op::readlink>,
    call<at{267, 305}, "readlinkat", count(directory, path, link_buffer), op::readlink>,
    call<at{90, 15}, "chmod", status(here, path, file_mode, given<at_flag::none>), op::chmod>,
    call<at{91, 94}, "fchmod", status(fd, file_mode), op::fchmod>,
    call<at{268, 306}, "fchmodat", status(directory, path, file_mode, given<at_flag::none>), op::chmod>,
    call<at{452, 452}, "fchmodat2", status(directory, path, file_mode, flags<owner_at_flags>), op::chmod>,
    call<at{92}, "chown", status(here, path, user_id, group_id, given<at_flag::none>), op::chown>,
    call<at{absent, 182}, "chown", status(here, path, id16, id16, given<at_flag::none>), op::chown>,
    call<at{absent, 212}, "chown32", status(here, path, user_id, group_id, given<at_flag::none>), op::chown>,
    call<at{94}, "lchown", status(here, path, user_id, group_id, given<at_flag::symlink_nofollow>), op::chown>,
    call<at{absent, 16}, "lchown", status(here, path, id16, id16, given<at_flag::symlink_nofollow>), op::chown>,
    call<at{absent, 198}, "lchown32", status(here, path, user_id, group_id, given<at_flag::symlink_nofollow>), op::chown>,
    call<at{93}, "fchown", status(fd, user_id, group_id), op::fchown>,
    call<at{absent, 95}, "fchown", status(fd, id16, id16), op::fchown>,
    call<at{absent, 207}, "fchown32", status(fd, user_id, group_id), op::fchown>,
    call<at{260, 298}, "fchownat", status(directory, path, user_id, group_id, flags<owner_at_flags>), op::chown>,
    call<at{133, 14}, "mknod", status(here, path, node_mode, device_number), op::mknod>,
    call<at{259, 297}, "mknodat", status(directory, path, node_mode, device_number), op::mknod>,
    call<at{132, 30}, "utime", status(here, path, in_or_null<utimbuf>, given<at_flag::none>), op::set_times>,
    call<at{235, 271}, "utimes", status(here, path, in_or_null<timeval_pair>, given<at_flag::none>), op::set_times>,
    call<at{261, 299}, "futimesat", status(directory, nullable_path, in_or_null<timeval_pair>, given<at_flag::none>),
         handlers::set_times>,
    call<at{280, 320}, "utimensat", status(directory, nullable_path, in_or_null<time_pair>, flags<owner_at_flags>),
         handlers::set_times>,
    call<at{absent, 412}, "utimensat_time64", status(directory, nullable_path, in_or_null<time_pair64>, flags<owner_at_flags>),
         handlers::set_times>,
    call<at{76, 92}, "truncate", status(path, arguments::offset), op::truncate>,
    call<at{absent, 193}, "truncate64", status(path, offset64), op::truncate>,
    call<at{137, 99}, "statfs", status(path, out<statfs>), op::statfs>,
    call<at{138, 100}, "fstatfs", status(fd, out<statfs>), op::fstatfs>,
    call<at{absent, 268}, "statfs64", status(path, must_be<sizeof(statfs64<ilp32_i386>)>, out<statfs64>), op::statfs>,
    call<at{absent, 269}, "fstatfs64", status(fd, must_be<sizeof(statfs64<ilp32_i386>)>, out<statfs64>), op::fstatfs>,
    call<at{136, 62}, "ustat", status(uint_, address), refused<errc::nosys, "statfs tells more">>,
    call<at{188, 226}, "setxattr", status(here, path, attribute_name, bytes_in, attribute_flags, given<at_flag::none>),
         op::set_attribute>,
    call<at{189, 227}, "lsetxattr", status(here, path, attribute_name, bytes_in, attribute_flags, given<at_flag::symlink_nofollow>),
         op::set_attribute>,
    call<at{190, 228}, "fsetxattr", status(fd, no_path, attribute_name, bytes_in, attribute_flags, given<at_flag::empty_path>),
         op::set_attribute>,
    call<at{191, 229}, "getxattr", count(here, path, attribute_name, bytes_out, given<at_flag::none>), op::get_attribute>,
    call<at{192, 230}, "lgetxattr", count(here, path, attribute_name, bytes_out, given<at_flag::symlink_nofollow>),
         op::get_attribute>,
    call<at{193, 231}, "fgetxattr", count(fd, no_path, attribute_name, bytes_out, given<at_flag::empty_path>), op::get_attribute>,
    call<at{194, 232}, "listxattr", count(here, path, bytes_out, given<at_flag::none>), op::list_attributes>,
    call<at{195, 233}, "llistxattr", count(here, path, bytes_out, given<at_flag::symlink_nofollow>), op::list_attributes>,
    call<at{196, 234}, "flistxattr", count(fd, no_path, bytes_out, given<at_flag::empty_path>), op::list_attributes>,
    call<at{197, 235}, "removexattr", status(here, path, attribute_name, given<at_flag::none>), op::remove_attribute>,
    call<at{198, 236}, "lremovexattr", status(here, path, attribute_name, given<at_flag::symlink_nofollow>), op::remove_attribute>,
    call<at{199, 237}, "fremovexattr", status(fd, no_path, attribute_name, given<at_flag::empty_path>), op::remove_attribute>,
    call<at{303, 341}, "name_to_handle_at", status(directory, path, address, address, int_),
         refused<errc::opnotsupp, "file systems here cannot be exported">>,
    call<at{304, 342}, "open_by_handle_at", new_fd(fd, address, int_), administrator>,
    call<at{165, 21}, "mount", status(address, path, address, ulong, address), handlers::mount>,
    call<at{absent, 22}, "umount", status(path, constant<i32{0}>), handlers::umount2>,
    call<at{166, 52}, "umount2", status(path, int_), handlers::umount2>,
    call<at{155, 217}, "pivot_root", status(path, path), op::pivot_root>,
    call<at{428, 428}, "open_tree", new_fd(directory, path, uint_), fixed_mounts>,
    call<at{429, 429}, "move_mount", status(directory, path, directory, path, uint_), fixed_mounts>,
    call<at{430, 430}, "fsopen", new_fd(address, uint_), fixed_mounts>,
    call<at{431, 431}, "fsconfig", status(fd, uint_, address, address, int_), fixed_mounts>,
    call<at{432, 432}, "fsmount", new_fd(fd, uint_, uint_), fixed_mounts>,
    call<at{433, 433}, "fspick", new_fd(directory, path, uint_), fixed_mounts>,
    call<at{442, 442}, "mount_setattr", status(directory, path, uint_, address, size), fixed_mounts>,
    call<at{457, 457}, "statmount", status(address, address, size, uint_), mounts_in_proc>,
    call<at{458, 458}, "listmount", count(address, address, size, uint_), mounts_in_proc>,
    call<at{179, 131}, "quotactl", status(uint_, address, uint_, address), no_quotas>,
    call<at{443, 443}, "quotactl_fd", status(fd, uint_, uint_, address), no_quotas>>;
// clang-format on

} // namespace tables

} // namespace polyabi::linux_abi
