// The tunnel device (include/uapi/linux/if_tun.h) and routes by ioctl (include/uapi/linux/route.h).
#pragma once

#include <polyabi/linux/structures/netlink.hpp>

namespace polyabi::linux_abi {

/// `ifr_flags` of TUNSETIFF. What a tunnel may have beside and has not is refused; IFF_ONE_QUEUE has had no effect since Linux 3.8.
struct tunnel_flags : flag_map<tunnel_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(tunnel_flag::tun, 1),
      bit(tunnel_flag::tap, 2),
      bit(tunnel_flag::no_pi, 0x1000),
      bit(tunnel_flag::persist, 0x800),
      bit(tunnel_flag::excl, 0x8000),
      hint(0x2000),                        // IFF_ONE_QUEUE
      reject(0x10, errc::inval),          // IFF_NAPI
      reject(0x20, errc::inval),          // IFF_NAPI_FRAGS
      reject(0x100, errc::inval),         // IFF_MULTI_QUEUE
      reject(0x200, errc::inval),         // IFF_ATTACH_QUEUE
      reject(0x400, errc::inval),         // IFF_DETACH_QUEUE
      reject(0x4000, errc::inval),        // IFF_VNET_HDR
  });
};
static_assert(checked<tunnel_flags>);

/// struct rtentry: addresses are struct sockaddr.
template <class M>
struct rtentry {
  typename M::ulong pad1;
  sockaddr_in<M> dst, gateway, genmask;
  typename M::u16 flags;
  typename M::i16 pad2;
  typename M::ulong pad3, pad4;
  typename M::i16 metric;
  typename M::pointer dev;
  typename M::ulong mtu, window;
  typename M::u16 irtt;
  POLYABI_FIELDS(rtentry, dst, gateway, genmask, flags, metric, dev, mtu, window, irtt)
};
static_assert(layout<rtentry<lp64>, 120> && layout<rtentry<ilp32_i386>, 84>);

namespace route_flag { inline constexpr u16 up = 1, gateway = 2, host = 4, reject = 0x200; }

} // namespace polyabi::linux_abi
