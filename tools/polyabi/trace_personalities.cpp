#include "trace_personalities.hpp"

namespace polyabi::tool {

std::span<const abi_description* const> all_descriptions() {
  static const std::vector<const abi_description*> all = [] {
    std::vector<const abi_description*> known{&linux_x86_64(), &linux_i386(), &svr4_i386(), &svr4_amd64()};
    for (const abi_description& variant : svr4_variants()) known.push_back(&variant);
#ifdef POLYABI_HAS_NATIVE
    known.push_back(&native_x86_64());
#endif
    return known;
  }();
  return all;
}

} // namespace polyabi::tool
