// What is known of a word at one point of a function: constants, or where it comes from.
#pragma once

#include <polyabi/core/types.hpp>

#include <algorithm>
#include <array>
#include <span>

namespace polyabi::check {

/// An element of the lattice of constant propagation, between `unset` (not reached) and `unknown`.
class value {
public:
  enum class kind : u8 {
    unset,
    constants,      ///< one of a few numbers
    entry_register, ///< what a register held when the function began
    entry_stack,    ///< what the stack held so far above the stack pointer when the function began
    stack,          ///< an address so far from that stack pointer
    unknown,
  };
  static constexpr usize most = 8;

  constexpr value() = default;
  static constexpr value constant(u64 number) { return {kind::constants, number}; }
  static constexpr value in_register(u8 index) { return {kind::entry_register, index}; }
  static constexpr value on_stack(i64 offset) { return {kind::entry_stack, static_cast<u64>(offset)}; }
  static constexpr value stack_address(i64 offset) { return {kind::stack, static_cast<u64>(offset)}; }
  static constexpr value unknown() { return {kind::unknown, 0}; }

  constexpr kind what() const { return kind_; }
  constexpr bool is_constant() const { return kind_ == kind::constants; }
  constexpr bool is_unknown() const { return kind_ == kind::unknown; }
  /// Whether it is an argument of the function: its caller knows it.
  constexpr bool is_argument() const { return kind_ == kind::entry_register || kind_ == kind::entry_stack; }
  constexpr std::span<const u64> numbers() const { return {numbers_.data(), is_constant() ? count_ : usize{0}}; }
  constexpr u8 register_index() const { return static_cast<u8>(numbers_[0]); }
  constexpr i64 offset() const { return static_cast<i64>(numbers_[0]); }

  constexpr bool operator==(const value& other) const {
    return kind_ == other.kind_ && count_ == other.count_ &&
           std::equal(numbers_.begin(), numbers_.begin() + count_, other.numbers_.begin());
  }

  /// What is known where both may be.
  constexpr value joined(const value& other) const {
    if (kind_ == kind::unset || *this == other) return other;
    if (other.kind_ == kind::unset) return *this;
    if (!is_constant() || !other.is_constant()) return unknown();
    value both = *this;
    for (const u64 n : other.numbers())
      if (!both.insert(n)) return unknown();
    return both;
  }

  /// The constants through a function; anything else is unknown.
  template <class Function>
  constexpr value mapped(Function&& function) const {
    if (!is_constant()) return kind_ == kind::unset ? *this : unknown();
    value result{kind::constants};
    for (const u64 n : numbers()) result.insert(function(n));
    return result;
  }

private:
  constexpr value(kind what, u64 number) : kind_{what}, count_{1} { numbers_[0] = number; }
  constexpr explicit value(kind what) : kind_{what} {}

  constexpr bool insert(u64 number) {
    const auto end = numbers_.begin() + count_;
    const auto at = std::lower_bound(numbers_.begin(), end, number);
    if (at != end && *at == number) return true;
    if (count_ == most) return false;
    std::move_backward(at, end, end + 1);
    *at = number;
    ++count_;
    return true;
  }

  kind kind_ = kind::unset;
  u8 count_ = 0;
  std::array<u64, most> numbers_{};
};

} // namespace polyabi::check
