// Times (include/uapi/linux/time.h, time_types.h).
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/core/member_types.hpp>
#include <polyabi/core/operations.hpp>

namespace polyabi::linux_abi {

template <class M>
struct timespec {
  using shape = polyabi::shape::timespec;
  typename M::slong sec, nsec;
  POLYABI_FIELDS(timespec, sec, nsec)
};
static_assert(layout<timespec<lp64>, 16> && layout<timespec<ilp32_i386>, 8>);

/// 32-bit programs leave the upper half of their nanoseconds unset.
template <class M>
struct wide_nanoseconds {
  typename M::i64 raw;
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    out = static_cast<N>(M::word_size == 4 ? static_cast<i64>(static_cast<i32>(static_cast<i64>(raw))) : static_cast<i64>(raw));
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    raw = in;
    return errc::none;
  }
};

/// __kernel_timespec: 64 bits everywhere.
template <class M>
struct timespec64 {
  using shape = polyabi::shape::timespec;
  typename M::i64 sec;
  wide_nanoseconds<M> nsec;
  POLYABI_FIELDS(timespec64, sec, nsec)
};
static_assert(layout<timespec64<lp64>, 16> && layout<timespec64<ilp32_i386>, 16>);

template <class M>
struct timeval {
  using shape = polyabi::shape::timeval;
  typename M::slong sec, usec;
  POLYABI_FIELDS(timeval, sec, usec)
};
static_assert(layout<timeval<lp64>, 16> && layout<timeval<ilp32_i386>, 8>);

template <class M>
struct itimerval {
  using shape = polyabi::shape::itimerval;
  timeval<M> interval, value;
  POLYABI_FIELDS(itimerval, interval, value)
};
static_assert(layout<itimerval<lp64>, 32> && layout<itimerval<ilp32_i386>, 16>);

/// itimerspec: an interval and a first time. Its times are read one by one (handlers/timers.hpp).
template <class M>
struct itimerspec {
  timespec<M> interval, value;
  POLYABI_FIELDS(itimerspec, interval, value)
};
template <class M>
struct itimerspec64 {
  timespec64<M> interval, value;
  POLYABI_FIELDS(itimerspec64, interval, value)
};
static_assert(layout<itimerspec<lp64>, 32> && layout<itimerspec<ilp32_i386>, 16> && layout<itimerspec64<ilp32_i386>, 32>);

namespace detail {
inline constexpr i64 utime_now = 0x3fffffff, utime_omit = 0x3ffffffe;

template <class K, class Time, class N>
constexpr errc file_time_in(const Time& from, N& out) {
  if (errc e = to_native<K>(from, out); e != errc::none) return e;
  if (out.nsec == utime_now)
    out.nsec = K::time_now;
  else if (out.nsec == utime_omit)
    out.nsec = K::time_omit;
  else if (out.nsec < 0 || out.nsec > 999'999'999)
    return errc::inval;
  return errc::none;
}
template <class K, class Time, class N>
constexpr errc file_time_out(const N& in, Time& to) {
  auto copy = in;
  if (copy.nsec == K::time_now)
    copy.nsec = utime_now;
  else if (copy.nsec == K::time_omit)
    copy.nsec = utime_omit;
  return to_foreign<K>(copy, to);
}

/// utimensat's pair: UTIME_NOW and UTIME_OMIT stand in the nanoseconds.
template <class Time>
struct file_times {
  using shape = polyabi::shape::time_pair;
  Time access, modification;
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    if (errc e = file_time_in<K>(access, out.access); e != errc::none) return e;
    return file_time_in<K>(modification, out.modification);
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    if (errc e = file_time_out<K>(in.access, access); e != errc::none) return e;
    return file_time_out<K>(in.modification, modification);
  }
};
} // namespace detail

template <class M>
struct time_pair : detail::file_times<timespec<M>> {
  POLYABI_FIELDS(time_pair, access, modification)
};
template <class M>
struct time_pair64 : detail::file_times<timespec64<M>> {
  POLYABI_FIELDS(time_pair64, access, modification)
};
static_assert(layout<time_pair<lp64>, 32> && layout<time_pair<ilp32_i386>, 16> && layout<time_pair64<ilp32_i386>, 32>);

/// utimes' pair.
template <class M>
struct timeval_pair {
  using shape = polyabi::shape::time_pair;
  timeval<M> access, modification;
  POLYABI_FIELDS(timeval_pair, access, modification)
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    if (errc e = one(access, out.access); e != errc::none) return e;
    return one(modification, out.modification);
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    using word = typename M::slong::value_type;
    access = {static_cast<word>(in.access.sec), static_cast<word>(in.access.nsec / 1000)};
    modification = {static_cast<word>(in.modification.sec), static_cast<word>(in.modification.nsec / 1000)};
    return errc::none;
  }

private:
  template <class N>
  static constexpr errc one(const timeval<M>& from, N& out) {
    const i64 usec = from.usec;
    if (usec < 0 || usec > 999'999) return errc::inval;
    out = {from.sec, usec * 1000};
    return errc::none;
  }
};
static_assert(layout<timeval_pair<lp64>, 32> && layout<timeval_pair<ilp32_i386>, 16>);

/// utime's pair: whole seconds.
template <class M>
struct utimbuf {
  using shape = polyabi::shape::time_pair;
  typename M::slong access, modification;
  POLYABI_FIELDS(utimbuf, access, modification)
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    out.access = {access, 0};
    out.modification = {modification, 0};
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    using word = typename M::slong::value_type;
    access = static_cast<word>(in.access.sec);
    modification = static_cast<word>(in.modification.sec);
    return errc::none;
  }
};
static_assert(layout<utimbuf<lp64>, 16> && layout<utimbuf<ilp32_i386>, 8>);

/// times(2): clock ticks of 10 ms.
template <class M>
struct tms {
  typename M::slong user, system, children_user, children_system;
  POLYABI_FIELDS(tms, user, system, children_user, children_system)
};
static_assert(layout<tms<lp64>, 32> && layout<tms<ilp32_i386>, 16>);

/// gettimeofday's second argument: always zero in effect.
template <class M>
struct timezone {
  typename M::i32 minuteswest, dsttime;
  POLYABI_FIELDS(timezone, minuteswest, dsttime)
};
static_assert(layout<timezone<lp64>, 8>);

/// The state of a disciplined clock (struct timex of include/uapi/linux/timex.h).
template <class M>
struct timex {
  using word = typename M::slong::value_type;
  typename M::u32 modes;
  typename M::slong offset, frequency, maxerror, esterror;
  typename M::i32 status;
  typename M::slong constant, precision, tolerance, seconds, microseconds, tick, pps_frequency, jitter;
  typename M::i32 shift;
  typename M::slong stability, jitter_count, calibration_count, error_count, stability_count;
  typename M::i32 tai;
  typename M::i32 reserved[11];
  POLYABI_FIELDS(timex, modes, offset, frequency, maxerror, esterror, status, constant, precision, tolerance, seconds, microseconds,
                 tick, pps_frequency, jitter, shift, stability, jitter_count, calibration_count, error_count, stability_count, tai)
};
static_assert(layout<timex<lp64>, 208> && layout<timex<ilp32_i386>, 128>);

/// The same with 64-bit times for 32-bit programs (struct __kernel_timex): as 64-bit programs have it.
template <class M>
struct timex64 : timex<lp64> {};
static_assert(layout<timex64<ilp32_i386>, 208>);

} // namespace polyabi::linux_abi
