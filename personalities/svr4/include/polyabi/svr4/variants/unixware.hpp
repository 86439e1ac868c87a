// SCO UnixWare 7: System V Release 4.2 and 5. Up to 142 its numbers are Release 4's; what follows is its own.
#pragma once

#include <polyabi/svr4/handlers/signals.hpp>
#include <polyabi/svr4/syscalls.hpp>
#include <polyabi/svr4/variants/xenix_calls.hpp>

namespace polyabi::svr4::variants {

// clang-format off
struct unixware {
  static constexpr std::string_view name = "svr4:unixware";
  static constexpr const brand_rules& brand = brands::unixware_images;
  static constexpr bool old_frames = false;
  using signals = svr4::signals;
  static constexpr variant facts{
      .identity = {.sysname = "UnixWare", .release = "5", .version = "7.1.4", .machine = "i386", .architecture = "IA32",
                   .provider = "SCO", .serial = "0"}};

  using no_levels = refused<errc::nosys, "mandatory access control">;
  using no_privileges = refused<errc::perm, "privileges of files and processes">;
  using no_modules = refused<errc::perm, "kernel modules">;
  using no_lwps = missing<"UnixWare's own way with threads is not there yet">;
  using no_sockets = missing<"sockets of this kind are not there yet">;
  using no_clusters = refused<errc::nosys, "one machine, not a cluster">;
  /// The first argument is the structure's version: 1 Release 3's, 2 Release 4's, 4 with large files.
  using xstat = families::family<syscall_table<
      call<at{1}, "xstat_r3", status(here, path, given<at_flag::none>, out<old_stat>), op::stat>,
      call<at{2}, "xstat", status(here, path, given<at_flag::none>, out<stat>), op::stat>,
      call<at{4}, "xstat64", status(here, path, given<at_flag::none>, out<stat64>), op::stat>>>;
  using lxstat = families::family<syscall_table<
      call<at{1}, "lxstat_r3", status(here, path, given<at_flag::symlink_nofollow>, out<old_stat>), op::stat>,
      call<at{2}, "lxstat", status(here, path, given<at_flag::symlink_nofollow>, out<stat>), op::stat>,
      call<at{4}, "lxstat64", status(here, path, given<at_flag::symlink_nofollow>, out<stat64>), op::stat>>>;
  using fxstat = families::family<syscall_table<
      call<at{1}, "fxstat_r3", status(fd, out<old_stat>), op::fstat>,
      call<at{2}, "fxstat", status(fd, out<stat>), op::fstat>,
      call<at{4}, "fxstat64", status(fd, out<stat64>), op::fstat>>>;
  using rows = concatenate<xenix_calls<signals, old_sigset, old_sigaction>, syscall_table<
      call<at{123}, "xstat", status(int_, address, address), xstat>,
      call<at{124}, "lxstat", status(int_, address, address), lxstat>,
      call<at{125}, "fxstat", status(int_, fd, address), fxstat>,
      call<at{143}, "keyctl", count(int_, address, int_), refused<errc::perm, "licences">>,
      call<at{144}, "secsys", count(int_, address), no_levels>,
      call<at{145}, "filepriv", count(path, int_, address, int_), no_privileges>,
      call<at{146}, "procpriv", count(int_, address, int_), no_privileges>,
      call<at{147}, "devstat", count(path, int_, address), no_levels>,
      call<at{148}, "aclipc", count(int_, int_, int_, int_, address), no_levels>,
      call<at{149}, "fdevstat", count(fd, int_, address), no_levels>,
      call<at{150}, "flvlfile", count(fd, int_, address), no_levels>,
      call<at{151}, "lvlfile", count(path, int_, address), no_levels>,
      call<at{152}, "sendv", count(address, int_, address), missing<"not written yet">>,
      call<at{153}, "lvlequal", count(address, address), no_levels>,
      call<at{154}, "lvlproc", count(int_, address), no_levels>,
      call<at{156}, "lvlipc", count(int_, int_, int_, address), no_levels>,
      call<at{157}, "acl", count(path, int_, int_, address), refused<errc::nosys, "access control lists">>,
      call<at{158}, "auditevt", count(int_, address, int_), no_levels>,
      call<at{159}, "auditctl", count(int_, address, int_), no_levels>,
      call<at{160}, "auditdmp", count(address, int_), no_levels>,
      call<at{161}, "auditlog", count(int_, address, int_), no_levels>,
      call<at{162}, "auditbuf", count(int_, address, int_), no_levels>,
      call<at{163}, "lvldom", count(address, address), no_levels>,
      call<at{164}, "lvlvfs", count(path, int_, address), no_levels>,
      call<at{165}, "mkmld", status(path, file_mode), no_levels>,
      call<at{166}, "mldmode", count(int_), no_levels>,
      call<at{167}, "secadvise", count(address, int_, address), no_levels>,
      call<at{168}, "online", count(int_, int_), refused<errc::perm, "processors are the host's">>,
      call<at{169}, "setitimer", status(one_of<interval_timers>, in_or_null<itimerval>, pointer<itimerval>), handlers::setitimer>,
      call<at{170}, "getitimer", status(one_of<interval_timers>, out<itimerval>), op::get_timer>,
      call<at{171}, "gettimeofday", status(given<clock::realtime>, out<time_of_day>), op::clock_get>,
      call<at{172}, "settimeofday", status(address), refused<errc::perm, "the host's clock is not set">>,
      call<at{173}, "lwpcreate", count(address, uint_), no_lwps>,
      call<at{174}, "lwpexit", status(), handlers::lwp_exit>,
      call<at{175}, "lwpwait", status(int_, scalars<ilp32_i386::i32>), handlers::lwp_wait>,
      call<at{176}, "lwpself", count(), handlers::lwp_self>,
      call<at{177}, "lwpinfo", status(address), no_lwps>,
      call<at{178}, "lwpprivate", status(address), no_lwps>,
      call<at{179}, "processor_bind", status(int_, int_, int_, address), refused<errc::perm, "processors are the host's">>,
      call<at{180}, "processor_exbind", status(int_, int_, int_, address, address), refused<errc::perm, "processors are the host's">>,
      call<at{182}, "sendv64", count(address, int_, address), missing<"not written yet">>,
      call<at{183}, "prepblock", count(address, int_, int_), no_lwps>,
      call<at{184}, "block", count(address), no_lwps>,
      call<at{185}, "rdblock", count(address), no_lwps>,
      call<at{186}, "unblock", count(int_, int_, int_), no_lwps>,
      call<at{187}, "cancelblock", count(), no_lwps>,
      call<at{189}, "pread", count(fd, buffer_out, offset), op::pread>,
      call<at{190}, "pwrite", count(fd, buffer_in, offset), op::pwrite>,
      call<at{191}, "truncate", status(path, slong), op::truncate>,
      call<at{192}, "ftruncate", status(fd, slong), op::ftruncate>,
      call<at{193}, "lwpkill", status(int_, signal_number), handlers::lwp_kill>,
      call<at{194}, "sigwait", count(in<sigset>, pointer<siginfo>, in_or_null<timespec>), handlers::sigtimedwait>,
      call<at{195}, "fork1", child(constant<false>), op::fork>,
      call<at{196}, "forkall", child(constant<false>), op::fork>,
      call<at{197}, "modload", count(path), no_modules>,
      call<at{198}, "moduload", count(int_), no_modules>,
      call<at{199}, "modpath", count(path_or_null), no_modules>,
      call<at{200}, "modstat", count(int_, address, int_), no_modules>,
      call<at{201}, "modadm", count(int_, int_, address), no_modules>,
      call<at{202}, "getksym", count(address, address, address), no_modules>,
      call<at{203}, "lwpsuspend", status(int_), handlers::lwp_suspend>,
      call<at{204}, "lwpcontinue", status(int_), handlers::lwp_continue>,
      call<at{205}, "priocntllst", count(address, int_, address, int_, int_), missing<"scheduling classes">>,
      call<at{206}, "sleep", status(uint_), handlers::sleep_seconds>,
      call<at{207}, "lwp_sema_wait", status(address), no_lwps>,
      call<at{208}, "lwp_sema_post", status(address), no_lwps>,
      call<at{209}, "lwp_sema_trywait", status(address), no_lwps>,
      call<at{216}, "fstatvfs64", status(fd, out<statvfs64>), op::fstatfs>,
      call<at{217}, "statvfs64", status(path, out<statvfs64>), op::statfs>,
      call<at{218}, "ftruncate64", status(fd, offset64), op::ftruncate>,
      call<at{219}, "truncate64", status(path, offset64), op::truncate>,
      call<at{220}, "getrlimit64", status(one_of<resources>, out<rlimit64>), op::get_limit>,
      call<at{221}, "setrlimit64", status(one_of<resources>, in<rlimit64>), op::set_limit>,
      call<at{222}, "lseek64", wide_count(fd, offset64, one_of<seek_origins>), op::seek>,
      call<at{223}, "mmap64", word(address, size, flags<protections>, mmap_flags, fd, offset64), op::map>,
      call<at{224}, "pread64", count(fd, buffer_out, offset64), op::pread>,
      call<at{225}, "pwrite64", count(fd, buffer_in, offset64), op::pwrite>,
      call<at{226}, "creat64", new_fd(here, path, implied<open_flag, access_mode::wronly, open_flag::creat, open_flag::trunc>, file_mode), op::open>,
      call<at{227}, "dshmsys", count(int_, address, address, address), no_clusters>,
      call<at{228}, "invlpg", status(address), no_clusters>,
      call<at{229}, "rfork1", count(int_), no_clusters>,
      call<at{230}, "rforkall", count(int_), no_clusters>,
      call<at{231}, "rexecve", count(path, strings, strings, int_), no_clusters>,
      call<at{232}, "migrate", count(int_), no_clusters>,
      call<at{233}, "kill3", status(pid, signal_number, unused), op::kill>,
      call<at{234}, "ssisys", count(int_, int_), no_clusters>,
      call<at{235}, "xaccept", count(fd, address, address, address), no_sockets>,
      call<at{236}, "xbind", status(fd, bytes_in), no_sockets>,
      call<at{237}, "xbindresvport", status(fd, address), no_sockets>,
      call<at{238}, "xconnect", status(fd, bytes_in), no_sockets>,
      call<at{239}, "xgetsockaddr", status(fd, int_, address, address), no_sockets>,
      call<at{240}, "xgetsockopt", status(fd, int_, int_, address, address), no_sockets>,
      call<at{241}, "xlisten", status(fd, int_), no_sockets>,
      call<at{242}, "xrecvmsg", count(fd, address, int_), no_sockets>,
      call<at{243}, "xsendmsg", count(fd, address, int_), no_sockets>,
      call<at{244}, "xsetsockaddr", status(fd, int_, bytes_in), no_sockets>,
      call<at{245}, "xsetsockopt", status(fd, int_, int_, bytes_in), no_sockets>,
      call<at{246}, "xshutdown", status(fd, int_), no_sockets>,
      call<at{247}, "xsocket", count(int_, int_, int_), no_sockets>,
      call<at{248}, "xsocketpair", status(int_, int_, int_, address), no_sockets>>>;
};
// clang-format on

} // namespace polyabi::svr4::variants
