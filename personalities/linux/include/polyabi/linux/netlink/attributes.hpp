// The attributes behind a message's own structure (struct rtattr), one after the other.
#pragma once

#include <polyabi/linux/structures/netlink.hpp>

#include <span>
#include <string_view>

namespace polyabi::linux_abi::netlink {

/// Both architectures have one layout: see structures/netlink.hpp.
using model = lp64;
constexpr usize aligned(usize size) {
  return (size + 3) & ~usize{3};
}
/// What is left behind something of this size, which may be the last.
template <class Byte>
constexpr std::span<Byte> behind(std::span<Byte> all, usize size) {
  return all.subspan(aligned(size) < all.size() ? aligned(size) : all.size());
}

/// Goes through them. What is shorter than it says ends them.
class attribute_reader {
public:
  explicit attribute_reader(std::span<const unsigned char> all) : rest_{all} {}
  /// The next one; false at the end.
  bool next() {
    rtattr<model> head{};
    if (rest_.size() < sizeof head) return false;
    __builtin_memcpy(&head, rest_.data(), sizeof head);
    const usize size = head.len;
    if (size < sizeof head || size > rest_.size()) return false;
    constexpr u16 flags = 0xc000; // NLA_F_NESTED, NLA_F_NET_BYTEORDER
    type = static_cast<u16>(head.type & ~flags);
    value = rest_.subspan(sizeof head, size - sizeof head);
    rest_ = behind(rest_, size);
    return true;
  }
  u16 type = 0;
  std::span<const unsigned char> value;

  template <class T, usize N>
  void copy(T (&to)[N]) const {
    __builtin_memcpy(to, value.data(), value.size() < sizeof to ? value.size() : sizeof to);
  }
  u32 number() const {
    u32 n = 0;
    __builtin_memcpy(&n, value.data(), value.size() < sizeof n ? value.size() : sizeof n);
    return n;
  }
  /// Up to its NUL.
  std::string_view text() const {
    usize size = 0;
    while (size < value.size() && value[size] != 0) ++size;
    return {reinterpret_cast<const char*>(value.data()), size};
  }

private:
  std::span<const unsigned char> rest_;
};

} // namespace polyabi::linux_abi::netlink
