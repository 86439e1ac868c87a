#include "strings.hpp"

#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/lock.hpp>
#include <polyabi/reference/user_memory.hpp>

namespace polyabi::reference::exec {

string_store::~string_store() {
  heap::deallocate(bytes_, capacity_);
}

result<> string_store::grow(usize capacity) {
  auto* larger = static_cast<char*>(heap::allocate(capacity));
  if (larger == nullptr) return error::nomem;
  if (size_ != 0) __builtin_memcpy(larger, bytes_, size_);
  heap::deallocate(bytes_, capacity_);
  bytes_ = larger;
  capacity_ = capacity;
  return {};
}

result<> string_store::append(std::string_view text) {
  const usize size = text.size() + 1;
  if (text.size() >= activators::max_argument_string || exceeds_limit(size)) return error::toobig;
  if (capacity_ - size_ < size) {
    const auto grown = grow((size_ + size) * 2 < page_size ? page_size : (size_ + size) * 2);
    if (!grown) return grown;
  }
  if (!text.empty()) __builtin_memcpy(bytes_ + size_, text.data(), text.size());
  bytes_[size_ + text.size()] = '\0';
  size_ += size;
  ++count_;
  return {};
}

// Each string is copied once, straight to its place; the store grows until the longest one allowed would fit. Nobody else has the
// store: the kernel lock is given away once for all strings, and taken for the heap.
result<> string_store::copy_in(user_strings strings) {
  if (strings.address == 0) return {};
  const kernel_lock::unlocked while_copying;
  for (u64 at = strings.address;; at += strings.pointer_size) {
    u64 pointer = 0;
    if (!user_memory::copy_in(&pointer, at, strings.pointer_size)) return error::fault;
    if (pointer == 0) return {};
    for (;;) {
      const usize room = capacity_ - size_;
      const i64 length = room != 0 ? user_memory::copy_in_string(bytes_ + size_, pointer, room) : -2;
      if (length == -1) return error::fault;
      if (length >= 0) {
        const usize size = static_cast<usize>(length) + 1;
        if (size > activators::max_argument_string || exceeds_limit(size)) return error::toobig;
        size_ += size;
        ++count_;
        break;
      }
      if (room >= activators::max_argument_string || capacity_ >= 2 * limit) return error::toobig;
      const kernel_lock::locked for_the_heap;
      const auto grown = grow(capacity_ == 0 ? 2 * page_size : capacity_ * 2);
      if (!grown) return grown;
    }
  }
}

std::string_view string_store::first() const {
  return count_ != 0 ? std::string_view{bytes_ + start_} : std::string_view{};
}

void string_store::drop_first() {
  if (count_ == 0) return;
  start_ += first().size() + 1;
  --count_;
}

void string_store::swap(string_store& other) {
  std::swap(bytes_, other.bytes_);
  std::swap(capacity_, other.capacity_);
  std::swap(start_, other.start_);
  std::swap(size_, other.size_);
  std::swap(count_, other.count_);
}

} // namespace polyabi::reference::exec
