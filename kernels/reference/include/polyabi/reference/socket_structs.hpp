// The reference kernel's structures of sockets: 4.4BSD's where it has them. Addresses carry their length.
#pragma once

#include <polyabi/core/socket_messages.hpp>
#include <polyabi/reference/socket_numbers.hpp>
#include <polyabi/reference/structs.hpp>

namespace polyabi::reference {

struct sockaddr {
  u8 len, family;
  POLYABI_FIELDS(sockaddr, len, family)
};
struct sockaddr_in {
  u8 len, family;
  u8 port[2], address[4]; ///< in network order
  u8 padding[8];
  POLYABI_FIELDS(sockaddr_in, len, family, port, address)
};
struct sockaddr_in6 {
  u8 len, family;
  u8 port[2], flowinfo[4], address[16]; ///< in network order
  u32 scope_id;
  POLYABI_FIELDS(sockaddr_in6, len, family, port, flowinfo, address, scope_id)
};
/// The path fills what `len` leaves, without a NUL. One that begins with NUL is an abstract name: of no file.
struct sockaddr_un {
  u8 len, family;
  char path[108];
  POLYABI_FIELDS(sockaddr_un, len, family, path)
};
/// FreeBSD's netlink(4).
struct sockaddr_nl {
  u8 len, family;
  u8 padding[2];
  u32 pid, groups;
  POLYABI_FIELDS(sockaddr_nl, len, family, pid, groups)
};

struct linger_option {
  i32 onoff, seconds;
  POLYABI_FIELDS(linger_option, onoff, seconds)
};
struct socket_credentials {
  i32 pid;
  u32 uid, gid;
  POLYABI_FIELDS(socket_credentials, pid, uid, gid)
};
struct multicast_membership {
  u8 group[4], address[4]; ///< in network order; the interface by its address, or by its index
  i32 index;
  POLYABI_FIELDS(multicast_membership, group, address, index)
};
struct multicast6_membership {
  u8 group[16];
  u32 index;
  POLYABI_FIELDS(multicast6_membership, group, index)
};
struct source_membership {
  u8 group[4], source[4], interface[4];
  POLYABI_FIELDS(source_membership, group, source, interface)
};
struct packet_info {
  u32 index;
  u8 destination[4], address[4];
  POLYABI_FIELDS(packet_info, index, destination, address)
};
struct packet6_info {
  u8 address[16];
  u32 index;
  POLYABI_FIELDS(packet6_info, address, index)
};
/// An error that the network has told of, and an address of who did: as many bytes of it as there are.
struct socket_error {
  u32 error; ///< native
  u8 origin, type, code;
  u32 info, data;
  u8 offender_family; ///< 0: unknown
  u8 offender_port[2], offender[16];
  u32 offender_scope;
  POLYABI_FIELDS(socket_error, error, origin, type, code, info, data)
};
/// Times in milliseconds where nothing else is said.
struct tcp_info {
  u8 state, ca_state, retransmits, probes, backoff, options;
  u8 scales; ///< of the windows: the sent one in the low half, the received one in the high half
  u32 rto, ato; ///< microseconds
  u32 snd_mss, rcv_mss, unacked, sacked, lost, retrans, fackets, last_data_sent, last_ack_sent, last_data_recv, last_ack_recv;
  u32 pmtu, rcv_ssthresh, rtt, rttvar, snd_ssthresh, snd_cwnd, advmss, reordering, rcv_rtt, rcv_space, total_retrans;
  u64 pacing_rate, max_pacing_rate, bytes_acked, bytes_received;
  u32 segs_out, segs_in, notsent_bytes, min_rtt, data_segs_in, data_segs_out;
  u64 delivery_rate, busy_time, rwnd_limited, sndbuf_limited;
  POLYABI_FIELDS(tcp_info, state, ca_state, retransmits, probes, backoff, options, scales, rto, ato, snd_mss,
                 rcv_mss, unacked, sacked, lost, retrans, fackets, last_data_sent, last_ack_sent, last_data_recv, last_ack_recv,
                 pmtu, rcv_ssthresh, rtt, rttvar, snd_ssthresh, snd_cwnd, advmss, reordering, rcv_rtt, rcv_space, total_retrans,
                 pacing_rate, max_pacing_rate, bytes_acked, bytes_received, segs_out, segs_in, notsent_bytes, min_rtt,
                 data_segs_in, data_segs_out, delivery_rate, busy_time, rwnd_limited, sndbuf_limited)
};
struct cmsghdr {
  u32 len;
  i32 level, type;
  POLYABI_FIELDS(cmsghdr, len, level, type)
};

/// What passed through an interface.
struct interface_counters { u64 packets = 0, bytes = 0, errors = 0, dropped = 0; };

struct interface_info {
  u32 index;
  char name[16]; ///< with a NUL
  u32 flags, type, mtu, queue; ///< type: of its hardware, as ARP counts (RFC 826)
  u8 hardware[32], hardware_broadcast[32];
  u8 hardware_size;
  interface_counters received, sent;
  POLYABI_FIELDS(interface_info, index, name, flags, type, mtu, queue, hardware, hardware_broadcast, hardware_size, received, sent)
};
struct interface_address {
  u32 index;
  u8 family, prefix, scope; ///< the scope counts as routes' do: 0 the world, 253 the link, 254 this host
  u32 flags;                ///< Linux' IFA_F_*: 0x80 permanent, 0x40 tentative, 1 secondary or temporary
  u8 address[16], peer[16], broadcast[16]; ///< peer: the other end of a point-to-point link. All zero: it has none
  char label[16];
  POLYABI_FIELDS(interface_address, index, family, prefix, scope, flags, address, peer, broadcast, label)
};
struct route_info {
  u8 family, prefix;
  u8 table, type, scope, origin; ///< Linux' numbers (rtnetlink(7)): other systems have no such things
  u8 destination[16], gateway[16], source[16]; ///< all zero: none
  u32 index, metric;
  POLYABI_FIELDS(route_info, family, prefix, table, type, scope, origin, destination, gateway, source, index, metric)
};

/// See op::socket_of_index. Bytes wait in it to be read (of one that listens, connections to be accepted), and to be taken from it.
struct socket_info {
  i32 family, type, protocol;
  u64 number;
  u32 user, references;
  polyabi::socket_state state;
  i32 queued, unsent;
};
struct tunnel_info {
  char name[16]; ///< with a NUL
  u32 flags;
  POLYABI_FIELDS(tunnel_info, name, flags)
};

namespace detail {
template <> struct native_for<shape::tunnel_info> { using type = tunnel_info; };
template <> struct native_for<shape::socket_info> { using type = socket_info; };
template <> struct native_for<shape::interface_info> { using type = interface_info; };
template <> struct native_for<shape::interface_address> { using type = interface_address; };
template <> struct native_for<shape::route_info> { using type = route_info; };
template <> struct native_for<shape::socket_address> { using type = sockaddr; };
template <> struct native_for<shape::internet_address> { using type = sockaddr_in; };
template <> struct native_for<shape::internet6_address> { using type = sockaddr_in6; };
template <> struct native_for<shape::local_address> { using type = sockaddr_un; };
template <> struct native_for<shape::netlink_address> { using type = sockaddr_nl; };
template <> struct native_for<shape::linger> { using type = linger_option; };
template <> struct native_for<shape::socket_credentials> { using type = socket_credentials; };
template <> struct native_for<shape::multicast_membership> { using type = multicast_membership; };
template <> struct native_for<shape::multicast6_membership> { using type = multicast6_membership; };
template <> struct native_for<shape::source_membership> { using type = source_membership; };
template <> struct native_for<shape::packet_info> { using type = packet_info; };
template <> struct native_for<shape::packet6_info> { using type = packet6_info; };
template <> struct native_for<shape::socket_error> { using type = socket_error; };
template <> struct native_for<shape::tcp_info> { using type = tcp_info; };
template <> struct native_for<shape::control_header> { using type = cmsghdr; };
} // namespace detail

} // namespace polyabi::reference
