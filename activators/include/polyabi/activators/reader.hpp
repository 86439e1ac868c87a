// Where an executable's bytes come from: a reader, so that nobody needs the whole file in memory.
#pragma once

#include <polyabi/activators/detail/text.hpp>
#include <polyabi/core/types.hpp>

#include <concepts>
#include <span>
#include <string_view>

namespace polyabi::activators {

/// Reads exactly `size` bytes at `offset`, or nothing: false if the file ends before, or cannot be read.
template <class R>
concept byte_reader = requires(R& reader, u64 offset, void* to, usize size) {
  { reader.read(offset, to, size) } -> std::same_as<bool>;
};

/// Whether the file has these bytes, one or more. A reader may have a `reaches` of its own, which knows without reading.
template <byte_reader R>
constexpr bool reaches(R& reader, u64 offset, u64 size) {
  if constexpr (requires { { reader.reaches(offset, size) } -> std::same_as<bool>; }) {
    return reader.reaches(offset, size);
  } else {
    u8 last = 0;
    return reader.read(offset + size - 1, &last, 1);
  }
}

/// A little-endian number of `width` bytes.
constexpr u64 load(const u8* from, usize width) {
  u64 value = 0;
  for (usize i = 0; i < width; ++i) value |= u64{from[i]} << (8 * i);
  return value;
}
constexpr u16 load16(const u8* from) {
  return static_cast<u16>(load(from, 2));
}
constexpr u32 load32(const u8* from) {
  return static_cast<u32>(load(from, 4));
}

/// A file that is in memory.
struct memory_reader {
  std::span<const u8> bytes;

  bool read(u64 offset, void* to, usize size) const {
    if (offset > bytes.size() || size > bytes.size() - offset) return false;
    if (size != 0) __builtin_memcpy(to, bytes.data() + offset, size);
    return true;
  }
};

/// Text of bounded length, kept by value. What does not fit is cut off.
template <usize capacity>
struct bounded_text {
  char characters[capacity]{};
  u32 size = 0;

  constexpr std::string_view view() const { return {characters, size}; }
  constexpr bool empty() const { return size == 0; }
  constexpr void assign(std::string_view text) {
    size = static_cast<u32>(text.size() < capacity ? text.size() : capacity);
    for (u32 i = 0; i < size; ++i) characters[i] = text[i];
  }
};

} // namespace polyabi::activators
