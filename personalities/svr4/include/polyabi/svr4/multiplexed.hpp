// Numbers that stand for several calls: the first argument chooses (sys/syscall.h).
#pragma once

#include <polyabi/svr4/handlers/context.hpp>
#include <polyabi/svr4/handlers/files.hpp>
#include <polyabi/svr4/handlers/high_resolution.hpp>
#include <polyabi/svr4/handlers/interprocess.hpp>
#include <polyabi/svr4/handlers/lwp_segments.hpp>
#include <polyabi/svr4/handlers/lwp_synchronisation.hpp>
#include <polyabi/svr4/handlers/process.hpp>
#include <polyabi/svr4/handlers/scheduling.hpp>
#include <polyabi/svr4/handlers/signals.hpp>
#include <polyabi/svr4/handlers/system.hpp>
#include <polyabi/svr4/structures/file.hpp>
#include <polyabi/svr4/structures/stat.hpp>

namespace polyabi::svr4 {

// clang-format off
namespace families {

using namespace arguments;

template <class Table, errc Unknown = errc::inval>
using family = multiplexed<multiplex_style::shifted, Table, Unknown>;

using pgrpsys = family<syscall_table<
    call<at{0}, "getpgrp", count(constant<i32{0}>), op::getpgid>,
    call<at{1}, "setpgrp", count(), handlers::setpgrp>,
    call<at{2}, "getsid", count(pid), op::getsid>,
    call<at{3}, "setsid", count(), op::setsid>,
    call<at{4}, "getpgid", count(pid), op::getpgid>,
    call<at{5}, "setpgid", status(pid, pid), op::setpgid>>>;

template <class Map>
using get_flags = system_v::get_flags<Map>;

using msgsys = family<syscall_table<
    call<at{0}, "msgget", count(int_, get_flags<ipc_get_flags>), system_v::msgget>,
    call<at{1}, "msgctl", count(int_, int_, address), handlers::msgctl>,
    call<at{2}, "msgrcv", count(int_, address, size, slong, flags<ipc_message_flags>), system_v::msgrcv>,
    call<at{3}, "msgsnd", status(int_, address, size, flags<ipc_message_flags>), system_v::msgsnd>,
    call<at{4}, "msgids", status(address, uint_, address), handlers::msgids>,
    call<at{5}, "msgsnap", status(int_, address, size, slong), missing<"messages are not told without being taken">>>>;

using shmsys = family<syscall_table<
    call<at{0}, "shmat", word(int_, address, flags<attach_flags>), system_v::shmat>,
    call<at{1}, "shmctl", count(int_, int_, address), handlers::shmctl>,
    call<at{2}, "shmdt", status(address), system_v::shmdt>,
    call<at{3}, "shmget", count(int_, size, get_flags<ipc_get_flags>), system_v::shmget>,
    call<at{4}, "shmids", status(address, uint_, address), handlers::shmids>>>;

using semsys = family<syscall_table<
    call<at{0}, "semctl", count(int_, int_, int_, address), handlers::semctl>,
    call<at{1}, "semget", count(int_, int_, get_flags<ipc_get_flags>), system_v::semget>,
    call<at{2}, "semop", status(int_, address, size, no<shape::timespec>), system_v::semop<sembuf>>,
    call<at{3}, "semids", status(address, uint_, address), handlers::semids>,
    call<at{4}, "semtimedop", status(int_, address, size, in_or_null<timespec>), system_v::semop<sembuf>>>>;

using sysi86 = family<syscall_table<
    call<at{40}, "sysi86_fphw", status(scalars<ilp32_i386::i32>), handlers::floating_point_kind>,
    call<at{41}, "sysi86_fpstart", status(address, uint_, uint_), missing<"floating point needs no start">>,
    call<at{54}, "sysi86_stime", status(slong), refused<errc::perm, "the host's clock is not set">>,
    call<at{56}, "sysi86_setname", status(string<64, errc::inval>), op::set_host_name>,
    call<at{65}, "sysi86_mem", count(), handlers::memory_size>,
    call<at{71}, "sysi86_v86", status(int_, address), refused<errc::inval, "no virtual 8086 mode">>,
    call<at{75}, "sysi86_dscr", status(address), missing<"descriptor tables">>,
    call<at{111}, "sysi86_wtodc", status(address), refused<errc::perm, "the host's clock is not set">>,
    call<at{112}, "sysi86_sgmtl", status(int_), refused<errc::perm, "the host's clock is not set">>,
    call<at{113}, "sysi86_ggmtl", status(address), missing<"the hardware clock's zone">>,
    call<at{114}, "sysi86_rtcsync", status(), refused<errc::perm, "the host's clock is not set">>>>;

using forksys = family<syscall_table<
    call<at{0}, "forkx", child(uint_), handlers::fork_with_flags<false>>,
    call<at{1}, "forkallx", child(uint_), handlers::fork_with_flags<false>>,
    call<at{2}, "vforkx", child(uint_), handlers::fork_with_flags<true>>>>;

using lwp_park = family<syscall_table<
    call<at{0}, "lwp_park", status(pointer<timespec>, int_), handlers::lwp_park>,
    call<at{1}, "lwp_unpark", status(int_), handlers::lwp_unpark<true>>,
    call<at{2}, "lwp_unpark_all", status(scalars<ilp32_i386::i32>, int_), handlers::lwp_unpark_all>,
    call<at{3}, "lwp_unpark_cancel", status(int_), handlers::lwp_unpark<false>>,
    call<at{4}, "lwp_set_park", status(pointer<timespec>, int_), handlers::lwp_park>>>;

using lwp_rwlock_sys = family<syscall_table<
    call<at{0}, "lwp_rwlock_rdlock", status(address, pointer<timespec>), handlers::lwp_rwlock_take<false, true>>,
    call<at{1}, "lwp_rwlock_wrlock", status(address, pointer<timespec>), handlers::lwp_rwlock_take<true, true>>,
    call<at{2}, "lwp_rwlock_tryrdlock", status(address, pointer<timespec>), handlers::lwp_rwlock_take<false, false>>,
    call<at{3}, "lwp_rwlock_trywrlock", status(address, pointer<timespec>), handlers::lwp_rwlock_take<true, false>>,
    call<at{4}, "lwp_rwlock_unlock", status(address), handlers::lwp_rwlock_release>>>;

using fsat = family<syscall_table<
    call<at{0}, "openat", new_fd(directory, path, flags<open_flags>, file_mode), op::open>,
    call<at{1}, "openat64", new_fd(directory, path, flags<open_flags>, file_mode), op::open>,
    call<at{2}, "fstatat64", status(directory, path, pointer<stat64>, flags<at_flags>), handlers::stat_at<stat64>>,
    call<at{3}, "fstatat", status(directory, path, pointer<stat>, flags<at_flags>), handlers::stat_at<stat>>,
    call<at{4}, "renameat", status(directory, path, directory, path), op::rename>,
    call<at{5}, "fchownat", status(directory, path, user_id, group_id, flags<at_flags>), op::chown>,
    call<at{6}, "unlinkat", status(directory, path, flags<at_flags>), op::unlink>,
    call<at{7}, "futimesat", status(directory, path, in_or_null<timeval_pair>, given<at_flag::none>), op::set_times>>>;

using sysfs = family<syscall_table<
    call<at{1}, "getfsind", count(string<16, errc::inval>), handlers::type_index>,
    call<at{2}, "getfstyp", status(uint_, address), handlers::type_name>,
    call<at{3}, "getnfstyp", count(), handlers::type_count>>>;

using sigpending = family<syscall_table<
    call<at{1}, "sigpending", status(out<sigset>), op::pending>,
    call<at{2}, "sigfillset", status(pointer<sigset>), handlers::fill_set>>>;

using context_calls = family<syscall_table<
    call<at{0}, "getcontext", status(pointer<ucontext>), handlers::getcontext>,
    call<at{1}, "setcontext", registers_set(pointer<ucontext>), handlers::setcontext>,
    call<at{2}, "getustack", status(address), handlers::getustack>,
    call<at{3}, "setustack", status(address), handlers::setustack>>>;

using hrtsys = family<syscall_table<
    call<at{0}, "hrtcntl", count(int_, int_, address, pointer<hrtime>), handlers::hrtcntl>,
    call<at{1}, "hrtalarm", count(pointer<hrtcmd>, int_), handlers::hrtalarm>,
    call<at{2}, "hrtsleep", status(pointer<hrtcmd>), handlers::hrtsleep>,
    call<at{3}, "hrtcancel", count(address, int_), refused<errc::inval, "alarms that end as events in a queue">>>>;

using priocntlsys = family<syscall_table<
    call<at{1}, "priocntl", count(address, int_, address), handlers::priocntl>>>;

using rusagesys = family<syscall_table<
    call<at{0}, "getrusage", status(given<usage_of::self>, out<rusage>), op::get_usage>,
    call<at{1}, "getrusage_children", status(given<usage_of::children>, out<rusage>), op::get_usage>,
    call<at{2}, "getrusage_lwp", status(given<usage_of::thread>, out<rusage>), op::get_usage>,
    call<at{3}, "getvmusage", status(uint_, slong, address, address), refused<errc::nosys, "memory is not counted by projects and zones">>>>;

/// The first argument is the version of the structure: 1 is SVR3's, 2 the present one.
using xstat = family<syscall_table<
    call<at{1}, "xstat_r3", status(here, path, given<at_flag::none>, out<old_stat>), op::stat>,
    call<at{2}, "xstat", status(here, path, given<at_flag::none>, out<stat>), op::stat>>>;
using lxstat = family<syscall_table<
    call<at{1}, "lxstat_r3", status(here, path, given<at_flag::symlink_nofollow>, out<old_stat>), op::stat>,
    call<at{2}, "lxstat", status(here, path, given<at_flag::symlink_nofollow>, out<stat>), op::stat>>>;
using fxstat = family<syscall_table<
    call<at{1}, "fxstat_r3", status(fd, out<old_stat>), op::fstat>,
    call<at{2}, "fxstat", status(fd, out<stat>), op::fstat>>>;
using xmknod = family<syscall_table<
    call<at{1}, "xmknod_r3", status(here, path, file_mode, old_device), op::mknod>,
    call<at{2}, "xmknod", status(here, path, file_mode, device), op::mknod>>>;

} // namespace families
// clang-format on

} // namespace polyabi::svr4
