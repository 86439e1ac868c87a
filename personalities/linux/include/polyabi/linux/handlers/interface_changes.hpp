// Changes of the network by ioctl (netdevice(7), rtnetlink(7)): of interfaces found by name, and of routes.
#pragma once

#include <polyabi/linux/handlers/interfaces.hpp>
#include <polyabi/linux/structures/netlink.hpp>
#include <polyabi/linux/structures/tunnel.hpp>

namespace polyabi::linux_abi::handlers {

namespace detail {

using needed_by_changes = operation_list<op::interfaces, op::interface_addresses, op::socket_kind, op::change_interface,
                                         op::set_first_address, op::add_route, op::remove_route>;

template <class M>
constexpr bool is_internet(const sockaddr_in<M>& a) {
  return a.family.raw == static_cast<u16>(polyabi::detail::number_of<address_families>(address_family::inet));
}

/// How many of a mask's bits are set from its beginning; -1 if others are as well.
constexpr i32 prefix_of(const u8 (&mask)[4]) {
  const u32 bits = u32{mask[0]} << 24 | u32{mask[1]} << 16 | u32{mask[2]} << 8 | u32{mask[3]};
  const i32 prefix = static_cast<i32>(std::countl_one(bits));
  return prefix == 32 || bits << prefix == 0 ? prefix : -1;
}
static_assert(prefix_of({255, 255, 240, 0}) == 20 && prefix_of({255, 0, 255, 0}) == -1 && prefix_of({0, 0, 0, 0}) == 0);

} // namespace detail

enum class interface_part : u8 { flags, mtu, queue, name };

struct set_interface {
  using needs = detail::needed_by_changes;
  template <class Env>
  [[gnu::noinline]] static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<ifreq<typename Env::model>> at,
                                           interface_part part) {
    using K = typename Env::kernel;
    ifreq<typename Env::model> request{};
    native<K, shape::interface_info> found{};
    if (errc e = detail::read_interface<Env>(c, descriptor, at, false, request, found); e != errc::none) return e;
    interface_change change;
    u32 number = 0;
    __builtin_memcpy(&number, request.value, sizeof number);
    switch (part) {
    case interface_part::flags: {
      using flags = flag_table<interface_flags, kernel_map<K, interface_flag>>;
      constexpr u32 by_ioctl = 0xffff; // the upper ones are netlink's alone
      change.flags = static_cast<u32>(flags::convert(number & by_ioctl));
      change.flag_mask = static_cast<u32>(flags::convert(by_ioctl));
      break;
    }
    case interface_part::mtu:
      if (number == 0) return errc::inval;
      change.mtu = number;
      break;
    case interface_part::queue:
      if (static_cast<i32>(number) < 0) return errc::inval;
      change.queue = number;
      break;
    case interface_part::name: {
      char name[sizeof request.name];
      __builtin_memcpy(name, request.value, sizeof name);
      name[sizeof name - 1] = 0;
      change.name = std::string_view{name};
      if (change.name.empty()) return errc::inval;
      return reply_with<Env>(c.perform(op::change_interface{}, found.index, change));
    }
    }
    return reply_with<Env>(c.perform(op::change_interface{}, found.index, change));
  }
};

enum class address_part : u8 { address, netmask, destination, broadcast };

