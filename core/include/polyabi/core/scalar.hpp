// Integers of a foreign layout: size, alignment and byte order are the foreign machine's, not the compiler's.
#pragma once

#include <polyabi/core/types.hpp>

#include <bit>
#include <concepts>
#include <type_traits>

namespace polyabi {

/// An integer as it lies in foreign memory.
template <std::integral T, std::endian Order = std::endian::little, usize Alignment = alignof(T)>
struct alignas(Alignment) scalar {
  using value_type = T;
  unsigned char bytes[sizeof(T)];

  scalar() = default;
  constexpr scalar(T value) { *this = value; }
  constexpr scalar& operator=(T value) {
    const T ordered = order(value);
    if (std::is_constant_evaluated()) {
      const auto raw = std::bit_cast<array>(ordered);
      for (usize i = 0; i < sizeof(T); ++i) bytes[i] = raw.b[i];
    } else {
      __builtin_memcpy(bytes, &ordered, sizeof(T)); // one store; a loop over bytes is not always merged to one
    }
    return *this;
  }
  constexpr operator T() const {
    if (std::is_constant_evaluated()) {
      array raw{};
      for (usize i = 0; i < sizeof(T); ++i) raw.b[i] = bytes[i];
      return order(std::bit_cast<T>(raw));
    }
    T raw;
    __builtin_memcpy(&raw, bytes, sizeof(T));
    return order(raw);
  }

private:
  struct array {
    unsigned char b[sizeof(T)];
  };
  static constexpr T order(T value) {
    if constexpr (Order == std::endian::native || sizeof(T) == 1) {
      return value;
    } else {
      using U = std::make_unsigned_t<T>;
      auto in = static_cast<U>(value);
      U out = 0;
      for (usize i = 0; i < sizeof(T); ++i) {
        out = static_cast<U>(static_cast<U>(out << 8) | static_cast<U>(in & 0xff));
        in = static_cast<U>(in >> 8);
      }
      return static_cast<T>(out);
    }
  }
};

template <class T, usize Alignment = alignof(T)>
using le = scalar<T, std::endian::little, Alignment>;
template <class T, usize Alignment = alignof(T)>
using be = scalar<T, std::endian::big, Alignment>;

/// Data models: the widths and alignments of a foreign architecture. A foreign structure is a template over one of them.
template <std::endian Order, usize WordSize, usize Alignment64>
struct data_model {
  static constexpr std::endian byte_order = Order;
  static constexpr usize word_size = WordSize;
  using i8 = scalar<polyabi::i8, Order>;
  using u8 = scalar<polyabi::u8, Order>;
  using i16 = scalar<polyabi::i16, Order>;
  using u16 = scalar<polyabi::u16, Order>;
  using i32 = scalar<polyabi::i32, Order>;
  using u32 = scalar<polyabi::u32, Order>;
  using i64 = scalar<polyabi::i64, Order, Alignment64>;
  using u64 = scalar<polyabi::u64, Order, Alignment64>;
  /// C `long` and `unsigned long`.
  using slong = std::conditional_t<WordSize == 8, i64, i32>;
  using ulong = std::conditional_t<WordSize == 8, u64, u32>;
  /// An address of user memory.
  using pointer = ulong;
};

struct lp64 : data_model<std::endian::little, 8, 8> {};       ///< x86-64
struct ilp32_i386 : data_model<std::endian::little, 4, 4> {}; ///< i386: 64-bit members are aligned to 4
struct ilp32 : data_model<std::endian::little, 4, 8> {};      ///< other little-endian 32-bit machines
struct ilp32_big : data_model<std::endian::big, 4, 8> {};
struct lp64_big : data_model<std::endian::big, 8, 8> {};

template <class T>
inline constexpr bool is_scalar = false;
template <class T, std::endian O, usize A>
inline constexpr bool is_scalar<scalar<T, O, A>> = true;

} // namespace polyabi
