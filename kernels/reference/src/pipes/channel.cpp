// The ring itself, in pages of its own.
#include <pipes/channel.hpp>

namespace polyabi::reference {

namespace {

constinit u64 last_number = 0;

timespec now() {
  const u64 time = machine::real_time();
  return {static_cast<i64>(time / 1'000'000'000), static_cast<i64>(time % 1'000'000'000)};
}

} // namespace

ref<channel> channel::make() {
  ref<channel> made{heap::create<channel>()};
  if (!made) return nullptr;
  made->ring_ = static_cast<char*>(machine::allocate_pages(made->capacity_ / page_size));
  if (made->ring_ == nullptr) return nullptr;
  made->number = ++last_number;
  made->made = now();
  return made;
}

bool channel::take(user_writer& to, bool& made_room) {
  while (count_ != 0 && to.remaining() != 0) {
    const usize until_end = capacity_ - start_;
    usize piece = count_ < until_end ? count_ : until_end;
    if (piece > to.remaining()) piece = static_cast<usize>(to.remaining());
    const u64 before = to.transferred();
    const bool intact = to.write(ring_ + start_, piece);
    const usize moved = static_cast<usize>(to.transferred() - before);
    // A writer sleeps, and one who watches waits, only while a short write does not fit. Asked after the copy: writers fill the
    // ring during it.
    made_room |= moved != 0 && !writes_fit();
    start_ = (start_ + moved) % capacity_;
    count_ -= moved;
    if (!intact) return false;
  }
  return true;
}

bool channel::put(user_reader& from, usize size) {
  while (size != 0) {
    const usize end = (start_ + count_) % capacity_;
    const usize piece = size < capacity_ - end ? size : capacity_ - end;
    const u64 before = from.transferred();
    const bool intact = from.read(ring_ + end, piece);
    const usize moved = static_cast<usize>(from.transferred() - before);
    count_ += moved;
    size -= moved;
    if (!intact) return false;
  }
  return true;
}

usize channel::peek(char* to, usize size) const {
  if (size > count_) size = count_;
  const usize until_end = capacity_ - start_;
  const usize first = size < until_end ? size : until_end;
  __builtin_memcpy(to, ring_ + start_, first);
  __builtin_memcpy(to + first, ring_, size - first);
  return size;
}

void channel::drop(usize size) {
  start_ = (start_ + size) % capacity_;
  count_ -= size;
  if (size != 0) writable.wake_all(poll_events::out);
}

result<> channel::resize(usize capacity) {
  const claim::holder no_reader{reading}, no_writer{writing};
  if (capacity < count_) return error::busy;
  if (capacity == capacity_) return {};
  auto* ring = static_cast<char*>(machine::allocate_pages(capacity / page_size));
  if (ring == nullptr) return error::nomem;
  count_ = peek(ring, count_);
  machine::free_pages(ring_, capacity_ / page_size);
  ring_ = ring;
  start_ = 0;
  capacity_ = capacity;
  writable.wake_all(poll_events::out);
  return {};
}

} // namespace polyabi::reference
