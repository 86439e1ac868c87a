// POSIX message queues, over the library's.
#pragma once

#include <polyabi/facilities/message_queues/calls.hpp>
#include <polyabi/linux/handlers/settings.hpp>
#include <polyabi/linux/netlink/socket.hpp>
#include <polyabi/linux/structures/interprocess.hpp>
#include <polyabi/linux/structures/signals.hpp>
#include <polyabi/linux/structures/time.hpp>

namespace polyabi::linux_abi::handlers {

namespace mq_detail {

namespace queues = facilities::message_queues;
inline constexpr i32 nonblock = 04000; ///< O_NONBLOCK

/// The limits are those of /proc/sys/fs/mqueue.
template <class Env>
queues::limits limits_of(context<Env>& c) {
  queues::limits most;
  most.queues = detail::number_setting(c, "linux.mqueue_queues_max", most.queues);
  most.messages = detail::number_setting(c, "linux.mqueue_msg_max", most.messages);
  most.size = detail::number_setting(c, "linux.mqueue_msgsize_max", most.size);
  if (most.default_messages > most.messages) most.default_messages = most.messages;
  if (most.default_size > most.size) most.default_size = most.size;
  return most;
}

/// The C library has taken the leading slash away.
constexpr errc check_name(std::string_view name) {
  if (name.empty()) return errc::noent;
  if (name.find('/') != name.npos || name == "." || name == "..") return errc::acces;
  return name.size() > queues::longest_name ? errc::nametoolong : errc::none;
}

/// A moment of the realtime clock as one of the monotonic clock.
template <class K>
errc deadline_of(const native<K, shape::timespec>* at, u64& until) {
  until = no_deadline;
  if (at == nullptr) return errc::none;
  if (at->sec < 0 || at->nsec < 0 || at->nsec > 999'999'999) return errc::inval;
  constexpr i64 years = i64{1} << 33; // longer is for ever
  if (at->sec >= years) return errc::none;
  const u64 moment = static_cast<u64>(at->sec) * 1'000'000'000 + static_cast<u64>(at->nsec), now = K::real_time();
  until = moment > now ? K::monotonic_time() + (moment - now) : 0;
  return errc::none;
}

} // namespace mq_detail

struct mq_open {
  using needs = mq_detail::queues::needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, typename Env::kernel::new_descriptor> call(context<Env>& c, std::string_view name, i32 flags, u32 mode,
                                                               user_ptr<mq_attr<typename Env::model>> at) {
    using K = typename Env::kernel;
    constexpr i32 access = 3, creat = 0100, excl = 0200;
    mq_detail::queues::opening how{.create = (flags & creat) != 0, .exclusive = (flags & excl) != 0};
    mq_detail::queues::attributes wanted;
    if (at) {
      mq_attr<typename Env::model> given{};
      if (errc e = c.read(at, given); e != errc::none) return e;
      // What is negative is too large.
      wanted.messages = static_cast<u64>(i64{given.maxmsg});
      wanted.size = static_cast<u64>(i64{given.msgsize});
      how.wanted = &wanted;
    }
    if ((flags & access) == access) return errc::inval;
    how.reads = (flags & access) != 1;
    how.writes = (flags & access) != 0;
    if (errc e = mq_detail::check_name(name); e != errc::none) return e;
    if (auto mask = c.perform(op::umask{}, 0u)) {
      (void)c.perform(op::umask{}, *mask);
      how.mode = mode & 0777 & ~*mask;
    }
    native<K, shape::rlimit> bytes{};
    bytes.cur = ~u64{0};
    (void)c.perform(op::get_limit{}, native_number<K, resource::msgqueue>, bytes);
    auto opened = mq_detail::queues::open<K>(system_v::caller_of<K>(c.thread), mq_detail::limits_of(c), bytes.cur, name, how);
    if (!opened) return opened.error();
    const auto way = how.reads && how.writes ? native_number<K, access_mode::rdwr>
                     : how.reads             ? native_number<K, access_mode::rdonly>
                                             : native_number<K, access_mode::wronly>;
    const u32 status =
        static_cast<u32>(way) | ((flags & mq_detail::nonblock) != 0 ? native_number<K, open_flag::nonblock> : 0);
    // Another program never inherits it, whatever was asked for.
    auto made = K::make_descriptor(c.thread, **opened, status, native_number<K, fd_flag::cloexec>);
    if (!made) return made.error();
    return std::move(*made);
  }
};

struct mq_unlink {
  using needs = mq_detail::queues::needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, std::string_view name) {
    using K = typename Env::kernel;
    if (errc e = mq_detail::check_name(name); e != errc::none) return e;
    if (errc e = mq_detail::queues::unlink<K>(system_v::caller_of<K>(c.thread), name); e != errc::none) return e;
    return done{};
  }
};

struct mq_timedsend {
  using needs = mq_detail::queues::needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, u64 from, u64 size, u32 priority,
                         const native<typename Env::kernel, shape::timespec>* at) {
    using K = typename Env::kernel;
    u64 until = no_deadline;
    if (errc e = mq_detail::deadline_of<K>(at, until); e != errc::none) return e;
    const auto sent = mq_detail::queues::send<K>(c.thread, system_v::caller_of<K>(c.thread), descriptor, static_cast<usize>(size),
                                                 priority, until,
                                                 [&](char* to) { return c.read_bytes(from, to, static_cast<usize>(size)); });
    if (!sent) return sent.error();
    return done{};
  }
};

