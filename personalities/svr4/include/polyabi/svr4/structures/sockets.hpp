// Socket addresses, messages and values of options (sys/socket.h, sys/socket_impl.h, sys/un.h, netinet/in.h). Addresses have no
// length in them.
#pragma once

#include <polyabi/core/socket_address.hpp>
#include <polyabi/svr4/socket_flags.hpp>

namespace polyabi::svr4 {

/// What every address begins with.
template <class M>
struct sockaddr {
  using shape = polyabi::shape::socket_address;
  number_word<typename M::u16, address_families> family;
  POLYABI_FIELDS(sockaddr, family)
};

template <class M>
struct sockaddr_in {
  using shape = polyabi::shape::internet_address;
  number_word<typename M::u16, address_families> family;
  u8 port[2], address[4];
  unsigned char padding[8];
  POLYABI_FIELDS(sockaddr_in, family, port, address)
};
static_assert(layout<sockaddr_in<ilp32_i386>, 16>);

/// `source_id` is the kernel's own, for packets that it forwards.
template <class M>
struct sockaddr_in6 {
  using shape = polyabi::shape::internet6_address;
  number_word<typename M::u16, address_families> family;
  u8 port[2], flowinfo[4], address[16];
  typename M::u32 scope_id, source_id;
  POLYABI_FIELDS(sockaddr_in6, family, port, flowinfo, address, scope_id)
};
static_assert(layout<sockaddr_in6<ilp32_i386>, 32>);

template <class M>
struct sockaddr_un {
  using shape = polyabi::shape::local_address;
  number_word<typename M::u16, address_families> family;
  char path[108];
  POLYABI_FIELDS(sockaddr_un, family, path)
};
static_assert(layout<sockaddr_un<ilp32_i386>, 110>);

template <class M>
using addresses = address_union<M, sockaddr, address_case<address_family::unspec, sockaddr>, address_case<address_family::unix_, sockaddr_un, 2>,
                                address_case<address_family::inet, sockaddr_in>, address_case<address_family::inet6, sockaddr_in6>>;

/// A message's header as it was before XPG4.2: descriptors alone travel with the data (msg_accrights), and it tells no flags.
template <class M>
struct omsghdr {
  typename M::pointer name;
  typename M::i32 namelen;
  typename M::pointer iov;
  typename M::i32 iovlen;
  typename M::pointer control;
  typename M::i32 controllen;
  POLYABI_FIELDS(omsghdr, name, namelen, iov, iovlen, control, controllen)
};
static_assert(layout<omsghdr<ilp32_i386>, 24>);

/// The header of XPG4.2, which begins as the old one does.
template <class M>
struct msghdr {
  typename M::pointer name;
  typename M::i32 namelen;
  typename M::pointer iov;
  typename M::i32 iovlen;
  typename M::pointer control;
  typename M::i32 controllen;
  typename M::u32 flags;
  POLYABI_FIELDS(msghdr, name, namelen, iov, iovlen, control, controllen, flags)
};
static_assert(layout<msghdr<ilp32_i386>, 28>);

/// The value follows at once, the next message at a multiple of 4 (_CMSG_HDR_ALIGNMENT).
template <class M>
struct cmsghdr {
  typename M::u32 len;
  typename M::i32 level, type;
  POLYABI_FIELDS(cmsghdr, len, level, type)
  static constexpr usize aligned(usize size) { return (size + 3) / 4 * 4; }
};
static_assert(layout<cmsghdr<ilp32_i386>, 12>);

// --- values of options

template <class M>
struct linger {
  using shape = polyabi::shape::linger;
  typename M::i32 onoff, seconds;
  POLYABI_FIELDS(linger, onoff, seconds)
};
static_assert(layout<linger<ilp32_i386>, 8>);

template <class M>
struct ip_mreq {
  using shape = polyabi::shape::multicast_membership;
  u8 group[4], address[4];
  POLYABI_FIELDS(ip_mreq, group, address)
};
static_assert(layout<ip_mreq<ilp32_i386>, 8>);
/// IP_MULTICAST_IF: an interface by its address.
template <class M>
struct in_addr {
  using shape = polyabi::shape::multicast_membership;
  u8 address[4];
  POLYABI_FIELDS(in_addr, address)
};
static_assert(layout<in_addr<ilp32_i386>, 4>);
/// In the order of RFC 3678.
template <class M>
struct ip_mreq_source {
  using shape = polyabi::shape::source_membership;
  u8 group[4], source[4], interface[4];
  POLYABI_FIELDS(ip_mreq_source, group, source, interface)
};
static_assert(layout<ip_mreq_source<ilp32_i386>, 12>);
template <class M>
struct ipv6_mreq {
  using shape = polyabi::shape::multicast6_membership;
  u8 group[16];
  typename M::u32 index;
  POLYABI_FIELDS(ipv6_mreq, group, index)
};
static_assert(layout<ipv6_mreq<ilp32_i386>, 20>);
template <class M>
struct in_pktinfo {
  using shape = polyabi::shape::packet_info;
  typename M::u32 index;
  u8 destination[4], address[4];
  POLYABI_FIELDS(in_pktinfo, index, destination, address)
};
static_assert(layout<in_pktinfo<ilp32_i386>, 12>);
template <class M>
struct in6_pktinfo {
  using shape = polyabi::shape::packet6_info;
  u8 address[16];
  typename M::u32 index;
  POLYABI_FIELDS(in6_pktinfo, address, index)
};
static_assert(layout<in6_pktinfo<ilp32_i386>, 20>);

} // namespace polyabi::svr4
