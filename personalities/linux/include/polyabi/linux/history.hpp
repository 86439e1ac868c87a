// When Linux' calls appeared: man-pages, syscalls(2), "System call list"; for what is younger than that page, and for i386's
// own numbers, the kernel's arch/x86/entry/syscalls/syscall_{64,32}.tbl from release to release. Calls that stand in no group are
// as old as 2.6, or as their architecture.
#pragma once

#include <polyabi/core/release_history.hpp>

namespace polyabi::linux_abi {

namespace detail {
inline constexpr usize of_i386 = 1; // the column
}

// clang-format off
inline constexpr brought history[]{
    brought(release{2, 6, 6}, "get_mempolicy", "mbind", "mq_getsetattr", "mq_notify", "mq_open", "mq_timedreceive",
            "mq_timedsend", "mq_unlink", "set_mempolicy"),
    brought(release{2, 6, 10}, "add_key", "keyctl", "request_key", "waitid"),
    brought(release{2, 6, 13}, "inotify_add_watch", "inotify_init", "inotify_rm_watch", "ioprio_get", "ioprio_set", "kexec_load"),
    brought(release{2, 6, 16}, "faccessat", "fchmodat", "fchownat", "fstatat64", "futimesat", "linkat", "migrate_pages", "mkdirat",
            "mknodat", "newfstatat", "openat", "ppoll", "pselect6", "readlinkat", "renameat", "symlinkat", "unlinkat", "unshare"),
    brought(release{2, 6, 17}, "get_robust_list", "set_robust_list", "splice", "sync_file_range", "tee", "vmsplice"),
    brought(release{2, 6, 18}, "move_pages"),
    brought(release{2, 6, 19}, "epoll_pwait", "getcpu"),
    brought(release{2, 6, 22}, "eventfd", "signalfd", "utimensat"),
    brought(release{2, 6, 23}, "fallocate"),
    brought(release{2, 6, 25}, "timerfd_create", "timerfd_gettime", "timerfd_settime"),
    brought(release{2, 6, 27}, "dup3", "epoll_create1", "eventfd2", "inotify_init1", "pipe2", "signalfd4"),
    brought(release{2, 6, 28}, "accept4"),
    brought(release{2, 6, 30}, "preadv", "pwritev"),
    brought(release{2, 6, 31}, "perf_event_open", "rt_tgsigqueueinfo"),
    brought(release{2, 6, 33}, "recvmmsg"),
    brought(release{2, 6, 36}, "prlimit64"),
    brought(release{2, 6, 37}, "fanotify_init", "fanotify_mark"),
    brought(release{2, 6, 39}, "clock_adjtime", "name_to_handle_at", "open_by_handle_at", "syncfs"),
    brought(release{3}, "sendmmsg", "setns"),
    brought(release{3, 2}, "process_vm_readv", "process_vm_writev"),
    brought(release{3, 5}, "kcmp"),
    brought(release{3, 8}, "finit_module"),
    brought(release{3, 14}, "sched_getattr", "sched_setattr"),
    brought(release{3, 15}, "renameat2"),
    brought(release{3, 17}, "getrandom", "kexec_file_load", "memfd_create", "seccomp"),
    brought(release{3, 18}, "bpf"),
    brought(release{3, 19}, "execveat"),
    brought(release{4, 3}, "membarrier", "userfaultfd"),
    brought_to(detail::of_i386, release{4, 3}, "socket", "socketpair", "bind", "connect", "listen", "accept4", "getsockopt",
               "setsockopt", "getsockname", "getpeername", "sendto", "sendmsg", "recvfrom", "recvmsg", "shutdown"),
    brought(release{4, 4}, "mlock2"),
    brought(release{4, 5}, "copy_file_range"),
    brought(release{4, 6}, "preadv2", "pwritev2"),
    brought(release{4, 9}, "pkey_alloc", "pkey_free", "pkey_mprotect"),
    brought(release{4, 11}, "statx"),
    brought_to(detail::of_i386, release{4, 12}, "arch_prctl"),
    brought(release{4, 18}, "io_pgetevents", "rseq"),
    brought(release{5, 1}, "io_uring_enter", "io_uring_register", "io_uring_setup", "pidfd_send_signal"),
    // Times that outlive 2038, and the calls behind ipc(2) under numbers of their own.
    brought(release{5, 1}, "clock_gettime64", "clock_settime64", "clock_adjtime64", "clock_getres_time64",
            "clock_nanosleep_time64", "timer_gettime64", "timer_settime64", "timerfd_gettime64", "timerfd_settime64",
            "utimensat_time64", "pselect6_time64", "ppoll_time64", "io_pgetevents_time64", "recvmmsg_time64",
            "mq_timedsend_time64", "mq_timedreceive_time64", "semtimedop_time64", "rt_sigtimedwait_time64", "futex_time64",
            "sched_rr_get_interval_time64"),
    brought_to(detail::of_i386, release{5, 1}, "semget", "semctl", "shmget", "shmctl", "shmat", "shmdt", "msgget", "msgsnd",
               "msgrcv", "msgctl"),
    brought(release{5, 2}, "fsconfig", "fsmount", "fsopen", "fspick", "move_mount", "open_tree"),
    brought(release{5, 3}, "clone3", "pidfd_open"),
    brought(release{5, 6}, "openat2", "pidfd_getfd"),
    brought(release{5, 8}, "faccessat2"),
    brought(release{5, 9}, "close_range"),
    brought(release{5, 10}, "process_madvise"),
    brought(release{5, 11}, "epoll_pwait2"),
    brought(release{5, 12}, "mount_setattr"),
    brought(release{5, 13}, "landlock_add_rule", "landlock_create_ruleset", "landlock_restrict_self"),
    brought(release{5, 14}, "memfd_secret", "quotactl_fd"),
    brought(release{5, 15}, "process_mrelease"),
    brought(release{5, 16}, "futex_waitv"),
    brought(release{5, 17}, "set_mempolicy_home_node"),
    brought(release{6, 5}, "cachestat"),
    brought(release{6, 6}, "fchmodat2", "map_shadow_stack"),
    brought(release{6, 7}, "futex_wake", "futex_wait", "futex_requeue"),
    brought(release{6, 8}, "statmount", "listmount", "lsm_get_self_attr", "lsm_set_self_attr", "lsm_list_modules"),
    brought(release{6, 10}, "mseal")};
// clang-format on

} // namespace polyabi::linux_abi
