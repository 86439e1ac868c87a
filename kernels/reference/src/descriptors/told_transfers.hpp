// What those are told who watch a file that bytes come from or go to.
#pragma once

#include <polyabi/reference/file.hpp>
#include <polyabi/reference/vnode_events.hpp>

namespace polyabi::reference {

/// Of what passes through devices and FIFOs their directories are not told (Linux since 5.17, include/linux/fsnotify.h).
template <vnode_event What>
void tell_of_transfer(file& f) {
  constexpr u32 what = vnode_events::bits<What>;
  const bool is_special = f.node && f.node->type != file_modes::reg && f.node->type != file_modes::dir;
  if (is_special) vnode_events::happened_to_itself(*f.node, what);
  else vnode_events::happened(f, what);
}

} // namespace polyabi::reference
