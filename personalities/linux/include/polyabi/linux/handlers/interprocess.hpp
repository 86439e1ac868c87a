// System V interprocess communication: the control calls, whose structures come in two generations, and i386's one number for all.
#pragma once

#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/interprocess.hpp>
#include <polyabi/linux/structures/time.hpp>

namespace polyabi::linux_abi::handlers {

namespace ipc_detail {

/// In a command of i386's ipc(2): the present structures are meant. The direct calls always mean them, and know no such command.
inline constexpr i32 newer_structures = 0x100;

template <class T>
constexpr i32 as_int(T value) {
  return value > 0x7fffffff ? 0x7fffffff : static_cast<i32>(value);
}
template <class Env, class S>
reply<Env, i64> tell(context<Env>& c, u64 to, const S& what, i32 highest) {
  if (errc e = c.write(user_ptr<S>{to}, what); e != errc::none) return e;
  return i64{highest};
}

/// The answers to IPC_INFO and SEM_INFO. What nobody here limits has the numbers of linux/sem.h.
template <class Env>
reply<Env, i64> tell_semaphores(context<Env>& c, system_v::control what, u64 to) {
  using K = typename Env::kernel;
  const system_v::limits most = system_v::limits_of<K>(c.thread, Env::personality::name);
  const auto used = system_v::semaphores<K>::used();
  const i32 undo_size = 20;
  seminfo<typename Env::model> out{};
  out.semmap = out.semmnu = as_int(system_v::limits{}.semmns);
  out.semmni = as_int(most.semmni);
  out.semmns = as_int(most.semmns);
  out.semmsl = as_int(most.semmsl);
  out.semopm = as_int(most.semopm);
  out.semume = as_int(system_v::limits{}.semopm);
  out.semvmx = system_v::largest_semaphore_value;
  out.semusz = what == system_v::control::usage ? as_int(used.sets) : undo_size;
  out.semaem = what == system_v::control::usage ? as_int(used.semaphores) : system_v::largest_adjustment;
  return tell(c, to, out, used.highest);
}

/// IPC_INFO and SHM_INFO.
template <class Env>
reply<Env, i64> tell_segments(context<Env>& c, system_v::control what, bool newer, u64 to) {
  using K = typename Env::kernel;
  using M = typename Env::model;
  using word = typename M::ulong::value_type;
  const system_v::limits most = system_v::limits_of<K>(c.thread, Env::personality::name);
  const auto used = system_v::segments<K>::used();
  if (what == system_v::control::usage) {
    shm_info<M> out{};
    out.used_ids = as_int(used.segments);
    out.tot = static_cast<word>(used.pages);
    out.rss = static_cast<word>(used.resident);
    return tell(c, to, out, used.highest);
  }
  // A 32-bit program is told of no segment larger than an int.
  const u64 shmmax = M::word_size == 4 ? static_cast<u64>(as_int(most.shmmax)) : most.shmmax;
  if (!newer) {
    shminfo<M> out{};
    out.shmmax = as_int(shmmax);
    out.shmmin = as_int(system_v::smallest_segment);
    out.shmmni = out.shmseg = as_int(most.shmmni);
    out.shmall = static_cast<i32>(most.shmall);
    return tell(c, to, out, used.highest);
  }
  shminfo64<M> out{};
  out.shmmax = static_cast<word>(shmmax);
  out.shmmin = static_cast<word>(system_v::smallest_segment);
  out.shmmni = out.shmseg = static_cast<word>(most.shmmni);
  out.shmall = static_cast<word>(most.shmall);
  return tell(c, to, out, used.highest);
}

/// IPC_INFO and MSG_INFO; the rest is linux/msg.h's.
template <class Env>
reply<Env, i64> tell_queues(context<Env>& c, system_v::control what, u64 to) {
  using K = typename Env::kernel;
  const system_v::limits most = system_v::limits_of<K>(c.thread, Env::personality::name);
  const auto used = system_v::message_queues<K>::used();
  const u64 pool = system_v::limits{}.msgmni * system_v::limits{}.msgmnb / 1024;
  msginfo<typename Env::model> out{};
  out.msgmax = as_int(most.msgmax);
  out.msgmnb = as_int(most.msgmnb);
  out.msgmni = as_int(most.msgmni);
  out.msgssz = 16;
  out.msgseg = u16{0xffff};
  const bool uses = what == system_v::control::usage;
  out.msgpool = as_int(uses ? used.queues : pool);
  out.msgmap = as_int(uses ? used.messages : system_v::limits{}.msgmnb);
  out.msgtql = as_int(uses ? used.bytes : system_v::limits{}.msgmnb);
  return tell(c, to, out, used.highest);
}

/// Takes a command apart. `control::none` for one that there is not.
template <class Env, class Commands>
system_v::control command_of(context<Env>& c, i32 command, bool& newer) {
  if constexpr (Env::model::word_size == 4)
    if (!newer) {
      newer = (command & newer_structures) != 0;
      command &= ~newer_structures;
    }
  const system_v::control known = name_for<Commands>(command);
  if (known == system_v::control::none) c.unsupported("command", static_cast<u32>(command));
  return known;
}

template <class Env>
reply<Env, i64> control_semaphores(context<Env>& c, i32 id, i32 number, i32 command, u64 argument, bool newer) {
  const system_v::control what = command_of<Env, semaphore_commands>(c, command, newer);
  if (what == system_v::control::none || id < 0) return errc::inval;
  if (what == system_v::control::limits || what == system_v::control::usage) return tell_semaphores(c, what, argument);
  return newer ? system_v::control_semaphores<semid64_ds>(c, id, number, what, argument)
               : system_v::control_semaphores<semid_ds>(c, id, number, what, argument);
}
template <class Env>
reply<Env, i64> control_segments(context<Env>& c, i32 id, i32 command, u64 argument, bool newer) {
  const system_v::control what = command_of<Env, segment_commands>(c, command, newer);
  if (what == system_v::control::none || id < 0) return errc::inval;
  if (what == system_v::control::limits || what == system_v::control::usage) return tell_segments(c, what, newer, argument);
  return newer ? system_v::control_segments<shmid64_ds>(c, id, what, argument)
               : system_v::control_segments<shmid_ds>(c, id, what, argument);
}
template <class Env>
reply<Env, i64> control_queues(context<Env>& c, i32 id, i32 command, u64 argument, bool newer) {
  const system_v::control what = command_of<Env, queue_commands>(c, command, newer);
  if (what == system_v::control::none || id < 0) return errc::inval;
  if (what == system_v::control::limits || what == system_v::control::usage) return tell_queues(c, what, argument);
  return newer ? system_v::control_queues<msqid64_ds>(c, id, what, argument)
               : system_v::control_queues<msqid_ds>(c, id, what, argument);
}

/// The version in the upper half of ipc(2)'s first argument.
template <class Env>
u32 version(const context<Env>& c) {
  return static_cast<u32>(c.frame.*Env::arch::convention.arguments[0]) >> 16;
}

} // namespace ipc_detail

// The direct calls.

struct semctl {
  using needs = system_v::semaphore_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 id, i32 number, i32 command, user_ptr<semid64_ds<typename Env::model>> at) {
    return ipc_detail::control_semaphores(c, id, number, command, at.address, true);
  }
};
struct shmctl {
  using needs = system_v::segment_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 id, i32 command, user_ptr<shmid64_ds<typename Env::model>> at) {
    return ipc_detail::control_segments(c, id, command, at.address, true);
  }
};
struct msgctl {
  using needs = system_v::queue_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 id, i32 command, user_ptr<msqid64_ds<typename Env::model>> at) {
    return ipc_detail::control_queues(c, id, command, at.address, true);
  }
};

