// Making, naming and connecting sockets, and their options: the calls of Solaris 2.6 and later. The last argument of most of them
// says which library calls (SOV_*); what it decides here is stated where it does.
#pragma once

#include <polyabi/core/socket_calls.hpp>
#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/socket_options.hpp>

namespace polyabi::svr4::handlers {

/// so_socket(2): the device's path is how the library tells the kernel which transport it wants; family, type and protocol say as
/// much, and so it is not looked up.
struct so_socket {
  using needs = operation_list<op::socket>;
  template <class Env, class Path>
  static reply<Env, typename Env::kernel::new_descriptor> call(context<Env>& c, i32 family, i32 type, i32 protocol, const Path&,
                                                               i32 version) {
    using K = typename Env::kernel;
    using flags = total_flag_table<socket_flags, kernel_map<K, socket_flag>>;
    enum : i32 { stream_version = 0, last_version = 4 }; // SOV_STREAM, SOV_XPG4_2
    if (version < stream_version || version > last_version) return errc::inval;
    const u32 bits = static_cast<u32>(type) & ~socket_types::mask;
    if (errc e = flags::refused(bits); e != errc::none) return e;
    const i32 native_family = number_table<address_families, kernel_map<K, address_family>>::convert(family);
    if (native_family == no_number || family == 0) {
      c.unsupported("family", static_cast<u32>(family));
      return errc::afnosupport;
    }
    const i32 native_type =
        number_table<socket_types, kernel_map<K, socket_type>>::convert(type & static_cast<i32>(socket_types::mask));
    if (native_type == no_number) return errc::prototype;
    return reply_with<Env>(c.perform(op::socket{}, native_family, native_type, protocol, static_cast<u32>(flags::convert(bits))));
  }
};

/// What so_socketpair(2) answers: for streams the library gets another descriptor in place of its first one.
template <class K>
struct connected_pair {
  typename K::new_descriptor accepted{};
};
struct connects_pair {
  template <class Env, class T>
  static completed complete(context<Env>&, T& pair) {
    polyabi::detail::derived_entry::commit(pair.accepted);
    return {};
  }
};

/// so_socketpair(2) connects two sockets that the library has made. Streams are connected as others are: the first one listens, and
/// the descriptor that accepting makes stands in its place, which the library then closes (socketpair(3SOCKET)).
struct so_socketpair {
  using needs = operation_list<op::socket_kind, op::bind, op::connect, op::listen, op::accept, op::socket_name>;
  template <class Env>
  static reply<Env, connected_pair<typename Env::kernel>> call(context<Env>& c, u64 at) {
    using K = typename Env::kernel;
    i32 sockets[2]{};
    if (errc e = c.read_bytes(at, sockets, sizeof sockets); e != errc::none) return e;
    auto first = c.perform(op::socket_kind{}, sockets[0]);
    if (!first) return first.error();
    auto second = c.perform(op::socket_kind{}, sockets[1]);
    if (!second) return second.error();
    if (first->family != second->family || first->type != second->type) return errc::inval;
    if (first->family != native_number<K, address_family::unix_>) return errc::opnotsupp;
    socket_address<K> name;
    if (auto r = name_it<Env>(c, sockets[0], name); !r) return r.error();
    if (first->type == native_number<K, socket_type::dgram>) {
      if (auto r = c.perform(op::connect{}, sockets[1], name); !r) return r.error();
      if (auto r = name_it<Env>(c, sockets[1], name); !r) return r.error();
      if (auto r = c.perform(op::connect{}, sockets[0], name); !r) return r.error();
      return reply<Env, connected_pair<K>>{connected_pair<K>{}};
    }
    if (auto r = c.perform(op::listen{}, sockets[0], i32{1}); !r) return r.error();
    if (auto r = c.perform(op::connect{}, sockets[1], name); !r) return r.error();
    socket_address<K> from;
    auto accepted = c.perform(op::accept{}, sockets[0], from, u32{0});
    if (!accepted) return accepted.error();
    const i32 number = accepted->number();
    if (errc e = c.write_bytes(at, &number, sizeof number); e != errc::none) return e;
    return reply<Env, connected_pair<K>>{connected_pair<K>{std::move(*accepted)}};
  }

private:
  /// A name of the kernel's choice.
  template <class Env>
  static reply<Env> name_it(context<Env>& c, i32 descriptor, socket_address<typename Env::kernel>& name) {
    name.template become<address_family::unix_>();
    if (auto r = c.perform(op::bind{}, descriptor, name); !r) return r.error();
    return reply_with<Env>(c.perform(op::socket_name{}, descriptor, name));
  }
};

struct wrong_address {
  template <class Env>
  static errc error(const socket_kind&, errc wrong) {
    return wrong;
  }
};
using socket_calls::after_descriptor;
using socket_calls::recv;
using socket_calls::recvfrom;
using socket_calls::send;
using sendto = socket_calls::sendto<wrong_address>;
template <class Operation>
using with_address = socket_calls::with_address<Operation, wrong_address>;

/// The row of an option, or the error of one that is not had.
template <class Env>
struct option_row {
  using found = typename composed_options<option_tables::options, typename Env::kernel, typename Env::model, option_shape>::found;
  found known{};
  errc error = errc::none;

