// Flags and choices of memory, waiting, limits and time: sys/mman.h, sys/wait.h, sys/procset.h, sys/resource.h, sys/time.h.
#pragma once

#include <polyabi/core/flag_map.hpp>

namespace polyabi::svr4 {

/// PROT_*. PROT_USER (8) says that user code may have it, which it always may.
struct protections : flag_map<protection> {
  static constexpr auto rows = std::to_array<flag_row>(
      {bit(protection::read, 1), bit(protection::write, 2), bit(protection::exec, 4), hint(8)});
};
static_assert(checked<protections>);

/// MAP_*. _MAP_NEW is looked at before (see `mmap_flags`).
struct map_flags : flag_map<map_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(map_flag::shared, 1), bit(map_flag::private_, 2), bit(map_flag::fixed, 0x10), bit(map_flag::noreserve, 0x40),
      bit(map_flag::anonymous, 0x100),
      hint(0x80),                // MAP_32BIT: all addresses of a 32-bit process are low
      fake(0x200),               // MAP_ALIGN
      hint(0x400),               // MAP_TEXT
      hint(0x800),               // MAP_INITDATA
      reject(0x20, errc::inval), // MAP_RENAME
      hint(0x80000000),          // _MAP_NEW
  });
};
static_assert(checked<map_flags>);

/// waitid(2) options; waitpid(2)'s WUNTRACED is WSTOPPED.
struct wait_flags : flag_map<wait_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(wait_flag::exited, 1), bit(wait_flag::trapped, 2), bit(wait_flag::untraced, 4), bit(wait_flag::continued, 8),
      bit(wait_flag::nohang, 0x40), bit(wait_flag::nowait, 0x80),
  });
};
static_assert(checked<wait_flags>);

/// waitpid(2)'s options in programs of Release 3 with POSIX' calls: BSD's numbers, as SCO and INTERACTIVE have them, and Release 4's,
/// which mean nothing else there.
struct old_wait_flags : flag_map<wait_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(wait_flag::nohang, 1), bit(wait_flag::untraced, 2), bit(wait_flag::untraced, 4), bit(wait_flag::nohang, 0x40),
      without(wait_flag::exited), without(wait_flag::trapped), without(wait_flag::continued), without(wait_flag::nowait),
  });
};
static_assert(checked<old_wait_flags>);

/// idtype_t. P_SID, P_CID, P_UID, P_GID and P_LWPID are for sigsend(2) and priocntl(2).
struct wait_targets : number_map<wait_target> {
  static constexpr auto rows = std::to_array<row>({{wait_target::pid, 0}, {wait_target::ppid, 1}, {wait_target::pgid, 2},
                                                   {wait_target::sid, 3}, {wait_target::cid, 4}, {wait_target::uid, 5},
                                                   {wait_target::gid, 6}, {wait_target::all, 7}, {wait_target::lwpid, 8}});
};
static_assert(checked<wait_targets>);

struct resources : number_map<resource> {
  static constexpr auto rows =
      std::to_array<row>({{resource::cpu, 0}, {resource::fsize, 1}, {resource::data, 2}, {resource::stack, 3},
                          {resource::core, 4}, {resource::nofile, 5}, {resource::as, 6}});
};
static_assert(checked<resources>);

/// Clocks. 0 is the first Solaris' number of CLOCK_REALTIME, which is 3 now.
struct clocks : number_map<clock> {
  static constexpr auto rows =
      std::to_array<row>({{clock::realtime_coarse, 0}, {clock::virtual_, 1}, {clock::thread_cputime_id, 2},
                          {clock::realtime, 3}, {clock::monotonic, 4}, {clock::process_cputime_id, 5}});
};
static_assert(checked<clocks>);

/// ITIMER_*; ITIMER_REALPROF (3) profiles in real time.
struct interval_timers : number_map<interval_timer> {
  static constexpr auto rows = std::to_array<row>({{interval_timer::real, 0}, {interval_timer::virtual_, 1},
                                                   {interval_timer::prof, 2}, {interval_timer::realprof, 3}});
};
static_assert(checked<interval_timers>);

} // namespace polyabi::svr4
