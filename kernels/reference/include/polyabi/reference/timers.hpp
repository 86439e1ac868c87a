// Timers of processes: alarms, and timers of processor time; served, as all deadlines are, by the machine's one timer.
#pragma once

#include <polyabi/reference/process.hpp>

namespace polyabi::reference::timers {

/// Arms, re-arms or (`no_deadline`) disarms ITIMER_REAL of a process.
void arm(process&, u64 deadline, u64 interval);
/// To be called when a timer of processor time or RLIMIT_CPU of the process has changed.
void watch_processor_time(process&);
/// The real time in which a process can have used this much more processor time, all its threads together, but not too short a one.
u64 soonest(const process&, u64 processor_time);
/// Takes everything away, for a process that ends.
void cancel(process&);
/// Sends what is due and asks the machine for the next interrupt.
void expire(u64 now);

} // namespace polyabi::reference::timers
