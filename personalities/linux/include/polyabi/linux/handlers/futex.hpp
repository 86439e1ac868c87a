// futex: waiting on words of user memory, and locks in it.
#pragma once

#include <polyabi/facilities/futex/locks.hpp>
#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/handlers/robust_lists.hpp>
#include <polyabi/linux/structures/time.hpp>

namespace polyabi::linux_abi::handlers {

/// FUTEX_* (include/uapi/linux/futex.h).
namespace futex_commands {
inline constexpr i32 wait = 0, wake = 1, requeue = 3, cmp_requeue = 4, wake_op = 5, lock_pi = 6, unlock_pi = 7, trylock_pi = 8,
                     wait_bitset = 9, wake_bitset = 10, wait_requeue_pi = 11, cmp_requeue_pi = 12, lock_pi2 = 13;
inline constexpr u32 is_private = 128, clock_realtime = 256, flags = is_private | clock_realtime;
} // namespace futex_commands

namespace futex_detail {

/// The last argument of FUTEX_WAKE_OP: what to do with the second word, and what to ask of its old value.
struct second_word {
  enum : u32 { set, add, or_, andn, xor_, operations };
  enum : u32 { eq, ne, lt, le, gt, ge, comparisons };
  u32 operation, comparison;
  i32 operand, compared;

  explicit constexpr second_word(u32 encoded)
      : operation{encoded >> 28 & 7}, comparison{encoded >> 24 & 15}, operand{sign_extended(encoded >> 12)},
        compared{sign_extended(encoded)} {
    constexpr u32 shifted = 0x80000000; // FUTEX_OP_OPARG_SHIFT
    if ((encoded & shifted) != 0) operand = static_cast<i32>(u32{1} << (operand & 31));
  }
  constexpr u32 changed(u32 value) const {
    const u32 by = static_cast<u32>(operand);
    switch (operation) {
    case set: return by;
    case add: return value + by;
    case or_: return value | by;
    case andn: return value & ~by;
    default: return value ^ by;
    }
  }
  constexpr bool asks(u32 old) const {
    const i32 value = static_cast<i32>(old);
    switch (comparison) {
    case eq: return value == compared;
    case ne: return value != compared;
    case lt: return value < compared;
    case le: return value <= compared;
    case gt: return value > compared;
    default: return value >= compared;
    }
  }

private:
  static constexpr i32 sign_extended(u32 twelve_bits) { return static_cast<i32>(twelve_bits << 20) >> 20; }
};

/// A wakeup for nobody wakes one, as it always has.
constexpr u32 at_least_one(u32 limit) {
  return static_cast<i32>(limit) < 1 ? 1 : limit;
}

/// When a wait ends: a moment of the monotonic clock. `absolute`: on the realtime clock or the monotonic one.
template <template <class> class Time, class Env>
errc deadline_of(context<Env>& c, u64 at, bool absolute, bool realtime, u64& until) {
  using K = typename Env::kernel;
  until = no_deadline;
  if (at == 0) return errc::none;
  native<K, shape::timespec> given{};
  if (errc e = c.read_native(user_ptr<const Time<typename Env::model>>{at}, given); e != errc::none) return e;
  if (given.sec < 0 || given.nsec < 0 || given.nsec > 999'999'999) return errc::inval;
  constexpr i64 years = i64{1} << 33; // longer is for ever
  if (given.sec >= years) return errc::none;
  const u64 span = static_cast<u64>(given.sec) * 1'000'000'000 + static_cast<u64>(given.nsec);
  const u64 now = K::monotonic_time();
  if (!absolute)
    until = now + span;
  else if (!realtime)
    until = span;
  else
    until = span > K::real_time() ? now + (span - K::real_time()) : 0;
  return errc::none;
}

/// Flags of a word in the later calls (FUTEX2_*): its size, 32 bits and no other, and whether it is private.
constexpr bool is_known_word(u32 flags) {
  constexpr u32 size = 3, size_32 = 2;
  return (flags & ~(size | futex_commands::is_private)) == 0 && (flags & size) == size_32;
}
constexpr bool is_shared_word(u32 flags) {
  return (flags & futex_commands::is_private) == 0;
}

template <class Env>
reply<Env, i64> as_reply(const facilities::futex::outcome<typename Env::kernel>& o) {
  if (!o) return o.error();
  return *o;
}

} // namespace futex_detail

/// `Time` is the layout of the timeout.
template <template <class> class Time>
struct basic_futex {
  using needs = operation_list<service::custom_files, service::timers, service::user_words, op::gettid, op::thread_words>;
  static constexpr support level = support::emulated;

