// Scheduling. The policies that need no privilege are kept, inherited and told; the host schedules all threads alike. Those for real
// time are refused, as to a user without the right to them.
#pragma once

#include <polyabi/linux/handlers/limits.hpp>
#include <polyabi/linux/structures/processes.hpp>

namespace polyabi::linux_abi::handlers {

/// SCHED_* (include/uapi/linux/sched.h); the flag RESET_ON_FORK may be added.
namespace schedulers {
inline constexpr i32 other = 0, fifo = 1, round_robin = 2, batch = 3, idle = 5, deadline = 6, reset_on_fork = 0x40000000;
constexpr bool is_known(i32 policy) {
  return policy >= 0 && policy <= 6 && policy != 4;
}
constexpr bool is_real_time(i32 policy) {
  return policy == fifo || policy == round_robin;
}
/// What the kernel keeps of a thread: its policy and, above what children inherit, the flag.
constexpr u32 kept_reset_on_fork = 0x10000;
constexpr u32 kept(i32 policy, bool resets) {
  return static_cast<u32>(policy) | (resets ? kept_reset_on_fork : 0);
}
constexpr i32 policy_of(u32 kept) {
  return static_cast<i32>(kept & ~kept_reset_on_fork);
}
} // namespace schedulers

struct sched_setparam {
  using needs = operation_list<op::get_scheduling>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, user_ptr<sched_param<typename Env::model>> from) {
    sched_param<typename Env::model> given{};
    if (pid < 0 || !from) return errc::inval;
    if (errc e = c.read(from, given); e != errc::none) return e;
    if (auto known = c.perform(op::get_scheduling{}, pid); !known) return known.error();
    if (given.priority != 0) return errc::inval;
    return done{};
  }
};

struct sched_getparam {
  using needs = operation_list<op::get_scheduling>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, user_ptr<sched_param<typename Env::model>> to) {
    if (pid < 0 || !to) return errc::inval;
    if (auto known = c.perform(op::get_scheduling{}, pid); !known) return known.error();
    if (errc e = c.write(to, sched_param<typename Env::model>{}); e != errc::none) return e;
    return done{};
  }
};

struct sched_setscheduler {
  using needs = operation_list<op::get_scheduling, op::set_scheduling>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, i32 policy, user_ptr<sched_param<typename Env::model>> from) {
    sched_param<typename Env::model> given{};
    const i32 plain = policy & ~schedulers::reset_on_fork;
    if (pid < 0 || !from || !schedulers::is_known(plain)) return errc::inval;
    if (errc e = c.read(from, given); e != errc::none) return e;
    if (auto known = c.perform(op::get_scheduling{}, pid); !known) return known.error();
    const i32 priority = given.priority;
    if (schedulers::is_real_time(plain)) return priority < 1 || priority > 99 ? errc::inval : errc::perm;
    if (priority != 0 || plain == schedulers::deadline) return errc::inval;
    const bool resets = (policy & schedulers::reset_on_fork) != 0;
    return reply_with<Env>(c.perform(op::set_scheduling{}, pid, schedulers::kept(plain, resets)));
  }
};

struct sched_getscheduler {
  using needs = operation_list<op::get_scheduling>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 pid) {
    if (pid < 0) return errc::inval;
    auto kept = c.perform(op::get_scheduling{}, pid);
    if (!kept) return kept.error();
    return i64{schedulers::policy_of(*kept) | ((*kept & schedulers::kept_reset_on_fork) != 0 ? schedulers::reset_on_fork : 0)};
  }
};

/// Policy and nice value in one structure, whose size its first word states. The same rules as sched_setscheduler's; deadlines are
/// the superuser's, and refused.
struct sched_setattr {
  using needs = operation_list<op::set_priority, op::get_scheduling, op::set_scheduling>;
  static constexpr u64 reset_on_fork = 1; ///< SCHED_FLAG_RESET_ON_FORK
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, user_ptr<sched_attr<typename Env::model>> from, u32 flags) {
    if (!from || pid < 0 || flags != 0) return errc::inval;
    typename Env::model::u32 size{};
    if (errc e = c.read(user_ptr<typename Env::model::u32>{from.address}, size); e != errc::none) return e;
    using attributes = sched_attr<typename Env::model>;
    constexpr auto first_size = static_cast<u32>(attributes::growth[0].size);
    const u32 stated = u32{size} == 0 ? first_size : u32{size};
    attributes given{};
    errc e = stated < first_size ? errc::toobig : c.read_versioned(from, stated, given);
    if (e == errc::toobig) {
      // The program is told what would be known.
      size = static_cast<u32>(known_size<attributes>(release_seen<typename Env::kernel>(c.thread)));
      if (c.write(user_ptr<typename Env::model::u32>{from.address}, size) != errc::none) e = errc::fault;
    }
    if (e != errc::none) return e;
    const i32 policy = static_cast<i32>(u32{given.policy});
    const u64 how = given.flags;
    if (!schedulers::is_known(policy) || (how & ~known_flags) != 0) return errc::inval;
    if (schedulers::is_real_time(policy) || policy == schedulers::deadline) return errc::perm;
    if (u32{given.priority} != 0) return errc::inval;
    auto kept = c.perform(op::get_scheduling{}, pid);
    if (!kept) return kept.error();
    if ((how & utilisation_limits) != 0) return errc::opnotsupp; // a kernel without CONFIG_UCLAMP_TASK
    const i32 new_policy = (how & keep_policy) != 0 ? schedulers::policy_of(*kept) : policy;
    if (auto set = c.perform(op::set_scheduling{}, pid, schedulers::kept(new_policy, (how & reset_on_fork) != 0)); !set)
      return set.error();
    if ((how & keep_parameters) != 0) return done{};
    return reply_with<Env>(c.perform(op::set_priority{}, priority_of::thread, pid, detail::clamp_nice(i32{given.nice})));
  }

