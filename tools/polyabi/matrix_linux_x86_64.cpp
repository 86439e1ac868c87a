#include "matrix_levels.hpp"
#include "matrix_personalities.hpp"
#include "trace_derive.hpp"

#include <polyabi/linux/personality.hpp>
#include <polyabi/reference/kernel.hpp>

namespace polyabi::tool {

std::vector<row_support> linux_x86_64_on_reference() {
  return supports<linux_abi::personality, linux_abi::x86_64, reference::kernel>();
}
std::vector<row_support> linux_x86_64_on_none() {
  return supports<linux_abi::personality, linux_abi::x86_64, no_kernel>();
}

} // namespace polyabi::tool
