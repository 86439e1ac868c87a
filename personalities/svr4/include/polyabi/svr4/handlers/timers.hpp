// POSIX timers, over the library's own.
#pragma once

#include <polyabi/facilities/timers/calls.hpp>
#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/structures/signal.hpp>

namespace polyabi::svr4::handlers {

struct timer_create {
  using needs = facilities::process_timer_services;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 clock, user_ptr<sigevent<typename Env::model>> event,
                         user_ptr<typename Env::model::i32> into) {
    using K = typename Env::kernel;
    facilities::timer_base base{};
    switch (name_for<clocks>(clock)) {
    case clock::realtime_coarse: // 0, the older number
    case clock::realtime: base = facilities::timer_base::wall; break;
    case clock::monotonic: base = facilities::timer_base::elapsed; break;
    default: c.unsupported("clock", static_cast<u32>(clock)); return errc::inval; // no timer counts processor time
    }
    facilities::timer_notice notice{native_number<K, signal::alrm>, 0, 0, true};
    if (event)
      if (errc e = read_notice(c, event, notice); e != errc::none) return e;
    return facilities::make_process_timer(c, base, 0, notice, into);
  }

private:
  template <class Env>
  static errc read_notice(context<Env>& c, user_ptr<sigevent<typename Env::model>> from, facilities::timer_notice& to) {
    using K = typename Env::kernel;
    constexpr i32 by_nothing = 1, by_signal = 2; // SIGEV_NONE, SIGEV_SIGNAL; threads and ports are the library's
    sigevent<typename Env::model> given{};
    if (errc e = c.read(from, given); e != errc::none) return e;
    to = {0, 0, static_cast<u64>(given.value), false};
    if (given.notify == by_nothing) return errc::none;
    if (given.notify != by_signal) {
      c.unsupported("notice", static_cast<u32>(given.notify));
      return errc::inval;
    }
    to.signal = number_table<signals, kernel_map<K, signal>>::convert(given.signo);
    return to.signal > 0 ? errc::none : errc::inval;
  }
};

} // namespace polyabi::svr4::handlers
