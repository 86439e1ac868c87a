// Limits, times and nice values.
#pragma once

#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/processes.hpp>

namespace polyabi::linux_abi::handlers {

struct prlimit {
  using needs = operation_list<op::exchange_limit>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, i32 which, const native<typename Env::kernel, shape::rlimit>* limit,
                         native<typename Env::kernel, shape::rlimit>* old) {
    native<typename Env::kernel, shape::rlimit> before{};
    if (auto r = c.perform(op::exchange_limit{}, pid, which, limit, old != nullptr ? *old : before); !r) return r.error();
    return done{};
  }
};

struct times {
  using needs = operation_list<op::get_usage, op::clock_get>;
  template <class Env>
  static reply<Env, u64> call(context<Env>& c, user_ptr<tms<typename Env::model>> into) {
    using K = typename Env::kernel;
    if (into) {
      native<K, shape::rusage> self{}, children{};
      if (auto r = c.perform(op::get_usage{}, native_number<typename Env::kernel, usage_of::self>, self); !r) return r.error();
      if (auto r = c.perform(op::get_usage{}, native_number<typename Env::kernel, usage_of::children>, children); !r) return r.error();
      using word = typename Env::model::slong::value_type;
      const auto ticks = [](const auto& t) { return static_cast<word>(t.sec * 100 + t.usec / 10'000); };
      const tms<typename Env::model> all{ticks(self.utime), ticks(self.stime), ticks(children.utime), ticks(children.stime)};
      if (errc e = c.write(into, all); e != errc::none) return e;
    }
    native<K, shape::timespec> now{};
    if (auto r = c.perform(op::clock_get{}, native_number<typename Env::kernel, clock::monotonic>, now); !r) return r.error();
    return static_cast<u64>(now.sec * 100 + now.nsec / 10'000'000);
  }
};

namespace detail {
constexpr i32 clamp_nice(i64 value) {
  return value < -20 ? -20 : value > 19 ? 19 : static_cast<i32>(value);
}
} // namespace detail

/// Whose nice value: of a process, a group or a user; or, as PRIO_PROCESS has it here, of one thread.
namespace priority_of {
inline constexpr i32 process = 0, user = 2, thread = 3;
constexpr i32 native(i32 which) { return which == process ? thread : which; }
} // namespace priority_of

struct nice {
  using needs = operation_list<op::get_priority, op::set_priority>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 increment) {
    auto now = c.perform(op::get_priority{}, priority_of::thread, 0);
    if (!now) return now.error();
    return reply_with<Env>(c.perform(op::set_priority{}, priority_of::thread, 0, detail::clamp_nice(i64{*now} + increment)));
  }
};

/// The call answers 20 - nice, so that no priority looks like an error.
struct getpriority {
  using needs = operation_list<op::get_priority>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 which, i32 who) {
    if (which < 0 || which > priority_of::user) return errc::inval;
    auto now = c.perform(op::get_priority{}, priority_of::native(which), who);
    if (!now) return now.error();
    return i64{20} - *now;
  }
};

struct setpriority {
  using needs = operation_list<op::set_priority>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 which, i32 who, i32 value) {
    if (which < 0 || which > priority_of::user) return errc::inval;
    return reply_with<Env>(c.perform(op::set_priority{}, priority_of::native(which), who, detail::clamp_nice(value)));
  }
};

} // namespace polyabi::linux_abi::handlers
