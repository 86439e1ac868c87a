// Packets of the Internet as they travel: IP of version 4 (RFC 791), ICMP (RFC 792), UDP (RFC 768) and the checksum that they share
// (RFC 1071). Every field is big-endian and may lie anywhere.
#pragma once

#include <polyabi/core/fields.hpp>

#include <span>

namespace polyabi::internet {

using net16 = be<u16, 1>;
using net32 = be<u32, 1>;

struct ip_header {
  u8 version_and_size; ///< 4, and the header's size in words
  u8 tos;
  net16 total; ///< bytes, this header among them
  net16 identification, fragment;
  u8 ttl, protocol;
  net16 checksum;
  net32 source, destination;
  POLYABI_FIELDS(ip_header, version_and_size, tos, total, identification, fragment, ttl, protocol, checksum, source, destination)

  constexpr usize size() const { return usize{4} * (version_and_size & 15); }
};
static_assert(layout<ip_header, 20>);
static_assert(at_offset<ip_header, "source", 12>);

/// Of `ip_header::fragment`: two flags, and where in the whole this part begins, in units of 8 bytes.
inline constexpr u16 dont_fragment = 0x4000, more_fragments = 0x2000, fragment_offset = 0x1fff;

struct icmp_header {
  u8 type, code;
  net16 checksum;
  net16 identification, sequence; ///< of an echo; an error has something of its own here
  POLYABI_FIELDS(icmp_header, type, code, checksum, identification, sequence)
};
static_assert(layout<icmp_header, 8>);

namespace icmp_type { inline constexpr u8 echo_reply = 0, unreachable = 3, echo = 8, time_exceeded = 11, parameter_problem = 12; }
/// Codes of `icmp_type::unreachable`.
namespace unreachable { inline constexpr u8 network = 0, host = 1, protocol = 2, port = 3, fragmentation_needed = 4; }

struct udp_header {
  net16 source, destination;
  net16 size; ///< bytes, this header among them
  net16 checksum; ///< 0: there is none
  POLYABI_FIELDS(udp_header, source, destination, size, checksum)
};
static_assert(layout<udp_header, 8>);

/// The one's complement sum of 16-bit words, complemented.
class checksum {
public:
  /// Pieces in their order; a word may lie across two of them.
  constexpr checksum& add(std::span<const unsigned char> bytes) {
    for (const unsigned char byte : bytes) {
      sum_ += odd_ ? u64{byte} : u64{byte} << 8;
      odd_ = !odd_;
    }
    return *this;
  }
  constexpr checksum& add_word(u16 word) {
    sum_ += word;
    return *this;
  }
  /// What UDP counts beside itself: addresses, protocol and size.
  constexpr checksum& add_pseudo_header(u32 source, u32 destination, u8 protocol, u16 size) {
    for (const u32 address : {source, destination}) add_word(static_cast<u16>(address >> 16)).add_word(static_cast<u16>(address));
    return add_word(protocol).add_word(size);
  }
  constexpr u16 value() const {
    u64 folded = sum_;
    while (folded >> 16 != 0) folded = (folded & 0xffff) + (folded >> 16);
    return static_cast<u16>(~folded);
  }

private:
  u64 sum_ = 0;
  bool odd_ = false;
};

/// What is wrong with the beginning of a packet.
enum class packet_fault : u8 { none, truncated, version, header_size, total_size, checksum };

/// Whether there is an IP header of version 4 that can be believed: everything that later steps rely on.
constexpr packet_fault fault_of(std::span<const unsigned char> packet) {
  if (packet.size() < sizeof(ip_header)) return packet_fault::truncated;
  if (packet[0] >> 4 != 4) return packet_fault::version;
  const usize size = usize{4} * (packet[0] & 15);
  if (size < sizeof(ip_header) || size > packet.size()) return packet_fault::header_size;
  const usize total = static_cast<usize>(packet[2] << 8 | packet[3]);
  if (total < size || total > packet.size()) return packet_fault::total_size;
  return checksum{}.add(packet.first(size)).value() == 0 ? packet_fault::none : packet_fault::checksum;
}

} // namespace polyabi::internet
