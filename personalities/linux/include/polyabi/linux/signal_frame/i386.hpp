// Signal frames of i386: the old one, and the one of SA_SIGINFO.
#pragma once

#include <polyabi/linux/signal_frame/common.hpp>

namespace polyabi::linux_abi::frames {

/// Code that a handler without restorer returned to before Linux had a vDSO, on the stack. Without a vDSO it is used, and runs where
/// the stack is executable (`PT_GNU_STACK` with PF_X, or none); with one, debuggers still know a frame by it.
inline constexpr unsigned char sigreturn_code[8] = {0x58, 0xb8, 119, 0, 0, 0, 0xcd, 0x80}; // pop %eax; mov $119,%eax; int $0x80
inline constexpr unsigned char rt_sigreturn_code[8] = {0xb8, 173, 0, 0, 0, 0xcd, 0x80, 0}; // mov $173,%eax; int $0x80

inline sigcontext_i386 context_of_i386(const registers& r) {
  const auto low = [](u64 v) { return static_cast<u32>(v); };
  sigcontext_i386 c{};
  c.gs = r.gs;
  c.fs = r.fs;
  c.es = r.es;
  c.ds = r.ds;
  c.edi = low(r.rdi);
  c.esi = low(r.rsi);
  c.ebp = low(r.rbp);
  c.esp = low(r.rsp);
  c.ebx = low(r.rbx);
  c.edx = low(r.rdx);
  c.ecx = low(r.rcx);
  c.eax = low(r.rax);
  c.trapno = r.trap_number;
  c.err = r.trap_error;
  c.eip = low(r.rip);
  c.cs = r.cs;
  c.eflags = low(r.rflags);
  c.esp_at_signal = low(r.rsp);
  c.ss = r.ss;
  c.cr2 = low(r.fault_address);
  return c;
}

/// A selector that user code may load, or the null one.
inline u16 user_selector(u32 selector) {
  const auto s = static_cast<u16>(selector);
  return s <= 3 ? s : static_cast<u16>(s | 3);
}

inline void set_registers(registers& r, const sigcontext_i386& c) {
  r.gs = user_selector(c.gs);
  r.fs = user_selector(c.fs);
  r.es = user_selector(c.es);
  r.ds = user_selector(c.ds);
  r.rdi = u32{c.edi};
  r.rsi = u32{c.esi};
  r.rbp = u32{c.ebp};
  r.rsp = u32{c.esp};
  r.rbx = u32{c.ebx};
  r.rdx = u32{c.edx};
  r.rcx = u32{c.ecx};
  r.rax = u32{c.eax};
  r.rip = u32{c.eip};
  r.rflags = (r.rflags & ~eflags::of_user) | (u32{c.eflags} & eflags::of_user);
  r.cs = static_cast<u16>(u32{c.cs}) == code64 ? code64 : code32;
  r.ss = data;
}

/// Floating-point state of an i386 frame: FSAVE's layout, and after it the machine's area on a multiple of 64. Moves `at` below
/// both; `state` is their address, 0 if there is none.
template <class K>
bool save_floating_point(typename K::thread& thread, const registers& r, u64& at, u32& state) {
  state = 0;
  const u32 size = floating_point::area_size(r);
  if (size == 0) return true;
  const u64 area = (at - size) & ~u64{63};
  at = area - sizeof(old_floating_point);
  state = static_cast<u32>(at);
  const old_floating_point old = to_old(static_cast<const unsigned char*>(r.fpu));
  return floating_point::save<K>(thread, r, area) && K::copy_out(thread, at, &old, sizeof old);
}

template <class K>
bool restore_floating_point(typename K::thread& thread, registers& r, u32 state) {
  (void)r.floating_point_to_change();
  if (floating_point::area_size(r) == 0) return true;
  if (state == 0) {
    floating_point::reset(r);
    return true;
  }
  old_floating_point old;
  if (!K::copy_in(thread, &old, state, sizeof old)) return false;
  if (!floating_point::restore<K>(thread, r, u64{state} + sizeof old)) return false;
  // What both have is taken from the older part: debuggers and handlers that know only it change it there.
  from_old(old, static_cast<unsigned char*>(r.fpu));
  return true;
}

/// Where a frame of this size begins: the stack pointer at the handler's entry is 4 below a multiple of 16.
inline u64 place_i386(u64 at, usize size) {
  return ((at - size + 4) & ~u64{15}) - 4;
}

/// The registers at the beginning of a handler; arguments are also in registers, for handlers compiled with -mregparm=3.
inline void enter_handler_i386(registers& r, u64 frame, u64 handler, i32 signo, u64 info, u64 ucontext) {
  r.rsp = frame;
  r.rip = static_cast<u32>(handler);
  r.rax = static_cast<u32>(signo);
  r.rdx = info;
  r.rcx = ucontext;
  r.cs = code32;
  r.ss = r.ds = r.es = data;
  r.rflags &= ~(eflags::direction | eflags::resume | eflags::trap);
}

/// Where a handler returns to: the program's code, the vDSO's, or what is on the stack.
template <class K>
u32 return_address_i386(const signal_delivery<K>& what, u64 of_library, u64 on_stack) {
  if (wants<K>(what, native_number<K, sigaction_flag::restorer>)) return static_cast<u32>(what.action.restorer);
  return static_cast<u32>(of_library != 0 ? of_library : on_stack);
}

template <class K>
bool deliver_old_i386(typename K::thread& thread, registers& r, const signal_delivery<K>& what, u64 at, u32 floating) {
  at = place_i386(at, sizeof(frame_i386));
  if (overflows<K>(what, at)) return false;
  const i32 signo = foreign_signal<K>(what);
  frame_i386 frame{};
  frame.signo = signo;
  frame.context = context_of_i386(r);
  frame.context.fpstate = floating;
  signal_set<ilp32_i386::u32, 2, signal_numbers> mask{};
  (void)mask.template from_native<K>(what.old_mask);
  frame.context.oldmask = u32{mask.words[0]};
  frame.extra_mask = u32{mask.words[1]};
  __builtin_memcpy(frame.return_code, sigreturn_code, sizeof frame.return_code);
  frame.return_address = return_address_i386(what, what.returns.plain, at + offset_of<frame_i386, "return_code">);
  if (!K::copy_out(thread, at, &frame, sizeof frame)) return false;
  enter_handler_i386(r, at, what.action.handler, signo, 0, 0);
  return true;
}

template <class K>
bool deliver_rt_i386(typename K::thread& thread, registers& r, const signal_delivery<K>& what, u64 at, u32 floating) {
  at = place_i386(at, sizeof(rt_frame_i386));
  if (overflows<K>(what, at)) return false;
  const i32 signo = foreign_signal<K>(what);
  const u64 info = at + offset_of<rt_frame_i386, "siginfo">, ucontext = at + offset_of<rt_frame_i386, "ucontext">;
  rt_frame_i386 frame{};
  frame.signo = signo;
  frame.siginfo_address = static_cast<u32>(info);
  frame.ucontext_address = static_cast<u32>(ucontext);
  (void)frame.siginfo.template from_native<K>(what.info);
  frame.ucontext.flags = floating_point::is_extended(r) ? static_cast<u32>(ucontext_flags::fp_xstate) : 0;
  frame.ucontext.stack = stack_in_frame<K, ilp32_i386>(what.stack);
  frame.ucontext.mcontext = context_of_i386(r);
  frame.ucontext.mcontext.fpstate = floating;
  (void)frame.ucontext.sigmask.template from_native<K>(what.old_mask);
  frame.ucontext.mcontext.oldmask = u32{frame.ucontext.sigmask.words[0]};
  __builtin_memcpy(frame.return_code, rt_sigreturn_code, sizeof frame.return_code);
  frame.return_address = return_address_i386(what, what.returns.with_details, at + offset_of<rt_frame_i386, "return_code">);
  if (!K::copy_out(thread, at, &frame, sizeof frame)) return false;
  enter_handler_i386(r, at, what.action.handler, signo, info, ucontext);
  return true;
}

template <class K>
bool deliver_i386(typename K::thread& thread, registers& r, const signal_delivery<K>& what) {
  u64 at = static_cast<u32>(what.stack_pointer);
  u32 floating;
  if (!save_floating_point<K>(thread, r, at, floating)) return false;
  return wants<K>(what, native_number<K, sigaction_flag::siginfo>) ? deliver_rt_i386<K>(thread, r, what, at, floating)
                                                                   : deliver_old_i386<K>(thread, r, what, at, floating);
}

/// sigreturn(2): the restorer has taken the return address and the signal number from the stack.
template <class Env>
arguments::completed return_old_i386(context<Env>& c) {
  using K = typename Env::kernel;
  registers& r = c.frame;
  const u64 at = static_cast<u32>(r.rsp) - u64{8};
  sigcontext_i386 context;
  signal_set<ilp32_i386::u32, 2, signal_numbers> mask{};
  const bool readable =
      c.read(user_ptr<const sigcontext_i386>{at + offset_of<frame_i386, "context">}, context) == errc::none &&
      c.read(user_ptr<const ilp32_i386::u32>{at + offset_of<frame_i386, "extra_mask">}, mask.words[1]) == errc::none &&
      restore_floating_point<K>(c.thread, r, context.fpstate);
  if (!readable) {
    force_segmentation_fault(c);
    return registers_are_set;
  }
  mask.words[0] = u32{context.oldmask};
  set_registers(r, context);
  finish_return<Env, ilp32_i386>(c, nullptr, mask);
  return registers_are_set;
}

/// rt_sigreturn(2): the handler's return has taken the return address from the stack.
template <class Env>
arguments::completed return_rt_i386(context<Env>& c) {
  using K = typename Env::kernel;
  registers& r = c.frame;
  linux_abi::ucontext<ilp32_i386, sigcontext_i386> u;
  const user_ptr<const linux_abi::ucontext<ilp32_i386, sigcontext_i386>> from{static_cast<u32>(r.rsp) - u64{4} +
                                                                              offset_of<rt_frame_i386, "ucontext">};
  if (c.read(from, u) != errc::none || !restore_floating_point<K>(c.thread, r, u.mcontext.fpstate)) {
    force_segmentation_fault(c);
    return registers_are_set;
  }
  set_registers(r, u.mcontext);
  finish_return<Env, ilp32_i386>(c, &u.stack, u.sigmask);
  return registers_are_set;
}

} // namespace polyabi::linux_abi::frames
