// Sending and receiving: messages with addresses and control items, one or many.
#pragma once

#include <polyabi/linux/handlers/poll.hpp>
#include <polyabi/linux/handlers/sockets.hpp>

namespace polyabi::linux_abi::handlers {

namespace detail {

/// Parts of one message, as UIO_MAXIOV of include/uapi/linux/uio.h.
inline constexpr usize message_parts = 1024;
/// Room for control items in the kernel's layout.
inline constexpr usize control_room = 2048;
/// net.core.optmem_max: more than this is refused.
inline constexpr u64 control_limit = 131072;

template <class Env>
using parts_of_message = typename arguments::vector<message_parts>::template decoder<Env>;

/// The data of a message. EMSGSIZE for too many parts.
template <class Env>
errc read_parts(context<Env>& c, const msghdr<typename Env::model>& from, parts_of_message<Env>& to) {
  const u64 count = static_cast<u64>(from.iovlen);
  if (count > message_parts) return errc::msgsize;
  const u64 words[2] = {static_cast<u64>(from.iov), count};
  return to.decode(c, words);
}

/// Control items of a program become the kernel's. Of levels that nobody knows they are passed over, as Linux does.
template <class Env>
errc read_control(context<Env>& c, u64 at, u64 size, control_writer<typename Env::kernel>& to) {
  using K = typename Env::kernel;
  using head = cmsghdr<typename Env::model>;
  using all = typename option_tables::controls::template composed<K, typename Env::model, control_shape>;
  if (size > control_limit) return errc::nobufs;
  // A 32-bit program that has control items has one at least (cmsghdr_from_user_compat_to_kern of net/compat.c).
  if (sizeof(typename Env::model::ulong) == sizeof(u32) && (at == 0 || size < sizeof(head))) return errc::inval;
  alignas(8) unsigned char given[option_value_limit], value[option_value_limit];
  for (u64 done = 0; size - done >= sizeof(head);) {
    head h{};
    if (errc e = c.read(user_ptr<head>{at + done}, h); e != errc::none) return e;
    const u64 whole = static_cast<u64>(h.len);
    if (whole < sizeof h || whole > size - done) return errc::inval;
    const u64 length = whole - sizeof h;
    const auto known = all::find(h.level, h.type);
    if (known.level != nullptr) {
      if (known.option == nullptr || known.option->kind != polyabi::detail::option_class::mapped || length > sizeof given) {
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
template <class Env>
struct control_output {
  using K = typename Env::kernel;
  using head = cmsghdr<typename Env::model>;
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
    h.len = static_cast<typename Env::model::ulong::value_type>(whole);
    h.level = level;
    h.type = type;
    if (errc e = c.write(user_ptr<head>{at + used}, h); e != errc::none) return e;
    if (errc e = c.write_bytes(at + used + sizeof h, value, whole - sizeof h); e != errc::none) return e;
    const u64 step = head::aligned(sizeof(head) + size);
    used += step < left ? step : left;
    return errc::none;
  }

  errc add_items(std::span<const unsigned char> items) {
    using all = typename option_tables::controls::template composed<K, typename Env::model, control_shape>;
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
    constexpr i32 level = 1, rights = 1; // SOL_SOCKET, SCM_RIGHTS
    return add(level, rights, reinterpret_cast<const unsigned char*>(numbers), descriptors.size() * sizeof(i32));
  }
};

/// One message out.
template <class Env>
reply<Env, i64> send_one(context<Env>& c, i32 descriptor, const msghdr<typename Env::model>& header, u32 flags) {
  using K = typename Env::kernel;
  parts_of_message<Env> parts;
  arguments::given_address<K> to;
  alignas(8) unsigned char control[control_room];
  control_writer<K> items{control};
  outgoing_message<K> m;
  if (header.namelen < 0) return errc::inval;
  if (static_cast<u64>(header.name) != 0 && header.namelen != 0) {
    // A longer name is cut.
    const u64 size = static_cast<u32>(header.namelen) < sizeof(to.address.bytes) ? static_cast<u32>(header.namelen) : sizeof(to.address.bytes);
    arguments::read_address<Env>(c, static_cast<u64>(header.name), size, to);
    if (to.wrong != errc::none) return address_error<Env>(c, descriptor, to);
    m.to = &to.address;
  }
  if (errc e = read_parts<Env>(c, header, parts); e != errc::none) return e;
  if (static_cast<u64>(header.controllen) != 0)
    if (errc e = read_control<Env>(c, static_cast<u64>(header.control), static_cast<u64>(header.controllen), items); e != errc::none)
      return e;
  m.data = parts.value();
  m.control = std::span<const unsigned char>{control, items.size()};
  return reply_with<Env>(c.perform(op::send{}, descriptor, m, flags));
}

/// One message in: fills what the program is told in `header`.
template <class Env>
reply<Env, i64> receive_one(context<Env>& c, i32 descriptor, msghdr<typename Env::model>& header, u32 flags,
                            typename Env::kernel::new_descriptors& descriptors) {
  using K = typename Env::kernel;
  using M = typename Env::model;
  using told_flags = flag_table<kernel_map<K, message_flag>, message_flags>;
  parts_of_message<Env> parts;
  if (errc e = read_parts<Env>(c, header, parts); e != errc::none) return e;
  if (header.namelen < 0) return errc::inval;
  socket_address<K> from;
  alignas(8) unsigned char control[control_room];
  incoming_message<K> m{parts.value()};
  m.control = control;
  const u64 name = static_cast<u64>(header.name);
  if (name != 0) m.from = &from;
  auto size = c.perform(op::receive{}, descriptor, m, flags);
  if (!size) return size.error();
  const u64 control_at = static_cast<u64>(header.control);
  control_output<Env> out{c, control_at, control_at != 0 ? static_cast<u64>(header.controllen) : 0};
  if (errc e = out.add_items({control, m.control_size}); e != errc::none) return e;
  if (errc e = out.add_descriptors(m.descriptors); e != errc::none) return e;
  if (name != 0) {
    usize whole = 0;
    if (errc e = arguments::write_address<Env>(c, from, name, static_cast<u32>(header.namelen), whole); e != errc::none) return e;
    header.namelen = static_cast<i32>(whole);
  }
  header.controllen = static_cast<typename M::ulong::value_type>(out.used);
  const u32 cut = out.cut ? native_number<K, message_flag::ctrunc> : 0;
  // Linux tells of MSG_CMSG_CLOEXEC as it was asked for.
  const u32 asked = flags & native_number<K, message_flag::cmsg_cloexec>;
  header.flags = static_cast<u32>(told_flags::convert(m.flags | cut | asked));
  descriptors = static_cast<typename K::new_descriptors&&>(m.descriptors);
  return *size;
}

} // namespace detail

struct sendto {
  using needs = operation_list<op::send, op::socket_kind>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_vector data, u32 flags,
                              const arguments::given_address<typename Env::kernel>& to) {
    outgoing_message<typename Env::kernel> m{data};
    if (to.wrong != errc::none) return detail::address_error<Env>(c, descriptor, to);
    if (to.present) m.to = &to.address;
    return reply_with<Env>(c.perform(op::send{}, descriptor, m, flags));
  }
};

struct send {
  using needs = operation_list<op::send>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_vector data, u32 flags) {
    return reply_with<Env>(c.perform(op::send{}, descriptor, outgoing_message<typename Env::kernel>{data}, flags));
  }
};

struct recvfrom {
  using needs = operation_list<op::receive>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_vector into, u32 flags,
                              socket_address<typename Env::kernel>& from) {
    incoming_message<typename Env::kernel> m{into};
    m.from = &from;
    return reply_with<Env>(c.perform(op::receive{}, descriptor, m, flags));
  }
};

struct recv {
  using needs = operation_list<op::receive>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_vector into, u32 flags) {
    incoming_message<typename Env::kernel> m{into};
    return reply_with<Env>(c.perform(op::receive{}, descriptor, m, flags));
  }
};

