// NETLINK_ROUTE: the network's interfaces, addresses and routes, told to whoever asks, and changed.
#pragma once

#include <polyabi/linux/handlers/interfaces.hpp>
#include <polyabi/linux/netlink/changes.hpp>
#include <polyabi/linux/netlink/reply.hpp>

#include <span>

namespace polyabi::linux_abi::netlink {

template <class K>
class route_answers {
public:
  route_answers(typename K::thread& caller, reply_writer<K>& to, u32 port) : caller_{caller}, to_{to}, port_{port} {}

  /// The error of a request that has no answer of its own; `none` if its answers were written.
  errc answer(const request& r) {
    namespace type = message_type;
    const u16 kind = r.head.type;
    switch (kind) {
    case type::get_link: return links(r);
    case type::get_address: return r.wants_all() ? addresses(r) : errc::opnotsupp;
    case type::get_route: return r.wants_all() ? routes(r) : route_to(r);
    case type::get_rule: return r.wants_all() ? rules(r) : errc::opnotsupp;
    case type::get_neighbour: return r.wants_all() ? errc::none : errc::opnotsupp; // the host's, which nobody here knows
    default: break;
    }
    if (kind < type::first_of_family) return errc::none;
    if (is_get(kind)) return errc::opnotsupp;
    if constexpr (polyabi::detail::provides_all<K, needed_by_changes>::value()) return route_changes<K>{caller_}.make(r);
    else return errc::perm;
  }

private:
  static constexpr bool is_get(u16 kind) { return (kind & 3) == 2; } // of each object: new, del, get, set
  u16 flags_for(const request& r) const { return r.wants_all() ? header_flag::multi : u16{0}; }

  template <class Shape, class Operation, class Function>
  errc each(Operation operation, Function function) {
    const errc failed = each_told<K, Shape>(caller_, operation, function);
    return failed == errc::none && to_.failed() ? errc::nomem : failed;
  }

  errc links(const request& r) {
    ifinfomsg<model> wanted{};
    if (!r.read(wanted)) return errc::inval;
    const std::string_view name = name_wanted(r);
    const u32 index = static_cast<u32>(static_cast<i32>(wanted.index));
    if (!r.wants_all() && index == 0 && name.empty()) return errc::inval;
    bool found = r.wants_all();
    const errc failed = each<shape::interface_info>(op::interfaces{}, [&](const native<K, shape::interface_info>& one) {
      usize size = 0;
      while (size < sizeof one.name && one.name[size] != 0) ++size;
      if (!r.wants_all() && index != 0 && one.index != index) return;
      if (!r.wants_all() && index == 0 && std::string_view{one.name, size} != name) return;
      found = true;
      write_link(r, one);
    });
    return failed != errc::none ? failed : found ? errc::none : errc::nodev;
  }

  /// IFLA_IFNAME of a request for one link.
  static std::string_view name_wanted(const request& r) {
    for (attribute_reader each = r.template attributes<ifinfomsg<model>>(); each.next();)
      if (each.type == link_attribute::name) return each.text();
    return {};
  }

  void write_link(const request& r, const native<K, shape::interface_info>& one) {
    using flags = flag_table<kernel_map<K, interface_flag>, interface_flags>;
    ifinfomsg<model> body{};
    body.type = static_cast<u16>(one.type);
    body.index = static_cast<i32>(one.index);
    body.flags = static_cast<u32>(flags::convert(one.flags));
    if (!to_.begin(message_type::new_link, flags_for(r), body)) return;
    const bool up = (one.flags & native_number<K, interface_flag::running>) != 0;
    const bool loopback = (one.flags & native_number<K, interface_flag::loopback>) != 0;
    to_.add_text(link_attribute::name, one.name);
    to_.add_number(link_attribute::queue_length, one.queue);
    const bool tells_nothing = loopback || (one.flags & native_number<K, interface_flag::pointopoint>) != 0;
    const u8 state = up ? (tells_nothing ? 0 : 6) : loopback ? 0 : 2; // unknown, up, down (RFC 2863)
    to_.add(link_attribute::operational_state, &state, 1);
    to_.add(link_attribute::link_mode, "", 1);
    to_.add_number(link_attribute::mtu, one.mtu);
    to_.add_number(link_attribute::group, 0);
    to_.add_number(link_attribute::promiscuity, 0);
    to_.add_number(link_attribute::transmit_queues, 1);
    to_.add_number(link_attribute::receive_queues, 1);
    const u8 carrier = up;
    to_.add(link_attribute::carrier, &carrier, 1);
    to_.add_text(link_attribute::queue_discipline, "noqueue");
    if (one.hardware_size != 0) {
      to_.add(link_attribute::address, one.hardware, one.hardware_size);
      to_.add(link_attribute::broadcast, one.hardware_broadcast, one.hardware_size);
    }
    const u64 counters[] = {one.received.packets, one.sent.packets, one.received.bytes,   one.sent.bytes,
                            one.received.errors,  one.sent.errors,  one.received.dropped, one.sent.dropped};
    unsigned char statistics[statistics_size]{};
    __builtin_memcpy(statistics, counters, sizeof counters);
    to_.add(link_attribute::statistics, statistics, sizeof statistics);
    to_.end();
  }