struct mq_timedreceive {
  using needs = mq_detail::queues::needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, u64 to, u64 room, u64 priority_at,
                              const native<typename Env::kernel, shape::timespec>* at) {
    using K = typename Env::kernel;
    u64 until = no_deadline;
    if (errc e = mq_detail::deadline_of<K>(at, until); e != errc::none) return e;
    auto taken = mq_detail::queues::receive<K>(c.thread, system_v::caller_of<K>(c.thread), descriptor, room, until);
    if (!taken) return taken.error();
    const typename Env::model::u32 priority{(*taken)->priority};
    if (priority_at != 0)
      if (errc e = c.write(user_ptr<typename Env::model::u32>{priority_at}, priority); e != errc::none) return e;
    if (errc e = c.write_bytes(to, (*taken)->bytes(), (*taken)->size); e != errc::none) return e;
    return static_cast<i64>((*taken)->size);
  }
};

/// SIGEV_THREAD is the C library's: it waits at a netlink socket for a cookie of its own to come back.
struct mq_notify {
  using needs = mq_detail::queues::needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<sigevent<typename Env::model>> from) {
    using K = typename Env::kernel;
    constexpr i32 by_signal = 0, by_nothing = 1, by_thread = 2;
    const auto who = system_v::caller_of<K>(c.thread);
    mq_detail::queues::notice<K> wanted;
    if (from) {
      sigevent<typename Env::model> given{};
      if (errc e = c.read(from, given); e != errc::none) return e;
      const i32 how = given.notify, number = given.signo;
      if (how != by_signal && how != by_nothing && how != by_thread) return errc::inval;
      if (how == by_signal) {
        wanted.signal = number > 0 ? signal_from_linux<K>(number) : 0;
        if (wanted.signal < 0 || (number != 0 && wanted.signal == 0)) return errc::inval;
      }
      wanted.value = given.value;
      if (how == by_thread) {
        if (errc e = c.read_bytes(u64{given.value}, wanted.cookie, sizeof wanted.cookie); e != errc::none) return e;
        if (errc e = find_messenger(c, number, wanted); e != errc::none) return e;
      }
    }
    const errc failed = mq_detail::queues::notify<K>(c.thread, who, descriptor, from ? &wanted : nullptr);
    const typename K::section inside; // where references are counted
    wanted.messenger = {};
    if (failed != errc::none) return failed;
    return done{};
  }

private:
  template <class Env>
  static errc find_messenger(context<Env>& c, i32 descriptor, mq_detail::queues::notice<typename Env::kernel>& wanted) {
    using K = typename Env::kernel;
    if constexpr (polyabi::detail::provides_all<K, netlink::needed>::value()) {
      const typename K::section inside;
      auto opened = K::file_of(c.thread, descriptor);
      if (!opened) return errc::badf;
      if (!K::socket_kind_of(c.thread, **opened)) return errc::notsock;
      if (netlink::netlink_socket<K>::of(**opened) == nullptr) return errc::inval;
      wanted.messenger = std::move(*opened);
      wanted.deliver = &deliver<K>;
      return errc::none;
    } else {
      c.unsupported("notification", u32{2});
      return errc::inval;
    }
  }
  /// The last byte of the cookie says what happened: NOTIFY_WOKENUP or NOTIFY_REMOVED (include/uapi/linux/mqueue.h).
  template <class K>
  static void deliver(typename K::file& to, std::span<const unsigned char> cookie, bool came) {
    constexpr unsigned char woken_up = 1, removed = 2;
    unsigned char bytes[mq_detail::queues::notice<K>::cookie_size];
    __builtin_memcpy(bytes, cookie.data(), sizeof bytes);
    bytes[sizeof bytes - 1] = came ? woken_up : removed;
    if (auto* socket = netlink::netlink_socket<K>::of(to)) socket->put(bytes);
  }
};

struct mq_getsetattr {
  using needs = mq_detail::queues::needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<mq_attr<typename Env::model>> wanted,
                         user_ptr<mq_attr<typename Env::model>> old) {
    using K = typename Env::kernel;
    using word = typename Env::model::slong::value_type;
    mq_attr<typename Env::model> given{};
    if (wanted) {
      if (errc e = c.read(wanted, given); e != errc::none) return e;
      if ((given.flags & ~word{mq_detail::nonblock}) != 0) return errc::inval;
    }
    mq_detail::queues::attributes now;
    bool nonblocking = false;
    if (errc e = mq_detail::queues::get_attributes<K>(c.thread, descriptor, now, nonblocking); e != errc::none) return e;
    if (wanted) {
      auto flags = c.perform(op::get_status_flags{}, descriptor);
      if (!flags) return flags.error();
      const u32 others = *flags & ~native_number<K, open_flag::nonblock>;
      const u32 set = given.flags != 0 ? others | native_number<K, open_flag::nonblock> : others;
      if (auto changed = c.perform(op::set_status_flags{}, descriptor, set); !changed) return changed.error();
    }
    if (!old) return done{};
    mq_attr<typename Env::model> out{};
    out.flags = nonblocking ? word{mq_detail::nonblock} : word{0};
    out.maxmsg = static_cast<word>(now.messages);
    out.msgsize = static_cast<word>(now.size);
    out.curmsgs = static_cast<word>(now.waiting);
    if (errc e = c.write(old, out); e != errc::none) return e;
    return done{};
  }
};

} // namespace polyabi::linux_abi::handlers
