// Requests of NETLINK_ROUTE that change interfaces, addresses and routes (rtnetlink(7)).
#pragma once

#include <polyabi/linux/netlink/request.hpp>

#include <span>

namespace polyabi::linux_abi::netlink {

/// What changes need of a kernel.
using needed_by_changes = operation_list<op::change_interface, op::remove_interface, op::add_interface_address,
                                         op::remove_interface_address, op::add_route, op::remove_route>;

template <class K>
class route_changes {
public:
  explicit route_changes(typename K::thread& caller) : caller_{caller} {}

  /// `opnotsupp` for what no kernel of this kind does.
  errc make(const request& r) {
    namespace type = message_type;
    switch (r.head.type) {
    case type::new_link:
    case type::set_link: return change_link(r);
    case type::del_link: return remove_link(r);
    case type::new_address:
    case type::del_address: return change_address(r);
    case type::new_route:
    case type::del_route: return change_route(r);
    default: return errc::opnotsupp;
    }
  }

private:
  template <class Answer>
  static errc error_of_answer(const Answer& a) {
    if (a) return errc::none;
    const errc name = name_for<kernel_map<K, errc>>(static_cast<i32>(a.error()));
    return name != errc::none ? name : errc::io;
  }

  errc change_link(const request& r) {
    using flags = flag_table<interface_flags, kernel_map<K, interface_flag>>;
    ifinfomsg<model> body{};
    if (!r.read(body)) return errc::inval;
    interface_change change;
    change.flags = static_cast<u32>(flags::convert(body.flags));
    // Programs of old leave the mask out: then all are meant.
    change.flag_mask = static_cast<u32>(flags::convert(static_cast<u32>(body.change) != 0 ? static_cast<u32>(body.change) : static_cast<u32>(body.flags)));
    u32 index = static_cast<u32>(static_cast<i32>(body.index));
    std::string_view name;
    for (attribute_reader each = r.template attributes<ifinfomsg<model>>(); each.next();) switch (each.type) {
      case link_attribute::name: name = each.text(); break;
      case link_attribute::mtu: change.mtu = each.number(); break;
      case link_attribute::queue_length: change.queue = each.number(); break;
      default: break;
      }
    if (index == 0) index = index_of(name);
    else change.name = name;
    // A new one: all that there are come from the tunnel device.
    if (index == 0) return (r.head.flags & header_flag::create) != 0 ? errc::opnotsupp : errc::nodev;
    if ((r.head.flags & (header_flag::create | header_flag::exclusive)) == (header_flag::create | header_flag::exclusive)) return errc::exist;
    return error_of_answer(polyabi::perform<K>(op::change_interface{}, caller_, index, change));
  }

  errc remove_link(const request& r) {
    ifinfomsg<model> body{};
    if (!r.read(body)) return errc::inval;
    u32 index = static_cast<u32>(static_cast<i32>(body.index));
    for (attribute_reader each = r.template attributes<ifinfomsg<model>>(); each.next();)
      if (each.type == link_attribute::name && index == 0) index = index_of(each.text());
    if (index == 0) return errc::nodev;
    return error_of_answer(polyabi::perform<K>(op::remove_interface{}, caller_, index));
  }

  u32 index_of(std::string_view name) {
    u32 found = 0;
    if (!name.empty())
      (void)each_told<K, shape::interface_info>(caller_, op::interfaces{}, [&](const native<K, shape::interface_info>& one) {
        if (std::string_view{one.name} == name) found = one.index;
      });
    return found;
  }

  errc change_address(const request& r) {
    ifaddrmsg<model> body{};
    if (!r.read(body)) return errc::inval;
    native<K, shape::interface_address> address{};
    address.family = own_family<K>(body.family);
    if (address.family != native_number<K, address_family::inet>) return errc::opnotsupp;
    address.prefix = body.prefixlen;
    address.scope = body.scope;
    address.index = body.index;
    bool has_local = false;
    for (attribute_reader each = r.template attributes<ifaddrmsg<model>>(); each.next();) switch (each.type) {
      case address_attribute::local:
        each.copy(address.address);
        has_local = true;
        break;
      case address_attribute::address: each.copy(address.peer); break;
      case address_attribute::broadcast: each.copy(address.broadcast); break;
      case address_attribute::label: each.copy(address.label); break;
      default: break;
      }
    if (!has_local) __builtin_memcpy(address.address, address.peer, sizeof address.address);
    if (__builtin_memcmp(address.address, address.peer, sizeof address.address) == 0) __builtin_memset(address.peer, 0, sizeof address.peer);
    address.label[sizeof address.label - 1] = 0;
    if (r.head.type == message_type::del_address)
      return error_of_answer(polyabi::perform<K>(op::remove_interface_address{}, caller_, address));
    const bool replace = (r.head.flags & header_flag::replace) != 0;
    return error_of_answer(polyabi::perform<K>(op::add_interface_address{}, caller_, address, replace));
  }

  errc change_route(const request& r) {
    rtmsg<model> body{};
    if (!r.read(body)) return errc::inval;
    native<K, shape::route_info> wanted{};
    wanted.family = own_family<K>(body.family);
    if (wanted.family != native_number<K, address_family::inet>) return errc::opnotsupp;
    if (body.src_len != 0) return errc::inval;
    wanted.prefix = body.dst_len;
    wanted.table = body.table;
    wanted.type = body.type;
    wanted.scope = body.scope;
    wanted.origin = body.protocol;
    for (attribute_reader each = r.template attributes<rtmsg<model>>(); each.next();) switch (each.type) {
      case route_attribute::destination: each.copy(wanted.destination); break;
      case route_attribute::gateway: each.copy(wanted.gateway); break;
      case route_attribute::preferred_source: each.copy(wanted.source); break;
      case route_attribute::interface: wanted.index = each.number(); break;
      case route_attribute::priority: wanted.metric = each.number(); break;
      default: break; // what a wanted says of TCP and of its MTU has no effect
      }
    if (r.head.type == message_type::del_route) return error_of_answer(polyabi::perform<K>(op::remove_route{}, caller_, wanted));
    const bool creates = (r.head.flags & header_flag::create) != 0, replaces = (r.head.flags & header_flag::replace) != 0;
    const route_rule rule = !replaces ? route_rule::add : creates ? route_rule::add_or_replace : route_rule::replace;
    return error_of_answer(polyabi::perform<K>(op::add_route{}, caller_, wanted, rule));
  }

  typename K::thread& caller_;
};

} // namespace polyabi::linux_abi::netlink
