// The reference kernel's numbers of sockets under the vocabulary's names.
#pragma once

#include <polyabi/core/socket_vocabulary.hpp>
#include <polyabi/reference/maps.hpp>
#include <polyabi/reference/socket_numbers.hpp>

namespace polyabi::reference {

namespace maps {

struct address_family_numbers : number_map<address_family> {
  static constexpr auto rows = std::to_array<row>({{address_family::unspec, address_families::unspec},
                                                   {address_family::unix_, address_families::local},
                                                   {address_family::inet, address_families::inet},
                                                   {address_family::inet6, address_families::inet6},
                                                   {address_family::netlink, address_families::netlink}});
};
static_assert(checked<address_family_numbers>);

struct socket_type_numbers : number_map<socket_type> {
  static constexpr auto rows = std::to_array<row>({{socket_type::stream, socket_types::stream},
                                                   {socket_type::dgram, socket_types::dgram},
                                                   {socket_type::raw, socket_types::raw},
                                                   {socket_type::rdm, socket_types::rdm},
                                                   {socket_type::seqpacket, socket_types::seqpacket}});
};
static_assert(checked<socket_type_numbers>);

struct socket_flag_bits : flag_map<socket_flag> {
  static constexpr auto rows = std::to_array<flag_row>(
      {bit(socket_flag::nonblock, socket_flags::nonblock), bit(socket_flag::cloexec, socket_flags::cloexec)});
};
static_assert(checked<socket_flag_bits>);

struct message_flag_bits : flag_map<message_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(message_flag::oob, message_flags::oob), bit(message_flag::peek, message_flags::peek),
      bit(message_flag::dontroute, message_flags::dontroute), bit(message_flag::eor, message_flags::eor),
      bit(message_flag::trunc, message_flags::trunc), bit(message_flag::ctrunc, message_flags::ctrunc),
      bit(message_flag::waitall, message_flags::waitall), bit(message_flag::dontwait, message_flags::dontwait),
      bit(message_flag::nosignal, message_flags::nosignal), bit(message_flag::cmsg_cloexec, message_flags::cmsg_cloexec),
      bit(message_flag::waitforone, message_flags::waitforone), bit(message_flag::errqueue, message_flags::errqueue),
      bit(message_flag::more, message_flags::more), bit(message_flag::confirm, message_flags::confirm),
      bit(message_flag::fastopen, message_flags::fastopen),
      without(message_flag::probe), without(message_flag::fin), without(message_flag::syn), without(message_flag::rst),
      without(message_flag::batch), without(message_flag::no_shared_frags), without(message_flag::zerocopy),
      without(message_flag::eof),
  });
};
static_assert(checked<message_flag_bits>);

struct shutdown_how_numbers : number_map<shutdown_how> {
  static constexpr auto rows = std::to_array<row>({{shutdown_how::rd, shutdown_hows::read},
                                                   {shutdown_how::wr, shutdown_hows::write},
                                                   {shutdown_how::rdwr, shutdown_hows::both}});
};
static_assert(checked<shutdown_how_numbers>);

struct option_level_numbers : number_map<option_level> {
  static constexpr auto rows = std::to_array<row>({
      {option_level::socket, option_levels::socket}, {option_level::ip, option_levels::ip}, {option_level::icmp, option_levels::icmp},
      {option_level::tcp, option_levels::tcp}, {option_level::udp, option_levels::udp}, {option_level::ipv6, option_levels::ipv6},
      {option_level::icmpv6, option_levels::icmpv6}, {option_level::raw, option_levels::raw},
      {option_level::netlink, option_levels::netlink},
  });
};
static_assert(checked<option_level_numbers>);

