// Socket addresses, messages and values of options (sys/socket.h, sys/socket_impl.h, sys/un.h, netinet/in.h). Addresses have no
// length in them.
#pragma once

#include <polyabi/core/internet_structures.hpp>
#include <polyabi/core/socket_address.hpp>
#include <polyabi/svr4/socket_flags.hpp>

namespace polyabi::svr4 {

using internet::in6_pktinfo;
using internet::in_addr;
using internet::in_pktinfo;
using internet::ip_mreq;
using internet::ipv6_mreq;
using internet::linger;
template <class M>
using sockaddr = internet::sockaddr<M, address_families>;
template <class M>
using sockaddr_in = internet::sockaddr_in<M, address_families>;
template <class M>
using sockaddr_un = internet::sockaddr_un<M, address_families>;
static_assert(layout<sockaddr_in<ilp32_i386>, 16> && layout<sockaddr_un<ilp32_i386>, 110>);

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
using addresses =
    address_union<M, sockaddr, address_case<address_family::inet, sockaddr_in>,
                  address_case<address_family::inet6, sockaddr_in6>, address_case<address_family::unix_, sockaddr_un, 2>,
                  address_case<address_family::unspec, sockaddr>>;

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
  omsghdr<M> old;
  typename M::u32 flags;
  POLYABI_FIELDS(msghdr, old, flags)
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

/// In the order of RFC 3678.
template <class M>
struct ip_mreq_source {
  using shape = polyabi::shape::source_membership;
  u8 group[4], source[4], interface[4];
  POLYABI_FIELDS(ip_mreq_source, group, source, interface)
};
static_assert(layout<ip_mreq_source<ilp32_i386>, 12>);

} // namespace polyabi::svr4
