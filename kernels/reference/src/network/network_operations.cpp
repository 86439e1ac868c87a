// The network that this kernel shows: the host's, and behind it its own.
#include <network/routes.hpp>
#include <network/tunnel_file.hpp>

#include <polyabi/reference/machine_sockets.hpp>

namespace polyabi::reference {

namespace {

/// What the host tells of from the `first` one on, and then `own(item)` of each of the kernel's own until it answers false.
template <class T, class Own>
result<usize> ask(i64 (*host)(usize, std::span<T>), usize first, std::span<T> out, Own own) {
  i64 there = 0;
  {
    const kernel_lock::unlocked while_the_host_works;
    there = host(first, out);
  }
  if (there < 0) return static_cast<error>(-there);
  const usize of_host = static_cast<usize>(there);
  const usize told = of_host > first ? of_host - first : 0;
  usize filled = told < out.size() ? told : out.size(), passed = of_host;
  own([&](const T& item) {
    if (passed++ >= first && filled < out.size()) out[filled++] = item;
  });
  return filled;
}

result<> may_change(thread& caller) {
  return caller.owner->identity.may(privileges::network) ? result<>{} : result<>{error::perm};
}

bool host_has(u32 index) {
  const kernel_lock::unlocked while_the_host_tells;
  interface_info one{};
  for (usize first = 0;; ++first) {
    const i64 count = machine::host::interfaces(first, {&one, 1});
    if (count < 0 || static_cast<usize>(count) <= first) return false;
    if (one.index == index) return true;
  }
}

result<ref<network::interface>> to_be_changed(thread& caller, u32 index) {
  if (network::interface* own = network::find_interface(index)) {
    if (auto may = may_change(caller); !may) return may.error();
    return ref<network::interface>{own};
  }
  return host_has(index) ? error::perm : error::nodev;
}

result<network::tunnel_file*> tunnel_of(thread& caller, i32 descriptor, ref<file>& held) {
  auto opened = caller.owner->descriptors->get(descriptor);
  if (!opened) return opened.error();
  held = std::move(*opened);
  network::tunnel_file* tunnel = held->as_tunnel();
  if (tunnel == nullptr) return error::notty;
  return tunnel;
}

} // namespace

result<usize> network_operations::perform(op::interfaces, thread&, usize first, std::span<interface_info> out) {
  return ask(&machine::host::interfaces, first, out, [](auto tell) {
    auto& all = network::interfaces();
    for (const network::interface* i = all.front(); i != nullptr; i = all.next(*i)) tell(i->told);
  });
}

result<usize> network_operations::perform(op::interface_addresses, thread&, usize first, std::span<interface_address> out) {
  return ask(&machine::host::interface_addresses, first, out, [](auto tell) {
    auto& all = network::interfaces();
    for (const network::interface* i = all.front(); i != nullptr; i = all.next(*i))
      for (auto* a = i->addresses.front(); a != nullptr; a = i->addresses.next(*a)) tell(a->told);
  });
}

result<usize> network_operations::perform(op::routes, thread&, usize first, std::span<route_info> out) {
  return ask(&machine::host::routes, first, out, [](auto tell) {
    auto& all = network::routes();
    for (const network::route* r = all.front(); r != nullptr; r = all.next(*r)) tell(r->told);
  });
}

result<> network_operations::perform(op::change_interface, thread& caller, u32 index, const interface_change& change) {
  const auto of = to_be_changed(caller, index);
  if (!of) return of.error();
  interface_info& told = (*of)->told;
  if (change.mtu != 0) {
    if (change.mtu < network::smallest_mtu || change.mtu > network::largest_mtu) return error::inval;
    told.mtu = change.mtu;
  }
  if (change.queue != 0) told.queue = change.queue;
  if (!change.name.empty()) {
    if ((*of)->is_up()) return error::busy;
    if (auto renamed = network::rename(**of, change.name); !renamed) return renamed;
  }
  // What a tunnel is does not change.
  constexpr u32 changing = interface_flags::debug | interface_flags::promisc | interface_flags::allmulti | interface_flags::multicast |
                           interface_flags::noarp | interface_flags::notrailers | interface_flags::dynamic;
  const u32 mask = change.flag_mask & changing;
  told.flags = (told.flags & ~mask) | (change.flags & mask);
  if ((change.flag_mask & interface_flags::up) != 0) network::set_up(**of, (change.flags & interface_flags::up) != 0);
  return {};
}

result<> network_operations::perform(op::remove_interface, thread& caller, u32 index) {
  const auto of = to_be_changed(caller, index);
  if (!of) return of.error();
  network::remove(**of);
  return {};
}

result<> network_operations::perform(op::add_interface_address, thread& caller, const interface_address& address, bool replace) {
  const auto of = to_be_changed(caller, address.index);
  if (!of) return of.error();
  return network::add_address(**of, address, replace);
}
result<> network_operations::perform(op::set_first_address, thread& caller, const interface_address& address) {
  const auto of = to_be_changed(caller, address.index);
  if (!of) return of.error();
  return network::set_first_address(**of, address);
}
result<> network_operations::perform(op::remove_interface_address, thread& caller, const interface_address& address) {
  const auto of = to_be_changed(caller, address.index);
  if (!of) return of.error();
  return network::remove_address(**of, address);
}

result<> network_operations::perform(op::add_route, thread& caller, const route_info& route, route_rule rule) {
  if (auto may = may_change(caller); !may) return may;
  return network::add_route(route, rule);
}
result<> network_operations::perform(op::remove_route, thread& caller, const route_info& route) {
  if (auto may = may_change(caller); !may) return may;
  return network::remove_route(route);
}

result<> network_operations::perform(op::tunnel_attach, thread& caller, i32 descriptor, tunnel_info& tunnel) {
  ref<file> held;
  const auto of = tunnel_of(caller, descriptor, held);
  return of ? (*of)->attach(tunnel) : result<>{of.error()};
}
result<> network_operations::perform(op::tunnel_get, thread& caller, i32 descriptor, tunnel_info& out) {
  ref<file> held;
  const auto of = tunnel_of(caller, descriptor, held);
  return of ? (*of)->tell(out) : result<>{of.error()};
}
result<> network_operations::perform(op::tunnel_set, thread& caller, i32 descriptor, tunnel_setting setting, u32 value) {
  ref<file> held;
  const auto of = tunnel_of(caller, descriptor, held);
  return of ? (*of)->set(setting, value) : result<>{of.error()};
}

} // namespace polyabi::reference
