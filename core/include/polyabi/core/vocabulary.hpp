// The vocabulary: names that personalities and kernels share, without values and without layouts.
//
// An enumerator is the traditional C name in lower case without its prefix: `errc::again` is EAGAIN,
// `open_flag::creat` is O_CREAT. The printed name is derived from it (`c_name.hpp`), never typed twice.
// Zero is "no name" in every enumeration. The order carries no meaning.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi {

/// Error names. The union of what 4.4BSD, System V and Linux define.
enum class errc : u16 {
  none,
  perm, noent, srch, intr, io, nxio, toobig, noexec, badf, child, again, nomem, acces, fault, notblk, busy, exist, xdev,
  nodev, notdir, isdir, inval, nfile, mfile, notty, txtbsy, fbig, nospc, spipe, rofs, mlink, pipe, dom, range, deadlk,
  nametoolong, nolck, nosys, notempty, loop, nomsg, idrm, chrng, l2nsync, l3hlt, l3rst, lnrng, unatch, nocsi, l2hlt, bade,
  badr, xfull, noano, badrqc, badslt, deadlock, bfont, nostr, nodata, time, nosr, nonet, nopkg, remote, nolink, adv, srmnt,
  comm, proto, multihop, dotdot, badmsg, overflow, notuniq, badfd, remchg, libacc, libbad, libscn, libmax, libexec, ilseq,
  restart, strpipe, users, notsock, destaddrreq, msgsize, prototype, noprotoopt, protonosupport, socktnosupport, opnotsupp,
  pfnosupport, afnosupport, addrinuse, addrnotavail, netdown, netunreach, netreset, connaborted, connreset, nobufs, isconn,
  notconn, shutdown, toomanyrefs, timedout, connrefused, hostdown, hostunreach, already, inprogress, stale, uclean, notnam,
  navail, isnam, remoteio, dquot, nomedium, mediumtype, canceled, nokey, keyexpired, keyrevoked, keyrejected, ownerdead,
  notrecoverable, rfkill, hwpoison, proclim, badrpc, rpcmismatch, progunavail, progmismatch, procunavail, ftype, auth,
  needauth, doofus, noattr, notsup, lockunmapped, notactive, init, nosymlinks,
  count_
};

/// Signal names.
enum class signal : u8 {
  none,
  hup, int_, quit, ill, trap, abrt, emt, fpe, kill, bus, segv, sys, pipe, alrm, term, urg, stop, tstp, cont, chld, ttin,
  ttou, io, xcpu, xfsz, vtalrm, prof, winch, info, usr1, usr2, pwr, stkflt, waiting, lwp, freeze, thaw, cancel, lost, xres,
  jvm1, jvm2,
  count_
};

/// File types (S_IF*).
enum class file_type : u8 { none, fifo, chr, dir, blk, reg, lnk, sock, door, nam, wht, count_ };

/// Character devices that programs know by their number; every system has numbers of its own. `slave`: of a pseudo-terminal.
enum class special_device : u8 { none, console, tty, null, zero, full, random, urandom, ptmx, slave, tunnel, count_ };

/// The access part of open(2)'s flags. `neither` is O_ACCMODE itself: for ioctl alone.
enum class access_mode : u8 { none, rdonly, wronly, rdwr, neither, count_ };

/// open(2) flags (O_*).
enum class open_flag : u8 {
  none,
  creat, excl, noctty, trunc, append, nonblock, ndelay, sync, dsync, rsync, async, direct, largefile, directory, nofollow,
  noatime, cloexec, path, tmpfile, shlock, exlock, xattr, nolinks, search,
  count_
};

/// Flags of the *at() calls (AT_*). `birth_time`: stat is to tell it, which may cost more.
enum class at_flag : u8 { none, symlink_nofollow, removedir, symlink_follow, eaccess, no_automount, empty_path, birth_time, count_ };

