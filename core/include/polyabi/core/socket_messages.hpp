// Messages as a kernel's sockets send and receive them, and the control items that travel with them.
#pragma once

#include <polyabi/core/socket_address.hpp>
#include <polyabi/core/user_memory.hpp>

#include <span>

namespace polyabi {

/// What is sent. Control items are in the kernel's layout (`control_items`).
template <class K>
struct outgoing_message {
  user_vector data;
  const socket_address<K>* to = nullptr;
  std::span<const unsigned char> control{};
};

/// Where a message is received to. The operation fills all but `data`, and may copy to the user while it does.
template <class K>
struct incoming_message {
  user_vector data;
  socket_address<K>* from = nullptr;      ///< null: nobody wants to know
  std::span<unsigned char> control{};     ///< room for items in the kernel's layout
  usize control_size = 0;                 ///< bytes of it that were filled
  u32 flags = 0;                          ///< native message flags: trunc, ctrunc, eor, oob
  typename K::new_descriptors descriptors{}; ///< open files that came along, reserved; they are in no item
};

/// Control items in the kernel's layout: each a `native<K, shape::control_header>` with its length, level and type, the value at
/// the next multiple of `K::control_alignment` behind it, the next item at the next multiple behind that.
template <class K>
struct control_items {
  using header = native<K, shape::control_header>;
  static constexpr usize aligned(usize size) { return (size + K::control_alignment - 1) / K::control_alignment * K::control_alignment; }
  static constexpr usize header_size = aligned(sizeof(header));
  /// What an item with a value of this size takes.
  static constexpr usize space(usize value) { return header_size + aligned(value); }
};

/// Adds items to a buffer.
template <class K>
class control_writer {
public:
  explicit control_writer(std::span<unsigned char> buffer) : buffer_{buffer} {}
  /// A place for a value of this size, zeroed; null if there is no room.
  unsigned char* add(i32 level, i32 type, usize size) {
    using items = control_items<K>;
    if (items::space(size) > buffer_.size() - size_) return nullptr;
    unsigned char* at = buffer_.data() + size_;
    __builtin_memset(at, 0, items::space(size));
    typename items::header h{};
    h.len = static_cast<decltype(h.len)>(items::header_size + size);
    h.level = level;
    h.type = type;
    __builtin_memcpy(at, &h, sizeof h);
    size_ += items::space(size);
    return at + items::header_size;
  }
  usize size() const { return size_; }

private:
  std::span<unsigned char> buffer_;
  usize size_ = 0;
};

/// Goes through the items of a buffer that a `control_writer` has filled.
template <class K>
class control_reader {
public:
  explicit control_reader(std::span<const unsigned char> items) : rest_{items} {}
  /// The next item; false at the end.
  bool next() {
    using items = control_items<K>;
    if (rest_.size() < items::header_size) return false;
    typename items::header h;
    __builtin_memcpy(&h, rest_.data(), sizeof h);
    const usize whole = static_cast<usize>(h.len);
    if (whole < items::header_size || whole > rest_.size()) return false;
    level = h.level;
    type = h.type;
    value = rest_.subspan(items::header_size, whole - items::header_size);
    const usize step = items::aligned(whole);
    rest_ = rest_.subspan(step < rest_.size() ? step : rest_.size());
    return true;
  }
  i32 level = 0, type = 0;
  std::span<const unsigned char> value;

private:
  std::span<const unsigned char> rest_;
};

} // namespace polyabi
