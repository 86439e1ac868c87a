// Opening, positioned reads and writes, advice on files.
#pragma once

#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/files.hpp>

namespace polyabi::linux_abi::handlers {

struct creat {
  using needs = operation_list<op::open>;
  template <class Env>
  static reply<Env, typename Env::kernel::new_descriptor> call(context<Env>& c, std::string_view path, u32 mode) {
    using table = total_flag_table<open_flags, kernel_map<typename Env::kernel, open_flag>>;
    constexpr u32 how = static_cast<u32>(table::convert(0x241)); // O_CREAT | O_WRONLY | O_TRUNC
    return reply_with<Env>(c.perform(op::open{}, Env::kernel::current_directory, path, how, mode));
  }
};

struct openat2 {
  using needs = operation_list<op::open>;
  template <class Env>
  static reply<Env, typename Env::kernel::new_descriptor> call(context<Env>& c, i32 directory, std::string_view path,
                                                               user_ptr<open_how<typename Env::model>> how, u64 size) {
    using K = typename Env::kernel;
    open_how<typename Env::model> given{};
    if (errc e = c.read_versioned(how, size, given); e != errc::none) return e;
    const u64 flags = given.flags, mode = given.mode, resolve = given.resolve;
    using table = total_flag_table<open_how_flags, kernel_map<K, open_flag>>;
    if (errc e = table::refused(flags); e != errc::none) return e;
    if ((flags >> 32) != 0) return errc::inval;
    // O_CREAT or O_TMPFILE
    if (mode != 0 && (flags & 0x400040) == 0) return errc::inval;
    if ((mode & ~u64{07777}) != 0) return errc::inval;
    if (resolve != 0) {
      c.unsupported("resolve flags", resolve);
      return errc::inval;
    }
    return reply_with<Env>(
        c.perform(op::open{}, directory, path, static_cast<u32>(table::convert(flags)), static_cast<u32>(mode)));
  }
};

/// CLOSE_RANGE_UNSHARE has nothing to do where descriptor tables are not shared between processes.
struct close_range {
  using needs = operation_list<op::getpid, op::next_descriptor, op::close, op::set_descriptor_flags>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u32 first, u32 last, u32 flags) {
    constexpr u32 unshare = 2, set_cloexec = 4;
    if ((flags & ~(unshare | set_cloexec)) != 0 || first > last) return errc::inval;
    auto self = c.perform(op::getpid{});
    if (!self) return self.error();
    if (first > 0x7fffffff) return done{};
    for (i32 at = static_cast<i32>(first) - 1;;) {
      auto next = c.perform(op::next_descriptor{}, *self, at);
      if (!next) return next.error();
      if (*next < 0 || static_cast<u32>(*next) > last) return done{};
      at = *next;
      if ((flags & set_cloexec) != 0)
        (void)c.perform(op::set_descriptor_flags{}, at, native_number<typename Env::kernel, fd_flag::cloexec>);
      else
        (void)c.perform(op::close{}, at);
    }
  }
};

struct llseek {
  using needs = operation_list<op::seek>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, u64 high, u64 low, u64 result, i32 origin) {
    auto moved = c.perform(op::seek{}, descriptor, static_cast<i64>(high << 32 | static_cast<u32>(low)), origin);
    if (!moved) return moved.error();
    const i64 position = *moved;
    if (errc e = c.write_bytes(result, &position, sizeof position); e != errc::none) return e;
    return done{};
  }
};

/// Offset -1 is the descriptor's own position. RWF_* hints of priority and synchrony: RWF_HIPRI is one, the others are refused.
template <class Plain, class Positioned>
struct transfer_with_flags {
  using needs = operation_list<Plain, Positioned>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_vector parts, i64 offset, i32 flags) {
    if ((flags & ~1) != 0) {
      c.unsupported("flags", static_cast<u32>(flags));
      return errc::opnotsupp;
    }
    if (offset == -1) return reply_with<Env>(c.perform(Plain{}, descriptor, parts));
    return reply_with<Env>(c.perform(Positioned{}, descriptor, parts, offset));
  }
};
using preadv2 = transfer_with_flags<op::read, op::pread>;
using pwritev2 = transfer_with_flags<op::write, op::pwrite>;

