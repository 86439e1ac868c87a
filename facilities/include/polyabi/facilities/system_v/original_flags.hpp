// Flags with the numbers that System V gave them (sys/ipc.h, sem.h, shm.h, msg.h) and its descendants kept.
#pragma once

#include <polyabi/facilities/system_v/message_queues.hpp>
#include <polyabi/facilities/system_v/semaphores.hpp>
#include <polyabi/facilities/system_v/shared_memory.hpp>

namespace polyabi::facilities::system_v::original {

/// IPC_CREAT, IPC_EXCL, above the mode of the get calls.
inline constexpr flag_row creat = bit(ipc_flag::creat, 01000), excl = bit(ipc_flag::excl, 02000);
/// IPC_NOWAIT, of every call that waits.
inline constexpr u64 nowait = 04000;

/// What the get calls take. IPC_NOWAIT means nothing there, and unknown bits are ignored.
struct get_flags : flag_map<ipc_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({creat, excl, hint(nowait)});
};
static_assert(checked<get_flags>);

struct semaphore_flags : flag_map<semaphore_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows =
      std::to_array<flag_row>({bit(semaphore_flag::nowait, nowait), bit(semaphore_flag::undo, 010000)});
};
static_assert(checked<semaphore_flags>);

/// SHM_RDONLY, SHM_RND.
inline constexpr flag_row read_only = bit(attach_flag::read_only, 010000), round = bit(attach_flag::round, 020000);
/// IPC_NOWAIT and MSG_NOERROR of messages.
inline constexpr flag_row message_nowait = bit(message_flag::nowait, nowait), no_error = bit(message_flag::no_error, 010000);

} // namespace polyabi::facilities::system_v::original
