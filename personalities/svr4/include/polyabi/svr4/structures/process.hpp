// What the files of /proc/PID hold (sys/procfs.h, the structured one of Solaris 2.6 and later).
#pragma once

#include <polyabi/svr4/structures/siginfo.hpp>
#include <polyabi/svr4/structures/stat.hpp>
#include <polyabi/svr4/structures/ucontext.hpp>

namespace polyabi::svr4 {

/// pr_state and pr_sname.
namespace lwp_state {
inline constexpr u8 sleeping = 1, runnable = 2, zombie = 3, stopped = 4;
}
/// pr_dmodel.
inline constexpr u8 model_ilp32 = 1;
/// pr_flags of pstatus and lwpstatus.
namespace status_flag {
inline constexpr u32 stopped = 1, asleep = 0x10;
}
/// pr_why of a process that job control has stopped.
inline constexpr i32 why_job_control = 5;
/// pr_mflags.
namespace map_mark {
inline constexpr u32 exec = 1, write = 2, read = 4, shared = 8, break_ = 0x10, stack = 0x20, anonymous = 0x40;
}

template <class M>
struct lwpsinfo {
  typename M::i32 flag, lwpid;
  typename M::pointer addr, wchan;
  u8 stype, state;
  char sname;
  u8 nice;
  typename M::i16 syscall;
  u8 oldpri, cpu;
  typename M::i32 pri;
  typename M::u16 pctcpu, pad;
  timespec<M> start, time;
  char clname[8], name[16];
  typename M::i32 onpro, bindpro, bindpset, lgrp, filler[4];
  POLYABI_FIELDS(lwpsinfo, flag, lwpid, addr, wchan, stype, state, sname, nice, syscall, oldpri, cpu, pri, pctcpu, start, time, clname,
                 name, onpro, bindpro, bindpset, lgrp)
};
static_assert(layout<lwpsinfo<ilp32_i386>, 104>);

template <class M>
struct psinfo {
  typename M::i32 flag, nlwp, pid, ppid, pgid, sid;
  typename M::u32 uid, euid, gid, egid;
  typename M::pointer addr;
  typename M::ulong size, rssize, pad1; ///< in kilobytes
  typename M::u32 ttydev;
  typename M::u16 pctcpu, pctmem;
  timespec<M> start, time, ctime;
  char fname[16], psargs[80];
  typename M::i32 wstat, argc;
  typename M::pointer argv, envp;
  u8 dmodel, pad2[3];
  typename M::i32 taskid, projid, nzomb, poolid, zoneid, contract, filler;
  lwpsinfo<M> lwp;
  POLYABI_FIELDS(psinfo, flag, nlwp, pid, ppid, pgid, sid, uid, euid, gid, egid, addr, size, rssize, ttydev, pctcpu, pctmem, start, time,
                 ctime, fname, psargs, wstat, argc, argv, envp, dmodel, taskid, projid, nzomb, poolid, zoneid, contract, lwp)
};
static_assert(layout<psinfo<ilp32_i386>, 336>);

template <class M>
struct lwpstatus {
  typename M::u32 flags;
  typename M::i32 lwpid;
  typename M::i16 why, what, cursig, pad1;
  siginfo<M> info;
  sigset<M> lwppend, lwphold;
  sigaction<M> action;
  sigstack<M> altstack;
  typename M::pointer oldcontext;
  typename M::i16 syscall, nsysarg;
  typename M::i32 error;
  typename M::slong sysarg[8], rval1, rval2;
  char clname[8];
  timespec<M> tstamp, utime, stime;
  typename M::i32 filler[7], errpriv;
  typename M::pointer ustack;
  typename M::ulong instr;
  typename M::u32 reg[static_cast<usize>(greg::count)];
  fpregset<M> fpreg;
  POLYABI_FIELDS(lwpstatus, flags, lwpid, why, what, cursig, info, lwppend, lwphold, action, altstack, oldcontext, syscall, nsysarg,
                 error, sysarg, rval1, rval2, clname, tstamp, utime, stime, ustack, instr, reg, fpreg)
};
static_assert(layout<lwpstatus<ilp32_i386>, 800>);

template <class M>
struct pstatus {
  typename M::u32 flags;
  typename M::i32 nlwp, pid, ppid, pgid, sid, aslwpid, agentid;
  sigset<M> sigpend;
  typename M::pointer brkbase;
  typename M::ulong brksize;
  typename M::pointer stkbase;
  typename M::ulong stksize;
  timespec<M> utime, stime, cutime, cstime;
  sigset<M> sigtrace;
  typename M::u32 flttrace[4], sysentry[16], sysexit[16];
  u8 dmodel, pad[3];
  typename M::i32 taskid, projid, nzomb, zoneid, filler[15];
  lwpstatus<M> lwp;
  POLYABI_FIELDS(pstatus, flags, nlwp, pid, ppid, pgid, sid, aslwpid, agentid, sigpend, brkbase, brksize, stkbase, stksize, utime, stime,
                 cutime, cstime, sigtrace, flttrace, sysentry, sysexit, dmodel, taskid, projid, nzomb, zoneid, lwp)
};
static_assert(layout<pstatus<ilp32_i386>, 1136>);

template <class M>
struct prcred {
  typename M::u32 euid, ruid, suid, egid, rgid, sgid;
  typename M::i32 ngroups;
  typename M::u32 groups[1]; ///< as many as there are
  POLYABI_FIELDS(prcred, euid, ruid, suid, egid, rgid, sgid, ngroups, groups)
};
static_assert(layout<prcred<ilp32_i386>, 32>);

/// What PIOCCRED fills: the same without the groups, which PIOCGROUPS has.
template <class M>
struct old_prcred {
  typename M::u32 euid, ruid, suid, egid, rgid, sgid, ngroups;
  POLYABI_FIELDS(old_prcred, euid, ruid, suid, egid, rgid, sgid, ngroups)
};
static_assert(layout<old_prcred<ilp32_i386>, 28>);

/// What PIOCPSINFO fills (sys/old_procfs.h): SVR4.0's up to its arguments, what Solaris put into the reserved words behind.
template <class M>
struct prpsinfo {
  u8 state;
  char sname;
  u8 zomb, nice;
  typename M::ulong flag;
  typename M::u32 uid, gid;
  typename M::i32 pid, ppid, pgrp, sid;
  typename M::pointer addr;
  typename M::slong size, rssize; ///< in pages
  typename M::pointer wchan;
  timespec<M> start, time;
  typename M::slong pri;
  u8 oldpri, cpu;
  typename M::u16 ottydev;
  typename M::u32 lttydev;
  char clname[8], fname[16], psargs[80];
  typename M::i16 syscall, fill;
  timespec<M> ctime;
  typename M::ulong bysize, byrssize;
  typename M::i32 argc;
  typename M::pointer argv, envp;
  typename M::i32 wstat;
  typename M::u16 pctcpu, pctmem;
  typename M::u32 euid, egid;
  typename M::i32 aslwpid;
  u8 dmodel, pad[3];
  typename M::i32 filler[6];
  POLYABI_FIELDS(prpsinfo, state, sname, zomb, nice, flag, uid, gid, pid, ppid, pgrp, sid, addr, size, rssize, wchan, start, time, pri,
                 ottydev, lttydev, clname, fname, psargs, syscall, ctime, bysize, byrssize, argc, argv, envp, wstat, euid, egid, dmodel)
};
static_assert(layout<prpsinfo<ilp32_i386>, 260>);

template <class M>
struct prusage {
  typename M::i32 lwpid, count;
  timespec<M> tstamp, create, term, rtime, utime, stime, ttime, tftime, dftime, kftime, ltime, slptime, wtime, stoptime, filltime[6];
  typename M::ulong minf, majf, nswap, inblk, oublk, msnd, mrcv, sigs, vctx, ictx, sysc, ioch, filler[10];
  POLYABI_FIELDS(prusage, lwpid, count, tstamp, create, rtime, utime, stime, ttime, slptime, wtime, stoptime, minf, majf, sysc, ioch)
};
static_assert(layout<prusage<ilp32_i386>, 256>);

template <class M>
struct prmap {
  typename M::pointer vaddr;
  typename M::ulong size;
  char mapname[64];
  typename M::i64 offset;
  typename M::u32 mflags;
  typename M::i32 pagesize, shmid, filler;
  POLYABI_FIELDS(prmap, vaddr, size, mapname, offset, mflags, pagesize, shmid)
};
static_assert(layout<prmap<ilp32_i386>, 96>);

} // namespace polyabi::svr4
