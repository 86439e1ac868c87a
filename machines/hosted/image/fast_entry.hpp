// Entering the kernel by a jump: see fast_entry.S and compat_entry.S.
#pragma once

#include "entry_layout.h"
#include "instructions.hpp"
#include "state.hpp"

#include <polyabi/core/gate_code.hpp>

#include <cstddef>

namespace polyabi::hosted {

/// What a stub knows of its call site: an instruction, which the stub has a copy of, and the one behind it that enters the
/// kernel.
struct call_site {
  u64 after = 0;  ///< the address behind the entering instruction; in the record of 64-bit code its distance from that
  u32 length = 0; ///< of the instruction before it, which is a jump to the stub now
  gate through = gate::syscall64;
  /// Not 0: that jump is one of two bytes, and leads this far from its end to one of five, in a gap of the code.
  i8 detour = 0;
  /// `call()`, for a jump of 64-bit code to 32-bit code.
  struct {
    u32 offset;
    u16 selector;
  } far_call{};

  u64 call() const { return after - instruction_length(through); }
  u64 start() const { return call() - length; }
  /// Where the jump in the gap is.
  u64 detour_at() const { return start() + short_jump_size + static_cast<u64>(i64{detour}); }
  bool is_32_bit() const { return through != gate::syscall64; }
  /// Of a record that a program has at this address.
  call_site at(u64 record_address) const {
    call_site site = *this;
    if (!is_32_bit()) site.after += record_address;
    return site;
  }
};

/// Code of one site, in a page that the kernel writes and the program executes.
struct stub {
  /// The instruction that is a jump now; of 32-bit code then a far jump to 64-bit code behind it; lea record(%rip), %rcx (r11
  /// where the program is one of 32 bits); jmp *entry(%rip).
  u8 code[32];
  u64 entry;
  call_site record;

  static constexpr usize size = 64; ///< and alignment
  /// Its site, if the stub is at this address.
  call_site site(u64 address) const { return record.at(address + offsetof(stub, record)); }
};
static_assert(sizeof(stub) == stub::size);

/// How the user continues.
enum class way_back : u8 {
  context,      ///< as the host restores registers
  jump,         ///< to 64-bit code
  far_jump,     ///< to 32-bit code
  closing_jump, ///< the same, with the kernel's memory closed behind
  closing_far_jump
};

/// For a host signal that finds the thread on its way out of the kernel: the way begins anew, with another look at what is to
/// do. False if it was not there.
bool begin_again(machine_state&, host_context&);
/// For a host signal that finds the thread in a stub, or on a detour to it: it is at the site instead, which does the same.
void leave_stub(host_context&);
/// For a host signal that finds the thread on its way in: the user is put back to before the call. Nothing happens elsewhere.
void undo_entry(machine_state&, host_context&);
/// The GS base of a 64-bit user is the state, as long as the user does not want the register for itself.
void settle_gs_base(machine_state&);

#pragma GCC visibility push(hidden)
extern "C" {
way_back image_fast_call(registers&, machine_state&);
way_back image_compat_call(registers&, machine_state&, const call_site&);
way_back image_fast_attention(registers&, machine_state&);
void image_save_floating_point(registers&);
host_context* image_make_context(registers&, machine_state&);
extern const char image_fast_entry[], image_fast_number_kept[], image_fast_number_shifted[], image_fast_packed[],
    image_fast_stack_left[], image_fast_saved[], image_fast_entered[], image_fast_leave[], image_fast_left[],
    image_leave_by_context[], image_context_leave[], image_context_left[], image_fast_refused[], image_fast_refused_unpacked[],
    image_fast_refused_late[], image_fast_refused_whole[], image_fast_end[], image_compat_entry[], image_compat_packed[],
    image_compat_stack_left[], image_compat_saved[], image_compat_entered[], image_compat_leave[], image_compat_left[],
    image_compat_refused[], image_compat_end[];
}
#pragma GCC visibility pop

} // namespace polyabi::hosted
