#include "matrix_levels.hpp"
#include "matrix_personalities.hpp"
#include "trace_derive.hpp"

#include <polyabi/linux/personality.hpp>
#include <polyabi/reference/kernel.hpp>

namespace polyabi::tool {

std::vector<row_support> linux_i386_on_reference() {
  return supports<linux_abi::personality, linux_abi::i386, reference::kernel>();
}
std::vector<row_support> linux_i386_on_none() {
  return supports<linux_abi::personality, linux_abi::i386, no_kernel>();
}

} // namespace polyabi::tool
