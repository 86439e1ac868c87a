// Messages of the routing family (include/uapi/linux/{netlink,rtnetlink,if_link,if_addr,if_arp,if}.h). The same on every
// architecture of one byte order.
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/core/member_types.hpp>
#include <polyabi/core/operations.hpp>
#include <polyabi/linux/structures/sockets.hpp>

namespace polyabi::linux_abi {

struct interface_flags : flag_map<interface_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      bit(interface_flag::up, 1),
      bit(interface_flag::broadcast, 2),
      bit(interface_flag::debug, 4),
      bit(interface_flag::loopback, 8),
      bit(interface_flag::pointopoint, 0x10),
      bit(interface_flag::notrailers, 0x20),
      bit(interface_flag::running, 0x40),
      bit(interface_flag::noarp, 0x80),
      bit(interface_flag::promisc, 0x100),
      bit(interface_flag::allmulti, 0x200),
      bit(interface_flag::master, 0x400),
      bit(interface_flag::slave, 0x800),
      bit(interface_flag::multicast, 0x1000),
      bit(interface_flag::dynamic, 0x8000),
      bit(interface_flag::lower_up, 0x10000),
      bit(interface_flag::dormant, 0x20000),
  });
};
static_assert(checked<interface_flags>);

namespace netlink {

/// Families of AF_NETLINK.
inline constexpr i32 route = 0, socket_diagnostics = 4;

namespace message_type {
inline constexpr u16 noop = 1, error = 2, done = 3, first_of_family = 16;
inline constexpr u16 sockets_of_family = 20; // of socket_diagnostics
inline constexpr u16 new_link = 16, del_link = 17, get_link = 18, set_link = 19, new_address = 20, del_address = 21, get_address = 22,
                     new_route = 24, del_route = 25, get_route = 26, get_neighbour = 30, new_rule = 32, get_rule = 34;
} // namespace message_type

namespace header_flag {
inline constexpr u16 request = 1, multi = 2, ack = 4, capped = 0x100, root = 0x100, match = 0x200, dump = root | match;
// of requests that make something
inline constexpr u16 replace = 0x100, exclusive = 0x200, create = 0x400, append = 0x800;
}

namespace link_attribute {
inline constexpr u16 address = 1, broadcast = 2, name = 3, mtu = 4, queue_discipline = 6, queue_length = 13, operational_state = 16,
                     link_mode = 17, information = 18, statistics = 23, group = 27, promiscuity = 30, transmit_queues = 31, receive_queues = 32, carrier = 33;
}
namespace address_attribute { inline constexpr u16 address = 1, local = 2, label = 3, broadcast = 4, lifetime = 6, flags = 8, origin = 11; }
namespace rule_attribute { inline constexpr u16 priority = 6, suppressed_prefix = 14, table = 15, origin = 21; }
namespace route_attribute {
inline constexpr u16 destination = 1, interface = 4, gateway = 5, priority = 6, preferred_source = 7, cache_information = 12, table = 15, user = 25;
}

/// RT_SCOPE_*, RT_TABLE_*, RTN_* and RTPROT_* (include/uapi/linux/rtnetlink.h).
namespace route_scope { inline constexpr u8 site = 200, link = 253, host = 254; }
namespace route_table { inline constexpr u8 default_ = 253, main = 254, local = 255; }
namespace route_type { inline constexpr u8 unicast = 1, local = 2; }
namespace route_origin { inline constexpr u8 kernel = 2, boot = 3; }

} // namespace netlink

template <class M>
struct nlmsghdr {
  typename M::u32 len;
  typename M::u16 type, flags;
  typename M::u32 seq, pid;
  POLYABI_FIELDS(nlmsghdr, len, type, flags, seq, pid)
};
static_assert(layout<nlmsghdr<lp64>, 16>);

template <class M>
struct nlmsgerr {
  typename M::i32 error;
  nlmsghdr<M> msg;
  POLYABI_FIELDS(nlmsgerr, error, msg)
};
static_assert(layout<nlmsgerr<lp64>, 20>);