  /// The program's number of a family, and how long its addresses are; 0 for families that are not the Internet's.
  static u8 foreign_family(u8 own) {
    const i32 number = number_table<kernel_map<K, address_family>, address_families>::convert(own);
    return static_cast<u8>(number == no_number ? 0 : number);
  }
  static usize size_of_address(u8 own) {
    return own == native_number<K, address_family::inet> ? 4 : own == native_number<K, address_family::inet6> ? 16 : 0;
  }
  static bool is_set(const u8 (&address)[16]) { return handlers::detail::is_set(address); }

  errc addresses(const request& r) {
    ifaddrmsg<model> wanted{};
    if (!r.read(wanted)) return errc::inval;
    return each<shape::interface_address>(op::interface_addresses{}, [&](const native<K, shape::interface_address>& one) {
      const u8 family = foreign_family(one.family);
      const usize size = size_of_address(one.family);
      if (size == 0 || (wanted.family != 0 && wanted.family != family)) return;
      if (static_cast<u32>(wanted.index) != 0 && wanted.index != one.index) return;
      ifaddrmsg<model> body{};
      body.family = family;
      body.prefixlen = one.prefix;
      body.flags = static_cast<u8>(one.flags);
      body.scope = one.scope;
      body.index = one.index;
      if (!to_.begin(message_type::new_address, flags_for(r), body)) return;
      to_.add(address_attribute::address, is_set(one.peer) ? one.peer : one.address, size);
      if (size == 4) {
        to_.add(address_attribute::local, one.address, size);
        if (is_set(one.broadcast)) to_.add(address_attribute::broadcast, one.broadcast, size);
        to_.add_text(address_attribute::label, one.label);
      }
      to_.add_number(address_attribute::flags, one.flags);
      constexpr u32 for_ever[4] = {~u32{0}, ~u32{0}}; // struct ifa_cacheinfo: preferred, valid, and when it came and changed
      to_.add(address_attribute::lifetime, for_ever, sizeof for_ever);
      constexpr u8 of_loopback = 1, of_link = 3; // IFAPROT_KERNEL_*
      if (const u8 origin = one.scope == route_scope::host ? of_loopback : of_link; size == 16 && one.scope >= route_scope::link)
        to_.add(address_attribute::origin, &origin, 1);
      to_.end();
    });
  }

  errc routes(const request& r) {
    rtmsg<model> wanted{};
    if (!r.read(wanted)) return errc::inval;
    return each<shape::route_info>(op::routes{}, [&](const native<K, shape::route_info>& one) {
      const u8 family = foreign_family(one.family);
      const usize size = size_of_address(one.family);
      if (size == 0 || (wanted.family != 0 && wanted.family != family)) return;
      if (wanted.table != 0 && wanted.table != one.table) return;
      rtmsg<model> body{};
      body.family = family;
      body.dst_len = one.prefix;
      body.table = one.table;
      body.protocol = one.origin;
      body.scope = one.scope;
      body.type = one.type;
      if (!to_.begin(message_type::new_route, flags_for(r), body)) return;
      to_.add_number(route_attribute::table, one.table);
      if (one.prefix != 0) to_.add(route_attribute::destination, one.destination, size);
      if (is_set(one.gateway)) to_.add(route_attribute::gateway, one.gateway, size);
      if (is_set(one.source)) to_.add(route_attribute::preferred_source, one.source, size);
      if (one.metric != 0) to_.add_number(route_attribute::priority, one.metric);
      if (one.index != 0) to_.add_number(route_attribute::interface, one.index);
      to_.end();
    });
  }

