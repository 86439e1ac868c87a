// /proc/net/sockstat, sockstat6, protocols, snmp, netstat and ipv6_route (proc(5)). Sockets are counted; packets are the host's, and
// their counters are zero here.
#pragma once

#include <polyabi/linux/pseudo/sockets.hpp>

namespace polyabi::linux_abi::proc {

namespace detail {

/// How many sockets there are of each kind.
struct socket_counts {
  u32 tcp = 0, connected = 0, udp = 0, raw = 0, ping = 0;
};

template <class K, address_family Family>
socket_counts count_sockets(const pseudo_context<K>& c) {
  socket_counts counts;
  (void)each_socket<K, Family>(c, [&](const auto& s) {
    if (has_type(s, socket_type::stream)) {
      ++counts.tcp;
      counts.connected += s.about.state == socket_state::connected;
    } else if (has_type(s, socket_type::raw)) {
      ++counts.raw;
    } else if (has_type(s, socket_type::dgram)) {
      ++(is_udp(s) ? counts.udp : counts.ping);
    }
  });
  return counts;
}

template <class K, address_family Family>
u32 count_all(const pseudo_context<K>& c) {
  u32 count = 0;
  (void)each_socket<K, Family>(c, [&](const auto&) { ++count; });
  return count;
}

/// A line of names, and one of numbers behind the same label.
struct counter_line {
  std::string_view label, names;
};
inline void write_counters(text_sink& to, const counter_line& line, std::span<const i64> first) {
  to << line.label << ": " << line.names << '\n' << line.label << ':';
  usize count = 1;
  for (const char letter : line.names) count += letter == ' ';
  for (usize i = 0; i < count; ++i) to << ' ' << (i < first.size() ? first[i] : i64{0});
  to << '\n';
}

} // namespace detail

template <class K>
bool socket_statistics(const pseudo_context<K>& c, text_sink& to) {
  using detail::count_all;
  const auto four = detail::count_sockets<K, address_family::inet>(c);
  const u32 all = count_all<K, address_family::inet>(c) + count_all<K, address_family::inet6>(c) + count_all<K, address_family::unix_>(c) +
                  count_all<K, address_family::netlink>(c);
  to << "sockets: used " << all << "\nTCP: inuse " << four.tcp << " orphan 0 tw 0 alloc "
     << four.tcp + detail::count_sockets<K, address_family::inet6>(c).tcp << " mem 0\nUDP: inuse " << four.udp
     << " mem 0\nUDPLITE: inuse 0\nRAW: inuse " << four.raw << "\nFRAG: inuse 0 memory 0\n";
  return true;
}
template <class K>
bool socket_statistics6(const pseudo_context<K>& c, text_sink& to) {
  const auto six = detail::count_sockets<K, address_family::inet6>(c);
  to << "TCP6: inuse " << six.tcp << "\nUDP6: inuse " << six.udp << "\nUDPLITE6: inuse 0\nRAW6: inuse " << six.raw
     << "\nFRAG6: inuse 0 memory 0\n";
  return true;
}

/// The protocols that there are sockets of, and how many.
template <class K>
bool socket_protocols(const pseudo_context<K>& c, text_sink& to) {
  const auto four = detail::count_sockets<K, address_family::inet>(c), six = detail::count_sockets<K, address_family::inet6>(c);
  const struct {
    std::string_view name;
    u32 sockets;
  } rows[] = {{"PINGv6", six.ping}, {"RAWv6", six.raw}, {"UDPv6", six.udp}, {"TCPv6", six.tcp},
              {"UNIX", detail::count_all<K, address_family::unix_>(c)}, {"PING", four.ping}, {"RAW", four.raw}, {"UDP", four.udp},
              {"TCP", four.tcp}, {"NETLINK", detail::count_all<K, address_family::netlink>(c)}};
  to << "protocol  size sockets  memory press maxhdr  slab module     cl co di ac io in de sh ss gs se re bi br ha uh gp em\n";
  for (const auto& row : rows)
    to << left{row.name, 9} << "    0 " << padded{row.sockets, 6} << "      -1   NI       0   no   kernel      "
       << "n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n  n\n";
  return true;
}

template <class K>
bool network_counters(const pseudo_context<K>& c, text_sink& to) {
  constexpr i64 forwards_not = 2, hops = 64;
  const i64 ip[] = {forwards_not, hops};
  const auto four = detail::count_sockets<K, address_family::inet>(c), six = detail::count_sockets<K, address_family::inet6>(c);
  const i64 tcp[] = {1, 200, 120'000, -1, 0, 0, 0, 0, i64{four.connected} + six.connected};
  detail::write_counters(to, {"Ip", "Forwarding DefaultTTL InReceives InHdrErrors InAddrErrors ForwDatagrams InUnknownProtos InDiscards "
                                    "InDelivers OutRequests OutDiscards OutNoRoutes ReasmTimeout ReasmReqds ReasmOKs ReasmFails FragOKs "
                                    "FragFails FragCreates"}, ip);
  detail::write_counters(to, {"Icmp", "InMsgs InErrors InCsumErrors InDestUnreachs InTimeExcds InParmProbs InSrcQuenchs InRedirects "
                                      "InEchos InEchoReps InTimestamps InTimestampReps InAddrMasks InAddrMaskReps OutMsgs OutErrors "
                                      "OutDestUnreachs OutTimeExcds OutParmProbs OutSrcQuenchs OutRedirects OutEchos OutEchoReps "
                                      "OutTimestamps OutTimestampReps OutAddrMasks OutAddrMaskReps"}, {});
  detail::write_counters(to, {"Tcp", "RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs "
                                     "OutSegs RetransSegs InErrs OutRsts InCsumErrors"}, tcp);
  for (const std::string_view label : {"Udp", "UdpLite"})
    detail::write_counters(to, {label, "InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors IgnoredMulti"}, {});
  return true;
}

template <class K>
bool more_network_counters(const pseudo_context<K>&, text_sink& to) {
  detail::write_counters(to, {"TcpExt", "SyncookiesSent SyncookiesRecv SyncookiesFailed EmbryonicRsts PruneCalled RcvPruned OfoPruned "
                                        "OutOfWindowIcmps LockDroppedIcmps ArpFilter TW TWRecycled TWKilled PAWSActive PAWSEstab DelayedACKs "
                                        "DelayedACKLocked DelayedACKLost ListenOverflows ListenDrops"}, {});
  detail::write_counters(to, {"IpExt", "InNoRoutes InTruncatedPkts InMcastPkts OutMcastPkts InBcastPkts OutBcastPkts InOctets OutOctets "
                                       "InMcastOctets OutMcastOctets InBcastOctets OutBcastOctets InCsumErrors InNoECTPkts InECT1Pkts "
                                       "InECT0Pkts InCEPkts"}, {});
  return true;
}

/// Destination and source with their prefixes, gateway, metric, two counters, flags and interface: the numbers in hexadecimal.
template <class K>
bool network_routes6(const pseudo_context<K>& c, text_sink& to) {
  if constexpr (polyabi::detail::provides_all<K, needs_of_network>::value()) {
    using route_type = native<K, shape::route_info>;
    const errc failed = netlink::each_told<K, shape::route_info>(c.reader, op::routes{}, [&](const route_type& one) {
      if (one.family != native_number<K, address_family::inet6>) return;
      const auto out = detail::interface_numbered(c, one.index);
      bool has_gateway = false;
      for (const u8 byte : one.gateway) has_gateway |= byte != 0;
      constexpr u32 local_flag = 0x8000'0000;
      u32 flags = route_flag::up | (one.type == netlink::route_type::local ? local_flag : 0);
      if (has_gateway) flags |= route_flag::gateway;
      const auto write = [&](const auto& address) {
        for (const u8 byte : address) to << hex{byte, 2};
      };
      write(one.destination);
      to << ' ' << hex{one.prefix, 2} << ' ';
      to.fill(32, '0') << " 00 ";
      write(one.gateway);
      to << ' ' << hex{one.metric, 8} << " 00000001 00000000 " << hex{flags, 8} << ' ';
      const std::string_view name{out.name};
      to.fill(name.size() < 8 ? 8 - name.size() : 0) << name << '\n';
    });
    return failed == errc::none;
  }
  return true;
}

} // namespace polyabi::linux_abi::proc
