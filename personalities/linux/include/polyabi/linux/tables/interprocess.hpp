// System V and POSIX interprocess communication.
// Numbers of x86-64 and i386 (arch/x86/entry/syscalls), names as strace prints them.
#pragma once

#include <polyabi/core/syscall_table.hpp>
#include <polyabi/linux/call_arguments.hpp>
#include <polyabi/linux/handlers/interprocess.hpp>
#include <polyabi/linux/handlers/message_queues.hpp>

namespace polyabi::linux_abi {

namespace tables {

using namespace polyabi::arguments;

template <class Map>
using get_flags = system_v::get_flags<Map>;
using no_timeout = no<shape::timespec>;
using semaphore_operations = address_of_array<sembuf<lp64>>; // of one size on both architectures

// clang-format off
/// The sub-calls of i386's ipc (include/uapi/linux/ipc.h): first, second, third, pointer, fifth.
using ipc_calls = syscall_table<
    call<at{absent, 1}, "semop", status(int_, uint_, unused, address, no_timeout), handlers::ipc_semop>,
    call<at{absent, 2}, "semget", count(int_, int_, get_flags<ipc_get_flags>), system_v::semget>,
    call<at{absent, 3}, "semctl", count(int_, int_, int_, address), handlers::ipc_semctl>,
    call<at{absent, 4}, "semtimedop", status(int_, uint_, unused, address, in_or_null<timespec>), handlers::ipc_semop>,
    call<at{absent, 11}, "msgsnd", status(int_, uint_, flags<ipc_message_flags>, address), handlers::ipc_msgsnd>,
    call<at{absent, 12}, "msgrcv", count(int_, uint_, flags<ipc_message_flags>, address, slong), handlers::ipc_msgrcv>,
    call<at{absent, 13}, "msgget", count(int_, get_flags<ipc_get_flags>), system_v::msgget>,
    call<at{absent, 14}, "msgctl", count(int_, int_, unused, address), handlers::ipc_msgctl>,
    call<at{absent, 21}, "shmat", status(int_, flags<attach_flags>, address, address), handlers::ipc_shmat>,
    call<at{absent, 22}, "shmdt", status(unused, unused, unused, address), system_v::shmdt>,
    call<at{absent, 23}, "shmget", count(int_, size, get_flags<shm_get_flags>), system_v::shmget>,
    call<at{absent, 24}, "shmctl", count(int_, int_, unused, address), handlers::ipc_shmctl>>;

using interprocess_calls = syscall_table<
    call<at{29, 395}, "shmget", count(int_, size, get_flags<shm_get_flags>), system_v::shmget>,
    call<at{30, 397}, "shmat", word(int_, address, flags<attach_flags>), system_v::shmat>,
    call<at{31, 396}, "shmctl", count(int_, int_, pointer<shmid64_ds>), handlers::shmctl>,
    call<at{67, 398}, "shmdt", status(address), system_v::shmdt>,
    call<at{64, 393}, "semget", count(int_, int_, get_flags<ipc_get_flags>), system_v::semget>,
    call<at{65}, "semop", status(int_, semaphore_operations, uint_, no_timeout), system_v::semop<sembuf>>,
    call<at{220}, "semtimedop", status(int_, semaphore_operations, uint_, in_or_null<timespec>), system_v::semop<sembuf>>,
    call<at{absent, 420}, "semtimedop_time64", status(int_, semaphore_operations, uint_, in_or_null<timespec64>),
         system_v::semop<sembuf>>,
    call<at{66, 394}, "semctl", count(int_, int_, int_, pointer<semid64_ds>), handlers::semctl>,
    call<at{68, 399}, "msgget", count(int_, get_flags<ipc_get_flags>), system_v::msgget>,
    call<at{69, 400}, "msgsnd", status(int_, address, size, flags<ipc_message_flags>), system_v::msgsnd>,
    call<at{70, 401}, "msgrcv", count(int_, address, size, slong, flags<ipc_message_flags>), system_v::msgrcv>,
    call<at{71, 402}, "msgctl", count(int_, int_, pointer<msqid64_ds>), handlers::msgctl>,
    call<at{absent, 117}, "ipc", count(uint_, int_, ulong, ulong, address, slong),
         multiplexed<multiplex_style::shifted, ipc_calls, errc::nosys, 0xffff>>,
    call<at{240, 277}, "mq_open", new_fd(path, int_, file_mode, pointer<mq_attr>), handlers::mq_open>,
    call<at{241, 278}, "mq_unlink", status(path), handlers::mq_unlink>,
    call<at{242, 279}, "mq_timedsend", status(fd, address, size, uint_, in_or_null<timespec>), handlers::mq_timedsend>,
    call<at{absent, 418}, "mq_timedsend_time64", status(fd, address, size, uint_, in_or_null<timespec64>), handlers::mq_timedsend>,
    call<at{243, 280}, "mq_timedreceive", count(fd, address, size, address, in_or_null<timespec>), handlers::mq_timedreceive>,
    call<at{absent, 419}, "mq_timedreceive_time64", count(fd, address, size, address, in_or_null<timespec64>),
         handlers::mq_timedreceive>,
    call<at{244, 281}, "mq_notify", status(fd, pointer<sigevent>), handlers::mq_notify>,
    call<at{245, 282}, "mq_getsetattr", status(fd, pointer<mq_attr>, pointer<mq_attr>), handlers::mq_getsetattr>>;
// clang-format on

} // namespace tables

} // namespace polyabi::linux_abi
