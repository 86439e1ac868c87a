// inotify, over the library's queues of file events.
#pragma once

#include <polyabi/facilities/vnode_events/queue.hpp>
#include <polyabi/linux/handlers/settings.hpp>
#include <polyabi/linux/structures/events.hpp>

namespace polyabi::linux_abi::handlers {

/// The limits are those of /proc/sys/fs/inotify.
struct inotify_init {
  using needs = facilities::vnode_event_services;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, typename Env::kernel::new_descriptor> call(context<Env>& c, u32 flags) {
    facilities::vnode_queue_limits limits;
    limits.queues = detail::number_setting(c, "linux.inotify_instances", limits.queues);
    limits.watches = detail::number_setting(c, "linux.inotify_watches", limits.watches);
    limits.events = detail::number_setting(c, "linux.inotify_events", limits.events);
    return facilities::make_vnode_event_queue<Env, inotify_record>(c, flags, limits);
  }
};

struct inotify_add_watch {
  using needs = facilities::vnode_event_services;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i32> call(context<Env>& c, i32 descriptor, std::string_view path, u32 mask) {
    using K = typename Env::kernel;
    constexpr u32 told_only = 0x4000 | 0x8000 | 0x4000'0000; // IN_Q_OVERFLOW, IN_IGNORED, IN_ISDIR: known, and never asked for
    using flags_in = flag_table<inotify_watch_flags, facilities::vnode_watch_flags>;
    using events_in = flag_table<inotify_events, vnode_event_bits>;
    if ((mask & (events_in::data.known | flags_in::data.known | told_only)) == 0) return errc::inval;
    return reply_with<Env>(facilities::watch_path<K, inotify_record>(c.thread, descriptor, path,
                                                                     static_cast<u32>(events_in::convert(mask)),
                                                                     static_cast<u32>(flags_in::convert(mask))));
  }
};

struct inotify_rm_watch {
  using needs = facilities::vnode_event_services;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 number) {
    return reply_with<Env>(facilities::unwatch<typename Env::kernel, inotify_record>(c.thread, descriptor, number));
  }
};

} // namespace polyabi::linux_abi::handlers
