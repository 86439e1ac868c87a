// Signal numbers of Linux on x86 (arch/x86/include/uapi/asm/signal.h).
#pragma once

#include <polyabi/core/number_map.hpp>

namespace polyabi::linux_abi {

struct signal_numbers : number_map<signal> {
  /// The kernel's own range; C libraries keep the first two or three for themselves.
  static constexpr i32 realtime_first = 32, realtime_last = 64;
  static constexpr auto rows = std::to_array<row>({
      {signal::hup, 1},
      {signal::int_, 2},
      {signal::quit, 3},
      {signal::ill, 4},
      {signal::trap, 5},
      {signal::abrt, 6},
      {signal::bus, 7},
      {signal::fpe, 8},
      {signal::kill, 9},
      {signal::usr1, 10},
      {signal::segv, 11},
      {signal::usr2, 12},
      {signal::pipe, 13},
      {signal::alrm, 14},
      {signal::term, 15},
      {signal::stkflt, 16},
      {signal::chld, 17},
      {signal::cont, 18},
      {signal::stop, 19},
      {signal::tstp, 20},
      {signal::ttin, 21},
      {signal::ttou, 22},
      {signal::urg, 23},
      {signal::xcpu, 24},
      {signal::xfsz, 25},
      {signal::vtalrm, 26},
      {signal::prof, 27},
      {signal::winch, 28},
      {signal::io, 29},
      {signal::pwr, 30},
      {signal::sys, 31},
      // what Linux has no number of its own for
      nearest(signal::emt, 7),
      nearest(signal::info, 23),
      nearest(signal::lost, 29),
      nearest(signal::xres, 24),
      // System V's own business
      absent(signal::waiting),
      absent(signal::lwp),
      absent(signal::freeze),
      absent(signal::thaw),
      absent(signal::cancel),
  });
};
static_assert(checked<signal_numbers>);

/// A kernel's signal number as Linux', 0 if Linux cannot name it.
template <class K>
constexpr i32 signal_to_linux(i32 native_number) {
  const i32 n = number_table<typename K::template map<signal>, signal_numbers>::convert(native_number);
  return n == no_number ? 0 : n;
}

/// A Linux signal number as the kernel's, `no_number` if the kernel has none.
template <class K>
constexpr i32 signal_from_linux(i32 number) {
  return number_table<signal_numbers, typename K::template map<signal>>::convert(number);
}

} // namespace polyabi::linux_abi
