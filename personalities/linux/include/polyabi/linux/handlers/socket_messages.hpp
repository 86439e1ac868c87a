// Sending and receiving: messages with addresses and control items, one or many.
#pragma once

#include <polyabi/core/program_messages.hpp>
#include <polyabi/linux/handlers/poll.hpp>
#include <polyabi/linux/handlers/sockets.hpp>

namespace polyabi::linux_abi::handlers {

namespace detail {

/// net.core.optmem_max: more than this is refused.
inline constexpr u64 control_limit = 131072;

template <class Env>
using control_output = polyabi::control_output<Env, option_tables::controls, cmsghdr>;

template <class Env>
errc read_control(context<Env>& c, u64 at, u64 size, control_writer<typename Env::kernel>& to) {
  using head = cmsghdr<typename Env::model>;
  if (size > control_limit) return errc::nobufs;
  // A 32-bit program that has control items has one at least (cmsghdr_from_user_compat_to_kern of net/compat.c).
  if (sizeof(typename Env::model::ulong) == sizeof(u32) && (at == 0 || size < sizeof(head))) return errc::inval;
  return read_control_items<option_tables::controls, cmsghdr>(c, at, size, to);
}

/// One message out.
template <class Env>
reply<Env, i64> send_one(context<Env>& c, i32 descriptor, const msghdr<typename Env::model>& header, u32 flags) {
  using K = typename Env::kernel;
  parts_of_message<Env> parts;
  socket_address<K> address;
  arguments::given_address<K> to{address};
  alignas(8) unsigned char control[control_room];
  control_writer<K> items{control};
  outgoing_message<K> m;
  if (header.namelen < 0) return errc::inval;
  if (static_cast<u64>(header.name) != 0 && header.namelen != 0) {
    // A longer name is cut.
    const u64 size =
        static_cast<u32>(header.namelen) < sizeof(address.bytes) ? static_cast<u32>(header.namelen) : sizeof(address.bytes);
    arguments::read_address<Env>(c, static_cast<u64>(header.name), size, to);
    if (to.wrong != errc::none) return socket_calls::address_error<wrong_address>(c, descriptor, to.wrong, to.family);
    m.to = &to.address;
  }
  if (errc e = read_parts<Env>(c, static_cast<u64>(header.iov), static_cast<u64>(header.iovlen), parts); e != errc::none) return e;
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
  if (errc e = read_parts<Env>(c, static_cast<u64>(header.iov), static_cast<u64>(header.iovlen), parts); e != errc::none) return e;
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

namespace detail {

/// Of a header, only what a receiver is told.
template <class Env, class Header>
errc write_header(context<Env>& c, u64 at, const Header& header) {
  using M = typename Env::model;
  if (static_cast<u64>(header.name) != 0)
    if (errc e = c.write(user_ptr<typename M::i32>{at + offset_of<Header, "namelen">}, header.namelen); e != errc::none) return e;
  if (errc e = c.write(user_ptr<typename M::u32>{at + offset_of<Header, "flags">}, header.flags); e != errc::none) return e;
  return c.write(user_ptr<typename M::ulong>{at + offset_of<Header, "controllen">}, header.controllen);
}

/// Messages that one call sends or receives at most: as many as a message has parts (UIO_MAXIOV).
inline constexpr u32 messages_limit = message_parts;

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
    if (errc e = c.read(at, header); e != errc::none) return after_descriptor<Env>(c, descriptor, e);
    return detail::send_one<Env>(c, descriptor, header, flags);
  }
};

struct recvmsg {
  using needs = operation_list<op::receive, op::socket_kind>;
  template <class Env>
  static reply<Env, arguments::received_message<typename Env::kernel>>
  call(context<Env>& c, i32 descriptor, user_ptr<msghdr<typename Env::model>> at, u32 flags) {
    msghdr<typename Env::model> header{};
    if (errc e = c.read(at, header); e != errc::none) return after_descriptor<Env>(c, descriptor, e);
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