/// Unlike dup2, the same number twice is an error.
struct dup3 {
  using needs = operation_list<op::dup_to>;
  template <class Env>
  static reply<Env, typename Env::kernel::new_descriptor> call(context<Env>& c, i32 descriptor, i32 target, u32 flags) {
    if (descriptor == target) return errc::inval;
    return reply_with<Env>(c.perform(op::dup_to{}, descriptor, target, flags));
  }
};

struct flock {
  using needs = operation_list<op::lock_file>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 operation) {
    const bool wait = (operation & 4) == 0; // LOCK_NB
    i32 kind;
    switch (operation & ~4) {
    case 1: kind = native_number<typename Env::kernel, lock_kind::rdlck>; break;
    case 2: kind = native_number<typename Env::kernel, lock_kind::wrlck>; break;
    case 8: kind = native_number<typename Env::kernel, lock_kind::unlck>; break;
    default: return errc::inval;
    }
    auto locked = c.perform(op::lock_file{}, descriptor, kind, wait);
    // Linux says EWOULDBLOCK, whatever the kernel calls a lock that is taken.
    if (failed_with<typename Env::kernel>(locked, errc::acces)) return errc::again;
    return reply_with<Env>(static_cast<decltype(locked)&&>(locked));
  }
};

/// Only what makes a file longer; blocks are not reserved.
struct fallocate {
  using needs = operation_list<op::fstat, op::ftruncate>;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 mode, i64 offset, i64 size) {
    if (offset < 0 || size <= 0) return errc::inval;
    if (mode != 0) return errc::opnotsupp;
    if (offset > 0x7fffffffffffffff - size) return errc::fbig;
    native<typename Env::kernel, shape::stat> status{};
    if (auto r = c.perform(op::fstat{}, descriptor, status); !r) return r.error();
    if (status.size >= offset + size) return done{};
    return reply_with<Env>(c.perform(op::ftruncate{}, descriptor, offset + size));
  }
};

/// Advice is taken from nobody; what is wrong with it is still found.
struct fadvise {
  using needs = operation_list<op::fstat>;
  template <class Env, class Size>
  static reply<Env> call(context<Env>& c, i32 descriptor, i64, Size size, i32 advice) {
    native<typename Env::kernel, shape::stat> status{};
    if (auto r = c.perform(op::fstat{}, descriptor, status); !r) return r.error();
    if ((status.mode & 0170000) == 0010000) return errc::spipe;
    if (static_cast<i64>(size) < 0 || advice < 0 || advice > 5) return errc::inval;
    return done{};
  }
};

struct readahead {
  using needs = operation_list<op::fstat>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i64, u64) {
    native<typename Env::kernel, shape::stat> status{};
    if (auto r = c.perform(op::fstat{}, descriptor, status); !r) return r.error();
    if ((status.mode & 0170000) != 0100000) return errc::inval;
    return done{};
  }
};

struct syncfs {
  using needs = operation_list<op::get_descriptor_flags, op::sync>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor) {
    if (auto open = c.perform(op::get_descriptor_flags{}, descriptor); !open) return open.error();
    return reply_with<Env>(c.perform(op::sync{}));
  }
};

/// The whole file instead of a range.
struct sync_file_range {
  using needs = operation_list<op::fsync>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i64 offset, i64 size, u32 flags) {
    if (offset < 0 || size < 0 || (flags & ~7u) != 0) return errc::inval;
    return reply_with<Env>(c.perform(op::fsync{}, descriptor));
  }
};

} // namespace polyabi::linux_abi::handlers
