// Memory calls that are more than a mapping.
#pragma once

#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/files.hpp>

namespace polyabi::linux_abi::handlers {

/// i386's first mmap takes its arguments from memory, and the offset in bytes.
struct old_mmap {
  using needs = operation_list<op::map>;
  template <class Env>
  static reply<Env, u64> call(context<Env>& c, user_ptr<mmap_arguments<typename Env::model>> at) {
    using K = typename Env::kernel;
    mmap_arguments<typename Env::model> a{};
    if (errc e = c.read(at, a); e != errc::none) return e;
    if (a.position % 4096 != 0) return errc::inval;
    using protections = total_flag_table<map_protections, kernel_map<K, protection>>;
    using flags = total_flag_table<map_flags, kernel_map<K, map_flag>>;
    if (errc e = flags::refused(a.flags); e != errc::none) return e;
    return reply_with<Env>(c.perform(op::map{}, u64{a.address}, u64{a.size},
                                     static_cast<u32>(protections::convert(a.protection)),
                                     static_cast<u32>(flags::convert(a.flags)),
                                     static_cast<i32>(static_cast<u32>(a.descriptor)), i64{static_cast<u32>(a.position)}));
  }
};

/// Moving to an address of the program's choice is refused; C libraries then map and copy.
struct mremap {
  using needs = operation_list<op::remap>;
  template <class Env>
  static reply<Env, u64> call(context<Env>& c, u64 address, u64 size, u64 new_size, u64 flags, u64) {
    constexpr u64 may_move = 1;
    if ((flags & ~u64{7}) != 0 || address % 4096 != 0 || size == 0 || new_size == 0) return errc::inval;
    if ((flags & ~may_move) != 0) {
      c.unsupported("flags", flags);
      return errc::inval;
    }
    return reply_with<Env>(c.perform(op::remap{}, address, size, new_size, (flags & may_move) != 0));
  }
};

struct madvise {
  using needs = operation_list<op::discard>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 address, u64 size, i32 advice) {
    if (address % 4096 != 0) return errc::inval;
    switch (advice) {
    case 4: // MADV_DONTNEED
      if (size == 0) return done{};
      return reply_with<Env>(c.perform(op::discard{}, address, size));
    case 0:
    case 1:
    case 2:
    case 3: // NORMAL, RANDOM, SEQUENTIAL, WILLNEED
    case 8:
    case 11:
    case 12:
    case 13: // FREE may be done at any later time; DOFORK, MERGEABLE, UNMERGEABLE
    case 14:
    case 15:
    case 16:
    case 17: // HUGEPAGE, NOHUGEPAGE, DONTDUMP, DODUMP
    case 19:
    case 20:
    case 21: return done{}; // KEEPONFORK, COLD, PAGEOUT
    default: c.unsupported("advice", static_cast<u32>(advice)); return errc::inval;
    }
  }
};

struct msync {
  using needs = operation_list<op::sync_memory>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 address, u64 size, i32 flags) {
    constexpr i32 async = 1, invalidate = 2, sync = 4;
    if ((flags & ~(async | invalidate | sync)) != 0 || (flags & (async | sync)) == (async | sync) || address % 4096 != 0)
      return errc::inval;
    return reply_with<Env>(c.perform(op::sync_memory{}, address, size));
  }
};

/// Every page that is mapped is in memory, as far as anybody here can tell.
struct mincore {
  using needs = operation_list<op::getpid, op::next_region>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 address, u64 size, u64 into) {
    if (address % 4096 != 0) return errc::inval;
    auto self = c.perform(op::getpid{});
    if (!self) return self.error();
    const u64 pages = (size + 4095) / 4096;
    u64 at = address;
    const u64 end = address + pages * 4096;
    if (end < address) return errc::nomem;
    while (at < end) {
      native<typename Env::kernel, shape::region_info> region{};
      auto found = c.perform(op::next_region{}, *self, at, region, std::span<char>{});
      if (!found) return found.error();
      if (!*found || region.start > at) return errc::nomem;
      at = region.end;
    }
    for (u64 done_pages = 0; done_pages < pages;) {
      u8 present[256];
      const u64 now = pages - done_pages < sizeof present ? pages - done_pages : sizeof present;
      for (u64 i = 0; i < now; ++i) present[i] = 1;
      if (errc e = c.write_bytes(into + done_pages, present, now); e != errc::none) return e;
      done_pages += now;
    }
    return done{};
  }
};

/// Key -1 is the ordinary mprotect.
struct pkey_mprotect {
  using needs = operation_list<op::protect>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 address, u64 size, u32 protection, i32 key) {
    if (key != -1) return errc::inval;
    return reply_with<Env>(c.perform(op::protect{}, address, size, protection));
  }
};

} // namespace polyabi::linux_abi::handlers
