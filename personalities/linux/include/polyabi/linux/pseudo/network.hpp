// /proc/net/dev, route and if_inet6 (proc(5)). All processes are in one network: what each shows of its own is the same.
#pragma once

#include <polyabi/linux/netlink/request.hpp>
#include <polyabi/linux/pseudo/common.hpp>
#include <polyabi/linux/structures/tunnel.hpp>

namespace polyabi::linux_abi::proc {

/// What these files ask of a kernel; without it they have no lines but the first.
using needs_of_network = operation_list<op::interfaces, op::routes>;

template <class K>
bool link_to_own_network(const pseudo_context<K>&, text_sink& to) {
  to << "self/net";
  return true;
}

template <class K>
bool network_devices(const pseudo_context<K>& c, text_sink& to) {
  to << "Inter-|   Receive                                                |  Transmit\n"
        " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n";
  if constexpr (polyabi::detail::provides_all<K, needs_of_network>::value()) {
    const errc failed = netlink::each_told<K, shape::interface_info>(c.reader, op::interfaces{}, [&](const native<K, shape::interface_info>& one) {
      const std::string_view name{one.name};
      to.fill(name.size() < 6 ? 6 - name.size() : 0);
      to << name << ": " << padded{one.received.bytes, 7} << ' ' << padded{one.received.packets, 7} << ' '
         << padded{one.received.errors, 4} << ' ' << padded{one.received.dropped, 4} << "    0     0          0         0 "
         << padded{one.sent.bytes, 8} << ' ' << padded{one.sent.packets, 7} << ' ' << padded{one.sent.errors, 4} << ' '
         << padded{one.sent.dropped, 4} << "    0     0       0          0\n";
    });
    return failed == errc::none;
  }
  return true;
}

namespace detail {

/// Eight capital digits of the bytes as a little-endian machine reads them.
inline void write_address(text_sink& to, const u8* bytes) {
  for (i32 i = 3; i >= 0; --i)
    for (const u32 digit : {u32{bytes[i]} >> 4, u32{bytes[i]} & 15}) to << "0123456789ABCDEF"[digit];
}

/// Of a route or an address; without a name if it is gone.
template <class K>
native<K, shape::interface_info> interface_numbered(const pseudo_context<K>& c, u32 index) {
  native<K, shape::interface_info> found{};
  (void)netlink::each_told<K, shape::interface_info>(c.reader, op::interfaces{}, [&](const native<K, shape::interface_info>& each) {
    if (each.index == index) found = each;
  });
  return found;
}

} // namespace detail

/// Lines are filled up to 127 characters, as Linux' are.
template <class K>
bool network_routes(const pseudo_context<K>& c, text_sink& to) {
  constexpr usize width = 127;
  usize begun = to.needed();
  const auto end_line = [&] {
    const usize used = to.needed() - begun;
    to.fill(used < width ? width - used : 0);
    to << '\n';
    begun = to.needed();
  };
  to << "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT";
  end_line();
  if constexpr (polyabi::detail::provides_all<K, needs_of_network>::value()) {
    using route_type = native<K, shape::route_info>;
    const errc failed = netlink::each_told<K, shape::route_info>(c.reader, op::routes{}, [&](const route_type& one) {
      if (one.family != native_number<K, address_family::inet> || one.table != netlink::route_table::main ||
          one.type != netlink::route_type::unicast)
        return;
      const auto out = detail::interface_numbered(c, one.index);
      const bool has_gateway = one.gateway[0] != 0;
      u16 flags = route_flag::up;
      if (has_gateway) flags |= route_flag::gateway;
      if (one.prefix == 32) flags |= route_flag::host;
      const u32 mask = one.prefix == 0 ? 0 : ~u32{0} << (32 - one.prefix);
      const u8 mask_bytes[4] = {static_cast<u8>(mask >> 24), static_cast<u8>(mask >> 16), static_cast<u8>(mask >> 8), static_cast<u8>(mask)};
      to << std::string_view{out.name} << '\t';
      detail::write_address(to, one.destination);
      to << '\t';
      detail::write_address(to, one.gateway);
      to << '\t' << hex{flags, 4} << "\t0\t0\t" << one.metric << '\t';
      detail::write_address(to, mask_bytes);
      to << "\t0\t0\t0";
      end_line();
    });
    return failed == errc::none;
  }
  return true;
}

/// The addresses of the sixth version: the address, and in hexadecimal the interface, the prefix, the scope and flags.
template <class K>
bool network_addresses(const pseudo_context<K>& c, text_sink& to) {
  if constexpr (polyabi::detail::provides_all<K, needs_of_network::with<op::interface_addresses>>::value()) {
    using address = native<K, shape::interface_address>;
    const errc failed = netlink::each_told<K, shape::interface_address>(c.reader, op::interface_addresses{}, [&](const address& one) {
      if (one.family != native_number<K, address_family::inet6>) return;
      const auto of = detail::interface_numbered(c, one.index);
      using namespace netlink::route_scope;
      const u32 scope = one.scope == host ? 0x10 : one.scope == link ? 0x20 : one.scope == site ? 0x40 : 0;
      for (usize i = 0; i < 16; ++i) to << hex{one.address[i], 2};
      to << ' ' << hex{one.index, 2} << ' ' << hex{one.prefix, 2} << ' ' << hex{scope, 2} << ' ' << hex{one.flags & 0xff, 2} << ' ';
      const std::string_view name{of.name};
      to.fill(name.size() < 8 ? 8 - name.size() : 0) << name << '\n';
    });
    return failed == errc::none;
  }
  return true;
}

} // namespace polyabi::linux_abi::proc