struct socket_option_numbers : number_map<socket_option> {
  static constexpr auto rows = std::to_array<row>({
      {socket_option::debug, socket_options::debug}, {socket_option::acceptconn, socket_options::acceptconn},
      {socket_option::reuseaddr, socket_options::reuseaddr}, {socket_option::keepalive, socket_options::keepalive},
      {socket_option::dontroute, socket_options::dontroute}, {socket_option::broadcast, socket_options::broadcast},
      {socket_option::linger, socket_options::linger}, {socket_option::oobinline, socket_options::oobinline},
      {socket_option::reuseport, socket_options::reuseport}, {socket_option::timestamp, socket_options::timestamp},
      {socket_option::sndbuf, socket_options::sndbuf}, {socket_option::rcvbuf, socket_options::rcvbuf},
      {socket_option::sndlowat, socket_options::sndlowat}, {socket_option::rcvlowat, socket_options::rcvlowat},
      {socket_option::sndtimeo, socket_options::sndtimeo}, {socket_option::rcvtimeo, socket_options::rcvtimeo},
      {socket_option::error, socket_options::error}, {socket_option::type, socket_options::type},
      {socket_option::protocol, socket_options::protocol}, {socket_option::domain, socket_options::domain},
      {socket_option::passcred, socket_options::passcred}, {socket_option::peercred, socket_options::peercred},
      {socket_option::peergroups, socket_options::peergroups}, {socket_option::priority, socket_options::priority},
      {socket_option::mark, socket_options::mark}, {socket_option::bindtodevice, socket_options::bindtodevice},
      {socket_option::bindtoifindex, socket_options::bindtoifindex}, {socket_option::timestampns, socket_options::timestampns},
      {socket_option::rxq_ovfl, socket_options::rxq_ovfl}, {socket_option::peek_off, socket_options::peek_off},
      {socket_option::busy_poll, socket_options::busy_poll}, {socket_option::incoming_cpu, socket_options::incoming_cpu},
      {socket_option::incoming_napi_id, socket_options::incoming_napi_id}, {socket_option::no_check, socket_options::no_check},
      {socket_option::max_pacing_rate, socket_options::max_pacing_rate}, {socket_option::cookie, socket_options::cookie},
      {socket_option::sndbufforce, socket_options::sndbufforce}, {socket_option::rcvbufforce, socket_options::rcvbufforce},
      {socket_option::select_err_queue, socket_options::select_err_queue}, {socket_option::meminfo, socket_options::meminfo},
  });
};
static_assert(checked<socket_option_numbers>);

struct ip_option_numbers : number_map<ip_option> {
  static constexpr auto rows = std::to_array<row>({
      {ip_option::options, ip_options::options}, {ip_option::hdrincl, ip_options::hdrincl}, {ip_option::tos, ip_options::tos},
      {ip_option::ttl, ip_options::ttl}, {ip_option::recvopts, ip_options::recvopts}, {ip_option::retopts, ip_options::retopts},
      {ip_option::multicast_if, ip_options::multicast_if}, {ip_option::multicast_ttl, ip_options::multicast_ttl},
      {ip_option::multicast_loop, ip_options::multicast_loop}, {ip_option::add_membership, ip_options::add_membership},
      {ip_option::drop_membership, ip_options::drop_membership}, {ip_option::transparent, ip_options::bindany},
      {ip_option::recvttl, ip_options::recvttl}, {ip_option::minttl, ip_options::minttl}, {ip_option::recvtos, ip_options::recvtos},
      {ip_option::add_source_membership, ip_options::add_source_membership},
      {ip_option::drop_source_membership, ip_options::drop_source_membership},
      {ip_option::block_source, ip_options::block_source}, {ip_option::unblock_source, ip_options::unblock_source},
      {ip_option::router_alert, ip_options::router_alert}, {ip_option::pktinfo, ip_options::pktinfo},
      {ip_option::mtu_discover, ip_options::mtu_discover}, {ip_option::recverr, ip_options::recverr},
      {ip_option::mtu, ip_options::mtu}, {ip_option::freebind, ip_options::freebind}, {ip_option::nodefrag, ip_options::nodefrag},
      {ip_option::checksum, ip_options::checksum}, {ip_option::bind_address_no_port, ip_options::bind_address_no_port},
      {ip_option::recvfragsize, ip_options::recvfragsize}, {ip_option::recvorigdstaddr, ip_options::recvorigdstaddr},
      {ip_option::multicast_all, ip_options::multicast_all}, {ip_option::unicast_if, ip_options::unicast_if},
      {ip_option::local_port_range, ip_options::local_port_range},
  });
};
static_assert(checked<ip_option_numbers>);

