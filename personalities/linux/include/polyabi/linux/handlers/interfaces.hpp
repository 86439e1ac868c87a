// The network's interfaces by ioctl (netdevice(7)): one record for each question, found by its name or, for SIOCGIFNAME, its
// index.
#pragma once

#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/netlink.hpp>

#include <span>

namespace polyabi::linux_abi::handlers {

namespace detail {

using needed_by_interfaces = operation_list<op::interfaces, op::interface_addresses, op::socket_kind>;

/// The first item that `wanted` accepts.
template <class Env, class Shape, class Operation, class Wanted>
bool find_in_network(context<Env>& c, Operation operation, native<typename Env::kernel, Shape>& out, Wanted wanted) {
  constexpr usize at_once = 8;
  native<typename Env::kernel, Shape> some[at_once];
  for (usize first = 0;;) {
    auto count = c.perform(operation, first, std::span{some});
    if (!count) return false;
    for (usize i = 0; i < *count; ++i)
      if (wanted(some[i])) {
        out = some[i];
        return true;
      }
    if (*count < at_once) return false;
    first += *count;
  }
}

template <usize N>
constexpr std::string_view name_in(const char (&text)[N]) {
  usize size = 0;
  while (size < N && text[size] != 0) ++size;
  return {text, size};
}

/// Whether an address is one: bytes that are not all zero.
constexpr bool is_set(const u8 (&address)[16]) {
  for (const u8 byte : address)
    if (byte != 0) return true;
  return false;
}

/// Files that are no sockets do not know these requests.
template <class Env>
errc expect_socket(context<Env>& c, i32 descriptor) {
  auto kind = c.perform(op::socket_kind{}, descriptor);
  if (kind) return errc::none;
  return failed_with<typename Env::kernel>(kind, errc::badf) ? errc::badf : errc::notty;
}

/// Reads a request and finds the interface that it is about: by its name, or by its index.
template <class Env>
[[gnu::noinline]] errc read_interface(context<Env>& c, i32 descriptor, user_ptr<ifreq<typename Env::model>> at, bool by_index,
                                      ifreq<typename Env::model>& request,
                                      native<typename Env::kernel, shape::interface_info>& found) {
  if (errc e = expect_socket<Env>(c, descriptor); e != errc::none) return e;
  if (errc e = c.read(at, request); e != errc::none) return e;
  u32 index = 0;
  __builtin_memcpy(&index, request.value, sizeof index);
  const std::string_view name = name_in(request.name);
  const bool there = find_in_network<Env, shape::interface_info>(
      c, op::interfaces{}, found, [&](const auto& one) { return by_index ? one.index == index : name_in(one.name) == name; });
  return there ? errc::none : errc::nodev;
}

/// The first address of the Internet's first family that an interface has.
template <class Env>
[[gnu::noinline]] bool find_address(context<Env>& c, u32 index, native<typename Env::kernel, shape::interface_address>& found) {
  return find_in_network<Env, shape::interface_address>(c, op::interface_addresses{}, found, [&](const auto& one) {
    return one.index == index && one.family == native_number<typename Env::kernel, address_family::inet>;
  });
}

} // namespace detail

/// What is asked of an interface: `value` receives it, in the layout of struct ifreq's union.
enum class interface_question : u8 { name, flags, address, destination, broadcast, netmask, metric, mtu, hardware, index, queue };

struct get_interface {
  using needs = detail::needed_by_interfaces;
  template <class Env>
  [[gnu::noinline]] static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<ifreq<typename Env::model>> at,
                                           interface_question question) {
    using K = typename Env::kernel;
    ifreq<typename Env::model> request{};
    native<K, shape::interface_info> found{};
    if (errc e = detail::read_interface<Env>(c, descriptor, at, question == interface_question::name, request, found);
        e != errc::none)
      return e;
    if (errc e = answer<Env>(c, question, found, request); e != errc::none) return e;
    if (errc e = c.write(at, request); e != errc::none) return e;
    return done{};
  }

private:
  template <class Env, class Request>
  static errc answer(context<Env>& c, interface_question question,
                     const native<typename Env::kernel, shape::interface_info>& found, Request& request) {
    using K = typename Env::kernel;
    const auto put = [&](u32 number) { __builtin_memcpy(request.value, &number, sizeof number); };
    switch (question) {
    case interface_question::name: __builtin_memcpy(request.name, found.name, sizeof request.name); return errc::none;
    case interface_question::flags: {
      using flags = flag_table<kernel_map<K, interface_flag>, interface_flags>;
      const u16 bits = static_cast<u16>(flags::convert(found.flags)); // the upper ones are netlink's alone
      __builtin_memcpy(request.value, &bits, sizeof bits);
      return errc::none;
    }
    case interface_question::metric: put(0); return errc::none;
    case interface_question::mtu: put(found.mtu); return errc::none;
    case interface_question::index: put(found.index); return errc::none;
    case interface_question::queue: put(found.queue); return errc::none;
    case interface_question::hardware: {
      const u16 type = static_cast<u16>(found.type);
      __builtin_memcpy(request.value, &type, sizeof type);
      constexpr usize room = 14; // struct sockaddr's
      __builtin_memcpy(request.value + sizeof type, found.hardware, found.hardware_size < room ? found.hardware_size : room);
      return errc::none;
    }
    default: return address<Env>(c, question, found.index, request.value);
    }
  }

