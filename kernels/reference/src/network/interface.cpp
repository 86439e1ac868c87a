#include <network/interface.hpp>

#include <network/layer.hpp>

#include <polyabi/reference/machine_sockets.hpp>
#include <polyabi/reference/text_writer.hpp>

#include <cstring>

namespace polyabi::reference::network {

namespace {

constinit interface_list all;
constinit u32 next_index = first_own_index;

/// A NUL and a slash end a path's name; blanks end words of texts; a colon is in labels of addresses.
bool is_name(std::string_view name) {
  if (name.empty() || name.size() >= sizeof(interface_info::name) || name == "." || name == "..") return false;
  for (const char c : name)
    if (c == '/' || c == ':' || c == ' ' || (c >= '\t' && c <= '\r')) return false;
  return true;
}

bool host_has(std::string_view name) {
  const kernel_lock::unlocked while_the_host_tells;
  interface_info one{};
  for (usize first = 0;; ++first) {
    const i64 count = machine::host::interfaces(first, {&one, 1});
    if (count < 0 || static_cast<usize>(count) <= first) return false;
    if (name == std::string_view{one.name}) return true;
  }
}

/// Replaces "%d" by the smallest number that is free.
result<> fill_in(std::string_view pattern, char (&name)[sizeof(interface_info::name)]) {
  const usize at = pattern.find("%d");
  for (u32 number = 0; number < 4096; ++number) {
    text_writer to{name, sizeof name - 1};
    if (at == std::string_view::npos) to.add(pattern);
    else to.add(pattern.substr(0, at)).add_number(number).add(pattern.substr(at + 2));
    name[to.size()] = 0;
    const std::string_view made{name, to.size()};
    if (!is_name(made)) return error::inval;
    if (!host_has(made) && find_interface(made) == nullptr) return {};
    if (at == std::string_view::npos) return error::inval;
  }
  return error::nfile;
}

} // namespace

interface::~interface() {
  while (packet* p = waiting.pop_front()) free(p);
  while (assigned_address* a = addresses.pop_front()) heap::destroy(a);
}
void interface::release() {
  heap::destroy(this);
}

std::string_view interface::name() const {
  return std::string_view{told.name};
}

void interface::refresh_flags() {
  constexpr u32 running = interface_flags::running | interface_flags::lower_up;
  told.flags &= ~running;
  if (is_up() && attached && carries) told.flags |= running;
}

void interface::transmit(packet_owner p) {
  const bool lost = removed || (told.flags & interface_flags::running) == 0 || waiting_count >= told.queue;
  if (lost) {
    ++told.sent.dropped;
    return;
  }
  ++told.sent.packets;
  told.sent.bytes += p->size;
  waiting.push_back(*p.leak());
  ++waiting_count;
  readable.wake_all(poll_events::in | poll_events::rdnorm);
}

interface_list& interfaces() {
  return all;
}

interface* find_interface(u32 index) {
  for (interface* i = all.front(); i != nullptr; i = all.next(*i))
    if (i->told.index == index) return i;
  return nullptr;
}
interface* find_interface(std::string_view name) {
  for (interface* i = all.front(); i != nullptr; i = all.next(*i))
    if (i->name() == name) return i;
  return nullptr;
}

interface* owner_of(u32 address) {
  for (interface* i = all.front(); i != nullptr; i = all.next(*i))
    for (assigned_address* a = i->addresses.front(); a != nullptr; a = i->addresses.next(*a))
      if (a->address() == address) return i;
  return nullptr;
}

bool is_broadcast(const interface& of, u32 address) {
  if (address == ~u32{0}) return true;
  for (assigned_address* a = of.addresses.front(); a != nullptr; a = of.addresses.next(*a)) {
    if (a->told.prefix >= 31) continue;
    if (a->broadcast() == address || (a->address() | ~mask_of(a->told.prefix)) == address) return true;
  }
  return false;
}

result<ref<interface>> make_interface(std::string_view name) {
  char filled[sizeof(interface_info::name)]{};
  if (auto found = fill_in(name, filled); !found) return found.error();
  auto* made = heap::create<interface>();
  if (made == nullptr) return error::nomem;
  std::memcpy(made->told.name, filled, sizeof filled);
  made->told.index = next_index++;
  made->told.flags = interface_flags::pointopoint | interface_flags::noarp | interface_flags::multicast;
  constexpr u32 no_hardware = 0xfffe; // ARPHRD_NONE
  made->told.type = no_hardware;
  made->told.mtu = usual_mtu;
  made->told.queue = 500;
  ref<interface> held{made};
  all.push_back(*ref<interface>{held}.leak());
  return held;
}

result<> rename(interface& of, std::string_view name) {
  char filled[sizeof(interface_info::name)]{};
  if (auto found = fill_in(name, filled); !found) return found;
  std::memcpy(of.told.name, filled, sizeof filled);
  return {};
}

void remove(interface& of) {
  if (of.removed) return;
  of.removed = true;
  remove_routes_of(of);
  while (assigned_address* a = of.addresses.pop_front()) heap::destroy(a);
  all.remove(of);
  of.readable.wake_all();
  if (all.empty()) forget_fragments();
  (void)ref<interface>::adopt(&of); // the list's
}

void set_up(interface& of, bool up) {
  if (of.is_up() == up) return;
  of.told.flags ^= interface_flags::up;
  of.refresh_flags();
  remove_routes_of(of);
  if (up)
    for (assigned_address* a = of.addresses.front(); a != nullptr; a = of.addresses.next(*a)) add_network_of(of, *a);
  of.readable.wake_all();
}

namespace {

bool is_usable(const interface_address& a) {
  return a.family == address_families::inet && a.prefix <= 32 && number_of(a.address) != 0 && number_of(a.address) >> 24 != 127 &&
         number_of(a.address) >> 28 != 14;
}

assigned_address* find(interface& of, const interface_address& like) {
  for (assigned_address* a = of.addresses.front(); a != nullptr; a = of.addresses.next(*a))
    if (a->address() == number_of(like.address) && a->told.prefix == like.prefix) return a;
  return nullptr;
}

void forget(interface& of, assigned_address& a) {
  remove_network_of(of, a);
  of.addresses.remove(a);
  heap::destroy(&a);
  if (of.addresses.empty()) remove_routes_of(of); // without an address it has no part in IP
}

result<> insert(interface& of, const interface_address& address, bool at_front) {
  auto* made = heap::create<assigned_address>();
  if (made == nullptr) return error::nomem;
  made->told = address;
  made->told.index = of.told.index;
  constexpr u32 permanent = 0x80, secondary = 1;
  made->told.flags = permanent;
  for (assigned_address* a = of.addresses.front(); a != nullptr && !at_front; a = of.addresses.next(*a))
    if (a->told.prefix == address.prefix && a->has_on_link(made->address())) made->told.flags |= secondary;
  if (made->told.label[0] == 0) std::memcpy(made->told.label, of.told.name, sizeof made->told.label);
  if (at_front) of.addresses.push_front(*made);
  else of.addresses.push_back(*made);
  if (of.is_up()) add_network_of(of, *made);
  return {};
}

} // namespace

result<> add_address(interface& of, const interface_address& address, bool replace) {
  if (!is_usable(address)) return error::inval;
  if (assigned_address* old = find(of, address)) {
    if (!replace) return error::exist;
    forget(of, *old);
  }
  return insert(of, address, false);
}

result<> set_first_address(interface& of, const interface_address& address) {
  if (!is_usable(address)) return error::inval;
  if (assigned_address* old = of.addresses.front()) forget(of, *old);
  return insert(of, address, true);
}

result<> remove_address(interface& of, const interface_address& address) {
  assigned_address* old = find(of, address);
  if (old == nullptr) return error::addrnotavail;
  forget(of, *old);
  return {};
}

} // namespace polyabi::reference::network
