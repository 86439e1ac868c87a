// The floating-point part of a signal frame: what FXSAVE or XSAVE wrote, as the machine hands it over in `registers::fpu`,
// copied to the user's stack and back. What comes back is the user's to choose, so nothing in it may make the machine's XRSTOR
// fault. asm/sigcontext.h describes both layouts; "XSAVE area" is in Intel's manual, volume 1, chapter 13.
#pragma once

#include <polyabi/core/fxsave.hpp>
#include <polyabi/core/registers.hpp>
#include <polyabi/linux/signal_frame/old_floating_point.hpp>

namespace polyabi::linux_abi::floating_point {

inline constexpr usize legacy_size = fxsave::size, state_size = fxsave::state_size;
inline constexpr usize software_at = 464; ///< reserved for software: 48 bytes
inline constexpr usize header_at = 512;   ///< of XSAVE: 64 bytes
inline constexpr usize extended_at = 576; ///< the other registers
inline constexpr u32 extended_magic = 0x46505853;
inline constexpr u32 end_magic = 0x46505845; ///< after the state, 4 bytes

/// The software bytes: what tells an XSAVE area from an FXSAVE one.
struct software_bytes {
  u32 magic, extended_size;
  u64 features;
  u32 state_size;
  u32 padding[7];
};
static_assert(sizeof(software_bytes) == 48);

/// State components that user code may set: x87, SSE, AVX, MPX, AVX-512. Others (protection keys, shadow stacks, tiles) keep
/// the value they have.
inline constexpr u64 user_components = 0xff;

inline software_bytes software_of(const registers& r) {
  software_bytes s;
  __builtin_memcpy(&s, static_cast<const unsigned char*>(r.fpu) + software_at, sizeof s);
  return s;
}

/// Whether the machine's area is a whole XSAVE one.
inline bool is_extended(const registers& r) {
  if (r.fpu == nullptr || r.fpu_size < extended_at + 4) return false;
  const software_bytes s = software_of(r);
  return s.magic == extended_magic && s.state_size >= extended_at && s.extended_size == r.fpu_size &&
         s.state_size == r.fpu_size - 4;
}

/// Bytes that the area takes in a frame; 0 if the machine saved none.
inline u32 area_size(const registers& r) {
  if (r.fpu == nullptr || r.fpu_size < legacy_size) return 0;
  return is_extended(r) ? r.fpu_size : legacy_size;
}

/// Copies the area to the frame.
template <class K>
bool save(typename K::thread& thread, const registers& r, u64 to) {
  const u32 size = area_size(r);
  if (size == legacy_size && r.fpu_size >= legacy_size) {
    // An FXSAVE area says so by a zero magic.
    unsigned char area[legacy_size];
    __builtin_memcpy(area, r.fpu, legacy_size);
    __builtin_memset(area + software_at, 0, sizeof(software_bytes));
    return K::copy_out(thread, to, area, legacy_size);
  }
  return K::copy_out(thread, to, r.fpu, size);
}

/// Takes the bits out of MXCSR that would fault.
inline void clean_control(unsigned char* area) {
  u32 control;
  __builtin_memcpy(&control, area + fxsave::mxcsr_at, 4);
  control = fxsave::loadable_mxcsr(area, control);
  __builtin_memcpy(area + fxsave::mxcsr_at, &control, 4);
}

/// Sets the header of the XSAVE area so that exactly `present` of the user's components are loaded and the rest of those start
/// afresh.
inline void set_header(unsigned char* area, u64 features, u64 present) {
  u64 own;
  __builtin_memcpy(&own, area + header_at, 8);
  own = (own & ~user_components) | (present & features & user_components);
  __builtin_memset(area + header_at, 0, 64);
  __builtin_memcpy(area + header_at, &own, 8);
}

/// The state of a new image.
inline void reset(registers& r) {
  if (area_size(r) == 0) return;
  auto* area = static_cast<unsigned char*>(r.fpu);
  u32 mask;
  __builtin_memcpy(&mask, area + fxsave::mxcsr_mask_at, 4);
  const u16 control = 0x37f;
  const u32 sse_control = 0x1f80;
  __builtin_memset(area, 0, state_size);
  __builtin_memcpy(area, &control, 2);
  __builtin_memcpy(area + fxsave::mxcsr_at, &sse_control, 4);
  __builtin_memcpy(area + fxsave::mxcsr_mask_at, &mask, 4);
  if (is_extended(r)) set_header(area, software_of(r).features, 3);
}

/// Takes the area back from the frame. False if it cannot be read.
template <class K>
bool restore(typename K::thread& thread, registers& r, u64 from) {
  (void)r.floating_point_to_change();
  if (area_size(r) == 0) return true;
  if (from == 0) {
    reset(r);
    return true;
  }
  auto* area = static_cast<unsigned char*>(r.fpu);
  software_bytes stated;
  if (!K::copy_in(thread, &stated, from + software_at, sizeof stated)) return false;
  u32 control_mask;
  __builtin_memcpy(&control_mask, area + 28, 4);
  if (!K::copy_in(thread, area, from, state_size)) return false;
  __builtin_memcpy(area + 28, &control_mask, 4);
  clean_control(area);
  if (!is_extended(r)) return true;

  const software_bytes own = software_of(r);
  u32 end = 0;
  const bool whole = stated.magic == extended_magic && stated.extended_size == own.extended_size &&
                     stated.state_size == own.state_size && K::copy_in(thread, &end, from + own.state_size, sizeof end) &&
                     end == end_magic;
  if (!whole) { // as Linux: an area that is not whole is taken for an FXSAVE one
    set_header(area, own.features, 3);
    return true;
  }
  u64 present;
  if (!K::copy_in(thread, &present, from + header_at, sizeof present)) return false;
  if (!K::copy_in(thread, area + extended_at, from + extended_at, own.state_size - extended_at)) return false;
  set_header(area, own.features, present & stated.features);
  return true;
}

} // namespace polyabi::linux_abi::floating_point
