// Scheduling. Policies and priorities are kept, inherited and told, under Linux' rules; the machine schedules all threads alike.
#pragma once

#include <polyabi/linux/handlers/capability_sets.hpp>
#include <polyabi/linux/handlers/limits.hpp>
#include <polyabi/linux/structures/processes.hpp>

namespace polyabi::linux_abi::handlers {

/// SCHED_* (include/uapi/linux/sched.h); the flag RESET_ON_FORK may be added.
namespace schedulers {
inline constexpr i32 other = 0, fifo = 1, round_robin = 2, batch = 3, idle = 5, deadline = 6, reset_on_fork = 0x40000000;
inline constexpr i32 lowest = 1, highest = 99; ///< priorities of those for real time
constexpr bool is_known(i32 policy) {
  return policy >= 0 && policy <= 6 && policy != 4;
}
constexpr bool is_real_time(i32 policy) {
  return policy == fifo || policy == round_robin;
}
} // namespace schedulers

/// What the kernel keeps of a thread, in the word of op::set_scheduling: the lower half is what children begin with, the upper one what
/// the thread itself has if that was ever set.
struct scheduling {
  i32 policy = schedulers::other, priority = 0;
  bool resets = false; ///< children do not inherit a policy for real time

  constexpr u32 word() const {
    const u32 own = static_cast<u32>(policy | priority << 8);
    const u32 inherited = resets && schedulers::is_real_time(policy) ? u32{schedulers::other} : own;
    return (own | was_set | (resets ? resets_bit : 0)) << 16 | inherited;
  }
  static constexpr scheduling of_word(u32 word) {
    const u32 own = word >> 16 != 0 ? word >> 16 : word;
    return {static_cast<i32>(own & 0xf), static_cast<i32>(own >> 8 & 0x7f), (own & resets_bit) != 0};
  }
  /// Of a thread; ESRCH.
  template <class Env>
  static reply<Env, scheduling> of(context<Env>& c, i32 thread) {
    auto kept = c.perform(op::get_scheduling{}, thread);
    if (!kept) return kept.error();
    return of_word(*kept);
  }

  /// A priority that the policy can have.
  constexpr bool is_sound() const {
    return schedulers::is_real_time(policy) ? priority >= schedulers::lowest && priority <= schedulers::highest : priority == 0;
  }
  /// Whether a thread that is scheduled so may be scheduled as `wanted` by who has no right to all (sched_setscheduler(2),
  /// "Privileges and resource limits").
  constexpr bool may_become(const scheduling& wanted, u64 priority_limit, i32 least_nice, i32 nice) const {
    if (resets && !wanted.resets) return false;
    if (policy == schedulers::idle && wanted.policy != schedulers::idle && nice < least_nice) return false;
    if (!schedulers::is_real_time(wanted.policy)) return true;
    if (wanted.policy != policy && priority_limit == 0) return false;
    return wanted.priority <= priority || static_cast<u64>(wanted.priority) <= priority_limit;
  }

private:
  static constexpr u32 was_set = 0x80, resets_bit = 0x40;
};

namespace detail {
using scheduling_needs =
    operation_list<op::get_scheduling, op::set_scheduling, op::process_limit, op::get_limit, op::get_priority, op::set_priority>;

/// Of the thread's process, or of the caller's where the thread is not its process' first.
template <resource Which, class Env>
u64 limit_of(context<Env>& c, i32 thread) {
  using K = typename Env::kernel;
  native<K, shape::rlimit> of{};
  if (thread != 0 && c.perform(op::process_limit{}, thread, native_number<K, Which>, of)) return of.cur;
  return c.perform(op::get_limit{}, native_number<K, Which>, of) ? of.cur : 0;
}

/// A thread is scheduled as wanted from now on, if the caller may have that.
template <class Env>
reply<Env> schedule(context<Env>& c, i32 thread, const scheduling& now, const scheduling& wanted) {
  if (!wanted.is_sound()) return errc::inval;
  if (!has_capability(c, capability::sys_nice)) {
    auto nice = c.perform(op::get_priority{}, priority_of::thread, thread);
    if (!nice) return nice.error();
    const u64 nice_limit = limit_of<resource::nice>(c, thread);
    const i32 least_nice = 20 - static_cast<i32>(nice_limit > 40 ? 40 : nice_limit);
    if (!now.may_become(wanted, limit_of<resource::rtprio>(c, thread), least_nice, *nice)) return errc::perm;
  }
  return reply_with<Env>(c.perform(op::set_scheduling{}, thread, wanted.word()));
}
} // namespace detail

struct sched_setparam {
  using needs = detail::scheduling_needs;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, user_ptr<sched_param<typename Env::model>> from) {
    sched_param<typename Env::model> given{};
    if (pid < 0 || !from) return errc::inval;
    if (errc e = c.read(from, given); e != errc::none) return e;
    auto now = scheduling::of(c, pid);
    if (!now) return now.error();
    return detail::schedule(c, pid, *now, {now->policy, given.priority, now->resets});
  }
};

