// Messages of sockets as programs lay them out: their data in parts, and control items behind headers of a personality's own,
// `Head<M>`, with the fields len, level and type and a function `aligned`. `Table` is the personality's option_table of control
// messages.
#pragma once

#include <polyabi/core/arguments/sockets.hpp>
#include <polyabi/core/socket_options.hpp>

namespace polyabi {

/// Parts of one message at most, as UIO_MAXIOV of Linux and IOV_MAX of BSD.
inline constexpr usize message_parts = 1024;
/// Room for control items in the kernel's layout.
inline constexpr usize control_room = 2048;

template <class Env>
using parts_of_message = typename arguments::vector<message_parts>::template decoder<Env>;

/// The data of a message. EMSGSIZE for too many parts.
template <class Env>
errc read_parts(context<Env>& c, u64 at, u64 count, parts_of_message<Env>& to) {
  if (count > message_parts) return errc::msgsize;
  const u64 words[2] = {at, count};
  return to.decode(c, words);
}

/// Control items of a program become the kernel's. Of levels that nobody knows they are passed over.
template <class Table, template <class> class Head, class Env>
errc read_control_items(context<Env>& c, u64 at, u64 size, control_writer<typename Env::kernel>& to) {
  using K = typename Env::kernel;
  using head = Head<typename Env::model>;
  using all = composed_options<Table, K, typename Env::model, control_shape>;
  alignas(8) unsigned char given[option_value_limit], value[option_value_limit];
  for (u64 done = 0; size - done >= sizeof(head);) {
    head h{};
    if (errc e = c.read(user_ptr<head>{at + done}, h); e != errc::none) return e;
    const u64 whole = static_cast<u64>(h.len);
    if (whole < sizeof h || whole > size - done) return errc::inval;
    const u64 length = whole - sizeof h;
    const auto known = all::find(h.level, h.type);
    if (known.level != nullptr) {
      if (known.option == nullptr || known.option->kind != detail::option_class::mapped || length > sizeof given) {
        c.unsupported("control message", static_cast<u64>(static_cast<u32>(h.type)));
        return errc::inval;
      }
      if (errc e = c.read_bytes(at + done + sizeof h, given, static_cast<usize>(length)); e != errc::none) return e;
      option_bytes bytes{given, static_cast<usize>(length), value};
      if (errc e = known.option->in(bytes); e != errc::none) return e;
      unsigned char* place = to.add(known.level->native, known.option->native, bytes.written);
      if (place == nullptr) return errc::nobufs;
      __builtin_memcpy(place, value, bytes.written);
    } else {
      c.unsupported("control level", static_cast<u64>(static_cast<u32>(h.level)));
    }
    const u64 step = head::aligned(static_cast<usize>(whole));
    done = step < size - done ? done + step : size;
  }
  return errc::none;
}

/// Writes control items to a program's buffer, as many as fit: what does not is cut, and told so.
template <class Env, class Table, template <class> class Head>
struct control_output {
  using K = typename Env::kernel;
  using head = Head<typename Env::model>;
  using all = composed_options<Table, K, typename Env::model, control_shape>;
  context<Env>& c;
  u64 at;
  u64 room, used = 0;
  bool cut = false;

  errc add(i32 level, i32 type, const unsigned char* value, usize size) {
    const u64 left = room - used;
    if (left < sizeof(head)) {
      cut = true;
      return errc::none;
    }
    usize whole = sizeof(head) + size;
    if (whole > left) {
      cut = true;
      whole = static_cast<usize>(left);
    }
    head h{};
    h.len = static_cast<typename decltype(h.len)::value_type>(whole);
    h.level = level;
    h.type = type;
    if (errc e = c.write(user_ptr<head>{at + used}, h); e != errc::none) return e;
    if (errc e = c.write_bytes(at + used + sizeof h, value, whole - sizeof h); e != errc::none) return e;
    const u64 step = head::aligned(sizeof(head) + size);
    used += step < left ? step : left;
    return errc::none;
  }

  errc add_items(std::span<const unsigned char> items) {
    control_reader<K> reader{items};
    alignas(8) unsigned char value[option_value_limit];
    while (reader.next()) {
      const auto known = all::find_native(reader.level, reader.type);
      if (known.option == nullptr) continue;
      option_bytes bytes{reader.value.data(), reader.value.size(), value};
      if (known.option->out(bytes) != errc::none) continue;
      if (errc e = add(known.level->number, known.option->number, value, bytes.written); e != errc::none) return e;
    }
    return errc::none;
  }

  /// Descriptors that there is no room for are let go of.
  errc add_descriptors(typename K::new_descriptors& descriptors) {
    if (descriptors.size() == 0) return errc::none;
    const u64 left = room - used;
    const u64 fit = left > sizeof(head) ? (left - sizeof(head)) / sizeof(i32) : 0;
    if (fit < descriptors.size()) {
      cut = true;
      descriptors.keep(static_cast<usize>(fit));
    }
    if (descriptors.size() == 0) return errc::none;
    i32 numbers[option_value_limit / sizeof(i32)];
    for (usize i = 0; i < descriptors.size(); ++i) numbers[i] = descriptors.number(i);
    const auto rights =
        all::find_native(native_number<K, option_level::socket>, native_number<K, socket_control::rights>);
    return add(rights.level->number, rights.option->number, reinterpret_cast<const unsigned char*>(numbers),
               descriptors.size() * sizeof(i32));
  }
};

} // namespace polyabi
