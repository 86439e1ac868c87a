// What a kernel tells of the files of a tree as programs use and change them.
#pragma once

#include <polyabi/core/flag_map.hpp>
#include <polyabi/core/member_types.hpp>

#include <string_view>

namespace polyabi {

enum class vnode_event : u8 {
  none,
  accessed, modified, attributes, opened,
  closed_written, ///< an open file that could be written has gone
  closed_unwritten,
  moved_from, moved_to, created, deleted, ///< of a name, told to its directory
  self_deleted,                           ///< the last name and the last user have gone
  self_moved,
  unmounted,
  count_
};

struct vnode_event_bits : flag_map<vnode_event> {
  static constexpr auto rows = std::to_array<flag_row>(
      {bit(vnode_event::accessed, 1), bit(vnode_event::modified, 2), bit(vnode_event::attributes, 4), bit(vnode_event::opened, 8),
       bit(vnode_event::closed_written, 0x10), bit(vnode_event::closed_unwritten, 0x20), bit(vnode_event::moved_from, 0x40),
       bit(vnode_event::moved_to, 0x80), bit(vnode_event::created, 0x100), bit(vnode_event::deleted, 0x200),
       bit(vnode_event::self_deleted, 0x400), bit(vnode_event::self_moved, 0x800), bit(vnode_event::unmounted, 0x1000)});
};

vnode_event_bits library_map(vnode_event);

/// Bits of events.
template <vnode_event... Names>
inline constexpr u32 vnode_events = (u32{0} | ... | native_number<void, Names>);

/// Something that happened, as one watch is told.
struct vnode_report {
  u32 what = 0;            ///< one of vnode_event
  std::string_view name{}; ///< of the file, told to its directory; empty if it is about the watched file itself
  bool directory = false;  ///< the file is one
  bool nameless = false;   ///< it happened through an open file whose name has gone
  u32 cookie = 0;          ///< the same for both names of a move, and for no other move
};

} // namespace polyabi
