// Turns of the kernel lock: what was found out in a turn holds for the rest of it, as far as this kernel changes things.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi::reference::kernel_lock {

/// The number of the holder's turn, never 0: it changes whenever the lock is taken. Under the lock.
u64 turn();
/// What was found out in this turn is out of date.
void next_turn();

} // namespace polyabi::reference::kernel_lock
