#include "unseen_file.hpp"

#include <polyabi/reference/open_files.hpp>
#include <polyabi/reference/vnode_events.hpp>

#include <utility>

namespace polyabi::reference {

namespace host = machine::host;

constinit unseen_file::list unseen_file::all;

unseen_file::unseen_file(host_vnode& directory, u32 open_flags, i32 descriptor, bool is_bytes)
    : directory_{&directory}, descriptor_{descriptor}, is_bytes_{is_bytes} {
  is_unseen = true;
  flags = open_flags;
  all.push_back(*this);
}

unseen_file::~unseen_file() {
  all.remove(*this);
  if (owns_descriptor_) host::close(descriptor_);
}

result<ref<file>> unseen_file::make(host_vnode& directory, std::string_view name, u32 open_flags, i32 descriptor, bool is_bytes) {
  auto* made = heap::create<unseen_file>(directory, open_flags, descriptor, is_bytes);
  if (made == nullptr) {
    host::close(descriptor);
    return error::nomem;
  }
  ref<file> answer{made};
  if (!made->name_.set(name)) return error::nomem;
  return answer;
}

void unseen_file::look_at_all() {
  for (unseen_file* f = all.front(); f != nullptr; f = all.next(*f)) (void)f->itself();
}

/// The descriptor stays: if it is another file's from now on, that lasts as long as this.
i32 unseen_file::unlocked_descriptor(file_use what) const {
  if (__atomic_load_n(&is_seen_, __ATOMIC_RELAXED)) return -1;
  if (what == file_use::attributes || __atomic_load_n(&is_bytes_, __ATOMIC_RELAXED)) return descriptor_;
  if (!host::is_bytes(descriptor_)) return -1;
  __atomic_store_n(&is_bytes_, true, __ATOMIC_RELAXED);
  return descriptor_;
}

void unseen_file::told_regular() { __atomic_store_n(&is_bytes_, true, __ATOMIC_RELAXED); }

result<> unseen_file::attributes(stat& out) {
  auto real = itself();
  if (!real) return real.error();
  return real->get() == this ? file::attributes(out) : (*real)->attributes(out);
}

result<i64> unseen_file::read(user_vector into, const i64* offset) {
  auto real = itself();
  if (real && real->get() == this) real = open_node();
  return real ? (*real)->read(into, offset) : real.error();
}

result<ref<file>> unseen_file::itself() {
  if (real_) return real_;
  if (node) return ref<file>{this};
  if (is_seen_) return error::stale; // an earlier attempt has failed
  stat a;
  if (const i64 answer = host::attributes_of(descriptor_, a); answer < 0) return host_error(answer);
  __atomic_store_n(&is_seen_, true, __ATOMIC_RELAXED);
  const bool is_regular = (a.mode & file_modes::type_mask) == file_modes::reg;
  owns_descriptor_ = !is_regular;
  auto real = is_regular ? directory_->open_by_name(name_.view(), a, flags, descriptor_) : open_other();
  if (!real || real->get() == this) return real;
  (*real)->position = position;
  if (is_regular) static_cast<host_file&>(**real).position_is_sure = false;
  real_ = *real;
  return real;
}

/// What is held by another descriptor.
result<ref<file>> unseen_file::open_other() {
  auto found = directory_->lookup(name_.view());
  if (!found) return found.error();
  name = vnode_events::name_of(ref<vnode>{directory_.get()}, name_.view(), **found);
  if ((*found)->type == file_modes::fifo && (flags & open_flags::nonblock) == 0) {
    node = *found;
    return ref<file>{this};
  }
  auto opened = (*found)->type == file_modes::dir ? directory_file::make({{}, *found}, flags) : (*found)->open(flags);
  if (opened) (*opened)->name = name;
  return opened;
}

/// The pipe, once its other end is open as well. Several may wait for that; a signal ends it, and who reads again waits again.
result<ref<file>> unseen_file::open_node() {
  auto opened = node->open(flags);
  if (!opened || real_) return opened ? result<ref<file>>{real_} : opened.error();
  (*opened)->name = name;
  real_ = *opened;
  return opened;
}

} // namespace polyabi::reference
