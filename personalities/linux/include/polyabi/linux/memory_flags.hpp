// Flags and choices of the memory calls beside mmap's: asm-generic/mman-common.h, asm-generic/mman.h, linux/mman.h,
// linux/membarrier.h.
#pragma once

#include <polyabi/linux/flags.hpp>

namespace polyabi::linux_abi {

/// MREMAP_*
struct remap_flags : flag_map<remap_flag> {
  static constexpr auto rows =
      std::to_array<flag_row>({bit(remap_flag::maymove, 1), bit(remap_flag::fixed, 2), bit(remap_flag::dontunmap, 4)});
};
static_assert(checked<remap_flags>);

/// MS_*
struct sync_flags : flag_map<sync_flag> {
  static constexpr auto rows =
      std::to_array<flag_row>({bit(sync_flag::async, 1), bit(sync_flag::invalidate, 2), bit(sync_flag::sync, 4)});
};
static_assert(checked<sync_flags>);

/// MLOCK_ONFAULT
struct mlock_flags : flag_map<lock_flag> {
  static constexpr auto rows = std::to_array<flag_row>({bit(lock_flag::onfault, 1)});
};
static_assert(checked<mlock_flags>);

/// MCL_*
struct mlockall_flags : flag_map<lock_flag> {
  static constexpr auto rows =
      std::to_array<flag_row>({bit(lock_flag::current, 1), bit(lock_flag::future, 2), bit(lock_flag::onfault, 4)});
};
static_assert(checked<mlockall_flags>);

/// MADV_*. The last ones are there to be named: EINVAL, as by a kernel that was built without them.
struct memory_advices : number_map<memory_advice> {
  static constexpr auto rows = std::to_array<row>({
      {memory_advice::normal, 0},           {memory_advice::random, 1},          {memory_advice::sequential, 2},
      {memory_advice::willneed, 3},         {memory_advice::dontneed, 4},        {memory_advice::free, 8},
      {memory_advice::remove, 9},           {memory_advice::dontfork, 10},       {memory_advice::dofork, 11},
      {memory_advice::mergeable, 12},       {memory_advice::unmergeable, 13},    {memory_advice::hugepage, 14},
      {memory_advice::nohugepage, 15},      {memory_advice::dontdump, 16},       {memory_advice::dodump, 17},
      {memory_advice::wipeonfork, 18},      {memory_advice::keeponfork, 19},     {memory_advice::cold, 20},
      {memory_advice::pageout, 21},         {memory_advice::populate_read, 22},  {memory_advice::populate_write, 23},
      {memory_advice::dontneed_locked, 24}, {memory_advice::collapse, 25},       {memory_advice::hwpoison, 100},
      {memory_advice::soft_offline, 101},   {memory_advice::guard_install, 102}, {memory_advice::guard_remove, 103},
  });
};
static_assert(checked<memory_advices>);

/// MEMBARRIER_CMD_*
struct barrier_commands : number_map<barrier_command> {
  static constexpr auto rows = std::to_array<row>({
      {barrier_command::global, 1},
      {barrier_command::global_expedited, 2},
      {barrier_command::register_global_expedited, 4},
      {barrier_command::private_expedited, 8},
      {barrier_command::register_private_expedited, 16},
      {barrier_command::private_expedited_sync_core, 32},
      {barrier_command::register_private_expedited_sync_core, 64},
  });
};
static_assert(checked<barrier_commands>);

/// mmap(2)'s flags. MAP_SHARED_VALIDATE promises that nothing which it does not know is ignored; it is for files alone.
struct mmap_flags : arguments::takes<1> {
  using traced_as = arguments::flags<map_flags>;
  static constexpr u64 kind = 0xf, shared_validate = 3, anonymous = 0x20, hugetlb = 0x40000;
  /// LEGACY_MAP_MASK of linux/mman.h.
  static constexpr u64 validated = 0x7c07f9f3;

  static constexpr errc refused(u64 bits) {
    if ((bits & hugetlb) != 0 && (bits & anonymous) == 0) return errc::inval;
    if ((bits & kind) != shared_validate) return errc::none;
    if ((bits & anonymous) != 0) return errc::inval;
    return (bits & ~validated) != 0 ? errc::opnotsupp : errc::none;
  }

  template <class Env>
  struct decoder : arguments::flags<map_flags>::decoder<Env> {
    constexpr errc decode(context<Env>& c, const u64* w) {
      if (errc e = refused(static_cast<u32>(w[0])); e != errc::none) return e;
      return arguments::flags<map_flags>::decoder<Env>::decode(c, w);
    }
  };
};

/// An iovec whose addresses are another process'.
struct remote_vector : arguments::vector<1024> {};

} // namespace polyabi::linux_abi
