// The system-call table of System V Release 4 on i386, by number: sys/syscall.h with Solaris 10's names, which continue SVR4's.
// Where an older system had another call at a number that Solaris 10 left empty, that one's name stands here.
//
// Solaris and its ancestors give some numbers different meanings. Programs of the ancestors enter through `lcall $7`, Solaris'
// own through `lcall $0x27` or `int $0x91`: calls that only the latter have stand at 256 and above (see `solaris`).
#pragma once

#include <polyabi/svr4/handlers/access_lists.hpp>
#include <polyabi/svr4/handlers/mount.hpp>
#include <polyabi/svr4/handlers/paths.hpp>
#include <polyabi/svr4/handlers/socket_messages.hpp>
#include <polyabi/svr4/handlers/time.hpp>
#include <polyabi/svr4/handlers/timers.hpp>
#include <polyabi/svr4/handlers/wait.hpp>
#include <polyabi/svr4/indirect.hpp>
#include <polyabi/svr4/ioctls.hpp>
#include <polyabi/svr4/multiplexed.hpp>

namespace polyabi::svr4 {

inline constexpr u32 solaris_bank = 256;
consteval at solaris(i32 number) {
  return at{static_cast<i32>(solaris_bank) + number};
}

// clang-format off
namespace table {

using namespace arguments;
using before_10 = refused<errc::nosys, "a system before Solaris 10">;
using before_projects = refused<errc::nosys, "a system without projects and tasks">;
using no_page = refused<errc::notsup, "no page is shared with the scheduler; libraries call instead">;
using retired = refused<errc::nosys, "a number that was given up">;
using privileged = refused<errc::perm, "administration of the machine">;
inline constexpr u32 same_id = ~u32{0};

struct syscalls : named<syscalls, syscall_table<
    call<at{0}, "syscall", registers_set(uint_), indirect::system_call>,
    call<at{1}, "exit", status(int_), handlers::exit>,
    call<at{2}, "forkall", child(constant<false>), op::fork>, // older: fork
    call<at{3}, "read", count(fd, buffer_out), op::read>,
    call<at{4}, "write", count(fd, buffer_in), op::write>,
    call<at{5}, "open", new_fd(here, path, flags<open_flags>, file_mode), op::open>,
    call<at{6}, "close", status(fd), op::close>,
    call<at{7}, "wait", two_values(), handlers::wait>,
    call<at{8}, "creat", new_fd(here, path, implied<open_flag, access_mode::wronly, open_flag::creat, open_flag::trunc>, file_mode), op::open>,
    call<at{9}, "link", status(here, path, here, path, given<at_flag::none>), op::link>,
    call<at{10}, "unlink", status(here, path, given<at_flag::none>), op::unlink>,
    call<at{11}, "exec", registers_set(path, strings), handlers::exec>,
    call<at{12}, "chdir", status(path), op::chdir>,
    call<at{13}, "time", count(), handlers::time>,
    call<at{14}, "mknod", status(here, path, file_mode, old_device), op::mknod>,
    call<at{15}, "chmod", status(here, path, file_mode, given<at_flag::none>), op::chmod>,
    call<at{16}, "chown", status(here, path, user_id, group_id, given<at_flag::none>), op::chown>,
    call<at{17}, "brk", status(address), handlers::brk>,
    call<at{18}, "stat", status(here, path, given<at_flag::none>, out<old_stat>), op::stat>,
    call<at{19}, "lseek", count(fd, offset, one_of<seek_origins>), op::seek>,
    call<at{20}, "getpid", two_values(), handlers::getpid>,
    call<at{21}, "mount", status(address, path, int_, address, address, int_), handlers::mount>,
    call<at{22}, "umount", status(path), handlers::unmount>,
    call<at{23}, "setuid", status(user_id), op::setuid>,
    call<at{24}, "getuid", two_values(), handlers::getuid>,
    call<at{25}, "stime", status(slong), handlers::stime>,
    call<at{26}, "pcsample", count(address, slong), refused<errc::nosys, "no profile by samples">>, // older: ptrace
    call<at{27}, "alarm", count(uint_), handlers::alarm>,
    call<at{28}, "fstat", status(fd, out<old_stat>), op::fstat>,
    call<at{29}, "pause", status(), handlers::pause>,
    call<at{30}, "utime", status(here, path, in_or_null<utimbuf>, given<at_flag::none>), op::set_times>,
    call<at{31}, "stty", status(fd, pointer<sgttyb>), handlers::set_old_modes<ttold_bits, set_attributes_when::flush>>,
    call<at{32}, "gtty", status(fd, pointer<sgttyb>), handlers::get_old_modes<ttold_bits>>,
    call<at{33}, "access", status(here, path, flags<access_checks>, given<at_flag::none>), op::access>,
    call<at{34}, "nice", count(int_), handlers::nice>,
    call<at{35}, "statfs", status(path, bytes_out, int_), handlers::statfs_path>,
    call<at{36}, "sync", status(), op::sync>,
    call<at{37}, "kill", status(pid, signal_number), op::kill>,
    call<at{38}, "fstatfs", status(fd, bytes_out, int_), handlers::statfs_descriptor>,
    call<at{39}, "pgrpsys", count(int_, int_, int_), families::pgrpsys>,
    call<at{40}, "reserved_40", count(address), retired>, // older: XENIX' calls by the second byte of EAX
    call<at{41}, "dup", new_fd(fd, constant<i32{0}>, given<fd_flag::none>), op::dup>,
    call<at{42}, "pipe", two_new_fds(), handlers::stream_pipe>,
    call<at{43}, "times", count(pointer<tms>), handlers::times>,
    call<at{44}, "profil", status(address, size, size, uint_), refused<errc::nosys, "no profile by samples">>,
    call<at{45}, "plock", status(int_), privileged>,
    call<at{46}, "setgid", status(group_id), op::setgid>,
    call<at{47}, "getgid", two_values(), handlers::getgid>,
    call<at{48}, "signal", count(uint_, address), handlers::ssig>,
    call<at{49}, "msgsys", count(int_, address, address, address, address, address), families::msgsys>,
    call<at{50}, "sysi86", count(int_, address, address, address), families::sysi86>,
    call<at{51}, "acct", status(path_or_null), privileged>,
    call<at{52}, "shmsys", count(int_, address, address, address), families::shmsys>,
    call<at{53}, "semsys", count(int_, address, address, address, address), families::semsys>,
    call<at{54}, "ioctl", count(fd, ioctl_request, address), ioctl_of<requests::ioctls>>,
    call<at{55}, "uadmin", status(int_, int_, address), privileged>,
    call<at{56}, "exch", status(address), retired>,
    call<at{57}, "utssys", count(address, uint_, int_), handlers::utssys>,
    call<at{58}, "fdsync", status(fd), op::fsync>, // older: fsync
    call<at{59}, "execve", registers_set(here, path, strings, strings, given<at_flag::none>), op::exec>,
    call<at{60}, "umask", word(file_mode), op::umask>,
    call<at{61}, "chroot", status(path), op::chroot>,
    call<at{62}, "fcntl", count(fd, ioctl_request, address), ioctl_of<requests::fcntls>>,
    call<at{63}, "ulimit", count(int_, slong), handlers::ulimit>,
    call<at{64}, "reserved_64", status(), retired>,
    call<at{65}, "reserved_65", status(), retired>,
    call<at{66}, "reserved_66", status(), retired>,
    call<at{67}, "reserved_67", status(), retired>,
    call<at{68}, "reserved_68", status(), retired>,
    call<at{69}, "reserved_69", status(), retired>,
    call<at{70}, "tasksys", count(int_, int_, uint_, address, int_), before_projects>, // older: advfs
    call<at{71}, "acctctl", count(int_, address, size), before_projects>,              // older: unadvfs
    call<at{72}, "exacctsys", count(int_, int_, int_, address, size), before_projects>, // older: rmount
    call<at{73}, "getpagesizes", count(scalars<ilp32_i386::u32>, int_), handlers::getpagesizes>, // older: rumount
    call<at{74}, "rctlsys", count(int_, address, address, address, size, int_), before_projects>, // older: rfstart
    call<at{75}, "issetugid", count(), handlers::issetugid>, // older: sigret
    call<at{76}, "fsat", count(int_, int_, address, address, address, address), families::fsat>, // older: rdebug
    call<at{77}, "lwp_park", count(int_, address, address), families::lwp_park>, // older: rfstop
    call<at{78}, "sendfilev", count(int_, fd, address, int_, address), refused<errc::nosys, "programs copy files themselves">>, // older: rfsys
    call<at{79}, "rmdir", status(here, path, given<at_flag::removedir>), op::unlink>,
    call<at{80}, "mkdir", status(here, path, file_mode), op::mkdir>,
    call<at{81}, "getdents", count(fd, records_out), handlers::getdents>,
    call<at{82}, "privsys", count(int_, int_, int_, address, size), before_10>, // older: libattach
    call<at{83}, "ucredsys", count(int_, int_, address), before_10>,            // older: libdetach
    call<at{84}, "sysfs", count(int_, address, address), families::sysfs>,
    call<at{85}, "getmsg", count(fd, pointer_out<strbuf>, pointer_out<strbuf>, scalars<ilp32_i386::i32>), handlers::getmsg>,
    call<at{86}, "putmsg", status(fd, pointer_in<strbuf>, pointer_in<strbuf>, int_), handlers::putmsg>,
    call<at{87}, "poll", count(pointer<pollfd>, uint_, int_), handlers::poll>,
    call<at{88}, "lstat", status(here, path, given<at_flag::symlink_nofollow>, out<old_stat>), op::stat>,
    call<at{89}, "symlink", status(path, here, path), op::symlink>,
    call<at{90}, "readlink", count(here, path, bytes_out), op::readlink>,
    call<at{91}, "setgroups", status(int_, scalars<ilp32_i386::u32>), handlers::setgroups>,
    call<at{92}, "getgroups", count(int_, scalars<ilp32_i386::u32>), handlers::getgroups>,
    call<at{93}, "fchmod", status(fd, file_mode), op::fchmod>,
    call<at{94}, "fchown", status(fd, user_id, group_id), op::fchown>,
    call<at{95}, "sigprocmask", status(int_, in_or_null<sigset>, out_or_null<sigset>), handlers::sigprocmask>,
    call<at{96}, "sigsuspend", status(in<sigset>), op::suspend>,
    call<at{97}, "sigaltstack", status(in_or_null<sigstack>, out_or_null<sigstack>), op::alternate_stack>,
    call<at{98}, "sigaction", status(signal_number, in_or_null<sigaction>, out_or_null<sigaction>), op::set_action>,
    call<at{99}, "sigpending", status(int_, address), families::sigpending>,
    call<at{100}, "context", status(int_, address), families::context_calls>,
    call<at{101}, "evsys", count(address), retired>,
    call<at{102}, "evtrapret", status(), retired>,
    call<at{103}, "statvfs", status(path, out<statvfs>), op::statfs>,
    call<at{104}, "fstatvfs", status(fd, out<statvfs>), op::fstatfs>,
    call<at{105}, "getloadavg", count(scalars<ilp32_i386::i32>, int_), handlers::getloadavg>,
    call<at{106}, "nfssys", count(int_, address), privileged>,
    call<at{107}, "waitsys", status(one_of<wait_targets>, pid, pointer<siginfo>, flags<wait_flags>), handlers::waitsys>,
    call<at{108}, "sigsendsys", status(pointer<procset>, signal_number), handlers::sigsendsys>,
    call<at{109}, "hrtsys", count(int_, address, address, address, address), families::hrtsys>,
    call<at{110}, "acancel", status(), retired>,
    call<at{111}, "async", status(), retired>,
    call<at{112}, "priocntlsys", count(int_, address, int_, address, int_), families::priocntlsys>,
    call<at{113}, "pathconf", count(path, int_), handlers::pathconf>,
    call<at{114}, "mincore", status(address, size, address), op::memory_residency>,
    call<at{115}, "mmap", word(address, size, flags<protections>, mmap_flags, fd, offset), op::map>,
    call<at{116}, "mprotect", status(address, size, flags<protections>), op::protect>,
    call<at{117}, "munmap", status(address, size), op::unmap>,
    call<at{118}, "fpathconf", count(fd, int_), handlers::fpathconf>,
    call<at{119}, "vfork", child(constant<true>), op::fork>,
    call<at{120}, "fchdir", status(fd), op::fchdir>,
    call<at{121}, "readv", count(fd, vector_out), op::read>,
    call<at{122}, "writev", count(fd, vector_in), op::write>,
    call<at{123}, "xstat", status(int_, path, address), families::xstat>,
    call<at{124}, "lxstat", status(int_, path, address), families::lxstat>,
    call<at{125}, "fxstat", status(int_, fd, address), families::fxstat>,
    call<at{126}, "xmknod", status(int_, path, file_mode, uint_), families::xmknod>,
    call<at{127}, "clocal", count(), retired>,
    call<at{128}, "setrlimit", status(one_of<resources>, in<rlimit>), op::set_limit>,
    call<at{129}, "getrlimit", status(one_of<resources>, out<rlimit>), op::get_limit>,
    call<at{130}, "lchown", status(here, path, user_id, group_id, given<at_flag::symlink_nofollow>), op::chown>,
    call<at{131}, "memcntl", status(address, size, int_), handlers::memcntl>,
    call<at{132}, "getpmsg", count(fd, pointer_out<strbuf>, pointer_out<strbuf>, scalars<ilp32_i386::i32>, scalars<ilp32_i386::i32>), handlers::getpmsg>,
    call<at{133}, "putpmsg", status(fd, pointer_in<strbuf>, pointer_in<strbuf>, int_, int_), handlers::putpmsg>,
    call<at{134}, "rename", status(here, path, here, path), op::rename>,
    call<at{135}, "uname", status(pointer<utsname>), handlers::uname>,
    call<at{136}, "setegid", status(constant<same_id>, group_id, constant<same_id>), op::setresgid>,
    call<at{137}, "sysconfig", count(int_), handlers::sysconfig>,
    call<at{138}, "adjtime", status(address, address), privileged>,
    call<at{139}, "systeminfo", count(int_, address, slong), handlers::systeminfo>,
    call<at{140}, "socksys", count(address), refused<errc::nosys, "calls of Release 3's socket driver; Solaris has its own">>, // SCO, UnixWare
    call<at{141}, "seteuid", status(constant<same_id>, user_id, constant<same_id>), op::setresuid>,
    call<at{142}, "vtrace", status(int_, address), retired>,
    call<at{143}, "fork1", child(constant<false>), op::fork>,
    call<at{144}, "sigtimedwait", count(in<sigset>, pointer<siginfo>, in_or_null<timespec>), handlers::sigtimedwait>,
    call<at{145}, "lwp_info", status(pointer<lwp_times>), handlers::lwp_info>,
    call<at{146}, "yield", status(), op::yield>,
    call<at{147}, "lwp_sema_wait", status(address), handlers::lwp_sema_wait>,
    call<at{148}, "lwp_sema_post", status(address), handlers::lwp_sema_post>,
    call<at{149}, "lwp_sema_trywait", status(address), handlers::lwp_sema_trywait>,
    call<at{150}, "lwp_detach", status(int_), handlers::lwp_detach>,
    call<at{151}, "corectl", count(int_, address, size, int_), privileged>,
    call<at{152}, "modctl", count(int_, address, address, address, address, address), privileged>,
    call<at{153}, "fchroot", status(fd), handlers::fchroot>,
    call<at{154}, "utimes", status(here, path, in_or_null<timeval_pair>, given<at_flag::none>), op::set_times>,
    call<at{155}, "vhangup", status(), privileged>,
    call<at{156}, "gettimeofday", status(given<clock::realtime>, out<time_of_day>), op::clock_get>,
    call<at{157}, "getitimer", status(one_of<interval_timers>, out<itimerval>), op::get_timer>,
    call<at{158}, "setitimer", status(one_of<interval_timers>, in_or_null<itimerval>, pointer<itimerval>), handlers::setitimer>,
    call<at{159}, "lwp_create", new_lwp(pointer<ucontext>, uint_, scalars<ilp32_i386::i32>), handlers::lwp_create>,
    call<at{160}, "lwp_exit", status(), handlers::lwp_exit>,
    call<at{161}, "lwp_suspend", status(int_), handlers::lwp_suspend>,
    call<at{162}, "lwp_continue", status(int_), handlers::lwp_continue>,
    call<at{163}, "lwp_kill", status(int_, signal_number), handlers::lwp_kill>,
    call<at{164}, "lwp_self", count(), handlers::lwp_self>,
    call<at{165}, "lwp_sigmask", two_values(int_, uint_, uint_), handlers::lwp_sigmask>, // Solaris to 9: lwp_setprivate
    call<at{166}, "lwp_private", count(int_, int_, address), handlers::lwp_private>,                   // Solaris to 9: lwp_getprivate
    call<at{167}, "lwp_wait", status(int_, scalars<ilp32_i386::i32>), handlers::lwp_wait>,
    call<at{168}, "lwp_mutex_wakeup", status(address, int_), handlers::lwp_mutex_wakeup>, // Solaris to 9: lwp_mutex_unlock
    call<at{169}, "lwp_mutex_lock", status(address), handlers::lwp_mutex_lock>,
    call<at{170}, "lwp_cond_wait", status(address, address, pointer<timespec>, int_), handlers::lwp_cond_wait>,
    call<at{171}, "lwp_cond_signal", status(address), handlers::lwp_cond_signal>,
    call<at{172}, "lwp_cond_broadcast", status(address), handlers::lwp_cond_broadcast>,
    call<at{173}, "pread", count(fd, buffer_out, offset), op::pread>,
    call<at{174}, "pwrite", count(fd, buffer_in, offset), op::pwrite>,
    call<at{175}, "llseek", wide_count(fd, offset_halves, one_of<seek_origins>), op::seek>,
    call<at{176}, "inst_sync", status(path, uint_), privileged>,
    call<at{177}, "reserved_177", status(), retired>, // older: srmlimitsys
    call<at{178}, "kaio", count(int_, address, address, address, address, address), refused<errc::notsup, "the library's own threads wait for it then">>,
    call<at{179}, "cpc", count(int_, int_, address, address, address), refused<errc::nosys, "the processor's counters are not shown">>,
    call<at{180}, "lgrpsys", count(int_, address, address), refused<errc::nosys, "memory is equally far from everywhere">>,
    call<at{181}, "rusagesys", count(int_, address, address, address, address), families::rusagesys>,
    call<at{182}, "port", count(int_, address, address, address, address, address), before_10>,
    call<at{183}, "pollsys", count(pointer<pollfd>, uint_, in_or_null<timespec>, in_or_null<sigset>), handlers::pollsys>,
    call<at{184}, "labelsys", count(int_, address, address, address, address), refused<errc::nosys, "a system without labels">>, // older: tsolsys
    call<at{185}, "acl", count(path, int_, int_, address), handlers::acl>,
    call<at{186}, "auditsys", count(int_, address), privileged>,
    call<at{187}, "processor_bind", status(int_, int_, int_, scalars<ilp32_i386::i32>), handlers::processor_bind>,
    call<at{188}, "processor_info", status(int_, pointer<processor_information>), handlers::processor_info>,
    call<at{189}, "p_online", count(int_, int_), privileged>,
    call<at{190}, "sigqueue", status(pid, signal_number, address, unused, unused), handlers::sigqueue>,
    call<at{191}, "clock_gettime", status(one_of<clocks>, out<timespec>), op::clock_get>,
    call<at{192}, "clock_settime", status(one_of<clocks>, in<timespec>), op::clock_set>,
    call<at{193}, "clock_getres", status(one_of<clocks>, out<timespec>), op::clock_resolution>,
    call<at{194}, "timer_create", status(int_, pointer<sigevent>, scalars<ilp32_i386::i32>), handlers::timer_create>,
    call<at{195}, "timer_delete", status(int_), facilities::timer_delete>,
    call<at{196}, "timer_settime", status(int_, int_, pointer<itimerspec>, pointer<itimerspec>), facilities::timer_settime>,
    call<at{197}, "timer_gettime", status(int_, pointer<itimerspec>), facilities::timer_gettime>,
    call<at{198}, "timer_getoverrun", count(int_), facilities::timer_getoverrun>,
    call<at{199}, "nanosleep", status(in<timespec>, pointer<timespec>), handlers::nanosleep>,
    call<at{200}, "facl", count(fd, int_, int_, address), handlers::facl>,
    call<at{201}, "door", count(int_, address, address, address, address, int_), refused<errc::nosys, "no doors: programs ask the files themselves">>,
    call<at{202}, "setreuid", status(user_id, user_id), handlers::setreuid>,
    call<at{203}, "setregid", status(group_id, group_id), handlers::setregid>,
    call<at{204}, "install_utrap", status(int_, address, address), retired>,
    call<at{205}, "signotify", status(int_, address, address), refused<errc::nosys, "message queues of the library tell nobody">>,
    call<at{206}, "schedctl", word(), no_page>,
    call<at{207}, "pset", count(int_, address, address, address, address), refused<errc::notsup, "all processors are one set">>,
    call<at{208}, "sparc_utrap_install", status(int_, address, address, address, address), retired>,
    call<at{209}, "resolvepath", count(path, bytes_out), handlers::resolvepath>,
    call<at{210}, "lwp_mutex_timedlock", status(address, pointer<timespec>), handlers::lwp_mutex_timedlock>,  // Solaris to 9: signotifywait
    call<at{211}, "lwp_sema_timedwait", status(address, pointer<timespec>, int_), handlers::lwp_sema_timedwait>, // Solaris to 9: lwp_sigredirect
    call<at{212}, "lwp_rwlock_sys", count(int_, address, address), families::lwp_rwlock_sys>,              // Solaris to 9: lwp_alarm
    call<at{213}, "getdents64", count(fd, records_out), handlers::getdents64>,
    call<at{214}, "mmap64", word(address, size, flags<protections>, mmap_flags, fd, offset_halves), op::map>,
    call<at{215}, "stat64", status(here, path, given<at_flag::none>, out<stat64>), op::stat>,
    call<at{216}, "lstat64", status(here, path, given<at_flag::symlink_nofollow>, out<stat64>), op::stat>,
    call<at{217}, "fstat64", status(fd, out<stat64>), op::fstat>,
    call<at{218}, "statvfs64", status(path, out<statvfs64>), op::statfs>,
    call<at{219}, "fstatvfs64", status(fd, out<statvfs64>), op::fstatfs>,
    call<at{220}, "setrlimit64", status(one_of<resources>, in<rlimit64>), op::set_limit>,
    call<at{221}, "getrlimit64", status(one_of<resources>, out<rlimit64>), op::get_limit>,
    call<at{222}, "pread64", count(fd, buffer_out, offset_halves), op::pread>,
    call<at{223}, "pwrite64", count(fd, buffer_in, offset_halves), op::pwrite>,
    call<at{224}, "creat64", new_fd(here, path, implied<open_flag, access_mode::wronly, open_flag::creat, open_flag::trunc>, file_mode), op::open>,
    call<at{225}, "open64", new_fd(here, path, flags<open_flags>, file_mode), op::open>,
    call<at{226}, "rpcsys", count(int_, address, address), privileged>,
    call<at{227}, "zone", count(int_, address, address, address, address), before_10>,
    call<at{228}, "autofssys", count(int_, address, address), privileged>,
    call<at{229}, "getcwd", status(bytes_out), op::getcwd>,
    call<at{230}, "so_socket", new_fd(int_, int_, int_, path_or_null, int_), handlers::so_socket>,
    call<at{231}, "so_socketpair", handlers::connects_pair(address), handlers::so_socketpair>,
    call<at{232}, "bind", status(fd, socket_address_in, unused), handlers::with_address<op::bind>>,
    call<at{233}, "listen", status(fd, int_, unused), op::listen>,
    call<at{234}, "accept", new_fd(fd, socket_address_out_or_null, unused, constant<u32{0}>), op::accept>,
    call<at{235}, "connect", status(fd, socket_address_in, unused), handlers::with_address<op::connect>>,
    call<at{236}, "shutdown", status(fd, one_of<shutdown_hows>, unused), op::shutdown>,
    call<at{237}, "recv", count(fd, buffer_out, flags<message_flags>), handlers::recv>,
    call<at{238}, "recvfrom", count(fd, buffer_out, flags<message_flags>, socket_address_out_or_null), handlers::recvfrom>,
    call<at{239}, "recvmsg", received(fd, message_in<omsghdr>, message_call_flags), handlers::recvmsg>,
    call<at{240}, "send", count(fd, buffer_in, flags<message_flags>), handlers::send>,
    call<at{241}, "sendmsg", count(fd, message_out<omsghdr>, message_call_flags), handlers::sendmsg>,
    call<at{242}, "sendto", count(fd, buffer_in, flags<message_flags>, socket_address_in_or_null), handlers::sendto>,
    call<at{243}, "getpeername", status(fd, socket_address_out, unused), op::peer_name>,
    call<at{244}, "getsockname", status(fd, socket_address_out, unused), op::socket_name>,
    call<at{245}, "getsockopt", status(fd, int_, int_, bytes_sized_by_pointer, address, unused), handlers::getsockopt>,
    call<at{246}, "setsockopt", status(fd, int_, int_, sized_bytes, int_, unused), handlers::setsockopt>,
    call<at{247}, "sockconfig", status(int_, int_, int_, address), privileged>,
    call<at{248}, "ntp_gettime", count(pointer<ntptimeval>), handlers::ntp_gettime>,
    call<at{249}, "ntp_adjtime", count(address), privileged>,
    call<at{250}, "lwp_mutex_unlock", status(address), handlers::lwp_mutex_unlock>,
    call<at{251}, "lwp_mutex_trylock", status(address), handlers::lwp_mutex_trylock>,
    call<at{252}, "lwp_mutex_init", status(address, int_), handlers::lwp_mutex_init>,
    call<at{253}, "cladm", status(int_, int_, address), privileged>,
    call<at{254}, "reserved_254", status(), retired>, // Solaris 8 and 9: lwp_sigtimedwait
    call<at{255}, "umount2", status(path, unused), handlers::unmount>,
    // Solaris' own meaning of numbers that its ancestors had before: the large structure.
    call<solaris(18), "solaris_stat", status(here, path, given<at_flag::none>, out<stat>), op::stat>,
    call<solaris(28), "solaris_fstat", status(fd, out<stat>), op::fstat>,
    call<solaris(88), "solaris_lstat", status(here, path, given<at_flag::symlink_nofollow>, out<stat>), op::stat>>> {};

} // namespace table
// clang-format on

} // namespace polyabi::svr4
