// The calls of Solaris' and illumos' 64-bit programs, derived from the personality's table.
#include "format_svr4.hpp"
#include "trace_derive.hpp"
#include "trace_personalities.hpp"

#include <polyabi/svr4/personality.hpp>

namespace polyabi::tool {

const abi_description& svr4_amd64() {
  static const abi_description description = describe<svr4::amd64_personality, svr4::amd64>(svr4_formats::all());
  return description;
}

} // namespace polyabi::tool
