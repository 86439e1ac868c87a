// The ring itself, in pages of its own.
#include <pipes/channel.hpp>

namespace polyabi::reference {

namespace {

constexpr usize ring_pages = pipe_capacity / page_size;
constinit u64 last_number = 0;

timespec now() {
  const u64 time = machine::real_time();
  return {static_cast<i64>(time / 1'000'000'000), static_cast<i64>(time % 1'000'000'000)};
}

} // namespace

ref<channel> channel::make() {
  ref<channel> made{heap::create<channel>()};
  if (!made) return nullptr;
  made->ring_ = static_cast<char*>(machine::allocate_pages(ring_pages));
  if (made->ring_ == nullptr) return nullptr;
  made->number = ++last_number;
  made->made = now();
  return made;
}

bool channel::take(user_writer& to, bool& made_room) {
  while (count_ != 0 && to.remaining() != 0) {
    const usize until_end = pipe_capacity - start_;
    usize piece = count_ < until_end ? count_ : until_end;
    if (piece > to.remaining()) piece = static_cast<usize>(to.remaining());
    const u64 before = to.transferred();
    const bool intact = to.write(ring_ + start_, piece);
    const usize moved = static_cast<usize>(to.transferred() - before);
    // A writer sleeps, and one who watches waits, only while a short write does not fit. Asked after the copy: writers fill the
    // ring during it.
    made_room |= moved != 0 && !writes_fit();
    start_ = (start_ + moved) % pipe_capacity;
    count_ -= moved;
    if (!intact) return false;
  }
  return true;
}

bool channel::put(user_reader& from, usize size) {
  while (size != 0) {
    const usize end = (start_ + count_) % pipe_capacity;
    const usize piece = size < pipe_capacity - end ? size : pipe_capacity - end;
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
  const usize until_end = pipe_capacity - start_;
  const usize first = size < until_end ? size : until_end;
  __builtin_memcpy(to, ring_ + start_, first);
  __builtin_memcpy(to + first, ring_, size - first);
  return size;
}

void channel::drop(usize size) {
  start_ = (start_ + size) % pipe_capacity;
  count_ -= size;
  if (size != 0) writable.wake_all(poll_events::out);
}

} // namespace polyabi::reference
