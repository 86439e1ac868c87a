#include "waiting.hpp"

#include "entry_layout.h"
#include "state.hpp"

namespace polyabi::hosted {

static_assert(HOST_EINTR == errno_of_host::intr);

interrupts_let_in::interrupts_let_in() : were_kept_out_{own_state()->context != nullptr} {
  constexpr u64 interrupts = host_signal::bit(host_signal::urg);
  if (were_kept_out_)
    host_call(call::sigprocmask, host_signal::mask_unblock, word(&interrupts), word(&before_), sizeof before_);
}

interrupts_let_in::~interrupts_let_in() {
  if (were_kept_out_) host_call(call::sigprocmask, host_signal::mask_set, word(&before_), 0, sizeof before_);
}

void leave_wait(host_context& context) {
  if (context.rip >= word(image_wait_begins) && context.rip < word(image_waits)) context.rip = word(image_wait_changed);
}

} // namespace polyabi::hosted
