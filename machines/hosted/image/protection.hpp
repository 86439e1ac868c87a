// The kernel's memory closed to users by a protection key of the processor (pkeys(7)): all of the image and of the arena, but
// for the top of each stack (state.hpp: `landing`), where the host puts the registers of a thread that it interrupts. Before
// Linux 6.12 it does so with the rights that the thread has, and rt_sigreturn still reads there when it has given them back.
#pragma once

#include "fast_entry.hpp"

namespace polyabi::hosted {

inline bool is_protected() {
  return shared.closed_rights != 0;
}

/// Opens the landing of a stack to users in this address space. False if the host has no memory for it.
bool open_landing(const machine_state&);
/// In an address space that was copied, the calling thread's landing is the only one.
void open_landing_alone(const machine_state&);

/// The rights that the host gives a thread with these registers, with its floating-point state. Nothing happens where nothing
/// is protected; without a floating-point state in memory they are those of a new program, which has none for the kernel's.
void set_rights(host_context&, u32 rights);
void open_rights(host_context&);

/// What a stub jumps to.
const char* entry_of(gate);
/// The beginning of the way out that an instruction belongs to, if it is one that closes; null.
const char* closing_way(u64 instruction);
/// For a host signal that finds the thread where the kernel is about to be opened: it is in the way in that has no need to.
void undo_opening(const machine_state&, host_context&);

#pragma GCC visibility push(hidden)
extern "C" {
void image_protected_signal_entry();
extern const char image_protected_entry[], image_protected_opening[], image_protected_opened[], image_protected_entry_end[],
    image_protected_leave[], image_protected_left[], image_protected_compat_entry[], image_protected_compat_opening[],
    image_protected_compat_opened[], image_protected_compat_entry_end[], image_protected_compat_leave[],
    image_protected_compat_left[];
}
#pragma GCC visibility pop

} // namespace polyabi::hosted
