// Settings of a personality that whoever starts a program may choose: `polyabi run --set linux.osrelease=5.10.0`.
#pragma once

#include <polyabi/core/kernel.hpp>

namespace polyabi {

/// The text that was chosen, or what stands in for one that was not.
template <class K>
std::string_view setting_or([[maybe_unused]] typename K::thread& caller, [[maybe_unused]] std::string_view name,
                            std::string_view otherwise) {
  if constexpr (provides<K, op::setting>()) {
    if (auto given = polyabi::perform<K>(op::setting{}, caller, name); given && !(*given).empty()) return *given;
  }
  return otherwise;
}

} // namespace polyabi
