// epoll, over the library's interest lists.
#pragma once

#include <polyabi/facilities/interest/calls.hpp>
#include <polyabi/linux/event_flags.hpp>
#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/handlers/event_waits.hpp>
#include <polyabi/linux/structures/files.hpp>

namespace polyabi::linux_abi::handlers {

namespace detail {

inline constexpr u32 epoll_plain = 1 | 4 | 8 | 0x10; // EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP
inline constexpr u32 epoll_always = 8 | 0x10;        // EPOLLERR, EPOLLHUP
/// Beside which EPOLLEXCLUSIVE may stand.
inline constexpr u32 epoll_plain_flags = u32{1} << 31 | u32{1} << 30 | u32{1} << 29 | u32{1} << 28;

template <class K>
facilities::interest_request interest_of(u32 events, u64 data) {
  using events_in = total_flag_table<poll_events, kernel_map<K, poll_event>>;
  using flags_in = total_flag_table<epoll_flags, facilities::interest_flags>;
  facilities::interest_request request;
  request.events = static_cast<u16>(events_in::convert(events & 0xffff));
  request.flags = static_cast<u32>(flags_in::convert(events));
  request.word = events;
  request.data = data;
  request.plain = (events & ~(epoll_plain | epoll_plain_flags)) == 0;
  return request;
}

template <class Env>
reply<Env, i64> wait_in_epoll(context<Env>& c, i32 descriptor, u64 into, i32 most, u64 until) {
  using K = typename Env::kernel;
  using event = epoll_event<typename Env::model>;
  using events_out = flag_table<kernel_map<K, poll_event>, poll_events>;
  constexpr i32 limit = 0x7fffffff / static_cast<i32>(sizeof(event));
  const auto deliver = [&](const facilities::ready_event& ready, i32 index) {
    const u32 told = static_cast<u32>(events_out::convert(ready.events)) & (ready.word | epoll_always);
    return c.write(user_ptr<event>{into}.at(static_cast<usize>(index)), event{told, ready.data}) == errc::none;
  };
  auto told = facilities::wait_for_interests<K>(c.thread, descriptor, most > limit ? -1 : most, until, deliver);
  if (!told) return told.error();
  return i64{*told};
}

} // namespace detail

/// The size has been a hint to nobody since Linux 2.6.8.
struct epoll_create {
  using needs = facilities::make_interest_list::needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, typename Env::kernel::new_descriptor> call(context<Env>& c, i32 size) {
    if (size <= 0) return errc::inval;
    return facilities::make_interest_list::call(c, 0);
  }
};

struct epoll_ctl {
  using needs = facilities::make_interest_list::needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 list, i32 operation, i32 descriptor,
                         user_ptr<epoll_event<typename Env::model>> at) {
    using K = typename Env::kernel;
    constexpr i32 add = 1, remove = 2, modify = 3; // EPOLL_CTL_ADD, _DEL, _MOD
    epoll_event<typename Env::model> event{};
    if (operation != remove)
      if (errc e = c.read(at, event); e != errc::none) return e;
    const auto request = detail::interest_of<K>(event.events, event.data);
    using facilities::interest_change;
    switch (operation) {
    case add: return reply_with<Env>(change(c, list, descriptor, interest_change::add, request));
    case modify: return reply_with<Env>(change(c, list, descriptor, interest_change::modify, request));
    case remove: return reply_with<Env>(change(c, list, descriptor, interest_change::remove, request));
    default: return errc::inval;
    }
  }

private:
  template <class Env>
  static answer<typename Env::kernel> change(context<Env>& c, i32 list, i32 descriptor, facilities::interest_change how,
                                             const facilities::interest_request& request) {
    return facilities::change_interest<typename Env::kernel>(c.thread, list, descriptor, how, request);
  }
};

struct epoll_wait {
  using needs = facilities::make_interest_list::needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, u64 into, i32 most, i32 milliseconds) {
    return detail::wait_in_epoll(c, descriptor, into, most, detail::deadline_in<typename Env::kernel>(milliseconds));
  }
};

/// The mask is that of the wait from its beginning, and the old one is back before the call returns, or when the handler of the
/// signal that ended it does.
struct epoll_pwait {
  using needs = detail::needed_by_event_waits;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, u64 into, i32 most, i32 milliseconds,
                              user_ptr<sigset<typename Env::model>> mask, u64 mask_size) {
    return detail::wait_under_mask(c, mask, mask_size, [&] {
      return detail::wait_in_epoll(c, descriptor, into, most, detail::deadline_in<typename Env::kernel>(milliseconds));
    });
  }
};

struct epoll_pwait2 {
  using needs = detail::needed_by_event_waits;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, u64 into, i32 most,
                              const native<typename Env::kernel, shape::timespec>* timeout,
                              user_ptr<sigset<typename Env::model>> mask, u64 mask_size) {
    u64 until = no_deadline;
    if (timeout != nullptr) {
      if (timeout->sec < 0 || timeout->nsec < 0 || timeout->nsec > 999'999'999) return errc::inval;
      until = detail::deadline_in<typename Env::kernel>(*timeout);
    }
    return detail::wait_under_mask(c, mask, mask_size, [&] { return detail::wait_in_epoll(c, descriptor, into, most, until); });
  }
};

} // namespace polyabi::linux_abi::handlers
