// Processes that a signal ends, for those who want to know why (core/core_dumps.hpp).
#pragma once

#include <polyabi/reference/process.hpp>

namespace polyabi::reference::core_dumps {

/// The calling thread's process is about to be ended by this signal. Whether there is a core now.
bool leave(thread&, const siginfo&);
/// Outside the lock, in `leave`: the caller, and the threads that stand still with it.
void each_standing(thread& caller, void (*visit)(tracee&, void* to), void* to);

} // namespace polyabi::reference::core_dumps
