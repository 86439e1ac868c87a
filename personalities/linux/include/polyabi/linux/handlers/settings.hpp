// Numbers that can be set from outside the program: `--set linux.NAME=NUMBER`.
#pragma once

#include <polyabi/core/number_text.hpp>
#include <polyabi/linux/handlers/common.hpp>

namespace polyabi::linux_abi::handlers::detail {

template <class Env>
u64 number_setting([[maybe_unused]] context<Env>& c, [[maybe_unused]] std::string_view name, u64 otherwise) {
  if constexpr (provides<typename Env::kernel, op::setting>())
    if (auto given = c.perform(op::setting{}, name)) (void)parse_number(*given, otherwise);
  return otherwise;
}

} // namespace polyabi::linux_abi::handlers::detail
