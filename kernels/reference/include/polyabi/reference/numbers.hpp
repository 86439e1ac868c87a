// The reference kernel's own numbers, 4.4BSD-flavoured, so that translating to it is real work.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi::reference {

/// Error numbers. 1 to 81 are 4.4BSD's; what 4.4BSD lacks follows.
enum class error : u16 {
  none = 0,
  perm = 1, noent, srch, intr, io, nxio, toobig, noexec, badf, child,
  deadlk = 11, nomem, acces, fault, notblk, busy, exist, xdev, nodev, notdir,
  isdir = 21, inval, nfile, mfile, notty, txtbsy, fbig, nospc, spipe, rofs,
  mlink = 31, pipe, dom, range, again, inprogress, already, notsock, destaddrreq, msgsize,
  prototype = 41, noprotoopt, protonosupport, socktnosupport, opnotsupp, pfnosupport, afnosupport, addrinuse, addrnotavail,
  netdown = 50, netunreach, netreset, connaborted, connreset, nobufs, isconn, notconn, shutdown, toomanyrefs,
  timedout = 60, connrefused, loop, nametoolong, hostdown, hostunreach, notempty, proclim, users, dquot,
  stale = 70, remote, badrpc, rpcmismatch, progunavail, progmismatch, procunavail, nolck, nosys, ftype,
  auth = 80, needauth, idrm, nomsg, overflow, ilseq, badmsg, nodata, nosr, nostr,
  time = 90, proto, multihop, nolink, canceled, notsup, ownerdead, notrecoverable, noattr,
  /// Not an error number: the call was interrupted and restarts if the handler that runs asks for it, or none runs.
  restart_call = 0xfff0,
};

namespace signals {
inline constexpr i32 hup = 1, int_ = 2, quit = 3, ill = 4, trap = 5, abrt = 6, emt = 7, fpe = 8, kill = 9, bus = 10, segv = 11,
                     sys = 12, pipe = 13, alrm = 14, term = 15, urg = 16, stop = 17, tstp = 18, cont = 19, chld = 20, ttin = 21,
                     ttou = 22, io = 23, xcpu = 24, xfsz = 25, vtalrm = 26, prof = 27, winch = 28, info = 29, usr1 = 30,
                     usr2 = 31, pwr = 32, stkflt = 33, waiting = 34, lwp = 35, freeze = 36, thaw = 37, cancel = 38, lost = 39,
                     xres = 40;
/// Real-time signals, queued, in order of number.
inline constexpr i32 realtime_first = 65, realtime_last = 97;
inline constexpr i32 count = 128;
} // namespace signals

/// open(2): 4.4BSD's values.
namespace open_flags {
inline constexpr u32 rdonly = 0, wronly = 1, rdwr = 2, accmode = 3, nonblock = 4, append = 8, shlock = 0x10, exlock = 0x20,
                     async = 0x40, sync = 0x80, nofollow = 0x100, creat = 0x200, trunc = 0x400, excl = 0x800, noctty = 0x8000,
                     directory = 0x20000, dsync = 0x40000, cloexec = 0x100000, path = 0x200000, noatime = 0x400000,
                     direct = 0x10000, tmpfile = 0x800000, largefile = 0x1000000;
/// accmode itself: opened for neither reading nor writing, though whoever opened it might have done both.
inline constexpr u32 neither = accmode;
/// What the access mode of an open file allows.
constexpr bool reads(u32 flags) { return (flags & path) == 0 && ((flags & accmode) == rdonly || (flags & accmode) == rdwr); }
constexpr bool writes(u32 flags) { return (flags & path) == 0 && ((flags & accmode) == wronly || (flags & accmode) == rdwr); }
} // namespace open_flags

namespace at {
inline constexpr i32 current_directory = -100;
inline constexpr u32 eaccess = 1, symlink_nofollow = 2, symlink_follow = 4, removedir = 8, empty_path = 0x10, no_automount = 0x20,
                     birth_time = 0x40;
} // namespace at

namespace fd_flags { inline constexpr u32 cloexec = 1; }
namespace access_modes { inline constexpr u32 exec = 1, write = 2, read = 4; }
namespace seek_origins { inline constexpr i32 set = 0, current = 1, end = 2, data = 3, hole = 4; }

namespace file_modes {
inline constexpr u32 type_mask = 0170000, fifo = 0010000, chr = 0020000, dir = 0040000, blk = 0060000, reg = 0100000,
                     lnk = 0120000, sock = 0140000, setuid = 04000, setgid = 02000, sticky = 01000;
} // namespace file_modes

