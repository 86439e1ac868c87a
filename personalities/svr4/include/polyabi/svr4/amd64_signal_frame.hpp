// The frame that a signal handler of a 64-bit program is entered with (sendsig of illumos' intel/os/sendsig.c):
//
//   rsp -> -1             where a handler must not return to: the C library's wrapper calls setcontext with the context
//          signal number  these two only for who looks at the stack: RDI, RSI and RDX have them, and the context
//          siginfo_t*
//          ucontext_t     aligned to 16
//          siginfo_t      with SA_SIGINFO
//          128 bytes      the red zone
#pragma once

#include <polyabi/svr4/interrupted_program.hpp>

namespace polyabi::svr4 {

struct wide_signal_call {
  lp64::pointer return_address;
  lp64::ulong number;
  lp64::pointer info;
};
static_assert(layout<wide_signal_call, 24>);

template <class Env>
bool build_wide_signal_frame(typename Env::kernel::thread& thread, registers& frame,
                             const signal_delivery<typename Env::kernel>& what) {
  using K = typename Env::kernel;
  using M = typename Env::model;
  const i32 number = number_table<kernel_map<K, signal>, signals>::convert(what.info.signo);
  if (number <= 0) return false;
  context<Env> c{thread, frame, "signal"sv};

  constexpr u64 red_zone = 128, alignment = 16;
  u64 at = (what.stack_pointer - red_zone) & ~(alignment - 1);
  u64 info_at = 0;
  if ((what.action.flags & native_number<K, sigaction_flag::siginfo>) != 0) {
    info_at = at -= sizeof(siginfo<M>);
    if (!put_details(c, what, info_at)) return false;
  }

  const u64 context_at = at -= sizeof(ucontext<M>);
  u64* link = nullptr;
  if (!put_interrupted_context(c, frame, what, context_at, link)) return false;

  at -= sizeof(wide_signal_call);
  wide_signal_call call{};
  call.return_address = ~u64{0};
  call.number = static_cast<u64>(number);
  call.info = info_at;
  if (c.write(user_ptr<wide_signal_call>{at}, call) != errc::none) return false;

  if (link != nullptr) *link = context_at;
  enter_handler(frame, at, what.action.handler);
  frame.rdi = static_cast<u64>(number);
  frame.rsi = info_at;
  frame.rdx = context_at;
  return true;
}

} // namespace polyabi::svr4