namespace detail {

/// What is wrong with memory comes after what is wrong with the descriptor.
template <class Env>
either_error<typename Env::kernel> after_descriptor(context<Env>& c, i32 descriptor, errc wrong) {
  auto kind = c.perform(op::socket_kind{}, descriptor);
  if (!kind) return kind.error();
  return wrong;
}

/// Of a header, only what a receiver is told.
template <class Env, class Header>
errc write_header(context<Env>& c, u64 at, const Header& header) {
  using M = typename Env::model;
  if (static_cast<u64>(header.name) != 0)
    if (errc e = c.write(user_ptr<typename M::i32>{at + offset_of<Header, "namelen">}, header.namelen); e != errc::none) return e;
  if (errc e = c.write(user_ptr<typename M::u32>{at + offset_of<Header, "flags">}, header.flags); e != errc::none) return e;
  return c.write(user_ptr<typename M::ulong>{at + offset_of<Header, "controllen">}, header.controllen);
}

/// Messages that one call sends or receives at most (UIO_MAXIOV).
inline constexpr u32 messages_limit = 1024;

} // namespace detail

/// What recvmmsg has received: the call ends early if many of the messages bring open files.
template <class K>
struct many_received {
  static constexpr usize lists_limit = 16;
  u32 count = 0;
  usize lists = 0;
  typename K::new_descriptors descriptors[lists_limit]{};
};
struct received_all {
  template <class Env, class T>
  static arguments::completed complete(context<Env>&, T& value) {
    for (usize i = 0; i < value.lists; ++i) polyabi::detail::derived_entry::commit(value.descriptors[i]);
    return {u64{value.count}};
  }
};

struct sendmsg {
  using needs = operation_list<op::send, op::socket_kind>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_ptr<msghdr<typename Env::model>> at, u32 flags) {
    msghdr<typename Env::model> header{};
    if (errc e = c.read(at, header); e != errc::none) return detail::after_descriptor<Env>(c, descriptor, e);
    return detail::send_one<Env>(c, descriptor, header, flags);
  }
};

