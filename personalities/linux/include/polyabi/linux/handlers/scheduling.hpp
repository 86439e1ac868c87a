// Scheduling, of which there is one class: SCHED_OTHER.
#pragma once

#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/processes.hpp>

namespace polyabi::linux_abi::handlers {

/// SCHED_* (include/uapi/linux/sched.h); the flag RESET_ON_FORK may be added.
namespace schedulers {
inline constexpr i32 other = 0, fifo = 1, round_robin = 2, batch = 3, idle = 5, reset_on_fork = 0x40000000;
constexpr bool is_known(i32 policy) {
  return policy >= 0 && policy <= 6 && policy != 4;
}
constexpr bool is_real_time(i32 policy) {
  return policy == fifo || policy == round_robin;
}
} // namespace schedulers

struct sched_setparam {
  using needs = operation_list<>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, user_ptr<sched_param<typename Env::model>> from) {
    sched_param<typename Env::model> given{};
    if (pid < 0 || !from) return errc::inval;
    if (errc e = c.read(from, given); e != errc::none) return e;
    if (given.priority != 0) return errc::inval;
    return done{};
  }
};

struct sched_getparam {
  using needs = operation_list<>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, user_ptr<sched_param<typename Env::model>> to) {
    if (pid < 0 || !to) return errc::inval;
    if (errc e = c.write(to, sched_param<typename Env::model>{}); e != errc::none) return e;
    return done{};
  }
};

struct sched_setscheduler {
  using needs = operation_list<>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, i32 policy, user_ptr<sched_param<typename Env::model>> from) {
    sched_param<typename Env::model> given{};
    const i32 plain = policy & ~schedulers::reset_on_fork;
    if (pid < 0 || !from || !schedulers::is_known(plain)) return errc::inval;
    if (errc e = c.read(from, given); e != errc::none) return e;
    if (schedulers::is_real_time(plain)) return errc::perm;
    if (given.priority != 0) return errc::inval;
    return done{};
  }
};

struct sched_getscheduler {
  using needs = operation_list<>;
  template <class Env>
  static reply<Env, i64> call(context<Env>&, i32 pid) {
    if (pid < 0) return errc::inval;
    return i64{schedulers::other};
  }
};

/// Policy and nice value in one structure, whose size its first word states. The same rules as sched_setscheduler's; deadlines are
/// the superuser's, and refused.
struct sched_setattr {
  using needs = operation_list<op::set_priority>;
  static constexpr usize first_size = 48;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, user_ptr<sched_attr<typename Env::model>> from, u32 flags) {
    if (!from || pid < 0 || flags != 0) return errc::inval;
    typename Env::model::u32 size{};
    if (errc e = c.read(user_ptr<typename Env::model::u32>{from.address}, size); e != errc::none) return e;
    const u32 stated = u32{size} == 0 ? static_cast<u32>(first_size) : u32{size};
    sched_attr<typename Env::model> given{};
    errc e = stated < first_size ? errc::toobig : c.read_versioned(from, stated, first_size, given);
    if (e == errc::toobig) {
      // The program is told what would be known.
      size = static_cast<u32>(sizeof given);
      if (c.write(user_ptr<typename Env::model::u32>{from.address}, size) != errc::none) e = errc::fault;
    }
    if (e != errc::none) return e;
    const i32 policy = static_cast<i32>(u32{given.policy});
    constexpr i32 deadline = 6;
    if (policy < 0 || (policy != deadline && !schedulers::is_known(policy))) return errc::inval;
    if ((u64{given.flags} & ~known_flags) != 0) return errc::inval;
    if (schedulers::is_real_time(policy) || policy == deadline) return errc::perm;
    if (u32{given.priority} != 0) return errc::inval;
    if ((u64{given.flags} & keep_parameters) != 0) return done{};
    constexpr i32 of_process = 0;
    const i32 nice = given.nice;
    return reply_with<Env>(c.perform(op::set_priority{}, of_process, pid, nice < -20 ? -20 : nice > 19 ? 19 : nice));
  }

private:
  /// SCHED_FLAG_*: reset on fork, reclaim, deadline overrun, keep policy, keep parameters, utilisation's limits.
  static constexpr u64 known_flags = 0x7f, keep_parameters = 0x10;
};

struct sched_getattr {
  using needs = operation_list<op::get_priority>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, user_ptr<sched_attr<typename Env::model>> to, u32 size, u32 flags) {
    constexpr u32 page = 4096;
    if (!to || pid < 0 || flags != 0 || size < sched_setattr::first_size || size > page) return errc::inval;
    constexpr i32 of_process = 0;
    auto nice = c.perform(op::get_priority{}, of_process, pid);
    if (!nice) return nice.error();
    sched_attr<typename Env::model> out{};
    const u32 given = size < sizeof out ? size : static_cast<u32>(sizeof out);
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
inline constexpr u32 processor_limit = 1024;
}

/// Every thread may run everywhere.
struct sched_getaffinity {
  using needs = operation_list<op::system_status>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32, u32 size, u64 mask) {
    native<typename Env::kernel, shape::system_status> status{};
    if (auto r = c.perform(op::system_status{}, status); !r) return r.error();
    constexpr usize word = Env::model::word_size;
    u32 processors = status.processors == 0 ? 1 : status.processors;
    if (processors > detail::processor_limit) processors = detail::processor_limit;
    const u32 needed = static_cast<u32>((processors + word * 8 - 1) / (word * 8) * word);
    if (size % word != 0 || size < needed) return errc::inval;
    u8 bits[detail::processor_limit / 8]{};
    for (u32 i = 0; i < processors; ++i) bits[i / 8] = static_cast<u8>(bits[i / 8] | 1 << (i % 8));
    if (errc e = c.write_bytes(mask, bits, needed); e != errc::none) return e;
    return i64{needed};
  }
};

/// A wish that includes a processor there is; threads are placed by the host all the same.
struct sched_setaffinity {
  using needs = operation_list<op::system_status>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32, u32 size, u64 mask) {
    native<typename Env::kernel, shape::system_status> status{};
    if (auto r = c.perform(op::system_status{}, status); !r) return r.error();
    u8 bits[detail::processor_limit / 8]{};
    const u32 taken = size < sizeof bits ? size : static_cast<u32>(sizeof bits);
    if (errc e = c.read_bytes(mask, bits, taken); e != errc::none) return e;
    for (u32 i = 0; i < status.processors && i < detail::processor_limit; ++i)
      if ((bits[i / 8] >> (i % 8) & 1) != 0) return done{};
    return errc::inval;
  }
};

struct getcpu {
  using needs = operation_list<>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<u32> processor, user_ptr<u32> node) {
    if (processor)
      if (errc e = c.write(processor, u32{0}); e != errc::none) return e;
    if (node)
      if (errc e = c.write(node, u32{0}); e != errc::none) return e;
    return done{};
  }
};

} // namespace polyabi::linux_abi::handlers
