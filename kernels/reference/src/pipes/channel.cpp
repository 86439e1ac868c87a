// The ring itself, in pages of its own.
#include <pipes/channel.hpp>

#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

namespace {

constinit u64 last_number = 0;

} // namespace

ref<channel> channel::make() {
  ref<channel> made{heap::create<channel>()};
  if (!made) return nullptr;
  made->ring_ = static_cast<char*>(machine::allocate_pages(made->capacity_ / page_size));
  if (made->ring_ == nullptr) return nullptr;
  made->number = ++last_number;
  made->kept.begin(file_modes::fifo | 0600, current_process().identity, file_time());
  return made;
}

bool channel::keep_packets() {
  if (parts_ != nullptr) return true;
  parts_ = static_cast<part*>(heap::allocate(most_parts * sizeof(part)));
  if (parts_ == nullptr) return false;
  if (count_ != 0) add_to_parts(count_, false);
  return true;
}

void channel::add_to_parts(usize size, bool packet) {
  if (parts_ == nullptr || size == 0) return;
  part& last = parts_[(first_part_ + part_count_ + most_parts - 1) % most_parts];
  if (part_count_ != 0 && !packet && !last.packet) {
    last.size += static_cast<u32>(size);
    return;
  }
  parts_[(first_part_ + part_count_++) % most_parts] = {static_cast<u32>(size), packet};
}

void channel::take_from_front(usize size) {
  start_ = (start_ + size) % capacity_;
  count_ -= size;
  while (parts_ != nullptr && size != 0) {
    part& front = parts_[first_part_];
    const usize piece = size < front.size ? size : front.size;
    front.size -= static_cast<u32>(piece);
    size -= piece;
    if (front.size != 0) continue;
    first_part_ = (first_part_ + 1) % most_parts;
    --part_count_;
  }
}

bool channel::take(user_writer& to, bool& made_room) {
  while (count_ != 0 && to.remaining() != 0) {
    const usize until_end = capacity_ - start_;
    const bool packet = packet_in_front();
    const usize here = front_size();
    usize piece = here < until_end ? here : until_end;
    if (piece == 0) break;
    if (piece > to.remaining()) piece = static_cast<usize>(to.remaining());
    const u64 before = to.transferred();
    const bool intact = to.write(ring_ + start_, piece);
    const usize moved = static_cast<usize>(to.transferred() - before);
    // A writer sleeps, and one who watches waits, only while a short write does not fit. Asked after the copy: writers fill the
    // ring during it.
    made_room |= moved != 0 && !writes_fit();
    if (!packet || moved == piece) take_from_front(moved);
    if (!intact) return false;
    if (!packet) continue;
    // A packet may stand in two pieces of the ring; what does not fit is gone.
    if (piece < here && to.remaining() != 0) continue;
    take_from_front(here - piece);
    break;
  }
  return true;
}

bool channel::put(user_reader& from, usize size, bool packet) {
  usize done = 0; // of a packet, which is there when all of it is
  bool intact = true;
  while (intact && done < size) {
    const usize end = (start_ + count_ + (packet ? done : 0)) % capacity_, rest = size - done;
    const usize piece = rest < capacity_ - end ? rest : capacity_ - end;
    const u64 before = from.transferred();
    intact = from.read(ring_ + end, piece);
    const usize moved = static_cast<usize>(from.transferred() - before);
    done += moved;
    if (packet) continue;
    count_ += moved;
    add_to_parts(moved, false);
  }
  if (packet) {
    count_ += done;
    add_to_parts(done, true);
  }
  return intact;
}

usize channel::peek(char* to, usize size) const {
  if (size > front_size()) size = front_size();
  const usize until_end = capacity_ - start_;
  const usize first = size < until_end ? size : until_end;
  __builtin_memcpy(to, ring_ + start_, first);
  __builtin_memcpy(to + first, ring_, size - first);
  return size;
}

void channel::drop(usize size) {
  take_from_front(size);
  if (size != 0) writable.wake_all(poll_events::out);
}

result<> channel::resize(usize capacity) {
  const claim::holder no_reader{reading}, no_writer{writing};
  if (capacity < count_ || (parts_ != nullptr && capacity / page_size < part_count_)) return error::busy;
  if (capacity == capacity_) return {};
  auto* ring = static_cast<char*>(machine::allocate_pages(capacity / page_size));
  if (ring == nullptr) return error::nomem;
  const usize until_end = capacity_ - start_;
  const usize first = count_ < until_end ? count_ : until_end;
  __builtin_memcpy(ring, ring_ + start_, first);
  __builtin_memcpy(ring + first, ring_, count_ - first);
  machine::free_pages(ring_, capacity_ / page_size);
  ring_ = ring;
  start_ = 0;
  capacity_ = capacity;
  writable.wake_all(poll_events::out);
  return {};
}

} // namespace polyabi::reference
