#include "trace_personalities.hpp"

namespace polyabi::tool {

std::span<const abi_description* const> all_descriptions() {
  static const abi_description* const all[] = {
      &linux_x86_64(),
      &linux_i386(),
      &svr4_i386(),
#ifdef POLYABI_HAS_NATIVE
      &native_x86_64(),
#endif
  };
  return all;
}

} // namespace polyabi::tool
