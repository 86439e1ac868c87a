// The same job as a kernel author writes it by hand: a table of functions, a switch for errno, a branch for each flag, field by field
// copies, and the same checks.
#include "kernel.hpp"

#include <cstring>

namespace bench {
namespace {

int linux_errno(error e) {
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

long hand_getpid(thread& t, registers&) {
  auto answer = process_id(t);
  if (!answer) return -linux_errno(answer.error());
  return *answer;
}

long hand_close(thread& t, registers& r) {
  auto answer = close(t, static_cast<i32>(r.rdi));
  if (!answer) return -linux_errno(answer.error());
  return 0;
}

long hand_fchdir(thread& t, registers& r) {
  auto answer = fail(t, static_cast<i32>(r.rdi));
  if (!answer) return -linux_errno(answer.error());
  return 0;
}

long hand_open(thread& t, registers& r) {
  char path[4096];
  const i64 length = copy_in_string(path, r.rdi, sizeof path);
  if (length < 0) return length == -1 ? -14 : -36;
  namespace f = reference::open_flags;
  const u32 flags = static_cast<u32>(r.rsi);
  u32 native = 0;
  switch (flags & 3) {
  case 0: native = f::rdonly; break;
  case 1: native = f::wronly; break;
  case 2: native = f::rdwr; break;
  }
  if (flags & 0x40) native |= f::creat;
  if (flags & 0x80) native |= f::excl;
  if (flags & 0x100) native |= f::noctty;
  if (flags & 0x200) native |= f::trunc;
  if (flags & 0x400) native |= f::append;
  if (flags & 0x800) native |= f::nonblock;
  if (flags & 0x1000) native |= f::dsync;
  if (flags & 0x2000) native |= f::async;
  if (flags & 0x4000) native |= f::direct;
  if (flags & 0x10000) native |= f::directory;
  if (flags & 0x20000) native |= f::nofollow;
  if (flags & 0x40000) native |= f::noatime;
  if (flags & 0x80000) native |= f::cloexec;
  if ((flags & 0x101000) == 0x101000) native |= f::sync;
  if (flags & 0x200000) native |= f::path;
  if ((flags & 0x410000) == 0x410000) native |= f::tmpfile;
  auto answer = open(t, reference::at::current_directory, {path, static_cast<usize>(length)}, native, static_cast<u32>(r.rdx));
  if (!answer) return -linux_errno(answer.error());
  return polyabi::detail::derived_entry::commit(*answer);
}

struct linux_stat {
  u64 st_dev, st_ino, st_nlink;
  u32 st_mode, st_uid, st_gid, pad0;
  u64 st_rdev;
  i64 st_size, st_blksize, st_blocks;
  u64 atime, atime_nsec, mtime, mtime_nsec, ctime, ctime_nsec;
  i64 unused[3];
};
static_assert(sizeof(linux_stat) == 144);

u64 encode_device(u64 native) {
  const u64 major = native >> 32, minor = native & 0xffffffff;
  return (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~u64{0xff}) << 12 | (major & ~u64{0xfff}) << 32;
}

long hand_fstat(thread& t, registers& r) {
  reference::stat native{};
  auto answer = file_status(t, static_cast<i32>(r.rdi), native);
  if (!answer) return -linux_errno(answer.error());
  if (native.atime.nsec < 0 || native.mtime.nsec < 0 || native.ctime.nsec < 0) return -75; // what does not fit is EOVERFLOW
  linux_stat s;
  std::memset(&s, 0, sizeof s);
  s.st_dev = encode_device(native.dev);
  s.st_ino = native.ino;
  s.st_nlink = native.nlink;
  s.st_mode = native.mode;
  s.st_uid = native.uid;
  s.st_gid = native.gid;
  s.st_rdev = encode_device(native.rdev);
  s.st_size = native.size;
  s.st_blksize = native.blksize;
  s.st_blocks = native.blocks;
  s.atime = static_cast<u64>(native.atime.sec);
  s.atime_nsec = static_cast<u64>(native.atime.nsec);
  s.mtime = static_cast<u64>(native.mtime.sec);
  s.mtime_nsec = static_cast<u64>(native.mtime.nsec);
  s.ctime = static_cast<u64>(native.ctime.sec);
  s.ctime_nsec = static_cast<u64>(native.ctime.nsec);
  return copy_out(r.rsi, &s, sizeof s) ? 0 : -14;
}

long hand_nosys(thread&, registers&) { return -38; }

using function = long (*)(thread&, registers&);
constexpr auto table = [] {
  std::array<function, 463> all{};
  for (auto& f : all) f = &hand_nosys;
  all[2] = &hand_open;
  all[3] = &hand_close;
  all[5] = &hand_fstat;
  all[39] = &hand_getpid;
  all[81] = &hand_fchdir;
  return all;
}();

int linux_signal(i32 native) {
  namespace n = reference::signals;
  switch (native) {
  case n::hup: return 1;
  case n::int_: return 2;
  case n::quit: return 3;
  case n::ill: return 4;
  case n::trap: return 5;
  case n::abrt: return 6;
  case n::bus: return 7;
  case n::fpe: return 8;
  case n::kill: return 9;
  case n::usr1: return 10;
  case n::segv: return 11;
  case n::usr2: return 12;
  case n::pipe: return 13;
  case n::alrm: return 14;
  case n::term: return 15;
  case n::stkflt: return 16;
  case n::chld: return 17;
  case n::cont: return 18;
  case n::stop: return 19;
  case n::tstp: return 20;
  case n::ttin: return 21;
  case n::ttou: return 22;
  case n::urg: return 23;
  case n::xcpu: return 24;
  case n::xfsz: return 25;
  case n::vtalrm: return 26;
  case n::prof: return 27;
  case n::winch: return 28;
  case n::io: return 29;
  case n::pwr: return 30;
  case n::sys: return 31;
  default:
    return native >= n::realtime_first && native <= n::realtime_last ? native - n::realtime_first + 32 : 0;
  }
}

int linux_code(i32 native) {
  namespace n = reference::signal_codes;
  switch (native) {
  case n::user: return 0;
  case n::kernel: return 0x80;
  case n::queue: return -1;
  case n::timer: return -2;
  case n::mesgq: return -3;
  case n::asyncio: return -4;
  case n::lwp: return -6;
  default: return native;
  }
}

struct rt_frame {
  u64 return_address;
  u64 uc_flags, uc_link, ss_sp;
  i32 ss_flags, pad0;
  u64 ss_size;
  u64 r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, eflags;
  u16 cs, gs, fs, ss;
  u64 err, trapno, oldmask, cr2, fpstate, reserved[8];
  u64 sigmask;
  i32 si_signo, si_errno, si_code, pad1;
  union {
    struct { i32 pid; u32 uid; u64 value; } sent;
    struct { i32 id, overrun; u64 value; } timer;
    struct { i64 band; i32 descriptor; } readiness;
    struct { i32 pid; u32 uid; i32 status; i64 utime, stime; } child;
    u64 address;
    u8 bytes[112];
  };
};
static_assert(sizeof(rt_frame) == 440);

u64 linux_mask(const reference::sigset& set) {
  u64 mask = 0;
  for (u32 word = 0; word < 2; ++word)
    for (u64 left = set.bits[word]; left != 0; left &= left - 1) {
      const int to = linux_signal(static_cast<i32>(word * 64) + __builtin_ctzll(left) + 1);
      if (to > 0) mask |= u64{1} << (to - 1);
    }
  return mask;
}

} // namespace

bool hand_written_signal(thread&, registers& r, const signal_delivery<kernel>& what) {
  if (!(what.action.flags & reference::sigaction_flags::restorer)) return false;
  u64 at = what.stack_pointer == r.rsp ? r.rsp - 128 : what.stack_pointer;
  u64 floating = 0;
  if (r.fpu != nullptr && r.fpu_size != 0) {
    at = (at - r.fpu_size) & ~u64{63};
    floating = at;
    if (!copy_out(floating, r.fpu, r.fpu_size)) return false;
  }
  at = ((at - sizeof(rt_frame)) & ~u64{15}) - 8;
  if (!(what.stack.flags & reference::sigstack_flags::disable) && r.rsp - what.stack.sp < what.stack.size && at < what.stack.sp)
    return false;
  rt_frame f;
  std::memset(&f, 0, sizeof f);
  f.return_address = what.action.restorer;
  f.uc_flags = 6u | (floating != 0 && r.fpu_size > 512 ? 1u : 0u);
  f.fpstate = floating;
  f.ss_sp = what.stack.sp;
  f.ss_flags = (what.stack.flags & reference::sigstack_flags::disable) ? 2 : (what.stack.flags & reference::sigstack_flags::onstack) ? 1 : 0;
  f.ss_size = what.stack.size;
  f.r8 = r.r8; f.r9 = r.r9; f.r10 = r.r10; f.r11 = r.r11; f.r12 = r.r12; f.r13 = r.r13; f.r14 = r.r14; f.r15 = r.r15;
  f.rdi = r.rdi; f.rsi = r.rsi; f.rbp = r.rbp; f.rbx = r.rbx; f.rdx = r.rdx; f.rax = r.rax; f.rcx = r.rcx; f.rsp = r.rsp;
  f.rip = r.rip;
  f.eflags = r.rflags;
  f.cs = r.cs;
  f.ss = r.ss;
  f.err = r.trap_error;
  f.trapno = r.trap_number;
  f.cr2 = r.fault_address;
  f.sigmask = linux_mask(what.old_mask);
  f.oldmask = f.sigmask;
  f.si_signo = linux_signal(what.info.signo);
  f.si_errno = what.info.error == 0 ? 0 : linux_errno(static_cast<error>(what.info.error));
  f.si_code = linux_code(what.info.code);
  if (f.si_code == -2) {
    f.timer = {what.info.timer, what.info.overrun, what.info.value};
  } else switch (f.si_signo) {
  case 29: f.readiness = {what.info.band, what.info.descriptor}; break;
  case 4: case 5: case 7: case 8: case 11: f.address = what.info.address; break;
  case 17:
    f.child = {what.info.pid, what.info.uid, what.info.status, static_cast<i64>(what.info.utime / 10'000'000),
               static_cast<i64>(what.info.stime / 10'000'000)};
    break;
  default: f.sent = {what.info.pid, what.info.uid, what.info.value}; break;
  }
  if (!copy_out(at, &f, sizeof f)) return false;
  r.rdi = static_cast<u64>(f.si_signo);
  r.rsi = at + 312;
  r.rdx = at + 8;
  r.rax = 0;
  r.rsp = at;
  r.rip = what.action.handler;
  r.cs = 0x33;
  r.ss = 0x2b;
  r.rflags &= ~u64{0x10500};
  return true;
}

void hand_written_system_call(thread& t, registers& r) {
  const u64 number = r.rax;
  r.rax = static_cast<u64>(number < table.size() ? table[number](t, r) : -38);
}

} // namespace bench
