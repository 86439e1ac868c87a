// One request to a netlink socket, and what its answers are made of.
#pragma once

#include <polyabi/core/dispatch.hpp>
#include <polyabi/linux/netlink/attributes.hpp>

namespace polyabi::linux_abi::netlink {

/// Its header, and what follows.
struct request {
  nlmsghdr<model> head{};
  std::span<const unsigned char> body;

  bool wants_all() const { return (head.flags & header_flag::dump) == header_flag::dump; }
  /// The request's own structure; false if it is not all there. A dump may be asked for by a family alone (struct rtgenmsg).
  template <class T>
  bool read(T& to) const {
    to = {};
    __builtin_memcpy(&to, body.data(), body.size() < sizeof to ? body.size() : sizeof to);
    return body.size() >= sizeof to || (wants_all() && body.size() >= 1);
  }
  /// What follows its own structure.
  template <class T>
  attribute_reader attributes() const {
    return attribute_reader{body.size() > sizeof(T) ? behind(body, sizeof(T)) : std::span<const unsigned char>{}};
  }
};

/// `function(item)` for everything that an operation tells of. EIO if it fails.
template <class K, class Shape, class Operation, class Function>
errc each_told(typename K::thread& caller, Operation operation, Function function) {
  constexpr usize at_once = 8;
  native<K, Shape> some[at_once];
  for (usize first = 0;;) {
    auto count = polyabi::perform<K>(operation, caller, first, std::span{some});
    if (!count) return errc::io;
    for (usize i = 0; i < *count; ++i) function(some[i]);
    if (*count < at_once) return errc::none;
    first += *count;
  }
}

/// The kernel's number of a program's address family, 0 for one that it does not have.
template <class K>
u8 own_family(u8 foreign) {
  const i32 number = number_table<address_families, kernel_map<K, address_family>>::convert(foreign);
  return static_cast<u8>(number == no_number ? 0 : number);
}

} // namespace polyabi::linux_abi::netlink
