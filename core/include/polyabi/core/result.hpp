// A value or an error number, without exceptions and without allocation.
#pragma once

#include <polyabi/core/types.hpp>

#include <type_traits>

namespace polyabi {

/// Success without a value.
struct [[nodiscard]] done {};

/// A value of type `T`, or an error of the enumeration `E`, whose zero means success.
/// `E` is `errc` in library code (a name) and the kernel's own enumeration in a kernel (a number).
template <class T, class E>
class [[nodiscard]] basic_result {
public:
  using value_type = T;
  using error_type = E;

  constexpr basic_result(T value) : value_{static_cast<T&&>(value)} {}
  constexpr basic_result(E error) : error_{error} {}
  /// From another enumeration of errors that `E` can hold.
  template <class Other>
    requires(std::is_enum_v<Other> && !std::is_same_v<Other, E> && std::is_convertible_v<Other, E>)
  constexpr basic_result(Other error) : error_{error} {}

  [[gnu::always_inline]] constexpr explicit operator bool() const { return error_ == E{}; }
  [[gnu::always_inline]] constexpr E error() const { return error_; }

  [[gnu::always_inline]] constexpr T& operator*() & { return value_; }
  [[gnu::always_inline]] constexpr const T& operator*() const& { return value_; }
  [[gnu::always_inline]] constexpr T&& operator*() && { return static_cast<T&&>(value_); }
  [[gnu::always_inline]] constexpr T* operator->() { return &value_; }
  [[gnu::always_inline]] constexpr const T* operator->() const { return &value_; }

private:
  T value_{};
  E error_{};
};

/// Success, or an error.
template <class E>
class [[nodiscard]] basic_result<void, E> {
public:
  using value_type = void;
  using error_type = E;

  constexpr basic_result() = default;
  constexpr basic_result(done) {}
  constexpr basic_result(E error) : error_{error} {}
  /// From another enumeration of errors that `E` can hold.
  template <class Other>
    requires(std::is_enum_v<Other> && !std::is_same_v<Other, E> && std::is_convertible_v<Other, E>)
  constexpr basic_result(Other error) : error_{error} {}

  [[gnu::always_inline]] constexpr explicit operator bool() const { return error_ == E{}; }
  [[gnu::always_inline]] constexpr E error() const { return error_; }

private:
  E error_{};
};

template <class T>
inline constexpr bool is_result = false;
template <class T, class E>
inline constexpr bool is_result<basic_result<T, E>> = true;

} // namespace polyabi