struct ipv6_option_numbers : number_map<ipv6_option> {
  static constexpr auto rows = std::to_array<row>({
      {ipv6_option::unicast_hops, ipv6_options::unicast_hops}, {ipv6_option::multicast_if, ipv6_options::multicast_if},
      {ipv6_option::multicast_hops, ipv6_options::multicast_hops}, {ipv6_option::multicast_loop, ipv6_options::multicast_loop},
      {ipv6_option::add_membership, ipv6_options::join_group}, {ipv6_option::drop_membership, ipv6_options::leave_group},
      {ipv6_option::checksum, ipv6_options::checksum}, {ipv6_option::v6only, ipv6_options::v6only},
      {ipv6_option::recvpktinfo, ipv6_options::recvpktinfo}, {ipv6_option::recvhoplimit, ipv6_options::recvhoplimit},
      {ipv6_option::recvrthdr, ipv6_options::recvrthdr}, {ipv6_option::recvhopopts, ipv6_options::recvhopopts},
      {ipv6_option::recvdstopts, ipv6_options::recvdstopts}, {ipv6_option::recvpathmtu, ipv6_options::recvpathmtu},
      {ipv6_option::pathmtu, ipv6_options::pathmtu}, {ipv6_option::pktinfo, ipv6_options::pktinfo},
      {ipv6_option::hoplimit, ipv6_options::hoplimit}, {ipv6_option::recvtclass, ipv6_options::recvtclass},
      {ipv6_option::tclass, ipv6_options::tclass}, {ipv6_option::dontfrag, ipv6_options::dontfrag},
      {ipv6_option::transparent, ipv6_options::bindany}, {ipv6_option::multicast_all, ipv6_options::multicast_all},
      {ipv6_option::recverr, ipv6_options::recverr}, {ipv6_option::mtu_discover, ipv6_options::mtu_discover},
      {ipv6_option::mtu, ipv6_options::mtu}, {ipv6_option::flowinfo, ipv6_options::flowinfo},
      {ipv6_option::flowinfo_send, ipv6_options::flowinfo_send}, {ipv6_option::autoflowlabel, ipv6_options::autoflowlabel},
      {ipv6_option::router_alert, ipv6_options::router_alert}, {ipv6_option::unicast_if, ipv6_options::unicast_if},
      {ipv6_option::freebind, ipv6_options::freebind}, {ipv6_option::minhopcount, ipv6_options::minhopcount},
      {ipv6_option::addr_preferences, ipv6_options::addr_preferences}, {ipv6_option::recvfragsize, ipv6_options::recvfragsize},
      {ipv6_option::recvorigdstaddr, ipv6_options::recvorigdstaddr}, {ipv6_option::addrform, ipv6_options::addrform},
  });
};
static_assert(checked<ipv6_option_numbers>);

struct tcp_option_numbers : number_map<tcp_option> {
  static constexpr auto rows = std::to_array<row>({
      {tcp_option::nodelay, tcp_options::nodelay}, {tcp_option::maxseg, tcp_options::maxseg}, {tcp_option::cork, tcp_options::cork},
      {tcp_option::info, tcp_options::info}, {tcp_option::congestion, tcp_options::congestion},
      {tcp_option::keepidle, tcp_options::keepidle}, {tcp_option::keepintvl, tcp_options::keepintvl},
      {tcp_option::keepcnt, tcp_options::keepcnt}, {tcp_option::fastopen, tcp_options::fastopen},
      {tcp_option::syncnt, tcp_options::syncnt}, {tcp_option::linger2, tcp_options::linger2},
      {tcp_option::defer_accept, tcp_options::defer_accept}, {tcp_option::window_clamp, tcp_options::window_clamp},
      {tcp_option::quickack, tcp_options::quickack}, {tcp_option::user_timeout, tcp_options::user_timeout},
      {tcp_option::fastopen_connect, tcp_options::fastopen_connect}, {tcp_option::notsent_lowat, tcp_options::notsent_lowat},
      {tcp_option::timestamp, tcp_options::timestamp}, {tcp_option::save_syn, tcp_options::save_syn},
      {tcp_option::saved_syn, tcp_options::saved_syn}, {tcp_option::inq, tcp_options::inq},
      {tcp_option::tx_delay, tcp_options::tx_delay}, {tcp_option::thin_linear_timeouts, tcp_options::thin_linear_timeouts},
  });
};
static_assert(checked<tcp_option_numbers>);

struct udp_option_numbers : number_map<udp_option> {
  static constexpr auto rows = std::to_array<row>({
      {udp_option::cork, udp_options::cork}, {udp_option::segment, udp_options::segment}, {udp_option::gro, udp_options::gro},
      {udp_option::no_check6_tx, udp_options::no_check6_tx}, {udp_option::no_check6_rx, udp_options::no_check6_rx},
  });
};
static_assert(checked<udp_option_numbers>);

