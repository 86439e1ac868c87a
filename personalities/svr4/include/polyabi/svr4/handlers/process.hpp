// Processes: dual answers, groups, priorities, times.
#pragma once

#include <polyabi/svr4/signatures.hpp>

namespace polyabi::svr4::handlers {

/// exit(2) takes the low eight bits.
struct exit {
  using needs = operation_list<op::exit>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 status) {
    if (auto r = c.perform(op::exit{}, status & 0xff); !r) return r.error();
    return done{};
  }
};
/// forkx(2): FORK_NOSIGCHLD and FORK_WAITPID ask for a child that is not told of, which is not there.
template <bool ShareMemory>
struct fork_with_flags {
  using needs = operation_list<op::fork>;
  template <class Env>
  static reply<Env, typename Env::kernel::new_child> call(context<Env>& c, u32 flags) {
    constexpr u32 no_signal = 1, wait_by_id = 2;
    if (flags == 0) {
      auto made = c.perform(op::fork{}, ShareMemory);
      if (!made) return made.error();
      return std::move(*made);
    }
    if ((flags & ~(no_signal | wait_by_id)) == 0) c.unsupported("flags", flags);
    return errc::inval;
  }
};

/// exec(2) leaves the environment to be empty; execve(2) is a plain row.
struct exec {
  using needs = operation_list<op::exec>;
  template <class Env>
  static reply<Env> call(context<Env>& c, std::string_view path, user_strings arguments) {
    const user_strings none{0, arguments.pointer_size};
    if (auto r = c.perform(op::exec{}, Env::kernel::current_directory, path, arguments, none, u32{0}); !r) return r.error();
    return done{};
  }
};

/// getpid(2), getuid(2) and getgid(2) answer the parent's or the effective id in the second register.
struct getpid {
  using needs = operation_list<op::getpid, op::getppid>;
  template <class Env>
  static reply<Env, completed> call(context<Env>& c) {
    auto own = c.perform(op::getpid{});
    if (!own) return own.error();
    auto parent = c.perform(op::getppid{});
    if (!parent) return parent.error();
    return completed{static_cast<u32>(*own), static_cast<u32>(*parent)};
  }
};
struct getuid {
  using needs = operation_list<op::get_identity>;
  template <class Env>
  static reply<Env, completed> call(context<Env>& c) {
    native<typename Env::kernel, shape::identity> who{};
    if (auto r = c.perform(op::get_identity{}, who); !r) return r.error();
    return completed{who.ruid, who.euid};
  }
};
struct getgid {
  using needs = operation_list<op::get_identity>;
  template <class Env>
  static reply<Env, completed> call(context<Env>& c) {
    native<typename Env::kernel, shape::identity> who{};
    if (auto r = c.perform(op::get_identity{}, who); !r) return r.error();
    return completed{who.rgid, who.egid};
  }
};
/// 1 if the image was started with other rights than its user's. What it gave up since still counts as long as it shows.
struct issetugid {
  using needs = operation_list<op::get_identity>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c) {
    native<typename Env::kernel, shape::identity> who{};
    if (auto r = c.perform(op::get_identity{}, who); !r) return r.error();
    return i64{who.ruid != who.euid || who.ruid != who.suid || who.rgid != who.egid || who.rgid != who.sgid};
  }
};

inline constexpr u32 unchanged = ~u32{0};

/// The saved id becomes the effective one if the real one is set, or the effective one to something else than the real one was.
constexpr u32 saved_after(u32 real, u32 effective, u32 old_real, u32 old_effective) {
  const bool sets = real != unchanged || (effective != unchanged && effective != old_real);
  return !sets ? unchanged : effective != unchanged ? effective : old_effective;
}
struct setreuid {
  using needs = operation_list<op::get_identity, op::setresuid>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u32 real, u32 effective) {
    native<typename Env::kernel, shape::identity> who{};
    if (auto r = c.perform(op::get_identity{}, who); !r) return r.error();
    if (auto r = c.perform(op::setresuid{}, real, effective, saved_after(real, effective, who.ruid, who.euid)); !r)
      return r.error();
    return done{};
  }
};
struct setregid {
  using needs = operation_list<op::get_identity, op::setresgid>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u32 real, u32 effective) {
    native<typename Env::kernel, shape::identity> who{};
    if (auto r = c.perform(op::get_identity{}, who); !r) return r.error();
    if (auto r = c.perform(op::setresgid{}, real, effective, saved_after(real, effective, who.rgid, who.egid)); !r)
      return r.error();
    return done{};
  }
};

inline constexpr usize group_limit = 32; // NGROUPS_UMAX

