// Turns of the kernel lock: what was found out in a turn holds for the rest of it, as far as this kernel changes things; and who
// is woken in a turn is woken at its end, when the lock is free.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi::reference::kernel_lock {

/// The number of the holder's turn, never 0: it changes whenever the lock is taken. Under the lock.
u64 turn();
/// What was found out in this turn is out of date.
void next_turn();
/// Wakes one who sleeps on this word, once the lock is given back. The word's memory is the kernel's for ever, whoever it belongs to.
void wake_at_the_end(u32& word);

} // namespace polyabi::reference::kernel_lock
