// A hash for tables whose keys are known when they are compiled and too far apart for an array.
#pragma once

#include <polyabi/core/types.hpp>

#include <array>
#include <bit>

namespace polyabi::detail {

/// A hash without collisions among the numbers of one table, found by the compiler. Numbers that agree in one hash share a
/// shift, which moves them to places of their own in a second one ("hash, displace and compress", Belazzougui, Botelho and
/// Dietzfelbinger, 2009): found in time that grows with the table, however long it is.
template <usize N>
struct perfect_hash {
  static constexpr u32 bits = std::bit_width(N * 2 - 1);
  static constexpr u32 bucket_bits = bits > 2 ? bits - 2 : 1;
  std::array<u16, usize{1} << bucket_bits> shifts{};

  consteval explicit perfect_hash(const std::array<u32, N>& numbers) {
    std::array<u32, usize{1} << bucket_bits> sizes{};
    u32 largest = 0;
    for (u32 n : numbers)
      if (const u32 size = ++sizes[bucket(n)]; size > largest) largest = size;
    std::array<bool, usize{1} << bits> taken{};
    // The largest first, while there is most room.
    for (u32 size = largest; size > 0; --size)
      for (u32 b = 0; b < sizes.size(); ++b)
        if (sizes[b] == size) place(numbers, b, size, taken);
  }
  constexpr u32 operator()(u32 number) const { return place_of(number, shifts[bucket(number)]); }

private:
  static constexpr u32 bucket(u32 number) { return (number * 0x9e3779b1u) >> (32 - bucket_bits); }
  static constexpr u32 place_of(u32 number, u32 shift) { return ((number ^ shift) * 0x85ebca6bu) >> (32 - bits); }

  consteval void place(const std::array<u32, N>& numbers, u32 in, u32 size, std::array<bool, usize{1} << bits>& taken) {
    std::array<u32, N> members{};
    u32 count = 0;
    for (u32 n : numbers)
      if (bucket(n) == in) members[count++] = n;
    for (u32 shift = 0;; ++shift) {
      if (shift > 0xffff) __builtin_unreachable(); // would not compile; no table has come near
      u32 placed = 0;
      while (placed < size && !taken[place_of(members[placed], shift)]) taken[place_of(members[placed++], shift)] = true;
      if (placed == size) {
        shifts[in] = static_cast<u16>(shift);
        return;
      }
      while (placed > 0) taken[place_of(members[--placed], shift)] = false;
    }
  }
};

} // namespace polyabi::detail
