// The layer of IP over the kernel's own interfaces: sending, receiving, and what it answers by itself. Under the kernel lock.
#pragma once

#include <network/routes.hpp>

namespace polyabi::reference::network {

namespace protocol { inline constexpr u8 icmp = 1, tcp = 6, udp = 17; }

inline constexpr u8 usual_ttl = 64;

/// What of a packet's header is the sender's to choose.
struct sending {
  u32 source = 0, destination = 0;
  u8 protocol = 0, ttl = usual_ttl, tos = 0;
  bool dont_fragment = false;
};

/// Sends a packet whose first bytes are room for the header. EMSGSIZE if it is too long and must not be sent in parts.
result<> send(packet_owner, const sending&, const path&);
/// The same of one that has its header.
result<> send_finished(packet_owner, bool may_fragment, const path&);
/// Writes the header's checksum.
void seal(internet::ip_header&);

/// A packet that an interface brought, whatever is in it.
void receive(interface& from, packet_owner);

/// A packet for this kernel, whole and in order.
void receive_icmp(interface& from, const packet&);
void receive_udp(interface& from, const packet&);
/// Tells the sender of a packet that it did not arrive, unless that is one of whom nobody speaks (RFC 1122, 3.2.2).
void send_unreachable(interface& from, const packet& about, u8 code);

// Fragments.

/// Takes a part of a packet; gives the whole one when all of it is there.
packet_owner reassemble(packet_owner part);
/// Sends it in parts that are no longer than `mtu`.
result<> send_fragments(const packet&, u32 mtu, interface& out);
/// Nothing is waited for any more.
void forget_fragments();

} // namespace polyabi::reference::network
