// The reference kernel's numbers of sockets. Where 4.4BSD or FreeBSD has the thing, the number is theirs (sys/socket.h, netinet/in.h,
// netinet/tcp.h, netinet6/in6.h); what only others have follows far behind.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi::reference {

namespace address_families { inline constexpr i32 unspec = 0, local = 1, inet = 2, inet6 = 28, netlink = 38; }

namespace socket_types { inline constexpr i32 stream = 1, dgram = 2, raw = 3, rdm = 4, seqpacket = 5; }
namespace socket_flags { inline constexpr u32 cloexec = 0x10000000, nonblock = 0x20000000; }

namespace protocols { inline constexpr i32 ip = 0, icmp = 1, tcp = 6, udp = 17, ipv6 = 41, icmpv6 = 58, raw = 255; }

namespace message_flags {
inline constexpr u32 oob = 1, peek = 2, dontroute = 4, eor = 8, trunc = 0x10, ctrunc = 0x20, waitall = 0x40, dontwait = 0x80,
                     nosignal = 0x20000, cmsg_cloexec = 0x40000, waitforone = 0x80000, errqueue = 0x100000, more = 0x200000,
                     confirm = 0x400000, fastopen = 0x800000;
}

namespace shutdown_hows { inline constexpr i32 read = 0, write = 1, both = 2; }

namespace option_levels {
inline constexpr i32 ip = 0, icmp = 1, tcp = 6, udp = 17, ipv6 = 41, icmpv6 = 58, raw = 255, netlink = 270, socket = 0xffff;
}

namespace socket_options {
inline constexpr i32 debug = 1, acceptconn = 2, reuseaddr = 4, keepalive = 8, dontroute = 0x10, broadcast = 0x20, linger = 0x80,
                     oobinline = 0x100, reuseport = 0x200, timestamp = 0x400, sndbuf = 0x1001, rcvbuf = 0x1002,
                     sndlowat = 0x1003, rcvlowat = 0x1004, sndtimeo = 0x1005, rcvtimeo = 0x1006, error = 0x1007, type = 0x1008,
                     protocol = 0x1016, domain = 0x1019, passcred = 0x2001, peercred = 0x2002, peergroups = 0x2003,
                     priority = 0x2004, mark = 0x2005, bindtodevice = 0x2006, bindtoifindex = 0x2007, timestampns = 0x2008,
                     rxq_ovfl = 0x2009, peek_off = 0x200a, busy_poll = 0x200b, incoming_cpu = 0x200c, incoming_napi_id = 0x200d,
                     no_check = 0x200e, max_pacing_rate = 0x200f, cookie = 0x2010, sndbufforce = 0x2011, rcvbufforce = 0x2012,
                     select_err_queue = 0x2013, meminfo = 0x2014;
}

namespace ip_options {
inline constexpr i32 options = 1, hdrincl = 2, tos = 3, ttl = 4, recvopts = 5, retopts = 8, multicast_if = 9, multicast_ttl = 10,
                     multicast_loop = 11, add_membership = 12, drop_membership = 13, bindany = 24, recvttl = 65, minttl = 66,
                     dontfrag = 67, recvtos = 68, add_source_membership = 70, drop_source_membership = 71, block_source = 72,
                     unblock_source = 73, router_alert = 201, pktinfo = 202, mtu_discover = 203, recverr = 204, mtu = 205,
                     freebind = 206, nodefrag = 207, checksum = 208, bind_address_no_port = 209, recvfragsize = 210,
                     recvorigdstaddr = 211, multicast_all = 212, unicast_if = 213, local_port_range = 214;
}

namespace ipv6_options {
inline constexpr i32 unicast_hops = 4, multicast_if = 9, multicast_hops = 10, multicast_loop = 11, join_group = 12,
                     leave_group = 13, checksum = 26, v6only = 27, recvpktinfo = 36, recvhoplimit = 37, recvrthdr = 38,
                     recvhopopts = 39, recvdstopts = 40, recvpathmtu = 43, pathmtu = 44, pktinfo = 46, hoplimit = 47,
                     recvtclass = 57, tclass = 61, dontfrag = 62, bindany = 64, multicast_all = 201, recverr = 202,
                     mtu_discover = 203, mtu = 204, flowinfo = 205, flowinfo_send = 206, autoflowlabel = 207, router_alert = 208,
                     unicast_if = 209, freebind = 210, minhopcount = 211, addr_preferences = 212, recvfragsize = 213,
                     recvorigdstaddr = 214, addrform = 215;
}

namespace tcp_options {
inline constexpr i32 nodelay = 1, maxseg = 2, cork = 4, info = 32, congestion = 64, keepidle = 256, keepintvl = 512, keepcnt = 1024,
                     fastopen = 1025, syncnt = 2001, linger2 = 2002, defer_accept = 2003, window_clamp = 2004, quickack = 2005,
                     user_timeout = 2006, fastopen_connect = 2007, notsent_lowat = 2008, timestamp = 2009, save_syn = 2010,
                     saved_syn = 2011, inq = 2012, tx_delay = 2013, thin_linear_timeouts = 2014;
}

namespace udp_options { inline constexpr i32 encap = 1, cork = 2001, segment = 2002, gro = 2003, no_check6_tx = 2004, no_check6_rx = 2005; }

namespace raw_options { inline constexpr i32 icmp_filter = 1; }

namespace netlink_options {
inline constexpr i32 add_membership = 1, drop_membership = 2, pktinfo = 3, broadcast_error = 4, no_enobufs = 5,
                     list_memberships = 9, cap_ack = 10, ext_ack = 11, get_strict_chk = 12;
}

namespace control_types { inline constexpr i32 rights = 1, timestamp = 2, credentials = 8, timestampns = 0x101, rxq_ovfl = 0x102; }

/// 4.4BSD's, and behind them what it lacks.
namespace interface_flags {
inline constexpr u32 up = 1, broadcast = 2, debug = 4, loopback = 8, pointopoint = 0x10, notrailers = 0x20, running = 0x40,
                     noarp = 0x80, promisc = 0x100, allmulti = 0x200, multicast = 0x8000, master = 0x100000, slave = 0x200000,
                     dynamic = 0x400000, lower_up = 0x800000, dormant = 0x1000000;
}

/// FreeBSD's tun(4) has no such numbers: its devices are of one kind each.
namespace tunnel_flags { inline constexpr u32 tun = 1, no_information = 2, exclusive = 4, persistent = 8; }

/// The most open files in one message, and the backlog above which listen(2) cuts.
inline constexpr usize rights_limit = 253;
inline constexpr i32 backlog_limit = 4096;

} // namespace polyabi::reference
