// NETLINK_SOCK_DIAG: the sockets that processes have open, told to whoever asks (sock_diag(7)).
#pragma once

#include <polyabi/linux/netlink/reply.hpp>
#include <polyabi/linux/netlink/request.hpp>
#include <polyabi/linux/pseudo/sockets.hpp>

namespace polyabi::linux_abi::netlink {

template <class K>
class socket_answers {
public:
  socket_answers(typename K::thread& caller, reply_writer<K>& to) : context_{caller}, to_{to} {}

  /// As `route_answers::answer`. A family of which nothing is told is ENOENT.
  errc answer(const request& r) {
    if (r.head.type < message_type::first_of_family) return errc::none;
    if (r.head.type != message_type::sockets_of_family) return errc::inval;
    if (!r.wants_all()) return errc::opnotsupp;
    switch (r.body.empty() ? u8{0} : r.body[0]) {
    case number<address_family::unix_>: return local_sockets(r);
    case number<address_family::inet>: return internet_sockets<address_family::inet>(r);
    case number<address_family::inet6>: return internet_sockets<address_family::inet6>(r);
    default: return errc::noent;
    }
  }

private:
  using socket = proc::detail::listed_socket<K>;
  template <address_family Family>
  static constexpr u8 number = static_cast<u8>(number_for<address_families>(Family));

  static u8 state_of(const socket& s) {
    using namespace proc::detail;
    return static_cast<u8>(s.about.state == socket_state::connected   ? established
                           : s.about.state == socket_state::listening ? listening
                                                                      : closed);
  }
  static bool is_wanted(u32 states, u8 state) { return (states >> state & 1) != 0; }
  errc told(bool all) const { return !all ? errc::io : to_.failed() ? errc::nomem : errc::none; }

  template <address_family Family>
  static bool is_of(const socket& s, u8 protocol) {
    switch (protocol) {
    case internet_protocol::tcp: return proc::detail::has_type(s, socket_type::stream) && s.about.state != socket_state::unconnected;
    case internet_protocol::udp:
      return proc::detail::has_type(s, socket_type::dgram) && proc::detail::is_udp(s) && proc::detail::shown_end<K, Family>{s.name}.port != 0;
    case internet_protocol::raw: return proc::detail::has_type(s, socket_type::raw);
    default: return false;
    }
  }

  template <address_family Family>
  errc internet_sockets(const request& r) {
    using namespace internet_protocol;
    inet_diag_req_v2<model> wanted{};
    if (r.body.size() < sizeof wanted || !r.read(wanted)) return errc::inval;
    if (wanted.protocol != tcp && wanted.protocol != udp && wanted.protocol != raw) return errc::none; // there are no such sockets
    return told(proc::detail::each_socket<K, Family>(context_, [&](const socket& s) {
      if (!is_of<Family>(s, wanted.protocol) || !is_wanted(wanted.states, state_of(s))) return;
      using end = proc::detail::shown_end<K, Family>;
      const end here{s.name}, there{s.peer};
      inet_diag_msg<model> body{};
      body.family = number<Family>;
      body.state = state_of(s);
      const auto put = [](const end& of, unsigned char (&port)[2], unsigned char (&address)[16]) {
        port[0] = static_cast<unsigned char>(of.port >> 8);
        port[1] = static_cast<unsigned char>(of.port & 0xff);
        __builtin_memcpy(address, of.bytes, sizeof of.bytes);
      };
      put(here, body.id.sport, body.id.src);
      put(there, body.id.dport, body.id.dst);
      body.id.cookie[0] = static_cast<u32>(s.about.number);
      body.rqueue = static_cast<u32>(s.about.queued);
      body.wqueue = static_cast<u32>(s.about.unsent);
      body.uid = s.about.user;
      body.inode = static_cast<u32>(s.about.number);
      if (to_.begin(message_type::sockets_of_family, header_flag::multi, body)) to_.end();
    }));
  }

  errc local_sockets(const request& r) {
    constexpr u16 name = 0, queue_lengths = 4;
    constexpr u32 show_name = 1, show_lengths = 0x10;
    unix_diag_req<model> wanted{};
    if (r.body.size() < sizeof wanted || !r.read(wanted)) return errc::inval;
    const u32 shown = wanted.show;
    return told(proc::detail::each_socket<K, address_family::unix_>(context_, [&](const socket& s) {
      if (!is_wanted(wanted.states, state_of(s))) return;
      unix_diag_msg<model> body{};
      body.family = number<address_family::unix_>;
      body.type = static_cast<u8>(number_table<kernel_map<K, socket_type>, socket_types>::convert(s.about.type));
      body.state = state_of(s);
      body.ino = static_cast<u32>(s.about.number);
      body.cookie[0] = static_cast<u32>(s.about.number);
      if (!to_.begin(message_type::sockets_of_family, header_flag::multi, body)) return;
      const std::string_view path = s.name.size != 0 ? s.name.path() : std::string_view{};
      if ((shown & show_name) != 0 && !path.empty()) to_.add(name, path.data(), path.size());
      const u32 lengths[2] = {static_cast<u32>(s.about.queued), static_cast<u32>(s.about.unsent)};
      if ((shown & show_lengths) != 0) to_.add(queue_lengths, lengths, sizeof lengths);
      to_.end();
    }));
  }

  pseudo_context<K> context_;
  reply_writer<K>& to_;
};

} // namespace polyabi::linux_abi::netlink
