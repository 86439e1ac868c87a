// Thread pointers: segment bases of 64-bit code, descriptors of 32-bit code.
#pragma once

#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/processes.hpp>

namespace polyabi::linux_abi::handlers {

/// ARCH_* (arch/x86/include/uapi/asm/prctl.h).
struct arch_prctl {
  using needs = operation_list<op::set_segment_base, op::get_segment_base>;
  template <class Env>
  static reply<Env, u64> call(context<Env>& c, i32 code, u64 argument) {
    constexpr i32 set_gs = 0x1001, set_fs = 0x1002, get_fs = 0x1003, get_gs = 0x1004, get_cpuid = 0x1011, set_cpuid = 0x1012;
    constexpr u32 fs = 0, gs = 1;
    constexpr u64 user_end = 0x7ffffffff000;
    if (code == get_cpuid) return u64{1};
    if (code == set_cpuid) return errc::nodev;
    if constexpr (Env::model::word_size == 8) {
      switch (code) {
      case set_fs:
      case set_gs: {
        if (argument >= user_end) return errc::perm;
        auto r = c.perform(op::set_segment_base{}, code == set_fs ? fs : gs, argument);
        if (!r) return r.error();
        return u64{0};
      }
      case get_fs:
      case get_gs: {
        auto base = c.perform(op::get_segment_base{}, code == get_fs ? fs : gs);
        if (!base) return base.error();
        const u64 value = *base;
        if (errc e = c.write_bytes(argument, &value, sizeof value); e != errc::none) return e;
        return u64{0};
      }
      default: break;
      }
    }
    // C libraries ask for shadow stacks (0x3001 and up) and extended states (0x1021 and up) at every start.
    return errc::inval;
  }
};

struct set_thread_area {
  using needs = operation_list<op::set_thread_area>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<user_desc<typename Env::model>> at) {
    user_desc<typename Env::model> area{};
    if (errc e = c.read(at, area); e != errc::none) return e;
    const auto wanted = static_cast<i32>(static_cast<u32>(area.entry_number));
    auto entry = c.perform(op::set_thread_area{}, wanted, static_cast<u32>(area.base_addr), static_cast<u32>(area.limit),
                           static_cast<u32>(area.flags));
    if (!entry) return entry.error();
    if (wanted != -1) return done{};
    area.entry_number = static_cast<u32>(*entry);
    if (errc e = c.write(at, area); e != errc::none) return e;
    return done{};
  }
};

struct get_thread_area {
  using needs = operation_list<op::get_thread_area>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<user_desc<typename Env::model>> at) {
    user_desc<typename Env::model> area{};
    if (errc e = c.read(at, area); e != errc::none) return e;
    u32 base = 0, limit = 0, flags = 0;
    auto r = c.perform(op::get_thread_area{}, static_cast<i32>(static_cast<u32>(area.entry_number)), base, limit, flags);
    if (!r) return r.error();
    area.base_addr = base;
    area.limit = limit;
    area.flags = flags;
    if (errc e = c.write(at, area); e != errc::none) return e;
    return done{};
  }
};

} // namespace polyabi::linux_abi::handlers
