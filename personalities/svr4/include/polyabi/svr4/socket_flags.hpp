// Flags and enumerations of sockets (sys/socket.h).
#pragma once

#include <polyabi/core/flag_map.hpp>
#include <polyabi/core/socket_vocabulary.hpp>

namespace polyabi::svr4 {

/// AF_*. Those between are of networks that no vocabulary has.
struct address_families : number_map<address_family> {
  static constexpr auto rows = std::to_array<row>({
      {address_family::unspec, 0}, {address_family::unix_, 1},      {address_family::inet, 2}, {address_family::sna, 11},
      {address_family::decnet, 12}, {address_family::appletalk, 16}, {address_family::x25, 20}, {address_family::ipx, 23},
      {address_family::route, 24}, {address_family::link, 25},      {address_family::inet6, 26}, {address_family::key, 27},
      {address_family::packet, 32},
  });
};
static_assert(checked<address_families>);

/// SOCK_*: the transports' numbers (NC_TPI_CLTS, NC_TPI_COTS, NC_TPI_RAW), so that a stream is 2.
struct socket_types : number_map<socket_type> {
  static constexpr auto rows = std::to_array<row>({{socket_type::dgram, 1},
                                                   {socket_type::stream, 2},
                                                   {socket_type::raw, 4},
                                                   {socket_type::rdm, 5},
                                                   {socket_type::seqpacket, 6}});
  static constexpr u32 mask = 0xffff; ///< above it are flags
};
static_assert(checked<socket_types>);

/// Flags in a socket's type, as illumos has them.
struct socket_flags : flag_map<socket_flag> {
  static constexpr auto rows = std::to_array<flag_row>({bit(socket_flag::cloexec, 0x80000), bit(socket_flag::nonblock, 0x100000),
                                                        bit(socket_flag::nonblock, 0x200000)}); // SOCK_NDELAY
};
static_assert(checked<socket_flags>);

struct message_flags : flag_map<message_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  /// MSG_XPG4_2: the header has control messages, and flags at its end. Not told back.
  static constexpr u32 new_header = 0x8000;
  static constexpr auto rows = std::to_array<flag_row>({
      bit(message_flag::oob, 1),
      bit(message_flag::peek, 2),
      bit(message_flag::dontroute, 4),
      bit(message_flag::eor, 8),
      bit(message_flag::ctrunc, 0x10),
      bit(message_flag::trunc, 0x20),
      bit(message_flag::waitall, 0x40),
      bit(message_flag::dontwait, 0x80),
      hint(0x100), // MSG_NOTIFICATION: of SCTP
      hint(0x800), // MSG_DUPCTRL: control messages stay with what is left of the data
      hint(new_header),
  });
};
static_assert(checked<message_flags>);

struct shutdown_hows : number_map<shutdown_how> {
  static constexpr auto rows =
      std::to_array<row>({{shutdown_how::rd, 0}, {shutdown_how::wr, 1}, {shutdown_how::rdwr, 2}});
};
static_assert(checked<shutdown_hows>);

} // namespace polyabi::svr4
