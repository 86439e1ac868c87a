// Whose signals tell that an open file is ready: F_SETOWN, F_SETSIG, O_ASYNC, and the same as ioctls.
#pragma once

#include <polyabi/facilities/signalled_file.hpp>
#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/signals.hpp>

namespace polyabi::linux_abi::handlers {

/// Does something with what is known of a file's owner, inside the section; EINVAL of a kernel that cannot signal.
template <class Env, class Do>
reply<Env, i64> with_file_owner(context<Env>& c, i32 descriptor, Do&& what) {
  using K = typename Env::kernel;
  if constexpr (polyabi::detail::provides_all<K, facilities::signalled_file_services>::value()) {
    const typename K::section inside;
    auto file = K::file_of(c.thread, descriptor);
    if (!file) return file.error();
    auto* known = facilities::signalled_file<K>::find_or_make(**file);
    if (known == nullptr) return errc::nomem;
    return what(*known);
  } else {
    return errc::inval;
  }
}

/// The flag O_ASYNC was changed.
template <class Env>
reply<Env, i64> tell_by_signals(context<Env>& c, i32 descriptor, bool on) {
  using K = typename Env::kernel;
  if constexpr (polyabi::detail::provides_all<K, facilities::signalled_file_services>::value()) {
    const typename K::section inside;
    auto file = K::file_of(c.thread, descriptor);
    if (!file) return file.error();
    if (!K::has_readiness(**file)) return errc::notty;
    auto* known = on ? facilities::signalled_file<K>::find_or_make(**file) : facilities::signalled_file<K>::find(**file);
    if (on && known == nullptr) return errc::nomem;
    if (known != nullptr) known->enable(on, descriptor);
  }
  return i64{0};
}

template <class Env>
reply<Env, i64> set_file_owner(context<Env>& c, i32 descriptor, i32 id) {
  return with_file_owner(c, descriptor, [&](auto& file) -> reply<Env, i64> {
    if (id == static_cast<i32>(0x80000000)) return errc::inval; // there is no group of that number
    auto given = file.give_to(c.thread, id);
    if (!given) return given.error();
    return i64{0};
  });
}
template <class Env>
reply<Env, i64> file_owner(context<Env>& c, i32 descriptor) {
  return with_file_owner(c, descriptor, [](auto& file) -> reply<Env, i64> { return i64{file.owner()}; });
}
template <class Env>
reply<Env, i64> set_file_signal(context<Env>& c, i32 descriptor, u64 number) {
  return with_file_owner(c, descriptor, [&](auto& file) -> reply<Env, i64> {
    constexpr u64 last_signal = 64;
    if (number > last_signal) return errc::inval;
    const i32 own = number == 0 ? 0 : signal_from_linux<typename Env::kernel>(static_cast<i32>(number));
    if (own == no_number) return errc::inval;
    file.use_signal(own);
    return i64{0};
  });
}
template <class Env>
reply<Env, i64> file_signal(context<Env>& c, i32 descriptor) {
  return with_file_owner(c, descriptor, [](auto& file) -> reply<Env, i64> {
    return i64{file.signal() == 0 ? 0 : signal_to_linux<typename Env::kernel>(file.signal())};
  });
}

/// FIOASYNC.
struct set_signalled {
  using needs = operation_list<op::get_status_flags, op::set_status_flags>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 on) {
    auto flags = c.perform(op::get_status_flags{}, descriptor);
    if (!flags) return flags.error();
    constexpr u32 bit = native_number<typename Env::kernel, open_flag::async>;
    if (((*flags & bit) != 0) == (on != 0)) return done{};
    if (auto told = tell_by_signals(c, descriptor, on != 0); !told) return told.error();
    return reply_with<Env>(c.perform(op::set_status_flags{}, descriptor, on != 0 ? *flags | bit : *flags & ~bit));
  }
};
/// FIOSETOWN, SIOCSPGRP.
struct set_owner {
  using needs = operation_list<op::get_status_flags>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 id) {
    auto set = set_file_owner(c, descriptor, id);
    if (!set) return set.error();
    return done{};
  }
};
/// FIOGETOWN, SIOCGPGRP.
struct get_owner {
  using needs = operation_list<op::get_status_flags>;
  template <class Env>
  static reply<Env, i32> call(context<Env>& c, i32 descriptor) {
    auto owner = file_owner(c, descriptor);
    if (!owner) return owner.error();
    return static_cast<i32>(*owner);
  }
};

} // namespace polyabi::linux_abi::handlers
