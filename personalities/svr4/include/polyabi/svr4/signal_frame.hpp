// The frame that a signal handler is entered with (psABI i386, sendsig):
//
//   esp -> 0xffffffff     where a handler must not return to: the C library's wrapper calls setcontext with the context
//          signal number
//          siginfo_t*     null without SA_SIGINFO
//          ucontext_t*
//          ucontext_t     512 bytes
//          siginfo_t      128 bytes, with SA_SIGINFO
#pragma once

#include <polyabi/svr4/interrupted_program.hpp>

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
    if (!put_details(c, what, info_at)) return false;
  }

  at -= sizeof(ucontext<M>);
  const u64 context_at = at &= ~u64{3};
  u64* link = nullptr;
  if (!put_interrupted_context(c, frame, what, context_at, link)) return false;

  // The ABI asks for a multiple of 4. Compilers of today expect 16 at a call, return address included.
  at = ((at - sizeof(signal_call<M>) - 12) & ~u64{15}) + 12;
  signal_call<M> call{};
  call.return_address = 0xffffffffu;
  call.number = number;
  call.info = static_cast<u32>(info_at);
  call.context = static_cast<u32>(context_at);
  if (c.write(user_ptr<signal_call<M>>{at}, call) != errc::none) return false;

  if (link != nullptr) *link = context_at;
  enter_handler(frame, at, static_cast<u32>(what.action.handler));
  return true;
}

} // namespace polyabi::svr4
