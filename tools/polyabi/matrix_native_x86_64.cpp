#ifdef POLYABI_HAS_NATIVE
#include "matrix_levels.hpp"
#include "matrix_personalities.hpp"

#include <polyabi/native/personality.hpp>
#include <polyabi/reference/kernel.hpp>

namespace polyabi::tool {

std::vector<row_support> native_x86_64_on_reference() {
  return supports<native_abi::personality<reference::kernel>, native_abi::x86_64, reference::kernel>();
}

} // namespace polyabi::tool
#endif
