// The vocabulary of sockets: names without values, as vocabulary.hpp has them for everything else. Protocol numbers of the
// Internet (IPPROTO_*) are the same everywhere and have no names here.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi {

/// Address families (AF_*).
enum class address_family : u8 {
  none,
  unspec, unix_, inet, ax25, ipx, appletalk, netrom, bridge, atmpvc, x25, inet6, rose, decnet, netbeui, security, key, netlink,
  packet, ash, econet, atmsvc, rds, sna, irda, pppox, wanpipe, llc, ib, mpls, can, tipc, bluetooth, iucv, rxrpc, isdn, phonet,
  ieee802154, caif, alg, nfc, vsock, kcm, qipcrtr, smc, xdp, mctp, route, link,
  count_
};

/// Socket types (SOCK_*).
enum class socket_type : u8 { none, stream, dgram, raw, rdm, seqpacket, dccp, packet, count_ };

/// Flags that socket(2), socketpair(2) and accept4(2) take (SOCK_*).
enum class socket_flag : u8 { none, nonblock, cloexec, count_ };

/// Flags of send(2) and recv(2), and of a received message (MSG_*).
enum class message_flag : u8 {
  none,
  oob, peek, dontroute, ctrunc, probe, trunc, dontwait, eor, waitall, fin, syn, confirm, rst, errqueue, nosignal, more,
  waitforone, batch, no_shared_frags, zerocopy, fastopen, cmsg_cloexec, eof,
  count_
};

/// What a socket is about.
enum class socket_state : u8 { unconnected, listening, connected };

/// shutdown(2) (SHUT_*).
enum class shutdown_how : u8 { none, rd, wr, rdwr, count_ };

/// Levels of options and of control messages (SOL_*).
enum class option_level : u8 { none, socket, ip, icmp, tcp, udp, ipv6, icmpv6, raw, netlink, count_ };

/// Options of level SOL_SOCKET (SO_*).
enum class socket_option : u8 {
  none,
  debug, acceptconn, reuseaddr, keepalive, dontroute, broadcast, useloopback, linger, oobinline, reuseport, timestamp, sndbuf,
  rcvbuf, sndlowat, rcvlowat, sndtimeo, rcvtimeo, error, type, protocol, domain, passcred, peercred, peergroups, priority, mark,
  bindtodevice, bindtoifindex, timestampns, rxq_ovfl, peek_off, busy_poll, incoming_cpu, incoming_napi_id, no_check,
  max_pacing_rate, cookie, sndbufforce, rcvbufforce, select_err_queue, meminfo,
  count_
};

/// Options of level IPPROTO_IP (IP_*).
enum class ip_option : u8 {
  none,
  tos, ttl, hdrincl, router_alert, recvopts, retopts, pktinfo, mtu_discover, recverr, recvttl, recvtos, mtu, freebind,
  transparent, minttl, nodefrag, checksum, bind_address_no_port, recvfragsize, recvorigdstaddr, multicast_if, multicast_ttl,
  multicast_loop, multicast_all, unicast_if, add_membership, drop_membership, block_source, unblock_source,
  add_source_membership, drop_source_membership, options, local_port_range,
  count_
};

/// Options of level IPPROTO_IPV6 (IPV6_*).
enum class ipv6_option : u8 {
  none,
  unicast_hops, multicast_if, multicast_hops, multicast_loop, multicast_all, add_membership, drop_membership, v6only, checksum,
  recvpktinfo, pktinfo, recvhoplimit, hoplimit, recvtclass, tclass, recverr, mtu_discover, mtu, dontfrag, recvpathmtu, pathmtu,
  recvrthdr, recvhopopts, recvdstopts, flowinfo, flowinfo_send, autoflowlabel, router_alert, unicast_if, freebind, transparent,
  minhopcount, addr_preferences, recvfragsize, recvorigdstaddr, addrform, join_anycast, leave_anycast,
  count_
};

/// Options of level IPPROTO_TCP (TCP_*).
enum class tcp_option : u8 {
  none,
  nodelay, maxseg, cork, keepidle, keepintvl, keepcnt, syncnt, linger2, defer_accept, window_clamp, info, quickack, congestion,
  user_timeout, fastopen, fastopen_connect, notsent_lowat, timestamp, save_syn, saved_syn, inq, tx_delay, thin_linear_timeouts,
  ulp, cc_info, queue_seq,
  count_
};

/// Options of level IPPROTO_UDP (UDP_*).
enum class udp_option : u8 { none, cork, segment, gro, no_check6_tx, no_check6_rx, encap, count_ };

/// Options of level SOL_NETLINK (NETLINK_*).
enum class netlink_option : u8 {
  none, add_membership, drop_membership, pktinfo, broadcast_error, no_enobufs, list_memberships, cap_ack, ext_ack, get_strict_chk,
  count_
};

/// Options of level SOL_RAW.
enum class raw_option : u8 { none, icmp_filter, count_ };

/// Flags of network interfaces (IFF_*).
enum class interface_flag : u8 {
  none,
  up, broadcast, debug, loopback, pointopoint, notrailers, running, noarp, promisc, allmulti, master, slave, multicast, dynamic,
  lower_up, dormant,
  count_
};

/// Flags of tunnels (IFF_*): what it carries, packets without information before them, one that must not be there yet, and one that
/// stays when nobody has it open.
enum class tunnel_flag : u8 { none, tun, tap, no_pi, excl, persist, count_ };

/// Control messages of level SOL_SOCKET (SCM_*). Those of other levels are named as the option that asks for them.
enum class socket_control : u8 { none, rights, credentials, timestamp, timestampns, rxq_ovfl, count_ };

} // namespace polyabi
