// Data of sockets over own interfaces and the host.
#include <network/layered_socket.hpp>

#include <polyabi/reference/kernel.hpp>
#include <sockets/waiting.hpp>

#include <cstring>

namespace polyabi::reference::network {

/// What the control items of a message ask for: other kinds are the host's affair.
struct layered_socket::control {
  u32 source = 0, device = 0;
  i32 ttl = -1, tos = -1;

  result<> read(std::span<const unsigned char> items) {
    control_reader<kernel> each{items};
    while (each.next()) {
      if (each.level != option_levels::ip) continue;
      i32 number = 0;
      std::memcpy(&number, each.value.data(), each.value.size() < sizeof number ? each.value.size() : sizeof number);
      if (each.type == ip_options::ttl) {
        if (number < 1 || number > 255) return error::inval;
        ttl = number;
      } else if (each.type == ip_options::tos) {
        tos = number & 255;
      } else if (each.type == ip_options::pktinfo && each.value.size() >= sizeof(packet_info)) {
        packet_info info;
        std::memcpy(&info, each.value.data(), sizeof info);
        device = info.index;
        source = number_of(info.address);
      }
    }
    return {};
  }
};

bool layered_socket::path_of(const outgoing_message<kernel>& m, endpoint& to, path& where) const {
  if (m.to != nullptr && m.to->size != 0) {
    if (!endpoint_of(*m.to, to) || to.address == 0) return false;
  } else {
    if (!connected_) return false;
    to = peer_;
  }
  return find_path(to.address, device_, where);
}

result<i64> layered_socket::send(const outgoing_message<kernel>& m, u32 flags) {
  endpoint to;
  path where;
  if (!path_of(m, to, where)) {
    if (!host_ || (connected_ && (m.to == nullptr || m.to->size == 0))) return error::netunreach;
    host_->send_timeout = send_timeout;
    return host_->send(m, flags);
  }
  if ((flags & message_flags::oob) != 0) return error::opnotsupp;
  if (auto pending = pending_error(); !pending) return pending.error();
  return send_over(m, to, where);
}

result<i64> layered_socket::send_over(const outgoing_message<kernel>& m, endpoint to, const path& where) {
  const bool needs_port = has_ports() && protocol != protocols::icmp;
  if (needs_port && to.port == 0) return error::inval;
  if (where.broadcast && !broadcast_) return error::acces;
  if (auto ready = bind_before_sending(where); !ready) return ready.error();
  control wanted;
  if (auto read = wanted.read(m.control); !read) return read.error();
  user_reader from{m.data};
  if (from.remaining() > packet_limit - headers()) return error::msgsize;
  packet_owner p{packet::make(headers() + static_cast<usize>(from.remaining()))};
  if (!p) return error::nobufs;
  const usize size = static_cast<usize>(from.remaining());
  if (size != 0 && !from.read(p->bytes() + headers(), size)) return error::fault;
  sending how;
  how.source = wanted.source != 0 ? wanted.source : local_.address != 0 ? local_.address : connected_ ? source_ : where.source;
  if (how.source == 0 || owner_of(how.source) == nullptr) return error::addrnotavail;
  how.destination = to.address;
  how.protocol = static_cast<u8>(protocol);
  how.ttl = wanted.ttl >= 0 ? static_cast<u8>(wanted.ttl) : ttl_;
  how.tos = wanted.tos >= 0 ? static_cast<u8>(wanted.tos) : tos_;
  how.dont_fragment = dont_fragment_;
  if (auto sent = finish(std::move(p), how, to, where); !sent) return sent.error();
  return static_cast<i64>(size);
}

result<i64> layered_socket::receive(incoming_message<kernel>& m, u32 flags) {
  const patience how{(flags & (message_flags::dontwait | message_flags::errqueue)) != 0, receive_timeout};
  constexpr u64 moment = 5'000'000;
  bool disappointed = false; // the host's poll may say that there is something while its calls say that there is not
  for (;;) {
    if ((flags & message_flags::errqueue) == 0) {
      if (!queue_.empty()) {
        auto got = receive_waiting(m, flags);
        if (got || got.error() != error::again) return got;
        continue; // another was quicker
      }
      if (auto pending = pending_error(); !pending) return pending.error();
      if (shut_) return 0;
    }
    if (asks_host()) {
      auto got = host_->receive(m, flags | message_flags::dontwait);
      if (got || got.error() != error::again) return got;
      if (!queue_.empty()) continue; // it came while the host was asked
    }
    if (how.nonblocking()) return error::again;
    const u64 now = machine::monotonic_time();
    if (how.until() != no_deadline && now >= how.until()) return error::again;
    waiter places[2];
    if (poll(poll_events::in, places) != 0 && !disappointed) {
      disappointed = true;
      continue;
    }
    const u64 slice = disappointed ? now + moment : no_deadline;
    const wakeup why = sleep_until_woken(slice < how.until() ? slice : how.until());
    if (why == wakeup::interrupted) return how.interrupted();
    disappointed = false;
  }
}

result<i64> layered_socket::receive_waiting(incoming_message<kernel>& m, u32 flags) {
  const claim::holder mine{reading_};
  packet* first = queue_.front();
  if (first == nullptr) return error::again;
  const bool peek = (flags & message_flags::peek) != 0;
  packet_owner owned;
  if (!peek) {
    queue_.remove(*first);
    queued_ -= sizeof(packet) + first->size;
    owned = packet_owner{first};
  }
  const auto data = data_of(*first);
  user_writer to{m.data};
  const usize size = to.remaining() < data.size() ? static_cast<usize>(to.remaining()) : data.size();
  if (size != 0 && !to.write(data.data(), size)) return error::fault;
  if (size < data.size()) m.flags |= message_flags::trunc;
  tell(*first, m);
  return static_cast<i64>((flags & message_flags::trunc) != 0 ? data.size() : size);
}

void layered_socket::tell(const packet& p, incoming_message<kernel>& m) const {
  if (m.from != nullptr) write_endpoint(family, {p.ip().source, sender_port(p)}, *m.from);
  control_writer<kernel> items{m.control};
  const auto add = [&](i32 level, i32 kind, const auto& value) {
    unsigned char* at = items.add(level, kind, sizeof value);
    if (at != nullptr) std::memcpy(at, &value, sizeof value);
    else m.flags |= message_flags::ctrunc;
  };
  constexpr u64 second = 1'000'000'000;
  if (stamp_ && stamp_in_nanoseconds_)
    add(option_levels::socket, control_types::timestampns, timespec{static_cast<i64>(p.time / second), static_cast<i64>(p.time % second)});
  else if (stamp_)
    add(option_levels::socket, control_types::timestamp,
        timeval{static_cast<i64>(p.time / second), static_cast<i64>(p.time % second / 1000)});
  if (tells_address_) {
    packet_info info{};
    info.index = p.interface;
    write_number(info.destination, p.ip().destination);
    write_number(info.address, p.ip().destination);
    add(option_levels::ip, ip_options::pktinfo, info);
  }
  if (tells_ttl_) add(option_levels::ip, ip_options::ttl, i32{p.ip().ttl});
  if (tells_tos_) add(option_levels::ip, ip_options::tos, p.ip().tos);
  m.control_size = items.size();
}

} // namespace polyabi::reference::network
