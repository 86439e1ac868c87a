// The frame of a signal handler: handler(number, siginfo*, frame*), and the action's restorer to return to. The restorer makes
// the call return_from_handler(frame*).
#pragma once

#include <polyabi/core/dispatch.hpp>
#include <polyabi/core/fxsave.hpp>
#include <polyabi/core/personality.hpp>

namespace polyabi::native_abi {

/// What is kept of the interrupted program, on its stack. The kernel's own structures.
template <class K>
struct signal_frame {
  u64 return_address;
  u64 number;
  native<K, shape::siginfo> info;
  native<K, shape::sigset> mask;
  native<K, shape::sigstack> stack;
  u64 general[18]; ///< in the order of `frame_registers`
  u8 floating_point[512];
  u64 has_floating_point;
};

inline constexpr u64 registers::*frame_registers[18] = {
    &registers::rax, &registers::rbx, &registers::rcx, &registers::rdx, &registers::rsi, &registers::rdi,
    &registers::rbp, &registers::rsp, &registers::r8,  &registers::r9,  &registers::r10, &registers::r11,
    &registers::r12, &registers::r13, &registers::r14, &registers::r15, &registers::rip, &registers::rflags};

/// Flags that user code may choose: CF PF AF ZF SF TF DF OF AC ID.
inline constexpr u64 user_flags = 0x240dd5;

template <class Env>
bool build_signal_frame(typename Env::kernel::thread& thread, registers& frame,
                        const signal_delivery<typename Env::kernel>& what) {
  using K = typename Env::kernel;
  constexpr u64 red_zone = 128, trap_flag = 0x100, direction_flag = 0x400;
  signal_frame<K> saved{};
  saved.return_address = what.action.restorer;
  saved.number = static_cast<u64>(what.info.signo);
  saved.info = what.info;
  saved.mask = what.old_mask;
  saved.stack = what.stack;
  for (usize i = 0; i < std::size(frame_registers); ++i) saved.general[i] = frame.*frame_registers[i];
  if (frame.fpu != nullptr && frame.fpu_size >= sizeof saved.floating_point) {
    __builtin_memcpy(saved.floating_point, frame.fpu, sizeof saved.floating_point);
    saved.has_floating_point = 1;
  }
  // As after a call: the stack pointer is 8 away from a multiple of 16.
  const u64 at = ((what.stack_pointer - red_zone - sizeof saved) & ~u64{15}) - 8;
  if (!K::copy_out(thread, at, &saved, sizeof saved)) return false;
  frame.rsp = at;
  frame.rip = what.action.handler;
  frame.rdi = saved.number;
  frame.rsi = at + offsetof(signal_frame<K>, info);
  frame.rdx = at;
  frame.rflags &= ~(trap_flag | direction_flag);
  return true;
}

namespace handlers {

struct return_from_handler {
  using needs = operation_list<op::return_from_handler>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 where) {
    signal_frame<typename Env::kernel> saved;
    if (errc e = c.read_bytes(where, &saved, sizeof saved); e != errc::none) return e;
    for (usize i = 0; i < std::size(frame_registers); ++i) {
      const u64 value = saved.general[i];
      u64& own = c.frame.*frame_registers[i];
      own = frame_registers[i] == &registers::rflags ? (own & ~user_flags) | (value & user_flags) : value;
    }
    if (saved.has_floating_point != 0 && c.frame.floating_point_to_change() != nullptr &&
        c.frame.fpu_size >= sizeof saved.floating_point) {
      // Reserved bits of MXCSR fault when they are loaded: they stay the machine's.
      u32 mask, mxcsr;
      __builtin_memcpy(&mask, static_cast<const u8*>(c.frame.fpu) + fxsave::mxcsr_mask_at, sizeof mask);
      __builtin_memcpy(&mxcsr, saved.floating_point + fxsave::mxcsr_at, sizeof mxcsr);
      mxcsr = fxsave::loadable_mxcsr(c.frame.fpu, mxcsr);
      __builtin_memcpy(saved.floating_point + fxsave::mxcsr_at, &mxcsr, sizeof mxcsr);
      __builtin_memcpy(saved.floating_point + fxsave::mxcsr_mask_at, &mask, sizeof mask);
      __builtin_memcpy(c.frame.fpu, saved.floating_point, fxsave::state_size); // what follows is the host's own
    }
    if (auto r = c.perform(op::return_from_handler{}, saved.mask); !r) return r.error();
    return done{};
  }
};

} // namespace handlers

} // namespace polyabi::native_abi
