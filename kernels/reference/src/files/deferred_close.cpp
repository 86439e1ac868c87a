// Host files that were closed and may be opened again soon, as programs do with libraries, headers and scripts. Looking at a
// name costs the host half as much as opening and closing it: a descriptor that was opened for nothing but reading stays, and
// the next one who opens the file takes it over, if the name still leads to it and the host would still let it be opened.
#include "host_vnode.hpp"

#include <polyabi/reference/machine_paths.hpp>

#include <base/lock_turn.hpp>

#include <utility>

namespace polyabi::reference {

namespace host = machine::host;

host_vnode*& host_mount::unclosed(const host_vnode& v) {
  return unclosed_[(v.inode_ ^ v.inode_ >> 6) % unclosed_count];
}

bool host_mount::keeps_bytes(const host_vnode& v, i32 descriptor) {
  if (known_device_ != v.device_) {
    known_keeps_bytes_ = host::keeps_bytes(descriptor);
    known_device_ = v.device_;
  }
  return known_keeps_bytes_;
}

time_of_change host_vnode::change_time() const {
  if (noted_in_turn_ != kernel_lock::turn()) return {};
  return time_of_change{noted_.ctime};
}

/// Only of a file that is known by a name. Somebody outside may remove it, and wait for its space: that is not to be much.
bool host_vnode::put_off_close(i32 descriptor, const time_of_change& change, bool moved) {
  constexpr i64 large = 4 << 20;
  if (change == time_of_change{} || !parent_ || unclosed_count_ == unclosed_limit || changes_ || noted_.size > large) return false;
  if (lent_ == descriptor) {
    // Besides the open file that ends and what is kept there may be others, for whom it is to be held.
    const u32 own = mount_.keeps(*this) ? 2 : 1;
    if (own == 1 || references > own) return false;
  }
  if (!mount_.keeps_bytes(*this, descriptor)) return false;
  if (lent_ == descriptor) lent_ = -1;
  host_vnode*& place = mount_.unclosed(*this);
  if (place != nullptr && place != this) place->close_unclosed();
  place = this;
  unclosed_[unclosed_count_++] = {descriptor, moved, change};
  return true;
}

/// What the host decides by, and whom it asks, are as they were if the file has not changed since it was opened. -1: it is to
/// be opened.
i32 host_vnode::take_unclosed(const host_way& way) {
  if (unclosed_count_ == 0) return -1;
  stat a;
  i64 answer;
  const bool goes_on = asking([&] { answer = ask(way, a); });
  if (!goes_on || unclosed_count_ == 0 || answer < 0 || !is_this(a)) return -1;
  note(a);
  const left_open last = unclosed_[unclosed_count_ - 1];
  const bool changed = last.change != time_of_change{a.ctime};
  if (changed || (last.moved && host::seek(last.descriptor, 0, seek_origins::set) < 0)) {
    changes_ = changed;
    close_unclosed();
    return -1;
  }
  presumed_in_turn_ = 0;
  if (--unclosed_count_ == 0) mount_.unclosed(*this) = nullptr;
  return last.descriptor;
}

bool host_vnode::reopens(const host_way& way, u32 flags, result<ref<file>>& opened) {
  const ref<host_vnode> self{this};
  const i32 descriptor = take_unclosed(way);
  if (descriptor < 0) return false;
  opened = host_file::make(self, flags, descriptor);
  return true;
}

void host_vnode::close_unclosed() {
  if (unclosed_count_ == 0) return;
  mount_.unclosed(*this) = nullptr;
  while (unclosed_count_ != 0) host::close(unclosed_[--unclosed_count_].descriptor);
}

} // namespace polyabi::reference
