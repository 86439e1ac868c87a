// Releases of a system, as its programs see them: what differs from one to the next is data (docs/versioning.md).
#pragma once

#include <polyabi/core/types.hpp>

#include <string_view>

namespace polyabi {

/// A release by its three numbers: Linux 5.9 is {5, 9}. Zero is none.
struct release {
  u8 first = 0, second = 0, third = 0;

  constexpr bool is_none() const { return first == 0 && second == 0 && third == 0; }
  /// Later ones are greater.
  constexpr u32 order() const { return u32{first} << 16 | u32{second} << 8 | third; }
  constexpr bool operator==(const release&) const = default;
  constexpr bool operator<(const release& other) const { return order() < other.order(); }
};

/// "5.10.0-8-amd64" is {5, 10}: what stands behind the numbers does not count. None if the text does not begin with a number,
/// or if a number is above 255, as in Linux' own way of counting.
constexpr release parse_release(std::string_view text) {
  u8 numbers[3]{};
  for (u8& number : numbers) {
    u32 value = 0;
    usize digits = 0;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits)
      if ((value = value * 10 + static_cast<u32>(text[digits] - '0')) > 0xff) return {};
    if (digits == 0) break;
    number = static_cast<u8>(value);
    if (digits == text.size() || text[digits] != '.') break;
    text.remove_prefix(digits + 1);
  }
  return {numbers[0], numbers[1], numbers[2]};
}

/// A structure that a program states the size of grows from release to release. Inside the structure:
///
///   static constexpr grown growth[]{{64, {5, 3}}, {80, {5, 5}}, {88, {5, 7}}};
struct grown {
  usize size;
  release in;
};

/// How much of a structure a release knows: all of it if none was chosen, or if it never grew. The first size was always known:
/// without it there is no call.
template <class T>
constexpr usize known_size([[maybe_unused]] release seen) {
  usize known = sizeof(T);
  if constexpr (requires { T::growth; }) {
    static_assert(T::growth[std::size(T::growth) - 1].size == sizeof(T), "what a structure has grown to is its size");
    if (!seen.is_none()) {
      known = T::growth[0].size;
      for (const grown& step : T::growth)
        if (!(seen < step.in)) known = step.size;
    }
  }
  return known;
}

/// The release that a thread's process sees, on a kernel that keeps one (`K::release_of(thread)`); none: all that there is.
template <class K>
constexpr release release_seen([[maybe_unused]] typename K::thread& thread) {
  if constexpr (requires { K::release_of(thread); })
    return K::release_of(thread);
  else
    return {};
}

} // namespace polyabi
