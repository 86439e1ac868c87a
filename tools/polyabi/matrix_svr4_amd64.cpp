#include "matrix_levels.hpp"
#include "matrix_personalities.hpp"
#include "trace_derive.hpp"

#include <polyabi/reference/kernel.hpp>
#include <polyabi/svr4/personality.hpp>

namespace polyabi::tool {

std::vector<row_support> svr4_amd64_on_reference() {
  return supports<svr4::amd64_personality, svr4::amd64, reference::kernel>();
}
std::vector<row_support> svr4_amd64_on_none() {
  return supports<svr4::amd64_personality, svr4::amd64, no_kernel>();
}

} // namespace polyabi::tool
