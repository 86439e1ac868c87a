// The host's interfaces, addresses and routes, asked of it through a netlink socket (rtnetlink(7)).
#pragma once

#include <polyabi/linux/netlink/attributes.hpp>
#include <polyabi/reference/machine_sockets.hpp>

namespace polyabi::reference {

template <class Host>
class host_network {
  using model = lp64;
  using header = linux_abi::nlmsghdr<model>;
  using attributes = linux_abi::netlink::attribute_reader;

public:
  static i64 interfaces(usize first, std::span<interface_info> out) {
    using namespace linux_abi::netlink;
    return ask<linux_abi::ifinfomsg<model>>(message_type::get_link, message_type::new_link, first, out, take_link);
  }
  static i64 interface_addresses(usize first, std::span<interface_address> out) {
    using namespace linux_abi::netlink;
    return ask<linux_abi::ifaddrmsg<model>>(message_type::get_address, message_type::new_address, first, out, take_interface_address);
  }
  static i64 routes(usize first, std::span<route_info> out) {
    using namespace linux_abi::netlink;
    return ask<linux_abi::rtmsg<model>>(message_type::get_route, message_type::new_route, first, out, take_route);
  }

private:
  static u64 word(const void* address) { return static_cast<u64>(reinterpret_cast<std::uintptr_t>(address)); }

  static void take_link(const linux_abi::ifinfomsg<model>& from, attributes all, interface_info& to) {
    namespace at = linux_abi::netlink::link_attribute;
    using flags = flag_table<linux_abi::interface_flags, kernel_map<kernel, interface_flag>>;
    to.index = static_cast<u32>(static_cast<i32>(from.index));
    to.flags = static_cast<u32>(flags::convert(from.flags));
    to.type = from.type;
    while (all.next()) switch (all.type) {
      case at::name: all.copy(to.name); break;
      case at::mtu: to.mtu = all.number(); break;
      case at::queue_length: to.queue = all.number(); break;
      case at::address:
        all.copy(to.hardware);
        to.hardware_size = static_cast<u8>(all.value.size() < sizeof to.hardware ? all.value.size() : sizeof to.hardware);
        break;
      case at::broadcast: all.copy(to.hardware_broadcast); break;
      case at::statistics: take_counters(all.value, to); break;
      default: break;
      }
    to.name[sizeof to.name - 1] = 0;
  }

  /// struct rtnl_link_stats64: packets, bytes, errors and drops, each received and sent.
  static void take_counters(std::span<const unsigned char> from, interface_info& to) {
    u64 words[8]{};
    __builtin_memcpy(words, from.data(), from.size() < sizeof words ? from.size() : sizeof words);
    to.received = {words[0], words[2], words[4], words[6]};
    to.sent = {words[1], words[3], words[5], words[7]};
  }

  static u8 family_of(u8 host_family) {
    const i32 own = number_table<linux_abi::address_families, kernel_map<kernel, address_family>>::convert(host_family);
    return static_cast<u8>(own == no_number ? 0 : own);
  }

  static void take_interface_address(const linux_abi::ifaddrmsg<model>& from, attributes all, interface_address& to) {
    namespace at = linux_abi::netlink::address_attribute;
    to.index = from.index;
    to.family = family_of(from.family);
    to.prefix = from.prefixlen;
    to.scope = from.scope;
    to.flags = from.flags;
    bool local = false; // of a point-to-point link, `address` is the peer's
    while (all.next()) switch (all.type) {
      case at::address:
        all.copy(local ? to.peer : to.address);
        break;
      case at::local:
        if (!local) __builtin_memcpy(to.peer, to.address, sizeof to.peer);
        all.copy(to.address);
        local = true;
        break;
      case at::broadcast: all.copy(to.broadcast); break;
      case at::label: all.copy(to.label); break;
      case at::flags: to.flags = all.number(); break;
      default: break;
      }
    if (__builtin_memcmp(to.peer, to.address, sizeof to.peer) == 0) __builtin_memset(to.peer, 0, sizeof to.peer);
    to.label[sizeof to.label - 1] = 0;
  }

  static void take_route(const linux_abi::rtmsg<model>& from, attributes all, route_info& to) {
    namespace at = linux_abi::netlink::route_attribute;
    to.family = family_of(from.family);
    to.prefix = from.dst_len;
    to.table = from.table;
    to.type = from.type;
    to.scope = from.scope;
    to.origin = from.protocol;
    while (all.next()) switch (all.type) {
      case at::destination: all.copy(to.destination); break;
      case at::gateway: all.copy(to.gateway); break;
      case at::preferred_source: all.copy(to.source); break;
      case at::interface: to.index = all.number(); break;
      case at::priority: to.metric = all.number(); break;
      default: break;
      }
  }

  /// Asks for all of something and takes what comes, message by message.
  template <class Body, class T>
  static i64 ask(u16 question, u16 answer, usize first, std::span<T> out, void (*take)(const Body&, attributes, T&)) {
    namespace nl = linux_abi::netlink;
    constexpr u64 family = 16, raw_and_cloexec = 3 | 0x80000, call_socket = 41, call_sendto = 44, call_recvfrom = 45, call_close = 3;
    const i64 s = Host::call(call_socket, family, raw_and_cloexec, u64{0});
    if (s < 0) return 0; // a host without netlink shows no network
    struct {
      header head;
      Body body;
    } request{};
    request.head.len = sizeof request;
    request.head.type = question;
    request.head.flags = nl::header_flag::request | nl::header_flag::dump;
    usize seen = 0, taken = 0;
    if (Host::call(call_sendto, static_cast<u64>(s), word(&request), sizeof request, u64{0}, u64{0}, u64{0}) > 0) {
      alignas(8) unsigned char buffer[8192];
      for (bool more = true; more;) {
        const i64 size = Host::call(call_recvfrom, static_cast<u64>(s), word(buffer), sizeof buffer, u64{0}, u64{0}, u64{0});
        if (size <= 0) break;
        std::span<const unsigned char> rest{buffer, static_cast<usize>(size)};
        while (more && rest.size() >= sizeof(header)) {
          header head{};
          __builtin_memcpy(&head, rest.data(), sizeof head);
          const usize whole = head.len;
          if (whole < sizeof head || whole > rest.size()) break;
          if (head.type == nl::message_type::done || head.type == nl::message_type::error) more = false;
          if (head.type == answer && whole >= sizeof head + sizeof(Body) && seen++ >= first && taken < out.size()) {
            Body body{};
            __builtin_memcpy(&body, rest.data() + sizeof head, sizeof body);
            out[taken] = T{};
            take(body, attributes{rest.subspan(sizeof head + sizeof(Body), whole - sizeof head - sizeof(Body))}, out[taken]);
            ++taken;
          }
          rest = linux_abi::netlink::behind(rest, whole);
        }
      }
    }
    Host::call(call_close, static_cast<u64>(s));
    return static_cast<i64>(seen);
  }
};

} // namespace polyabi::reference
