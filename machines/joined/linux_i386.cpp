// Linux programs of i386 on the reference kernel.
#include "linux.hpp"

namespace polyabi::joined {

extern const abi<reference::kernel> linux_i386;
constinit const abi<reference::kernel> linux_i386 =
    abi_of<environment<linux_abi::personality, linux_abi::i386, reference::kernel>>;

} // namespace polyabi::joined
