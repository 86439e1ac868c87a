// The frame that a signal handler is entered with (psABI i386, sendsig):
//
//   esp -> 0xffffffff     where a handler must not return to: the C library's wrapper calls setcontext with the context
//          signal number
//          siginfo_t*     null without SA_SIGINFO
//          ucontext_t*
//          ucontext_t     512 bytes
//          siginfo_t      128 bytes, with SA_SIGINFO
#pragma once

#include <polyabi/svr4/handlers/context.hpp>
#include <polyabi/svr4/structures/siginfo.hpp>

namespace polyabi::svr4 {

template <class M>
struct signal_call {
  typename M::pointer return_address;
  typename M::i32 number;
  typename M::pointer info, context;
};
static_assert(layout<signal_call<ilp32_i386>, 16>);

template <class Env>
bool build_signal_frame(typename Env::kernel::thread& thread, registers& frame,
                        const signal_delivery<typename Env::kernel>& what) {
  using K = typename Env::kernel;
  using M = typename Env::model;
  const i32 number = number_table<kernel_map<K, signal>, signals>::convert(what.info.signo);
  if (number <= 0) return false;
  context<Env> c{thread, frame, "signal"sv};

  const bool with_info = (what.action.flags & native_number<K, sigaction_flag::siginfo>) != 0;
  u64 at = static_cast<u32>(what.stack_pointer);
  u64 info_at = 0;
  if (with_info) {
    at -= sizeof(siginfo<M>);
    info_at = at &= ~u64{3};
    siginfo<M> info{};
    if (to_foreign<K>(what.info, info) != errc::none || c.write(user_ptr<siginfo<M>>{info_at}, info) != errc::none)
      return false;
  }

  at -= sizeof(ucontext<M>);
  const u64 context_at = at &= ~u64{3};
  ucontext<M> saved{};
  saved.flags = context_parts::sigmask | context_parts::stack;
  (void)saved.sigmask.template from_native<K>(what.old_mask);
  if (to_foreign<K>(what.stack, saved.stack) != errc::none) return false;
  u64* link = nullptr;
  if constexpr (provides<K, op::thread_words>()) {
    if (auto words = c.perform(op::thread_words{}); words) link = &(*words)[thread_word::link];
  }
  if (link != nullptr) saved.link = static_cast<u32>(*link);
  registers_to_context(frame, saved);
  if (c.write(user_ptr<ucontext<M>>{context_at}, saved) != errc::none) return false;

  // The ABI asks for a multiple of 4. Compilers of today expect 16 at a call, return address included.
  at = ((at - sizeof(signal_call<M>) - 12) & ~u64{15}) + 12;
  signal_call<M> call{};
  call.return_address = 0xffffffffu;
  call.number = number;
  call.info = static_cast<u32>(info_at);
  call.context = static_cast<u32>(context_at);
  if (c.write(user_ptr<signal_call<M>>{at}, call) != errc::none) return false;

  constexpr u64 trap_flag = 0x100, direction_flag = 0x400;
  if (link != nullptr) *link = context_at;
  frame.rsp = at;
  frame.rip = static_cast<u32>(what.action.handler);
  frame.rflags &= ~(trap_flag | direction_flag);
  return true;
}

} // namespace polyabi::svr4
