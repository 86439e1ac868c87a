// Sending and receiving through sockets.
#pragma once

#include <polyabi/core/program_messages.hpp>
#include <polyabi/svr4/handlers/sockets.hpp>

namespace polyabi::svr4 {

/// Flags of sendmsg(2) and recvmsg(2), with what MSG_XPG4_2 among them says of the header.
struct message_call {
  u32 flags;
  bool new_header;
};
struct message_call_flags : arguments::takes<1> {
  using traced_as = arguments::flags<message_flags>;
  template <class Env>
  struct decoder {
    arguments::flags<message_flags>::decoder<Env> flags;
    bool new_header = false;
    constexpr errc decode(context<Env>& c, const u64* w) {
      new_header = (w[0] & message_flags::new_header) != 0;
      return flags.decode(c, w);
    }
    constexpr message_call value() const { return {static_cast<u32>(flags.value()), new_header}; }
  };
};

namespace handlers {

namespace detail {

/// The longest list of control messages that is taken.
inline constexpr i32 control_limit = 8192;

template <class Env>
using control_output = polyabi::control_output<Env, option_tables::controls, cmsghdr>;

/// msg_accrights: descriptors, and nothing but them.
template <class Env>
errc read_descriptors(context<Env>& c, u64 at, usize size, control_writer<typename Env::kernel>& to) {
  using K = typename Env::kernel;
  if (size % sizeof(i32) != 0) return errc::inval;
  unsigned char* place = to.add(native_number<K, option_level::socket>, native_number<K, socket_control::rights>, size);
  return place == nullptr ? errc::nobufs : c.read_bytes(at, place, size);
}
template <class Env>
errc write_descriptors(context<Env>& c, typename Env::kernel::new_descriptors& from, u64 at, usize room, usize& size) {
  if (room / sizeof(i32) < from.size()) from.keep(room / sizeof(i32));
  for (usize i = 0; i < from.size(); ++i) {
    const i32 number = from.number(i);
    if (errc e = c.write_bytes(at + i * sizeof number, &number, sizeof number); e != errc::none) return e;
  }
  size = from.size() * sizeof(i32);
  return errc::none;
}

/// What both headers have. EMSGSIZE for a bad number of parts, EINVAL for bad lengths.
template <class Env>
errc read_header(context<Env>& c, u64 at, omsghdr<typename Env::model>& to, parts_of_message<Env>& parts) {
  if (errc e = c.read(user_ptr<omsghdr<typename Env::model>>{at}, to); e != errc::none) return e;
  if (to.namelen < 0 || to.controllen < 0 || to.controllen > control_limit) return errc::inval;
  if (to.iovlen < 0) return errc::msgsize;
  return read_parts<Env>(c, static_cast<u64>(to.iov), static_cast<u64>(static_cast<i32>(to.iovlen)), parts);
}

} // namespace detail

struct sendmsg {
  using needs = operation_list<op::send, op::socket_kind>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_ptr<omsghdr<typename Env::model>> at, message_call how) {
    using K = typename Env::kernel;
    omsghdr<typename Env::model> header{};
    parts_of_message<Env> parts;
    if (errc e = detail::read_header<Env>(c, at.address, header, parts); e != errc::none)
      return after_descriptor<Env>(c, descriptor, e);
    socket_address<K> address;
    arguments::given_address<K> to{address};
    outgoing_message<K> m;
    if (static_cast<u64>(header.name) != 0 && header.namelen != 0) {
      arguments::read_address<Env>(c, static_cast<u64>(header.name), static_cast<u32>(header.namelen), to);
      if (to.wrong != errc::none) return socket_calls::address_error<wrong_address>(c, descriptor, to.wrong, to.family);
      m.to = &to.address;
    }
    alignas(8) unsigned char control[control_room];
    control_writer<K> items{control};
    const auto control_at = static_cast<u64>(header.control);
    if (const auto size = static_cast<usize>(static_cast<i32>(header.controllen)); size != 0 && control_at != 0) {
      const errc e = how.new_header ? read_control_items<option_tables::controls, cmsghdr>(c, control_at, size, items)
                                    : detail::read_descriptors<Env>(c, control_at, size, items);
      if (e != errc::none) return e;
    }
    m.data = parts.value();
    m.control = std::span<const unsigned char>{control, items.size()};
    return reply_with<Env>(c.perform(op::send{}, descriptor, m, how.flags));
  }
};

struct recvmsg {
  using needs = operation_list<op::receive, op::socket_kind>;
  template <class Env>
  static reply<Env, arguments::received_message<typename Env::kernel>>
  call(context<Env>& c, i32 descriptor, user_ptr<omsghdr<typename Env::model>> at, message_call how) {
    using K = typename Env::kernel;
    using M = typename Env::model;
    omsghdr<M> header{};
    parts_of_message<Env> parts;
    if (errc e = detail::read_header<Env>(c, at.address, header, parts); e != errc::none)
      return after_descriptor<Env>(c, descriptor, e);
    socket_address<K> from;
    alignas(8) unsigned char control[control_room];
    incoming_message<K> m{parts.value()};
    m.control = control;
    const auto name = static_cast<u64>(header.name);
    if (name != 0) m.from = &from;
    auto size = c.perform(op::receive{}, descriptor, m, how.flags);
    if (!size) return size.error();
    if (name != 0) {
      usize whole = 0;
      if (errc e = arguments::write_address<Env>(c, from, name, static_cast<u32>(header.namelen), whole); e != errc::none) return e;
      header.namelen = static_cast<i32>(whole);
    }
    if (errc e = how.new_header ? give_control<Env>(c, at.address, header, m) : give_descriptors<Env>(c, header, m); e != errc::none)
      return e;
    if (errc e = c.write(at, header); e != errc::none) return e;
    return reply<Env, arguments::received_message<K>>{arguments::received_message<K>{*size, std::move(m.descriptors)}};
  }

private:
  template <class Env>
  static errc give_control(context<Env>& c, u64 at, omsghdr<typename Env::model>& header, incoming_message<typename Env::kernel>& m) {
    using K = typename Env::kernel;
    using M = typename Env::model;
    using told_flags = flag_table<kernel_map<K, message_flag>, message_flags>;
    const auto control_at = static_cast<u64>(header.control);
    detail::control_output<Env> out{c, control_at, control_at != 0 ? static_cast<u64>(static_cast<u32>(header.controllen)) : 0};
    if (errc e = out.add_items({m.control.data(), m.control_size}); e != errc::none) return e;
    if (errc e = out.add_descriptors(m.descriptors); e != errc::none) return e;
    header.controllen = static_cast<i32>(out.used);
    const u32 cut = out.cut ? native_number<K, message_flag::ctrunc> : 0;
    return c.write(user_ptr<typename M::u32>{at + offset_of<msghdr<M>, "flags">},
                   typename M::u32{static_cast<u32>(told_flags::convert(m.flags | cut))});
  }
  template <class Env>
  static errc give_descriptors(context<Env>& c, omsghdr<typename Env::model>& header, incoming_message<typename Env::kernel>& m) {
    const auto at = static_cast<u64>(header.control);
    usize size = 0;
    const usize room = at != 0 ? static_cast<u32>(header.controllen) : 0;
    if (errc e = detail::write_descriptors<Env>(c, m.descriptors, at, room, size); e != errc::none) return e;
    header.controllen = static_cast<i32>(size);
    return errc::none;
  }
};

} // namespace handlers

} // namespace polyabi::svr4
