// Signals at the program's side: the frame that a handler runs on, and the calls that it returns with.
#pragma once

#include <polyabi/linux/signal_frame/i386.hpp>
#include <polyabi/linux/signal_frame/x86_64.hpp>

namespace polyabi::linux_abi {

/// Builds the frame of a handler and points the registers at it. False if the stack cannot take it, or if the program gave no
/// way to return: SIGSEGV.
template <class Env>
bool deliver_signal(typename Env::kernel::thread& thread, registers& r, const signal_delivery<typename Env::kernel>& what) {
  using K = typename Env::kernel;
  if constexpr (Env::model::word_size == 8) return frames::deliver_x86_64<K>(thread, r, what);
  else return frames::deliver_i386<K>(thread, r, what);
}

/// `call<at{15, 173}, "rt_sigreturn", registers_set(), rt_sigreturn>`
struct rt_sigreturn {
  using needs = frames::needed_by_return;
  template <class Env>
  static reply<Env, arguments::completed> call(context<Env>& c) {
    if constexpr (Env::model::word_size == 8) return frames::return_x86_64(c);
    else return frames::return_rt_i386(c);
  }
};

/// i386 alone: `call<at{absent, 119}, "sigreturn", registers_set(), sigreturn>`
struct sigreturn {
  using needs = frames::needed_by_return;
  template <class Env>
  static reply<Env, arguments::completed> call(context<Env>& c) {
    return frames::return_old_i386(c);
  }
};

} // namespace polyabi::linux_abi
