// What the stat calls write (arch/x86/include/uapi/asm/stat.h, include/uapi/linux/stat.h).
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/linux/structures/devices.hpp>
#include <polyabi/linux/structures/time.hpp>

namespace polyabi::linux_abi {

/// Seconds beyond the word wrap, as they do in Linux.
template <class M>
struct stat_time {
  truncating<typename M::ulong> sec, nsec;
  POLYABI_FIELDS(stat_time, sec, nsec)
};

/// struct stat. The two architectures have little in common.
template <class M>
struct stat {
  using shape = polyabi::shape::stat;
  device<typename M::ulong> dev;
  typename M::ulong ino, nlink;
  typename M::u32 mode, uid, gid;
  zero<typename M::u32> pad;
  device_itself<typename M::ulong> rdev;
  typename M::slong size, blksize, blocks;
  stat_time<M> atime, mtime, ctime;
  zero<typename M::slong> unused[3];
  POLYABI_FIELDS(stat, dev, ino, nlink, mode, uid, gid, rdev, size, blksize, blocks, atime, mtime, ctime)
};
template <>
struct stat<ilp32_i386> {
  using M = ilp32_i386;
  using shape = polyabi::shape::stat;
  device<M::ulong> dev;
  M::ulong ino;
  M::u16 mode, nlink;
  short_id<M::u16> uid, gid;
  device_itself<M::ulong> rdev;
  /// Signed to programs: a larger file is EOVERFLOW.
  M::slong size;
  M::ulong blksize, blocks;
  stat_time<M> atime, mtime, ctime;
  zero<M::ulong> unused[2];
  POLYABI_FIELDS(stat, dev, ino, mode, nlink, uid, gid, rdev, size, blksize, blocks, atime, mtime, ctime)
};
static_assert(layout<stat<lp64>, 144> && layout<stat<ilp32_i386>, 64>);
static_assert(at_offset<stat<lp64>, "mode", 24> && at_offset<stat<lp64>, "atime", 72>);
static_assert(at_offset<stat<ilp32_i386>, "rdev", 16> && at_offset<stat<ilp32_i386>, "atime", 32>);

/// struct stat64, of i386 only. The inode number stands in it twice, the first time cut to a word.
template <class M>
struct stat64 {
  using shape = polyabi::shape::stat;
  device<typename M::u64> dev;
  zero<typename M::u32> pad0;
  truncating<typename M::ulong> short_ino;
  typename M::u32 mode, nlink;
  typename M::ulong uid, gid;
  device_itself<typename M::u64> rdev;
  zero<typename M::u32> pad3;
  typename M::i64 size;
  typename M::ulong blksize;
  typename M::u64 blocks;
  stat_time<M> atime, mtime, ctime;
  typename M::u64 ino;
  static constexpr auto polyabi_fields() {
    return field_list<field<"dev", &stat64::dev>, field<"ino", &stat64::short_ino>, field<"mode", &stat64::mode>,
                      field<"nlink", &stat64::nlink>, field<"uid", &stat64::uid>, field<"gid", &stat64::gid>,
                      field<"rdev", &stat64::rdev>, field<"size", &stat64::size>, field<"blksize", &stat64::blksize>,
                      field<"blocks", &stat64::blocks>, field<"atime", &stat64::atime>, field<"mtime", &stat64::mtime>,
                      field<"ctime", &stat64::ctime>, field<"ino", &stat64::ino>>{};
  }
};
static_assert(layout<stat64<ilp32_i386>, 96>);

/// struct statx_timestamp.
template <class M>
struct statx_time {
  typename M::i64 sec;
  typename M::u32 nsec;
  zero<typename M::i32> reserved;
  POLYABI_FIELDS(statx_time, sec, nsec, reserved)
};
static_assert(layout<statx_time<lp64>, 16> && layout<statx_time<ilp32_i386>, 16>);

/// struct statx. Filled from the kernel's stat in one go: a device is two members here.
template <class M>
struct statx {
  using shape = polyabi::shape::stat;
  static constexpr u32 basic_stats = 0x7ff, birth_time = 0x800;
  typename M::u32 mask, blksize;
  typename M::u64 attributes;
  typename M::u32 nlink, uid, gid;
  typename M::u16 mode;
  zero<typename M::u16> spare0;
  typename M::u64 ino, size, blocks, attributes_mask;
  statx_time<M> atime, birthtime, ctime, mtime;
  typename M::u32 rdev_major, rdev_minor, dev_major, dev_minor;
  typename M::u64 mnt_id;
  typename M::u32 dio_mem_align, dio_offset_align;
  zero<typename M::u64> spare3[12];
  POLYABI_FIELDS(statx, mask, blksize, attributes, nlink, uid, gid, mode, ino, size, blocks, attributes_mask, atime, birthtime,
                 ctime, mtime, rdev_major, rdev_minor, dev_major, dev_minor, mnt_id, dio_mem_align, dio_offset_align)

  template <class K, class N>
  constexpr errc from_native(const N& in) {
    mask = basic_stats | birth_time;
    blksize = static_cast<u32>(in.blksize);
    nlink = static_cast<u32>(in.nlink);
    uid = in.uid;
    gid = in.gid;
    mode = static_cast<u16>(in.mode);
    ino = in.ino;
    size = static_cast<u64>(in.size);
    blocks = static_cast<u64>(in.blocks);
    dev_major = native_device_major<K>(in.dev);
    dev_minor = native_device_minor<K>(in.dev);
    u32 major = 0, minor = 0;
    special_device_to_foreign<K, device_codec>(in.rdev, major, minor);
    rdev_major = major;
    rdev_minor = minor;
    (void)to_foreign<K>(in.atime, atime);
    (void)to_foreign<K>(in.mtime, mtime);
    (void)to_foreign<K>(in.ctime, ctime);
    (void)to_foreign<K>(in.birthtime, birthtime);
    return errc::none;
  }
};
static_assert(layout<statx<lp64>, 256> && layout<statx<ilp32_i386>, 256>);

/// struct statfs.
template <class M>
struct statfs {
  using shape = polyabi::shape::statfs;
  typename M::slong type, bsize;
  typename M::ulong blocks, bfree, bavail, files, ffree;
  scalar<u64, M::byte_order, 4> fsid;
  typename M::slong namelen, frsize, flags;
  zero<typename M::slong> spare[4];
  POLYABI_FIELDS(statfs, type, bsize, blocks, bfree, bavail, files, ffree, fsid, namelen, frsize, flags)
};
static_assert(layout<statfs<lp64>, 120> && layout<statfs<ilp32_i386>, 64>);

/// struct statfs64, of i386 only.
template <class M>
struct statfs64 {
  using shape = polyabi::shape::statfs;
  typename M::u32 type, bsize;
  typename M::u64 blocks, bfree, bavail, files, ffree;
  scalar<u64, M::byte_order, 4> fsid;
  typename M::u32 namelen, frsize, flags;
  zero<typename M::u32> spare[4];
  POLYABI_FIELDS(statfs64, type, bsize, blocks, bfree, bavail, files, ffree, fsid, namelen, frsize, flags)
};
static_assert(layout<statfs64<ilp32_i386>, 84>);

} // namespace polyabi::linux_abi
