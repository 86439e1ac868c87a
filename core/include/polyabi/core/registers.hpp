// The trap frame: the user's registers as the machine saved them at kernel entry.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi {

/// User registers of an x86 thread, 32-bit or 64-bit, at the moment it entered the kernel.
/// A machine fills it before, and loads it back after, each visit to the kernel.
struct registers {
  u64 rax, rbx, rcx, rdx, rsi, rdi, rbp, rsp;
  u64 r8, r9, r10, r11, r12, r13, r14, r15;
  u64 rip, rflags;
  u16 cs, ss, ds, es, fs, gs;
  /// What the processor reported of a fault: vector, error code, faulting address.
  u32 trap_number, trap_error;
  u64 fault_address;
  /// The saved FXSAVE/XSAVE area of the user, `fpu_size` bytes, or null where none was saved. A machine may leave the state in
  /// the processor until somebody asks for it: see the functions.
  void* fpu;
  u32 fpu_size;
  bool fpu_changed; ///< the user is to continue with what stands in the area
  void (*save_floating_point)(registers&);

  /// Makes the two members above valid; answers the area, null if there is none.
  void* floating_point() {
    if (fpu == nullptr && save_floating_point != nullptr) save_floating_point(*this);
    return fpu;
  }
  /// The same for somebody who writes to it.
  void* floating_point_to_change() {
    if (floating_point() != nullptr) fpu_changed = true;
    return fpu;
  }
};

/// The carry flag in `registers::rflags`: System V and BSD kernels report errors with it.
inline constexpr u64 carry_flag = 1;

/// How a user entered the kernel for a system call.
enum class gate : u8 {
  syscall64, ///< `syscall` in 64-bit code
  int80,     ///< `int $0x80`
  lcall7,    ///< `lcall $7,$0`: SVR3, SVR4 and iBCS2
  lcall27,   ///< `lcall $0x27,$0`: Solaris 2.6 to 9
  lcall0f,   ///< `lcall $0xf,$0`: return from a signal handler of SVR3 and iBCS2
  int91,     ///< `int $0x91`: Solaris 10
  intd2,     ///< `int $0xd2`: Solaris' fast traps
};

/// Bytes of the instruction by which a user enters: how far back it lies when a call is made again.
constexpr u64 instruction_length(gate through) {
  return through == gate::lcall7 || through == gate::lcall27 || through == gate::lcall0f ? 7 : 2;
}

} // namespace polyabi
