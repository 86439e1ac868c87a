// Turns of the kernel lock: what was found out in a turn holds for the rest of it, as far as this kernel changes things; who is woken in
// a turn is woken at its end, when the lock is free; and a turn may be lent to others while the host is asked something.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi::reference::kernel_lock {

/// The number of the holder's turn, never 0: it changes whenever the lock is taken. Under the lock.
extern u64 turns;
inline u64 turn() { return turns; }
/// What was found out in this turn is out of date.
inline void next_turn() { ++turns; }
/// Wakes one who sleeps on this word, once the lock is given back. The word's memory is the kernel's for ever, whoever it belongs to.
void wake_at_the_end(u32& word);

/// For its scope, or to the end of the turn: `lend_while` gives the lock away. Only for a process of one thread, whose descriptors and
/// directories nobody else changes, and by operations that may see in between what others do. Only while there are others.
class lending {
public:
  explicit lending(bool allowed = true);
  ~lending();
  lending(const lending&) = delete;
  lending& operator=(const lending&) = delete;

private:
  bool began_;
};

/// The turn that is lent; 0: that is not allowed, the lock stays.
u64 lend();
/// Whether the turn goes on: nobody else had the lock. If not, a new one has begun, which may be lent as well.
bool take_back(u64 turn);

/// Asks the host, without the lock if that is allowed. Whether the turn goes on.
template <class Question>
bool lend_while(Question&& asks) {
  const u64 lent = lend();
  asks();
  return lent == 0 || take_back(lent);
}

} // namespace polyabi::reference::kernel_lock
