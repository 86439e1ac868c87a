// The personality whose processes stream_calls.hpp makes, linked into the kernel: /compat/svr4/dev has its devices.
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/svr4/personality.hpp>

std::span<const polyabi::abi<polyabi::reference::kernel>* const> polyabi::reference::linked_personalities() {
  static constexpr const abi<kernel>* all[]{&abi_of<environment<svr4::personality, svr4::i386, kernel>>};
  return all;
}
