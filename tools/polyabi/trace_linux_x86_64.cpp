// Linux' calls on x86-64, derived from the personality's table.
#include "format_linux.hpp"
#include "trace_derive.hpp"
#include "trace_personalities.hpp"

#include <polyabi/linux/personality.hpp>

namespace polyabi::tool {

const abi_description& linux_x86_64() {
  static const abi_description description = describe<linux_abi::personality, linux_abi::x86_64>(linux_formats::all());
  return description;
}

} // namespace polyabi::tool