// The same through ipc(2): an older structure unless the command says otherwise.

/// The union lies behind the pointer.
struct ipc_semctl {
  using needs = system_v::semaphore_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 id, i32 number, i32 command, u64 at) {
    typename Env::model::ulong argument{};
    if (at == 0) return errc::inval;
    if (errc e = c.read(user_ptr<const typename Env::model::ulong>{at}, argument); e != errc::none) return e;
    return ipc_detail::control_semaphores(c, id, number, command, u64{argument}, false);
  }
};
struct ipc_shmctl {
  using needs = system_v::segment_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 id, i32 command, u64 at) {
    return ipc_detail::control_segments(c, id, command, at, false);
  }
};
struct ipc_msgctl {
  using needs = system_v::queue_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 id, i32 command, u64 at) {
    return ipc_detail::control_queues(c, id, command, at, false);
  }
};

/// Four arguments and a count: semop through ipc(2).
struct ipc_semop {
  using needs = system_v::semaphore_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 id, u32 count, u64 from,
                         const native<typename Env::kernel, shape::timespec>* timeout) {
    return system_v::semop<sembuf>::call<Env>(c, id, from, count, timeout);
  }
};

/// The address is stored where the third argument points; if that fails, Linux leaves the segment attached. Version 1 was for iBCS2's
/// emulator.
struct ipc_shmat {
  using needs = system_v::segment_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 id, u32 flags, u64 to, u64 address) {
    using word = typename Env::model::ulong;
    if (ipc_detail::version(c) == 1) return errc::inval;
    const auto attached = system_v::shmat::call<Env>(c, id, address, flags);
    if (!attached) return attached.error();
    const word answer{static_cast<typename word::value_type>(*attached)};
    if (errc e = c.write(user_ptr<word>{to}, answer); e != errc::none) return e;
    return done{};
  }
};

struct ipc_msgsnd {
  using needs = system_v::queue_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 id, u32 size, u32 flags, u64 from) {
    return system_v::msgsnd::call<Env>(c, id, from, size, flags);
  }
};

/// In version 0, the pointer leads to a pointer and the type.
struct ipc_msgrcv {
  using needs = system_v::queue_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 id, u32 size, u32 flags, u64 to, i64 type) {
    if (id < 0 || static_cast<i32>(size) < 0) return errc::inval;
    if (ipc_detail::version(c) == 0) {
      struct {
        typename Env::model::ulong to;
        typename Env::model::slong type;
      } both{};
      if (to == 0) return errc::inval;
      if (errc e = c.read_bytes(to, &both, sizeof both); e != errc::none) return e;
      to = u64{both.to};
      type = i64{both.type};
    }
    return system_v::msgrcv::call<Env>(c, id, to, size, type, flags);
  }
};

} // namespace polyabi::linux_abi::handlers
