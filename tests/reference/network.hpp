// Shorthand for tests of the kernel's own network: a tunnel whose other end is the test.
#pragma once

#include "files.hpp"
#include "sockets.hpp"

#include <polyabi/core/internet_packets.hpp>

#include <cstring>
#include <string>
#include <vector>

namespace polyabi::tests::network {

using namespace sockets;
namespace net = polyabi::internet;

inline constexpr i32 inet = ref::address_families::inet, inet6 = ref::address_families::inet6;
inline constexpr u32 own = 0x0a630002, other = 0x0a630003; // 10.99.0.2 and .3

inline address at(u32 number, u16 port = 0) {
  address a;
  auto& made = a.become<address_family::inet>();
  made.port[0] = static_cast<u8>(port >> 8);
  made.port[1] = static_cast<u8>(port);
  for (u32 i = 0; i < 4; ++i) made.address[i] = static_cast<u8>(number >> (24 - 8 * i));
  return a;
}
inline u32 number_of(const address& a) {
  const auto& in = a.as<shape::internet_address>();
  return u32{in.address[0]} << 24 | u32{in.address[1]} << 16 | u32{in.address[2]} << 8 | u32{in.address[3]};
}
inline u16 port_of(const address& a) {
  const auto& in = a.as<shape::internet_address>();
  return static_cast<u16>(in.port[0] << 8 | in.port[1]);
}

inline ref::interface_info interface_named(guest& g, std::string_view name) {
  std::vector<ref::interface_info> all(64);
  const auto count = perform(g, op::interfaces{}, usize{0}, std::span{all});
  for (usize i = 0; count && i < *count; ++i)
    if (name == all[i].name) return all[i];
  return {};
}

inline error change(guest& g, u32 index, const interface_change& wanted) {
  return perform(g, op::change_interface{}, index, wanted).error();
}
inline error set_up(guest& g, u32 index, bool up = true) {
  interface_change wanted;
  wanted.flag_mask = ref::interface_flags::up;
  wanted.flags = up ? ref::interface_flags::up : 0;
  return change(g, index, wanted);
}
inline ref::interface_address assigned(u32 index, u32 number, u8 prefix = 24) {
  ref::interface_address a{};
  a.index = index;
  a.family = inet;
  a.prefix = prefix;
  const address bytes = at(number);
  std::memcpy(a.address, bytes.as<shape::internet_address>().address, 4);
  return a;
}
inline ref::route_info route_to(u32 number, u8 prefix, u32 index, u32 gateway = 0) {
  ref::route_info r{};
  r.family = inet;
  r.prefix = prefix;
  r.index = index;
  std::memcpy(r.destination, at(number).as<shape::internet_address>().address, 4);
  std::memcpy(r.gateway, at(gateway).as<shape::internet_address>().address, 4);
  return r;
}

/// An open tunnel, up, with the address `own`.
struct tunnel {
  guest& g;
  i32 descriptor;
  ref::tunnel_info info{};
  u32 index = 0;

  explicit tunnel(guest& of, u32 extra_flags = ref::tunnel_flags::no_information, bool configured = true) : g{of} {
    (void)g.system_call([](ref::thread& t) { t.owner->identity.euid = 0; });
    descriptor = *open_device(g, "net/tun", ref::open_flags::rdwr | ref::open_flags::nonblock);
    info.flags = ref::tunnel_flags::tun | extra_flags;
    REQUIRE(perform(g, op::tunnel_attach{}, descriptor, info));
    index = interface_named(g, info.name).index;
    REQUIRE(index != 0);
    if (!configured) return;
    REQUIRE(perform(g, op::add_interface_address{}, assigned(index, own), false));
    REQUIRE(set_up(g, index) == error::none);
  }
  /// What was sent through it, or nothing.
  std::string sent() const {
    const transfer got = read(g, descriptor, 65535);
    return got.failure == error::none ? got.text : std::string{};
  }
  written bring(std::string_view packet) const { return write(g, descriptor, packet); }
};

/// Packets, put together and taken apart by the documents.
inline std::string ip(u32 from, u32 to, u8 protocol, std::string_view payload, u16 fragment = 0, u16 identification = 7) {
  net::ip_header h{};
  h.version_and_size = 0x45;
  h.total = static_cast<u16>(sizeof h + payload.size());
  h.identification = identification;
  h.fragment = fragment;
  h.ttl = 60;
  h.protocol = protocol;
  h.source = from;
  h.destination = to;
  h.checksum = net::checksum{}.add({reinterpret_cast<const unsigned char*>(&h), sizeof h}).value();
  return std::string{reinterpret_cast<const char*>(&h), sizeof h}.append(payload);
}
inline std::span<const unsigned char> bytes_of(std::string_view text) {
  return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}
inline std::string udp(u32 from, u16 from_port, u32 to, u16 to_port, std::string_view data) {
  net::udp_header h{};
  h.source = from_port;
  h.destination = to_port;
  h.size = static_cast<u16>(sizeof h + data.size());
  std::string whole = std::string{reinterpret_cast<const char*>(&h), sizeof h}.append(data);
  h.checksum = net::checksum{}.add_pseudo_header(from, to, 17, h.size).add(bytes_of(whole)).value();
  std::memcpy(whole.data(), &h, sizeof h);
  return whole;
}
inline std::string icmp(u8 type, u8 code, u16 identification, u16 sequence, std::string_view data) {
  net::icmp_header h{};
  h.type = type;
  h.code = code;
  h.identification = identification;
  h.sequence = sequence;
  std::string whole = std::string{reinterpret_cast<const char*>(&h), sizeof h}.append(data);
  h.checksum = net::checksum{}.add(bytes_of(whole)).value();
  std::memcpy(whole.data(), &h, sizeof h);
  return whole;
}
template <class Header>
Header header_at(std::string_view packet, usize offset) {
  Header h{};
  REQUIRE(packet.size() >= offset + sizeof h);
  std::memcpy(&h, packet.data() + offset, sizeof h);
  return h;
}

} // namespace polyabi::tests::network
