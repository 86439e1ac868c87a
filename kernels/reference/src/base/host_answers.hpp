// What the host's calls answer (machine.hpp): nothing negative, or a kernel error number, negated.
#pragma once

#include <polyabi/reference/structs.hpp>

namespace polyabi::reference {

/// Of a negative answer.
inline error host_error(i64 answer) { return static_cast<error>(static_cast<u16>(-answer)); }

inline result<> done_or_error(i64 answer) {
  if (answer < 0) return host_error(answer);
  return {};
}

inline result<i64> count_or_error(i64 answer) {
  if (answer < 0) return host_error(answer);
  return answer;
}

} // namespace polyabi::reference
