// The numbers of the host's system calls, and the host's other numbers, as far as the kernel side uses them. Each number stands here once.
// Source: Linux' asm/unistd_64.h and the uapi headers; x86-64.
#pragma once

#include <polyabi/hosted/host_call.hpp>
#include <polyabi/linux_host/numbers.hpp>

namespace polyabi::hosted {

namespace call {
inline constexpr i64 read = 0, write = 1, close = 3, fstat = 5, poll = 7, lseek = 8, mmap = 9, mprotect = 10, munmap = 11, sigaction = 13,
                     sigprocmask = 14, ioctl = reference::linux_host::ioctl, pread64 = 17, pwrite64 = 18, sched_yield = 24, sched_setaffinity = 203, sched_getaffinity = 204, getcpu = 309,
                     mremap = 25, msync = 26, mincore = 27, madvise = 28, getpid = 39, sendfile = 40, clone = 56, exit = 60, fcntl = reference::linux_host::fcntl, fsync = 74,
                     truncate = 76, ftruncate = 77, kill = 62, getrusage = 98, sysinfo = 99, getppid = 110, sigaltstack = 131, setxattr = 188, getxattr = 191, lgetxattr = 192, listxattr = 194, removexattr = 197, fstatfs = 138,
                     modify_ldt = 154, prctl = 157, arch_prctl = 158, gettid = 186, readahead = 187, futex = 202, remap_file_pages = 216, getdents64 = 217,
                     clock_gettime = 228, tgkill = 234, epoll_wait = 232, epoll_ctl = 233, pkey_mprotect = 329, waitid = 247, ppoll = 271, openat = 257, mkdirat = 258,
                     mknodat = 259, fchownat = 260, newfstatat = 262, unlinkat = 263, linkat = 265, symlinkat = 266,
                     readlinkat = 267, fchmodat = 268, utimensat = 280, fallocate = 285, timerfd_settime = 286, dup3 = 292, renameat2 = 316, getrandom = 318, pwritev2 = 328,
                     process_vm_readv = 310, process_vm_writev = 311, memfd_create = 319, membarrier = 324, statx = 332,
                     rseq = 334,
                     openat2 = 437, getxattrat = 464;
inline constexpr i64 exit_group = 231;
/// Of the 32-bit table, reached by `int $0x80`: the 64-bit one lacks them.
inline constexpr u32 set_thread_area_32 = 243, get_thread_area_32 = 244;
} // namespace call

namespace errno_of_host {
inline constexpr i64 intr = 4, again = 11, nomem = 12, perm = 1, exist = 17, inval = 22, badf = 9, nosys = 38, timedout = 110;
}

namespace host_open {
inline constexpr u64 rdonly = 0, wronly = 1, rdwr = 2, creat = 0100, excl = 0200, noctty = 0400, trunc = 01000, append = 02000,
                     nonblock = 04000, dsync = 010000, sync = 04010000, directory = 0200000, nofollow = 0400000,
                     cloexec = 02000000, path = 010000000, tmpfile = 020200000;
inline constexpr u64 no_links_on_the_way = 4; ///< RESOLVE_NO_SYMLINKS of linux/openat2.h
}
namespace host_at {
inline constexpr u64 working_directory = static_cast<u64>(-100);
inline constexpr u64 symlink_nofollow = 0x100, removedir = 0x200, symlink_follow = 0x400, empty_path = 0x1000;
} // namespace host_at
namespace host_attribute {
inline constexpr u64 create = 1, replace = 2;
}
namespace host_rename {
inline constexpr u64 noreplace = 1, exchange = 2;
}
namespace host_map {
inline constexpr u64 shared = 1, private_ = 2, fixed = 0x10, anonymous = 0x20, low_2_gib = 0x40, noreserve = 0x4000;
inline constexpr u64 read = 1, write = 2, execute = 4;
inline constexpr u64 remap_may_move = 1, remap_fixed = 2, remap_dontunmap = 4;
inline constexpr u64 sync_wait = 4;
inline constexpr u64 advice_dontneed = 4, advice_free = 8, advice_remove = 9, advice_dontfork = 10, advice_dofork = 11,
                     advice_wipeonfork = 18, advice_keeponfork = 19, advice_populate_read = 22, advice_populate_write = 23;
} // namespace host_map
namespace host_clone {
inline constexpr u64 vm = 0x100, fs = 0x200, files = 0x400, sighand = 0x800, parent = 0x8000, thread = 0x10000,
                     sysvsem = 0x40000, parent_settid = 0x100000, child_cleartid = 0x200000;
}
/// enum membarrier_cmd of linux/membarrier.h.
namespace host_barrier {
inline constexpr u64 global = 1, global_expedited = 2, register_global_expedited = 4, private_expedited = 8,
                     register_private_expedited = 16, private_sync_core = 32, register_private_sync_core = 64;
}
namespace host_signal {
inline constexpr i32 ill = 4, trap = 5, bus = 7, fpe = 8, kill = 9, segv = 11, pipe = 13, chld = 17, urg = 23, xfsz = 25,
                     sys = 31;
inline constexpr u64 bit(i32 number) {
  return u64{1} << (number - 1);
}
inline constexpr u64 flag_siginfo = 4, flag_onstack = 0x08000000, flag_restorer = 0x04000000, flag_nodefer = 0x40000000;
inline constexpr u64 ignore = 1;
inline constexpr u64 mask_unblock = 1, mask_set = 2;
/// si_code of a fault the processor reports without an address.
inline constexpr i32 code_kernel = 0x80;
} // namespace host_signal
namespace host_futex {
inline constexpr u64 wake = 1, wait_bitset = 9;
inline constexpr u64 match_any = 0xffffffff;
} // namespace host_futex
namespace host_prctl {
inline constexpr u64 set_ptracer = 0x59616d61, set_pdeathsig = 1, set_syscall_user_dispatch = 59, dispatch_on = 1;
}
namespace host_clock {
inline constexpr u64 realtime = 0, monotonic = 1, of_own_thread = 3, boottime = 7;
/// Clocks of process `pid`: which is 0 for user and system time, 1 for user time (CPUCLOCK_PROF, CPUCLOCK_VIRT of
/// posix-timers.h).
inline u64 of_process(i32 pid, u64 which) {
  return (static_cast<u64>(static_cast<i64>(~pid)) << 3) | which;
}
} // namespace host_clock

struct host_timespec {
  i64 seconds, nanoseconds;
};

/// struct rusage.
struct host_usage {
  i64 user_seconds, user_microseconds, system_seconds, system_microseconds;
  i64 largest, unused[3], minor_faults, major_faults, swaps, blocks_read, blocks_written, unused_too[3], waits, preemptions;
};
static_assert(sizeof(host_usage) == 144);

/// siginfo_t, the members that a fault or a dispatched call fills.
struct host_siginfo {
  i32 number, error, code, padding;
  u64 address;     ///< faults; for SIGSYS the address after the instruction
  i32 system_call; ///< SIGSYS
  u32 machine;     ///< SIGSYS: AUDIT_ARCH_*
  u8 rest[96];
};
inline constexpr u32 audit_arch_i386 = 0x40000003;

struct host_stack {
  u64 base;
  i32 flags;
  i32 padding;
  u64 size;
};

/// struct ucontext of the host's 64-bit signal frame (asm/ucontext.h, asm/sigcontext.h).
struct host_context {
  u64 flags, link;
  host_stack stack;
  u64 r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags;
  u16 cs, gs, fs, ss;
  u64 error, trap, old_mask, cr2;
  u8* floating_point; ///< FXSAVE or XSAVE area
  u64 reserved[8];
  u64 mask;
};
static_assert(sizeof(host_context) == 304, "struct ucontext with an 8-byte signal set");
/// Restore SS as it stands in the frame (UC_SIGCONTEXT_SS, UC_STRICT_RESTORE_SS).
inline constexpr u64 context_has_ss = 2, context_strict_ss = 4;

struct host_sigaction {
  u64 handler, flags, restorer, mask;
};

namespace selector {
inline constexpr u16 user64 = 0x33, user32 = 0x23, data = 0x2b;
/// Entries 2 and 3 of the local table: see segments.cpp.
inline constexpr u16 based_code = 0x17, based_data = 0x1f;
} // namespace selector

} // namespace polyabi::hosted
