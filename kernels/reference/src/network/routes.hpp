// Routes over the kernel's own interfaces. What none of them leads to is the host's affair. Under the kernel lock.
#pragma once

#include <network/interface.hpp>
#include <polyabi/core/operations.hpp>

namespace polyabi::reference::network {

struct route {
  list_link link;
  route_info told;
  interface* out; ///< stays: its routes go with it
  u32 destination() const { return number_of(told.destination); }
  bool leads_to(u32 address) const { return ((destination() ^ address) & mask_of(told.prefix)) == 0; }
};

using route_list = intrusive_list<route, &route::link>;
route_list& routes();

/// Where a packet goes.
struct path {
  ref<interface> out;
  u32 source = 0;     ///< the address that it comes from if nobody says otherwise
  bool local = false; ///< to this kernel itself
  bool broadcast = false;
};

/// False if the host is to be asked: no own interface has to do with this address. `device` is the index of the only interface that
/// may be used, or 0.
bool find_path(u32 destination, u32 device, path& out);

/// The network that an address is in, as long as its interface is up.
void add_network_of(interface&, const assigned_address&);
void remove_network_of(interface&, const assigned_address&);
void remove_routes_of(interface&);

/// EPERM for what would be a route of the host's.
result<> add_route(const route_info&, route_rule);
result<> remove_route(const route_info&);

} // namespace polyabi::reference::network
