// The reference kernel's own calls, derived from its personality's table.
#ifdef POLYABI_HAS_NATIVE
#include "trace_derive.hpp"
#include "trace_personalities.hpp"

#include <polyabi/native/personality.hpp>
#include <polyabi/reference/kernel.hpp>

namespace polyabi::tool {

const abi_description& native_x86_64() {
  static const abi_description description = describe<native_abi::personality<reference::kernel>, native_abi::x86_64>({});
  return description;
}

} // namespace polyabi::tool
#endif
