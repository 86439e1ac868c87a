// The frame that a signal handler of System V Release 3 is entered with (iBCS2, "Signal delivery"; struct _fpstackframe of
// sys/reg.h):
//
//   esp -> where the handler returns to: the C library's code that the call which set the handler gave in EDX
//          signal number
//          registers      19 words, in the order of gregset_t
//          fpstate*       null, or the floating-point state further up
//          weitek*        null
//          signal mask    from here on it is the kernel's own
//          fpstate        FNSAVE's image, the status word at the time of the signal, and behind it the SSE registers
//
// The handler returns to the library's code, which drops the number and enters the kernel through `lcall $0xf,$0`: the stack
// pointer is at the registers then.
#pragma once

#include <polyabi/svr4/interrupted_program.hpp>

namespace polyabi::svr4 {

template <class M>
struct old_signal_frame {
  typename M::pointer return_address;
  typename M::i32 number;
  typename M::u32 gregs[static_cast<usize>(greg::count)];
  typename M::pointer floating_point, weitek;
  sigset<M> mask;
  POLYABI_FIELDS(old_signal_frame, return_address, number, gregs, floating_point, weitek, mask)
};
static_assert(layout<old_signal_frame<ilp32_i386>, 108>);
static_assert(offset_of<old_signal_frame<ilp32_i386>, "gregs"> == 8 &&
              offset_of<old_signal_frame<ilp32_i386>, "floating_point"> == 84);

/// `Signals` are the numbers of the variant.
template <class Env, class Signals = signals>
bool build_old_signal_frame(typename Env::kernel::thread& thread, registers& frame,
                            const signal_delivery<typename Env::kernel>& what) {
  using K = typename Env::kernel;
  using M = typename Env::model;
  const i32 number = number_table<kernel_map<K, signal>, Signals>::convert(what.info.signo);
  if (number <= 0) return false;
  context<Env> c{thread, frame, "signal"sv};
  ucontext<M> now{};
  registers_to_context(frame, now);

  old_signal_frame<M> saved{};
  saved.return_address = static_cast<u32>(what.action.restorer);
  saved.number = number;
  for (usize i = 0; i < std::size(saved.gregs); ++i) saved.gregs[i] = now.gregs[i];
  (void)saved.mask.template from_native<K>(what.old_mask);
  u64 at = static_cast<u32>(what.stack_pointer) & ~u64{3};
  if ((now.flags & context_parts::fpu) != 0) {
    at -= sizeof now.fpregs;
    saved.floating_point = static_cast<u32>(at);
    if (c.write(user_ptr<fpregset<M>>{at}, now.fpregs) != errc::none) return false;
  }
  at -= sizeof saved;
  if (c.write(user_ptr<old_signal_frame<M>>{at}, saved) != errc::none) return false;

  enter_handler(frame, at, static_cast<u32>(what.action.handler));
  return true;
}

/// `lcall $0xf,$0`: what the frame says goes on. A stack that does not hold one is SIGSEGV.
template <class Env>
void return_from_old_handler(typename Env::kernel::thread& thread, registers& frame) {
  using K = typename Env::kernel;
  using M = typename Env::model;
  context<Env> c{thread, frame, "return from a signal handler"sv};
  if constexpr (provides<K, op::return_from_handler>() && provides<K, op::kill>() && provides<K, op::getpid>()) {
    old_signal_frame<M> saved;
    ucontext<M> then{};
    native<K, shape::sigset> mask{};
    const u64 at = static_cast<u32>(frame.rsp) - offset_of<old_signal_frame<M>, "gregs">;
    errc failed = c.read(user_ptr<const old_signal_frame<M>>{at}, saved);
    then.flags = context_parts::cpu;
    if (failed == errc::none && saved.floating_point != 0) {
      then.flags = context_parts::cpu | context_parts::fpu;
      failed = c.read(user_ptr<const fpregset<M>>{saved.floating_point}, then.fpregs);
    }
    if (failed == errc::none) failed = saved.mask.template to_native<K>(mask);
    if (failed != errc::none) {
      if (auto self = c.perform(op::getpid{})) (void)c.perform(op::kill{}, *self, native_number<K, signal::segv>);
      return;
    }
    for (usize i = 0; i < std::size(saved.gregs); ++i) then.gregs[i] = saved.gregs[i];
    context_to_registers(then, frame);
    (void)c.perform(op::return_from_handler{}, mask);
  } else {
    c.unsupported("gate"sv, 0x0f);
  }
}

} // namespace polyabi::svr4
