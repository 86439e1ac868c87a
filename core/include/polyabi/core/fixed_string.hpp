// A string literal as a template argument.
#pragma once

#include <polyabi/core/types.hpp>

#include <string_view>

namespace polyabi {

template <usize N>
struct fixed_string {
  char text[N]{};
  consteval fixed_string(const char (&literal)[N]) {
    for (usize i = 0; i < N; ++i) text[i] = literal[i];
  }
  constexpr std::string_view view() const { return {text, N - 1}; }
};

} // namespace polyabi
