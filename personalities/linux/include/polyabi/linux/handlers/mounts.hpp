// mount(2) and umount2(2), as far as the kernel has file systems to mount.
#pragma once

#include <polyabi/core/services.hpp>
#include <polyabi/linux/handlers/capability_sets.hpp>

namespace polyabi::linux_abi::handlers {

/// MS_* (include/uapi/linux/mount.h).
namespace mount_flags {
inline constexpr u64 read_only = 1, remount = 0x20, bind = 0x1000, move = 0x2000, recursive = 0x4000, silent = 0x8000,
                     unbindable = 0x20000, private_ = 0x40000, slave = 0x80000, shared = 0x100000, magic = 0xc0ed0000,
                     magic_mask = 0xffff0000;
/// Mounts are the same for every process: whether they spread says nothing.
inline constexpr u64 propagation = unbindable | private_ | slave | shared;
/// What the mount would forbid or leave out: nosuid, nodev, noexec, noatime, nodiratime, relatime, strictatime, lazytime, nosymfollow.
inline constexpr u64 restrictions = 2 | 4 | 8 | 0x100 | 0x400 | 0x800 | 0x200000 | 0x1000000 | 0x2000000;
} // namespace mount_flags

struct mount {
  using needs = operation_list<op::mount, op::bind_mount, op::move_mount, op::get_identity>;
  static constexpr std::string_view reason = "file systems in memory can be read only; MS_RDONLY of others, and of bound directories, is refused (EINVAL)";
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 source_at, std::string_view path, u64 type_at, u64 flags, u64 data_at) {
    using namespace mount_flags;
    if (!has_capability(c, capability::sys_admin)) return errc::perm;
    if ((flags & magic_mask) == magic) flags &= ~magic_mask;
    if ((flags & propagation) != 0) {
      // One kind at a time, and nothing else.
      const u64 kind = flags & propagation;
      if ((kind & (kind - 1)) != 0 || (flags & ~(propagation | recursive | silent)) != 0) return errc::inval;
      return done{};
    }
    // A bound directory shows the files themselves, which are not read only in one place and writable in another.
    if ((flags & (bind | remount)) == (bind | remount)) {
      c.unsupported("flags", flags);
      return errc::inval;
    }
    if (const u64 rest = flags & restrictions; rest != 0) c.unsupported("restrictions", rest);
    constexpr usize room_for_flags = 16;
    char source[256], type[32], data[256 + room_for_flags];
    std::string_view source_text, type_text, data_text;
    if (errc e = text(c, source_at, source, source_text); e != errc::none) return e;
    if ((flags & bind) != 0)
      return reply_with<Env>(c.perform(op::bind_mount{}, source_text, path, (flags & recursive) != 0));
    if ((flags & mount_flags::move) != 0) return reply_with<Env>(c.perform(op::move_mount{}, source_text, path));
    if (errc e = text(c, type_at, type, type_text); e != errc::none) return e;
    if (errc e = text(c, data_at, data, data_text, room_for_flags); e != errc::none) return e;
    if (type_text.empty() && (flags & remount) == 0) return errc::inval;
    // The kernel knows them by their names, as mount(8) has them.
    usize size = data_text.size();
    const auto add = [&](bool wanted, std::string_view name) {
      for (const char letter : wanted ? name : std::string_view{}) data[size++] = letter;
    };
    add((flags & remount) != 0, ",remount");
    add((flags & read_only) != 0, ",ro");
    auto made = c.perform(op::mount{}, source_text, path, type_text, std::string_view{data, size});
    // Of file systems that are not in memory, none becomes read only.
    if (!made && made.error() == error_of<typename Env::kernel, errc::inval> && (flags & (remount | read_only)) != 0) c.unsupported("flags", flags);
    return reply_with<Env>(std::move(made));
  }

private:
  /// A string, or nothing for a null pointer.
  template <class Env, usize Size>
  static errc text(context<Env>& c, u64 at, char (&room)[Size], std::string_view& out, usize kept_free = 0) {
    if (at == 0) return errc::none;
    const i64 length = Env::kernel::copy_in_string(c.thread, room, user_word<Env>(at), Size - kept_free);
    if (length < 0) return length == -1 ? errc::fault : errc::inval;
    out = {room, static_cast<usize>(length)};
    return errc::none;
  }
};

struct umount2 {
  using needs = operation_list<op::unmount>;
  template <class Env>
  static reply<Env> call(context<Env>& c, std::string_view path, i32 flags) {
    constexpr i32 force = 1, detach = 2, expire = 4, nofollow = 8, known = force | detach | expire | nofollow;
    if ((flags & ~known) != 0) return errc::inval;
    if ((flags & expire) != 0) {
      c.unsupported("flags", static_cast<u32>(flags));
      return errc::inval;
    }
    constexpr u32 follow = 0;
    const u32 at_flags = (flags & nofollow) != 0 ? native_number<typename Env::kernel, at_flag::symlink_nofollow> : follow;
    return reply_with<Env>(c.perform(op::unmount{}, path, (flags & detach) != 0, at_flags));
  }
};

} // namespace polyabi::linux_abi::handlers
