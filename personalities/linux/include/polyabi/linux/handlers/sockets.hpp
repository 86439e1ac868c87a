// Making, naming and connecting sockets, and their options.
#pragma once

#include <polyabi/core/socket_calls.hpp>
#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/netlink/socket.hpp>
#include <polyabi/linux/socket_options.hpp>

namespace polyabi::linux_abi::handlers {

namespace detail {

/// Family, type and flags as the kernel has them.
struct wanted_socket {
  i32 family = 0, type = 0;
  u32 flags = 0;
};

/// The order of the checks is Linux': flags, family, type, and then what the family has.
template <class Env>
errc read_socket(context<Env>& c, i32 family, i32 type, wanted_socket& to) {
  using K = typename Env::kernel;
  using flags = total_flag_table<socket_flags, kernel_map<K, socket_flag>>;
  const u32 bits = static_cast<u32>(type) & ~socket_types::mask;
  if (errc e = flags::refused(bits); e != errc::none) return e;
  to.flags = static_cast<u32>(flags::convert(bits));
  const i32 plain_type = type & static_cast<i32>(socket_types::mask);
  if (family < 0 || family >= address_families::end) return errc::afnosupport;
  if (plain_type >= socket_types::end) return errc::inval;
  to.family = number_table<address_families, kernel_map<K, address_family>>::convert(family);
  if (to.family == no_number || family == 0) {
    c.unsupported("family", static_cast<u64>(family));
    return errc::afnosupport;
  }
  to.type = number_table<socket_types, kernel_map<K, socket_type>>::convert(plain_type);
  return to.type == no_number ? errc::socktnosupport : errc::none;
}

} // namespace detail

/// A local socket takes addresses of other families for mistakes.
struct wrong_address {
  template <class Env>
  static errc error(const socket_kind& kind, errc wrong) {
    const bool is_local = kind.family == native_number<typename Env::kernel, address_family::unix_>;
    return wrong == errc::afnosupport && is_local ? errc::inval : wrong;
  }
};

using socket_calls::after_descriptor;
using socket_calls::recv;
using socket_calls::recvfrom;
using socket_calls::send;
using sendto = socket_calls::sendto<wrong_address>;
template <class Operation>
using with_address = socket_calls::with_address<Operation, wrong_address>;

struct socket {
  using needs = operation_list<op::socket>;
  template <class Env>
  static reply<Env, typename Env::kernel::new_descriptor> call(context<Env>& c, i32 family, i32 type, i32 protocol) {
    detail::wanted_socket s;
    if (errc e = detail::read_socket<Env>(c, family, type, s); e != errc::none) return e;
    using K = typename Env::kernel;
    if constexpr (polyabi::detail::provides_all<K, netlink::needed>::value())
      if (s.family == native_number<K, address_family::netlink>)
        return netlink::make_socket<Env>(c, {s.family, s.type, protocol}, (s.flags & native_number<K, socket_flag::nonblock>) != 0,
                                         (s.flags & native_number<K, socket_flag::cloexec>) != 0);
    return reply_with<Env>(c.perform(op::socket{}, s.family, s.type, protocol, s.flags));
  }
};

struct socketpair {
  using needs = operation_list<op::socket_pair>;
  template <class Env>
  static reply<Env, typename Env::kernel::new_descriptor_pair> call(context<Env>& c, i32 family, i32 type, i32 protocol) {
    detail::wanted_socket s;
    if (errc e = detail::read_socket<Env>(c, family, type, s); e != errc::none) return e;
    return reply_with<Env>(c.perform(op::socket_pair{}, s.family, s.type, protocol, s.flags));
  }
};

namespace detail {

/// What Linux answers of a level or option that is none: a local socket has those of SOL_SOCKET alone; one of the Internet's
/// older family tells of an unknown level otherwise when it is asked than when it is set.
template <class K>
constexpr errc unknown_option(i32 family, i32 level, bool known_level, bool asked) {
  if (family == native_number<K, address_family::unix_>) return level == 1 ? errc::noprotoopt : errc::opnotsupp;
  return family == native_number<K, address_family::inet> && asked && !known_level ? errc::opnotsupp : errc::noprotoopt;
}

} // namespace detail

struct setsockopt {
  using needs = operation_list<op::set_socket_option, op::socket_kind>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 level, i32 option, u64 at, i32 size) {
    using K = typename Env::kernel;
    using all = composed_options<option_tables::options, K, typename Env::model, option_shape>;
    auto kind = c.perform(op::socket_kind{}, descriptor);
    if (!kind) return kind.error();
    if (size < 0) return errc::inval;
    const auto known = all::find(level, option);
    alignas(8) unsigned char given[option_value_limit], value[option_value_limit];
    // What is longer than any value is cut, as the calls of Linux do that look at the beginning alone.
    const usize read = static_cast<usize>(size) < sizeof given ? static_cast<usize>(size) : sizeof given;
    if (errc e = c.read_bytes(at, given, read); e != errc::none) return e;
    if (known.option == nullptr || known.option->kind == polyabi::detail::option_class::absent) {
      c.unsupported(known.level == nullptr ? std::string_view{"level", 5} : std::string_view{"option", 6},
                    static_cast<u64>(known.level == nullptr ? level : option));
      return detail::unknown_option<K>(kind->family, level, known.level != nullptr, false);
    }
    if (known.option->kind == polyabi::detail::option_class::refused) {
      c.unsupported("option", static_cast<u64>(option));
      return known.option->error;
    }
    if (known.option->kind == polyabi::detail::option_class::hint) return done{};
    option_bytes bytes{given, read, value};
    if (errc e = known.option->in(bytes); e != errc::none) return e;
    return reply_with<Env>(c.perform(op::set_socket_option{}, descriptor, known.level->native, known.option->native,
                                     std::span<const unsigned char>{value, bytes.written}));
  }
};