/// Descriptor flags (FD_*).
enum class fd_flag : u8 { none, cloexec, count_ };

/// access(2) modes.
enum class access_check : u8 { none, r_ok, w_ok, x_ok, count_ };

/// lseek(2) origins (SEEK_*).
enum class seek_origin : u8 { none, set, cur, end, data, hole, count_ };

/// mmap(2) protections (PROT_*).
enum class protection : u8 { none, read, write, exec, growsdown, growsup, count_ };

/// mmap(2) flags (MAP_*).
enum class map_flag : u8 {
  none,
  shared, private_, shared_validate, fixed, fixed_noreplace, anonymous, growsdown, denywrite, executable, locked, noreserve,
  populate, nonblock, stack, hugetlb, sync, low32, align, text, initdata, rename, new_, uninitialized,
  count_
};

/// How mremap(2) may change a mapping (MREMAP_*).
enum class remap_flag : u8 { none, maymove, fixed, dontunmap, count_ };

/// madvise(2) advice (MADV_*).
enum class memory_advice : u8 {
  none,
  normal, random, sequential, willneed, dontneed, free, remove, dontfork, dofork, mergeable, unmergeable, hugepage, nohugepage,
  dontdump, dodump, wipeonfork, keeponfork, cold, pageout, populate_read, populate_write, dontneed_locked, collapse,
  guard_install, guard_remove, hwpoison, soft_offline, access_default, access_lwp, access_many, purge,
  count_
};

/// msync(2) flags (MS_*).
enum class sync_flag : u8 { none, async, invalidate, sync, count_ };

/// mlock2(2) and mlockall(2) flags (MLOCK_*, MCL_*).
enum class lock_flag : u8 { none, current, future, onfault, count_ };

/// What membarrier(2) does (MEMBARRIER_CMD_*).
enum class barrier_command : u8 {
  none,
  global, global_expedited, register_global_expedited, private_expedited, register_private_expedited,
  private_expedited_sync_core, register_private_expedited_sync_core,
  count_
};

/// poll(2) events (POLL*).
enum class poll_event : u8 {
  none,
  in, pri, out, err, hup, nval, rdnorm, rdband, wrnorm, wrband, msg, remove, rdhup, rddata, noerr, closed,
  count_
};

/// sigaction(2) flags (SA_*).
enum class sigaction_flag : u8 {
  none,
  nocldstop, nocldwait, siginfo, onstack, restart, nodefer, resethand, restorer, waitsig, unsupported, expose_tagbits,
  count_
};

/// sigprocmask(2) operations (SIG_*).
enum class sigmask_how : u8 { none, block, unblock, setmask, count_ };

/// Alternate signal stack flags (SS_*).
enum class sigstack_flag : u8 { none, onstack, disable, autodisarm, count_ };

/// Origin of a signal (si_code).
enum class signal_code : u8 {
  none,
  user, kernel, queue, timer, mesgq, asyncio, sigio, tkill, lwp,
  ill_illopc, ill_illopn, ill_illadr, ill_illtrp, ill_prvopc, ill_prvreg, ill_coproc, ill_badstk,
  fpe_intdiv, fpe_intovf, fpe_fltdiv, fpe_fltovf, fpe_fltund, fpe_fltres, fpe_fltinv, fpe_fltsub,
  segv_maperr, segv_accerr, bus_adraln, bus_adrerr, bus_objerr, trap_brkpt, trap_trace,
  cld_exited, cld_killed, cld_dumped, cld_trapped, cld_stopped, cld_continued,
  poll_in, poll_out, poll_msg, poll_err, poll_pri, poll_hup,
  sys_filter,
  count_
};

/// wait(2) options (W*).
enum class wait_flag : u8 { none, nohang, untraced, exited, continued, nowait, trapped, nothread, all, clone, count_ };

/// Whom waitid(2) waits for (P_*).
enum class wait_target : u8 { none, pid, pgid, all, ppid, sid, cid, uid, gid, lwpid, pidfd, count_ };

