// Opening, positioned reads and writes, advice on files.
#pragma once

#include <polyabi/core/file_services.hpp>
#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/space_changes.hpp>
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

/// RESOLVE_* (include/uapi/linux/openat2.h).
namespace resolve {
inline constexpr u64 no_xdev = 1, no_magiclinks = 2, no_symlinks = 4, beneath = 8, in_root = 0x10, cached = 0x20,
                     all = no_xdev | no_magiclinks | no_symlinks | beneath | in_root | cached;
}

/// What is known is always there: a lookup that finds out nothing new (RESOLVE_CACHED) is made as any other. One that may make
/// or change something is refused as it is there (fs/open.c, build_open_flags).
struct openat2 {
  using needs = operation_list<op::open>;
  template <class Env>
  static reply<Env, typename Env::kernel::new_descriptor> call(context<Env>& c, i32 directory, std::string_view path,
                                                               user_ptr<open_how<typename Env::model>> how, u64 size) {
    using K = typename Env::kernel;
    open_how<typename Env::model> given{};
    if (errc e = c.read_versioned(how, size, given); e != errc::none) return e;
    const u64 flags = given.flags, mode = given.mode, rules = given.resolve;
    using table = total_flag_table<open_how_flags, kernel_map<K, open_flag>>;
    if (errc e = table::refused(flags); e != errc::none) return e;
    if ((flags >> 32) != 0) return errc::inval;
    constexpr u64 creat = open_bits<open_flag::creat>, trunc = open_bits<open_flag::trunc>, directory_only = open_bits<open_flag::directory>,
                  tmpfile = open_bits<open_flag::tmpfile> & ~directory_only, path_only = open_bits<open_flag::path>,
                  beside_path = path_only | directory_only | open_bits<open_flag::nofollow> | open_bits<open_flag::cloexec>;
    if (mode != 0 && (flags & (creat | tmpfile)) == 0) return errc::inval;
    if ((mode & ~u64{07777}) != 0) return errc::inval;
    if ((rules & ~resolve::all) != 0 || (rules & (resolve::beneath | resolve::in_root)) == (resolve::beneath | resolve::in_root))
      return errc::inval;
    if ((flags & (directory_only | creat)) == (directory_only | creat)) return errc::inval;
    if ((flags & (directory_only | tmpfile)) == tmpfile) return errc::inval;
    if ((flags & path_only) != 0 && (flags & ~beside_path) != 0) return errc::inval;
    if ((rules & resolve::cached) != 0 && (flags & (creat | trunc | tmpfile)) != 0) return errc::again;
    const u32 native_flags = static_cast<u32>(table::convert(flags));
    if ((rules & ~resolve::cached) == 0) return reply_with<Env>(c.perform(op::open{}, directory, path, native_flags, static_cast<u32>(mode)));
    if constexpr (provides<K, service::ruled_opens>()) {
      const lookup_rules kept{(rules & resolve::no_xdev) != 0, (rules & resolve::no_symlinks) != 0,
                              (rules & resolve::no_magiclinks) != 0, (rules & resolve::beneath) != 0,
                              (rules & resolve::in_root) != 0};
      return reply_with<Env>(K::open_under(c.thread, directory, path, native_flags, static_cast<u32>(mode), kept));
    } else {
      c.unsupported("resolve flags", rules);
      return errc::inval;
    }
  }
};