/// `growsdown` is for mprotect(2) alone.
namespace protections { inline constexpr u32 read = 1, write = 2, exec = 4, growsdown = 8; }
namespace map_flags {
inline constexpr u32 shared = 1, private_ = 2, fixed = 0x10, noreserve = 0x40, stack = 0x400, anonymous = 0x1000,
                     fixed_noreplace = 0x4000, populate = 0x40000, low32 = 0x80000, growsdown = 0x100000, locked = 0x200000,
                     nonblock = 0x400000;
} // namespace map_flags
namespace remap_flags { inline constexpr u32 may_move = 1, fixed = 2, keep = 4; }
namespace sync_flags { inline constexpr u32 async = 1, invalidate = 2, sync = 0x10; }
namespace lock_flags { inline constexpr u32 current = 1, future = 2, on_fault = 4; }
/// madvise(2): 4.4BSD's values, then this kernel's own.
namespace advices {
inline constexpr i32 normal = 0, random = 1, sequential = 2, willneed = 3, dontneed = 4, free = 5, remove = 16, dontfork = 17,
                     dofork = 18, dontdump = 19, dodump = 20, wipeonfork = 21, keeponfork = 22, cold = 23, pageout = 24,
                     populate_read = 25, populate_write = 26, dontneed_locked = 27;
} // namespace advices
namespace barriers {
inline constexpr i32 global = 1, global_expedited = 2, register_global_expedited = 3, private_expedited = 4,
                     register_private_expedited = 5, sync_core = 6, register_sync_core = 7;
} // namespace barriers

namespace poll_events {
inline constexpr u16 in = 1, pri = 2, out = 4, err = 8, hup = 0x10, nval = 0x20, rdnorm = 0x40, rdband = 0x80, wrband = 0x100,
                     wrnorm = 4, rdhup = 0x4000;
} // namespace poll_events

namespace sigaction_flags {
inline constexpr u32 onstack = 1, restart = 2, resethand = 4, nocldstop = 8, nodefer = 0x10, nocldwait = 0x20, siginfo = 0x40,
                     restorer = 0x100;
} // namespace sigaction_flags
namespace sigmask_hows { inline constexpr i32 block = 1, unblock = 2, setmask = 3; }
/// `autodisarm`: it is none while a handler runs, wherever that does.
namespace sigstack_flags { inline constexpr u32 onstack = 1, disable = 4, autodisarm = 8; }
/// Handler addresses that are not addresses.
namespace handlers { inline constexpr u64 default_ = 0, ignore = 1; }

namespace wait_flags { inline constexpr u32 nohang = 1, untraced = 2, continued = 4, nowait = 8, exited = 16, trapped = 32, clone = 64, all = 128; }
namespace wait_targets { inline constexpr i32 all = 0, pid = 1, group = 2; }
/// Wait status words: exited `code << 8`, killed `signal | 0x80 if dumped`, stopped `signal << 8 | 0x7f`, continued 0x13ff.
namespace wait_status { inline constexpr i32 core = 0x80, stopped = 0x7f, continued = 0x13ff; }

namespace resources {
inline constexpr i32 cpu = 0, fsize = 1, data = 2, stack = 3, core = 4, rss = 5, memlock = 6, nproc = 7, nofile = 8, sbsize = 9,
                     as = 10, locks = 11, sigpending = 12, msgqueue = 13, nice = 14, rtprio = 15, rttime = 16, count = 17;
inline constexpr u64 infinity = 0x7fffffffffffffff;
} // namespace resources

/// The superuser's rights, one bit each.
namespace privileges {
inline constexpr u32 change_owner = 0x1, pass_permissions = 0x2, read_anything = 0x4, act_as_owner = 0x8, keep_set_id = 0x10,
                     signal_anyone = 0x20, set_groups = 0x40, set_users = 0x80, low_ports = 0x100, network = 0x200,
                     raw_sockets = 0x400, lock_memory = 0x800, change_root = 0x1000, inspect = 0x2000, administer = 0x4000,
                     priorities = 0x8000, exceed_limits = 0x10000, clocks = 0x20000, make_devices = 0x40000, terminals = 0x80000;
inline constexpr u32 all = 0xfffff;
} // namespace privileges

