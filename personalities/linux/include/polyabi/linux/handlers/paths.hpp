// Calls on names whose arguments stand in another order than the kernel's, or mean something more.
#pragma once

#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/stat.hpp>

namespace polyabi::linux_abi::handlers {

/// newfstatat and fstatat64: the flags come last.
struct stat_at {
  using needs = operation_list<op::stat>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 directory, path_if_present path, native<typename Env::kernel, shape::stat>& out,
                         u32 flags) {
    if (!path.present && (flags & native_number<typename Env::kernel, at_flag::empty_path>) == 0) return errc::fault;
    return reply_with<Env>(c.perform(op::stat{}, directory, path.text, flags, out));
  }
};

/// The mask only says what the program is interested in; everything known is filled in, but for the time of birth, which may cost more.
struct statx_at {
  using needs = operation_list<op::stat>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 directory, path_if_present path, u32 flags, u32 mask,
                         native<typename Env::kernel, shape::stat>& out) {
    if ((mask & 0x80000000) != 0) return errc::inval; // STATX__RESERVED
    if (!path.present && (flags & native_number<typename Env::kernel, at_flag::empty_path>) == 0) return errc::fault;
    if ((mask & statx<typename Env::model>::birth_time) != 0) flags |= native_number<typename Env::kernel, at_flag::birth_time>;
    return reply_with<Env>(c.perform(op::stat{}, directory, path.text, flags, out));
  }
};

/// RENAME_WHITEOUT is for union file systems, and refused.
struct renameat2 {
  using needs = operation_list<op::rename, op::rename_to_free, op::exchange_names>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 directory, std::string_view path, i32 new_directory, std::string_view new_path,
                         u32 flags) {
    constexpr u32 noreplace = 1, exchange = 2, whiteout = 4;
    if ((flags & ~(noreplace | exchange | whiteout)) != 0) return errc::inval;
    switch (flags) {
    case 0: return reply_with<Env>(c.perform(op::rename{}, directory, path, new_directory, new_path));
    case noreplace: return reply_with<Env>(c.perform(op::rename_to_free{}, directory, path, new_directory, new_path));
    case exchange: return reply_with<Env>(c.perform(op::exchange_names{}, directory, path, new_directory, new_path));
    default:
      if ((flags & whiteout) != 0) c.unsupported("flags", flags);
      return errc::inval;
    }
  }
};

/// utimensat and futimesat: without a path they are about the descriptor.
struct set_times {
  using needs = operation_list<op::set_times, op::fset_times>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 directory, path_if_present path,
                         const native<typename Env::kernel, shape::time_pair>* times, u32 flags) {
    if (path.present) return reply_with<Env>(c.perform(op::set_times{}, directory, path.text, times, flags));
    if (directory == Env::kernel::current_directory) return errc::fault;
    if (flags != 0) return errc::inval;
    return reply_with<Env>(c.perform(op::fset_times{}, directory, times));
  }
};

} // namespace polyabi::linux_abi::handlers
