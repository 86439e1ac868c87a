// Where the bytes of files in memory are.
#include "page_store.hpp"

#include <polyabi/reference/user_memory.hpp>

#include <cstring>

namespace polyabi::reference {

namespace object = machine::object;

namespace {

constexpr u64 pages_for(u64 size) {
  return (size + page_size - 1) / page_size;
}

/// ENOSPC for what the host says of its own files' limits.
result<> as_result(i64 answer) {
  if (answer >= 0) return {};
  const auto failure = static_cast<error>(-answer);
  return failure == error::fbig || failure == error::nomem || failure == error::nfile || failure == error::mfile ? error::nospc
                                                                                                                 : failure;
}

} // namespace

u64 memory_mount::page_limit() const {
  if (own_limit != 0) return own_limit;
  static constinit u64 half = 0; // asked for once, and not before somebody needs it
  if (half == 0) {
    machine::host::memory_status status{};
    machine::host::status(status);
    half = status.total / 2 / page_size;
  }
  return half != 0 ? half : ~u64{0};
}

page_store::~page_store() {
  free_pages();
  if (is_object()) object::destroy(object_);
  mount_.pages -= page_count_;
}

u64 page_store::stored() const {
  return is_object() ? object::stored(object_) : page_count_ * page_size;
}

void page_store::account() {
  const u64 now = stored() / page_size;
  mount_.pages += now - page_count_;
  page_count_ = now;
}

/// Before pages of the kernel's own change: nobody copies. Somebody else may have made an object of them meanwhile.
void page_store::wait_for_transfers() {
  while (!is_object() && transfers_ != 0) idle_.sleep_to_the_end();
}

void page_store::free_pages() {
  if (pages_ != nullptr) machine::free_pages(pages_, page_count_);
  pages_ = nullptr;
}

result<> page_store::become_object() {
  wait_for_transfers();
  if (is_object()) return {};
  const i32 made = object::create();
  if (made < 0) return as_result(made);
  const u64 used = page_count_ * page_size < size_ ? page_count_ * page_size : size_;
  auto moved = as_result(object::resize(made, size_));
  if (moved && used != 0) moved = as_result(object::write(made, reinterpret_cast<u64>(pages_), used, 0));
  if (!moved) {
    object::destroy(made);
    return moved;
  }
  free_pages();
  object_ = made;
  account();
  return {};
}

result<i32> page_store::object() {
  if (auto moved = become_object(); !moved) return moved.error();
  return object_;
}

/// Kernel pages for bytes up to `end`, which is no more than a small file has.
result<> page_store::grow(u64 end) {
  u64 pages = pages_for(end);
  if (pages <= page_count_) return {};
  wait_for_transfers();
  if (is_object() || pages <= page_count_) return {};
  if (pages < 2 * page_count_) pages = 2 * page_count_;
  if (!fits(pages - page_count_)) return error::nospc;
  auto* memory = static_cast<char*>(machine::allocate_pages(pages));
  if (memory == nullptr) return error::nospc;
  const u64 kept = page_count_ * page_size;
  if (kept != 0) std::memcpy(memory, pages_, kept);
  std::memset(memory + kept, 0, pages * page_size - kept);
  free_pages();
  pages_ = memory;
  mount_.pages += pages - page_count_;
  page_count_ = pages;
  return {};
}

result<> page_store::read(user_writer& to, u64 offset, u64 size) {
  while (size != 0) {
    if (!is_object()) {
      const u64 have = page_count_ * page_size;
      const u64 piece = offset < have && size > have - offset ? have - offset : size;
      if (!(offset < have ? to.write(pages_ + offset, piece) : to.fill(0, piece))) return error::fault;
      offset += piece;
      size -= piece;
      continue;
    }
    const user_bytes part = to.current();
    const u64 piece = size < part.size ? size : part.size;
    if (!user_memory::in_range(part.address, piece)) return error::fault;
    i64 moved;
    {
      const kernel_lock::unlocked while_copying;
      moved = object::read(object_, part.address, piece, offset);
    }
    if (moved < 0) return as_result(moved);
    if (moved == 0) return {}; // cut meanwhile
    to.advance(static_cast<u64>(moved));
    offset += static_cast<u64>(moved);
    size -= static_cast<u64>(moved);
  }
  return {};
}

result<> page_store::write(user_reader& from, u64 offset, u64 size) {
  if (size == 0) return {};
  if (!is_object() && (offset > small_limit || size > small_limit - offset))
    if (auto moved = become_object(); !moved) return moved;
  return is_object() ? write_object(from, offset, size) : write_small(from, offset, size);
}

result<> page_store::write_small(user_reader& from, u64 offset, u64 size) {
  if (auto grown = grow(offset + size); !grown) return grown;
  if (is_object()) return write_object(from, offset, size);
  bool copied;
  {
    const transfer holds_pages{*this};
    copied = from.read(pages_ + offset, size);
  }
  const u64 end = offset + size;
  if (copied && end > size_) size_ = end;
  return copied ? error::none : error::fault;
}

result<> page_store::write_object(user_reader& from, u64 offset, u64 size) {
  while (size != 0) {
    const user_bytes part = from.current();
    u64 piece = size < part.size ? size : part.size;
    constexpr u64 step = 256 * page_size; // so that the mount's limit is looked at in time
    if (piece > step) piece = step;
    if (!user_memory::in_range(part.address, piece)) return error::fault;
    if (!fits(pages_for(piece))) return error::nospc;
    i64 moved;
    {
      const kernel_lock::unlocked while_copying;
      moved = object::write(object_, part.address, piece, offset);
    }
    if (moved <= 0) return moved < 0 ? as_result(moved) : result<>{error::nospc};
    from.advance(static_cast<u64>(moved));
    offset += static_cast<u64>(moved);
    size -= static_cast<u64>(moved);
    if (offset > size_) size_ = offset;
    account();
  }
  return {};
}

void page_store::clear(u64 from, u64 to) {
  const u64 have = page_count_ * page_size;
  if (to > have) to = have;
  if (from < to) std::memset(pages_ + from, 0, to - from);
}

result<> page_store::resize(u64 size) {
  if (!is_object() && size > small_limit)
    if (auto moved = become_object(); !moved) return moved;
  wait_for_transfers();
  if (is_object()) {
    if (auto resized = as_result(object::resize(object_, size)); !resized) return resized;
    size_ = size;
    account();
    return {};
  }
  if (size < size_) {
    clear(size, size_);
    if (size == 0) {
      free_pages();
      mount_.pages -= page_count_;
      page_count_ = 0;
    }
  }
  size_ = size;
  return {};
}

result<> page_store::release(u64 offset, u64 size) {
  if (auto moved = become_object(); !moved) return moved;
  const auto released = as_result(object::release(object_, offset, size));
  account();
  return released;
}

result<> page_store::reserve(u64 offset, u64 size) {
  if (!is_object() && offset <= small_limit && size <= small_limit - offset) return grow(offset + size);
  if (auto moved = become_object(); !moved) return moved;
  if (!fits(pages_for(size))) return error::nospc;
  const auto reserved = as_result(object::reserve(object_, offset, size));
  account();
  return reserved;
}

result<u64> page_store::find(u64 offset, bool written) const {
  if (offset >= size_) return error::nxio;
  if (!is_object()) {
    const u64 end = page_count_ * page_size < size_ ? page_count_ * page_size : size_;
    if (written) return offset < end ? result<u64>{offset} : error::nxio;
    return offset < end ? end : offset;
  }
  const i64 found = object::find(object_, offset, written);
  if (found < 0) return static_cast<error>(-found);
  return static_cast<u64>(found);
}

} // namespace polyabi::reference
