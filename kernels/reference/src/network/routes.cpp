#include <network/routes.hpp>

namespace polyabi::reference::network {

namespace {

constinit route_list all;

/// Numbers of rtnetlink(7), as `route_info` has them.
constexpr u8 main_table = 254, unicast = 1, by_kernel = 2, link_scope = 253;

route_info network_of(const interface& of, const assigned_address& a) {
  route_info r{};
  r.family = address_families::inet;
  r.prefix = a.told.prefix;
  r.table = main_table;
  r.type = unicast;
  r.scope = link_scope;
  r.origin = by_kernel;
  const u32 peer = number_of(a.told.peer);
  write_number(r.destination, (peer != 0 ? peer : a.address()) & mask_of(r.prefix));
  write_number(r.source, a.address());
  r.index = of.told.index;
  return r;
}

bool same_destination(const route& one, const route_info& other) {
  return one.told.prefix == other.prefix && one.destination() == number_of(other.destination);
}

void forget(route& r) {
  all.remove(r);
  heap::destroy(&r);
}

result<> insert(interface& out, const route_info& told) {
  auto* made = heap::create<route>();
  if (made == nullptr) return error::nomem;
  made->told = told;
  made->told.index = out.told.index;
  made->out = &out;
  // The longest prefixes first, and of one length the smallest metric: the first that leads there is the best.
  route* before = all.front();
  while (before != nullptr && (before->told.prefix > told.prefix ||
                               (before->told.prefix == told.prefix && before->told.metric <= told.metric)))
    before = all.next(*before);
  all.insert_before(before, *made);
  return {};
}

const route* best(u32 destination, u32 device) {
  for (const route* r = all.front(); r != nullptr; r = all.next(*r))
    if ((device == 0 || r->out->told.index == device) && r->out->is_up() && r->leads_to(destination)) return r;
  return nullptr;
}

u32 source_for(const interface& out, u32 next_hop) {
  const assigned_address* first = out.addresses.front();
  for (const assigned_address* a = first; a != nullptr; a = out.addresses.next(*a))
    if (a->has_on_link(next_hop)) return a->address();
  return first != nullptr ? first->address() : 0;
}

} // namespace

route_list& routes() {
  return all;
}

bool find_path(u32 destination, u32 device, path& out) {
  if (destination >> 24 == 127 || interfaces().empty()) return false; // RFC 1122, 3.2.1.3: never outside a host
  if (interface* own = owner_of(destination)) {
    out = {ref<interface>{own}, destination, true};
    return true;
  }
  const route* r = best(destination, device);
  interface* through = r != nullptr ? r->out : nullptr;
  // A socket that is bound to an interface takes everything to be at its other end.
  if (through == nullptr && device != 0) through = find_interface(device);
  if (through == nullptr) return false;
  const u32 gateway = r != nullptr ? number_of(r->told.gateway) : 0, source = r != nullptr ? number_of(r->told.source) : 0;
  out = {ref<interface>{through}, source != 0 ? source : source_for(*through, gateway != 0 ? gateway : destination), false,
         is_broadcast(*through, destination)};
  return true;
}

void add_network_of(interface& of, const assigned_address& a) {
  const route_info told = network_of(of, a);
  for (const route* r = all.front(); r != nullptr; r = all.next(*r))
    if (r->out == &of && same_destination(*r, told)) return;
  (void)insert(of, told); // without memory there is no route
}

void remove_network_of(interface& of, const assigned_address& a) {
  const route_info told = network_of(of, a);
  for (route* r = all.front(); r != nullptr; r = all.next(*r))
    if (r->out == &of && r->told.origin == by_kernel && same_destination(*r, told) && number_of(r->told.source) == a.address()) {
      forget(*r);
      return;
    }
}

void remove_routes_of(interface& of) {
  for (route *r = all.front(), *following; r != nullptr; r = following) {
    following = all.next(*r);
    if (r->out == &of) forget(*r);
  }
}

result<> add_route(const route_info& wanted, route_rule rule) {
  if (wanted.family != address_families::inet || wanted.prefix > 32) return error::inval;
  route_info told = wanted;
  if ((number_of(told.destination) & ~mask_of(told.prefix)) != 0) return error::inval;
  const u32 gateway = number_of(told.gateway);
  interface* out = told.index != 0 ? find_interface(told.index) : nullptr;
  if (gateway != 0) {
    const route* towards = best(gateway, told.index);
    if (out == nullptr && towards != nullptr) out = towards->out;
    if (out != nullptr && towards == nullptr) return error::netunreach;
  }
  if (out == nullptr) return error::perm;
  if (!out->is_up()) return error::netdown;
  if (const u32 source = number_of(told.source); source != 0 && owner_of(source) == nullptr) return error::inval;
  if (told.table == 0) told.table = main_table;
  if (told.type == 0) told.type = unicast;
  route* old = nullptr;
  for (route* r = all.front(); r != nullptr && old == nullptr; r = all.next(*r))
    if (same_destination(*r, told) && r->told.metric == told.metric && r->told.table == told.table) old = r;
  if (old != nullptr && rule == route_rule::add) return error::exist;
  if (old == nullptr && rule == route_rule::replace) return error::noent;
  if (auto made = insert(*out, told); !made) return made;
  if (old != nullptr) forget(*old);
  return {};
}

result<> remove_route(const route_info& wanted) {
  const u32 gateway = number_of(wanted.gateway);
  for (route* r = all.front(); r != nullptr; r = all.next(*r)) {
    if (!same_destination(*r, wanted)) continue;
    if (wanted.index != 0 && r->told.index != wanted.index) continue;
    if (gateway != 0 && number_of(r->told.gateway) != gateway) continue;
    if (wanted.metric != 0 && r->told.metric != wanted.metric) continue;
    if (wanted.table != 0 && r->told.table != wanted.table) continue;
    forget(*r);
    return {};
  }
  return error::srch;
}

} // namespace polyabi::reference::network
