// The control calls of System V interprocess communication, and the calls that list what there is.
#pragma once

#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/structures/interprocess.hpp>

namespace polyabi::svr4 {

/// IPC_RMID, IPC_SET, IPC_STAT. Release 3 numbered them from 0, and means its own structures.
struct ipc_commands : number_map<system_v::control> {
  using control = system_v::control;
  static constexpr i32 first_of_release_4 = 10;
  static constexpr auto rows =
      std::to_array<row>({{control::remove, first_of_release_4}, {control::set, 11}, {control::stat, 12}});
};
/// GETNCNT to SETALL (sys/sem.h).
struct semaphore_commands : number_map<system_v::control> {
  using control = system_v::control;
  static constexpr auto rows =
      std::to_array<row>({{control::get_waiting, 3}, {control::get_pid, 4}, {control::get_value, 5}, {control::get_all, 6},
                          {control::get_waiting_for_zero, 7}, {control::set_value, 8}, {control::set_all, 9}});
};
/// SHM_LOCK, SHM_UNLOCK (sys/shm.h).
struct segment_commands : number_map<system_v::control> {
  using control = system_v::control;
  static constexpr auto rows = std::to_array<row>({{control::lock, 3}, {control::unlock, 4}});
};

namespace handlers {

namespace ipc_detail {

/// A command taken apart; `control::none` for one that there is not.
struct command {
  system_v::control what;
  bool old;
};
template <class Own, class Env>
command command_of(context<Env>& c, i32 number) {
  const bool old = number >= 0 && number <= 2;
  system_v::control what = name_for<ipc_commands>(old ? number + ipc_commands::first_of_release_4 : number);
  if constexpr (!std::is_void_v<Own>)
    if (what == system_v::control::none) what = name_for<Own>(number);
  if (what == system_v::control::none) c.unsupported("command", static_cast<u32>(number));
  return {what, old};
}

/// What the calls for listings answer: how many objects there are, and if there is room their identifiers, in the program's memory.
template <class All, class Status, class Env>
reply<Env> list(context<Env>& c, u64 to, u32 room, u64 count_at) {
  using number = typename Env::model::i32;
  u32 count = 0;
  i32 index = 0, id = 0;
  Status status;
  while (All::next(index, id, status)) ++count;
  if (errc e = c.write(user_ptr<number>{count_at}, number{static_cast<i32>(count)}); e != errc::none) return e;
  if (count > room) return done{};
  index = 0;
  for (u32 i = 0; i < count && All::next(index, id, status); ++i)
    if (errc e = c.write(user_ptr<number>{to}.at(i), number{id}); e != errc::none) return e;
  return done{};
}

} // namespace ipc_detail

struct semctl {
  using needs = system_v::semaphore_needs;
  static constexpr support level = support::emulated;
  /// `argument` is the union, by value.
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 id, i32 number, i32 command, u64 argument) {
    const auto [what, old] = ipc_detail::command_of<semaphore_commands>(c, command);
    return old ? system_v::control_semaphores<old_semid_ds>(c, id, number, what, argument)
               : system_v::control_semaphores<semid_ds>(c, id, number, what, argument);
  }
};
struct shmctl {
  using needs = system_v::segment_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 id, i32 command, u64 at) {
    const auto [what, old] = ipc_detail::command_of<segment_commands>(c, command);
    return old ? system_v::control_segments<old_shmid_ds>(c, id, what, at)
               : system_v::control_segments<shmid_ds>(c, id, what, at);
  }
};
struct msgctl {
  using needs = system_v::queue_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 id, i32 command, u64 at) {
    const auto [what, old] = ipc_detail::command_of<void>(c, command);
    return old ? system_v::control_queues<old_msqid_ds>(c, id, what, at) : system_v::control_queues<msqid_ds>(c, id, what, at);
  }
};

// semids(2), shmids(2), msgids(2) of Solaris 8. If the buffer is too small, nothing is put into it.

struct semids {
  using needs = system_v::semaphore_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 to, u32 room, u64 count_at) {
    return ipc_detail::list<system_v::semaphores<typename Env::kernel>, system_v::semaphore_status>(c, to, room, count_at);
  }
};
struct shmids {
  using needs = system_v::segment_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 to, u32 room, u64 count_at) {
    return ipc_detail::list<system_v::segments<typename Env::kernel>, system_v::segment_status>(c, to, room, count_at);
  }
};
struct msgids {
  using needs = system_v::queue_needs;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 to, u32 room, u64 count_at) {
    return ipc_detail::list<system_v::message_queues<typename Env::kernel>, system_v::queue_status>(c, to, room, count_at);
  }
};

} // namespace handlers

} // namespace polyabi::svr4
