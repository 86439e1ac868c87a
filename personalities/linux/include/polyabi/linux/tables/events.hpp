// Waiting for descriptors.
// Numbers of x86-64 and i386 (arch/x86/entry/syscalls), names as strace prints them.
#pragma once

#include <polyabi/core/syscall_table.hpp>
#include <polyabi/linux/call_arguments.hpp>
#include <polyabi/linux/event_flags.hpp>
#include <polyabi/linux/handlers/epoll.hpp>
#include <polyabi/linux/handlers/inotify.hpp>
#include <polyabi/linux/handlers/poll.hpp>
#include <polyabi/linux/structures/signals.hpp>

namespace polyabi::linux_abi {

namespace tables {

using namespace polyabi::arguments;

using poll_records = address_of_array<pollfd<lp64>>; // of one size on both architectures
using descriptor_set = address_of<fd_set>;
using ready_events = address_of_array<epoll_event<lp64>>; // of one size, too

using never_worked = refused<errc::nosys, "never worked in any kernel">;
using administrator = refused<errc::perm, "only for the administrator">;

// clang-format off
using event_calls = syscall_table<
    call<at{7, 168}, "poll", count(poll_records, uint_, int_), handlers::poll>,
    call<at{271, 309}, "ppoll", count(poll_records, uint_, pointer<timespec>, in_or_null<sigset>, sigset_size_if_present),
         handlers::ppoll>,
    call<at{absent, 414}, "ppoll_time64",
         count(poll_records, uint_, pointer<timespec64>, in_or_null<sigset>, sigset_size_if_present),
         handlers::ppoll>,
    call<at{23}, "select", count(int_, descriptor_set, descriptor_set, descriptor_set, pointer<timeval>), handlers::select>,
    call<at{absent, 82}, "select", count(pointer<select_arguments>), handlers::old_select>,
    call<at{absent, 142}, "_newselect",
         count(int_, descriptor_set, descriptor_set, descriptor_set, pointer<timeval>), handlers::select>,
    call<at{270, 308}, "pselect6",
         count(int_, descriptor_set, descriptor_set, descriptor_set, pointer<timespec>, pointer<sized_sigset>),
         handlers::pselect>,
    call<at{absent, 413}, "pselect6_time64",
         count(int_, descriptor_set, descriptor_set, descriptor_set, pointer<timespec64>, pointer<sized_sigset>),
         handlers::pselect>,
    call<at{213, 254}, "epoll_create", new_fd(int_), handlers::epoll_create>,
    call<at{291, 329}, "epoll_create1", new_fd(flags<epoll_create_flags>), facilities::make_interest_list>,
    call<at{233, 255}, "epoll_ctl", status(fd, int_, fd, pointer<epoll_event>), handlers::epoll_ctl>,
    call<at{232, 256}, "epoll_wait", count(fd, ready_events, int_, int_), handlers::epoll_wait>,
    call<at{281, 319}, "epoll_pwait", count(fd, ready_events, int_, int_, pointer<sigset>, size), handlers::epoll_pwait>,
    call<at{441, 441}, "epoll_pwait2", count(fd, ready_events, int_, in_or_null<timespec64>, pointer<sigset>, size),
         handlers::epoll_pwait2>,
    call<at{214}, "epoll_ctl_old", status(fd, int_, fd, address), never_worked>,
    call<at{215}, "epoll_wait_old", count(fd, address, int_, int_), never_worked>,
    call<at{284, 323}, "eventfd", new_fd(uint_, constant<u32{0}>), facilities::make_event_counter>,
    call<at{290, 328}, "eventfd2", new_fd(uint_, flags<eventfd_flags>), facilities::make_event_counter>,
    call<at{253, 291}, "inotify_init", new_fd(constant<u32{0}>), handlers::inotify_init>,
    call<at{294, 332}, "inotify_init1", new_fd(flags<inotify_init_flags>), handlers::inotify_init>,
    call<at{254, 292}, "inotify_add_watch", count(fd, path, uint_), handlers::inotify_add_watch>,
    call<at{255, 293}, "inotify_rm_watch", status(fd, int_), handlers::inotify_rm_watch>,
    call<at{300, 338}, "fanotify_init", new_fd(uint_, uint_), administrator>,
    call<at{301, 339}, "fanotify_mark", status(fd, uint_, number<u64>, directory, address), administrator>>;
// clang-format on

} // namespace tables

} // namespace polyabi::linux_abi
