// Signal frames of x86-64 (arch/x86/kernel/signal_64.c in its effect; the psABI for what a handler may expect of its stack).
#pragma once

#include <polyabi/linux/signal_frame/common.hpp>

namespace polyabi::linux_abi::frames {

/// A leaf function may use this much below its stack pointer.
inline constexpr u64 red_zone = 128;

/// Into a zeroed context.
inline void save_registers(const registers& r, sigcontext_x86_64& c) {
  c.r8 = r.r8;   c.r9 = r.r9;   c.r10 = r.r10; c.r11 = r.r11; c.r12 = r.r12; c.r13 = r.r13; c.r14 = r.r14; c.r15 = r.r15;
  c.rdi = r.rdi; c.rsi = r.rsi; c.rbp = r.rbp; c.rbx = r.rbx; c.rdx = r.rdx; c.rax = r.rax; c.rcx = r.rcx; c.rsp = r.rsp;
  c.rip = r.rip;
  c.eflags = r.rflags;
  c.cs = r.cs;
  c.ss = r.ss;
  c.err = r.trap_error;
  c.trapno = r.trap_number;
  c.cr2 = r.fault_address;
}

/// The program may have changed what it likes: the code segment stays a user one, and only its own flags are taken.
inline void set_registers(registers& r, const sigcontext_x86_64& c) {
  r.r8 = c.r8;   r.r9 = c.r9;   r.r10 = c.r10; r.r11 = c.r11; r.r12 = c.r12; r.r13 = c.r13; r.r14 = c.r14; r.r15 = c.r15;
  r.rdi = c.rdi; r.rsi = c.rsi; r.rbp = c.rbp; r.rbx = c.rbx; r.rdx = c.rdx; r.rax = c.rax; r.rcx = c.rcx; r.rsp = c.rsp;
  r.rip = c.rip;
  r.rflags = (r.rflags & ~eflags::of_user) | (u64{c.eflags} & eflags::of_user);
  r.cs = u16{c.cs} == code32 ? code32 : code64;
  r.ss = data;
}

template <class K>
bool deliver_x86_64(typename K::thread& thread, registers& r, const signal_delivery<K>& what) {
  // The C library always gives a restorer; a program without one dies, as on Linux.
  if (!wants<K>(what, native_number<K, sigaction_flag::restorer>)) return false;

  u64 at = what.stack_pointer == r.rsp ? r.rsp - red_zone : what.stack_pointer;
  u64 floating = 0;
  if (const u32 size = floating_point::area_size(r); size != 0) {
    at = (at - size) & ~u64{63};
    floating = at;
    if (!floating_point::save<K>(thread, r, floating)) return false;
  }
  at = ((at - sizeof(rt_frame_x86_64)) & ~u64{15}) - 8; // as after a call: 8 below a multiple of 16
  if (overflows<K>(what, at)) return false;

  rt_frame_x86_64 frame; // all of it is written: the translation of the siginfo clears what it does not use
  frame.ucontext = {};
  frame.return_address = what.action.restorer;
  auto& u = frame.ucontext;
  u.flags = ucontext_flags::sigcontext_ss | ucontext_flags::strict_restore_ss |
            (floating_point::is_extended(r) ? ucontext_flags::fp_xstate : 0);
  u.stack = stack_in_frame<K, lp64>(what.stack);
  save_registers(r, u.mcontext);
  u.mcontext.fpstate = floating;
  (void)u.sigmask.template from_native<K>(what.old_mask);
  u.mcontext.oldmask = static_cast<u64>(u.sigmask.words[0]);
  (void)frame.siginfo.template from_native<K>(what.info);
  if (!K::copy_out(thread, at, &frame, sizeof frame)) return false;

  r.rdi = static_cast<u64>(static_cast<i64>(frame.siginfo.signo));
  r.rsi = at + offset_of<rt_frame_x86_64, "siginfo">;
  r.rdx = at + offset_of<rt_frame_x86_64, "ucontext">;
  r.rax = 0; // no vector registers hold arguments, for handlers declared without prototype
  r.rsp = at;
  r.rip = what.action.handler;
  r.cs = code64;
  r.ss = data;
  r.rflags &= ~(eflags::direction | eflags::resume | eflags::trap);
  return true;
}

template <class Env>
arguments::completed return_x86_64(context<Env>& c) {
  using K = typename Env::kernel;
  registers& r = c.frame;
  linux_abi::ucontext<lp64, sigcontext_x86_64> u;
  // The handler's return has taken the return address from the stack.
  const user_ptr<const linux_abi::ucontext<lp64, sigcontext_x86_64>> from{r.rsp - 8 + offset_of<rt_frame_x86_64, "ucontext">};
  if (c.read(from, u) != errc::none || !floating_point::restore<K>(c.thread, r, u.mcontext.fpstate)) {
    force_segmentation_fault(c);
    return registers_are_set;
  }
  set_registers(r, u.mcontext);
  finish_return<Env, lp64>(c, &u.stack, u.sigmask);
  return registers_are_set;
}

} // namespace polyabi::linux_abi::frames
