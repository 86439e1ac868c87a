// XENIX' calls as an overlay: eax is their number in the second byte above 0x28. Every variant that runs Release 3's programs
// has them.
#pragma once

#include <polyabi/svr4/handlers/old_files.hpp>
#include <polyabi/svr4/handlers/old_signals.hpp>
#include <polyabi/svr4/handlers/xenix.hpp>
#include <polyabi/svr4/multiplexed.hpp>
#include <polyabi/svr4/variant.hpp>

namespace polyabi::svr4::variants {

using namespace arguments;

consteval at xenix(i32 number) {
  return at{number << 8 | 0x28};
}

// clang-format off
/// `Sigset` and `Sigaction` have the variant's signal numbers.
template <class Signals, template <class> class Sigset, template <class> class Sigaction>
using xenix_calls = syscall_table<
    call<xenix(1), "locking", status(fd, int_, slong), handlers::locking>,
    call<xenix(2), "creatsem", count(path, file_mode), missing<"XENIX semaphores">>,
    call<xenix(3), "opensem", count(path), missing<"XENIX semaphores">>,
    call<xenix(4), "sigsem", status(int_), missing<"XENIX semaphores">>,
    call<xenix(5), "waitsem", status(int_), missing<"XENIX semaphores">>,
    call<xenix(6), "nbwaitsem", status(int_), missing<"XENIX semaphores">>,
    call<xenix(7), "rdchk", count(fd), handlers::rdchk>,
    call<xenix(8), "stkgrow", status(int_), missing<"stacks grow by themselves">>,
    call<xenix(10), "chsize", status(fd, slong), op::ftruncate>,
    call<xenix(11), "ftime", status(pointer<timeb>), handlers::ftime>,
    call<xenix(12), "nap", count(slong), handlers::nap>,
    call<xenix(13), "sdget", word(path, int_, slong, file_mode), missing<"XENIX shared data">>,
    call<xenix(14), "sdfree", status(address), missing<"XENIX shared data">>,
    call<xenix(15), "sdenter", status(address, int_), missing<"XENIX shared data">>,
    call<xenix(16), "sdleave", status(address), missing<"XENIX shared data">>,
    call<xenix(17), "sdgetv", count(address), missing<"XENIX shared data">>,
    call<xenix(18), "sdwaitv", count(address, int_), missing<"XENIX shared data">>,
    call<xenix(19), "brkctl", word(int_, slong, address), missing<"segments of XENIX programs">>,
    call<xenix(21), "scoinfo", status(address, int_), refused<errc::inval, "SCO's licences">>,
    call<xenix(32), "proctl", count(int_, int_, address), refused<errc::perm, "real-time scheduling of XENIX">>,
    call<xenix(33), "execseg", word(address, uint_), missing<"segments of XENIX programs">>,
    call<xenix(34), "unexecseg", status(address), missing<"segments of XENIX programs">>,
    call<xenix(36), "select", count(int_, address, address, address, in_or_null<timeval>), handlers::select>,
    call<xenix(37), "eaccess", status(here, path, flags<access_checks>, given<at_flag::eaccess>), op::access>,
    call<xenix(38), "paccess", status(int_, int_, int_, int_, address), missing<"accounts of other processes' memory">>,
    call<xenix(39), "sigaction", status(signal_of<Signals>, in_or_null<Sigaction>, out_or_null<Sigaction>), handlers::old_sigaction>,
    call<xenix(40), "sigprocmask", status(int_, in_or_null<Sigset>, out_or_null<Sigset>), handlers::old_sigprocmask>,
    call<xenix(41), "sigpending", status(out<Sigset>), op::pending>,
    call<xenix(42), "sigsuspend", status(in<Sigset>), op::suspend>,
    call<xenix(43), "getgroups", count(int_, scalars<ilp32_i386::u16>), handlers::old_getgroups>,
    call<xenix(44), "setgroups", status(int_, scalars<ilp32_i386::u16>), handlers::old_setgroups>,
    call<xenix(45), "sysconf", count(int_), handlers::old_sysconf>,
    call<xenix(46), "pathconf", count(path, int_), handlers::old_pathconf>,
    call<xenix(47), "fpathconf", count(fd, int_), handlers::old_fpathconf>,
    call<xenix(48), "rename", status(here, path, here, path), op::rename>,
    call<xenix(50), "utsname", status(pointer<scoutsname>), handlers::sco_names>,
    call<xenix(55), "getitimer", status(one_of<interval_timers>, out<itimerval>), op::get_timer>,
    call<xenix(56), "setitimer", status(one_of<interval_timers>, in_or_null<itimerval>, pointer<itimerval>), handlers::setitimer>>;

/// Release 3's process groups: the C library's return address stands between the function and its arguments.
using old_pgrpsys = families::family<syscall_table<
    call<at{0}, "getpgrp", count(constant<i32{0}>), op::getpgid>,
    call<at{1}, "setpgrp", count(), handlers::setpgrp>,
    call<at{2}, "setpgid", status(unused, pid, pid), op::setpgid>,
    call<at{3}, "setsid", count(), op::setsid>>>;

/// What programs of Release 3 mean otherwise than those of Release 4.
using old_calls = syscall_table<
    call<at{3}, "read", count(fd, buffer_out), handlers::old_read>,
    call<at{39}, "pgrpsys", count(int_, int_, int_, int_), old_pgrpsys>>;
// clang-format on

} // namespace polyabi::svr4::variants