  template <class Env>
  static reply<Env, i64> call(context<Env>& c, u64 address, u32 operation, u32 value, u64 timeout, u64 second, u32 third) {
    using namespace futex_commands;
    using K = typename Env::kernel;
    using futex_detail::as_reply;
    const i32 command = static_cast<i32>(operation & ~flags);
    const bool shared = (operation & is_private) == 0, realtime = (operation & clock_realtime) != 0;
    if (realtime && command != wait_bitset && command != lock_pi2 && command != wait_requeue_pi) return errc::nosys;
    facilities::futex::words<K> words{c.thread};
    u64 until = no_deadline;
    switch (command) {
    case wait:
    case wait_bitset: {
      const bool absolute = command == wait_bitset;
      if (errc e = futex_detail::deadline_of<Time>(c, timeout, absolute, realtime, until); e != errc::none) return e;
      if (absolute && third == 0) return errc::inval;
      return awaited<Env>(words.wait({address, value, shared}, absolute ? third : facilities::futex::any_bit, until));
    }
    case wake_bitset:
      if (third == 0) return errc::inval;
      return as_reply<Env>(words.wake(address, shared, futex_detail::at_least_one(value), third));
    case wake:
      return as_reply<Env>(words.wake(address, shared, futex_detail::at_least_one(value), facilities::futex::any_bit));
    case requeue:
    case cmp_requeue: {
      const u32 moves = static_cast<u32>(timeout);
      if (static_cast<i32>(value) < 0 || static_cast<i32>(moves) < 0) return errc::inval;
      return as_reply<Env>(words.requeue(address, second, shared, value, moves, command == cmp_requeue ? &third : nullptr));
    }
    case wake_op: {
      const futex_detail::second_word other{third};
      if (other.operation >= futex_detail::second_word::operations) return errc::nosys;
      if (address % sizeof(u32) != 0 || second % sizeof(u32) != 0) return errc::inval;
      if (other.comparison >= futex_detail::second_word::comparisons) { // found out when the word has been changed
        u32 before = 0;
        return words.update(second, before, [&](u32 old) { return other.changed(old); }) ? errc::nosys : errc::fault;
      }
      return as_reply<Env>(words.wake_and_change(
          address, futex_detail::at_least_one(value), second, futex_detail::at_least_one(static_cast<u32>(timeout)), shared,
          [&](u32 old) { return other.changed(old); }, [&](u32 old) { return other.asks(old); }));
    }
    case lock_pi:
    case lock_pi2:
    case trylock_pi:
    case unlock_pi: {
      if (address % sizeof(u32) != 0) return errc::inval;
      const auto own = c.perform(op::gettid{});
      if (!own) return own.error();
      facilities::futex::locks<K> locks{c.thread, static_cast<u32>(*own), &thread_ends<Env>};
      if (command == unlock_pi) return as_reply<Env>(locks.unlock(address, shared));
      if (command != trylock_pi)
        if (errc e = futex_detail::deadline_of<Time>(c, timeout, true, realtime || command == lock_pi, until); e != errc::none)
          return e;
      return as_reply<Env>(locks.lock(address, shared, until, command != trylock_pi));
    }
    case cmp_requeue_pi: {
      const u32 moves = static_cast<u32>(timeout);
      if (value != 1 || static_cast<i32>(moves) < 0) return errc::inval;
      return as_reply<Env>(words.call_to_lock(address, second, shared, moves, third));
    }
    case wait_requeue_pi: {
      if (errc e = futex_detail::deadline_of<Time>(c, timeout, true, realtime, until); e != errc::none) return e;
      const auto own = c.perform(op::gettid{});
      if (!own) return own.error();
      const auto called = words.wait_for_lock({address, value, shared}, second, until);
      if (!called) return called.error();
      facilities::futex::locks<K> locks{c.thread, static_cast<u32>(*own), &thread_ends<Env>};
      return as_reply<Env>(locks.lock(second, shared, until, true));
    }
    default: c.unsupported("operation", operation); return errc::nosys;
    }
  }

private:
  /// Which of one word was woken is no news.
  template <class Env>
  static reply<Env, i64> awaited(const facilities::futex::outcome<typename Env::kernel>& o) {
    if (!o) return o.error();
    return i64{0};
  }
};

using futex = basic_futex<timespec>;
using futex_time64 = basic_futex<timespec64>;

/// Waits at several words; answers which one was woken.
struct futex_waitv {
  using needs = facilities::futex::word_services;
  static constexpr support level = support::emulated;
  static constexpr u32 most = 128; ///< FUTEX_WAITV_MAX

