// System V Release 4's calls on i386, derived from the personality's table.
#include "trace_derive.hpp"
#include "trace_personalities.hpp"

#include <polyabi/svr4/personality.hpp>

namespace polyabi::tool {

const abi_description& svr4_i386() {
  static const abi_description description = describe<svr4::personality, svr4::i386>({});
  return description;
}

} // namespace polyabi::tool
