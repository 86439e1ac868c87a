// 64-bit programs of Solaris and illumos on the reference kernel.
#include "svr4.hpp"

#include <polyabi/svr4/variants/all.hpp>

namespace polyabi::joined {

extern const abi<reference::kernel> svr4_amd64;
constinit const abi<reference::kernel> svr4_amd64 = svr4::amd64_abi<reference::kernel>;

} // namespace polyabi::joined
