// Sockets over own interfaces and the host: names, waiting, and what packets find.
#include <network/layered_socket.hpp>

#include <polyabi/reference/kernel.hpp>

#include <cstring>

namespace polyabi::reference::network {

namespace {

constexpr u8 mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}; // RFC 4291, 2.5.5.2

u16 port_of(const u8 (&bytes)[2]) {
  return static_cast<u16>(bytes[0] << 8 | bytes[1]);
}

} // namespace

bool endpoint_of(const socket_address<kernel>& from, endpoint& to) {
  if (from.is<address_family::inet>()) {
    const auto& a = from.as<shape::internet_address>();
    to = {number_of(a.address), port_of(a.port)};
    return true;
  }
  if (!from.is<address_family::inet6>()) return false;
  const auto& a = from.as<shape::internet6_address>();
  constexpr u8 unspecified[16]{};
  const bool is_mapped = std::memcmp(a.address, mapped_prefix, sizeof mapped_prefix) == 0;
  if (!is_mapped && std::memcmp(a.address, unspecified, sizeof unspecified) != 0) return false;
  to = {is_mapped ? number_of(a.address + sizeof mapped_prefix) : 0, port_of(a.port)};
  return true;
}

void write_endpoint(i32 family, endpoint from, socket_address<kernel>& to) {
  const auto write_port = [&](u8(&port)[2]) {
    port[0] = static_cast<u8>(from.port >> 8);
    port[1] = static_cast<u8>(from.port);
  };
  if (family == address_families::inet) {
    auto& a = to.become<address_family::inet>();
    write_port(a.port);
    write_number(a.address, from.address);
    return;
  }
  auto& a = to.become<address_family::inet6>();
  write_port(a.port);
  std::memcpy(a.address, mapped_prefix, sizeof mapped_prefix);
  write_number(a.address + sizeof mapped_prefix, from.address);
}

bool only_own_lead_to(const socket_address<kernel>& address) {
  endpoint to;
  path where;
  return endpoint_of(address, to) && to.address != 0 && find_path(to.address, 0, where);
}

layered_socket::layered_socket(i32 of_family, i32 of_type, i32 of_protocol, ref<host_socket> host)
    : socket{of_family, of_type, of_protocol}, host_{std::move(host)} {
  if (host_) protocol = host_->protocol;
}

layered_socket::~layered_socket() {
  socket_list::unlink(*this);
  while (packet* p = queue_.pop_front()) free(p);
}

void layered_socket::closed() {
  socket_list::unlink(*this);
  if (host_) host_->closed();
}

result<> layered_socket::take_port(endpoint wanted) {
  socket_list& others = of_kind();
  const auto is_taken = [&](u16 port) {
    for (layered_socket* s = others.front(); s != nullptr; s = others.next(*s)) {
      if (s == this || s->local_.port != port) continue;
      const bool overlap = s->local_.address == 0 || wanted.address == 0 || s->local_.address == wanted.address;
      if (overlap && !(reuse_ && s->reuse_)) return true;
    }
    return false;
  };
  if (has_ports()) {
    constexpr u16 first = 32768, count = 28232; // Linux' net.ipv4.ip_local_port_range
    if (wanted.port == 0) {
      u16 random = 0;
      machine::random(&random, sizeof random);
      for (u32 tried = 0; tried < count; ++tried)
        if (const u16 port = static_cast<u16>(first + (random + tried) % count); !is_taken(port)) {
          wanted.port = port;
          break;
        }
    }
    if (wanted.port == 0 || is_taken(wanted.port)) return error::addrinuse;
  }
  local_ = wanted;
  bound_ = true;
  if (!link.linked()) others.push_back(*this);
  return {};
}

result<> layered_socket::bind(const socket_address<kernel>& address) {
  endpoint wanted;
  const bool is_older = endpoint_of(address, wanted);
  if (is_older && wanted.address != 0 && owner_of(wanted.address) != nullptr) {
    if (family != address.family()) return error::afnosupport;
    if (bound_ && has_ports()) return error::inval;
    if (has_ports() && wanted.port != 0 && wanted.port < 1024 && type == socket_types::dgram && protocol != protocols::icmp &&
        !current_process().identity.may(privileges::low_ports))
      return error::acces;
    return take_port(wanted);
  }
  if (!host_) return wanted.address == 0 ? take_port(wanted) : result<>{error::addrnotavail};
  if (auto bound = host_->bind(address); !bound) return bound;
  // Bound to no address it is there for own packets as well, under the port that the host gave it.
  if (!is_older || wanted.address != 0 || (only_newer_ && family != address_families::inet)) return {};
  socket_address<kernel> given;
  if (host_->name(given) && endpoint_of(given, wanted)) (void)take_port(wanted);
  return {};
}

