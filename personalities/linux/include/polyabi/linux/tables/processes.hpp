// Processes, threads, identities, limits, scheduling.
// Numbers of x86-64 and i386 (arch/x86/entry/syscalls), names as strace prints them.
#pragma once

#include <polyabi/core/syscall_table.hpp>
#include <polyabi/linux/call_arguments.hpp>
#include <polyabi/linux/handlers/comparison.hpp>
#include <polyabi/linux/handlers/futex.hpp>
#include <polyabi/linux/handlers/identities.hpp>
#include <polyabi/linux/handlers/io_priorities.hpp>
#include <polyabi/linux/handlers/limits.hpp>
#include <polyabi/linux/handlers/pidfd.hpp>
#include <polyabi/linux/handlers/process_control.hpp>
#include <polyabi/linux/handlers/processes.hpp>
#include <polyabi/linux/handlers/ptrace.hpp>
#include <polyabi/linux/handlers/restartable_sequences.hpp>
#include <polyabi/linux/handlers/scheduling.hpp>
#include <polyabi/linux/handlers/segments.hpp>
#include <polyabi/linux/handlers/waiting.hpp>

namespace polyabi::linux_abi {

namespace tables {

using namespace polyabi::arguments;

using only_32_bit = refused<errc::nosys, "a call of 32-bit programs">;
using no_ports = refused<errc::perm, "no access to ports">;
using older_kernel = refused<errc::nosys, "an older kernel">;
using no_namespaces = refused<errc::perm, "a kernel without namespaces">;
using administrator = refused<errc::perm, "only for the administrator">;

// clang-format off
using process_calls = syscall_table<
    call<at{57, 2}, "fork", child(constant<false>), op::fork>,
    call<at{58, 190}, "vfork", child(constant<true>), op::fork>,
    call<at{56}, "clone", child(ulong, address, address, address, address), handlers::clone>,
    call<at{absent, 120}, "clone", child(ulong, address, address, address, address), handlers::clone_backwards>,
    call<at{435, 435}, "clone3", child(pointer<clone_args>, size), handlers::clone3>,
    call<at{59, 11}, "execve", registers_set(here, path, strings, strings, given<at_flag::none>), handlers::exec>,
    call<at{322, 358}, "execveat", registers_set(directory, path, strings, strings, flags<owner_at_flags>), handlers::exec>,
    call<at{60, 1}, "exit", status(exit_status), op::exit_thread>,
    call<at{231, 252}, "exit_group", status(exit_status), op::exit>,
    call<at{61, 114}, "wait4", count(pid, scalars<i32>, flags<wait_flags>, pointer<rusage>), handlers::wait4>,
    call<at{absent, 7}, "waitpid", count(pid, scalars<i32>, flags<wait_flags>), handlers::waitpid>,
    call<at{247, 284}, "waitid", status(int_, int_, pointer<siginfo>, flags<waitid_flags>, pointer<rusage>), handlers::waitid>,
    call<at{39, 20}, "getpid", count(), op::getpid>,
    call<at{110, 64}, "getppid", count(), op::getppid>,
    call<at{186, 224}, "gettid", count(), op::gettid>,
    call<at{218, 258}, "set_tid_address", count(address), handlers::set_tid_address>,
    call<at{121, 132}, "getpgid", count(pid), op::getpgid>,
    call<at{111, 65}, "getpgrp", count(constant<i32{0}>), op::getpgid>,
    call<at{109, 57}, "setpgid", status(pid, pid), op::setpgid>,
    call<at{124, 147}, "getsid", count(pid), op::getsid>,
    call<at{112, 66}, "setsid", count(), op::setsid>,
    call<at{102}, "getuid", word(), handlers::getuid>,
    call<at{absent, 24}, "getuid", word(), handlers::getuid16>,
    call<at{absent, 199}, "getuid32", word(), handlers::getuid>,
    call<at{107}, "geteuid", word(), handlers::geteuid>,
    call<at{absent, 49}, "geteuid", word(), handlers::geteuid16>,
    call<at{absent, 201}, "geteuid32", word(), handlers::geteuid>,
    call<at{104}, "getgid", word(), handlers::getgid>,
    call<at{absent, 47}, "getgid", word(), handlers::getgid16>,
    call<at{absent, 200}, "getgid32", word(), handlers::getgid>,
    call<at{108}, "getegid", word(), handlers::getegid>,
    call<at{absent, 50}, "getegid", word(), handlers::getegid16>,
    call<at{absent, 202}, "getegid32", word(), handlers::getegid>,
    call<at{105}, "setuid", status(user_id), handlers::setuid>,
    call<at{absent, 23}, "setuid", status(id16), handlers::setuid>,
    call<at{absent, 213}, "setuid32", status(user_id), handlers::setuid>,
    call<at{106}, "setgid", status(group_id), handlers::setgid>,
    call<at{absent, 46}, "setgid", status(id16), handlers::setgid>,
    call<at{absent, 214}, "setgid32", status(group_id), handlers::setgid>,
    call<at{113}, "setreuid", status(user_id, user_id), handlers::setreuid>,
    call<at{absent, 70}, "setreuid", status(id16, id16), handlers::setreuid>,
    call<at{absent, 203}, "setreuid32", status(user_id, user_id), handlers::setreuid>,
    call<at{114}, "setregid", status(group_id, group_id), handlers::setregid>,
    call<at{absent, 71}, "setregid", status(id16, id16), handlers::setregid>,
    call<at{absent, 204}, "setregid32", status(group_id, group_id), handlers::setregid>,
    call<at{117}, "setresuid", status(user_id, user_id, user_id), handlers::setresuid>,
    call<at{absent, 164}, "setresuid", status(id16, id16, id16), handlers::setresuid>,
    call<at{absent, 208}, "setresuid32", status(user_id, user_id, user_id), handlers::setresuid>,
    call<at{119}, "setresgid", status(group_id, group_id, group_id), handlers::setresgid>,
    call<at{absent, 170}, "setresgid", status(id16, id16, id16), handlers::setresgid>,
    call<at{absent, 210}, "setresgid32", status(group_id, group_id, group_id), handlers::setresgid>,
    call<at{118}, "getresuid", status(scalars<u32>, scalars<u32>, scalars<u32>), handlers::getresuid>,
    call<at{absent, 165}, "getresuid", status(scalars<u16>, scalars<u16>, scalars<u16>), handlers::getresuid>,
    call<at{absent, 209}, "getresuid32", status(scalars<u32>, scalars<u32>, scalars<u32>), handlers::getresuid>,
    call<at{120}, "getresgid", status(scalars<u32>, scalars<u32>, scalars<u32>), handlers::getresgid>,
    call<at{absent, 171}, "getresgid", status(scalars<u16>, scalars<u16>, scalars<u16>), handlers::getresgid>,
    call<at{absent, 211}, "getresgid32", status(scalars<u32>, scalars<u32>, scalars<u32>), handlers::getresgid>,
    call<at{122}, "setfsuid", word(user_id), handlers::setfsuid>,
    call<at{absent, 138}, "setfsuid", word(id16), handlers::setfsuid>,
    call<at{absent, 215}, "setfsuid32", word(user_id), handlers::setfsuid>,
    call<at{123}, "setfsgid", word(group_id), handlers::setfsgid>,
    call<at{absent, 139}, "setfsgid", word(id16), handlers::setfsgid>,
    call<at{absent, 216}, "setfsgid32", word(group_id), handlers::setfsgid>,
    call<at{115}, "getgroups", count(int_, scalars<u32>), handlers::getgroups>,
    call<at{absent, 80}, "getgroups", count(int_, scalars<u16>), handlers::getgroups>,
    call<at{absent, 205}, "getgroups32", count(int_, scalars<u32>), handlers::getgroups>,
    call<at{116}, "setgroups", status(int_, scalars<u32>), handlers::setgroups>,
    call<at{absent, 81}, "setgroups", status(int_, scalars<u16>), handlers::setgroups>,
    call<at{absent, 206}, "setgroups32", status(int_, scalars<u32>), handlers::setgroups>,
    call<at{125, 184}, "capget", status(pointer<capability_header>, address), handlers::capget>,
    call<at{126, 185}, "capset", status(pointer<capability_header>, address), handlers::capset>,
    call<at{97}, "getrlimit", status(one_of<resources>, out<rlimit>), op::get_limit>,
    call<at{absent, 76}, "getrlimit", status(one_of<resources>, out<old_rlimit>), op::get_limit>,
    call<at{absent, 191}, "ugetrlimit", status(one_of<resources>, out<rlimit>), op::get_limit>,
    call<at{160, 75}, "setrlimit", status(one_of<resources>, in<rlimit>), op::set_limit>,
    call<at{302, 340}, "prlimit64", status(pid, one_of<resources>, in_or_null<rlimit64>, out_or_null<rlimit64>),
         handlers::prlimit>,
    call<at{98, 77}, "getrusage", status(one_of<usages>, out<rusage>), op::get_usage>,
    call<at{100, 43}, "times", word(pointer<tms>), handlers::times>,
    call<at{absent, 34}, "nice", status(int_), handlers::nice>,
    call<at{140, 96}, "getpriority", count(int_, int_), handlers::getpriority>,
    call<at{141, 97}, "setpriority", status(int_, int_, int_), handlers::setpriority>,
    call<at{24, 158}, "sched_yield", status(), op::yield>,
    call<at{142, 154}, "sched_setparam", status(pid, pointer<sched_param>), handlers::sched_setparam>,
    call<at{143, 155}, "sched_getparam", status(pid, pointer<sched_param>), handlers::sched_getparam>,
    call<at{144, 156}, "sched_setscheduler", status(pid, int_, pointer<sched_param>), handlers::sched_setscheduler>,
    call<at{145, 157}, "sched_getscheduler", count(pid), handlers::sched_getscheduler>,
    call<at{146, 159}, "sched_get_priority_max", count(int_), handlers::sched_get_priority_max>,
    call<at{147, 160}, "sched_get_priority_min", count(int_), handlers::sched_get_priority_min>,
    call<at{148, 161}, "sched_rr_get_interval", status(pid, pointer<timespec>), handlers::sched_rr_get_interval>,
    call<at{absent, 423}, "sched_rr_get_interval_time64", status(pid, pointer<timespec64>), handlers::sched_rr_get_interval>,
    call<at{203, 241}, "sched_setaffinity", status(pid, uint_, address), handlers::sched_setaffinity>,
    call<at{204, 242}, "sched_getaffinity", count(pid, uint_, address), handlers::sched_getaffinity>,
    call<at{314, 351}, "sched_setattr", status(pid, pointer<sched_attr>, uint_), handlers::sched_setattr>,
    call<at{315, 352}, "sched_getattr", status(pid, pointer<sched_attr>, uint_, uint_), handlers::sched_getattr>,
    call<at{252, 290}, "ioprio_get", count(int_, int_), handlers::ioprio_get>,
    call<at{251, 289}, "ioprio_set", status(int_, int_, int_), handlers::ioprio_set>,
    call<at{157, 172}, "prctl", word(int_, name_argument, ulong, ulong, ulong), handlers::prctl>,
    call<at{158, 384}, "arch_prctl", word(int_, ulong), handlers::arch_prctl>,
    call<at{135, 136}, "personality", word(ulong), handlers::personality>,
    call<at{205}, "set_thread_area", status(address), only_32_bit>,
    call<at{absent, 243}, "set_thread_area", status(pointer<user_desc>), handlers::set_thread_area>,
    call<at{211}, "get_thread_area", status(address), only_32_bit>,
    call<at{absent, 244}, "get_thread_area", status(pointer<user_desc>), handlers::get_thread_area>,
    call<at{154, 123}, "modify_ldt", count(int_, address, ulong), handlers::modify_ldt>,
    call<at{172, 110}, "iopl", status(uint_), no_ports>,
    call<at{173, 101}, "ioperm", status(ulong, ulong, int_), no_ports>,
    call<at{273, 311}, "set_robust_list", status(address, size), handlers::set_robust_list>,
    call<at{274, 312}, "get_robust_list", status(pid, address, address), handlers::get_robust_list>,
    call<at{202, 240}, "futex", count(address, uint_, uint_, address, address, uint_), handlers::futex>,
    call<at{absent, 422}, "futex_time64", count(address, uint_, uint_, address, address, uint_), handlers::futex_time64>,
    call<at{449, 449}, "futex_waitv", count(pointer<futex_waiter>, uint_, uint_, address, int_), handlers::futex_waitv>,
    call<at{454, 454}, "futex_wake", count(address, ulong, int_, uint_), handlers::futex_wake>,
    call<at{455, 455}, "futex_wait", count(address, ulong, ulong, uint_, address, int_), handlers::futex_wait>,
    call<at{456, 456}, "futex_requeue", count(pointer<futex_waiter>, uint_, int_, int_), handlers::futex_requeue>,
    call<at{334, 386}, "rseq", status(address, uint_, int_, uint_), handlers::rseq>,
    call<at{324, 375}, "membarrier", count(int_, uint_, int_), handlers::membarrier>,
    call<at{309, 318}, "getcpu", status(scalars<u32>, scalars<u32>, unused), handlers::getcpu>,
    call<at{101, 26}, "ptrace", word(slong, pid, address, address), handlers::ptrace>,
    call<at{310, 347}, "process_vm_readv", count(pid, vector_out, remote_vector, ulong),
         handlers::process_vm<op::read_memory_of>>,
    call<at{311, 348}, "process_vm_writev", count(pid, vector_in, remote_vector, ulong),
         handlers::process_vm<op::write_memory_of>>,
    call<at{312, 349}, "kcmp", count(pid, pid, int_, ulong, ulong), handlers::kcmp>,
    call<at{272, 310}, "unshare", status(ulong), handlers::unshare>,
    call<at{308, 346}, "setns", status(fd, int_), no_namespaces>,
    call<at{434, 434}, "pidfd_open", new_fd(pid, uint_), handlers::pidfd_open>,
    call<at{424, 424}, "pidfd_send_signal", status(fd, signal_number, pointer<siginfo>, uint_),
         handlers::pidfd_send_signal>,
    call<at{438, 438}, "pidfd_getfd", new_fd(fd, fd, uint_), handlers::pidfd_getfd>,
    call<at{440, 440}, "process_madvise", count(fd, vector_in, one_of<memory_advices>, uint_), handlers::process_madvise>,
    call<at{448, 448}, "process_mrelease", status(fd, uint_), older_kernel>,
    call<at{453, 453}, "map_shadow_stack", word(address, size, uint_), refused<errc::nosys, "no shadow stacks">>,
    call<at{163, 51}, "acct", status(address), administrator>>;
// clang-format on

} // namespace tables

} // namespace polyabi::linux_abi
