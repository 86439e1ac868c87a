// The same jobs as a kernel author writes them by hand: a table of functions, a switch for each map, a branch for each flag,
// field by field copies, and the same checks. Answers are Linux': a value, or minus the error.
#pragma once

#include "../kernel.hpp"

#include <cstring>

namespace bench::by_hand {

inline int linux_errno(error e) {
  switch (e) {
  case error::perm: return 1;
  case error::noent: return 2;
  case error::srch: return 3;
  case error::intr: return 4;
  case error::io: return 5;
  case error::nxio: return 6;
  case error::toobig: return 7;
  case error::noexec: return 8;
  case error::badf: return 9;
  case error::child: return 10;
  case error::again: return 11;
  case error::nomem: return 12;
  case error::acces: return 13;
  case error::fault: return 14;
  case error::notblk: return 15;
  case error::busy: return 16;
  case error::exist: return 17;
  case error::xdev: return 18;
  case error::nodev: return 19;
  case error::notdir: return 20;
  case error::isdir: return 21;
  case error::inval: return 22;
  case error::nfile: return 23;
  case error::mfile: return 24;
  case error::notty: return 25;
  case error::txtbsy: return 26;
  case error::fbig: return 27;
  case error::nospc: return 28;
  case error::spipe: return 29;
  case error::rofs: return 30;
  case error::mlink: return 31;
  case error::pipe: return 32;
  case error::dom: return 33;
  case error::range: return 34;
  case error::deadlk: return 35;
  case error::nametoolong: return 36;
  case error::nolck: return 37;
  case error::nosys: return 38;
  case error::notempty: return 39;
  case error::loop: return 40;
  default: return 22;
  }
}

// files.cpp
long getpid(thread&, registers&);
long close(thread&, registers&);
long fchdir(thread&, registers&);
long open(thread&, registers&);
long fstat(thread&, registers&);
long statx(thread&, registers&);
long readv(thread&, registers&);
// signals.cpp
long rt_sigaction(thread&, registers&);
// sockets.cpp
long bind(thread&, registers&);
long getsockname(thread&, registers&);
// terminal.cpp
long ioctl(thread&, registers&);
// events.cpp
long epoll_wait(thread&, registers&);

} // namespace bench::by_hand
