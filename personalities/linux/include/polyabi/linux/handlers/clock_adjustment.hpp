// adjtimex(2) and clock_adjtime(2), for a clock that is the host's: its state can be asked for, and not be changed.
#pragma once

#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/time.hpp>

namespace polyabi::linux_abi::handlers {

/// What a clock says that nobody here disciplines (include/uapi/linux/timex.h): it is not known to be right, and its tick and errors
/// are those of a machine that has just been started.
namespace undisciplined_clock {
inline constexpr i32 unsynchronised = 0x40;   ///< STA_UNSYNC
inline constexpr i64 time_error = 5;          ///< TIME_ERROR, the answer for such a clock
inline constexpr i64 error_limit = 16'000'000; ///< us: NTP_PHASE_LIMIT
inline constexpr i64 tolerance = 500 << 16;   ///< MAXFREQ, in millionths with a fraction of 16 bits
inline constexpr i64 tick = 10'000;           ///< us in one of 100 ticks a second
} // namespace undisciplined_clock

template <class Layout, class Env>
reply<Env, i64> tell_clock_state(context<Env>& c, user_ptr<Layout> at) {
  using namespace undisciplined_clock;
  Layout state{};
  if (errc e = c.read(at, state); e != errc::none) return e;
  constexpr u32 single_shot = 0x8001, single_shot_read = 0xa001; // ADJ_OFFSET_SINGLESHOT, ADJ_OFFSET_SS_READ
  const u32 modes = state.modes;
  if (modes != 0 && modes != single_shot_read) {
    if (modes != single_shot && (modes & 0x8000) != 0) return errc::inval;
    return errc::perm;
  }
  native<typename Env::kernel, shape::timespec> now{};
  constexpr i32 realtime = native_number<typename Env::kernel, clock::realtime>;
  if (auto told = c.perform(op::clock_get{}, realtime, now); !told) return told.error();
  state = Layout{};
  state.modes = modes;
  state.maxerror = error_limit;
  state.esterror = error_limit;
  state.status = unsynchronised;
  state.constant = 2;
  state.precision = 1;
  state.tolerance = tolerance;
  state.tick = tick;
  state.seconds = static_cast<typename Layout::word>(now.sec);
  state.microseconds = static_cast<typename Layout::word>(now.nsec / 1000);
  if (errc e = c.write(at, state); e != errc::none) return e;
  return time_error;
}

struct adjtimex {
  using needs = operation_list<op::clock_get>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, user_ptr<timex<typename Env::model>> at) {
    return tell_clock_state(c, at);
  }
};

/// Only the realtime clock can be disciplined.
struct clock_adjtime {
  using needs = operation_list<op::clock_get>;
  template <class Env, class Layout>
  static reply<Env, i64> call(context<Env>& c, i32 clock_id, user_ptr<Layout> at) {
    constexpr i32 realtime = 0, last = 11;
    if (clock_id < 0 || clock_id > last) return errc::inval;
    if (clock_id != realtime) return errc::opnotsupp;
    return tell_clock_state(c, at);
  }
};

} // namespace polyabi::linux_abi::handlers
