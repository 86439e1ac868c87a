// Events on their way to a reader, and what the reader asked for.
#pragma once

#include <polyabi/facilities/hash_table.hpp>

namespace polyabi::facilities {

/// How a file is watched.
enum class vnode_watch_flag : u8 {
  none,
  only_directory, ///< ENOTDIR for other files
  no_follow,      ///< a link at the end of the path is watched itself
  only_named,     ///< nothing is told of files whose name has gone
  add,            ///< to what is watched already
  only_new,       ///< EEXIST if it is watched already
  once,           ///< the watch ends with the first event
  count_,
};
struct vnode_watch_flags : flag_map<vnode_watch_flag> {
  static constexpr auto rows = std::to_array<flag_row>(
      {bit(vnode_watch_flag::only_directory, 1), bit(vnode_watch_flag::no_follow, 2), bit(vnode_watch_flag::only_named, 4),
       bit(vnode_watch_flag::add, 8), bit(vnode_watch_flag::only_new, 16), bit(vnode_watch_flag::once, 32)});
};

/// How a queue is made.
enum class vnode_queue_flag : u8 { none, nonblock, cloexec, count_ };
struct vnode_queue_flags : flag_map<vnode_queue_flag> {
  static constexpr auto rows = std::to_array<flag_row>({bit(vnode_queue_flag::nonblock, 1), bit(vnode_queue_flag::cloexec, 2)});
};

/// Limits of all queues together, and of each.
struct vnode_queue_limits {
  u64 queues = 128, watches = 1'048'576, events = 16'384;
};

/// What a reader is told beside what happens to files.
enum class queue_notice : u8 { none, overflow, ignored };

/// An event as it waits. The name follows in memory.
struct queued_vnode_event {
  list_link link;
  i32 watch = -1; ///< its number; -1 for an overflow
  queue_notice notice = queue_notice::none;
  bool directory = false;
  u32 what = 0; ///< a bit of vnode_event
  u32 cookie = 0;
  usize name_size = 0;

  std::string_view name() const { return {reinterpret_cast<const char*>(this + 1), name_size}; }
};
vnode_watch_flags library_map(vnode_watch_flag);
vnode_queue_flags library_map(vnode_queue_flag);

template <class K, class Record>
class vnode_event_queue;

/// One watched file of a queue. Inside the section.
template <class K, class Record>
struct watched_vnode {
  watched_vnode* next_in_bucket = nullptr;
  vnode_event_queue<K, Record>* queue = nullptr;
  i32 number = 0;
  u32 events = 0; ///< bits of vnode_event
  u32 flags = 0;  ///< vnode_watch_flag
  /// A directory that is two in one is watched on both sides; the first decides when the watch ends.
  typename K::node_watch sides[2];

  number_key key() const { return {static_cast<u32>(number)}; }
  bool has(u32 flag) const { return (flags & flag) != 0; }
};

} // namespace polyabi::facilities
