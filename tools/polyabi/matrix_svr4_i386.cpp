#include "matrix_levels.hpp"
#include "matrix_personalities.hpp"
#include "trace_derive.hpp"

#include <polyabi/reference/kernel.hpp>
#include <polyabi/svr4/personality.hpp>

namespace polyabi::tool {

std::vector<row_support> svr4_i386_on_reference() {
  return supports<svr4::personality, svr4::i386, reference::kernel>();
}
std::vector<row_support> svr4_i386_on_none() {
  return supports<svr4::personality, svr4::i386, no_kernel>();
}

} // namespace polyabi::tool