struct getsockopt {
  using needs = operation_list<op::get_socket_option, op::socket_kind>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 level, i32 option, u64 at, u64 size_at) {
    using K = typename Env::kernel;
    using M = typename Env::model;
    using all = composed_options<option_tables::options, K, M, option_shape>;
    auto kind = c.perform(op::socket_kind{}, descriptor);
    if (!kind) return kind.error();
    typename M::i32 room{};
    if (errc e = c.read(user_ptr<typename M::i32>{size_at}, room); e != errc::none) return e;
    if (room < 0) return errc::inval;
    const auto known = all::find(level, option);
    alignas(8) unsigned char value[option_value_limit]{}, answer[option_value_limit];
    option_bytes bytes{value, 0, answer};
    if (known.option == nullptr || known.option->kind == polyabi::detail::option_class::absent) {
      c.unsupported(known.level == nullptr ? std::string_view{"level", 5} : std::string_view{"option", 6},
                    static_cast<u64>(known.level == nullptr ? level : option));
      return detail::unknown_option<K>(kind->family, level, known.level != nullptr, true);
    }
    if (known.option->kind == polyabi::detail::option_class::refused) {
      c.unsupported("option", static_cast<u64>(option));
      return known.option->error;
    }
    if (known.option->kind == polyabi::detail::option_class::hint) {
      (void)bytes.put(typename M::i32{0});
    } else {
      auto size = c.perform(op::get_socket_option{}, descriptor, known.level->native, known.option->native, std::span{value});
      if (!size) return size.error();
      bytes.size = *size < sizeof value ? *size : sizeof value;
      if (errc e = known.option->out(bytes); e != errc::none) return e;
    }
    return give<Env>(c, level, option, bytes, at, static_cast<usize>(static_cast<i32>(room)), size_at);
  }

private:
  /// As much as fits. Of the levels of the Internet an int may be given in one byte; a list that does not fit is not given at all.
  template <class Env>
  static reply<Env> give(context<Env>& c, i32 level, i32 option, option_bytes value, u64 at, usize room, u64 size_at) {
    using M = typename Env::model;
    if (level == 0 && option == 32) { // IP_MULTICAST_IF: set as a membership, told as the interface's address
      using membership = ip_mreqn<M>;
      value.to += offset_of<membership, "address">;
      value.written = sizeof(in_addr<M>);
    }
    usize size = value.written < room ? value.written : room;
    const bool is_list = level == 1 && (option == 59 || option == 25); // SO_PEERGROUPS, SO_BINDTODEVICE
    if (is_list && value.written > room) {
      if (errc e = c.write(user_ptr<typename M::i32>{size_at}, typename M::i32{static_cast<i32>(value.written)}); e != errc::none)
        return e;
      return errc::range;
    }
    if (level == 0 && room > 0 && room < sizeof(i32) && value.written == sizeof(i32) && value.to[1] == 0 && value.to[2] == 0 &&
        value.to[3] == 0)
      size = 1;
    if (errc e = c.write_bytes(at, value.to, size); e != errc::none) return e;
    if (errc e = c.write(user_ptr<typename M::i32>{size_at}, typename M::i32{static_cast<i32>(size)}); e != errc::none) return e;
    return done{};
  }
};

} // namespace polyabi::linux_abi::handlers
