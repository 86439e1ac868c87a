// What programs asked for and did not get, since the system was booted: each thing once, and how often.
#pragma once

#include <polyabi/core/types.hpp>

#include <string_view>

namespace polyabi::reference {

/// Things are the same if all but the count are.
struct unsupported_record {
  u64 value = 0;
  std::string_view personality, call, what; ///< constants
  char program[16]{};                       ///< as the process was named at the first time
  u32 count = 0;
  u32 order = 0; ///< of first times: 0, 1, ...
};

/// The record at `index`, in no order; null for an unused place and beyond the last one.
const unsupported_record* unsupported_at(usize index);
/// How many records there can be.
inline constexpr usize unsupported_capacity = 512;
/// Things that found no place any more.
u32 unsupported_lost();

} // namespace polyabi::reference
