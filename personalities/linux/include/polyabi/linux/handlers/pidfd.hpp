// Processes behind descriptors.
#pragma once

#include <polyabi/facilities/process_file.hpp>
#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/memory_flags.hpp>
#include <polyabi/linux/structures/signals.hpp>

namespace polyabi::linux_abi::handlers {

/// Threads got descriptors in Linux 6.9: PIDFD_THREAD is unknown here.
struct pidfd_open {
  using needs = facilities::process_file_services;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, typename Env::kernel::new_descriptor> call(context<Env>& c, i32 pid, u32 flags) {
    constexpr u32 nonblock = 0x800;
    if ((flags & ~nonblock) != 0 || pid <= 0) return errc::inval;
    return facilities::make_process_file(c, pid, (flags & nonblock) != 0);
  }
};

struct pidfd_send_signal {
  using needs = facilities::process_file_services;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 number, user_ptr<siginfo<typename Env::model>> from, u32 flags) {
    using K = typename Env::kernel;
    if (flags != 0) return errc::inval;
    siginfo<typename Env::model> given{};
    native<K, shape::siginfo> info{};
    if (from) {
      if (errc e = c.read(from, given); e != errc::none) return e;
      if (static_cast<i32>(given.signo) != (number != 0 ? signal_to_linux<K>(number) : 0)) return errc::inval;
      if (number != 0)
        if (errc e = to_native<K>(given, info); e != errc::none) return e;
    }
    constexpr i32 si_tkill = -6;
    const bool claims_origin = from && (given.code >= 0 || given.code == si_tkill);
    using answered = answer<K>;
    return reply_with<Env>(
        facilities::with_process_meant<K>(c.thread, descriptor, [&](const typename K::process_ref& process) -> answered {
          if (claims_origin && !K::is_caller(c.thread, process)) return error_of<K, errc::perm>;
          return K::signal_process(c.thread, process, number, from ? &info : nullptr);
        }));
  }
};

struct pidfd_getfd {
  using needs = facilities::process_file_services;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, typename Env::kernel::new_descriptor> call(context<Env>& c, i32 descriptor, i32 target, u32 flags) {
    using K = typename Env::kernel;
    if (flags != 0) return errc::inval;
    using answered = answer<K, typename K::new_descriptor>;
    auto got = facilities::with_process_of<K>(c.thread, descriptor, [&](const auto& file, u32) -> answered {
      return K::give_descriptor(c.thread, K::file_of_process(c.thread, file.process(), target), native_number<K, fd_flag::cloexec>);
    });
    if (!got) return got.error();
    return std::move(*got);
  }
};

/// Advice about another process' memory, of the kind that only bears on speed. The caller's own is passed on; of another's the ranges
/// are checked. Answers how many bytes there were.
struct process_madvise {
  using needs = facilities::process_file_services::with<op::advise, op::next_region>;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_vector ranges, i32 advice, u32 flags) {
    using K = typename Env::kernel;
    if (flags != 0) return errc::inval;
    if (!is_about_speed<K>(advice)) return errc::inval;
    i32 pid = 0;
    bool own = false;
    const auto found = facilities::with_process_of<K>(c.thread, descriptor, [&](const auto& file, u32) -> answer<K> {
      pid = K::id_of(file.process());
      own = K::is_caller(c.thread, file.process());
      return {};
    });
    if (!found) return found.error();
    if (pid == 0) return errc::srch;
    i64 advised = 0;
    for (usize i = 0; i < ranges.count; ++i) {
      const user_bytes part = ranges.parts[i];
      const errc failed = own ? errc::none : is_mapped(c, pid, part);
      if (failed != errc::none) return failed;
      if (own)
        if (auto done = c.perform(op::advise{}, part.address, part.size, advice); !done) return done.error();
      advised += static_cast<i64>(part.size);
    }
    return advised;
  }

private:
  template <class K>
  static bool is_about_speed(i32 advice) {
    return advice == native_number<K, memory_advice::cold> || advice == native_number<K, memory_advice::pageout> ||
           advice == native_number<K, memory_advice::willneed> || advice == native_number<K, memory_advice::collapse>;
  }
  template <class Env>
  static errc is_mapped(context<Env>& c, i32 pid, const user_bytes& part) {
    native<typename Env::kernel, shape::region_info> region{};
    char path[1];
    for (u64 at = part.address; at < part.address + part.size; at = region.end) {
      auto found = c.perform(op::next_region{}, pid, at, region, std::span<char>{path, 0});
      if (!found) return errc::srch;
      if (!*found || region.start > at) return errc::nomem;
    }
    return errc::none;
  }
};

} // namespace polyabi::linux_abi::handlers
