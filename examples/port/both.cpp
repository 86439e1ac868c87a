// Both personalities joined with the smallest kernel: what a porter compiles, once for each personality and architecture.
#include "mini_kernel.hpp"

#include <polyabi/linux/personality.hpp>
#include <polyabi/svr4/personality.hpp>

namespace port {

using namespace polyabi;

void linux_system_call(mini::thread& caller, registers& frame) {
  using vector = vector_of<environment<linux_abi::personality, linux_abi::x86_64, mini::kernel>>;
  vector::dispatch(caller, frame, static_cast<u32>(frame.rax));
}

void linux_i386_system_call(mini::thread& caller, registers& frame) {
  using vector = vector_of<environment<linux_abi::personality, linux_abi::i386, mini::kernel>>;
  vector::dispatch(caller, frame, static_cast<u32>(frame.rax));
}

void svr4_system_call(mini::thread& caller, registers& frame) {
  using vector = vector_of<environment<svr4::personality, svr4::i386, mini::kernel>>;
  vector::dispatch(caller, frame, static_cast<u32>(frame.rax));
}

} // namespace port