  /// RTM_GETROUTE without a dump: the route that a packet to an address takes, by the rules below: the local table before the others, then the
  /// longest prefix, then the lowest metric. ENETUNREACH.
  errc route_to(const request& r) {
    rtmsg<model> wanted{};
    if (!r.read(wanted)) return errc::inval;
    u8 destination[16]{};
    u32 through = 0;
    for (attribute_reader each = r.template attributes<rtmsg<model>>(); each.next();) {
      if (each.type == route_attribute::destination) each.copy(destination);
      if (each.type == route_attribute::interface) through = each.number();
    }
    native<K, shape::route_info> best{};
    bool found = false;
    const errc failed = each<shape::route_info>(op::routes{}, [&](const native<K, shape::route_info>& one) {
      if (foreign_family(one.family) != wanted.family || (through != 0 && one.index != through)) return;
      if (is_within(destination, one.destination, one.prefix) && (!found || is_before(one, best))) best = one;
      found |= is_within(destination, one.destination, one.prefix);
    });
    if (failed != errc::none) return failed;
    if (!found) return errc::netunreach;
    if (!is_set(best.source))
      (void)each<shape::interface_address>(op::interface_addresses{}, [&](const native<K, shape::interface_address>& one) {
        if (one.index == best.index && one.family == best.family && !is_set(best.source))
          __builtin_memcpy(best.source, one.address, sizeof best.source);
      });
    write_route_to(r, wanted, best, destination);
    return to_.failed() ? errc::nomem : errc::none;
  }

  static bool is_within(const u8 (&address)[16], const u8 (&network)[16], u8 prefix) {
    const auto differs = [&](u32 bit) { return ((address[bit / 8] ^ network[bit / 8]) >> (7 - bit % 8) & 1) != 0; };
    for (u32 bit = 0; bit < prefix; ++bit)
      if (differs(bit)) return false;
    return true;
  }
  static bool is_before(const native<K, shape::route_info>& one, const native<K, shape::route_info>& other) {
    const bool is_local = one.table == route_table::local, other_is_local = other.table == route_table::local;
    if (is_local != other_is_local) return is_local;
    return one.prefix != other.prefix ? one.prefix > other.prefix : one.metric < other.metric;
  }

  void write_route_to(const request& r, const rtmsg<model>& wanted, const native<K, shape::route_info>& best,
                      const u8 (&destination)[16]) {
    constexpr u32 of_one_destination = 0x200, local = 0x8000'0000, asks_for_table = 0x1000; // RTM_F_CLONED, RTCF_LOCAL, RTM_F_LOOKUP_TABLE
    const usize size = size_of_address(best.family);
    rtmsg<model> body{};
    body.family = wanted.family;
    body.dst_len = static_cast<u8>(size * 8);
    const bool is_older = size == 4, tells_table = !is_older || (wanted.flags & asks_for_table) != 0;
    body.table = tells_table ? best.table : route_table::main;
    body.type = best.type;
    if (is_older) body.flags = of_one_destination | (best.type == route_type::local ? local : 0);
    else body.protocol = best.origin;
    if (!to_.begin(message_type::new_route, flags_for(r), body)) return;
    to_.add_number(route_attribute::table, body.table);
    to_.add(route_attribute::destination, destination, size);
    to_.add_number(route_attribute::interface, best.index);
    if (is_set(best.gateway)) to_.add(route_attribute::gateway, best.gateway, size);
    if (is_set(best.source)) to_.add(route_attribute::preferred_source, best.source, size);
    if (native<K, shape::identity> ids{}; polyabi::perform<K>(op::get_identity{}, caller_, ids))
      to_.add_number(route_attribute::user, ids.euid);
    constexpr u32 unused[8]{}; // struct rta_cacheinfo
    to_.add(route_attribute::cache_information, unused, sizeof unused);
    to_.end();
  }

  /// The rules that are always there: first the local table, then the main one, and for the fourth version the default one.
  errc rules(const request& r) {
    constexpr u8 inet = number_for<address_families>(address_family::inet), inet6 = number_for<address_families>(address_family::inet6);
    constexpr u8 to_table = 1; // FR_ACT_TO_TBL
    const struct {
      u8 family, table;
      u32 priority;
    } all[] = {{inet, route_table::local, 0}, {inet, route_table::main, 32766}, {inet, route_table::default_, 32767},
               {inet6, route_table::local, 0}, {inet6, route_table::main, 32766}};
    const u8 wanted = r.body.empty() ? u8{0} : r.body[0];
    for (const auto& one : all) {
      if (wanted != 0 && wanted != one.family) continue;
      fib_rule_hdr<model> body{};
      body.family = one.family;
      body.table = one.table;
      body.action = to_table;
      if (!to_.begin(message_type::new_rule, flags_for(r), body)) return errc::nomem;
      to_.add_number(rule_attribute::table, one.table);
      to_.add_number(rule_attribute::suppressed_prefix, ~u32{0});
      to_.add(rule_attribute::origin, &route_origin::kernel, 1);
      if (one.priority != 0) to_.add_number(rule_attribute::priority, one.priority);
      to_.end();
    }
    return errc::none;
  }

  static constexpr usize statistics_size = 25 * sizeof(u64); ///< struct rtnl_link_stats64: behind the first eight, kinds of errors

  typename K::thread& caller_;
  reply_writer<K>& to_;
  u32 port_;
};

} // namespace polyabi::linux_abi::netlink
