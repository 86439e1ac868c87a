// SCO OpenServer's own structures (sys/stat.h, termios.h).
#pragma once

#include <polyabi/svr4/structures/stat.hpp>
#include <polyabi/svr4/structures/terminal.hpp>

namespace polyabi::svr4 {

/// xstat's version 0x33: ids of 16 bits in the shape of SVR4's structure, times in whole seconds.
template <class M>
struct sco_stat {
  using shape = polyabi::shape::stat;
  device_word<typename M::u16, old_device_codec> dev;
  typename M::u32 pad1[3];
  truncating<typename M::u32> ino;
  typename M::u16 mode;
  saturating<typename M::i16> nlink;
  typename M::u16 uid, gid;
  device_word<typename M::u16, old_device_codec> rdev;
  typename M::u32 pad2[2];
  typename M::i32 size;
  typename M::u32 pad3;
  seconds<typename M::i32> atime, mtime, ctime;
  typename M::i32 blksize, blocks;
  char fstype[16];
  typename M::u32 pad4[7], flags;
  POLYABI_FIELDS(sco_stat, dev, ino, mode, nlink, uid, gid, rdev, size, atime, mtime, ctime, blksize, blocks)
};
static_assert(layout<sco_stat<ilp32_i386>, 116>);
static_assert(offset_of<sco_stat<ilp32_i386>, "ino"> == 16 && offset_of<sco_stat<ilp32_i386>, "rdev"> == 28);
static_assert(offset_of<sco_stat<ilp32_i386>, "size"> == 40 && offset_of<sco_stat<ilp32_i386>, "blocks"> == 64);

/// struct termios: VMIN and VTIME have places of their own, and IEXTEN and TOSTOP other bits than System V's.
template <class M>
struct sco_termios {
  using shape = polyabi::shape::termios;
  typename M::u16 iflag, oflag, cflag, lflag;
  u8 line;
  u8 cc[13];
  u8 ispeed, ospeed;
  POLYABI_FIELDS(sco_termios, iflag, oflag, cflag, lflag, line, cc, ispeed, ospeed)

  template <class K, class N>
  constexpr errc to_native(N& out) const {
    termios<M> common{};
    if (errc e = common.template from_native<K>(out); e != errc::none) return e;
    common.iflag = (common.iflag & ~0xffffu) | iflag;
    common.oflag = (common.oflag & ~0xffffu) | oflag;
    common.cflag = (common.cflag & ~0xfffu) | (cflag & 0xfffu);
    common.lflag = (common.lflag & ~(same_modes | 0100400u)) | (lflag & same_modes) | ((lflag & 0400) != 0 ? 0100000u : 0u) |
                   ((lflag & 01000) != 0 ? 0400u : 0u);
    const bool canonical = (lflag & 02) != 0;
    for (const place& p : places)
      if (!p.counts || !canonical)
        if (p.counts || canonical || !p.shares) common.cc[p.common] = cc[p.own];
    return common.template to_native<K>(out);
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    termios<M> common{};
    if (errc e = common.template from_native<K>(in); e != errc::none) return e;
    iflag = static_cast<u16>(common.iflag);
    oflag = static_cast<u16>(common.oflag);
    cflag = static_cast<u16>(common.cflag & 0xfff);
    lflag = static_cast<u16>((common.lflag & same_modes) | ((common.lflag & 0100000) != 0 ? 0400u : 0u) |
                             ((common.lflag & 0400) != 0 ? 01000u : 0u));
    const bool canonical = (common.lflag & 02) != 0;
    for (const place& p : places)
      if (p.counts != canonical || !(p.counts || p.shares)) cc[p.own] = common.cc[p.common];
    ispeed = static_cast<u8>(speed_index(input_speed_of(common.cflag)) & 15);
    ospeed = static_cast<u8>(speed_index(speed_of(common.cflag)) & 15);
    return errc::none;
  }

private:
  static constexpr u32 same_modes = 0377; ///< of c_lflag: ISIG to NOFLSH
  /// A character's place here and in System V's structure, where the two counters share the places of two characters.
  struct place {
    u8 own, common;
    bool counts = false, shares = false;
  };
  static constexpr place places[] = {
      {0, 0},       {1, 1},   {2, 2},  {3, 3}, {4, 4, false, true}, {5, 5, false, true}, {6, 6}, {7, 7}, {8, 4, true},
      {9, 5, true}, {10, 10}, {11, 8}, {12, 9}};
};
static_assert(layout<sco_termios<ilp32_i386>, 24>);

} // namespace polyabi::svr4
