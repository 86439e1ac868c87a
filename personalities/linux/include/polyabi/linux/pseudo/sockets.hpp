// /proc/net/tcp, udp, raw, icmp, unix, netlink and packet (proc(5)): the sockets that processes have open. Of the host's,
// nobody here knows more than what a socket's owner may ask.
#pragma once

#include <polyabi/linux/pseudo/network.hpp>
#include <polyabi/linux/socket_flags.hpp>

namespace polyabi::linux_abi::proc {

namespace detail {

template <class K>
struct listed_socket {
  native<K, shape::socket_info> about{};
  socket_address<K> name, peer;
};

/// Calls `visit(socket)` with each of a family.
template <class K, address_family Family, class Visit>
bool each_socket(const pseudo_context<K>& c, Visit visit) {
  if constexpr (provides<K, op::socket_of_index>()) {
    listed_socket<K> one;
    for (usize index = 0;; ++index) {
      const auto more = polyabi::perform<K>(op::socket_of_index{}, c.reader, index, one.about, one.name, one.peer);
      if (!more) return false;
      if (!*more) return true;
      if (one.about.family == native_number<K, Family>) visit(one);
    }
  }
  return true;
}

template <class K>
bool has_type(const listed_socket<K>& s, socket_type type) {
  return s.about.type == number_for<kernel_map<K, socket_type>>(type);
}

/// Of datagrams: UDP's, and not those of ICMP.
template <class K>
bool is_udp(const listed_socket<K>& s) {
  return s.about.protocol == internet_protocol::any || s.about.protocol == internet_protocol::udp;
}

/// One end: the address in words as a little-endian machine reads them, and the port. Those of no address are zeros.
template <class K, address_family Family>
struct shown_end {
  static constexpr usize size = Family == address_family::inet ? 4 : 16;
  u8 bytes[size]{};
  u16 port = 0;