/// A socket that sends is bound: to a port that the host finds, for it is to be free there too.
result<> layered_socket::bind_before_sending(const path& where) {
  if (bound_) return local_.address == 0 || owner_of(local_.address) != nullptr ? result<>{} : result<>{error::addrnotavail};
  if (!host_ || !has_ports() || connected_) return take_port({connected_ ? where.source : 0, 0});
  socket_address<kernel> name;
  endpoint given;
  const bool has_name = static_cast<bool>(host_->name(name)) && endpoint_of(name, given);
  if (has_name && given.address != 0) return error::inval; // the host's address, from where own interfaces do not lead
  if (has_name && given.port != 0) return take_port(given);
  write_endpoint(family, {}, name);
  if (auto bound = host_->bind(name); !bound) return take_port({});
  if (!host_->name(name) || !endpoint_of(name, given)) return error::addrnotavail;
  return take_port({0, given.port});
}

void layered_socket::disconnect() {
  connected_ = false;
  peer_ = {};
  if (!std::exchange(bound_by_connect_, false)) return;
  bound_ = false;
  local_ = {};
  if (has_ports()) socket_list::unlink(*this);
}

result<> layered_socket::connect(const socket_address<kernel>& address, bool nonblocking, ref<socket>& instead) {
  endpoint to;
  path where;
  if (endpoint_of(address, to) && to.address != 0 && find_path(to.address, device_, where)) {
    if (where.broadcast && !broadcast_) return error::acces;
    if (where.source == 0) return error::addrnotavail;
    disconnect();
    if (!bound_) {
      if (auto ready = take_port({where.source, 0}); !ready) return ready;
      bound_by_connect_ = true;
    }
    source_ = local_.address != 0 ? local_.address : where.source;
    peer_ = to;
    connected_ = true;
    return {};
  }
  disconnect();
  return host_ ? host_->connect(address, nonblocking, instead) : result<>{error::netunreach};
}

result<> layered_socket::shutdown(i32 how) {
  if (!connected_) return host_ ? host_->shutdown(how) : result<>{error::notconn};
  if (how != shutdown_hows::write) {
    shut_ = true;
    readable_.wake_all();
  }
  return {};
}

result<> layered_socket::name(socket_address<kernel>& out) {
  if (!bound_ && host_) return host_->name(out);
  if (bound_ && host_ && local_.address == 0 && !connected_) return host_->name(out);
  write_endpoint(family, {local_.address != 0 ? local_.address : connected_ ? source_ : 0, local_.port}, out);
  return {};
}

result<> layered_socket::peer_name(socket_address<kernel>& out) {
  if (!connected_) return host_ ? host_->peer_name(out) : result<>{error::notconn};
  write_endpoint(family, peer_, out);
  return {};
}

u16 layered_socket::poll(u16 events, waiter* place) {
  constexpr u16 readable = poll_events::in | poll_events::rdnorm;
  constexpr u16 writable = poll_events::out | poll_events::wrnorm;
  u32 ready = 0;
  if (!queue_.empty() || shut_) ready |= readable;
  if (error_ != error::none) ready |= poll_events::err;
  if (place != nullptr) readable_.enter(place[0]);
  if (asks_host()) {
    ready |= host_->poll(events, place != nullptr ? place + 1 : nullptr);
  } else {
    ready |= writable;
  }
  return static_cast<u16>(ready & (events | u32{poll_events::err | poll_events::hup}));
}

result<i32> layered_socket::bytes_readable() {
  if (const packet* first = queue_.front()) return static_cast<i32>(data_of(*first).size());
  return asks_host() ? host_->bytes_readable() : result<i32>{0};
}
result<i32> layered_socket::unsent() {
  return host_ ? host_->unsent() : result<i32>{0};
}

void layered_socket::take(const packet& p) {
  const usize charge = sizeof(packet) + p.size;
  if (shut_ || queued_ + charge > receive_buffer_ || !wants(p)) return;
  packet* copy = packet::copy(p);
  if (copy == nullptr) return;
  queue_.push_back(*copy);
  queued_ += charge;
  readable_.wake_all(poll_events::in | poll_events::rdnorm);
}

void layered_socket::fail(error why) {
  error_ = why;
  readable_.wake_all();
}

result<> layered_socket::pending_error() {
  const error why = std::exchange(error_, error::none);
  if (why != error::none) return why;
  return {};
}

u32 layered_socket::fits(endpoint from, endpoint to, u32 interface) const {
  if (has_ports() && local_.port != to.port) return 0;
  if (local_.address != 0 && local_.address != to.address) return 0;
  if (device_ != 0 && device_ != interface) return 0;
  if (connected_ && (peer_.address != from.address || (peer_.port != from.port && protocol != protocols::icmp && has_ports()))) return 0;
  return 1 + u32{local_.address != 0} + 2 * u32{connected_} + u32{device_ != 0};
}

bool layered_socket::is_sender(endpoint from, endpoint to) const {
  if (!connected_ || peer_.address != to.address) return false;
  return !has_ports() || (local_.port == from.port && (protocol == protocols::icmp || peer_.port == to.port));
}

} // namespace polyabi::reference::network
