// Terminal modes, by hand.
#include "calls.hpp"

namespace bench::by_hand {
namespace {

struct linux_termios {
  u32 iflag, oflag, cflag, lflag;
  u8 line, cc[19];
};
static_assert(sizeof(linux_termios) == 36);
namespace b = reference::termios_bits;

u32 code_of(u32 speed) {
  switch (speed) {
  case 0: return 0x0;
  case 50: return 0x1;
  case 75: return 0x2;
  case 110: return 0x3;
  case 134: return 0x4;
  case 150: return 0x5;
  case 200: return 0x6;
  case 300: return 0x7;
  case 600: return 0x8;
  case 1200: return 0x9;
  case 1800: return 0xa;
  case 2400: return 0xb;
  case 4800: return 0xc;
  case 9600: return 0xd;
  case 19200: return 0xe;
  case 38400: return 0xf;
  case 57600: return 0x1001;
  case 115200: return 0x1002;
  case 230400: return 0x1003;
  case 460800: return 0x1004;
  case 500000: return 0x1005;
  case 576000: return 0x1006;
  case 921600: return 0x1007;
  case 1000000: return 0x1008;
  case 1152000: return 0x1009;
  case 1500000: return 0x100a;
  case 2000000: return 0x100b;
  case 2500000: return 0x100c;
  case 3000000: return 0x100d;
  case 3500000: return 0x100e;
  case 4000000: return 0x100f;
  default: return 0x1000;
  }
}
u32 speed_of(u32 code, u32 other) {
  switch (code) {
  case 0x0: return 0;
  case 0x1: return 50;
  case 0x2: return 75;
  case 0x3: return 110;
  case 0x4: return 134;
  case 0x5: return 150;
  case 0x6: return 200;
  case 0x7: return 300;
  case 0x8: return 600;
  case 0x9: return 1200;
  case 0xa: return 1800;
  case 0xb: return 2400;
  case 0xc: return 4800;
  case 0xd: return 9600;
  case 0xe: return 19200;
  case 0xf: return 38400;
  case 0x1001: return 57600;
  case 0x1002: return 115200;
  case 0x1003: return 230400;
  case 0x1004: return 460800;
  case 0x1005: return 500000;
  case 0x1006: return 576000;
  case 0x1007: return 921600;
  case 0x1008: return 1000000;
  case 0x1009: return 1152000;
  case 0x100a: return 1500000;
  case 0x100b: return 2000000;
  case 0x100c: return 2500000;
  case 0x100d: return 3000000;
  case 0x100e: return 3500000;
  case 0x100f: return 4000000;
  default: return other;
  }
}
u8 character_out(u8 c) {
  return c == b::disabled ? u8{0} : c;
}
u8 character_in(u8 c) {
  return c == 0 ? b::disabled : c;
}

void to_linux(const reference::termios& in, linux_termios& out) {
  std::memset(&out, 0, sizeof out);
  if (in.iflag & b::ignbrk) out.iflag |= 1;
  if (in.iflag & b::brkint) out.iflag |= 2;
  if (in.iflag & b::ignpar) out.iflag |= 4;
  if (in.iflag & b::parmrk) out.iflag |= 8;
  if (in.iflag & b::inpck) out.iflag |= 0x10;
  if (in.iflag & b::istrip) out.iflag |= 0x20;
  if (in.iflag & b::inlcr) out.iflag |= 0x40;
  if (in.iflag & b::igncr) out.iflag |= 0x80;
  if (in.iflag & b::icrnl) out.iflag |= 0x100;
  if (in.iflag & b::iuclc) out.iflag |= 0x200;
  if (in.iflag & b::ixon) out.iflag |= 0x400;
  if (in.iflag & b::ixany) out.iflag |= 0x800;
  if (in.iflag & b::ixoff) out.iflag |= 0x1000;
  if (in.iflag & b::imaxbel) out.iflag |= 0x2000;
  if (in.iflag & b::iutf8) out.iflag |= 0x4000;
  if (in.oflag & b::opost) out.oflag |= 1;
  if (in.oflag & b::olcuc) out.oflag |= 2;
  if (in.oflag & b::onlcr) out.oflag |= 4;
  if (in.oflag & b::ocrnl) out.oflag |= 8;
  if (in.oflag & b::onocr) out.oflag |= 0x10;
  if (in.oflag & b::onlret) out.oflag |= 0x20;
  if (in.oflag & b::ofill) out.oflag |= 0x40;
  if (in.oflag & b::ofdel) out.oflag |= 0x80;
  if (in.oflag & b::oxtabs) out.oflag |= 0x1800;
  switch (in.cflag & b::csize) {
  case b::cs6: out.cflag |= 0x10; break;
  case b::cs7: out.cflag |= 0x20; break;
  case b::cs8: out.cflag |= 0x30; break;
  }
  if (in.cflag & b::cstopb) out.cflag |= 0x40;
  if (in.cflag & b::cread) out.cflag |= 0x80;
  if (in.cflag & b::parenb) out.cflag |= 0x100;
  if (in.cflag & b::parodd) out.cflag |= 0x200;
  if (in.cflag & b::hupcl) out.cflag |= 0x400;
  if (in.cflag & b::clocal) out.cflag |= 0x800;
  if (in.cflag & b::cmspar) out.cflag |= 0x40000000;
  if (in.cflag & b::crtscts) out.cflag |= 0x80000000;
  if (in.lflag & b::isig) out.lflag |= 1;
  if (in.lflag & b::icanon) out.lflag |= 2;
  if (in.lflag & b::xcase) out.lflag |= 4;
  if (in.lflag & b::echo) out.lflag |= 8;
  if (in.lflag & b::echoe) out.lflag |= 0x10;
  if (in.lflag & b::echok) out.lflag |= 0x20;
  if (in.lflag & b::echonl) out.lflag |= 0x40;
  if (in.lflag & b::noflsh) out.lflag |= 0x80;
  if (in.lflag & b::tostop) out.lflag |= 0x100;
  if (in.lflag & b::echoctl) out.lflag |= 0x200;
  if (in.lflag & b::echoprt) out.lflag |= 0x400;
  if (in.lflag & b::echoke) out.lflag |= 0x800;
  if (in.lflag & b::flusho) out.lflag |= 0x1000;
  if (in.lflag & b::pendin) out.lflag |= 0x4000;
  if (in.lflag & b::iexten) out.lflag |= 0x8000;
  if (in.lflag & b::extproc) out.lflag |= 0x10000;
  out.cc[0] = character_out(in.cc[b::vintr]);
  out.cc[1] = character_out(in.cc[b::vquit]);
  out.cc[2] = character_out(in.cc[b::verase]);
  out.cc[3] = character_out(in.cc[b::vkill]);
  out.cc[4] = character_out(in.cc[b::veof]);
  out.cc[5] = in.cc[b::vtime];
  out.cc[6] = in.cc[b::vmin];
  out.cc[7] = character_out(in.cc[b::vswtch]);
  out.cc[8] = character_out(in.cc[b::vstart]);
  out.cc[9] = character_out(in.cc[b::vstop]);
  out.cc[10] = character_out(in.cc[b::vsusp]);
  out.cc[11] = character_out(in.cc[b::veol]);
  out.cc[12] = character_out(in.cc[b::vreprint]);
  out.cc[13] = character_out(in.cc[b::vdiscard]);
  out.cc[14] = character_out(in.cc[b::vwerase]);
  out.cc[15] = character_out(in.cc[b::vlnext]);
  out.cc[16] = character_out(in.cc[b::veol2]);
  out.cflag |= code_of(in.ospeed);
  if (in.ispeed != in.ospeed) out.cflag |= code_of(in.ispeed) << 16;
}

void to_native(const linux_termios& in, reference::termios& out) {
  if (in.iflag & 1) out.iflag |= b::ignbrk;
  if (in.iflag & 2) out.iflag |= b::brkint;
  if (in.iflag & 4) out.iflag |= b::ignpar;
  if (in.iflag & 8) out.iflag |= b::parmrk;
  if (in.iflag & 0x10) out.iflag |= b::inpck;
  if (in.iflag & 0x20) out.iflag |= b::istrip;
  if (in.iflag & 0x40) out.iflag |= b::inlcr;
  if (in.iflag & 0x80) out.iflag |= b::igncr;
  if (in.iflag & 0x100) out.iflag |= b::icrnl;
  if (in.iflag & 0x200) out.iflag |= b::iuclc;
  if (in.iflag & 0x400) out.iflag |= b::ixon;
  if (in.iflag & 0x800) out.iflag |= b::ixany;
  if (in.iflag & 0x1000) out.iflag |= b::ixoff;
  if (in.iflag & 0x2000) out.iflag |= b::imaxbel;
  if (in.iflag & 0x4000) out.iflag |= b::iutf8;
  if (in.oflag & 1) out.oflag |= b::opost;
  if (in.oflag & 2) out.oflag |= b::olcuc;
  if (in.oflag & 4) out.oflag |= b::onlcr;
  if (in.oflag & 8) out.oflag |= b::ocrnl;
  if (in.oflag & 0x10) out.oflag |= b::onocr;
  if (in.oflag & 0x20) out.oflag |= b::onlret;
  if (in.oflag & 0x40) out.oflag |= b::ofill;
  if (in.oflag & 0x80) out.oflag |= b::ofdel;
  if ((in.oflag & 0x1800) == 0x1800) out.oflag |= b::oxtabs;
  switch (in.cflag & 0x30) {
  case 0x10: out.cflag |= b::cs6; break;
  case 0x20: out.cflag |= b::cs7; break;
  case 0x30: out.cflag |= b::cs8; break;
  }
  if (in.cflag & 0x40) out.cflag |= b::cstopb;
  if (in.cflag & 0x80) out.cflag |= b::cread;
  if (in.cflag & 0x100) out.cflag |= b::parenb;
  if (in.cflag & 0x200) out.cflag |= b::parodd;
  if (in.cflag & 0x400) out.cflag |= b::hupcl;
  if (in.cflag & 0x800) out.cflag |= b::clocal;
  if (in.cflag & 0x40000000) out.cflag |= b::cmspar;
  if (in.cflag & 0x80000000) out.cflag |= b::crtscts;
  if (in.lflag & 1) out.lflag |= b::isig;
  if (in.lflag & 2) out.lflag |= b::icanon;
  if (in.lflag & 4) out.lflag |= b::xcase;
  if (in.lflag & 8) out.lflag |= b::echo;
  if (in.lflag & 0x10) out.lflag |= b::echoe;
  if (in.lflag & 0x20) out.lflag |= b::echok;
  if (in.lflag & 0x40) out.lflag |= b::echonl;
  if (in.lflag & 0x80) out.lflag |= b::noflsh;
  if (in.lflag & 0x100) out.lflag |= b::tostop;
  if (in.lflag & 0x200) out.lflag |= b::echoctl;
  if (in.lflag & 0x400) out.lflag |= b::echoprt;
  if (in.lflag & 0x800) out.lflag |= b::echoke;
  if (in.lflag & 0x1000) out.lflag |= b::flusho;
  if (in.lflag & 0x4000) out.lflag |= b::pendin;
  if (in.lflag & 0x8000) out.lflag |= b::iexten;
  if (in.lflag & 0x10000) out.lflag |= b::extproc;
  out.cc[b::vintr] = character_in(in.cc[0]);
  out.cc[b::vquit] = character_in(in.cc[1]);
  out.cc[b::verase] = character_in(in.cc[2]);
  out.cc[b::vkill] = character_in(in.cc[3]);
  out.cc[b::veof] = character_in(in.cc[4]);
  out.cc[b::vtime] = in.cc[5];
  out.cc[b::vmin] = in.cc[6];
  out.cc[b::vswtch] = character_in(in.cc[7]);
  out.cc[b::vstart] = character_in(in.cc[8]);
  out.cc[b::vstop] = character_in(in.cc[9]);
  out.cc[b::vsusp] = character_in(in.cc[10]);
  out.cc[b::veol] = character_in(in.cc[11]);
  out.cc[b::vreprint] = character_in(in.cc[12]);
  out.cc[b::vdiscard] = character_in(in.cc[13]);
  out.cc[b::vwerase] = character_in(in.cc[14]);
  out.cc[b::vlnext] = character_in(in.cc[15]);
  out.cc[b::veol2] = character_in(in.cc[16]);
  out.ospeed = speed_of(in.cflag & 0x100f, out.ospeed);
  const u32 input = in.cflag >> 16 & 0x100f;
  out.ispeed = input == 0 ? out.ospeed : speed_of(input, out.ispeed);
}

} // namespace

/// The requests that are measured; a kernel has some seventy more here.
long ioctl(thread& t, registers& r) {
  const auto descriptor = static_cast<i32>(r.rdi);
  reference::termios native{};
  linux_termios l;
  switch (static_cast<u32>(r.rsi)) {
  case 0x5401: {
    auto answer = terminal_attributes(t, descriptor, native);
    if (!answer) return -linux_errno(answer.error());
    to_linux(native, l);
    return copy_out(r.rdx, &l, sizeof l) ? 0 : -14;
  }
  case 0x5402: {
    if (!copy_in(&l, r.rdx, sizeof l)) return -14;
    to_native(l, native);
    auto answer = set_terminal_attributes(t, descriptor, reference::attribute_times::now, native);
    if (!answer) return -linux_errno(answer.error());
    return 0;
  }
  default: return -25;
  }
}

} // namespace bench::by_hand
