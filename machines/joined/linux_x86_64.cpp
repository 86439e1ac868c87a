// Linux programs of x86-64 on the reference kernel.
#include "linux.hpp"

namespace polyabi::joined {

extern const abi<reference::kernel> linux_x86_64;
constinit const abi<reference::kernel> linux_x86_64 =
    abi_of<environment<linux_abi::personality, linux_abi::x86_64, reference::kernel>>;

} // namespace polyabi::joined
