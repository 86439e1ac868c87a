// Host calls that wait, and what ends a wait: a word that changes, and an interrupt after that, none of which is missed.
#pragma once

#include "host_call.hpp"

namespace polyabi::hosted {

struct host_context;

#pragma GCC visibility push(hidden)
extern "C" {
/// `call`: the number and the arguments.
i64 image_waiting_call(const u32* word, u32 expected, const u64 (&call)[7]);
extern const char image_wait_begins[], image_waits[], image_wait_changed[];
}
#pragma GCC visibility pop

/// Lets interrupts in for its scope where the host keeps them out: in a call that has come in by a signal of the host's.
class interrupts_let_in {
public:
  interrupts_let_in();
  ~interrupts_let_in();
  interrupts_let_in(const interrupts_let_in&) = delete;
  interrupts_let_in& operator=(const interrupts_let_in&) = delete;

private:
  bool were_kept_out_;
  u64 before_;
};

/// Makes a host call unless the word is another than `expected`: EINTR then, and if an interrupt comes while the call waits.
template <class... Words>
i64 waiting_call(const u32* word, u32 expected, i64 number, Words... words) {
  static_assert(sizeof...(Words) <= 6);
  const interrupts_let_in meanwhile;
  return image_waiting_call(word, expected, {static_cast<u64>(number), static_cast<u64>(words)...});
}

/// For an interrupt that finds the thread between its look at the word and the call: the call is not made.
void leave_wait(host_context&);

} // namespace polyabi::hosted
