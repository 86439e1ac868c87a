// System V Release 4 programs of i386 on the reference kernel.
#include <polyabi/reference/kernel.hpp>
#include <polyabi/svr4/personality.hpp>

namespace polyabi::joined {

extern const abi<reference::kernel> svr4_i386;
constinit const abi<reference::kernel> svr4_i386 = abi_of<svr4::on<reference::kernel>>;

} // namespace polyabi::joined
