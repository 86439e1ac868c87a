// Segments: bases of 64-bit code, descriptors of 32-bit code, and the process' own table.
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
    if (code == get_cpuid) return u64{1};
    if (code == set_cpuid) return errc::nodev;
    if constexpr (Env::model::word_size == 8) {
      switch (code) {
      case set_fs:
      case set_gs: {
        if (argument >= user_end<Env>) return errc::perm;
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

/// The process' own descriptor table. Writing in the old way (function 1) cannot say that a segment is usable by the system's.
struct modify_ldt {
  using needs = operation_list<op::set_segment, op::get_segments>;
  static constexpr usize entry_size = 8, entries = 8192; ///< LDT_ENTRY_SIZE, LDT_ENTRIES

  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 function, u64 at, u64 size) {
    constexpr i32 read = 0, write_old = 1, read_default = 2, write = 0x11;
    auto answered = function == read                         ? read_table(c, at, size)
                    : function == read_default               ? clear(c, at, size < default_size ? size : default_size)
                    : function == write_old || function == write ? write_entry(c, at, size, function == write_old)
                                                             : reply<Env, i64>{errc::nosys};
    return answered;
  }

private:
  /// The table of a process that has none of its own is all zeros; so large it is on a 64-bit kernel.
  static constexpr u64 default_size = 128;

  template <class Env>
  static reply<Env, i64> read_table(context<Env>& c, u64 at, u64 size) {
    using K = typename Env::kernel;
    const usize wanted = size < entries * entry_size ? static_cast<usize>(size) : entries * entry_size;
    if (wanted == 0) return i64{0};
    const kernel_array<K, unsigned char> room{wanted};
    if (!room) return errc::nomem;
    auto filled = c.perform(op::get_segments{}, room.all());
    if (!filled) return filled.error();
    if (errc e = c.write_bytes(at, room.data(), *filled); e != errc::none) return e;
    return static_cast<i64>(*filled);
  }
  template <class Env>
  static reply<Env, i64> clear(context<Env>& c, u64 at, u64 size) {
    const unsigned char zeros[default_size]{};
    if (errc e = c.write_bytes(at, zeros, static_cast<usize>(size)); e != errc::none) return e;
    return static_cast<i64>(size);
  }
  template <class Env>
  static reply<Env, i64> write_entry(context<Env>& c, u64 at, u64 size, bool old) {
    user_desc<typename Env::model> wanted{};
    if (size != sizeof wanted) return errc::inval;
    if (errc e = c.read(user_ptr<user_desc<typename Env::model>>{at}, wanted); e != errc::none) return e;
    constexpr u32 contents = 6, conforming_code = 6, read_exec_only = 8, not_present = 32, usable = 64;
    const u32 entry = wanted.entry_number, flags = wanted.flags;
    const bool is_empty = wanted.base_addr == 0 && wanted.limit == 0;
    if (entry >= entries) return errc::inval;
    if ((flags & contents) == conforming_code && (old || (flags & not_present) == 0)) return errc::inval;
    constexpr u32 empty = read_exec_only | not_present;
    const bool clears = old && is_empty;
    auto set = c.perform(op::set_segment{}, entry, static_cast<u32>(wanted.base_addr), static_cast<u32>(wanted.limit),
                         clears ? empty : old ? flags & ~usable : flags);
    if (!set) return set.error();
    return i64{0};
  }
};

} // namespace polyabi::linux_abi::handlers