  option_row(context<Env>& c, i32 level, i32 option)
      : known{composed_options<option_tables::options, typename Env::kernel, typename Env::model, option_shape>::find(level, option)} {
    using polyabi::detail::option_class;
    if (known.level == nullptr) c.unsupported("level", static_cast<u32>(level));
    else if (known.option == nullptr || known.option->kind == option_class::absent || known.option->kind == option_class::refused)
      c.unsupported("option", static_cast<u32>(option));
    if (known.option == nullptr || known.option->kind == option_class::absent) error = errc::noprotoopt;
    else if (known.option->kind == option_class::refused) error = known.option->error;
  }
  bool is_hint() const { return known.option->kind == polyabi::detail::option_class::hint; }
};

struct setsockopt {
  using needs = operation_list<op::set_socket_option, op::socket_kind>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 level, i32 option, u64 at, i32 size) {
    if (auto kind = c.perform(op::socket_kind{}, descriptor); !kind) return kind.error();
    alignas(8) unsigned char given[option_value_limit], value[option_value_limit];
    if (size < 0 || static_cast<usize>(size) > sizeof given) return errc::inval;
    if (errc e = c.read_bytes(at, given, static_cast<usize>(size)); e != errc::none) return e;
    const option_row<Env> row{c, level, option};
    if (row.error != errc::none) return row.error;
    if (row.is_hint()) return done{};
    option_bytes bytes{given, static_cast<usize>(size), value};
    if (errc e = row.known.option->in(bytes); e != errc::none) return e;
    return reply_with<Env>(c.perform(op::set_socket_option{}, descriptor, row.known.level->native, row.known.option->native,
                                     std::span<const unsigned char>{value, bytes.written}));
  }
};

/// As much of the value as there is room for.
struct getsockopt {
  using needs = operation_list<op::get_socket_option, op::socket_kind>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 level, i32 option, u64 at, u64 size_at) {
    using number = typename Env::model::i32;
    if (auto kind = c.perform(op::socket_kind{}, descriptor); !kind) return kind.error();
    number room{};
    if (errc e = c.read(user_ptr<number>{size_at}, room); e != errc::none) return e;
    if (room < 0) return errc::inval;
    const option_row<Env> row{c, level, option};
    if (row.error != errc::none) return row.error;
    alignas(8) unsigned char value[option_value_limit]{}, answer[option_value_limit];
    option_bytes bytes{value, 0, answer};
    if (row.is_hint()) {
      (void)bytes.put(number{0});
    } else {
      auto size = c.perform(op::get_socket_option{}, descriptor, row.known.level->native, row.known.option->native, std::span{value});
      if (!size) return size.error();
      bytes.size = *size < sizeof value ? *size : sizeof value;
      if (errc e = row.known.option->out(bytes); e != errc::none) return e;
    }
    const auto wanted = static_cast<usize>(static_cast<i32>(room));
    const usize size = bytes.written < wanted ? bytes.written : wanted;
    if (errc e = c.write_bytes(at, answer, size); e != errc::none) return e;
    if (errc e = c.write(user_ptr<number>{size_at}, number{static_cast<i32>(size)}); e != errc::none) return e;
    return done{};
  }
};

} // namespace polyabi::svr4::handlers
