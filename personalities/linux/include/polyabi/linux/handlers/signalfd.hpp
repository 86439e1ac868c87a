// signalfd, over the library's signal files.
#pragma once

#include <polyabi/facilities/signal_file.hpp>
#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/events.hpp>
#include <polyabi/linux/structures/signals.hpp>

namespace polyabi::linux_abi::handlers {

/// A new descriptor, or (not -1) another set for one that is there.
struct signalfd4 {
  using needs = facilities::signal_file_services;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, fcntl_answer<typename Env::kernel>> call(context<Env>& c, i32 descriptor,
                                                             user_ptr<sigset<typename Env::model>> at, u64 size, u32 flags) {
    using K = typename Env::kernel;
    if (size != 8) return errc::inval;
    native<K, shape::sigset> signals{};
    if (errc e = c.read_native(at, signals); e != errc::none) return e;
    if (descriptor == -1) {
      auto made = facilities::make_signal_file<Env, signalfd_siginfo>(c, signals, flags);
      if (!made) return made.error();
      return fcntl_answer<K>{std::move(*made)};
    }
    if (auto changed = facilities::change_signal_file<K, signalfd_siginfo>(c.thread, descriptor, signals); !changed)
      return changed.error();
    return fcntl_answer<K>{i64{descriptor}};
  }
};

} // namespace polyabi::linux_abi::handlers
