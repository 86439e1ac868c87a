// The x87 state as FSAVE writes it, which i386 frames carry before the FXSAVE area: struct _fpstate_32 of asm/sigcontext.h.
#pragma once

#include <polyabi/core/fields.hpp>

namespace polyabi::linux_abi {

struct x87_register {
  unsigned char bytes[10]; ///< 64 bits of significand, then sign and exponent
};

struct old_floating_point {
  using M = ilp32_i386;
  M::u32 control, status, tags, instruction, code_segment, operand, data_segment;
  x87_register st[8];
  M::u16 status_again, magic; ///< magic 0: an FXSAVE area follows; 0xffff: none does
  POLYABI_FIELDS(old_floating_point, control, status, tags, instruction, code_segment, operand, data_segment, st, status_again, magic)
};
static_assert(layout<old_floating_point, 112>);

namespace floating_point {

/// FSAVE's two tag bits of a register: 0 valid, 1 zero, 2 special, 3 empty. FXSAVE only says whether it is empty.
inline u32 full_tag(const unsigned char* slot) {
  u64 significand;
  u16 exponent;
  __builtin_memcpy(&significand, slot, 8);
  __builtin_memcpy(&exponent, slot + 8, 2);
  exponent &= 0x7fff;
  if (exponent == 0x7fff) return 2;
  if (exponent == 0) return significand == 0 ? 1 : 2;
  return (significand >> 63) != 0 ? 0 : 2;
}

} // namespace floating_point

/// From an FXSAVE area. The tags there are by physical register, the registers by their place on the x87 stack.
inline old_floating_point to_old(const unsigned char* area) {
  u16 control, status, segments[2];
  u32 instruction, operand;
  __builtin_memcpy(&control, area, 2);
  __builtin_memcpy(&status, area + 2, 2);
  __builtin_memcpy(&instruction, area + 8, 4);
  __builtin_memcpy(&segments[0], area + 12, 2);
  __builtin_memcpy(&operand, area + 16, 4);
  __builtin_memcpy(&segments[1], area + 20, 2);
  const u32 in_use = area[4], top = status >> 11 & 7u;

  old_floating_point old{};
  old.control = control | 0xffff0000u;
  old.status = status | 0xffff0000u;
  old.instruction = instruction;
  old.code_segment = segments[0];
  old.operand = operand;
  old.data_segment = segments[1] | 0xffff0000u;
  u32 tags = 0;
  for (u32 physical = 0; physical < 8; ++physical) {
    const unsigned char* slot = area + 32 + ((physical - top) & 7u) * 16;
    tags |= ((in_use >> physical & 1u) != 0 ? floating_point::full_tag(slot) : 3u) << (physical * 2);
  }
  old.tags = tags | 0xffff0000u;
  for (u32 i = 0; i < 8; ++i) __builtin_memcpy(old.st[i].bytes, area + 32 + i * 16, 10);
  old.status_again = status;
  old.magic = u16{0};
  return old;
}

/// Into an FXSAVE area, whose SSE registers stay.
inline void from_old(const old_floating_point& old, unsigned char* area) {
  const auto control = static_cast<u16>(u32{old.control});
  const auto status = static_cast<u16>(u32{old.status});
  const u32 instruction = old.instruction, operand = old.operand, tags = old.tags;
  const auto code_segment = static_cast<u16>(u32{old.code_segment});
  const auto data_segment = static_cast<u16>(u32{old.data_segment});
  __builtin_memcpy(area, &control, 2);
  __builtin_memcpy(area + 2, &status, 2);
  unsigned char in_use = 0;
  for (u32 i = 0; i < 8; ++i)
    if ((tags >> (i * 2) & 3u) != 3u) in_use = static_cast<unsigned char>(in_use | 1u << i);
  area[4] = in_use;
  area[5] = 0;
  __builtin_memcpy(area + 8, &instruction, 4);
  __builtin_memcpy(area + 12, &code_segment, 2);
  __builtin_memset(area + 14, 0, 2);
  __builtin_memcpy(area + 16, &operand, 4);
  __builtin_memcpy(area + 20, &data_segment, 2);
  __builtin_memset(area + 22, 0, 2);
  for (u32 i = 0; i < 8; ++i) {
    __builtin_memcpy(area + 32 + i * 16, old.st[i].bytes, 10);
    __builtin_memset(area + 42 + i * 16, 0, 6);
  }
}

} // namespace polyabi::linux_abi
