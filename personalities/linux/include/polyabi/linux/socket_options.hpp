// Options of sockets (include/uapi/asm-generic/socket.h, include/uapi/linux/{in,in6,tcp,udp,netlink}.h), and control messages.
#pragma once

#include <polyabi/core/socket_options.hpp>
#include <polyabi/linux/structures/sockets.hpp>
#include <polyabi/linux/structures/time.hpp>

namespace polyabi::linux_abi {

namespace option_values_of_linux {

using namespace option_values;

/// The size of a buffer is told as twice what it was asked to be, which counts the kernel's own use of it (socket(7)).
struct buffer_size : integer {
  template <class K, class M, class Shape>
  static errc in(option_bytes& b) {
    if (b.size < sizeof(i32)) return errc::inval;
    const i32 wanted = b.get<typename M::i32>();
    constexpr i32 most = 0x7fffffff;
    return b.put(wanted < 0 || wanted > most / 2 ? most : wanted * 2); // negative sizes are taken for large ones
  }
};

/// A number of two bytes (UDP_SEGMENT).
struct two_bytes {
  template <class K, class M, class Shape>
  static errc in(option_bytes& b) {
    return b.size < sizeof(u16) ? errc::inval : b.put(static_cast<i32>(b.get<typename M::u16>()));
  }
  template <class K, class M, class Shape>
  static errc out(option_bytes& b) {
    return b.put(typename M::u16{static_cast<u16>(b.get<i32>())});
  }
};

/// struct sock_extended_err, and behind it the address of who told of the error; of no family if nobody is known.
struct extended_error {
  template <class K, class M, class Shape>
  static errc in(option_bytes& b) {
    if (b.size < sizeof(sock_extended_err<M>)) return errc::inval;
    native<K, Shape> value{};
    if (errc e = to_native<K>(b.get<sock_extended_err<M>>(), value); e != errc::none) return e;
    socket_address<K> offender;
    if (addresses<M>::to_native(b.from + sizeof(sock_extended_err<M>), b.size - sizeof(sock_extended_err<M>), offender) == errc::none) {
      if (offender.template is<address_family::inet>()) {
        value.offender_family = static_cast<u8>(native_number<K, address_family::inet>);
        __builtin_memcpy(value.offender, offender.template as<shape::internet_address>().address, 4);
      } else if (offender.template is<address_family::inet6>()) {
        value.offender_family = static_cast<u8>(native_number<K, address_family::inet6>);
        __builtin_memcpy(value.offender, offender.template as<shape::internet6_address>().address, 16);
        value.offender_scope = offender.template as<shape::internet6_address>().scope_id;
      }
    }
    return b.put(value);
  }
  template <class K, class M, class Shape>
  static errc out(option_bytes& b) {
    const auto native_error = b.get<native<K, Shape>>();
    struct {
      sock_extended_err<M> error;
      union {
        sockaddr_in<M> inet;
        sockaddr_in6<M> inet6;
      };
    } all{};
    if (errc e = to_foreign<K>(native_error, all.error); e != errc::none) return e;
    if (native_error.offender_family == native_number<K, address_family::inet>) {
      all.inet.family.raw = static_cast<u16>(polyabi::detail::number_of<address_families>(address_family::inet));
      __builtin_memcpy(all.inet.address, native_error.offender, sizeof all.inet.address);
    } else if (native_error.offender_family == native_number<K, address_family::inet6>) {
      all.inet6.family.raw = static_cast<u16>(polyabi::detail::number_of<address_families>(address_family::inet6));
      __builtin_memcpy(all.inet6.address, native_error.offender, sizeof all.inet6.address);
      all.inet6.scope_id = native_error.offender_scope;
    }
    const usize behind = native_error.offender_family == native_number<K, address_family::inet6> ? sizeof all.inet6 : sizeof all.inet;
    __builtin_memcpy(b.to, &all, sizeof all.error + behind);
    b.written = sizeof all.error + behind;
    return errc::none;
  }
};

/// What the kernel has as seconds and nanoseconds or microseconds, for both generations of 32-bit programs.
using old_time = structure<timeval>;
using new_time = structure<sock_timeval>;

} // namespace option_values_of_linux

// clang-format off
namespace option_tables {

using option_values_of_linux::buffer_size;
using option_values_of_linux::old_time;
using option_values_of_linux::new_time;
using option_values::bytes;
using option_values::integer;
using option_values::integer_or_byte;
using option_values::one_of;
template <template <class> class S, template <class> class... Shorter>
using value_of = option_values::structure<S, Shorter...>;

inline constexpr fixed_string no_filters = "a kernel without packet filters";
inline constexpr fixed_string no_new_times = "as before Linux 5.1; the C library takes the old ones then";

struct socket_options : option_group<1, option_level::socket,
    option<1, "SO_DEBUG", integer, socket_option::debug>,
    option<2, "SO_REUSEADDR", integer, socket_option::reuseaddr>,
    option<3, "SO_TYPE", one_of<socket_types>, socket_option::type>,
    option<4, "SO_ERROR", one_of<errors>, socket_option::error>,
    option<5, "SO_DONTROUTE", integer, socket_option::dontroute>,
    option<6, "SO_BROADCAST", integer, socket_option::broadcast>,
    option<7, "SO_SNDBUF", buffer_size, socket_option::sndbuf>,
    option<8, "SO_RCVBUF", buffer_size, socket_option::rcvbuf>,
    option<9, "SO_KEEPALIVE", integer, socket_option::keepalive>,
    option<10, "SO_OOBINLINE", integer, socket_option::oobinline>,
    option<11, "SO_NO_CHECK", integer, socket_option::no_check>,
    option<12, "SO_PRIORITY", integer, socket_option::priority>,
    option<13, "SO_LINGER", value_of<linger>, socket_option::linger>,
    hint_option<14, "SO_BSDCOMPAT", "obsolete">,
    option<15, "SO_REUSEPORT", integer, socket_option::reuseport>,
    option<16, "SO_PASSCRED", integer, socket_option::passcred>,
    option<17, "SO_PEERCRED", value_of<ucred>, socket_option::peercred>,
    option<18, "SO_RCVLOWAT", integer, socket_option::rcvlowat>,
    option<19, "SO_SNDLOWAT", integer, socket_option::sndlowat>,
    option<20, "SO_RCVTIMEO_OLD", old_time, socket_option::rcvtimeo>,
    option<21, "SO_SNDTIMEO_OLD", old_time, socket_option::sndtimeo>,
    refused_option<22, "SO_SECURITY_AUTHENTICATION", errc::noprotoopt, "unused">,
    refused_option<23, "SO_SECURITY_ENCRYPTION_TRANSPORT", errc::noprotoopt, "unused">,
    refused_option<24, "SO_SECURITY_ENCRYPTION_NETWORK", errc::noprotoopt, "unused">,
    option<25, "SO_BINDTODEVICE", bytes, socket_option::bindtodevice>,
    refused_option<26, "SO_ATTACH_FILTER", errc::noprotoopt, no_filters>,
    refused_option<27, "SO_DETACH_FILTER", errc::noent, no_filters>,
    refused_option<28, "SO_PEERNAME", errc::noprotoopt, "programs use getpeername">,
    option<29, "SO_TIMESTAMP_OLD", integer, socket_option::timestamp>,
    option<30, "SO_ACCEPTCONN", integer, socket_option::acceptconn>,
    refused_option<31, "SO_PEERSEC", errc::noprotoopt, "a kernel without security modules">,
    option<32, "SO_SNDBUFFORCE", buffer_size, socket_option::sndbufforce>,
    option<33, "SO_RCVBUFFORCE", buffer_size, socket_option::rcvbufforce>,
    hint_option<34, "SO_PASSSEC", "a kernel without security modules: there are no labels to pass">,
    option<35, "SO_TIMESTAMPNS_OLD", integer, socket_option::timestampns>,
    option<36, "SO_MARK", integer, socket_option::mark>,
    refused_option<37, "SO_TIMESTAMPING_OLD", errc::noprotoopt, "no stamps of network hardware">,
    option<38, "SO_PROTOCOL", integer, socket_option::protocol>,
    option<39, "SO_DOMAIN", one_of<address_families>, socket_option::domain>,
    option<40, "SO_RXQ_OVFL", integer, socket_option::rxq_ovfl>,
    refused_option<41, "SO_WIFI_STATUS", errc::opnotsupp, "no wireless hardware">,
    option<42, "SO_PEEK_OFF", integer, socket_option::peek_off>,
    refused_option<43, "SO_NOFCS", errc::noprotoopt, "no packet sockets">,
    refused_option<44, "SO_LOCK_FILTER", errc::noprotoopt, no_filters>,
    option<45, "SO_SELECT_ERR_QUEUE", integer, socket_option::select_err_queue>,
    option<46, "SO_BUSY_POLL", integer, socket_option::busy_poll>,
    option<47, "SO_MAX_PACING_RATE", bytes, socket_option::max_pacing_rate>,
    refused_option<48, "SO_BPF_EXTENSIONS", errc::noprotoopt, no_filters>,
    option<49, "SO_INCOMING_CPU", integer, socket_option::incoming_cpu>,
    refused_option<50, "SO_ATTACH_BPF", errc::noprotoopt, no_filters>,
    refused_option<51, "SO_ATTACH_REUSEPORT_CBPF", errc::noprotoopt, no_filters>,
    refused_option<52, "SO_ATTACH_REUSEPORT_EBPF", errc::noprotoopt, no_filters>,
    refused_option<53, "SO_CNX_ADVICE", errc::noprotoopt, "not taken">,
    refused_option<54, "SCM_TIMESTAMPING_OPT_STATS", errc::noprotoopt, "no stamps of network hardware">,
    option<55, "SO_MEMINFO", bytes, socket_option::meminfo>,
    option<56, "SO_INCOMING_NAPI_ID", integer, socket_option::incoming_napi_id>,
    option<57, "SO_COOKIE", bytes, socket_option::cookie>,
    refused_option<58, "SCM_TIMESTAMPING_PKTINFO", errc::noprotoopt, "no stamps of network hardware">,
    option<59, "SO_PEERGROUPS", bytes, socket_option::peergroups>,
    refused_option<60, "SO_ZEROCOPY", errc::opnotsupp, "a kernel that copies">,
    refused_option<61, "SO_TXTIME", errc::noprotoopt, "no scheduler of packets">,
    option<62, "SO_BINDTOIFINDEX", integer, socket_option::bindtoifindex>,
    refused_option<63, "SO_TIMESTAMP_NEW", errc::noprotoopt, no_new_times>,
    refused_option<64, "SO_TIMESTAMPNS_NEW", errc::noprotoopt, no_new_times>,
    refused_option<65, "SO_TIMESTAMPING_NEW", errc::noprotoopt, no_new_times>,
    option<66, "SO_RCVTIMEO_NEW", new_time, socket_option::rcvtimeo>,
    option<67, "SO_SNDTIMEO_NEW", new_time, socket_option::sndtimeo>,
    refused_option<68, "SO_DETACH_REUSEPORT_BPF", errc::noprotoopt, no_filters>,
    refused_option<69, "SO_PREFER_BUSY_POLL", errc::noprotoopt, "no busy polling">,
    refused_option<70, "SO_BUSY_POLL_BUDGET", errc::noprotoopt, "no busy polling">,
    refused_option<71, "SO_NETNS_COOKIE", errc::noprotoopt, "one network">,
    refused_option<72, "SO_BUF_LOCK", errc::noprotoopt, "buffers are not locked">,
    refused_option<73, "SO_RESERVE_MEM", errc::noprotoopt, "no memory is set aside">,
    refused_option<74, "SO_TXREHASH", errc::noprotoopt, "not taken">,
    refused_option<75, "SO_RCVMARK", errc::noprotoopt, "packets have no marks here">,
    refused_option<76, "SO_PASSPIDFD", errc::noprotoopt, "as before Linux 6.5">,
    refused_option<77, "SO_PEERPIDFD", errc::noprotoopt, "as before Linux 6.5">> {};

struct ip_options : option_group<0, option_level::ip,
    option<1, "IP_TOS", integer_or_byte, ip_option::tos>,
    option<2, "IP_TTL", integer_or_byte, ip_option::ttl>,
    option<3, "IP_HDRINCL", integer_or_byte, ip_option::hdrincl>,
    option<4, "IP_OPTIONS", bytes, ip_option::options>,
    option<5, "IP_ROUTER_ALERT", integer_or_byte, ip_option::router_alert>,
    option<6, "IP_RECVOPTS", integer_or_byte, ip_option::recvopts>,
    option<7, "IP_RETOPTS", bytes, ip_option::retopts>,
    option<8, "IP_PKTINFO", integer_or_byte, ip_option::pktinfo>,
    refused_option<9, "IP_PKTOPTIONS", errc::noprotoopt, "options of a stream's packets are not kept">,
    option<10, "IP_MTU_DISCOVER", integer_or_byte, ip_option::mtu_discover>,
    option<11, "IP_RECVERR", integer_or_byte, ip_option::recverr>,
    option<12, "IP_RECVTTL", integer_or_byte, ip_option::recvttl>,
    option<13, "IP_RECVTOS", integer_or_byte, ip_option::recvtos>,
    option<14, "IP_MTU", integer_or_byte, ip_option::mtu>,
    option<15, "IP_FREEBIND", integer_or_byte, ip_option::freebind>,
    refused_option<16, "IP_IPSEC_POLICY", errc::perm, "only for the administrator">,
    refused_option<17, "IP_XFRM_POLICY", errc::perm, "only for the administrator">,
    refused_option<18, "IP_PASSSEC", errc::noprotoopt, "a kernel without security modules">,
    option<19, "IP_TRANSPARENT", integer_or_byte, ip_option::transparent>,
    option<20, "IP_RECVORIGDSTADDR", integer_or_byte, ip_option::recvorigdstaddr>,
    option<21, "IP_MINTTL", integer_or_byte, ip_option::minttl>,
    option<22, "IP_NODEFRAG", integer_or_byte, ip_option::nodefrag>,
    option<23, "IP_CHECKSUM", integer_or_byte, ip_option::checksum>,
    option<24, "IP_BIND_ADDRESS_NO_PORT", integer_or_byte, ip_option::bind_address_no_port>,
    option<25, "IP_RECVFRAGSIZE", integer_or_byte, ip_option::recvfragsize>,
    refused_option<26, "IP_RECVERR_RFC4884", errc::noprotoopt, "as before Linux 5.9">,
    option<32, "IP_MULTICAST_IF", value_of<ip_mreqn, ip_mreq, in_addr>, ip_option::multicast_if>,
    option<33, "IP_MULTICAST_TTL", integer_or_byte, ip_option::multicast_ttl>,
    option<34, "IP_MULTICAST_LOOP", integer_or_byte, ip_option::multicast_loop>,
    option<35, "IP_ADD_MEMBERSHIP", value_of<ip_mreqn, ip_mreq>, ip_option::add_membership>,
    option<36, "IP_DROP_MEMBERSHIP", value_of<ip_mreqn, ip_mreq>, ip_option::drop_membership>,
    option<37, "IP_UNBLOCK_SOURCE", value_of<ip_mreq_source>, ip_option::unblock_source>,
    option<38, "IP_BLOCK_SOURCE", value_of<ip_mreq_source>, ip_option::block_source>,
    option<39, "IP_ADD_SOURCE_MEMBERSHIP", value_of<ip_mreq_source>, ip_option::add_source_membership>,
    option<40, "IP_DROP_SOURCE_MEMBERSHIP", value_of<ip_mreq_source>, ip_option::drop_source_membership>,
    refused_option<41, "IP_MSFILTER", errc::noprotoopt, "programs join groups one by one">,
    refused_option<42, "MCAST_JOIN_GROUP", errc::noprotoopt, "programs use IP_ADD_MEMBERSHIP">,
    refused_option<43, "MCAST_BLOCK_SOURCE", errc::noprotoopt, "programs use IP_BLOCK_SOURCE">,
    refused_option<44, "MCAST_UNBLOCK_SOURCE", errc::noprotoopt, "programs use IP_UNBLOCK_SOURCE">,
    refused_option<45, "MCAST_LEAVE_GROUP", errc::noprotoopt, "programs use IP_DROP_MEMBERSHIP">,
    refused_option<46, "MCAST_JOIN_SOURCE_GROUP", errc::noprotoopt, "programs use IP_ADD_SOURCE_MEMBERSHIP">,
    refused_option<47, "MCAST_LEAVE_SOURCE_GROUP", errc::noprotoopt, "programs use IP_DROP_SOURCE_MEMBERSHIP">,
    refused_option<48, "MCAST_MSFILTER", errc::noprotoopt, "programs join groups one by one">,
    option<49, "IP_MULTICAST_ALL", integer_or_byte, ip_option::multicast_all>,
    option<50, "IP_UNICAST_IF", integer_or_byte, ip_option::unicast_if>,
    option<51, "IP_LOCAL_PORT_RANGE", integer_or_byte, ip_option::local_port_range>,
    refused_option<64, "IPT_SO_SET_REPLACE", errc::noprotoopt, "a kernel without packet filters">,
    refused_option<80, "SO_ORIGINAL_DST", errc::noprotoopt, "a kernel without packet filters">> {};

struct ipv6_options : option_group<41, option_level::ipv6,
    option<1, "IPV6_ADDRFORM", integer, ipv6_option::addrform>,
    refused_option<2, "IPV6_2292PKTINFO", errc::noprotoopt, "obsolete">,
    refused_option<3, "IPV6_2292HOPOPTS", errc::noprotoopt, "obsolete">,
    refused_option<4, "IPV6_2292DSTOPTS", errc::noprotoopt, "obsolete">,
    refused_option<5, "IPV6_2292RTHDR", errc::noprotoopt, "obsolete">,
    refused_option<6, "IPV6_2292PKTOPTIONS", errc::noprotoopt, "obsolete">,
    option<7, "IPV6_CHECKSUM", integer, ipv6_option::checksum>,
    refused_option<8, "IPV6_2292HOPLIMIT", errc::noprotoopt, "obsolete">,
    refused_option<9, "IPV6_NEXTHOP", errc::noprotoopt, "packets find their own way">,
    option<11, "IPV6_FLOWINFO", integer, ipv6_option::flowinfo>,
    option<16, "IPV6_UNICAST_HOPS", integer, ipv6_option::unicast_hops>,
    option<17, "IPV6_MULTICAST_IF", integer, ipv6_option::multicast_if>,
    option<18, "IPV6_MULTICAST_HOPS", integer, ipv6_option::multicast_hops>,
    option<19, "IPV6_MULTICAST_LOOP", integer, ipv6_option::multicast_loop>,
    option<20, "IPV6_ADD_MEMBERSHIP", value_of<ipv6_mreq>, ipv6_option::add_membership>,
    option<21, "IPV6_DROP_MEMBERSHIP", value_of<ipv6_mreq>, ipv6_option::drop_membership>,
    option<22, "IPV6_ROUTER_ALERT", integer, ipv6_option::router_alert>,
    option<23, "IPV6_MTU_DISCOVER", integer, ipv6_option::mtu_discover>,
    option<24, "IPV6_MTU", integer, ipv6_option::mtu>,
    option<25, "IPV6_RECVERR", integer, ipv6_option::recverr>,
    option<26, "IPV6_V6ONLY", integer, ipv6_option::v6only>,
    refused_option<27, "IPV6_JOIN_ANYCAST", errc::noprotoopt, "no anycast">,
    refused_option<28, "IPV6_LEAVE_ANYCAST", errc::noprotoopt, "no anycast">,
    option<29, "IPV6_MULTICAST_ALL", integer, ipv6_option::multicast_all>,
    refused_option<30, "IPV6_ROUTER_ALERT_ISOLATE", errc::noprotoopt, "not taken">,
    refused_option<31, "IPV6_RECVERR_RFC4884", errc::noprotoopt, "as before Linux 5.9">,
    refused_option<32, "IPV6_FLOWLABEL_MGR", errc::noprotoopt, "no labels of flows">,
    option<33, "IPV6_FLOWINFO_SEND", integer, ipv6_option::flowinfo_send>,
    refused_option<34, "IPV6_IPSEC_POLICY", errc::perm, "only for the administrator">,
    refused_option<35, "IPV6_XFRM_POLICY", errc::perm, "only for the administrator">,
    refused_option<42, "MCAST_JOIN_GROUP", errc::noprotoopt, "programs use IPV6_ADD_MEMBERSHIP">,
    refused_option<45, "MCAST_LEAVE_GROUP", errc::noprotoopt, "programs use IPV6_DROP_MEMBERSHIP">,
    option<49, "IPV6_RECVPKTINFO", integer, ipv6_option::recvpktinfo>,
    option<50, "IPV6_PKTINFO", value_of<in6_pktinfo>, ipv6_option::pktinfo>,
    option<51, "IPV6_RECVHOPLIMIT", integer, ipv6_option::recvhoplimit>,
    option<52, "IPV6_HOPLIMIT", integer, ipv6_option::hoplimit>,
    option<53, "IPV6_RECVHOPOPTS", integer, ipv6_option::recvhopopts>,
    refused_option<54, "IPV6_HOPOPTS", errc::perm, "only for the administrator">,
    refused_option<55, "IPV6_RTHDRDSTOPTS", errc::perm, "only for the administrator">,
    option<56, "IPV6_RECVRTHDR", integer, ipv6_option::recvrthdr>,
    refused_option<57, "IPV6_RTHDR", errc::perm, "only for the administrator">,
    option<58, "IPV6_RECVDSTOPTS", integer, ipv6_option::recvdstopts>,
    refused_option<59, "IPV6_DSTOPTS", errc::perm, "only for the administrator">,
    option<60, "IPV6_RECVPATHMTU", integer, ipv6_option::recvpathmtu>,
    refused_option<61, "IPV6_PATHMTU", errc::notconn, "programs use IPV6_MTU">,
    option<62, "IPV6_DONTFRAG", integer, ipv6_option::dontfrag>,
    option<66, "IPV6_RECVTCLASS", integer, ipv6_option::recvtclass>,
    option<67, "IPV6_TCLASS", integer, ipv6_option::tclass>,
    option<70, "IPV6_AUTOFLOWLABEL", integer, ipv6_option::autoflowlabel>,
    option<72, "IPV6_ADDR_PREFERENCES", integer, ipv6_option::addr_preferences>,
    option<73, "IPV6_MINHOPCOUNT", integer, ipv6_option::minhopcount>,
    option<74, "IPV6_RECVORIGDSTADDR", integer, ipv6_option::recvorigdstaddr>,
    option<75, "IPV6_TRANSPARENT", integer, ipv6_option::transparent>,
    option<76, "IPV6_UNICAST_IF", integer, ipv6_option::unicast_if>,
    option<77, "IPV6_RECVFRAGSIZE", integer, ipv6_option::recvfragsize>,
    option<78, "IPV6_FREEBIND", integer, ipv6_option::freebind>> {};

struct tcp_options : option_group<6, option_level::tcp,
    option<1, "TCP_NODELAY", integer, tcp_option::nodelay>,
    option<2, "TCP_MAXSEG", integer, tcp_option::maxseg>,
    option<3, "TCP_CORK", integer, tcp_option::cork>,
    option<4, "TCP_KEEPIDLE", integer, tcp_option::keepidle>,
    option<5, "TCP_KEEPINTVL", integer, tcp_option::keepintvl>,
    option<6, "TCP_KEEPCNT", integer, tcp_option::keepcnt>,
    option<7, "TCP_SYNCNT", integer, tcp_option::syncnt>,
    option<8, "TCP_LINGER2", integer, tcp_option::linger2>,
    option<9, "TCP_DEFER_ACCEPT", integer, tcp_option::defer_accept>,
    option<10, "TCP_WINDOW_CLAMP", integer, tcp_option::window_clamp>,
    option<11, "TCP_INFO", value_of<tcp_info>, tcp_option::info>,
    option<12, "TCP_QUICKACK", integer, tcp_option::quickack>,
    option<13, "TCP_CONGESTION", bytes, tcp_option::congestion>,
    refused_option<14, "TCP_MD5SIG", errc::noprotoopt, "no signed segments">,
    option<16, "TCP_THIN_LINEAR_TIMEOUTS", integer, tcp_option::thin_linear_timeouts>,
    hint_option<17, "TCP_THIN_DUPACK", "obsolete">,
    option<18, "TCP_USER_TIMEOUT", integer, tcp_option::user_timeout>,
    refused_option<19, "TCP_REPAIR", errc::perm, "only for the administrator">,
    refused_option<20, "TCP_REPAIR_QUEUE", errc::perm, "only for the administrator">,
    refused_option<21, "TCP_QUEUE_SEQ", errc::perm, "only for the administrator">,
    refused_option<22, "TCP_REPAIR_OPTIONS", errc::perm, "only for the administrator">,
    option<23, "TCP_FASTOPEN", integer, tcp_option::fastopen>,
    option<24, "TCP_TIMESTAMP", integer, tcp_option::timestamp>,
    option<25, "TCP_NOTSENT_LOWAT", integer, tcp_option::notsent_lowat>,
    refused_option<26, "TCP_CC_INFO", errc::noprotoopt, "each algorithm has a structure of its own">,
    option<27, "TCP_SAVE_SYN", integer, tcp_option::save_syn>,
    option<28, "TCP_SAVED_SYN", bytes, tcp_option::saved_syn>,
    refused_option<29, "TCP_REPAIR_WINDOW", errc::perm, "only for the administrator">,
    option<30, "TCP_FASTOPEN_CONNECT", integer, tcp_option::fastopen_connect>,
    refused_option<31, "TCP_ULP", errc::noprotoopt, "a kernel without upper protocols: programs encrypt themselves">,
    refused_option<32, "TCP_MD5SIG_EXT", errc::noprotoopt, "no signed segments">,
    refused_option<33, "TCP_FASTOPEN_KEY", errc::noprotoopt, "the host's">,
    refused_option<34, "TCP_FASTOPEN_NO_COOKIE", errc::noprotoopt, "the host's">,
    refused_option<35, "TCP_ZEROCOPY_RECEIVE", errc::noprotoopt, "a kernel that copies">,
    option<36, "TCP_INQ", integer, tcp_option::inq>,
    option<37, "TCP_TX_DELAY", integer, tcp_option::tx_delay>,
    refused_option<43, "TCP_IS_MPTCP", errc::noprotoopt, "a kernel without multiple paths">> {};

struct udp_options : option_group<17, option_level::udp,
    option<1, "UDP_CORK", integer, udp_option::cork>,
    refused_option<100, "UDP_ENCAP", errc::noprotoopt, "no encapsulation in the kernel">,
    option<101, "UDP_NO_CHECK6_TX", integer, udp_option::no_check6_tx>,
    option<102, "UDP_NO_CHECK6_RX", integer, udp_option::no_check6_rx>,
    option<103, "UDP_SEGMENT", integer, udp_option::segment>,
    option<104, "UDP_GRO", integer, udp_option::gro>> {};

struct netlink_options : option_group<270, option_level::netlink,
    option<1, "NETLINK_ADD_MEMBERSHIP", integer, netlink_option::add_membership>,
    option<2, "NETLINK_DROP_MEMBERSHIP", integer, netlink_option::drop_membership>,
    option<3, "NETLINK_PKTINFO", integer, netlink_option::pktinfo>,
    option<4, "NETLINK_BROADCAST_ERROR", integer, netlink_option::broadcast_error>,
    option<5, "NETLINK_NO_ENOBUFS", integer, netlink_option::no_enobufs>,
    refused_option<6, "NETLINK_RX_RING", errc::noprotoopt, "no rings">,
    refused_option<7, "NETLINK_TX_RING", errc::noprotoopt, "no rings">,
    refused_option<8, "NETLINK_LISTEN_ALL_NSID", errc::perm, "one network">,
    option<9, "NETLINK_LIST_MEMBERSHIPS", bytes, netlink_option::list_memberships>,
    option<10, "NETLINK_CAP_ACK", integer, netlink_option::cap_ack>,
    option<11, "NETLINK_EXT_ACK", integer, netlink_option::ext_ack>,
    option<12, "NETLINK_GET_STRICT_CHK", integer, netlink_option::get_strict_chk>> {};

struct raw_socket_options : option_group<255, option_level::raw,
    option<1, "ICMP_FILTER", integer, raw_option::icmp_filter>> {};

struct options : option_table<socket_options, ip_options, ipv6_options, tcp_options, udp_options, netlink_options, raw_socket_options> {};

/// Control messages: of each level, the options' numbers, and two of SOL_SOCKET's own.
struct controls : option_table<
    option_group<socket_options::number, option_level::socket,
        option<1, "SCM_RIGHTS", bytes, socket_control::rights>,
        option<2, "SCM_CREDENTIALS", value_of<ucred>, socket_control::credentials>,
        control_of<socket_options, socket_option::timestamp, old_time, socket_control::timestamp>,
        control_of<socket_options, socket_option::timestampns, value_of<timespec>, socket_control::timestampns>,
        control_of<socket_options, socket_option::rxq_ovfl, integer, socket_control::rxq_ovfl>>,
    option_group<ip_options::number, option_level::ip,
        control_of<ip_options, ip_option::tos, option_values::one_byte>,
        control_of<ip_options, ip_option::ttl, integer>,
        control_of<ip_options, ip_option::retopts, bytes>,
        control_of<ip_options, ip_option::pktinfo, value_of<in_pktinfo>>,
        control_of<ip_options, ip_option::recverr, option_values_of_linux::extended_error>,
        control_of<ip_options, ip_option::recvfragsize, integer>>,
    option_group<ipv6_options::number, option_level::ipv6,
        control_of<ipv6_options, ipv6_option::recverr, option_values_of_linux::extended_error>,
        control_of<ipv6_options, ipv6_option::pktinfo, value_of<in6_pktinfo>>,
        control_of<ipv6_options, ipv6_option::hoplimit, integer>,
        control_of<ipv6_options, ipv6_option::tclass, integer>>,
    option_group<tcp_options::number, option_level::tcp,
        control_of<tcp_options, tcp_option::inq, integer>>,
    option_group<udp_options::number, option_level::udp,
        control_of<udp_options, udp_option::segment, option_values_of_linux::two_bytes>,
        control_of<udp_options, udp_option::gro, integer>>> {};

} // namespace option_tables
// clang-format on

} // namespace polyabi::linux_abi