struct netlink_option_numbers : number_map<netlink_option> {
  static constexpr auto rows = std::to_array<row>({
      {netlink_option::add_membership, netlink_options::add_membership},
      {netlink_option::drop_membership, netlink_options::drop_membership}, {netlink_option::pktinfo, netlink_options::pktinfo},
      {netlink_option::broadcast_error, netlink_options::broadcast_error}, {netlink_option::no_enobufs, netlink_options::no_enobufs},
      {netlink_option::list_memberships, netlink_options::list_memberships}, {netlink_option::cap_ack, netlink_options::cap_ack},
      {netlink_option::ext_ack, netlink_options::ext_ack}, {netlink_option::get_strict_chk, netlink_options::get_strict_chk},
  });
};
static_assert(checked<netlink_option_numbers>);

struct socket_control_numbers : number_map<socket_control> {
  static constexpr auto rows = std::to_array<row>({
      {socket_control::rights, control_types::rights}, {socket_control::credentials, control_types::credentials},
      {socket_control::timestamp, control_types::timestamp}, {socket_control::timestampns, control_types::timestampns},
      {socket_control::rxq_ovfl, control_types::rxq_ovfl},
  });
};
static_assert(checked<socket_control_numbers>);

struct interface_flag_bits : flag_map<interface_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(interface_flag::up, interface_flags::up), bit(interface_flag::broadcast, interface_flags::broadcast),
      bit(interface_flag::debug, interface_flags::debug), bit(interface_flag::loopback, interface_flags::loopback),
      bit(interface_flag::pointopoint, interface_flags::pointopoint),
      bit(interface_flag::notrailers, interface_flags::notrailers), bit(interface_flag::running, interface_flags::running),
      bit(interface_flag::noarp, interface_flags::noarp), bit(interface_flag::promisc, interface_flags::promisc),
      bit(interface_flag::allmulti, interface_flags::allmulti), bit(interface_flag::multicast, interface_flags::multicast),
      bit(interface_flag::master, interface_flags::master), bit(interface_flag::slave, interface_flags::slave),
      bit(interface_flag::dynamic, interface_flags::dynamic), bit(interface_flag::lower_up, interface_flags::lower_up),
      bit(interface_flag::dormant, interface_flags::dormant),
  });
};
static_assert(checked<interface_flag_bits>);

struct tunnel_flag_bits : flag_map<tunnel_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(tunnel_flag::tun, tunnel_flags::tun), bit(tunnel_flag::no_pi, tunnel_flags::no_information),
      bit(tunnel_flag::excl, tunnel_flags::exclusive), bit(tunnel_flag::persist, tunnel_flags::persistent),
      without(tunnel_flag::tap),
  });
};
static_assert(checked<tunnel_flag_bits>);

struct raw_option_numbers : number_map<raw_option> {
  static constexpr auto rows = std::to_array<row>({{raw_option::icmp_filter, raw_options::icmp_filter}});
};
static_assert(checked<raw_option_numbers>);

} // namespace maps

namespace detail {
template <> struct map_for<address_family> { using type = maps::address_family_numbers; };
template <> struct map_for<socket_type> { using type = maps::socket_type_numbers; };
template <> struct map_for<socket_flag> { using type = maps::socket_flag_bits; };
template <> struct map_for<message_flag> { using type = maps::message_flag_bits; };
template <> struct map_for<shutdown_how> { using type = maps::shutdown_how_numbers; };
template <> struct map_for<option_level> { using type = maps::option_level_numbers; };
template <> struct map_for<socket_option> { using type = maps::socket_option_numbers; };
template <> struct map_for<ip_option> { using type = maps::ip_option_numbers; };
template <> struct map_for<ipv6_option> { using type = maps::ipv6_option_numbers; };
template <> struct map_for<tcp_option> { using type = maps::tcp_option_numbers; };
template <> struct map_for<udp_option> { using type = maps::udp_option_numbers; };
template <> struct map_for<netlink_option> { using type = maps::netlink_option_numbers; };
template <> struct map_for<socket_control> { using type = maps::socket_control_numbers; };
template <> struct map_for<interface_flag> { using type = maps::interface_flag_bits; };
template <> struct map_for<tunnel_flag> { using type = maps::tunnel_flag_bits; };
template <> struct map_for<raw_option> { using type = maps::raw_option_numbers; };
} // namespace detail

} // namespace polyabi::reference
