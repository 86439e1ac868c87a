// What the calls of light-weight processes show (sys/lwp.h).
#pragma once

#include <polyabi/svr4/structures/time.hpp>

namespace polyabi::svr4 {

/// Flags of lwp_create(2).
namespace lwp_flag {
inline constexpr u32 daemon = 0x20, detached = 0x40, suspended = 0x80, all = daemon | detached | suspended;
}

/// What lwp_info(2) fills: the first two members of a lwpinfo, whose rest the kernel leaves alone.
template <class M>
struct lwp_times {
  timespec<M> utime, stime;
  POLYABI_FIELDS(lwp_times, utime, stime)
};
static_assert(layout<lwp_times<ilp32_i386>, 16> && layout<lwp_times<lp64>, 32>);

} // namespace polyabi::svr4
