// Flags and enumerations of sockets (include/linux/socket.h, include/linux/net.h, include/uapi/linux/{in,in6,tcp,udp,netlink}.h).
#pragma once

#include <polyabi/core/flag_map.hpp>
#include <polyabi/core/socket_vocabulary.hpp>

namespace polyabi::linux_abi {

struct address_families : number_map<address_family> {
  static constexpr auto rows = std::to_array<row>({
      {address_family::unspec, 0},     {address_family::unix_, 1},    {address_family::inet, 2},     {address_family::ax25, 3},
      {address_family::ipx, 4},        {address_family::appletalk, 5}, {address_family::netrom, 6},  {address_family::bridge, 7},
      {address_family::atmpvc, 8},     {address_family::x25, 9},      {address_family::inet6, 10},   {address_family::rose, 11},
      {address_family::decnet, 12},    {address_family::netbeui, 13}, {address_family::security, 14}, {address_family::key, 15},
      {address_family::netlink, 16},   {address_family::packet, 17},  {address_family::ash, 18},     {address_family::econet, 19},
      {address_family::atmsvc, 20},    {address_family::rds, 21},     {address_family::sna, 22},     {address_family::irda, 23},
      {address_family::pppox, 24},     {address_family::wanpipe, 25}, {address_family::llc, 26},     {address_family::ib, 27},
      {address_family::mpls, 28},      {address_family::can, 29},     {address_family::tipc, 30},    {address_family::bluetooth, 31},
      {address_family::iucv, 32},      {address_family::rxrpc, 33},   {address_family::isdn, 34},    {address_family::phonet, 35},
      {address_family::ieee802154, 36}, {address_family::caif, 37},   {address_family::alg, 38},     {address_family::nfc, 39},
      {address_family::vsock, 40},     {address_family::kcm, 41},     {address_family::qipcrtr, 42}, {address_family::smc, 43},
      {address_family::xdp, 44},       {address_family::mctp, 45},
  });
  static constexpr i32 end = 46;
};
static_assert(checked<address_families>);

/// IPPROTO_* (include/uapi/linux/in.h), those of which sockets are told apart.
namespace internet_protocol { inline constexpr i32 any = 0, tcp = 6, udp = 17, raw = 255; }

struct socket_types : number_map<socket_type> {
  static constexpr auto rows = std::to_array<row>({{socket_type::stream, 1},
                                                   {socket_type::dgram, 2},
                                                   {socket_type::raw, 3},
                                                   {socket_type::rdm, 4},
                                                   {socket_type::seqpacket, 5},
                                                   {socket_type::dccp, 6},
                                                   {socket_type::packet, 10}});
  static constexpr i32 end = 11;
  static constexpr u32 mask = 0xf; ///< above it are flags
};
static_assert(checked<socket_types>);

struct socket_flags : flag_map<socket_flag> {
  static constexpr auto rows = std::to_array<flag_row>({bit(socket_flag::cloexec, 0x80000), bit(socket_flag::nonblock, 0x800)});
};
static_assert(checked<socket_flags>);

/// send and recv ignore what they do not know.
struct message_flags : flag_map<message_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      bit(message_flag::oob, 1),
      bit(message_flag::peek, 2),
      bit(message_flag::dontroute, 4),
      bit(message_flag::ctrunc, 8),
      hint(0x10), // MSG_PROBE
      bit(message_flag::trunc, 0x20),
      bit(message_flag::dontwait, 0x40),
      bit(message_flag::eor, 0x80),
      bit(message_flag::waitall, 0x100),
      hint(0x200 | 0x400), // MSG_FIN, MSG_SYN
      bit(message_flag::confirm, 0x800),
      hint(0x1000), // MSG_RST
      bit(message_flag::errqueue, 0x2000),
      bit(message_flag::nosignal, 0x4000),
      bit(message_flag::more, 0x8000),
      bit(message_flag::waitforone, 0x10000),
      hint(0x40000), // MSG_BATCH: more datagrams follow
      hint(0x4000000), // MSG_ZEROCOPY without SO_ZEROCOPY
      bit(message_flag::fastopen, 0x20000000),
      bit(message_flag::cmsg_cloexec, 0x40000000),
  });
};
static_assert(checked<message_flags>);

struct shutdown_hows : number_map<shutdown_how> {
  static constexpr auto rows =
      std::to_array<row>({{shutdown_how::rd, 0}, {shutdown_how::wr, 1}, {shutdown_how::rdwr, 2}});
};
static_assert(checked<shutdown_hows>);

} // namespace polyabi::linux_abi
