// The side that the framework derives from the Linux personality's tables.
#include "kernel.hpp"

#include <polyabi/linux/personality.hpp>

namespace bench {

using env = environment<linux_abi::personality, linux_abi::x86_64, kernel>;

void derived_system_call(thread& t, registers& r) { vector_of<env>::dispatch(t, r, static_cast<u32>(r.rax)); }

bool derived_signal(thread& t, registers& r, const signal_delivery<kernel>& what) {
  return linux_abi::deliver_signal<env>(t, r, what);
}

} // namespace bench
