// Flags and commands of System V's interprocess communication: linux/ipc.h, sem.h, shm.h, msg.h.
#pragma once

#include <polyabi/core/flag_map.hpp>
#include <polyabi/facilities/system_v/calls.hpp>
#include <polyabi/facilities/system_v/original_flags.hpp>

namespace polyabi::linux_abi {

namespace system_v = facilities::system_v;

using ipc_get_flags = system_v::original::get_flags;
using semaphore_flags = system_v::original::semaphore_flags;

/// What shmget takes, where the bits above mean something of their own.
struct shm_get_flags : flag_map<system_v::ipc_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      system_v::original::creat,
      system_v::original::excl,
      reject(04000, errc::nomem), // SHM_HUGETLB: there are no huge pages
      hint(010000),               // SHM_NORESERVE
      hint(0xfc000000),           // the size of huge pages
  });
};
static_assert(checked<shm_get_flags>);

struct attach_flags : flag_map<system_v::attach_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      system_v::original::read_only,
      system_v::original::round,
      bit(system_v::attach_flag::remap, 040000),
      bit(system_v::attach_flag::execute, 0100000),
  });
};
static_assert(checked<attach_flags>);

struct ipc_message_flags : flag_map<system_v::message_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      system_v::original::message_nowait,
      system_v::original::no_error,
      bit(system_v::message_flag::except, 020000),
      bit(system_v::message_flag::copy, 040000),
  });
};
static_assert(checked<ipc_message_flags>);

/// SHM_DEST and SHM_LOCKED, in a segment's mode.
struct segment_marks : flag_map<system_v::segment_mark> {
  static constexpr auto rows = std::to_array<flag_row>({bit(system_v::segment_mark::removed, 01000),
                                                        bit(system_v::segment_mark::locked, 02000)});
};
static_assert(checked<segment_marks>);

/// What every control call has; each adds its own.
namespace ipc_commands {
inline constexpr number_row<system_v::control> remove{system_v::control::remove, 0}, set{system_v::control::set, 1},
    stat{system_v::control::stat, 2}, limits{system_v::control::limits, 3};
}
struct semaphore_commands : number_map<system_v::control> {
  using control = system_v::control;
  static constexpr auto rows = std::to_array<row>({ipc_commands::remove,
                                                   ipc_commands::set,
                                                   ipc_commands::stat,
                                                   ipc_commands::limits,
                                                   {control::get_pid, 11},
                                                   {control::get_value, 12},
                                                   {control::get_all, 13},
                                                   {control::get_waiting, 14},
                                                   {control::get_waiting_for_zero, 15},
                                                   {control::set_value, 16},
                                                   {control::set_all, 17},
                                                   {control::stat_index, 18},
                                                   {control::usage, 19},
                                                   {control::stat_any, 20}});
};
struct segment_commands : number_map<system_v::control> {
  using control = system_v::control;
  static constexpr auto rows =
      std::to_array<row>({ipc_commands::remove, ipc_commands::set, ipc_commands::stat, ipc_commands::limits,
                          {control::lock, 11}, {control::unlock, 12}, {control::stat_index, 13}, {control::usage, 14},
                          {control::stat_any, 15}});
};
struct queue_commands : number_map<system_v::control> {
  using control = system_v::control;
  static constexpr auto rows =
      std::to_array<row>({ipc_commands::remove, ipc_commands::set, ipc_commands::stat, ipc_commands::limits,
                          {control::stat_index, 11}, {control::usage, 12}, {control::stat_any, 13}});
};
static_assert(checked<semaphore_commands> && checked<segment_commands> && checked<queue_commands>);

} // namespace polyabi::linux_abi