  template <class Env>
  static reply<Env, i64> call(context<Env>& c, user_ptr<futex_waiter<typename Env::model>> from, u32 count, u32 flags, u64 timeout,
                              i32 clock) {
    using K = typename Env::kernel;
    using namespace facilities::futex;
    if (flags != 0 || count == 0 || count > most || !from) return errc::inval;
    u64 until = no_deadline;
    if (timeout != 0) {
      constexpr i32 realtime = 0, monotonic = 1;
      if (clock != realtime && clock != monotonic) return errc::inval;
      if (errc e = futex_detail::deadline_of<timespec64>(c, timeout, true, clock == realtime, until); e != errc::none) return e;
    }
    const kernel_array<K, awaited_word> all{count};
    const kernel_array<K, place<K>> places{count};
    if (!all || !places) return errc::nomem;
    for (u32 i = 0; i < count; ++i) {
      futex_waiter<typename Env::model> one{};
      if (errc e = c.read(from.at(i), one); e != errc::none) return e;
      if (!futex_detail::is_known_word(one.flags) || one.reserved != 0 || u64{one.value} > ~u32{0}) return errc::inval;
      all.all()[i] = {one.address, static_cast<u32>(u64{one.value}), futex_detail::is_shared_word(one.flags)};
    }
    return futex_detail::as_reply<Env>(words<K>{c.thread}.wait_for_any(places.all(), all.all(), until));
  }
};

/// Linux 6.7's calls, one for each thing that futex does to words of 32 bits.
struct futex_wake {
  using needs = facilities::futex::word_services;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, u64 address, u64 bits, i32 limit, u32 flags) {
    if (!futex_detail::is_known_word(flags) || bits == 0 || bits > ~u32{0} || limit < 0) return errc::inval;
    facilities::futex::words<typename Env::kernel> words{c.thread};
    return futex_detail::as_reply<Env>(
        words.wake(address, futex_detail::is_shared_word(flags), static_cast<u32>(limit), static_cast<u32>(bits)));
  }
};

struct futex_wait {
  using needs = facilities::futex::word_services;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, u64 address, u64 value, u64 bits, u32 flags, u64 timeout, i32 clock) {
    constexpr i32 realtime = 0, monotonic = 1;
    if (!futex_detail::is_known_word(flags) || bits == 0 || bits > ~u32{0} || value > ~u32{0}) return errc::inval;
    u64 until = no_deadline;
    if (timeout != 0) {
      if (clock != realtime && clock != monotonic) return errc::inval;
      if (errc e = futex_detail::deadline_of<timespec64>(c, timeout, true, clock == realtime, until); e != errc::none) return e;
    }
    facilities::futex::words<typename Env::kernel> words{c.thread};
    auto woken = words.wait({address, static_cast<u32>(value), futex_detail::is_shared_word(flags)}, static_cast<u32>(bits), until);
    if (!woken) return woken.error();
    return i64{0};
  }
};

/// From the first of two words to the second.
struct futex_requeue {
  using needs = facilities::futex::word_services;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, user_ptr<futex_waiter<typename Env::model>> from, u32 flags, i32 wakes, i32 moves) {
    if (flags != 0 || !from || wakes < 0 || moves < 0) return errc::inval;
    futex_waiter<typename Env::model> two[2]{};
    for (u32 i = 0; i < 2; ++i) {
      if (errc e = c.read(from.at(i), two[i]); e != errc::none) return e;
      if (!futex_detail::is_known_word(two[i].flags) || two[i].reserved != 0) return errc::inval;
    }
    const bool shared = futex_detail::is_shared_word(two[0].flags);
    if (shared != futex_detail::is_shared_word(two[1].flags)) {
      c.unsupported("words of two kinds", u32{two[1].flags});
      return errc::inval;
    }
    const u32 expected = static_cast<u32>(u64{two[0].value});
    facilities::futex::words<typename Env::kernel> words{c.thread};
    return futex_detail::as_reply<Env>(words.requeue(two[0].address, two[1].address, shared, static_cast<u32>(wakes),
                                                     static_cast<u32>(moves), &expected));
  }
};

} // namespace polyabi::linux_abi::handlers