struct recvmsg {
  using needs = operation_list<op::receive, op::socket_kind>;
  template <class Env>
  static reply<Env, arguments::received_message<typename Env::kernel>>
  call(context<Env>& c, i32 descriptor, user_ptr<msghdr<typename Env::model>> at, u32 flags) {
    msghdr<typename Env::model> header{};
    if (errc e = c.read(at, header); e != errc::none) return detail::after_descriptor<Env>(c, descriptor, e);
    arguments::received_message<typename Env::kernel> got;
    auto size = detail::receive_one<Env>(c, descriptor, header, flags, got.descriptors);
    if (!size) return size.error();
    if (errc e = detail::write_header<Env>(c, at.address, header); e != errc::none) return e;
    got.count = *size;
    return reply<Env, arguments::received_message<typename Env::kernel>>{std::move(got)};
  }
};

/// Answers how many messages were sent: an error is told only if the first one failed.
struct sendmmsg {
  using needs = operation_list<op::send, op::socket_kind>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, u64 at, u32 count, u32 flags) {
    using M = typename Env::model;
    if (auto kind = c.perform(op::socket_kind{}, descriptor); !kind) return kind.error();
    if (count > detail::messages_limit) count = detail::messages_limit;
    either_error<typename Env::kernel> failed;
    u32 sent = 0;
    for (; sent < count; ++sent) {
      const user_ptr<mmsghdr<M>> one = user_ptr<mmsghdr<M>>{at}.at(sent);
      mmsghdr<M> header{};
      if (errc e = c.read(one, header); e != errc::none) {
        failed = e;
        break;
      }
      auto size = detail::send_one<Env>(c, descriptor, header.hdr, flags);
      if (!size) {
        failed = size.error();
        break;
      }
      if (errc e = c.write(user_ptr<typename M::u32>{one.address + offset_of<mmsghdr<M>, "len">}, static_cast<u32>(*size));
          e != errc::none) {
        failed = e;
        break;
      }
    }
    if (sent != 0 || count == 0) return i64{sent};
    return failed;
  }
};

template <template <class> class Time>
struct recvmmsg {
  using needs = operation_list<op::receive, op::socket_kind, op::clock_get>;
  template <class Env>
  static reply<Env, many_received<typename Env::kernel>> call(context<Env>& c, i32 descriptor, u64 at, u32 count, u32 flags,
                                                              user_ptr<Time<typename Env::model>> timeout) {
    using K = typename Env::kernel;
    using M = typename Env::model;
    detail::remaining_time<Env> time;
    if (auto kind = c.perform(op::socket_kind{}, descriptor); !kind) return kind.error();
    if (timeout) {
      if (errc e = c.read_native(timeout, time.limit); e != errc::none) return e;
      if (time.limit.sec < 0 || time.limit.nsec < 0 || time.limit.nsec > 999'999'999) return errc::inval;
      if (errc e = time.begin(c); e != errc::none) return e;
    }
    if (count > detail::messages_limit) count = detail::messages_limit;
    many_received<K> got;
    either_error<K> failed;
    const bool wait_for_one = (flags & native_number<K, message_flag::waitforone>) != 0;
    flags &= ~native_number<K, message_flag::waitforone>;
    while (got.count < count && got.lists < many_received<K>::lists_limit) {
      const user_ptr<mmsghdr<M>> one = user_ptr<mmsghdr<M>>{at}.at(static_cast<usize>(got.count));
      mmsghdr<M> header{};
      if (errc e = c.read(one, header); e != errc::none) {
        failed = e;
        break;
      }
      auto size = detail::receive_one<Env>(c, descriptor, header.hdr, flags, got.descriptors[got.lists]);
      if (!size) {
        failed = size.error();
        break;
      }
      if (got.descriptors[got.lists].size() != 0) ++got.lists;
      errc bad = detail::write_header<Env>(c, one.address, header.hdr);
      if (bad == errc::none)
        bad = c.write(user_ptr<typename M::u32>{one.address + offset_of<mmsghdr<M>, "len">}, static_cast<u32>(*size));
      if (bad != errc::none) {
        failed = bad;
        break;
      }
      ++got.count;
      if (wait_for_one) flags |= native_number<K, message_flag::dontwait>;
      // The time is looked at when something has come, and only then (recvmmsg(2), BUGS).
      if (timeout) {
        time.limit = time.left(c);
        if (time.limit.sec == 0 && time.limit.nsec == 0) break;
        if (errc e = time.begin(c); e != errc::none) return e;
      }
    }
    if (got.count == 0 && count != 0) return failed;
    if (timeout)
      if (errc e = c.write_foreign(timeout, time.limit); e != errc::none) return e;
    return reply<Env, many_received<K>>{std::move(got)};
  }
};

} // namespace polyabi::linux_abi::handlers