  explicit shown_end(const socket_address<K>& of) {
    if (!of.template is<Family>()) return;
    const auto& a = of.template as<typename address_shape<Family>::type>();
    for (usize i = 0; i < size; ++i) bytes[i] = a.address[i];
    port = static_cast<u16>(a.port[0] << 8 | a.port[1]);
  }
  void write(text_sink& to, u16 number) const {
    for (usize i = 0; i < size; i += 4) write_address(to, bytes + i);
    to << ':';
    for (i32 shift = 12; shift >= 0; shift -= 4) to << "0123456789ABCDEF"[number >> shift & 15];
  }
};

/// Of include/net/tcp_states.h.
inline constexpr u32 established = 1, closed = 7, listening = 10;

/// How the files of the transports differ.
struct transport_layout {
  std::string_view header;
  usize number_width, line_width; ///< lines are filled up; 0: they are not
  bool numbers_are_protocols;     ///< what stands for a local port
  std::string_view of_connected, of_others;
};

inline void end_line(text_sink& to, usize begun, usize width) {
  const usize used = to.needed() - begun;
  to.fill(used < width ? width - used : 0) << '\n';
}

template <class K, address_family Family>
void write_line(text_sink& to, const transport_layout& layout, u32 number, const listed_socket<K>& s) {
  using end = shown_end<K, Family>;
  const end here{s.name}, there{s.peer};
  const usize begun = to.needed();
  const bool connects = s.about.state == socket_state::connected, listens = s.about.state == socket_state::listening;
  to << padded{number, layout.number_width} << ": ";
  here.write(to, layout.numbers_are_protocols ? static_cast<u16>(s.about.protocol) : here.port);
  to << ' ';
  there.write(to, there.port);
  const auto digits = [&](u64 value, usize width) {
    while (width-- > 0) to << "0123456789ABCDEF"[value >> (4 * width) & 15];
  };
  to << ' ';
  digits(connects ? established : listens ? listening : closed, 2);
  to << ' ';
  digits(static_cast<u32>(s.about.unsent), 8);
  to << ':';
  digits(static_cast<u32>(s.about.queued), 8);
  to << " 00:00000000 00000000 " << padded{s.about.user, 5} << "        0 " << s.about.number << ' '
     << (s.about.references != 0 ? s.about.references : 1) << ' ' << hex{s.about.number, 16} << ' '
     << (connects ? layout.of_connected : layout.of_others);
  end_line(to, begun, layout.line_width);
}

template <class K, address_family Family, class Wanted>
bool write_transport(const pseudo_context<K>& c, text_sink& to, const transport_layout& layout, Wanted wanted) {
  const usize begun = to.needed();
  to << layout.header;
  end_line(to, begun, layout.line_width);
  u32 number = 0;
  return each_socket<K, Family>(c, [&](const auto& s) {
    if (wanted(s)) write_line<K, Family>(to, layout, number++, s);
  });
}

namespace headers {
inline constexpr std::string_view
    tcp = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    udp = "   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops",
    raw = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops",
    tcp6 = "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when "
           "retrnsmt   uid  timeout inode",
    others6 = "  sl  local_address                         remote_address                        st tx_queue rx_queue tr "
              "tm->when retrnsmt   uid  timeout inode ref pointer drops";
inline constexpr char packet[] = "sk               RefCnt Type Proto  Iface R Rmem   User   Inode\n";
} // namespace headers

inline constexpr transport_layout tcp_layout{headers::tcp, 4, 149, false, "20 4 30 10 -1", "100 0 0 10 0"},
    tcp6_layout{headers::tcp6, 4, 0, false, "20 4 30 10 -1", "100 0 0 10 0"}, udp_layout{headers::udp, 5, 127, false, "0", "0"},
    udp6_layout{headers::others6, 5, 0, false, "0", "0"}, raw_layout{headers::raw, 4, 0, true, "0", "0"},
    raw6_layout{headers::others6, 4, 0, true, "0", "0"}, icmp_layout{headers::raw, 5, 127, false, "0", "0"},
    icmp6_layout{headers::others6, 5, 0, false, "0", "0"};

} // namespace detail

/// Who neither listens nor is connected has no place in the table.
template <class K, address_family Family, const detail::transport_layout& Layout>
bool tcp_sockets(const pseudo_context<K>& c, text_sink& to) {
  return detail::write_transport<K, Family>(c, to, Layout, [](const auto& s) {
    return detail::has_type(s, socket_type::stream) && s.about.state != socket_state::unconnected;
  });
}
/// Datagrams of UDP or, without that, of ICMP: those that have a number.
template <class K, address_family Family, const detail::transport_layout& Layout, bool IsUdp>
bool datagram_sockets(const pseudo_context<K>& c, text_sink& to) {
  return detail::write_transport<K, Family>(c, to, Layout, [](const auto& s) {
    return detail::has_type(s, socket_type::dgram) && detail::is_udp(s) == IsUdp && detail::shown_end<K, Family>{s.name}.port != 0;
  });
}
template <class K, address_family Family, const detail::transport_layout& Layout>
bool raw_sockets(const pseudo_context<K>& c, text_sink& to) {
  return detail::write_transport<K, Family>(c, to, Layout, [](const auto& s) { return detail::has_type(s, socket_type::raw); });
}

template <class K>
bool local_sockets(const pseudo_context<K>& c, text_sink& to) {
  constexpr u32 accepts = 0x10000, connected = 3, unconnected = 1; // SO_ACCEPTCON, SS_*
  to << "Num       RefCount Protocol Flags    Type St Inode Path\n";
  return detail::each_socket<K, address_family::unix_>(c, [&](const auto& s) {
    const bool listens = s.about.state == socket_state::listening, connects = s.about.state == socket_state::connected;
    const i32 type = number_table<kernel_map<K, socket_type>, socket_types>::convert(s.about.type);
    to << hex{s.about.number, 16} << ": " << hex{s.about.references + 1, 8} << " 00000000 " << hex{listens ? accepts : 0, 8}
       << ' ' << hex{static_cast<u32>(type), 4} << ' ' << hex{connects ? connected : unconnected, 2} << ' '
       << padded{s.about.number, 5};
    if (const std::string_view path = s.name.size != 0 ? s.name.path() : std::string_view{}; !path.empty()) {
      to << ' ';
      for (const char letter : path) to << (letter == '\0' ? '@' : letter);
    }
    to << '\n';
  });
}

template <class K>
bool netlink_sockets(const pseudo_context<K>& c, text_sink& to) {
  to << "sk               Eth Pid        Groups   Rmem     Wmem     Dump  Locks    Drops    Inode\n";
  return detail::each_socket<K, address_family::netlink>(c, [&](const auto& s) {
    u32 id = 0, groups = 0;
    if (s.name.template is<address_family::netlink>()) {
      const auto& own = s.name.template as<shape::netlink_address>();
      id = own.pid;
      groups = own.groups;
    }
    const auto column = [&](u64 value, usize width) {
      char digits[24];
      text_sink number{digits};
      number << value;
      to << left{number.text(), width} << ' ';
    };
    to << hex{s.about.number, 16} << ' ';
    column(static_cast<u32>(s.about.protocol), 3);
    column(id, 10);
    to << hex{groups, 8} << ' ';
    for (const u64 value : {u64{0}, u64{0}}) column(value, 8);
    column(0, 5);
    column(2, 8);
    column(0, 8);
    column(s.about.number, 8);
    to << '\n';
  });
}

} // namespace polyabi::linux_abi::proc
