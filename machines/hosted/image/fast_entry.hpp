// Entering the kernel by a jump: see fast_entry.S.
#pragma once

#include "entry_layout.h"
#include "state.hpp"

namespace polyabi::hosted {

/// What a stub knows of its call site: an instruction, which the stub has a copy of, and the system-call instruction behind it.
struct call_site {
  u64 after;  ///< the address behind the system-call instruction
  u64 length; ///< of the instruction before it, which is a jump to the stub now

  static constexpr u64 call_length = 2;
  u64 call() const { return after - call_length; }
  u64 start() const { return call() - length; }
};

/// Code of one site, in a page that the kernel writes and the program executes.
struct stub {
  u8 code[32]; ///< the instruction that is a jump now; lea record(%rip), %rcx; jmp *entry(%rip)
  u64 entry;
  call_site record;
  u64 unused;

  static constexpr usize size = 64; ///< and alignment
};
static_assert(sizeof(stub) == stub::size);

/// For a host signal that finds the thread on its way out of the kernel: the way begins anew, with another look at what is to
/// do. False if it was not there.
bool begin_again(machine_state&, host_context&);
/// For a host signal that finds the thread in a stub: it is at the site instead, which does the same.
void leave_stub(host_context&);
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
extern const char image_fast_entry[], image_fast_number_kept[], image_fast_number_shifted[], image_fast_packed[],
    image_fast_stack_left[], image_fast_saved[], image_fast_entered[], image_fast_leave[], image_fast_left[],
    image_leave_by_context[], image_context_leave[], image_context_left[], image_fast_refused[], image_fast_refused_unpacked[],
    image_fast_refused_late[], image_fast_refused_whole[], image_fast_end[];
}
#pragma GCC visibility pop

} // namespace polyabi::hosted
