// The reference kernel's own structures (LP64, 4.4BSD-flavoured). Field names are the vocabulary's.
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/core/operations.hpp>
#include <polyabi/core/vocabulary.hpp>
#include <polyabi/reference/numbers.hpp>

namespace polyabi::reference {

struct timespec {
  i64 sec; i64 nsec;
  POLYABI_FIELDS(timespec, sec, nsec)
};
struct timeval {
  i64 sec; i64 usec;
  POLYABI_FIELDS(timeval, sec, usec)
};
struct time_pair {
  timespec access, modification;
  POLYABI_FIELDS(time_pair, access, modification)
};
struct itimerval {
  timeval interval, value;
  POLYABI_FIELDS(itimerval, interval, value)
};

struct stat {
  u64 dev, ino;
  u64 nlink;
  u32 mode, uid, gid;
  u32 blksize;
  u64 rdev;
  timespec atime, mtime, ctime, birthtime;
  i64 size, blocks; ///< blocks of 512 bytes
  POLYABI_FIELDS(stat, dev, ino, nlink, mode, uid, gid, blksize, rdev, atime, mtime, ctime, birthtime, size, blocks)
};

struct statfs {
  u64 type, bsize, frsize, blocks, bfree, bavail, files, ffree, favail;
  u64 fsid;
  u64 namelen, flags;
  POLYABI_FIELDS(statfs, type, bsize, frsize, blocks, bfree, bavail, files, ffree, favail, fsid, namelen, flags)
};

struct flock {
  i64 start, len; i32 pid; i16 type, whence;
  POLYABI_FIELDS(flock, start, len, pid, type, whence)
};
struct poll_record {
  i32 fd; u16 events, revents;
  POLYABI_FIELDS(poll_record, fd, events, revents)
};
struct rlimit {
  u64 cur, max;
  POLYABI_FIELDS(rlimit, cur, max)
};
struct rusage {
  timeval utime, stime;
  i64 maxrss, ixrss, idrss, isrss, minflt, majflt, nswap, inblock, oublock, msgsnd, msgrcv, nsignals, nvcsw, nivcsw;
  POLYABI_FIELDS(rusage, utime, stime, maxrss, ixrss, idrss, isrss, minflt, majflt, nswap, inblock, oublock, msgsnd, msgrcv,
                 nsignals, nvcsw, nivcsw)
};

struct sigset {
  u64 bits[2]{}; ///< signal n is bit n - 1
  constexpr bool has(i32 n) const { return (bits[unsigned(n - 1) / 64] >> (unsigned(n - 1) % 64) & 1) != 0; }
  constexpr void add(i32 n) { bits[unsigned(n - 1) / 64] |= u64{1} << (unsigned(n - 1) % 64); }
  constexpr void remove(i32 n) { bits[unsigned(n - 1) / 64] &= ~(u64{1} << (unsigned(n - 1) % 64)); }
};
struct sigaction {
  u64 handler; u64 restorer; u32 flags; sigset mask;
  POLYABI_FIELDS(sigaction, handler, restorer, flags, mask)
};
struct sigstack {
  u64 sp; u64 size; u32 flags;
  POLYABI_FIELDS(sigstack, sp, size, flags)
};
/// Of a call that a filter refused: `address` is where it was made, `status` its number and `value` its architecture, as the filter saw
/// them.
struct siginfo {
  i32 signo, error, code; ///< `error` is the field the world calls si_errno
  i32 pid;
  u32 uid;
  i32 status;
  u64 address, value;
  u64 utime, stime; ///< ns
  i32 band, descriptor, timer, overrun;
  POLYABI_FIELDS(siginfo, signo, error, code, pid, uid, status, address, value, utime, stime, band, descriptor, timer, overrun)
};

struct termios {
  u32 iflag, oflag, cflag, lflag;
  u8 cc[termios_bits::cc_count];
  u32 ispeed, ospeed; ///< bits a second
  POLYABI_FIELDS(termios, iflag, oflag, cflag, lflag, cc, ispeed, ospeed)
};
struct winsize {
  u16 row, col, xpixel, ypixel;
  POLYABI_FIELDS(winsize, row, col, xpixel, ypixel)
};
struct identity {
  u32 ruid, euid, suid, rgid, egid, sgid;
  POLYABI_FIELDS(identity, ruid, euid, suid, rgid, egid, sgid)
};
struct system_names {
  char sysname[65], nodename[65], release[65], version[65], machine[65], domain[65];
  POLYABI_FIELDS(system_names, sysname, nodename, release, version, machine, domain)
};
struct system_status {
  u64 uptime; ///< ns
  u64 loads[3]; ///< 16.16 fixed point
  u64 totalram, freeram, sharedram, bufferram, totalswap, freeswap, available; ///< bytes
  u32 procs, running, last_pid, processors;
  POLYABI_FIELDS(system_status, uptime, loads, totalram, freeram, sharedram, bufferram, totalswap, freeswap, available, procs,
                 running, last_pid, processors)
};
struct wait_request {
  i32 target, id; u32 flags;
  POLYABI_FIELDS(wait_request, target, id, flags)
};
struct wait_report {
  i32 pid, status; u32 uid; rusage usage;
  POLYABI_FIELDS(wait_report, pid, status, uid, usage)
};
struct process_info {
  i32 pid, ppid, pgid, sid;
  u64 terminal;       ///< device number of the controlling terminal, 0 without one
  i32 terminal_group; ///< its foreground group, -1 without one
  polyabi::process_state state;
  i32 nice, threads, exit_status;
  i32 tracer;         ///< the process that traces its first thread, 0 if none does
  bool stands;        ///< for that one
  u64 start_time;     ///< ns since the system was started
  u64 utime, stime, children_utime, children_stime; ///< ns
  u64 memory, stack_limit;                          ///< bytes
  u64 entry, stack_start, stack_pointer, instruction_pointer;
  u64 arguments_start, arguments_end, environment_start, environment_end, break_start, break_end;
  identity ids;
  u32 group_count, groups[32];
  u32 umask, descriptors; ///< descriptors: size of the table
  sigset pending, process_pending, blocked, ignored, caught;
  char name[16];
};
struct region_info {
  u64 start, end;
  u32 protection, flags;
  u64 offset, device, inode;
  polyabi::region_purpose purpose;
  bool not_dumped; ///< madvise(2) said that no core is to have it
  bool changed;    ///< private pages of a file that could be written to before
  usize path_size;
};
struct lock_info {
  u32 number;
  polyabi::lock_owner_kind kind;
  bool writes, waits;
  i32 pid;        ///< -1 for an open file's
  u64 device, inode;
  i64 first, last; ///< both are locked; the largest offset: to the end of the file
};
struct mount_info {
  std::string_view source, type, options;
  u64 device; ///< `stat::dev` of its root
  usize path_size;
};

namespace detail {
template <class Shape> struct native_for;
template <> struct native_for<shape::stat> { using type = stat; };
template <> struct native_for<shape::statfs> { using type = statfs; };
template <> struct native_for<shape::timespec> { using type = timespec; };
template <> struct native_for<shape::timeval> { using type = timeval; };
template <> struct native_for<shape::time_pair> { using type = time_pair; };
template <> struct native_for<shape::itimerval> { using type = itimerval; };
template <> struct native_for<shape::flock> { using type = flock; };
template <> struct native_for<shape::poll_record> { using type = poll_record; };
template <> struct native_for<shape::rlimit> { using type = rlimit; };
template <> struct native_for<shape::rusage> { using type = rusage; };
template <> struct native_for<shape::sigaction> { using type = sigaction; };
template <> struct native_for<shape::sigset> { using type = sigset; };
template <> struct native_for<shape::sigstack> { using type = sigstack; };
template <> struct native_for<shape::siginfo> { using type = siginfo; };
template <> struct native_for<shape::termios> { using type = termios; };
template <> struct native_for<shape::winsize> { using type = winsize; };
template <> struct native_for<shape::identity> { using type = identity; };
template <> struct native_for<shape::system_names> { using type = system_names; };
template <> struct native_for<shape::system_status> { using type = system_status; };
template <> struct native_for<shape::wait_request> { using type = wait_request; };
template <> struct native_for<shape::wait_report> { using type = wait_report; };
template <> struct native_for<shape::process_info> { using type = process_info; };
template <> struct native_for<shape::region_info> { using type = region_info; };
template <> struct native_for<shape::lock_info> { using type = lock_info; };
template <> struct native_for<shape::mount_info> { using type = mount_info; };
} // namespace detail

template <class T = void>
using result = basic_result<T, error>;

} // namespace polyabi::reference