  /// The first address of the Internet's first family, or what goes with it, as a struct sockaddr_in.
  template <class Env>
  static errc address(context<Env>& c, interface_question question, u32 index, unsigned char* value) {
    using K = typename Env::kernel;
    native<K, shape::interface_address> found{};
    if (!detail::find_address<Env>(c, index, found)) return errc::addrnotavail;
    sockaddr_in<typename Env::model> to{};
    to.family.raw = static_cast<u16>(polyabi::detail::number_of<address_families>(address_family::inet));
    if (question == interface_question::netmask) {
      const u32 mask = found.prefix == 0 ? 0 : ~u32{0} << (32 - found.prefix);
      for (usize i = 0; i < sizeof to.address; ++i) to.address[i] = static_cast<u8>(mask >> (24 - 8 * i));
    } else if (question == interface_question::broadcast) {
      __builtin_memcpy(to.address, found.broadcast, sizeof to.address);
    } else if (question == interface_question::destination && detail::is_set(found.peer)) {
      __builtin_memcpy(to.address, found.peer, sizeof to.address);
    } else {
      __builtin_memcpy(to.address, found.address, sizeof to.address);
    }
    __builtin_memcpy(value, &to, sizeof to);
    return errc::none;
  }
};

/// SIOCGIFCONF: all interfaces that have an address, as many as fit; without a buffer, how much room they would take.
struct list_interfaces {
  using needs = detail::needed_by_interfaces;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<ifconf<typename Env::model>> at) {
    using K = typename Env::kernel;
    using M = typename Env::model;
    if (errc e = detail::expect_socket<Env>(c, descriptor); e != errc::none) return e;
    ifconf<M> request{};
    if (errc e = c.read(at, request); e != errc::none) return e;
    const u64 to = static_cast<u64>(request.buf);
    const i32 room = request.len;
    usize used = 0;
    constexpr usize at_once = 8;
    native<K, shape::interface_address> some[at_once];
    for (usize first = 0;;) {
      auto count = c.perform(op::interface_addresses{}, first, std::span{some});
      if (!count) return count.error();
      for (usize i = 0; i < *count; ++i) {
        if (some[i].family != native_number<K, address_family::inet>) continue;
        if (to != 0 && (room < 0 || used + sizeof(ifreq<M>) > static_cast<usize>(room))) break;
        if (to != 0)
          if (errc e = c.write(user_ptr<ifreq<M>>{to + used}, record<M>(some[i])); e != errc::none) return e;
        used += sizeof(ifreq<M>);
      }
      if (*count < at_once) break;
      first += *count;
    }
    request.len = static_cast<i32>(used);
    if (errc e = c.write(at, request); e != errc::none) return e;
    return done{};
  }

private:
  template <class M, class Address>
  static ifreq<M> record(const Address& one) {
    ifreq<M> r{};
    __builtin_memcpy(r.name, one.label, sizeof r.name);
    sockaddr_in<M> address{};
    address.family.raw = static_cast<u16>(polyabi::detail::number_of<address_families>(address_family::inet));
    __builtin_memcpy(address.address, one.address, sizeof address.address);
    __builtin_memcpy(r.value, &address, sizeof address);
    return r;
  }
};

} // namespace polyabi::linux_abi::handlers
