// Options of sockets (sys/socket.h, netinet/in.h, netinet/tcp.h), and control messages.
#pragma once

#include <polyabi/core/socket_options.hpp>
#include <polyabi/svr4/errors.hpp>
#include <polyabi/svr4/structures/sockets.hpp>
#include <polyabi/svr4/structures/time.hpp>

namespace polyabi::svr4 {

namespace option_values_of_svr4 {

using namespace option_values;

/// Milliseconds where the kernel counts seconds; a part of one counts as a whole.
struct seconds_in_milliseconds : integer {
  template <class K, class M, class Shape>
  static errc in(option_bytes& b) {
    if (b.size < sizeof(i32)) return errc::inval;
    const i32 given = b.get<typename M::i32>();
    return given < 0 ? errc::inval : b.put(given / 1000 + (given % 1000 != 0));
  }
  template <class K, class M, class Shape>
  static errc out(option_bytes& b) {
    return b.put(typename M::i32{b.get<i32>() * 1000});
  }
};

} // namespace option_values_of_svr4

// clang-format off
namespace option_tables {

using option_values::bytes;
using option_values::integer;
using option_values::integer_or_byte;
using option_values::one_of;
using option_values::one_byte;
using option_values_of_svr4::seconds_in_milliseconds;
template <template <class> class S>
using value_of = option_values::structure<S>;

inline constexpr fixed_string no_labels = "a system without labels";
inline constexpr fixed_string one_zone = "one zone";
inline constexpr fixed_string no_filters = "a kernel without packet filters";
inline constexpr fixed_string only_raw = "only for programs that administer the network";
inline constexpr fixed_string by_pktinfo = "IP_PKTINFO tells it";
inline constexpr fixed_string own_retries = "the kernel's own times";

struct socket_options : option_group<0xffff, option_level::socket,
    option<0x1, "SO_DEBUG", integer, socket_option::debug>,
    option<0x2, "SO_ACCEPTCONN", integer, socket_option::acceptconn>,
    option<0x4, "SO_REUSEADDR", integer, socket_option::reuseaddr>,
    option<0x8, "SO_KEEPALIVE", integer, socket_option::keepalive>,
    option<0x10, "SO_DONTROUTE", integer, socket_option::dontroute>,
    option<0x20, "SO_BROADCAST", integer, socket_option::broadcast>,
    hint_option<0x40, "SO_USELOOPBACK", "no hardware that could be passed by">,
    option<0x80, "SO_LINGER", value_of<linger>, socket_option::linger>,
    option<0x100, "SO_OOBINLINE", integer, socket_option::oobinline>,
    hint_option<0x200, "SO_DGRAM_ERRIND", "connected sockets tell of late errors always">,
    refused_option<0x400, "SO_RECVUCRED", errc::noprotoopt, "no credentials come with data">,
    option<0x1001, "SO_SNDBUF", integer, socket_option::sndbuf>,
    option<0x1002, "SO_RCVBUF", integer, socket_option::rcvbuf>,
    option<0x1003, "SO_SNDLOWAT", integer, socket_option::sndlowat>,
    option<0x1004, "SO_RCVLOWAT", integer, socket_option::rcvlowat>,
    option<0x1005, "SO_SNDTIMEO", value_of<timeval>, socket_option::sndtimeo>,
    option<0x1006, "SO_RCVTIMEO", value_of<timeval>, socket_option::rcvtimeo>,
    option<0x1007, "SO_ERROR", one_of<errors>, socket_option::error>,
    option<0x1008, "SO_TYPE", one_of<socket_types>, socket_option::type>,
    option<0x1009, "SO_PROTOTYPE", integer, socket_option::protocol>,
    refused_option<0x100a, "SO_ANON_MLP", errc::noprotoopt, no_labels>,
    refused_option<0x100b, "SO_MAC_EXEMPT", errc::noprotoopt, no_labels>,
    option<0x100c, "SO_DOMAIN", one_of<address_families>, socket_option::domain>,
    hint_option<0x100d, "SO_RCVPSH", "data are given to the program as they come">,
    refused_option<0x1011, "SO_SECATTR", errc::noprotoopt, no_labels>,
    option<0x1013, "SO_TIMESTAMP", integer, socket_option::timestamp>,
    refused_option<0x1014, "SO_ALLZONES", errc::noprotoopt, one_zone>,
    hint_option<0x1015, "SO_EXCLBIND", "nobody shares an address unless he asks to">,
    refused_option<0x1016, "SO_MAC_IMPLICIT", errc::noprotoopt, no_labels>,
    refused_option<0x1017, "SO_VRRP", errc::noprotoopt, only_raw>,
    refused_option<0x40000001, "SO_ATTACH_FILTER", errc::noprotoopt, no_filters>,
    refused_option<0x40000002, "SO_DETACH_FILTER", errc::noprotoopt, no_filters>> {};

struct ip_options : option_group<0, option_level::ip,
    option<1, "IP_OPTIONS", bytes, ip_option::options>,
    option<2, "IP_HDRINCL", integer, ip_option::hdrincl>,
    option<3, "IP_TOS", integer_or_byte, ip_option::tos>,
    option<4, "IP_TTL", integer_or_byte, ip_option::ttl>,
    option<5, "IP_RECVOPTS", integer, ip_option::recvopts>,
    refused_option<6, "IP_RECVRETOPTS", errc::noprotoopt, "IP_RECVOPTS tells them">,
    refused_option<7, "IP_RECVDSTADDR", errc::noprotoopt, by_pktinfo>,
    refused_option<8, "IP_RETOPTS", errc::noprotoopt, "IP_OPTIONS sets them">,
    refused_option<9, "IP_RECVIF", errc::noprotoopt, by_pktinfo>,
    refused_option<10, "IP_RECVSLLA", errc::noprotoopt, "no addresses of the hardware">,
    option<11, "IP_RECVTTL", integer, ip_option::recvttl>,
    option<16, "IP_MULTICAST_IF", value_of<in_addr>, ip_option::multicast_if>,
    option<17, "IP_MULTICAST_TTL", one_byte, ip_option::multicast_ttl>,
    option<18, "IP_MULTICAST_LOOP", one_byte, ip_option::multicast_loop>,
    option<19, "IP_ADD_MEMBERSHIP", value_of<ip_mreq>, ip_option::add_membership>,
    option<20, "IP_DROP_MEMBERSHIP", value_of<ip_mreq>, ip_option::drop_membership>,
    option<21, "IP_BLOCK_SOURCE", value_of<ip_mreq_source>, ip_option::block_source>,
    option<22, "IP_UNBLOCK_SOURCE", value_of<ip_mreq_source>, ip_option::unblock_source>,
    option<23, "IP_ADD_SOURCE_MEMBERSHIP", value_of<ip_mreq_source>, ip_option::add_source_membership>,
    option<24, "IP_DROP_SOURCE_MEMBERSHIP", value_of<ip_mreq_source>, ip_option::drop_source_membership>,
    refused_option<25, "IP_NEXTHOP", errc::perm, only_raw>,
    option<26, "IP_PKTINFO", integer, ip_option::pktinfo>,
    refused_option<27, "IP_DONTFRAG", errc::noprotoopt, "the kernel finds out a path's size itself">,
    refused_option<0x22, "IP_SEC_OPT", errc::noprotoopt, "no encryption below the transports">,
    refused_option<0x41, "IP_BOUND_IF", errc::noprotoopt, "programs bind to an address">,
    refused_option<0x42, "IP_UNSPEC_SRC", errc::perm, only_raw>,
    refused_option<0x43, "IP_BROADCAST_TTL", errc::perm, only_raw>,
    refused_option<0x45, "IP_DHCPINIT_IF", errc::perm, only_raw>> {};

struct ipv6_options : option_group<41, option_level::ipv6,
    option<5, "IPV6_UNICAST_HOPS", integer, ipv6_option::unicast_hops>,
    option<6, "IPV6_MULTICAST_IF", integer, ipv6_option::multicast_if>,
    option<7, "IPV6_MULTICAST_HOPS", integer, ipv6_option::multicast_hops>,
    option<8, "IPV6_MULTICAST_LOOP", integer, ipv6_option::multicast_loop>,
    option<9, "IPV6_JOIN_GROUP", value_of<ipv6_mreq>, ipv6_option::add_membership>,
    option<10, "IPV6_LEAVE_GROUP", value_of<ipv6_mreq>, ipv6_option::drop_membership>,
    option<11, "IPV6_PKTINFO", value_of<in6_pktinfo>, ipv6_option::pktinfo>,
    option<12, "IPV6_HOPLIMIT", integer, ipv6_option::hoplimit>,
    option<18, "IPV6_RECVPKTINFO", integer, ipv6_option::recvpktinfo>,
    option<19, "IPV6_RECVHOPLIMIT", integer, ipv6_option::recvhoplimit>,
    option<20, "IPV6_RECVHOPOPTS", integer, ipv6_option::recvhopopts>,
    option<22, "IPV6_RECVRTHDR", integer, ipv6_option::recvrthdr>,
    option<24, "IPV6_CHECKSUM", integer, ipv6_option::checksum>,
    option<25, "IPV6_RECVTCLASS", integer, ipv6_option::recvtclass>,
    option<0x21, "IPV6_DONTFRAG", integer, ipv6_option::dontfrag>,
    option<0x24, "IPV6_RECVPATHMTU", integer, ipv6_option::recvpathmtu>,
    option<0x26, "IPV6_TCLASS", integer, ipv6_option::tclass>,
    option<0x27, "IPV6_V6ONLY", integer, ipv6_option::v6only>,
    option<0x28, "IPV6_RECVDSTOPTS", integer, ipv6_option::recvdstopts>> {};

struct tcp_options : option_group<6, option_level::tcp,
    option<1, "TCP_NODELAY", integer, tcp_option::nodelay>,
    option<2, "TCP_MAXSEG", integer, tcp_option::maxseg>,
    refused_option<0x10, "TCP_NOTIFY_THRESHOLD", errc::noprotoopt, own_retries>,
    option<0x11, "TCP_ABORT_THRESHOLD", integer, tcp_option::user_timeout>, // both are milliseconds
    refused_option<0x12, "TCP_CONN_NOTIFY_THRESHOLD", errc::noprotoopt, own_retries>,
    refused_option<0x13, "TCP_CONN_ABORT_THRESHOLD", errc::noprotoopt, own_retries>,
    option<0x16, "TCP_KEEPALIVE_THRESHOLD", seconds_in_milliseconds, tcp_option::keepidle>,
    refused_option<0x17, "TCP_KEEPALIVE_ABORT_THRESHOLD", errc::noprotoopt, own_retries>,
    option<0x18, "TCP_CORK", integer, tcp_option::cork>> {};

struct options : option_table<socket_options, ip_options, ipv6_options, tcp_options> {};

/// Control messages: of each level, the options' numbers, and SOL_SOCKET's own. SCM_UCRED (0x1012) never comes.
struct controls : option_table<
    option_group<socket_options::number, option_level::socket,
        option<0x1010, "SCM_RIGHTS", bytes, socket_control::rights>,
        control_of<socket_options, socket_option::timestamp, value_of<timeval>, socket_control::timestamp>>,
    option_group<ip_options::number, option_level::ip,
        control_of<ip_options, ip_option::pktinfo, value_of<in_pktinfo>>>,
    option_group<ipv6_options::number, option_level::ipv6,
        control_of<ipv6_options, ipv6_option::pktinfo, value_of<in6_pktinfo>>,
        control_of<ipv6_options, ipv6_option::hoplimit, integer>,
        control_of<ipv6_options, ipv6_option::tclass, integer>>> {};

} // namespace option_tables
// clang-format on

} // namespace polyabi::svr4