private:
  /// SCHED_FLAG_*: reset on fork, reclaim, deadline overrun, keep policy, keep parameters, utilisation's limits.
  static constexpr u64 known_flags = 0x7f, keep_policy = 8, keep_parameters = 0x10, utilisation_limits = 0x60;
};

struct sched_getattr {
  using needs = operation_list<op::get_priority, op::get_scheduling>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, user_ptr<sched_attr<typename Env::model>> to, u32 size, u32 flags) {
    using attributes = sched_attr<typename Env::model>;
    if (!to || pid < 0 || flags != 0 || size < attributes::growth[0].size || size > page_size) return errc::inval;
    auto nice = c.perform(op::get_priority{}, priority_of::thread, pid);
    if (!nice) return nice.error();
    auto kept = c.perform(op::get_scheduling{}, pid);
    if (!kept) return kept.error();
    attributes out{};
    out.policy = static_cast<u32>(schedulers::policy_of(*kept));
    out.flags = (*kept & schedulers::kept_reset_on_fork) != 0 ? sched_setattr::reset_on_fork : u64{0};
    const auto known = static_cast<u32>(known_size<attributes>(release_seen<typename Env::kernel>(c.thread)));
    const u32 given = size < known ? size : known;
    out.size = given;
    out.nice = *nice;
    if (errc e = c.write_bytes(to.address, &out, given); e != errc::none) return e;
    return done{};
  }
};

template <i64 RealTime>
struct sched_get_priority {
  using needs = operation_list<>;
  template <class Env>
  static reply<Env, i64> call(context<Env>&, i32 policy) {
    if (!schedulers::is_known(policy)) return errc::inval;
    return schedulers::is_real_time(policy) ? RealTime : i64{0};
  }
};
using sched_get_priority_max = sched_get_priority<99>;
using sched_get_priority_min = sched_get_priority<1>;

namespace detail {
/// Any structure with these fields translates to every generation of timespec: no kernel's own is needed.
struct time_slice {
  i64 sec, nsec;
  POLYABI_FIELDS(time_slice, sec, nsec)
};
} // namespace detail

/// A slice of 4 ms, as Linux says of SCHED_OTHER.
struct sched_rr_get_interval {
  using needs = operation_list<>;
  template <class Env, class Time>
  static reply<Env> call(context<Env>& c, i32 pid, user_ptr<Time> to) {
    if (pid < 0) return errc::inval;
    if (errc e = c.write_foreign(to, detail::time_slice{0, 4'000'000}); e != errc::none) return e;
    return done{};
  }
};

namespace detail {
inline constexpr usize processor_bytes = 128; ///< CPU_SETSIZE, in bytes
}

/// Answers how many bytes of the mask were told.
struct sched_getaffinity {
  using needs = operation_list<op::get_affinity>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 pid, u32 size, u64 mask) {
    if (size % Env::model::word_size != 0) return errc::inval;
    u8 bits[detail::processor_bytes]{};
    auto told = c.perform(op::get_affinity{}, pid, std::span<unsigned char>{bits, size < sizeof bits ? size : sizeof bits});
    if (!told) return told.error();
    if (errc e = c.write_bytes(mask, bits, *told); e != errc::none) return e;
    return static_cast<i64>(*told);
  }
};

struct sched_setaffinity {
  using needs = operation_list<op::set_affinity>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, u32 size, u64 mask) {
    u8 bits[detail::processor_bytes]{};
    const usize taken = size < sizeof bits ? size : sizeof bits;
    if (errc e = c.read_bytes(mask, bits, taken); e != errc::none) return e;
    return reply_with<Env>(c.perform(op::set_affinity{}, pid, std::span<const unsigned char>{bits, taken}));
  }
};

struct getcpu {
  using needs = operation_list<op::processor_of_caller>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<u32> processor_at, user_ptr<u32> node_at) {
    u32 processor = 0, node = 0;
    if (auto known = c.perform(op::processor_of_caller{}, processor, node); !known) return known.error();
    if (processor_at)
      if (errc e = c.write(processor_at, processor); e != errc::none) return e;
    if (node_at)
      if (errc e = c.write(node_at, node); e != errc::none) return e;
    return done{};
  }
};

} // namespace polyabi::linux_abi::handlers
