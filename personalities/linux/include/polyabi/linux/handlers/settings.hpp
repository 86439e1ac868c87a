// Numbers that can be set from outside the program: `--set linux.NAME=NUMBER`.
#pragma once

#include <polyabi/linux/handlers/common.hpp>

namespace polyabi::linux_abi::handlers::detail {

/// Decimal digits; whatever else is given counts as not given.
constexpr bool parse_number(std::string_view text, u64& to) {
  u64 value = 0;
  for (const char digit : text)
    if (digit < '0' || digit > '9' || __builtin_mul_overflow(value, u64{10}, &value) ||
        __builtin_add_overflow(value, static_cast<u64>(digit - '0'), &value))
      return false;
  if (text.empty()) return false;
  to = value;
  return true;
}

template <class Env>
u64 number_setting([[maybe_unused]] context<Env>& c, [[maybe_unused]] std::string_view name, u64 otherwise) {
  if constexpr (provides<typename Env::kernel, op::setting>())
    if (auto given = c.perform(op::setting{}, name)) (void)parse_number(*given, otherwise);
  return otherwise;
}

} // namespace polyabi::linux_abi::handlers::detail
