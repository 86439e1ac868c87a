// Operations on the network: interfaces, addresses, routes and tunnels.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/reference/process.hpp>
#include <polyabi/reference/socket_structs.hpp>

namespace polyabi::reference {

/// Group of `kernel`: see operations.hpp for what each means. The host's network is shown beside the kernel's own, and cannot be
/// changed.
struct network_operations {
  using provides = operation_list<op::interfaces, op::interface_addresses, op::routes, op::change_interface, op::remove_interface,
                                  op::add_interface_address, op::set_first_address, op::remove_interface_address, op::add_route,
                                  op::remove_route, op::tunnel_attach, op::tunnel_get, op::tunnel_set>;

  static result<usize> perform(op::interfaces, thread&, usize first, std::span<interface_info> out);
  static result<usize> perform(op::interface_addresses, thread&, usize first, std::span<interface_address> out);
  static result<usize> perform(op::routes, thread&, usize first, std::span<route_info> out);
  static result<> perform(op::change_interface, thread&, u32 index, const interface_change& change);
  static result<> perform(op::remove_interface, thread&, u32 index);
  static result<> perform(op::add_interface_address, thread&, const interface_address& address, bool replace);
  static result<> perform(op::set_first_address, thread&, const interface_address& address);
  static result<> perform(op::remove_interface_address, thread&, const interface_address& address);
  static result<> perform(op::add_route, thread&, const route_info& route, route_rule rule);
  static result<> perform(op::remove_route, thread&, const route_info& route);
  static result<> perform(op::tunnel_attach, thread&, i32 descriptor, tunnel_info& tunnel);
  static result<> perform(op::tunnel_get, thread&, i32 descriptor, tunnel_info& out);
  static result<> perform(op::tunnel_set, thread&, i32 descriptor, tunnel_setting setting, u32 value);
};

} // namespace polyabi::reference