namespace clocks {
inline constexpr i32 realtime = 0, virtual_ = 1, prof = 2, monotonic = 4, boottime = 5, realtime_coarse = 10,
                     monotonic_coarse = 12, monotonic_raw = 13, thread_cputime_id = 14, process_cputime_id = 15, tai = 16;
} // namespace clocks
namespace interval_timers { inline constexpr i32 real = 0, virtual_ = 1, prof = 2; }
namespace utime { inline constexpr i64 now = -1, omit = -2; } ///< in the nanoseconds of a time_pair
namespace lock_kinds { inline constexpr i32 rdlck = 1, unlck = 2, wrlck = 3; }
namespace usages { inline constexpr i32 self = 0, children = -1, thread = 1; }
namespace attribute_times { inline constexpr i32 now = 0, drain = 1, flush = 2; }
namespace flush_queues { inline constexpr i32 input = 1, output = 2, both = 3; }
namespace flow_actions { inline constexpr i32 output_off = 1, output_on = 2, input_off = 3, input_on = 4; }

/// Origins of signals (siginfo::code).
namespace signal_codes {
inline constexpr i32 user = 0x10001, queue = 0x10002, timer = 0x10003, asyncio = 0x10004, mesgq = 0x10005, kernel = 0x10006,
                     lwp = 0x10007;
inline constexpr i32 ill_illopc = 1, ill_illopn = 2, ill_illadr = 3, ill_illtrp = 4, ill_prvopc = 5, ill_prvreg = 6,
                     ill_coproc = 7, ill_badstk = 8;
inline constexpr i32 fpe_intovf = 1, fpe_intdiv = 2, fpe_fltdiv = 3, fpe_fltovf = 4, fpe_fltund = 5, fpe_fltres = 6,
                     fpe_fltinv = 7, fpe_fltsub = 8;
inline constexpr i32 segv_maperr = 1, segv_accerr = 2, bus_adraln = 1, bus_adrerr = 2, bus_objerr = 3, trap_brkpt = 1,
                     trap_trace = 2;
inline constexpr i32 cld_exited = 1, cld_killed = 2, cld_dumped = 3, cld_trapped = 4, cld_stopped = 5, cld_continued = 6;
inline constexpr i32 poll_in = 1, poll_out = 2, poll_msg = 3, poll_err = 4, poll_pri = 5, poll_hup = 6;
inline constexpr i32 sys_filter = 1;
} // namespace signal_codes

/// Terminal modes: 4.4BSD's values.
namespace termios_bits {
// input
inline constexpr u32 ignbrk = 1, brkint = 2, ignpar = 4, parmrk = 8, inpck = 0x10, istrip = 0x20, inlcr = 0x40, igncr = 0x80,
                     icrnl = 0x100, ixon = 0x200, ixoff = 0x400, ixany = 0x800, iuclc = 0x1000, imaxbel = 0x2000, iutf8 = 0x4000;
// output
inline constexpr u32 opost = 1, onlcr = 2, oxtabs = 4, onoeot = 8, ocrnl = 0x10, onocr = 0x20, onlret = 0x40, olcuc = 0x80,
                     ofill = 0x100, ofdel = 0x200;
// control
inline constexpr u32 csize = 0x300, cs5 = 0, cs6 = 0x100, cs7 = 0x200, cs8 = 0x300, cstopb = 0x400, cread = 0x800,
                     parenb = 0x1000, parodd = 0x2000, hupcl = 0x4000, clocal = 0x8000, crtscts = 0x30000, cmspar = 0x40000;
// local
inline constexpr u32 echoke = 1, echoe = 2, echok = 4, echo = 8, echonl = 0x10, echoprt = 0x20, echoctl = 0x40, isig = 0x80,
                     icanon = 0x100, altwerase = 0x200, iexten = 0x400, extproc = 0x800, xcase = 0x1000, tostop = 0x400000,
                     flusho = 0x800000, nokerninfo = 0x2000000, pendin = 0x20000000, noflsh = 0x80000000;
// control characters (indices into cc)
inline constexpr u32 veof = 0, veol = 1, veol2 = 2, verase = 3, vwerase = 4, vkill = 5, vreprint = 6, vswtch = 7, vintr = 8,
                     vquit = 9, vsusp = 10, vdsusp = 11, vstart = 12, vstop = 13, vlnext = 14, vdiscard = 15, vmin = 16,
                     vtime = 17, vstatus = 18, cc_count = 20;
inline constexpr u8 disabled = 0xff; ///< a control character that is switched off
} // namespace termios_bits

inline constexpr usize path_limit = 1024 * 4;  ///< with the NUL
inline constexpr usize name_limit = 255;
inline constexpr i32 open_max = 1 << 20;    ///< hard limit of descriptors in a process
using polyabi::page_size;

} // namespace polyabi::reference
