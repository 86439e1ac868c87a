// Socket addresses, messages and values of options (include/uapi/linux/{socket,un,in,in6,netlink,tcp,errqueue}.h,
// include/linux/socket.h).
#pragma once

#include <polyabi/core/internet_structures.hpp>
#include <polyabi/core/socket_address.hpp>
#include <polyabi/linux/errors.hpp>
#include <polyabi/linux/socket_flags.hpp>

namespace polyabi::linux_abi {

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
static_assert(layout<sockaddr_in<lp64>, 16> && layout<sockaddr_in<ilp32_i386>, 16>);
static_assert(layout<sockaddr_un<lp64>, 110> && layout<sockaddr_un<ilp32_i386>, 110>);

template <class M>
struct sockaddr_in6 {
  using shape = polyabi::shape::internet6_address;
  number_word<typename M::u16, address_families> family;
  u8 port[2], flowinfo[4], address[16];
  typename M::u32 scope_id;
  POLYABI_FIELDS(sockaddr_in6, family, port, flowinfo, address, scope_id)
  static constexpr usize first_size = 24; ///< without the scope (SIN6_LEN_RFC2133)
};
static_assert(layout<sockaddr_in6<lp64>, 28> && layout<sockaddr_in6<ilp32_i386>, 28>);

template <class M>
struct sockaddr_nl {
  using shape = polyabi::shape::netlink_address;
  number_word<typename M::u16, address_families> family;
  typename M::u16 padding;
  typename M::u32 pid, groups;
  POLYABI_FIELDS(sockaddr_nl, family, pid, groups)
};
static_assert(layout<sockaddr_nl<lp64>, 12> && layout<sockaddr_nl<ilp32_i386>, 12>);

template <class M>
using addresses =
    address_union<M, sockaddr, address_case<address_family::inet, sockaddr_in>,
                  address_case<address_family::inet6, sockaddr_in6, sockaddr_in6<ilp32>::first_size>,
                  address_case<address_family::unix_, sockaddr_un, 2>, address_case<address_family::netlink, sockaddr_nl>,
                  address_case<address_family::unspec, sockaddr>>;

template <class M>
struct msghdr {
  typename M::pointer name;
  typename M::i32 namelen;
  typename M::pointer iov;
  typename M::ulong iovlen;
  typename M::pointer control;
  typename M::ulong controllen;
  typename M::u32 flags;
  POLYABI_FIELDS(msghdr, name, namelen, iov, iovlen, control, controllen, flags)
};
static_assert(layout<msghdr<lp64>, 56> && layout<msghdr<ilp32_i386>, 28>);

template <class M>
struct mmsghdr {
  msghdr<M> hdr;
  typename M::u32 len;
  POLYABI_FIELDS(mmsghdr, hdr, len)
};
static_assert(layout<mmsghdr<lp64>, 64> && layout<mmsghdr<ilp32_i386>, 32>);

/// The value follows at once: both sizes are whole words.
template <class M>
struct cmsghdr {
  typename M::ulong len;
  typename M::i32 level, type;
  POLYABI_FIELDS(cmsghdr, len, level, type)
  static constexpr usize aligned(usize size) { return (size + M::word_size - 1) / M::word_size * M::word_size; }
};
static_assert(layout<cmsghdr<lp64>, 16> && layout<cmsghdr<ilp32_i386>, 12>);

// --- values of options

template <class M>
struct ucred {
  using shape = polyabi::shape::socket_credentials;
  typename M::i32 pid;
  typename M::u32 uid, gid;
  POLYABI_FIELDS(ucred, pid, uid, gid)
};
static_assert(layout<ucred<lp64>, 12>);

/// __kernel_sock_timeval: of the options whose times are 64 bits wide everywhere.
template <class M>
struct sock_timeval {
  using shape = polyabi::shape::timeval;
  typename M::i64 sec, usec;
  POLYABI_FIELDS(sock_timeval, sec, usec)
};
static_assert(layout<sock_timeval<lp64>, 16> && layout<sock_timeval<ilp32_i386>, 16>);

template <class M>
struct ip_mreqn {
  using shape = polyabi::shape::multicast_membership;
  u8 group[4], address[4];
  typename M::i32 index;
  POLYABI_FIELDS(ip_mreqn, group, address, index)
};
static_assert(layout<ip_mreqn<lp64>, 12>);
template <class M>
struct ip_mreq_source {
  using shape = polyabi::shape::source_membership;
  u8 group[4], interface[4], source[4];
  POLYABI_FIELDS(ip_mreq_source, group, interface, source)
};
static_assert(layout<ip_mreq_source<lp64>, 12>);

/// struct sock_extended_err and the address of the offender behind it.
template <class M>
struct sock_extended_err {
  using shape = polyabi::shape::socket_error;
  number_word<typename M::u32, errors> error;
  u8 origin, type, code;
  unsigned char padding;
  typename M::u32 info, data;
  POLYABI_FIELDS(sock_extended_err, error, origin, type, code, info, data)
};
static_assert(layout<sock_extended_err<lp64>, 16>);

/// struct tcp_info as of Linux 4.17; later releases add counters behind it.
template <class M>
struct tcp_info {
  using shape = polyabi::shape::tcp_info;
  u8 state, ca_state, retransmits, probes, backoff, options;
  u8 scales;    ///< of sending in the low half, of receiving in the high one
  u8 app_limited;
  typename M::u32 rto, ato, snd_mss, rcv_mss, unacked, sacked, lost, retrans, fackets, last_data_sent, last_ack_sent, last_data_recv,
      last_ack_recv, pmtu, rcv_ssthresh, rtt, rttvar, snd_ssthresh, snd_cwnd, advmss, reordering, rcv_rtt, rcv_space, total_retrans;
  typename M::u64 pacing_rate, max_pacing_rate, bytes_acked, bytes_received;
  typename M::u32 segs_out, segs_in, notsent_bytes, min_rtt, data_segs_in, data_segs_out;
  typename M::u64 delivery_rate, busy_time, rwnd_limited, sndbuf_limited;
  POLYABI_FIELDS(tcp_info, state, ca_state, retransmits, probes, backoff, options, scales, rto, ato, snd_mss, rcv_mss, unacked,
                 sacked, lost, retrans, fackets, last_data_sent, last_ack_sent, last_data_recv, last_ack_recv, pmtu, rcv_ssthresh,
                 rtt, rttvar, snd_ssthresh, snd_cwnd, advmss, reordering, rcv_rtt, rcv_space, total_retrans, pacing_rate,
                 max_pacing_rate, bytes_acked, bytes_received, segs_out, segs_in, notsent_bytes, min_rtt, data_segs_in,
                 data_segs_out, delivery_rate, busy_time, rwnd_limited, sndbuf_limited)
};
static_assert(layout<tcp_info<lp64>, 192> && layout<tcp_info<ilp32_i386>, 192>);

} // namespace polyabi::linux_abi
