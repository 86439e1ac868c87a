// System V and POSIX interprocess communication.
// Numbers of x86-64 and i386 (arch/x86/entry/syscalls), names as strace prints them.
#pragma once

#include <polyabi/core/syscall_table.hpp>
#include <polyabi/linux/call_arguments.hpp>
#include <polyabi/linux/structures/time.hpp>

namespace polyabi::linux_abi {

namespace tables {

using namespace polyabi::arguments;

using no_system_v = refused<errc::nosys, "a kernel without System V IPC">;
using no_message_queues = refused<errc::nosys, "a kernel without message queues">;

// clang-format off
/// The sub-calls of i386's ipc (include/uapi/linux/ipc.h): first, second, third, pointer, fifth.
using ipc_calls = syscall_table<
    call<at{absent, 1}, "semop", status(int_, uint_, unused, address), no_system_v>,
    call<at{absent, 2}, "semget", count(int_, int_, int_), no_system_v>,
    call<at{absent, 3}, "semctl", count(int_, int_, int_, address), no_system_v>,
    call<at{absent, 4}, "semtimedop", status(int_, uint_, unused, address, address), no_system_v>,
    call<at{absent, 11}, "msgsnd", status(int_, uint_, int_, address), no_system_v>,
    call<at{absent, 12}, "msgrcv", count(int_, uint_, int_, address, slong), no_system_v>,
    call<at{absent, 13}, "msgget", count(int_, int_), no_system_v>,
    call<at{absent, 14}, "msgctl", count(int_, int_, unused, address), no_system_v>,
    call<at{absent, 21}, "shmat", status(int_, int_, address, address), no_system_v>,
    call<at{absent, 22}, "shmdt", status(unused, unused, unused, address), no_system_v>,
    call<at{absent, 23}, "shmget", count(int_, uint_, int_), no_system_v>,
    call<at{absent, 24}, "shmctl", count(int_, int_, unused, address), no_system_v>>;

using interprocess_calls = syscall_table<
    call<at{29, 395}, "shmget", count(int_, size, int_), no_system_v>,
    call<at{30, 397}, "shmat", word(int_, address, int_), no_system_v>,
    call<at{31, 396}, "shmctl", count(int_, int_, address), no_system_v>,
    call<at{67, 398}, "shmdt", status(address), no_system_v>,
    call<at{64, 393}, "semget", count(int_, int_, int_), no_system_v>,
    call<at{65}, "semop", status(int_, address, uint_), no_system_v>,
    call<at{220}, "semtimedop", status(int_, address, uint_, in_or_null<timespec>), no_system_v>,
    call<at{absent, 420}, "semtimedop_time64", status(int_, address, uint_, in_or_null<timespec64>), no_system_v>,
    call<at{66, 394}, "semctl", count(int_, int_, int_, address), no_system_v>,
    call<at{68, 399}, "msgget", count(int_, int_), no_system_v>,
    call<at{69, 400}, "msgsnd", status(int_, address, size, int_), no_system_v>,
    call<at{70, 401}, "msgrcv", count(int_, address, size, slong, int_), no_system_v>,
    call<at{71, 402}, "msgctl", count(int_, int_, address), no_system_v>,
    call<at{absent, 117}, "ipc", count(uint_, int_, ulong, ulong, address, slong),
         multiplexed<multiplex_style::shifted, ipc_calls, errc::nosys, 0xffff>>,
    call<at{240, 277}, "mq_open", new_fd(path, int_, file_mode, address), no_message_queues>,
    call<at{241, 278}, "mq_unlink", status(path), no_message_queues>,
    call<at{242, 279}, "mq_timedsend", status(fd, bytes_in, uint_, in_or_null<timespec>), no_message_queues>,
    call<at{absent, 418}, "mq_timedsend_time64", status(fd, bytes_in, uint_, in_or_null<timespec64>), no_message_queues>,
    call<at{243, 280}, "mq_timedreceive", count(fd, bytes_out, address, in_or_null<timespec>), no_message_queues>,
    call<at{absent, 419}, "mq_timedreceive_time64", count(fd, bytes_out, address, in_or_null<timespec64>), no_message_queues>,
    call<at{244, 281}, "mq_notify", status(fd, address), no_message_queues>,
    call<at{245, 282}, "mq_getsetattr", status(fd, address, address), no_message_queues>>;
// clang-format on

} // namespace tables

} // namespace polyabi::linux_abi