/// Resource limits (RLIMIT_*).
enum class resource : u8 {
  none,
  cpu, fsize, data, stack, core, rss, memlock, nproc, nofile, as, locks, sigpending, msgqueue, nice, rtprio, rttime, sbsize,
  count_
};

/// The superuser's rights, one by one, as systems that can grant them separately tell them apart (Linux' CAP_*, Solaris' PRIV_*).
enum class privilege : u8 {
  none,
  change_owner, pass_permissions, read_anything, act_as_owner, keep_set_id, signal_anyone, set_groups, set_users, low_ports,
  network, raw_sockets, lock_memory, change_root, inspect, administer, priorities, exceed_limits, clocks, make_devices, terminals,
  count_
};

/// Clocks (CLOCK_*).
enum class clock : u8 {
  none,
  realtime, monotonic, process_cputime_id, thread_cputime_id, monotonic_raw, realtime_coarse, monotonic_coarse, boottime,
  realtime_alarm, boottime_alarm, tai, virtual_, prof,
  count_
};

/// Interval timers (ITIMER_*).
enum class interval_timer : u8 { none, real, virtual_, prof, realprof, count_ };

/// Advisory record lock kinds (F_*LCK).
enum class lock_kind : u8 { none, rdlck, wrlck, unlck, count_ };

/// Whose an advisory lock is, and of how much of a file: a range and a process' (fcntl), a range and an open file's, all of it (flock).
enum class lock_owner_kind : u8 { none, process, open_file, whole_file, count_ };

/// Whose usage getrusage(2) reports (RUSAGE_*).
enum class usage_of : u8 { none, self, children, thread, count_ };

/// What a process is doing.
enum class process_state : u8 { none, running, sleeping, stopped, zombie, count_ };

/// What a mapping is for.
enum class region_purpose : u8 { none, file, anonymous, heap, stack, count_ };

/// Terminal input modes.
enum class input_mode : u8 {
  none, ignbrk, brkint, ignpar, parmrk, inpck, istrip, inlcr, igncr, icrnl, iuclc, ixon, ixany, ixoff, imaxbel, iutf8, dosmode,
  count_
};
/// Terminal output modes.
enum class output_mode : u8 {
  none, opost, olcuc, onlcr, ocrnl, onocr, onlret, ofill, ofdel, oxtabs, onoeot, nldly, crdly, tabdly, bsdly, vtdly, ffdly,
  pageout, wrap, count_
};
/// Terminal control modes, without the character size and the speeds.
enum class control_mode : u8 {
  none, cstopb, cread, parenb, parodd, hupcl, clocal, crtscts, cmspar, addrb, rcv1en, xmt1en, loblk, xclude, parext, count_
};
/// Terminal character sizes (CS5 to CS8).
enum class character_size : u8 { none, cs5, cs6, cs7, cs8, count_ };
/// Terminal local modes.
enum class local_mode : u8 {
  none, isig, icanon, xcase, echo, echoe, echok, echonl, noflsh, tostop, echoctl, echoprt, echoke, flusho, pendin, iexten,
  extproc, altwerase, nokerninfo, defecho, count_
};
/// Terminal control characters.
enum class control_character : u8 {
  none, vintr, vquit, verase, vkill, veof, veol, veol2, vswtch, vstart, vstop, vsusp, vdsusp, vreprint, vdiscard, vwerase,
  vlnext, vstatus, vmin, vtime, count_
};
/// When tcsetattr(3) takes effect (TCSA*).
enum class set_attributes_when : u8 { none, now, drain, flush, count_ };
/// Which queue tcflush(3) discards (TC*FLUSH).
enum class flush_queue : u8 { none, iflush, oflush, ioflush, count_ };
/// tcflow(3) actions (TC*).
enum class flow_action : u8 { none, ooff, oon, ioff, ion, count_ };

} // namespace polyabi
