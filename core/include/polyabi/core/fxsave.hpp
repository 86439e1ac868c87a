// The area that FXSAVE writes, which a machine hands over in `registers::fpu` (Intel SDM volume 1, 10.5.1, in its 64-bit form).
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi::fxsave {

inline constexpr usize size = 512;
inline constexpr usize state_size = 416; ///< of it, x87 and 16 SSE registers; what follows is reserved
inline constexpr usize mxcsr_at = 24, mxcsr_mask_at = 28;
inline constexpr usize registers_at = 32, register_step = 16; ///< eight of the x87
inline constexpr usize xmm_at = 160;

/// MXCSR as it can be loaded where `area` was saved: reserved bits fault, and the area tells which are not. One that does not is of a
/// processor that has the first of them (11.6.6).
inline u32 loadable_mxcsr(const void* area, u32 wanted) {
  u32 mask;
  __builtin_memcpy(&mask, static_cast<const unsigned char*>(area) + mxcsr_mask_at, sizeof mask);
  return wanted & (mask != 0 ? mask : 0xffbfu);
}

} // namespace polyabi::fxsave
