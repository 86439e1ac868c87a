// The reference kernel's own programs.
#include <polyabi/native/personality.hpp>
#include <polyabi/reference/kernel.hpp>

namespace polyabi::joined {

extern const abi<reference::kernel> native_x86_64;
constinit const abi<reference::kernel> native_x86_64 = abi_of<native_abi::on<reference::kernel>>;

} // namespace polyabi::joined