struct getgroups {
  using needs = operation_list<op::getgroups>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 count, user_ptr<typename Env::model::u32> to) {
    u32 groups[group_limit];
    if (count < 0) return errc::inval;
    auto known = c.perform(op::getgroups{}, std::span<u32>{groups});
    if (!known) return known.error();
    if (count == 0) return i64{*known};
    if (*known > count) return errc::inval;
    for (i32 i = 0; i < *known && i < static_cast<i32>(group_limit); ++i)
      if (errc e = c.write(to.at(static_cast<usize>(i)), typename Env::model::u32{groups[i]}); e != errc::none) return e;
    return i64{*known};
  }
};
struct setgroups {
  using needs = operation_list<op::setgroups>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 count, user_ptr<typename Env::model::u32> from) {
    typename Env::model::u32 foreign[group_limit];
    u32 groups[group_limit];
    if (count < 0 || static_cast<usize>(count) > group_limit) return errc::inval;
    const auto n = static_cast<usize>(count);
    if (errc e = c.read_bytes(from.address, foreign, n * sizeof foreign[0]); e != errc::none) return e;
    for (usize i = 0; i < n; ++i) groups[i] = foreign[i];
    if (auto r = c.perform(op::setgroups{}, std::span<const u32>{groups, n}); !r) return r.error();
    return done{};
  }
};

/// System V's setpgrp(2) makes the caller lead a session of its own, unless it leads its group already; answers the group.
struct setpgrp {
  using needs = operation_list<op::getpid, op::getpgid, op::setsid>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c) {
    auto own = c.perform(op::getpid{});
    if (!own) return own.error();
    auto group = c.perform(op::getpgid{}, i32{0});
    if (!group) return group.error();
    if (*group == *own) return i64{*own};
    auto session = c.perform(op::setsid{});
    if (!session) return session.error();
    return i64{*session};
  }
};

/// nice(2) answers the new value less 20, as the C library expects.
struct nice {
  using needs = operation_list<op::get_priority, op::set_priority>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 increment) {
    auto old = c.perform(op::get_priority{}, i32{0}, i32{0});
    if (!old) return old.error();
    if (increment < -40 || increment > 40) increment = increment < 0 ? -40 : 40;
    i32 value = *old + increment;
    value = value < -20 ? -20 : value > 19 ? 19 : value;
    if (auto r = c.perform(op::set_priority{}, i32{0}, i32{0}, value); !r)
      // A plain user cannot hurry: EPERM here, EACCES elsewhere.
      return either_error<typename Env::kernel>{r.error()} == either_error<typename Env::kernel>{acces_of<Env>()}
                 ? either_error<typename Env::kernel>{errc::perm}
                 : either_error<typename Env::kernel>{r.error()};
    return i64{value};
  }

private:
  template <class Env>
  static constexpr auto acces_of() {
    return static_cast<typename Env::kernel::error>(number_for<kernel_map<typename Env::kernel, errc>>(errc::acces));
  }
};

/// times(2): clock ticks of the process and its children; answers those since the system was started.
struct times {
  using needs = operation_list<op::get_usage, op::clock_get>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, user_ptr<tms<typename Env::model>> to) {
    using K = typename Env::kernel;
    native<K, shape::rusage> own{}, children{};
    native<K, shape::timespec> now{};
    if (auto r = c.perform(op::get_usage{}, native_number<K, usage_of::self>, own); !r) return r.error();
    if (auto r = c.perform(op::get_usage{}, native_number<K, usage_of::children>, children); !r) return r.error();
    if (auto r = c.perform(op::clock_get{}, native_number<K, clock::monotonic>, now); !r) return r.error();
    tms<typename Env::model> out{};
    out.utime = ticks(own.utime);
    out.stime = ticks(own.stime);
    out.children_utime = ticks(children.utime);
    out.children_stime = ticks(children.stime);
    if (to)
      if (errc e = c.write(to, out); e != errc::none) return e;
    return i64{static_cast<i32>((now.sec * clock_ticks + now.nsec / (1'000'000'000 / clock_ticks)) & 0x7fffffff)};
  }

private:
  static constexpr i32 ticks(const auto& time) {
    return static_cast<i32>(time.sec * i64{clock_ticks} + time.usec / (1'000'000 / i64{clock_ticks}));
  }
};

/// ulimit(2): 1 and 2 the file size limit in blocks of 512 bytes, 3 the highest break, 4 the number of descriptors.
struct ulimit {
  using needs = operation_list<op::get_limit, op::set_limit, op::set_break>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 command, i64 value) {
    using K = typename Env::kernel;
    native<K, shape::rlimit> limit{};
    constexpr u64 most = 0x7fffffff;
    const auto small = [](u64 n) { return static_cast<i64>(n < most ? n : most); };
    switch (command) {
    case 1:
    case 2:
      if (auto r = c.perform(op::get_limit{}, native_number<K, resource::fsize>, limit); !r) return r.error();
      if (command == 1) return small(limit.cur / 512);
      if (value < 0) return errc::inval;
      limit.cur = limit.max = static_cast<u64>(value) * 512;
      if (auto r = c.perform(op::set_limit{}, native_number<K, resource::fsize>, limit); !r) return r.error();
      return value;
    case 3: {
      if (auto r = c.perform(op::get_limit{}, native_number<K, resource::data>, limit); !r) return r.error();
      auto now = c.perform(op::set_break{}, u64{0});
      if (!now) return now.error();
      return small(limit.cur >= most ? most : *now + limit.cur);
    }
    case 4:
      if (auto r = c.perform(op::get_limit{}, native_number<K, resource::nofile>, limit); !r) return r.error();
      return small(limit.cur);
    default: return errc::inval;
    }
  }
};

} // namespace polyabi::svr4::handlers
