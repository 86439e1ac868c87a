// What getrusage(2) and wait(2) tell of work that was done.
#pragma once

#include <polyabi/reference/machine.hpp>
#include <polyabi/reference/time_conversions.hpp>

namespace polyabi::reference {

/// Times in ns.
inline rusage to_rusage(u64 user, u64 system, const machine::work_counts& work) {
  rusage out{};
  out.utime = to_timeval(user);
  out.stime = to_timeval(system);
  out.maxrss = static_cast<i64>(work.largest);
  out.minflt = static_cast<i64>(work.minor_faults);
  out.majflt = static_cast<i64>(work.major_faults);
  out.inblock = static_cast<i64>(work.blocks_read);
  out.oublock = static_cast<i64>(work.blocks_written);
  out.nvcsw = static_cast<i64>(work.waits);
  out.nivcsw = static_cast<i64>(work.preemptions);
  return out;
}

} // namespace polyabi::reference