struct close_range {
  using needs = operation_list<op::getpid, op::next_descriptor, op::close, op::set_descriptor_flags>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u32 first, u32 last, u32 flags) {
    constexpr u32 unshare = 2, set_cloexec = 4;
    if ((flags & ~(unshare | set_cloexec)) != 0 || first > last) return errc::inval;
    auto self = c.perform(op::getpid{});
    if (!self) return self.error();
    if ((flags & unshare) != 0) {
      if constexpr (provides<typename Env::kernel, service::own_descriptors>())
        if (auto own = Env::kernel::own_descriptors(c.thread); !own) return own.error();
    }
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

/// RWF_* (include/uapi/linux/fs.h). Offset -1 is the descriptor's own position. Priority is a hint (RWF_HIPRI); what is written is
/// synced afterwards, all of it (RWF_DSYNC, RWF_SYNC); files that never block have it at hand, others are asked first (RWF_NOWAIT).
template <class Plain, class Positioned>
struct transfer_with_flags {
  using needs = operation_list<Plain, Positioned, op::fsync, op::poll>;
  static constexpr bool writes = std::is_same_v<Plain, op::write>;
  static constexpr i32 hipri = 1, dsync = 2, sync = 4, nowait = 8, append = 0x10;

  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_vector parts, i64 offset, i32 flags) {
    if ((flags & ~(hipri | dsync | sync | nowait | append)) != 0) {
      c.unsupported("flags", static_cast<u32>(flags));
      return errc::opnotsupp;
    }
    if ((flags & nowait) != 0 && offset == -1)
      if (errc e = at_hand(c, descriptor); e != errc::none) return e;
    auto moved = transfer(c, descriptor, parts, offset, flags);
    if (writes && moved && (flags & (dsync | sync)) != 0)
      if (auto synced = c.perform(op::fsync{}, descriptor); !synced) return synced.error();
    return moved;
  }

private:
  template <class Env>
  static reply<Env, i64> transfer(context<Env>& c, i32 descriptor, user_vector parts, i64 offset, i32 flags) {
    using K = typename Env::kernel;
    if constexpr (writes) {
      if ((flags & append) != 0) {
        if (offset < -1) return errc::inval;
        if constexpr (provides<K, service::appended_writes>()) {
          return reply_with<Env>(K::write_at_end(c.thread, descriptor, parts, offset == -1));
        } else {
          c.unsupported("flags", static_cast<u32>(flags));
          return errc::opnotsupp;
        }
      }
    }
    if (offset == -1) return reply_with<Env>(c.perform(Plain{}, descriptor, parts));
    return reply_with<Env>(c.perform(Positioned{}, descriptor, parts, offset));
  }

  template <class Env>
  static errc at_hand(context<Env>& c, i32 descriptor) {
    using K = typename Env::kernel;
    if (descriptor < 0) return errc::none; // the transfer says so
    constexpr auto event = static_cast<u16>(native_number<K, writes ? poll_event::out : poll_event::in>);
    native<K, shape::poll_record> record{};
    record.fd = descriptor;
    record.events = event;
    const native<K, shape::timespec> at_once{};
    auto ready = c.perform(op::poll{}, std::span{&record, 1}, &at_once, nullptr);
    return ready && *ready == 0 ? errc::again : errc::none;
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

/// A kernel that knows nothing of space can still make a file longer.
struct fallocate {
  using needs = operation_list<op::fstat, op::ftruncate>;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 mode, i64 offset, i64 size) {
    using K = typename Env::kernel;
    if constexpr (provides<K, service::file_space>()) {
      if (auto open = c.perform(op::get_descriptor_flags{}, descriptor); !open) return open.error();
      if (offset < 0 || size <= 0) return errc::inval;
      const auto what = space_changes::of_mode(mode);
      if (!what) return errc::opnotsupp;
      return reply_with<Env>(K::change_space(c.thread, descriptor, *what, offset, size));
    } else {
      if (offset < 0 || size <= 0) return errc::inval;
      if (mode != 0) return errc::opnotsupp;
      if (offset > 0x7fffffffffffffff - size) return errc::fbig;
      native<K, shape::stat> status{};
      if (auto r = c.perform(op::fstat{}, descriptor, status); !r) return r.error();
      if (status.size >= offset + size) return done{};
      return reply_with<Env>(c.perform(op::ftruncate{}, descriptor, offset + size));
    }
  }
};

namespace detail {

/// What advice on an open file is checked by. EBADF for one that stands for a path.
struct advised_file {
  u32 type = 0;
  bool is_readable = false;
};
template <class Env>
reply<Env, advised_file> find_advised(context<Env>& c, i32 descriptor) {
  using K = typename Env::kernel;
  auto flags = c.perform(op::get_status_flags{}, descriptor);
  if (!flags) return flags.error();
  const u64 how = flag_table<kernel_map<K, open_flag>, open_flags>::convert(*flags);
  if ((how & open_bits<open_flag::path>) != 0) return errc::badf;
  native<K, shape::stat> status{};
  if (auto r = c.perform(op::fstat{}, descriptor, status); !r) return r.error();
  const u64 access = how & open_bits<access_mode::neither>; // all of its bits
  return advised_file{mode_type::of(status), access == open_bits<access_mode::rdonly> || access == open_bits<access_mode::rdwr>};
}

} // namespace detail

/// Advice is taken from nobody; what is wrong with it is still found.
struct fadvise {
  using needs = operation_list<op::fstat, op::get_status_flags>;
  template <class Env, class Size>
  static reply<Env> call(context<Env>& c, i32 descriptor, i64, Size size, i32 advice) {
    auto f = detail::find_advised(c, descriptor);
    if (!f) return f.error();
    if (f->type == mode_type::pipe) return errc::spipe;
    if (static_cast<i64>(size) < 0 || advice < 0 || advice > 5) return errc::inval;
    return done{};
  }
};

struct readahead {
  using needs = operation_list<op::fstat, op::get_status_flags>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i64, u64) {
    auto f = detail::find_advised(c, descriptor);
    if (!f) return f.error();
    if (!f->is_readable) return errc::badf;
    if (f->type != mode_type::regular && f->type != mode_type::block) return errc::inval;
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
  using needs = operation_list<op::fsync, op::fstat, op::get_status_flags>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i64 offset, i64 size, u32 flags) {
    auto f = detail::find_advised(c, descriptor);
    if (!f) return f.error();
    if (offset < 0 || size < 0 || offset > 0x7fffffffffffffff - size || (flags & ~7u) != 0) return errc::inval;
    if (f->type != mode_type::regular && f->type != mode_type::block && f->type != mode_type::directory)
      return errc::spipe;
    return reply_with<Env>(c.perform(op::fsync{}, descriptor));
  }
};

} // namespace polyabi::linux_abi::handlers
