// What the frames of both architectures share.
#pragma once

#include <polyabi/core/arguments.hpp>
#include <polyabi/linux/flags.hpp>
#include <polyabi/linux/signal_frame/floating_point.hpp>
#include <polyabi/linux/signal_frame/layout.hpp>

namespace polyabi::linux_abi::frames {

/// Selectors of user segments on x86-64 Linux (arch/x86/include/asm/segment.h).
inline constexpr u16 code64 = 0x33, code32 = 0x23, data = 0x2b;

namespace eflags {
inline constexpr u64 carry = 1, parity = 4, adjust = 0x10, zero = 0x40, sign = 0x80, trap = 0x100, direction = 0x400,
                     overflow = 0x800, resume = 0x10000, alignment_check = 0x40000;
/// Those that sigreturn takes from the program.
inline constexpr u64 of_user = carry | parity | adjust | zero | sign | trap | direction | overflow | resume | alignment_check;
} // namespace eflags

template <class K>
bool wants(const signal_delivery<K>& what, u32 native_flag) {
  return (what.action.flags & native_flag) != 0;
}

/// The number of the signal as the program knows it; 0 if it has none.
template <class K>
i32 foreign_signal(const signal_delivery<K>& what) {
  const i32 n = number_table<kernel_map<K, signal>, signal_numbers>::convert(what.info.signo);
  return n < 0 ? 0 : n;
}

/// What a frame keeps of an alternate stack's flags. Whether the program was on it is seen by its stack pointer.
template <class From, class To>
constexpr u32 kept_stack_flags(u32 flags) {
  const auto kept = [&]<sigstack_flag Name>() { return (flags & bits_of<From, Name>) != 0 ? bits_of<To, Name> : 0; };
  return static_cast<u32>(kept.template operator()<sigstack_flag::disable>() | kept.template operator()<sigstack_flag::autodisarm>());
}

/// The alternate stack as sigaltstack(2) was told of it.
template <class K, class M>
frame_stack<M> stack_in_frame(const native<K, shape::sigstack>& stack) {
  frame_stack<M> f{};
  f.sp = static_cast<typename M::pointer::value_type>(stack.sp);
  f.flags = static_cast<i32>(kept_stack_flags<kernel_map<K, sigstack_flag>, sigstack_flags>(stack.flags));
  f.size = static_cast<typename M::ulong::value_type>(stack.size);
  return f;
}

/// Whether a frame that was started on the alternate stack has left it at its lower end.
template <class K>
bool overflows(const signal_delivery<K>& what, u64 frame) {
  const auto& stack = what.stack;
  if ((stack.flags & native_number<K, sigstack_flag::disable>) != 0) return false;
  const bool starts_on_it = what.stack_pointer > stack.sp && what.stack_pointer - stack.sp <= stack.size;
  return starts_on_it && frame < stack.sp;
}

/// What sigreturn ends with: the alternate stack and the mask as the frame has them. Registers are already put back: whether the
/// program is on the alternate stack is judged by them.
template <class Env, class M>
void finish_return(context<Env>& c, const frame_stack<M>* stack, const signal_set<typename M::ulong, 8 / M::word_size, signal_numbers>& mask) {
  using K = typename Env::kernel;
  if constexpr (provides<K, op::alternate_stack>()) {
    if (stack != nullptr) {
      native<K, shape::sigstack> wanted{};
      wanted.sp = static_cast<u64>(stack->sp);
      wanted.size = static_cast<u64>(stack->size);
      wanted.flags = kept_stack_flags<sigstack_flags, kernel_map<K, sigstack_flag>>(static_cast<u32>(i32{stack->flags}));
      (void)c.perform(op::alternate_stack{}, &wanted, nullptr); // as Linux: a stack that is refused changes nothing
    }
  }
  native<K, shape::sigset> native_mask{};
  (void)mask.template to_native<K>(native_mask);
  (void)c.perform(op::return_from_handler{}, native_mask);
}

/// The frame that sigreturn was called on cannot be read: SIGSEGV, which cannot be evaded.
template <class Env>
void force_segmentation_fault(context<Env>& c) {
  using K = typename Env::kernel;
  constexpr i32 segv = native_number<K, signal::segv>;
  native<K, shape::sigset> only{}, old{};
  only.bits[(segv - 1) / 64] = u64{1} << ((segv - 1) % 64);
  native<K, shape::sigaction> action{};
  (void)c.perform(op::set_mask{}, native_number<K, sigmask_how::unblock>, &only, &old);
  (void)c.perform(op::set_action{}, segv, nullptr, &action);
  const bool blocked = (old.bits[(segv - 1) / 64] & only.bits[(segv - 1) / 64]) != 0;
  const bool ignored = action.handler == 1;
  if (blocked || ignored) {
    const native<K, shape::sigaction> by_default{};
    (void)c.perform(op::set_action{}, segv, &by_default, nullptr);
  }
  const auto process = c.perform(op::getpid{});
  const auto thread = c.perform(op::gettid{});
  if (process && thread) (void)c.perform(op::kill_thread{}, *process, *thread, segv);
}

/// Operations that every sigreturn needs.
using needed_by_return = operation_list<op::return_from_handler, op::set_mask, op::set_action, op::getpid, op::gettid, op::kill_thread>;

/// What sigreturn answers: the registers are as the frame had them.
inline constexpr arguments::completed registers_are_set{0, 0, true};

} // namespace polyabi::linux_abi::frames
