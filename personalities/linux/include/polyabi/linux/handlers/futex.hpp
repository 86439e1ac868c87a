// futex: waiting on a word of user memory.
#pragma once

#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/time.hpp>

namespace polyabi::linux_abi::handlers {

/// FUTEX_* (include/uapi/linux/futex.h).
namespace futex_commands {
inline constexpr i32 wait = 0, wake = 1, requeue = 3, cmp_requeue = 4, wait_bitset = 9, wake_bitset = 10, mask = 127,
                     clock_realtime = 256;
}

/// `Time` is the layout of the timeout.
template <template <class> class Time>
struct basic_futex {
  using needs = operation_list<op::wait_word, op::wake_word, op::clock_get>;

  template <class Env>
  static reply<Env, i64> call(context<Env>& c, u64 address, i32 operation, u32 value, u64 timeout, u64, u32 third) {
    using namespace futex_commands;
    if (address % 4 != 0) return errc::inval;
    switch (operation & mask) {
    case wait: return wait_for(c, address, value, timeout, false, operation);
    case wait_bitset:
      if (third == 0) return errc::inval;
      return wait_for(c, address, value, timeout, true, operation);
    case wake_bitset:
      if (third == 0) return errc::inval;
      [[fallthrough]];
    case wake: return woken<Env>(c.perform(op::wake_word{}, address, value));
    case cmp_requeue: {
      u32 now = 0;
      if (errc e = c.read_bytes(address, &now, sizeof now); e != errc::none) return e;
      if (now != third) return errc::again;
      [[fallthrough]];
    }
    case requeue: {
      // Those that would be moved to the second word are woken instead: a wait may always end early.
      const u64 all = u64{value} + static_cast<u32>(timeout);
      return woken<Env>(c.perform(op::wake_word{}, address, all > 0x7fffffff ? 0x7fffffff : static_cast<u32>(all)));
    }
    default: c.unsupported("operation", static_cast<u32>(operation)); return errc::nosys;
    }
  }

private:
  template <class Env, class Answer>
  static reply<Env, i64> woken(Answer&& answered) {
    if (!answered) return answered.error();
    return i64{*answered};
  }

  template <class Env>
  static reply<Env, i64> wait_for(context<Env>& c, u64 address, u32 value, u64 timeout, bool absolute, i32 operation) {
    using K = typename Env::kernel;
    native<K, shape::timespec> limit{};
    if (timeout != 0) {
      if (errc e = c.read_native(user_ptr<Time<typename Env::model>>{timeout}, limit); e != errc::none) return e;
      if (limit.sec < 0 || limit.nsec < 0 || limit.nsec > 999'999'999) return errc::inval;
      if (absolute) {
        native<K, shape::timespec> now{};
        const i32 clock = (operation & futex_commands::clock_realtime) != 0 ? native_number<typename Env::kernel, clock::realtime>
                                                                            : native_number<typename Env::kernel, clock::monotonic>;
        if (auto r = c.perform(op::clock_get{}, clock, now); !r) return r.error();
        limit.sec -= now.sec;
        limit.nsec -= now.nsec;
        if (limit.nsec < 0) {
          limit.nsec += 1'000'000'000;
          --limit.sec;
        }
        if (limit.sec < 0) limit = {0, 0};
      }
    }
    auto r = c.perform(op::wait_word{}, address, value, timeout != 0 ? &limit : nullptr);
    if (!r) return r.error();
    return i64{0};
  }
};

using futex = basic_futex<timespec>;
using futex_time64 = basic_futex<timespec64>;

} // namespace polyabi::linux_abi::handlers
