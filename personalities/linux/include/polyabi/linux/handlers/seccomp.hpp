// Filters of calls: seccomp(2). They see the numbers and words of the foreign call, before any of it is translated.
#pragma once

#include <polyabi/core/dispatch.hpp>
#include <polyabi/core/process_tracing.hpp>
#include <polyabi/facilities/call_filters/chain.hpp>
#include <polyabi/linux/handlers/capability_sets.hpp>
#include <polyabi/linux/structures/processes.hpp>

namespace polyabi::linux_abi::handlers {

/// include/uapi/linux/seccomp.h
namespace seccomp_numbers {
inline constexpr u32 set_mode_strict = 0, set_mode_filter = 1, get_action_avail = 2, get_notif_sizes = 3;
inline constexpr u32 mode_disabled = 0, mode_strict = 1, mode_filter = 2;
inline constexpr u32 tsync = 1, log = 2, spec_allow = 4, new_listener = 8, tsync_esrch = 16;
/// Of an answer: what is to be done, in the upper half, and a value for it below. As signed numbers, the lower comes first.
inline constexpr u32 kill_process = 0x80000000, kill_thread = 0, trap = 0x30000, errno_ = 0x50000, user_notif = 0x7fc00000,
                     trace = 0x7ff00000, log_ = 0x7ffc0000, allow = 0x7fff0000;
inline constexpr u32 action_bits = 0xffff0000, value_bits = 0xffff;
constexpr bool comes_before(u32 one, u32 other) {
  return static_cast<i32>(one & action_bits) < static_cast<i32>(other & action_bits);
}
} // namespace seccomp_numbers

struct seccomp {
  using needs = facilities::call_filter_services::with<op::get_identity, op::process_words>;
  static constexpr support level = support::emulated;
  static constexpr std::string_view reason = "filters answer themselves: SECCOMP_FILTER_FLAG_NEW_LISTENER is refused (EINVAL)";

  template <class Env>
  static reply<Env, u64> call(context<Env>& c, u32 operation, u32 flags, u64 argument) {
    using namespace seccomp_numbers;
    switch (operation) {
    case set_mode_strict:
      if (flags != 0 || argument != 0) return errc::inval;
      return set_mode<Env>(c, mode_strict, 0);
    case set_mode_filter: return set_filter<Env>(c, flags, argument);
    case get_action_avail: {
      u32 action = 0;
      if (flags != 0) return errc::inval;
      if (errc e = c.read(user_ptr<const u32>{argument}, action); e != errc::none) return e;
      for (const u32 known : {kill_process, kill_thread, trap, errno_, trace, log_, allow})
        if (action == known) return u64{0};
      return errc::opnotsupp;
    }
    case get_notif_sizes: {
      if (flags != 0) return errc::inval;
      const seccomp_notif_sizes<typename Env::model> sizes{80, 24, 64}; // linux/seccomp.h, by sizeof
      if (errc e = c.write(user_ptr<seccomp_notif_sizes<typename Env::model>>{argument}, sizes); e != errc::none) return e;
      return u64{0};
    }
    default: return errc::inval;
    }
  }

  /// prctl's way: PR_SET_SECCOMP.
  template <class Env>
  static reply<Env, u64> set_mode(context<Env>& c, u64 mode, u64 program) {
    using namespace seccomp_numbers;
    if constexpr (!has_filters<typename Env::kernel>) {
      return errc::inval;
    } else {
      if (mode == mode_filter) return set_filter<Env>(c, 0, program);
      if (mode != mode_strict || mode_of<Env>(c.thread) == mode_filter) return errc::inval;
      if (mode_of<Env>(c.thread) == mode_strict) return u64{0};
      return set<Env>(c, {}, 0);
    }
  }

  /// SECCOMP_MODE_* of a thread.
  template <class Env>
  static u32 mode_of([[maybe_unused]] typename Env::kernel::thread& thread) {
    using namespace seccomp_numbers;
    if constexpr (has_filters<typename Env::kernel>) {
      const auto* chain = facilities::filter_chain<typename Env::kernel>::of(thread);
      if (chain != nullptr) return chain->is_strict() ? mode_strict : mode_filter;
    }
    return mode_disabled;
  }

  /// Whether the call that a thread is about to make was answered by its filters and is not to be made.
  template <class Env>
  static bool refuses([[maybe_unused]] typename Env::kernel::thread& thread, [[maybe_unused]] registers& frame) {
    if constexpr (has_filters<typename Env::kernel>) {
      if (Env::kernel::call_filter_of(thread) != nullptr) [[unlikely]]
        return judge<Env>(thread, frame);
    }
    return false;
  }

private:
  template <class K>
  static constexpr bool has_filters = K::template provides<service::call_filters>;

