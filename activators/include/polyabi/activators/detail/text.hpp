// Text without the C library: std::string_view's own substr and find call it, or throw.
#pragma once

#include <polyabi/core/types.hpp>

#include <string_view>

namespace polyabi::activators {

using namespace std::string_view_literals; // a literal with a suffix needs no strlen

namespace detail {

/// The first `length` characters, or all.
constexpr std::string_view first(std::string_view text, usize length) {
  return {text.data(), length < text.size() ? length : text.size()};
}

/// What follows the first `length` characters.
constexpr std::string_view after(std::string_view text, usize length) {
  text.remove_prefix(length < text.size() ? length : text.size());
  return text;
}

/// Where `wanted` first stands; the size of the text if nowhere.
constexpr usize position(std::string_view text, char wanted) {
  usize at = 0;
  while (at < text.size() && text[at] != wanted) ++at;
  return at;
}

/// Up to the first NUL, or all.
constexpr std::string_view until_nul(std::string_view text) {
  return first(text, position(text, '\0'));
}

} // namespace detail

} // namespace polyabi::activators
