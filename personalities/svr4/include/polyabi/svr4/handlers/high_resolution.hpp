// hrtsys(2): the clocks and alarms that System V had before POSIX' (sys/hrtcntl.h), and ntp_gettime(2).
#pragma once

#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/structures/time.hpp>

namespace polyabi::svr4::handlers {

namespace high_resolution {

/// CLK_STD, CLK_USERVIRT, CLK_PROCVIRT.
enum : i32 { standard_clock = 1, user_clock = 2, process_clock = 4 };
inline constexpr i32 nanoseconds = 1'000'000'000, microseconds = 1'000'000;

template <class K>
constexpr i32 native_clock(i32 own) {
  return own == standard_clock  ? native_number<K, clock::realtime>
         : own == user_clock    ? native_number<K, clock::virtual_>
         : own == process_clock ? native_number<K, clock::process_cputime_id>
                                : -1;
}
template <class K>
constexpr i32 native_timer(i32 own) {
  return own == standard_clock  ? native_number<K, interval_timer::real>
         : own == user_clock    ? native_number<K, interval_timer::virtual_>
         : own == process_clock ? native_number<K, interval_timer::prof>
                                : -1;
}

} // namespace high_resolution

/// hrtcntl: (command, clock, interval, time). What a clock's parts of a second are, and the time of day.
struct hrtcntl {
  using needs = operation_list<op::clock_get>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 command, i32 clock, u64, user_ptr<hrtime<typename Env::model>> to) {
    using namespace high_resolution;
    using K = typename Env::kernel;
    enum : i32 { resolution, time_of_day, start_interval, get_interval };
    const i32 native = native_clock<K>(clock);
    if (native < 0) return errc::inval;
    if (command == resolution) return i64{nanoseconds};
    // Intervals are counted by the processes themselves: nothing starts one.
    if (command != time_of_day) {
      c.unsupported("command", static_cast<u32>(command));
      return errc::inval;
    }
    if (clock != standard_clock) return errc::inval;
    polyabi::native<K, shape::timespec> now{};
    if (auto r = c.perform(op::clock_get{}, native, now); !r) return r.error();
    hrtime<typename Env::model> told{};
    told.seconds = static_cast<i32>(now.sec);
    told.parts = static_cast<i32>(now.nsec);
    told.resolution = nanoseconds;
    if (errc e = c.write(to, told); e != errc::none) return e;
    return i64{0};
  }
};

/// hrtalarm: (commands, how many) answers how many were done, and marks each. The alarms are BSD's timers, of which a clock has one;
/// those of System V's own send events to queues that no later system has.
struct hrtalarm {
  using needs = operation_list<op::set_timer, op::get_timer>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, user_ptr<hrtcmd<typename Env::model>> at, i32 count) {
    enum : u32 { done_mark = 1, error_mark = 2 }; // HRTF_DONE, HRTF_ERROR
    constexpr i32 most = 1024;
    if (count <= 0 || count > most) return errc::inval;
    i64 done = 0;
    for (i32 i = 0; i < count; ++i) {
      const auto place = at.at(static_cast<usize>(i));
      hrtcmd<typename Env::model> command{};
      if (errc e = c.read(place, command); e != errc::none) return e;
      const errc failed = run(c, command);
      command.flags = failed == errc::none ? done_mark : error_mark;
      command.error = failed == errc::none ? 0 : number_for<typename Env::personality::errors>(failed);
      if (errc e = c.write(place, command); e != errc::none) return e;
      if (failed != errc::none) break;
      ++done;
    }
    return done;
  }

  /// One alarm: once, repeated, how much is left of it, or none any more.
  template <class Env>
  static errc run(context<Env>& c, hrtcmd<typename Env::model>& command) {
    using K = typename Env::kernel;
    enum : i32 { once = 12, pending = 13, repeated = 15, cancel = 16 }; // HRT_BSD, HRT_BSD_PEND, HRT_BSD_REP, HRT_BSD_CANCEL
    const i32 timer = high_resolution::native_timer<K>(command.clock);
    if (timer < 0) return errc::inval;
    native<K, shape::itimerval> value{}, old{};
    switch (static_cast<i32>(command.command)) {
    case pending:
      if (auto r = c.perform(op::get_timer{}, timer, old); !r) return errc::inval;
      command.interval.seconds = static_cast<i32>(old.value.sec);
      command.interval.parts = static_cast<i32>(old.value.usec);
      command.interval.resolution = high_resolution::microseconds;
      return errc::none;
    case once:
    case repeated: {
      const i64 parts = command.interval.parts, resolution = command.interval.resolution, seconds = command.interval.seconds;
      if (resolution <= 0 || resolution > high_resolution::nanoseconds || parts < 0 || parts >= resolution || seconds < 0)
        return errc::inval;
      value.value.sec = seconds;
      value.value.usec = parts * high_resolution::microseconds / resolution;
      if (command.command == repeated) value.interval = value.value;
      break;
    }
    case cancel: break;
    default: c.unsupported("alarm", static_cast<u32>(command.command)); return errc::inval;
    }
    return c.perform(op::set_timer{}, timer, value, old) ? errc::none : errc::inval;
  }
};

/// hrtsleep: one command whose interval is slept; what is left is told.
struct hrtsleep {
  using needs = operation_list<op::sleep>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<hrtcmd<typename Env::model>> at) {
    using K = typename Env::kernel;
    constexpr i32 for_interval = 10; // HRT_INT
    hrtcmd<typename Env::model> command{};
    if (errc e = c.read(at, command); e != errc::none) return e;
    const i64 parts = command.interval.parts, resolution = command.interval.resolution, seconds = command.interval.seconds;
    if (command.command != for_interval || command.clock != high_resolution::standard_clock) {
      c.unsupported("sleep", static_cast<u32>(command.command));
      return errc::inval;
    }
    if (resolution <= 0 || resolution > high_resolution::nanoseconds || parts < 0 || parts >= resolution || seconds < 0) return errc::inval;
    const native<K, shape::timespec> request{seconds, parts * high_resolution::nanoseconds / resolution};
    native<K, shape::timespec> remaining{};
    auto slept = c.perform(op::sleep{}, native_number<K, clock::realtime>, false, request, &remaining);
    if (slept) return done{};
    command.interval.seconds = static_cast<i32>(remaining.sec);
    command.interval.parts = static_cast<i32>(remaining.nsec * resolution / high_resolution::nanoseconds);
    if (errc e = c.write(at, command); e != errc::none) return e;
    return slept.error();
  }
};

/// ntp_gettime(2): nobody disciplines the clock here, and the answer says that it is not known to be right.
struct ntp_gettime {
  using needs = operation_list<op::clock_get>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, user_ptr<ntptimeval<typename Env::model>> to) {
    constexpr i32 error_limit = 16'000'000; // us: NTP_PHASE_LIMIT
    constexpr i64 time_error = 5;           // TIME_ERROR
    native<typename Env::kernel, shape::timespec> now{};
    if (auto r = c.perform(op::clock_get{}, native_number<typename Env::kernel, clock::realtime>, now); !r) return r.error();
    ntptimeval<typename Env::model> told{};
    told.seconds = static_cast<i32>(now.sec);
    told.microseconds = static_cast<i32>(now.nsec / 1000);
    told.maxerror = told.esterror = error_limit;
    if (errc e = c.write(to, told); e != errc::none) return e;
    return time_error;
  }
};

} // namespace polyabi::svr4::handlers