struct set_address {
  using needs = detail::needed_by_changes;
  template <class Env>
  [[gnu::noinline]] static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<ifreq<typename Env::model>> at,
                                           address_part part) {
    using K = typename Env::kernel;
    using M = typename Env::model;
    ifreq<M> request{};
    native<K, shape::interface_info> of{};
    if (errc e = detail::read_interface<Env>(c, descriptor, at, false, request, of); e != errc::none) return e;
    sockaddr_in<M> given{};
    static_assert(sizeof given <= sizeof request.value);
    __builtin_memcpy(&given, request.value, sizeof given);
    // A mask's family is not looked at: route(8) and others leave it out.
    if (part != address_part::netmask && !detail::is_internet(given)) return errc::inval;
    native<K, shape::interface_address> now{};
    const bool has_one = detail::find_address<Env>(c, of.index, now);
    if (part == address_part::address) {
      now = {};
      now.index = of.index;
      now.family = native_number<K, address_family::inet>;
      set_usual_prefix<K>(of.flags, given.address, now);
      __builtin_memcpy(now.address, given.address, sizeof given.address);
    } else {
      if (!has_one) return errc::addrnotavail;
      if (part == address_part::destination) __builtin_memcpy(now.peer, given.address, sizeof given.address);
      if (part == address_part::broadcast) __builtin_memcpy(now.broadcast, given.address, sizeof given.address);
      if (part == address_part::netmask) {
        const i32 prefix = detail::prefix_of(given.address);
        if (prefix < 0) return errc::inval;
        now.prefix = static_cast<u8>(prefix);
      }
    }
    return reply_with<Env>(c.perform(op::set_first_address{}, now));
  }

private:
  /// What an address is taken for while nobody has said: of a network of its class, or, of a point-to-point link, alone.
  template <class K>
  static void set_usual_prefix(u32 flags, const u8 (&address)[4], native<K, shape::interface_address>& to) {
    if ((flags & native_number<K, interface_flag::pointopoint>) != 0) {
      to.prefix = 32;
      return;
    }
    to.prefix = address[0] < 128 ? 8 : address[0] < 192 ? 16 : 24;
    for (usize i = 0; i < sizeof address; ++i) to.broadcast[i] = i < to.prefix / 8u ? address[i] : u8{255};
  }
};

struct change_route {
  using needs = detail::needed_by_changes;
  template <class Env>
  [[gnu::noinline]] static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<rtentry<typename Env::model>> at,
                                           bool add) {
    using K = typename Env::kernel;
    if (errc e = detail::expect_socket<Env>(c, descriptor); e != errc::none) return e;
    rtentry<typename Env::model> wanted{};
    if (errc e = c.read(at, wanted); e != errc::none) return e;
    if (!detail::is_internet(wanted.dst)) return errc::afnosupport;
    const u16 flags = wanted.flags;
    native<K, shape::route_info> route{};
    route.family = native_number<K, address_family::inet>;
    const i32 prefix = (flags & route_flag::host) != 0 ? 32 : detail::prefix_of(wanted.genmask.address);
    if (prefix < 0 || (flags & route_flag::reject) != 0) return errc::inval;
    route.prefix = static_cast<u8>(prefix);
    __builtin_memcpy(route.destination, wanted.dst.address, sizeof wanted.dst.address);
    if ((flags & route_flag::gateway) != 0) __builtin_memcpy(route.gateway, wanted.gateway.address, sizeof wanted.gateway.address);
    else route.scope = netlink::route_scope::link;
    route.origin = netlink::route_origin::boot; // by hand
    if (wanted.metric > 0) route.metric = static_cast<u32>(wanted.metric - 1);
    if (static_cast<u64>(wanted.dev) != 0) {
      char name[sizeof(ifreq<typename Env::model>::name)]{};
      const i64 length = K::copy_in_string(c.thread, name, static_cast<u64>(wanted.dev), sizeof name);
      if (length < 0) return errc::fault;
      if (static_cast<usize>(length) >= sizeof name) return errc::nodev;
      native<K, shape::interface_info> found{};
      if (!detail::find_in_network<Env, shape::interface_info>(
              c, op::interfaces{}, found, [&](const auto& one) { return detail::name_in(one.name) == detail::name_in(name); }))
        return errc::nodev;
      route.index = found.index;
    }
    if (add) return reply_with<Env>(c.perform(op::add_route{}, route, route_rule::add));
    else return reply_with<Env>(c.perform(op::remove_route{}, route));
  }
};

} // namespace polyabi::linux_abi::handlers
