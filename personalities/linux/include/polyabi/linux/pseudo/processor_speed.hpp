// How fast the processor's time stamps count, by the kernel's clock: not every processor tells it by CPUID.
#pragma once

#include <polyabi/linux/pseudo/system_state.hpp>

namespace polyabi::linux_abi::proc {

namespace processor {

/// A time stamp and the nanoseconds of the kernel's clock at the same moment.
struct moment {
  u64 stamp, nanoseconds;
};

inline u64 time_stamp() {
  u32 low = 0, high = 0;
  asm volatile("rdtsc" : "=a"(low), "=d"(high));
  return u64{high} << 32 | low;
}

/// The narrowest of several readings: between two time stamps the thread may have lost the processor for a while.
template <class K>
moment now(const pseudo_context<K>& c) {
  moment best{};
  u64 narrowest = ~u64{0};
  for (int i = 0; i < 8; ++i) {
    native<K, shape::timespec> time{};
    const u64 before = time_stamp();
    if (!polyabi::perform<K>(op::clock_get{}, c.reader, number_for<kernel_map<K, clock>>(clock::monotonic), time)) return {};
    const u64 width = time_stamp() - before;
    if (width >= narrowest) continue;
    narrowest = width;
    best = {before + width / 2, static_cast<u64>(time.sec) * 1'000'000'000 + static_cast<u64>(time.nsec)};
  }
  return best;
}

/// Time stamps in a millisecond; 0 where the clock stands still. It takes a fifth of a millisecond to find out.
template <class K>
u64 kilohertz(const pseudo_context<K>& c) {
  constexpr u64 span = 200'000, patience = 100'000;
  const moment first = now(c);
  for (u64 turn = 0; turn < patience; ++turn) {
    const moment last = now(c);
    if (last.nanoseconds >= first.nanoseconds + span)
      return (last.stamp - first.stamp) * 1'000'000 / (last.nanoseconds - first.nanoseconds);
  }
  return 0;
}

} // namespace processor

} // namespace polyabi::linux_abi::proc
