// Sets of numbered things, processors for one, as /proc and /sys write them: as a mask and as a list (Documentation/admin-guide/
// cputopology.rst).
#pragma once

#include <polyabi/linux/pseudo/common.hpp>

namespace polyabi::linux_abi::proc {

/// Bits in hexadecimal, as many digits as `count` of them need, a comma before each 32 bits. `has(number)` tells who is in.
template <class Has>
void write_mask(text_sink& to, u32 count, Has has) {
  for (u32 digit = (count + 3) / 4; digit-- > 0;) {
    u32 value = 0;
    for (u32 bit = 0; bit < 4; ++bit)
      if (const u32 number = digit * 4 + bit; number < count && has(number)) value |= u32{1} << bit;
    to << "0123456789abcdef"[value];
    if (digit != 0 && digit % 8 == 0) to << ',';
  }
  to << '\n';
}

/// Numbers and ranges of them with commas between.
template <class Has>
void write_list(text_sink& to, u32 count, Has has) {
  std::string_view before;
  for (u32 number = 0; number < count; ++number) {
    if (!has(number)) continue;
    u32 last = number;
    while (last + 1 < count && has(last + 1)) ++last;
    to << before << number;
    if (last != number) to << '-' << last;
    before = ",";
    number = last;
  }
  to << '\n';
}

} // namespace polyabi::linux_abi::proc
