// The indirect call, syscall(2): number 0, the real number is the first argument, and the others stand one word further up.
// While it is performed the stack pointer is moved up to them; a mark above the 32 bits of EAX remembers it, since what it
// calls may copy the registers (fork, getcontext).
#pragma once

#include <polyabi/core/overlay.hpp>

namespace polyabi::svr4::indirect {

inline constexpr u64 mark = u64{1} << 32;

/// The stack pointer as the program has it. 64-bit code has no such call.
template <class Env>
constexpr u64 stack_pointer(const registers& frame) {
  return Env::model::word_size == 4 && (frame.rax & mark) != 0 ? frame.rsp - 4 : frame.rsp;
}

/// Row 0's handler.
struct system_call {
  using needs = operation_list<>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u32 number) {
    number &= 0xff;
    if (number == 0) return errc::nosys; // an indirect indirect call is none
    const u64 above = c.frame.rsp + 4;
    c.frame.rsp = above;
    c.frame.rax = mark | number;
    dispatch_call<Env>(c.thread, c.frame, number);
    if (c.frame.rsp == above) c.frame.rsp = above - 4; // setcontext has put another one there
    return done{};
  }
};

} // namespace polyabi::svr4::indirect
