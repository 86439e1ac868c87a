// Entering the kernel by a jump: see fast_entry.S.
#pragma once

#include "entry_layout.h"
#include "state.hpp"

namespace polyabi::hosted {

/// What a stub knows of its call site.
struct call_site {
  u64 after;  ///< the address behind the site's instruction
  u64 number; ///< of the call, as the site's own code puts it into rax
};

/// For a host signal that finds the thread on its way out of the kernel: the way begins anew, with another look at what is to
/// do. False if it was not there.
bool begin_again(machine_state&, host_context&);
/// For a host signal that finds the thread on its way in: the user is put back to before the call. Nothing happens elsewhere.
void undo_entry(machine_state&, host_context&);
/// The GS base of a 64-bit user is the state, as long as the user does not want the register for itself.
void settle_gs_base(machine_state&);

#pragma GCC visibility push(hidden)
extern "C" {
bool image_fast_call(registers&, machine_state&);
bool image_fast_attention(registers&, machine_state&);
void image_save_floating_point(registers&);
host_context* image_make_context(registers&, machine_state&);
extern const char image_fast_entry[], image_fast_flags_saved[], image_fast_stack_left[], image_fast_saved[],
    image_fast_entered[], image_fast_leave[], image_fast_left[], image_leave_by_context[], image_context_leave[],
    image_context_left[], image_fast_refused[], image_fast_refused_late[], image_fast_end[];
}
#pragma GCC visibility pop

} // namespace polyabi::hosted
