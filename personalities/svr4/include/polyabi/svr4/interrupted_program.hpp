// What the frames of signal handlers have in common: the interrupted program's context, and how the handler is entered.
#pragma once

#include <polyabi/svr4/handlers/context.hpp>
#include <polyabi/svr4/structures/siginfo.hpp>

namespace polyabi::svr4 {

/// Writes the interrupted program's context at an address. `link`, if the kernel keeps it, is where the address of the context in
/// force belongs once the frame stands. False: the stack cannot be written.
template <class Env>
bool put_interrupted_context(context<Env>& c, registers& frame, const signal_delivery<typename Env::kernel>& what, u64 at,
                             u64*& link) {
  using K = typename Env::kernel;
  using M = typename Env::model;
  ucontext<M> saved{};
  saved.flags = context_parts::sigmask | context_parts::stack;
  (void)saved.sigmask.template from_native<K>(what.old_mask);
  if (to_foreign<K>(what.stack, saved.stack) != errc::none) return false;
  link = nullptr;
  if constexpr (provides<K, op::thread_words>()) {
    if (auto words = c.perform(op::thread_words{}); words) link = &(*words)[thread_word::link];
  }
  if (link != nullptr) saved.link = static_cast<typename M::pointer::value_type>(*link);
  registers_to_context(frame, saved);
  return c.write(user_ptr<ucontext<M>>{at}, saved) == errc::none;
}

/// Writes a signal's details at an address. False: the stack cannot be written.
template <class Env>
bool put_details(context<Env>& c, const signal_delivery<typename Env::kernel>& what, u64 at) {
  siginfo<typename Env::model> info{};
  return to_foreign<typename Env::kernel>(what.info, info) == errc::none &&
         c.write(user_ptr<siginfo<typename Env::model>>{at}, info) == errc::none;
}

/// The registers at a handler's first instruction.
inline void enter_handler(registers& frame, u64 stack, u64 handler) {
  constexpr u64 trap_flag = 0x100, direction_flag = 0x400;
  frame.rsp = stack;
  frame.rip = handler;
  frame.rflags &= ~(trap_flag | direction_flag);
}

} // namespace polyabi::svr4
