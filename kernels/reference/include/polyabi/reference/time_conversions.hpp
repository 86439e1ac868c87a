// Nanoseconds to and from the structures of time. Kernel times are u64 nanoseconds: 584 years.
#pragma once

#include <polyabi/reference/structs.hpp>

namespace polyabi::reference {

inline constexpr u64 nanoseconds_in_second = 1'000'000'000;

constexpr timespec to_timespec(u64 ns) {
  return {static_cast<i64>(ns / nanoseconds_in_second), static_cast<i64>(ns % nanoseconds_in_second)};
}
constexpr timeval to_timeval(u64 ns) {
  return {static_cast<i64>(ns / nanoseconds_in_second), static_cast<i64>(ns % nanoseconds_in_second / 1000)};
}

/// EINVAL for negative times and fractions that are none. Times too long to count are as long as can be counted.
constexpr result<u64> to_nanoseconds(const timespec& t) {
  if (t.sec < 0 || t.nsec < 0 || t.nsec >= static_cast<i64>(nanoseconds_in_second)) return error::inval;
  constexpr u64 most = ~u64{0} / nanoseconds_in_second / 2;
  if (static_cast<u64>(t.sec) >= most) return most * nanoseconds_in_second;
  return static_cast<u64>(t.sec) * nanoseconds_in_second + static_cast<u64>(t.nsec);
}
constexpr result<u64> to_nanoseconds(const timeval& t) {
  if (t.usec < 0 || t.usec >= 1'000'000) return error::inval;
  return to_nanoseconds(timespec{t.sec, t.usec * 1000});
}

/// The moment `duration` from `now`, never the value that means "no deadline".
constexpr u64 deadline_after(u64 now, u64 duration) {
  return duration >= ~u64{0} - 1 - now ? ~u64{0} - 1 : now + duration;
}

/// How long it is until then: nothing if that has been. A function, so that a clock that goes on is read once.
constexpr u64 time_until(u64 moment, u64 now) {
  return moment > now ? moment - now : 0;
}

} // namespace polyabi::reference
