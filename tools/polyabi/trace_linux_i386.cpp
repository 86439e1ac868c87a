// Linux' calls on i386, derived from the personality's table.
#include "format_linux.hpp"
#include "trace_derive.hpp"
#include "trace_personalities.hpp"

#include <polyabi/linux/personality.hpp>

namespace polyabi::tool {

const abi_description& linux_i386() {
  static const abi_description description = describe<linux_abi::personality, linux_abi::i386>(linux_formats::all());
  return description;
}

} // namespace polyabi::tool