template <class M>
struct rtattr {
  typename M::u16 len, type;
  POLYABI_FIELDS(rtattr, len, type)
};
static_assert(layout<rtattr<lp64>, 4>);

template <class M>
struct ifinfomsg {
  u8 family;
  unsigned char padding;
  typename M::u16 type;
  typename M::i32 index;
  typename M::u32 flags, change;
  POLYABI_FIELDS(ifinfomsg, family, type, index, flags, change)
};
static_assert(layout<ifinfomsg<lp64>, 16>);

template <class M>
struct ifaddrmsg {
  u8 family, prefixlen, flags, scope;
  typename M::u32 index;
  POLYABI_FIELDS(ifaddrmsg, family, prefixlen, flags, scope, index)
};
static_assert(layout<ifaddrmsg<lp64>, 8>);

template <class M>
struct rtmsg {
  u8 family, dst_len, src_len, tos, table, protocol, scope, type;
  typename M::u32 flags;
  POLYABI_FIELDS(rtmsg, family, dst_len, src_len, tos, table, protocol, scope, type, flags)
};
static_assert(layout<rtmsg<lp64>, 12>);

/// include/uapi/linux/fib_rules.h
template <class M>
struct fib_rule_hdr {
  u8 family, dst_len, src_len, tos, table;
  unsigned char reserved[2];
  u8 action;
  typename M::u32 flags;
  POLYABI_FIELDS(fib_rule_hdr, family, dst_len, src_len, tos, table, action, flags)
};
static_assert(layout<fib_rule_hdr<lp64>, 12>);

/// include/uapi/linux/inet_diag.h, unix_diag.h
template <class M>
struct inet_diag_sockid {
  unsigned char sport[2], dport[2], src[16], dst[16];
  typename M::u32 interface;
  typename M::u32 cookie[2];
  POLYABI_FIELDS(inet_diag_sockid, sport, dport, src, dst, interface, cookie)
};
template <class M>
struct inet_diag_req_v2 {
  u8 family, protocol, ext, pad;
  typename M::u32 states;
  inet_diag_sockid<M> id;
  POLYABI_FIELDS(inet_diag_req_v2, family, protocol, ext, pad, states, id)
};
template <class M>
struct inet_diag_msg {
  u8 family, state, timer, retrans;
  inet_diag_sockid<M> id;
  typename M::u32 expires, rqueue, wqueue, uid, inode;
  POLYABI_FIELDS(inet_diag_msg, family, state, timer, retrans, id, expires, rqueue, wqueue, uid, inode)
};
static_assert(layout<inet_diag_req_v2<lp64>, 56> && layout<inet_diag_msg<lp64>, 72>);
template <class M>
struct unix_diag_req {
  u8 family, protocol;
  typename M::u16 pad;
  typename M::u32 states, ino, show;
  typename M::u32 cookie[2];
  POLYABI_FIELDS(unix_diag_req, family, protocol, pad, states, ino, show, cookie)
};
template <class M>
struct unix_diag_msg {
  u8 family, type, state, pad;
  typename M::u32 ino;
  typename M::u32 cookie[2];
  POLYABI_FIELDS(unix_diag_msg, family, type, state, pad, ino, cookie)
};
static_assert(layout<unix_diag_req<lp64>, 24> && layout<unix_diag_msg<lp64>, 16>);

// --- ioctl

/// struct ifreq: a name, and a union whose largest member is as long as struct ifmap.
template <class M>
struct ifreq {
  char name[16];
  unsigned char value[M::word_size == 8 ? 24 : 16];
  POLYABI_FIELDS(ifreq, name, value)
};
static_assert(layout<ifreq<lp64>, 40> && layout<ifreq<ilp32_i386>, 32>);

template <class M>
struct ifconf {
  typename M::i32 len;
  typename M::pointer buf;
  POLYABI_FIELDS(ifconf, len, buf)
};
static_assert(layout<ifconf<lp64>, 16> && layout<ifconf<ilp32_i386>, 8>);

} // namespace polyabi::linux_abi
