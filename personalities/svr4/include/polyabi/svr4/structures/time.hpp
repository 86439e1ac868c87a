// Times: timestruc_t, struct timeval, struct itimerval, struct utimbuf, struct tms (sys/time.h, sys/times.h, utime.h).
#pragma once

#include <polyabi/core/operations.hpp>
#include <polyabi/core/translate.hpp>

namespace polyabi::svr4 {

/// Clock ticks a second: times(2), _CONFIG_CLK_TCK.
inline constexpr u32 clock_ticks = 100;

template <class M>
struct timespec {
  using shape = polyabi::shape::timespec;
  typename M::slong sec, nsec;
  POLYABI_FIELDS(timespec, sec, nsec)
};
static_assert(layout<timespec<ilp32_i386>, 8> && layout<timespec<lp64>, 16>);

template <class M>
struct timeval {
  using shape = polyabi::shape::timeval;
  typename M::slong sec, usec;
  POLYABI_FIELDS(timeval, sec, usec)
};
static_assert(layout<timeval<ilp32_i386>, 8>);

template <class M>
struct itimerval {
  using shape = polyabi::shape::itimerval;
  timeval<M> interval, value;
  POLYABI_FIELDS(itimerval, interval, value)
};
static_assert(layout<itimerval<ilp32_i386>, 16> && layout<itimerval<lp64>, 32>);

/// A moment in whole seconds; the fraction is lost.
template <class Scalar>
struct seconds {
  Scalar raw;
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    out = N{static_cast<i64>(raw), 0};
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    if (!std::in_range<typename Scalar::value_type>(in.sec)) return errc::overflow;
    raw = static_cast<typename Scalar::value_type>(in.sec);
    return errc::none;
  }
};

/// A moment in seconds and microseconds where the kernel has nanoseconds.
template <class M>
struct microseconds {
  typename M::slong sec, usec;
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    if (usec < 0 || usec >= 1'000'000) return errc::inval;
    out = N{static_cast<i64>(sec), static_cast<i64>(usec) * 1000};
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    if (!std::in_range<typename M::slong::value_type>(in.sec)) return errc::overflow;
    sec = static_cast<typename M::slong::value_type>(in.sec);
    usec = static_cast<typename M::slong::value_type>(in.nsec / 1000);
    return errc::none;
  }
};

/// What gettimeofday(2) fills, from the kernel's clock.
template <class M>
struct time_of_day : microseconds<M> {
  using shape = polyabi::shape::timespec;
};
static_assert(layout<time_of_day<ilp32_i386>, 8>);

/// utime(2)'s times.
template <class M>
struct utimbuf {
  using shape = polyabi::shape::time_pair;
  seconds<typename M::slong> access, modification;
  POLYABI_FIELDS(utimbuf, access, modification)
};
static_assert(layout<utimbuf<ilp32_i386>, 8>);

/// utimes(2)'s times.
template <class M>
struct timeval_pair {
  using shape = polyabi::shape::time_pair;
  microseconds<M> access, modification;
  POLYABI_FIELDS(timeval_pair, access, modification)
};
static_assert(layout<timeval_pair<ilp32_i386>, 16>);

/// getrusage(3).
template <class M>
struct rusage {
  using shape = polyabi::shape::rusage;
  timeval<M> utime, stime;
  typename M::slong maxrss, ixrss, idrss, isrss, minflt, majflt, nswap, inblock, oublock, msgsnd, msgrcv, nsignals, nvcsw, nivcsw;
  POLYABI_FIELDS(rusage, utime, stime, maxrss, ixrss, idrss, isrss, minflt, majflt, nswap, inblock, oublock, msgsnd, msgrcv,
                 nsignals, nvcsw, nivcsw)
};
static_assert(layout<rusage<ilp32_i386>, 72> && layout<rusage<lp64>, 144>);

/// timer_settime(2)'s times.
template <class M>
struct itimerspec {
  timespec<M> interval, value;
  POLYABI_FIELDS(itimerspec, interval, value)
};
static_assert(layout<itimerspec<ilp32_i386>, 16>);

/// hrtime_t (sys/hrtcntl.h): seconds, and parts of one, of which a second has so many.
template <class M>
struct hrtime {
  typename M::slong seconds, parts, resolution;
  POLYABI_FIELDS(hrtime, seconds, parts, resolution)
};
static_assert(layout<hrtime<ilp32_i386>, 12>);

/// hrtcmd_t: an alarm.
template <class M>
struct hrtcmd {
  typename M::i32 command, clock;
  hrtime<M> interval, time_of_day;
  typename M::u32 flags;
  typename M::i32 error;
  POLYABI_FIELDS(hrtcmd, command, clock, interval, time_of_day, flags, error)
};
static_assert(layout<hrtcmd<ilp32_i386>, 40>);

/// ntp_gettime(2) (sys/timex.h).
template <class M>
struct ntptimeval {
  typename M::slong seconds, microseconds;
  typename M::i32 maxerror, esterror;
  POLYABI_FIELDS(ntptimeval, seconds, microseconds, maxerror, esterror)
};
static_assert(layout<ntptimeval<ilp32_i386>, 16>);

/// times(2): clock ticks.
template <class M>
struct tms {
  typename M::slong utime, stime, children_utime, children_stime;
  POLYABI_FIELDS(tms, utime, stime, children_utime, children_stime)
};
static_assert(layout<tms<ilp32_i386>, 16> && layout<tms<lp64>, 32>);

} // namespace polyabi::svr4
