// Numbers that come as text: settings, and what programs write to pseudo files.
#pragma once

#include <polyabi/core/types.hpp>

#include <string_view>

namespace polyabi {

/// Decimal digits; false, and `to` as it was, for any other text.
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

/// As kstrtoint with base 0: decimal, 0x hexadecimal or 0 octal, with blanks around it.
constexpr bool parse_integer(std::string_view text, i64& to) {
  constexpr std::string_view blanks = " \t\n\v\f\r";
  while (!text.empty() && blanks.find(text.front()) != blanks.npos) text.remove_prefix(1);
  while (!text.empty() && blanks.find(text.back()) != blanks.npos) text.remove_suffix(1);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  i64 base = 10;
  if (text.size() > 1 && text.front() == '0') {
    const bool is_hexadecimal = (text[1] | 0x20) == 'x';
    base = is_hexadecimal ? 16 : 8;
    text.remove_prefix(is_hexadecimal ? 2 : 1);
  }
  i64 value = 0;
  for (const char c : text) {
    const i64 digit = c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : base;
    if (digit >= base || value > 0x7fffffff) return false;
    value = value * base + digit;
  }
  to = negative ? -value : value;
  return !text.empty();
}

} // namespace polyabi
