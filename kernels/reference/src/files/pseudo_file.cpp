// Open pseudo files.
#include "pseudo_vnode.hpp"

#include <polyabi/reference/user_transfer.hpp>

namespace polyabi::reference {

void pseudo_file::drop() {
  if (text_ != nullptr) heap::deallocate(text_, capacity_);
  text_ = nullptr;
  size_ = capacity_ = 0;
}

result<> pseudo_file::fill() {
  // What does not fit the first buffer is known in size after it.
  usize capacity = 2048;
  for (;;) {
    auto* text = static_cast<char*>(heap::allocate(capacity));
    if (text == nullptr) return error::nomem;
    vfs::text_sink sink{{text, capacity}};
    if (auto rendered = vnode_of().render(sink); !rendered) {
      heap::deallocate(text, capacity);
      return rendered;
    }
    if (sink.complete()) {
      text_ = text;
      capacity_ = capacity;
      size_ = sink.needed();
      return {};
    }
    heap::deallocate(text, capacity);
    capacity = sink.needed() + sink.needed() / 8;
  }
}

result<i64> pseudo_file::read(user_vector into, const i64* offset) {
  if (!readable()) return error::badf;
  const claim::holder alone{reading_};
  // Read again from the beginning, it is made again: programs keep /proc/stat open.
  const i64 begin = offset != nullptr ? *offset : position;
  if (begin < 0) return error::inval;
  if (begin == 0 && was_read_) {
    drop();
    if (auto filled = fill(); !filled) return filled.error();
  }
  was_read_ = true;
  user_writer to{into};
  if (static_cast<u64>(begin) < size_) {
    u64 piece = size_ - static_cast<u64>(begin);
    if (piece > to.remaining()) piece = to.remaining();
    if (!to.write(text_ + begin, piece)) return error::fault;
  }
  if (offset == nullptr) position = begin + static_cast<i64>(to.transferred());
  return static_cast<i64>(to.transferred());
}

result<i64> pseudo_file::write(user_vector from, const i64*) {
  if (!writable()) return error::badf;
  char text[1024];
  user_reader source{from};
  if (source.remaining() > sizeof text) return error::inval;
  const usize size = source.remaining();
  if (!source.read(text, size)) return error::fault;
  if (auto stored = vnode_of().store({text, size}); !stored) return stored.error();
  return static_cast<i64>(size);
}

u16 pseudo_file::poll(u16 events, waiter* place) {
  if (!vnode_of().is_of_mounts()) return vnode_file::poll(events, place);
  if (wait_queue* changed = place != nullptr ? mounts::changed() : nullptr) changed->enter(place[0]);
  const bool is_changed = std::exchange(seen_changes_, mounts::changes()) != mounts::changes();
  constexpr u32 always = poll_events::in | poll_events::rdnorm;
  return static_cast<u16>((events & always) | (is_changed ? (events & poll_events::pri) | poll_events::err : 0));
}

result<i64> pseudo_file::seek(i64 offset, i32 origin) {
  if (origin == seek_origins::current)
    offset += position;
  else if (origin != seek_origins::set)
    return error::inval;
  if (offset < 0) return error::inval;
  position = offset;
  return offset;
}

} // namespace polyabi::reference
