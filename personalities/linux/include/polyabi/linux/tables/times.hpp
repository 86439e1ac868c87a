// Clocks, sleeping, timers.
// Numbers of x86-64 and i386 (arch/x86/entry/syscalls), names as strace prints them.
#pragma once

#include <polyabi/core/syscall_table.hpp>
#include <polyabi/linux/event_flags.hpp>
#include <polyabi/linux/handlers/clock_adjustment.hpp>
#include <polyabi/linux/handlers/time.hpp>
#include <polyabi/linux/handlers/timers.hpp>

namespace polyabi::linux_abi {

namespace tables {

using namespace polyabi::arguments;

/// A clock that the handler looks at itself: not all are good for all calls.
struct clock_number : int_ {
  using traced_as = one_of<clocks>;
};

using host_clock = refused<errc::perm, "the clock belongs to the host">;

// clang-format off
using time_calls = syscall_table<
    call<at{201, 13}, "time", count(address), handlers::time>,
    call<at{absent, 25}, "stime", status(address), host_clock>,
    call<at{96, 78}, "gettimeofday", status(pointer<timeval>, pointer<timezone>), handlers::gettimeofday>,
    call<at{164, 79}, "settimeofday", status(pointer<timeval>, pointer<timezone>), host_clock>,
    call<at{159, 124}, "adjtimex", count(pointer<timex>), handlers::adjtimex>,
    call<at{228, 265}, "clock_gettime", status(clock_number, pointer<timespec>), handlers::clock_gettime>,
    call<at{absent, 403}, "clock_gettime64", status(clock_number, pointer<timespec64>), handlers::clock_gettime>,
    call<at{227, 264}, "clock_settime", status(one_of<clocks>, in<timespec>), op::clock_set>,
    call<at{absent, 404}, "clock_settime64", status(one_of<clocks>, in<timespec64>), op::clock_set>,
    call<at{229, 266}, "clock_getres", status(clock_number, pointer<timespec>), handlers::clock_getres>,
    call<at{absent, 406}, "clock_getres_time64", status(clock_number, pointer<timespec64>), handlers::clock_getres>,
    call<at{305, 343}, "clock_adjtime", count(clock_number, pointer<timex>), handlers::clock_adjtime>,
    call<at{absent, 405}, "clock_adjtime64", count(clock_number, pointer<timex64>), handlers::clock_adjtime>,
    call<at{35, 162}, "nanosleep", status(in<timespec>, pointer<timespec>), handlers::nanosleep>,
    call<at{230, 267}, "clock_nanosleep", status(clock_number, int_, in<timespec>, pointer<timespec>),
         handlers::clock_nanosleep>,
    call<at{absent, 407}, "clock_nanosleep_time64", status(clock_number, int_, in<timespec64>, pointer<timespec64>),
         handlers::clock_nanosleep>,
    call<at{37, 27}, "alarm", word(uint_), handlers::alarm>,
    call<at{36, 105}, "getitimer", status(one_of<interval_timers>, out<itimerval>), op::get_timer>,
    call<at{38, 104}, "setitimer", status(one_of<interval_timers>, in_or_null<itimerval>, pointer<itimerval>), handlers::setitimer>,
    call<at{222, 259}, "timer_create", status(clock_number, pointer<sigevent>, scalars<i32>), handlers::timer_create>,
    call<at{226, 263}, "timer_delete", status(int_), handlers::timer_delete>,
    call<at{225, 262}, "timer_getoverrun", count(int_), handlers::timer_getoverrun>,
    call<at{224, 261}, "timer_gettime", status(int_, pointer<itimerspec>), handlers::timer_gettime>,
    call<at{absent, 408}, "timer_gettime64", status(int_, pointer<itimerspec64>), handlers::timer_gettime>,
    call<at{223, 260}, "timer_settime", status(int_, int_, pointer<itimerspec>, pointer<itimerspec>), handlers::timer_settime>,
    call<at{absent, 409}, "timer_settime64", status(int_, int_, pointer<itimerspec64>, pointer<itimerspec64>),
         handlers::timer_settime>,
    call<at{283, 322}, "timerfd_create", new_fd(clock_number, flags<timerfd_flags>), handlers::timerfd_create>,
    call<at{286, 325}, "timerfd_settime", status(fd, int_, pointer<itimerspec>, pointer<itimerspec>), handlers::timerfd_settime>,
    call<at{absent, 411}, "timerfd_settime64", status(fd, int_, pointer<itimerspec64>, pointer<itimerspec64>),
         handlers::timerfd_settime>,
    call<at{287, 326}, "timerfd_gettime", status(fd, pointer<itimerspec>), handlers::timerfd_gettime>,
    call<at{absent, 410}, "timerfd_gettime64", status(fd, pointer<itimerspec64>), handlers::timerfd_gettime>>;
// clang-format on

} // namespace tables

} // namespace polyabi::linux_abi
