// struct stat in its three ages, struct statvfs and struct statfs (sys/stat.h, sys/statvfs.h, sys/statfs.h).
#pragma once

#include <polyabi/svr4/structures/time.hpp>

namespace polyabi::svr4 {

/// dev_t: 14 bits of major, 18 of minor number (sys/mkdev.h).
struct device_codec {
  static constexpr u64 encode(u32 major, u32 minor) { return (u64{major} & 0x3fff) << 18 | (minor & 0x3ffff); }
  static constexpr void decode(u64 value, u32& major, u32& minor) {
    major = static_cast<u32>(value >> 18 & 0x3fff);
    minor = static_cast<u32>(value & 0x3ffff);
  }
};
/// o_dev_t: 7 bits of major, 8 of minor number (sys/sysmacros.h).
struct old_device_codec {
  static constexpr u64 encode(u32 major, u32 minor) { return (u64{major} & 0x7f) << 8 | (minor & 0xff); }
  static constexpr void decode(u64 value, u32& major, u32& minor) {
    major = static_cast<u32>(value >> 8 & 0x7f);
    minor = static_cast<u32>(value & 0xff);
  }
};

/// The same of 64-bit programs: 32 bits of each (NBITSMINOR64).
struct wide_device_codec {
  static constexpr u64 encode(u32 major, u32 minor) { return u64{major} << 32 | minor; }
  static constexpr void decode(u64 value, u32& major, u32& minor) {
    major = static_cast<u32>(value >> 32);
    minor = static_cast<u32>(value);
  }
};

/// SVR3's and _R3_STAT_VER's: ids of 16 bits. Inode numbers lose bits, sizes and ids that do not fit are EOVERFLOW.
template <class M>
struct old_stat {
  using shape = polyabi::shape::stat;
  device_word<typename M::u16, old_device_codec> dev;
  truncating<typename M::u16> ino;
  typename M::u16 mode;
  saturating<typename M::i16> nlink;
  typename M::u16 uid, gid;
  device_word<typename M::u16, old_device_codec> rdev;
  typename M::i32 size;
  seconds<typename M::i32> atime, mtime, ctime;
  POLYABI_FIELDS(old_stat, dev, ino, mode, nlink, uid, gid, rdev, size, atime, mtime, ctime)
};
static_assert(layout<old_stat<ilp32_i386>, 32>);
static_assert(at_offset<old_stat<ilp32_i386>, "size", 16> && at_offset<old_stat<ilp32_i386>, "ctime", 28>);

/// _STAT_VER 2. Inode numbers lose bits: no program can do anything about a large one.
template <class M>
struct stat {
  using shape = polyabi::shape::stat;
  device_word<typename M::u32, device_codec> dev;
  typename M::u32 pad1[3];
  truncating<typename M::u32> ino;
  typename M::u32 mode, nlink, uid, gid;
  device_word<typename M::u32, device_codec> rdev;
  typename M::u32 pad2[2];
  typename M::i32 size;
  typename M::u32 pad3;
  timespec<M> atime, mtime, ctime;
  typename M::i32 blksize;
  typename M::i32 blocks;
  char fstype[16];
  typename M::u32 pad4[8];
  POLYABI_FIELDS(stat, dev, ino, mode, nlink, uid, gid, rdev, size, atime, mtime, ctime, blksize, blocks)
};
static_assert(layout<stat<ilp32_i386>, 136>);
static_assert(at_offset<stat<ilp32_i386>, "ino", 16> && at_offset<stat<ilp32_i386>, "rdev", 36>);
static_assert(at_offset<stat<ilp32_i386>, "size", 48> && at_offset<stat<ilp32_i386>, "atime", 56>);
static_assert(at_offset<stat<ilp32_i386>, "blksize", 80> && at_offset<stat<ilp32_i386>, "blocks", 84>);

/// Of 64-bit programs (sys/stat.h, _LP64): there is no other.
template <>
struct stat<lp64> {
  using shape = polyabi::shape::stat;
  device_word<lp64::u64, wide_device_codec> dev;
  lp64::u64 ino;
  lp64::u32 mode, nlink, uid, gid;
  device_word<lp64::u64, wide_device_codec> rdev;
  lp64::i64 size;
  timespec<lp64> atime, mtime, ctime;
  lp64::i32 blksize;
  lp64::u32 pad;
  lp64::i64 blocks;
  char fstype[16];
  POLYABI_FIELDS(stat, dev, ino, mode, nlink, uid, gid, rdev, size, atime, mtime, ctime, blksize, blocks)
};
static_assert(layout<stat<lp64>, 128>);
static_assert(at_offset<stat<lp64>, "mode", 16> && at_offset<stat<lp64>, "rdev", 32> && at_offset<stat<lp64>, "size", 40>);
static_assert(at_offset<stat<lp64>, "atime", 48> && at_offset<stat<lp64>, "blksize", 96> && at_offset<stat<lp64>, "blocks", 104>);

/// The large-file one.
template <class M>
struct stat64 {
  using shape = polyabi::shape::stat;
  device_word<typename M::u32, device_codec> dev;
  typename M::u32 pad1[3];
  typename M::u64 ino;
  typename M::u32 mode, nlink, uid, gid;
  device_word<typename M::u32, device_codec> rdev;
  typename M::u32 pad2[2];
  typename M::i64 size;
  timespec<M> atime, mtime, ctime;
  typename M::i32 blksize;
  typename M::i64 blocks;
  char fstype[16];
  typename M::u32 pad4[8];
  POLYABI_FIELDS(stat64, dev, ino, mode, nlink, uid, gid, rdev, size, atime, mtime, ctime, blksize, blocks)
};
static_assert(layout<stat64<ilp32_i386>, 144>);
static_assert(at_offset<stat64<ilp32_i386>, "mode", 24> && at_offset<stat64<ilp32_i386>, "size", 52>);
static_assert(at_offset<stat64<ilp32_i386>, "blksize", 84> && at_offset<stat64<ilp32_i386>, "blocks", 88>);

/// statvfs(2). Counts too large for a word are the largest one, so that programs see "plenty".
template <class M, class Count>
struct statvfs_of {
  using shape = polyabi::shape::statfs;
  typename M::u32 bsize, frsize;
  saturating<Count> blocks, bfree, bavail, files, ffree, favail;
  truncating<typename M::u32> fsid;
  char basetype[16];
  typename M::u32 flags;
  typename M::u32 namelen;
  char fstr[32];
  typename M::u32 filler[16];
  POLYABI_FIELDS(statvfs_of, bsize, frsize, blocks, bfree, bavail, files, ffree, favail, fsid, namelen)
};
template <class M>
struct statvfs : statvfs_of<M, typename M::u32> {};
template <class M>
struct statvfs64 : statvfs_of<M, typename M::u64> {};
static_assert(layout<statvfs<ilp32_i386>, 156> && layout<statvfs64<ilp32_i386>, 180>);
static_assert(at_offset<statvfs_of<ilp32_i386, ilp32_i386::u32>, "namelen", 56>);
static_assert(at_offset<statvfs_of<ilp32_i386, ilp32_i386::u64>, "namelen", 80>);

/// Of 64-bit programs (sys/statvfs.h, _LP64), without the space for more.
template <>
struct statvfs<lp64> {
  using shape = polyabi::shape::statfs;
  lp64::ulong bsize, frsize, blocks, bfree, bavail, files, ffree, favail, fsid;
  char basetype[16];
  lp64::ulong flags, namelen;
  char fstr[32];
  POLYABI_FIELDS(statvfs, bsize, frsize, blocks, bfree, bavail, files, ffree, favail, fsid, namelen)
};
static_assert(layout<statvfs<lp64>, 136>);
static_assert(at_offset<statvfs<lp64>, "fsid", 64> && at_offset<statvfs<lp64>, "namelen", 96>);

/// SVR3's statfs(2): blocks of 512 bytes.
template <class M>
struct statfs {
  typename M::i16 fstyp;
  typename M::i32 bsize, frsize, blocks, bfree, files, ffree;
  char fname[6], fpack[6];
  POLYABI_FIELDS(statfs, fstyp, bsize, frsize, blocks, bfree, files, ffree, fname, fpack)
};
static_assert(layout<statfs<ilp32_i386>, 40>);

/// ustat(2).
template <class M>
struct ustat {
  typename M::i32 tfree, tinode;
  char fname[6], fpack[6];
  POLYABI_FIELDS(ustat, tfree, tinode, fname, fpack)
};
static_assert(layout<ustat<ilp32_i386>, 20>);

} // namespace polyabi::svr4
