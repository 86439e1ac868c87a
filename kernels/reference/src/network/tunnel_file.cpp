#include <network/tunnel_file.hpp>

#include <network/layer.hpp>

#include <polyabi/reference/process.hpp>
#include <polyabi/reference/text_writer.hpp>
#include <polyabi/reference/user_transfer.hpp>

#include <cstring>

namespace polyabi::reference::network {

namespace {

/// What stands before a packet if the tunnel has information: flags, and the packet's protocol as Ethernet counts
/// (Documentation/networking/tuntap.rst).
struct information {
  be<u16, 1> flags, protocol;
};
constexpr u16 ether_ip = 0x0800, ether_ip6 = 0x86dd;

bool may_use(const interface& of) {
  const credentials& who = current_process().identity;
  if (who.may(privileges::network)) return true;
  if (of.owner == nobody && of.group == nobody) return false;
  return (of.owner == nobody || of.owner == who.euid) && (of.group == nobody || of.group == who.egid);
}

} // namespace

tunnel_file::~tunnel_file() {
  if (!of_) return;
  of_->attached = false;
  of_->refresh_flags();
  while (packet* p = of_->waiting.pop_front()) free(p);
  of_->waiting_count = 0;
  if (!of_->persistent) remove(*of_);
}

result<> tunnel_file::detached() const {
  return !of_ || of_->removed ? result<>{error::badf} : result<>{};
}

result<i64> tunnel_file::read(user_vector into, const i64*) {
  if (auto is = detached(); !is) return is.error();
  user_writer to{into};
  while (of_->waiting.empty()) {
    if (nonblocking()) return error::again;
    if (of_->readable.sleep() == wakeup::interrupted) return error::restart_call;
    if (auto is = detached(); !is) return is.error();
  }
  --of_->waiting_count;
  const packet_owner p{of_->waiting.pop_front()};
  if (of_->with_information) {
    const information about{u16{0}, ether_ip};
    if (to.remaining() < sizeof about) return error::inval;
    if (!to.write(&about, sizeof about)) return error::fault;
  }
  const usize size = to.remaining() < p->size ? static_cast<usize>(to.remaining()) : p->size;
  if (size != 0 && !to.write(p->bytes(), size)) return error::fault;
  return static_cast<i64>(to.transferred());
}

result<i64> tunnel_file::write(user_vector source, const i64*) {
  if (auto is = detached(); !is) return is.error();
  if (!of_->is_up()) return error::io;
  user_reader from{source};
  const i64 whole = static_cast<i64>(from.remaining());
  u16 says = 0;
  if (of_->with_information) {
    information about{};
    if (from.remaining() < sizeof about) return error::inval;
    if (!from.read(&about, sizeof about)) return error::fault;
    says = about.protocol;
  }
  if (from.remaining() == 0 || from.remaining() > packet_limit) return error::inval;
  packet_owner p{packet::make(static_cast<usize>(from.remaining()))};
  if (!p) return error::nomem;
  if (!from.read(p->bytes(), p->size)) return error::fault;
  if (!of_->with_information) says = p->bytes()[0] >> 4 == 4 ? ether_ip : p->bytes()[0] >> 4 == 6 ? ether_ip6 : u16{0};
  if (says == 0) return error::inval;
  if (says == ether_ip) network::receive(*of_, std::move(p));
  else ++of_->told.received.dropped; // there is no other layer
  return whole;
}

u16 tunnel_file::poll(u16 events, waiter* place) {
  if (!of_) return poll_events::err;
  u32 ready = 0;
  if (of_->removed) ready |= poll_events::err | poll_events::hup;
  if (!of_->waiting.empty()) ready |= poll_events::in | poll_events::rdnorm;
  if (of_->is_up()) ready |= poll_events::out | poll_events::wrnorm;
  if (place != nullptr) of_->readable.enter(place[0]);
  return static_cast<u16>(ready & (events | u32{poll_events::err | poll_events::hup}));
}

usize tunnel_file::describe(char* to, usize limit) {
  return text_writer{to, limit}.add("/dev/net/tun").size();
}

result<> tunnel_file::attach(tunnel_info& wanted) {
  if (of_) return error::exist;
  if ((wanted.flags & tunnel_flags::tun) == 0) return error::inval;
  wanted.name[sizeof wanted.name - 1] = 0;
  const std::string_view called{wanted.name};
  ref<interface> found{find_interface(called)};
  if (found) {
    if ((wanted.flags & tunnel_flags::exclusive) != 0 || found->attached) return error::busy;
    if (!may_use(*found)) return error::perm;
  } else {
    if (!current_process().identity.may(privileges::network)) return error::perm;
    auto made = make_interface(called.empty() ? std::string_view{"tun%d"} : called);
    if (!made) return made.error();
    found = std::move(*made);
    if (of_) { // another thread was quicker while the host was asked for names
      remove(*found);
      return error::exist;
    }
  }
  of_ = std::move(found);
  of_->attached = true;
  of_->with_information = (wanted.flags & tunnel_flags::no_information) == 0;
  of_->refresh_flags();
  std::memcpy(wanted.name, of_->told.name, sizeof wanted.name);
  return {};
}

result<> tunnel_file::tell(tunnel_info& out) const {
  if (auto is = detached(); !is) return is;
  out = {};
  std::memcpy(out.name, of_->told.name, sizeof out.name);
  out.flags = tunnel_flags::tun;
  if (!of_->with_information) out.flags |= tunnel_flags::no_information;
  if (of_->persistent) out.flags |= tunnel_flags::persistent;
  return {};
}

result<> tunnel_file::set(tunnel_setting setting, u32 value) {
  if (auto is = detached(); !is) return is;
  switch (setting) {
  case tunnel_setting::persistent: of_->persistent = value != 0; break;
  case tunnel_setting::owner: of_->owner = value; break;
  case tunnel_setting::group: of_->group = value; break;
  case tunnel_setting::carrier:
    of_->carries = value != 0;
    of_->refresh_flags();
    break;
  }
  return {};
}

result<ref<file>> open_tunnel(ref<vnode> node, u32 flags) {
  auto* opened = heap::create<tunnel_file>(std::move(node));
  if (opened == nullptr) return error::nomem;
  opened->flags = flags;
  return ref<file>{opened};
}

} // namespace polyabi::reference::network