  template <class Env>
  static reply<Env, u64> set_filter(context<Env>& c, u32 flags, u64 at) {
    using namespace seccomp_numbers;
    using M = typename Env::model;
    if ((flags & ~(tsync | log | spec_allow | tsync_esrch)) != 0) {
      c.unsupported("flags", flags);
      return errc::inval;
    }
    // Who may not gain privileges by exec, or has them all, may take away calls from the programs it runs.
    auto words = c.perform(op::process_words{});
    if (!words) return words.error();
    if (((*words)[process_word::modes] & process_word::no_new_privileges) == 0 && !has_capability(c, capability::sys_admin))
      return errc::acces;
    sock_fprog<M> header{};
    if (errc e = c.read(user_ptr<const sock_fprog<M>>{at}, header); e != errc::none) return e;
    const usize count = header.len;
    if (count == 0 || header.filter == 0 || count > facilities::longest_filter) return errc::inval;
    const kernel_array<typename Env::kernel, facilities::filter_instruction> program{count};
    const kernel_array<typename Env::kernel, u16> room{count};
    if (!program || !room) return errc::nomem;
    for (usize i = 0; i < count; ++i) {
      sock_filter<M> one{};
      if (errc e = c.read(user_ptr<const sock_filter<M>>{header.filter}.at(i), one); e != errc::none) return e;
      program.data()[i] = {one.code, one.jt, one.jf, one.k};
    }
    if (!facilities::is_sound_filter(program.all(), data_words, room.all())) return errc::inval;
    if (mode_of<Env>(c.thread) == mode_strict) return errc::inval;
    return set<Env>(c, program.all(), flags);
  }

  template <class Env>
  static reply<Env, u64> set(context<Env>& c, std::span<const facilities::filter_instruction> program, u32 flags) {
    using namespace seccomp_numbers;
    using K = typename Env::kernel;
    auto* made = facilities::filter_chain<K>::make(c.thread, program);
    if (made == nullptr) return errc::nomem;
    const typename K::section inside;
    const i32 other = made->set(c.thread, (flags & tsync) != 0);
    if (other == 0) return u64{0};
    made->released(*made);
    if ((flags & tsync_esrch) != 0) return errc::srch;
    return static_cast<u64>(other);
  }

  /// struct seccomp_data: number, AUDIT_ARCH_*, the address behind the instruction, and six arguments.
  static constexpr u32 data_words = 16;

  template <class Env>
  static bool judge(typename Env::kernel::thread& thread, registers& frame, bool tracer_has_spoken = false) {
    using namespace seccomp_numbers;
    using K = typename Env::kernel;
    const auto* chain = facilities::filter_chain<K>::of(thread);
    const auto number = static_cast<u32>(frame.*Env::arch::convention.number);
    if (chain->is_strict()) {
      if (may_in_strict_mode<Env>(number)) return false;
      const typename K::section inside;
      K::end_thread(thread, native_number<K, signal::kill>);
      return true;
    }
    u32 data[data_words]{number, Env::arch::audit_architecture};
    const auto put = [&](usize at, u64 value) {
      data[at] = static_cast<u32>(value);
      data[at + 1] = static_cast<u32>(value >> 32);
    };
    put(2, frame.rip);
    for (usize i = 0; i < 6; ++i) put(4 + 2 * i, user_word<Env>(frame.*Env::arch::convention.arguments[i]));
    const u32 answer = chain->judge(data, comes_before);
    constexpr u32 most_errors = 4095;
    const u32 value = answer & value_bits;
    switch (answer & action_bits) {
    case allow:
    case log_: return false;
    case errno_:
      polyabi::detail::fail<Env>(thread, frame, static_cast<i32>(value < most_errors ? value : most_errors));
      return true;
    case trace: {
      // What the tracer lets go on is judged again: it may be another call.
      if (tracer_has_spoken) return false;
      auto verdict = filter_verdict::nobody_asks;
      if constexpr (K::template provides<service::process_tracing>) {
        const typename K::section inside;
        verdict = K::stop_at_filter(thread, value);
      }
      if (verdict == filter_verdict::goes_on) return judge<Env>(thread, frame, true);
      if (verdict == filter_verdict::nobody_asks)
        polyabi::detail::fail<Env>(thread, frame, number_for<typename Env::personality::errors>(errc::nosys));
      return true;
    }
    case user_notif: // nobody listens
      polyabi::detail::fail<Env>(thread, frame, number_for<typename Env::personality::errors>(errc::nosys));
      return true;
    case kill_thread: {
      const typename K::section inside;
      K::end_thread(thread, native_number<K, signal::sys>);
      return true;
    }
    default: {
      native<K, shape::siginfo> info{};
      info.signo = native_number<K, signal::sys>;
      info.code = native_number<K, signal_code::sys_filter>;
      info.error = static_cast<i32>(value);
      info.address = frame.rip;
      info.status = static_cast<i32>(number);
      info.value = Env::arch::audit_architecture;
      const typename K::section inside;
      K::force_signal(thread, info, (answer & action_bits) != trap);
      return true;
    }
    }
  }

  /// Reading, writing, ending and returning from a signal's handler.
  template <class Env>
  static bool may_in_strict_mode(u32 number) {
    using calls = typename Env::personality::syscalls;
    constexpr auto known = [](std::string_view name) {
      return static_cast<u32>(calls::template number_of<Env::arch::column>(name));
    };
    constexpr u32 returns = known(Env::model::word_size == 4 ? "sigreturn" : "rt_sigreturn");
    return number == known("read") || number == known("write") || number == known("exit") || number == returns;
  }
};

} // namespace polyabi::linux_abi::handlers
