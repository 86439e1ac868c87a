// Zeroes for structures on their way, on the stack of each call.
#pragma once

#include <polyabi/core/types.hpp>

#include <type_traits>
#include <utility>

namespace polyabi {

/// Makes `object` what `T{}` is, when it has been defined without an initialiser. In pieces, which compilers clear with a few
/// stores each: g++ clears more than that at once with `rep stos`, which costs as much as translating the structure does.
template <class T>
[[gnu::always_inline]] constexpr void clear(T& object) {
  constexpr usize piece = 64, most = 512;
  if (std::is_constant_evaluated()) {
    if constexpr (std::is_array_v<T>)
      for (auto& one : object) one = {};
    else
      object = T{};
  } else if constexpr (!std::is_trivially_default_constructible_v<T>) {
    object = T{};
  } else if constexpr (sizeof(T) > most) {
    __builtin_memset(&object, 0, sizeof(T));
  } else {
    constexpr usize whole = sizeof(T) / piece, rest = sizeof(T) % piece;
    auto* const bytes = reinterpret_cast<unsigned char*>(&object);
    [bytes]<usize... I>(std::index_sequence<I...>) __attribute__((always_inline)) {
      (static_cast<void>(__builtin_memset(bytes + I * piece, 0, piece)), ...);
    }
    (std::make_index_sequence<whole>{});
    if constexpr (rest != 0) __builtin_memset(bytes + whole * piece, 0, rest);
  }
}

} // namespace polyabi