struct sched_getparam {
  using needs = operation_list<op::get_scheduling>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, user_ptr<sched_param<typename Env::model>> to) {
    if (pid < 0 || !to) return errc::inval;
    auto now = scheduling::of(c, pid);
    if (!now) return now.error();
    sched_param<typename Env::model> out{};
    out.priority = now->priority;
    if (errc e = c.write(to, out); e != errc::none) return e;
    return done{};
  }
};

struct sched_setscheduler {
  using needs = detail::scheduling_needs;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, i32 policy, user_ptr<sched_param<typename Env::model>> from) {
    sched_param<typename Env::model> given{};
    const i32 plain = policy & ~schedulers::reset_on_fork;
    if (pid < 0 || !from || !schedulers::is_known(plain)) return errc::inval;
    if (errc e = c.read(from, given); e != errc::none) return e;
    auto now = scheduling::of(c, pid);
    if (!now) return now.error();
    if (plain == schedulers::deadline) return errc::inval; // its parameters are not here
    return detail::schedule(c, pid, *now, {plain, given.priority, (policy & schedulers::reset_on_fork) != 0});
  }
};

struct sched_getscheduler {
  using needs = operation_list<op::get_scheduling>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 pid) {
    if (pid < 0) return errc::inval;
    auto now = scheduling::of(c, pid);
    if (!now) return now.error();
    return i64{now->policy | (now->resets ? schedulers::reset_on_fork : 0)};
  }
};

/// Policy and nice value in one structure, whose size its first word states. The same rules as sched_setscheduler's; deadlines are
/// the superuser's, and refused.
struct sched_setattr {
  using needs = detail::scheduling_needs;
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
    const u64 how = given.flags;
    const i32 policy = static_cast<i32>(u32{given.policy});
    if (!schedulers::is_known(policy) || (how & ~known_flags) != 0) return errc::inval;
    if (policy == schedulers::deadline) return has_sound_deadline(given) ? errc::perm : errc::inval;
    auto now = scheduling::of(c, pid);
    if (!now) return now.error();
    if ((how & utilisation_limits) != 0) return errc::opnotsupp; // a kernel without CONFIG_UCLAMP_TASK
    scheduling wanted{policy, static_cast<i32>(u32{given.priority} > 0x7f ? 0x7f : u32{given.priority}), (how & reset_on_fork) != 0};
    if ((how & keep_policy) != 0) wanted.policy = now->policy;
    if ((how & keep_parameters) != 0) wanted.priority = now->priority;
    if (auto set = detail::schedule(c, pid, *now, wanted); !set) return set;
    if ((how & keep_parameters) != 0 || schedulers::is_real_time(wanted.policy)) return done{};
    return reply_with<Env>(c.perform(op::set_priority{}, priority_of::thread, pid, detail::clamp_nice(i32{given.nice})));
  }

private:
  /// What is refused has to make sense all the same (sched_setattr(2)): no less than a microsecond of work, in the time for it, in a period.
  template <class Attributes>
  static constexpr bool has_sound_deadline(const Attributes& a) {
    constexpr u64 least = 1024;
    const u64 runtime = a.runtime, deadline = a.deadline, period = a.period;
    return deadline != 0 && runtime >= least && runtime <= deadline && (period == 0 || period >= deadline) &&
           ((deadline | period) >> 63) == 0;
  }
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
    auto now = scheduling::of(c, pid);
    if (!now) return now.error();
    attributes out{};
    out.policy = static_cast<u32>(now->policy);
    out.priority = static_cast<u32>(now->priority);
    out.flags = now->resets ? sched_setattr::reset_on_fork : u64{0};
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
using sched_get_priority_max = sched_get_priority<schedulers::highest>;
using sched_get_priority_min = sched_get_priority<schedulers::lowest>;

namespace detail {
/// Any structure with these fields translates to every generation of timespec: no kernel's own is needed.
struct time_slice {
  i64 sec, nsec;
  POLYABI_FIELDS(time_slice, sec, nsec)
};
} // namespace detail

/// A slice of 4 ms, as Linux says of SCHED_OTHER, 100 ms for who takes turns, and none for who runs as long as it likes.
struct sched_rr_get_interval {
  using needs = operation_list<op::get_scheduling>;
  template <class Env, class Time>
  static reply<Env> call(context<Env>& c, i32 pid, user_ptr<Time> to) {
    if (pid < 0) return errc::inval;
    auto now = scheduling::of(c, pid);
    if (!now) return now.error();
    const i64 slice = now->policy == schedulers::round_robin ? 100'000'000 : now->policy == schedulers::fifo ? 0 : 4'000'000;
    if (errc e = c.write_foreign(to, detail::time_slice{0, slice}); e != errc::none) return e;
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
