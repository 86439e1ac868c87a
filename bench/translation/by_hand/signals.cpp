// Signals, by hand.
#include "calls.hpp"

namespace bench {
namespace {

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
  default: return native >= n::realtime_first && native <= n::realtime_last ? native - n::realtime_first + 32 : 0;
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
    struct {
      i32 pid;
      u32 uid;
      u64 value;
    } sent;
    struct {
      i32 id, overrun;
      u64 value;
    } timer;
    struct {
      i64 band;
      i32 descriptor;
    } readiness;
    struct {
      i32 pid;
      u32 uid;
      i32 status;
      i64 utime, stime;
    } child;
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

int native_signal(i32 number) {
  namespace n = reference::signals;
  switch (number) {
  case 1: return n::hup;
  case 2: return n::int_;
  case 3: return n::quit;
  case 4: return n::ill;
  case 5: return n::trap;
  case 6: return n::abrt;
  case 7: return n::bus;
  case 8: return n::fpe;
  case 9: return n::kill;
  case 10: return n::usr1;
  case 11: return n::segv;
  case 12: return n::usr2;
  case 13: return n::pipe;
  case 14: return n::alrm;
  case 15: return n::term;
  case 16: return n::stkflt;
  case 17: return n::chld;
  case 18: return n::cont;
  case 19: return n::stop;
  case 20: return n::tstp;
  case 21: return n::ttin;
  case 22: return n::ttou;
  case 23: return n::urg;
  case 24: return n::xcpu;
  case 25: return n::xfsz;
  case 26: return n::vtalrm;
  case 27: return n::prof;
  case 28: return n::winch;
  case 29: return n::io;
  case 30: return n::pwr;
  case 31: return n::sys;
  default: return number >= 32 && number <= 64 ? number - 32 + n::realtime_first : 0;
  }
}

reference::sigset native_mask(u64 mask) {
  reference::sigset set{};
  for (u64 left = mask; left != 0; left &= left - 1) {
    const int to = native_signal(__builtin_ctzll(left) + 1);
    if (to > 0) set.add(to);
  }
  return set;
}

struct linux_sigaction {
  u64 handler, flags, restorer, mask;
};

} // namespace

namespace by_hand {

long rt_sigaction(thread& t, registers& r) {
  namespace f = reference::sigaction_flags;
  const i32 number = static_cast<i32>(r.rdi);
  const i32 native = number == 0 ? 0 : native_signal(number);
  if (number != 0 && native == 0) return -22;
  linux_sigaction given;
  reference::sigaction action{}, old{};
  if (r.rsi != 0) {
    if (!copy_in(&given, r.rsi, sizeof given)) return -14;
    action.handler = given.handler;
    action.restorer = given.restorer;
    if (given.flags & 1) action.flags |= f::nocldstop;
    if (given.flags & 2) action.flags |= f::nocldwait;
    if (given.flags & 4) action.flags |= f::siginfo;
    if (given.flags & 0x04000000) action.flags |= f::restorer;
    if (given.flags & 0x08000000) action.flags |= f::onstack;
    if (given.flags & 0x10000000) action.flags |= f::restart;
    if (given.flags & 0x40000000) action.flags |= f::nodefer;
    if (given.flags & 0x80000000) action.flags |= f::resethand;
    action.mask = native_mask(given.mask);
  }
  if (r.r10 != 8) return -22;
  auto answer = set_action(t, native, r.rsi != 0 ? &action : nullptr, r.rdx != 0 ? &old : nullptr);
  if (!answer) return -linux_errno(answer.error());
  if (r.rdx == 0) return 0;
  given.handler = old.handler;
  given.restorer = old.restorer;
  given.flags = 0;
  if (old.flags & f::nocldstop) given.flags |= 1;
  if (old.flags & f::nocldwait) given.flags |= 2;
  if (old.flags & f::siginfo) given.flags |= 4;
  if (old.flags & f::restorer) given.flags |= 0x04000000;
  if (old.flags & f::onstack) given.flags |= 0x08000000;
  if (old.flags & f::restart) given.flags |= 0x10000000;
  if (old.flags & f::nodefer) given.flags |= 0x40000000;
  if (old.flags & f::resethand) given.flags |= 0x80000000;
  given.mask = linux_mask(old.mask);
  return copy_out(r.rdx, &given, sizeof given) ? 0 : -14;
}

} // namespace by_hand

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
  f.ss_flags = (what.stack.flags & reference::sigstack_flags::disable)   ? 2
               : (what.stack.flags & reference::sigstack_flags::onstack) ? 1
                                                                         : 0;
  f.ss_size = what.stack.size;
  f.r8 = r.r8;
  f.r9 = r.r9;
  f.r10 = r.r10;
  f.r11 = r.r11;
  f.r12 = r.r12;
  f.r13 = r.r13;
  f.r14 = r.r14;
  f.r15 = r.r15;
  f.rdi = r.rdi;
  f.rsi = r.rsi;
  f.rbp = r.rbp;
  f.rbx = r.rbx;
  f.rdx = r.rdx;
  f.rax = r.rax;
  f.rcx = r.rcx;
  f.rsp = r.rsp;
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
  f.si_errno = what.info.error == 0 ? 0 : by_hand::linux_errno(static_cast<error>(what.info.error));
  f.si_code = linux_code(what.info.code);
  if (f.si_code == -2) {
    f.timer = {what.info.timer, what.info.overrun, what.info.value};
  } else
    switch (f.si_signo) {
    case 29: f.readiness = {what.info.band, what.info.descriptor}; break;
    case 4:
    case 5:
    case 7:
    case 8:
    case 11: f.address = what.info.address; break;
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

} // namespace bench
