// Flags of the calls that make descriptors for events (include/uapi/linux/eventfd.h, eventpoll.h, timerfd.h, signalfd.h, inotify.h;
// asm-generic/fcntl.h).
#pragma once

#include <polyabi/facilities/event_counter.hpp>
#include <polyabi/facilities/interest/calls.hpp>
#include <polyabi/facilities/signal_file.hpp>
#include <polyabi/facilities/timers/timer_file.hpp>
#include <polyabi/facilities/vnode_events/event.hpp>

namespace polyabi::linux_abi {

namespace detail {
inline constexpr u64 event_nonblock = 0x800, event_cloexec = 0x80000; // O_NONBLOCK, O_CLOEXEC
}

/// eventfd2(2).
struct eventfd_flags : flag_map<facilities::counter_flag> {
  using name = facilities::counter_flag;
  static constexpr auto rows = std::to_array<flag_row>(
      {bit(name::one_by_one, 1), bit(name::nonblock, detail::event_nonblock), bit(name::cloexec, detail::event_cloexec)});
};
static_assert(checked<eventfd_flags>);

/// epoll_create1(2).
struct epoll_create_flags : flag_map<facilities::interest_list_flag> {
  static constexpr auto rows =
      std::to_array<flag_row>({bit(facilities::interest_list_flag::cloexec, detail::event_cloexec)});
};
static_assert(checked<epoll_create_flags>);

/// What stands in epoll_event's events beside the events.
struct epoll_flags : flag_map<facilities::interest_flag> {
  using name = facilities::interest_flag;
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows =
      std::to_array<flag_row>({bit(name::exclusive, u64{1} << 28), bit(name::wakeup, u64{1} << 29),
                               bit(name::oneshot, u64{1} << 30), bit(name::edge, u64{1} << 31)});
};
static_assert(checked<epoll_flags>);

/// timerfd_create(2).
struct timerfd_flags : flag_map<facilities::timer_file_flag> {
  using name = facilities::timer_file_flag;
  static constexpr auto rows =
      std::to_array<flag_row>({bit(name::nonblock, detail::event_nonblock), bit(name::cloexec, detail::event_cloexec)});
};
static_assert(checked<timerfd_flags>);

/// signalfd4(2).
struct signalfd_flags : flag_map<facilities::signal_file_flag> {
  using name = facilities::signal_file_flag;
  static constexpr auto rows =
      std::to_array<flag_row>({bit(name::nonblock, detail::event_nonblock), bit(name::cloexec, detail::event_cloexec)});
};
static_assert(checked<signalfd_flags>);

/// inotify_init1(2).
struct inotify_init_flags : flag_map<facilities::vnode_queue_flag> {
  using name = facilities::vnode_queue_flag;
  static constexpr auto rows =
      std::to_array<flag_row>({bit(name::nonblock, detail::event_nonblock), bit(name::cloexec, detail::event_cloexec)});
};
static_assert(checked<inotify_init_flags>);

/// The events of an inotify mask.
struct inotify_events : flag_map<vnode_event> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>(
      {bit(vnode_event::accessed, 1), bit(vnode_event::modified, 2), bit(vnode_event::attributes, 4),
       bit(vnode_event::closed_written, 8), bit(vnode_event::closed_unwritten, 0x10), bit(vnode_event::opened, 0x20),
       bit(vnode_event::moved_from, 0x40), bit(vnode_event::moved_to, 0x80), bit(vnode_event::created, 0x100),
       bit(vnode_event::deleted, 0x200), bit(vnode_event::self_deleted, 0x400), bit(vnode_event::self_moved, 0x800),
       bit(vnode_event::unmounted, 0x2000)});
};
static_assert(checked<inotify_events>);

/// What stands in the mask of inotify_add_watch(2) beside the events.
struct inotify_watch_flags : flag_map<facilities::vnode_watch_flag> {
  using name = facilities::vnode_watch_flag;
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>(
      {bit(name::only_directory, 0x0100'0000), bit(name::no_follow, 0x0200'0000), bit(name::only_named, 0x0400'0000),
       bit(name::only_new, 0x1000'0000), bit(name::add, 0x2000'0000), bit(name::once, 0x8000'0000)});
};
static_assert(checked<inotify_watch_flags>);

} // namespace polyabi::linux_abi
