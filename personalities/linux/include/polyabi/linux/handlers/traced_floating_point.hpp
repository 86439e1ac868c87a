// Sets of registers as bytes, as PTRACE_GETREGSET names them.
#pragma once

#include <polyabi/core/services.hpp>
#include <polyabi/linux/handlers/traced_registers.hpp>

namespace polyabi::linux_abi::handlers::detail {

/// One set of a tracee's registers, for the length of a request. Which there are, and how large, is a matter of the tracee.
template <class K>
struct register_image {
  using tracee = typename K::tracee;
  /// What i387 had: struct user_i387_ia32_struct.
  static constexpr usize old_size = 108;

  unsigned char* bytes = nullptr;
  usize size = 0;

  register_image() = default;
  register_image(const register_image&) = delete;
  register_image& operator=(const register_image&) = delete;
  ~register_image() {
    if (bytes != nullptr) K::deallocate(bytes, size);
  }

  errc begin(tracee& of, u64 set) {
    which_ = set;
    is_32_bit_ = of.is_32_bit();
    const registers& r = of.frame();
    const bool has_area = floating_point::area_size(r) != 0;
    switch (set) {
    case register_sets::general: size = is_32_bit_ ? sizeof(user_registers_i386) : sizeof(user_registers_x86_64); return errc::none;
    case register_sets::floating_point: size = is_32_bit_ ? old_size : floating_point::legacy_size; break;
    case register_sets::extended_floating_point:
      if (!is_32_bit_) return errc::inval;
      size = floating_point::legacy_size;
      break;
    case register_sets::extended_state:
      if (!floating_point::is_extended(r)) return errc::nodev;
      size = floating_point::software_of(r).state_size;
      break;
    default: return errc::inval;
    }
    return has_area ? errc::none : errc::nodev;
  }

  bool allocate() {
    bytes = static_cast<unsigned char*>(K::allocate(size));
    return bytes != nullptr;
  }

  errc fill(tracee& of) {
    if (which_ == register_sets::general) {
      if (is_32_bit_) show_general<user_registers_i386>(of);
      else show_general<user_registers_x86_64>(of);
      return errc::none;
    }
    const registers& r = of.frame();
    if (floating_point::area_size(r) < floating_point::legacy_size) return errc::srch;
    const auto* area = static_cast<const unsigned char*>(r.fpu);
    if (size == old_size) {
      const old_floating_point old = to_old(area);
      __builtin_memcpy(bytes, &old, size);
      return errc::none;
    }
    if (size > floating_point::area_size(r)) return errc::srch;
    __builtin_memcpy(bytes, area, size);
    // Software's bytes have the components that are enabled first.
    __builtin_memset(bytes + floating_point::software_at, 0, sizeof(floating_point::software_bytes));
    if (which_ == register_sets::extended_state) {
      const u64 features = floating_point::software_of(r).features;
      __builtin_memcpy(bytes + floating_point::software_at, &features, sizeof features);
    }
    return errc::none;
  }

  errc take(tracee& of) {
    if (which_ == register_sets::general) {
      if (is_32_bit_) set_general<user_registers_i386>(of);
      else set_general<user_registers_x86_64>(of);
      return errc::none;
    }
    registers& r = of.frame();
    if (floating_point::area_size(r) < floating_point::legacy_size || (size > floating_point::area_size(r))) return errc::srch;
    auto* area = static_cast<unsigned char*>(r.floating_point_to_change());
    const floating_point::software_bytes software = floating_point::software_of(r);
    const bool extended = floating_point::is_extended(r);
    u32 mask;
    __builtin_memcpy(&mask, area + fxsave::mxcsr_mask_at, sizeof mask);
    u64 present = 3;
    if (size == old_size) {
      old_floating_point old = to_old(area);
      __builtin_memcpy(&old, bytes, size);
      from_old(old, area);
      if (extended) __builtin_memcpy(&present, area + floating_point::header_at, sizeof present);
      present |= 1;
    } else {
      if (extended) {
        const auto* stated = which_ == register_sets::extended_state ? bytes : area;
        __builtin_memcpy(&present, stated + floating_point::header_at, sizeof present);
        if (which_ != register_sets::extended_state) present |= 3;
      }
      __builtin_memcpy(area, bytes, floating_point::state_size);
      if (which_ == register_sets::extended_state)
        __builtin_memcpy(area + floating_point::extended_at, bytes + floating_point::extended_at, size - floating_point::extended_at);
    }
    __builtin_memcpy(area + fxsave::mxcsr_mask_at, &mask, sizeof mask);
    floating_point::clean_control(area);
    if (extended) floating_point::set_header(area, software.features, present);
    return errc::none;
  }

private:
  template <class Registers>
  void show_general(tracee& of) {
    Registers all;
    show(of, all);
    __builtin_memcpy(bytes, &all, sizeof all);
  }
  template <class Registers>
  void set_general(tracee& of) {
    Registers all;
    __builtin_memcpy(&all, bytes, sizeof all);
    set(of, all);
  }

  u64 which_ = 0;
  bool is_32_bit_ = false;
};

} // namespace polyabi::linux_abi::handlers::detail
