// Structures of sockets that have one layout wherever 4.2BSD's interface was taken over and no length stands in its addresses: those
// of the Internet's families and their options (RFC 3493, 3542, 3678), of local addresses, and of SO_LINGER. `Families` is a
// personality's map of address families.
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/core/member_types.hpp>
#include <polyabi/core/operations.hpp>

namespace polyabi::internet {

/// What every address begins with.
template <class M, class Families>
struct sockaddr {
  using shape = polyabi::shape::socket_address;
  number_word<typename M::u16, Families> family;
  POLYABI_FIELDS(sockaddr, family)
};

template <class M, class Families>
struct sockaddr_in {
  using shape = polyabi::shape::internet_address;
  number_word<typename M::u16, Families> family;
  u8 port[2], address[4];
  unsigned char padding[8];
  POLYABI_FIELDS(sockaddr_in, family, port, address)
};

template <class M, class Families>
struct sockaddr_un {
  using shape = polyabi::shape::local_address;
  number_word<typename M::u16, Families> family;
  char path[108];
  POLYABI_FIELDS(sockaddr_un, family, path)
};

template <class M>
struct linger {
  using shape = polyabi::shape::linger;
  typename M::i32 onoff, seconds;
  POLYABI_FIELDS(linger, onoff, seconds)
};
static_assert(layout<linger<lp64>, 8>);

template <class M>
struct ip_mreq {
  using shape = polyabi::shape::multicast_membership;
  u8 group[4], address[4];
  POLYABI_FIELDS(ip_mreq, group, address)
};
static_assert(layout<ip_mreq<lp64>, 8>);
/// Of IP_MULTICAST_IF: an interface by its address.
template <class M>
struct in_addr {
  using shape = polyabi::shape::multicast_membership;
  u8 address[4];
  POLYABI_FIELDS(in_addr, address)
};
static_assert(layout<in_addr<lp64>, 4>);
template <class M>
struct ipv6_mreq {
  using shape = polyabi::shape::multicast6_membership;
  u8 group[16];
  typename M::u32 index;
  POLYABI_FIELDS(ipv6_mreq, group, index)
};
static_assert(layout<ipv6_mreq<lp64>, 20>);
template <class M>
struct in_pktinfo {
  using shape = polyabi::shape::packet_info;
  typename M::u32 index;
  u8 destination[4], address[4];
  POLYABI_FIELDS(in_pktinfo, index, destination, address)
};
static_assert(layout<in_pktinfo<lp64>, 12>);
template <class M>
struct in6_pktinfo {
  using shape = polyabi::shape::packet6_info;
  u8 address[16];
  typename M::u32 index;
  POLYABI_FIELDS(in6_pktinfo, address, index)
};
static_assert(layout<in6_pktinfo<lp64>, 20>);

} // namespace polyabi::internet
