// Making processes and threads: clone in its two argument orders, and what a thread leaves behind when it ends.
#pragma once

#include <polyabi/core/file_services.hpp>
#include <polyabi/facilities/process_file.hpp>
#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/processes.hpp>

namespace polyabi::linux_abi::handlers {

/// CLONE_* (include/uapi/linux/sched.h).
namespace clone_flags {
inline constexpr u64 exit_signal = 0xff, vm = 0x100, fs = 0x200, files = 0x400, sighand = 0x800, pidfd = 0x1000,
                     ptrace = 0x2000, vfork = 0x4000, parent = 0x8000, thread = 0x10000, sysvsem = 0x40000, settls = 0x80000,
                     parent_settid = 0x100000, child_cleartid = 0x200000, detached = 0x400000, untraced = 0x800000,
                     child_settid = 0x1000000, io = 0x80000000, new_time = 0x80, new_mounts = 0x20000, new_users = 0x10000000,
                     new_pids = 0x20000000;
/// Flags of clone3 alone.
inline constexpr u64 clear_sighand = 0x100000000, into_cgroup = 0x200000000;
inline constexpr u64 known = 0x3ffffffff;
/// New namespaces: mount, control group, UTS, IPC, user, pid, network.
inline constexpr u64 namespaces = new_mounts | 0x2000000 | 0x4000000 | 0x8000000 | new_users | new_pids | 0x40000000;
/// What a thread shares with the one that makes it.
inline constexpr u64 shared_by_threads = vm | fs | files | sighand | thread;
} // namespace clone_flags

namespace detail {

/// The thread pointer of the child: the FS base of x86-64, a descriptor of i386.
template <class Env, class Child>
errc set_child_tls(context<Env>& c, Child& child, u64 tls) {
  if constexpr (Env::model::word_size == 8) {
    child.set_segment_base(0, tls);
  } else {
    user_desc<typename Env::model> area{};
    if (errc e = c.read(user_ptr<user_desc<typename Env::model>>{tls}, area); e != errc::none) return e;
    child.set_thread_area(static_cast<i32>(static_cast<u32>(area.entry_number)), area.base_addr, area.limit, area.flags);
  }
  return errc::none;
}

/// What a child is made with, as clone3 has it.
struct child_request {
  u64 flags = 0;
  i32 exit_signal = 0;
  u64 stack = 0, parent_id_at = 0, child_id_at = 0, tls = 0, descriptor_at = 0;
};

struct make_child {
  using needs = operation_list<op::fork, op::create_thread>;
  static constexpr std::string_view reason =
      "threads share everything, processes what they like of it but CLONE_THREAD's; CLONE_PARENT is refused (EINVAL)";
  template <class Env>
  static reply<Env, typename Env::kernel::new_child> make(context<Env>& c, const child_request& how) {
    using namespace clone_flags;
    using K = typename Env::kernel;
    const u64 flags = how.flags;
    if (errc e = contradiction(flags); e != errc::none) return e;
    const u64 shares = flags & shared_by_threads;
    const bool is_thread = shares == shared_by_threads, shares_memory = !is_thread && (shares & vm) != 0, waits = (flags & vfork) != 0;
    if (!is_thread && (shares & thread) != 0) { // threads that do not share all
      c.unsupported("sharing flags", flags);
      return errc::inval;
    }
    if ((flags & parent) != 0) {
      c.unsupported("flags", flags & parent);
      return errc::inval;
    }

    auto made = is_thread ? c.perform(op::create_thread{}) : c.perform(op::fork{}, shares_memory);
    if (!made) return made.error();
    auto& child = *made;
    if (!is_thread)
      if (errc e = prepare_process(c, child, how, waits != shares_memory); e != errc::none) return e;
    if (how.stack != 0) child.frame().rsp = how.stack;
    if ((flags & settls) != 0)
      if (errc e = set_child_tls(c, child, how.tls); e != errc::none) return e;
    if ((flags & child_settid) != 0) child.store_id_at(how.child_id_at);
    if ((flags & child_cleartid) != 0) child.clear_on_exit_at(how.child_id_at);
    const i32 id = child.id();
    if ((flags & pidfd) != 0) {
      if constexpr (polyabi::detail::provides_all<K, facilities::process_file_services>::value() && requires { child.comes_with({}); }) {
        auto descriptor = facilities::make_process_file(c, id, false);
        if (!descriptor) return descriptor.error();
        const i32 number = descriptor->number();
        if (errc e = c.write_bytes(how.descriptor_at, &number, sizeof number); e != errc::none) return e;
        child.comes_with(std::move(*descriptor));
      } else {
        c.unsupported("flags", flags & pidfd);
        return errc::inval;
      }
    }
    if ((flags & parent_settid) != 0) (void)c.write_bytes(how.parent_id_at, &id, sizeof id); // nobody minds if it cannot
    return reply_with<Env>(static_cast<decltype(made)&&>(made));
  }

private:
  static constexpr errc contradiction(u64 flags) {
    using namespace clone_flags;
    if ((flags & fs) != 0 && (flags & (new_mounts | new_users)) != 0) return errc::inval;
    if ((flags & sighand) != 0 && ((flags & vm) == 0 || (flags & clear_sighand) != 0)) return errc::inval;
    if ((flags & thread) != 0 && (flags & sighand) == 0) return errc::inval;
    if ((flags & thread) != 0 && (flags & (new_users | new_pids)) != 0) return errc::inval;
    if ((flags & pidfd) != 0 && (flags & (detached | thread)) != 0) return errc::inval;
    return (flags & namespaces) != 0 ? errc::perm : errc::none;
  }

  template <class Env, class Child>
  static errc prepare_process(context<Env>& c, Child& child, const child_request& how, bool waits_unusually) {
    using namespace clone_flags;
    const bool waits = (how.flags & vfork) != 0;
    if (waits_unusually) {
      if constexpr (requires { child.parent_waits(waits); }) {
        child.parent_waits(waits);
      } else {
        c.unsupported("sharing flags", how.flags & (vm | vfork));
        return errc::inval;
      }
    }
    if ((how.flags & files) != 0) {
      if constexpr (requires { child.share_descriptors(); }) {
        child.share_descriptors();
      } else {
        c.unsupported("sharing flags", how.flags & files);
        return errc::inval;
      }
    }
    if ((how.flags & fs) != 0) {
      if constexpr (requires { child.share_paths(); }) {
        if (!child.share_paths()) return errc::nomem;
      } else {
        c.unsupported("sharing flags", how.flags & fs);
        return errc::inval;
      }
    }
    if ((how.flags & sighand) != 0) {
      if constexpr (requires { child.share_actions(); }) {
        if (!child.share_actions()) return errc::nomem;
      } else {
        c.unsupported("sharing flags", how.flags & sighand);
        return errc::inval;
      }
    }
    if ((how.flags & clear_sighand) != 0) {
      if constexpr (requires { child.reset_handlers(); }) {
        child.reset_handlers();
      } else {
        c.unsupported("flags", how.flags & clear_sighand);
        return errc::inval;
      }
    }
    if (how.exit_signal == number_for<signal_numbers>(signal::chld)) return errc::none;
    if constexpr (requires { child.end_signal(0); }) {
      // A number that is no signal's is never sent.
      const i32 number = how.exit_signal > 0 ? signal_from_linux<typename Env::kernel>(how.exit_signal) : 0;
      child.end_signal(number > 0 ? number : 0);
    } else {
      c.unsupported("exit signal", static_cast<u32>(how.exit_signal));
    }
    return errc::none;
  }
};

/// clone as it was first: the signal lies in the flags, and the descriptor goes where the parent's word would.
template <class Env>
reply<Env, typename Env::kernel::new_child> make_first_child(context<Env>& c, u64 all, u64 stack, u64 parent_id_at, u64 child_id_at,
                                                             u64 tls) {
  using namespace clone_flags;
  const u64 flags = all & 0xffff'ff00;
  if ((flags & (pidfd | parent_settid)) == (pidfd | parent_settid)) return errc::inval;
  return make_child::make(c, {flags, static_cast<i32>(all & exit_signal), stack, parent_id_at, child_id_at, tls, parent_id_at});
}

} // namespace detail

/// x86-64: flags, stack, parent's word, child's word, thread pointer.
struct clone : detail::make_child {
  template <class Env>
  static reply<Env, typename Env::kernel::new_child> call(context<Env>& c, u64 flags, u64 stack, u64 parent_id_at,
                                                          u64 child_id_at, u64 tls) {
    return detail::make_first_child(c, flags, stack, parent_id_at, child_id_at, tls);
  }
};

/// i386: flags, stack, parent's word, thread pointer, child's word.
struct clone_backwards : detail::make_child {
  template <class Env>
  static reply<Env, typename Env::kernel::new_child> call(context<Env>& c, u64 flags, u64 stack, u64 parent_id_at, u64 tls,
                                                          u64 child_id_at) {
    return detail::make_first_child(c, flags, stack, parent_id_at, child_id_at, tls);
  }
};

/// clone3: the signal at the end has a word of its own, and the stack is stated by its lowest address and size.
struct clone3 : detail::make_child {
  template <class Env>
  static reply<Env, typename Env::kernel::new_child> call(context<Env>& c, user_ptr<clone_args<typename Env::model>> from, u64 size) {
    using namespace clone_flags;
    constexpr u64 deepest = 32, last_descriptor = 0x7fff'ffff; // MAX_PID_NS_LEVEL
    clone_args<typename Env::model> given{};
    if (errc e = c.read_versioned(from, size, given); e != errc::none) return e;
    const u64 flags = given.flags, stack = given.stack, stack_size = given.stack_size, chosen = given.set_tid_size;
    if (chosen > deepest || (u64{given.set_tid} == 0) != (chosen == 0)) return errc::inval;
    if ((flags & into_cgroup) != 0 && u64{given.cgroup} > last_descriptor) return errc::inval;
    if ((flags & ~known) != 0 || (flags & ((exit_signal & ~new_time) | detached)) != 0 || u64{given.exit_signal} > 64) return errc::inval;
    if ((flags & (thread | parent)) != 0 && u64{given.exit_signal} != 0) return errc::inval;
    if ((stack == 0) != (stack_size == 0)) return errc::inval;
    if ((flags & (sighand | clear_sighand)) == (sighand | clear_sighand)) return errc::inval;
    if ((flags & (pidfd | parent_settid)) == (pidfd | parent_settid) && u64{given.pidfd} == u64{given.parent_tid}) return errc::inval;
    if ((flags & into_cgroup) != 0) return errc::badf; // nothing that can be opened is a control group
    if ((flags & new_time) != 0) return errc::perm;
    if (chosen != 0) {
      c.unsupported("chosen ids", chosen);
      return errc::perm;
    }
    return make(c, {flags, static_cast<i32>(u64{given.exit_signal}), stack + stack_size, given.parent_tid, given.child_tid, given.tls,
                    given.pidfd});
  }
};

/// What processes share is given up; what threads share they keep sharing.
struct unshare {
  using needs = operation_list<op::getpid, op::process_info>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 flags) {
    using namespace clone_flags;
    using K = typename Env::kernel;
    constexpr u64 can_be_own = thread | fs | sighand | vm | files | sysvsem | namespaces | new_time;
    if ((flags & ~can_be_own) != 0) return errc::inval;
    if ((flags & (namespaces | new_time)) != 0) return errc::perm;
    if (flags == 0) return done{};
    auto self = c.perform(op::getpid{});
    if (!self) return self.error();
    native<K, shape::process_info> about{};
    if (auto r = c.perform(op::process_info{}, *self, about); !r) return r.error();
    if (about.threads > 1) {
      if ((flags & (fs | files)) != 0) c.unsupported("flags of a thread", flags);
      if ((flags & ~sysvsem) != 0) return errc::inval;
    }
    if ((flags & files) != 0) {
      if constexpr (provides<K, service::own_descriptors>())
        if (auto own = K::own_descriptors(c.thread); !own) return own.error();
    }
    if ((flags & fs) != 0) {
      if constexpr (provides<K, service::own_paths>()) K::own_paths(c.thread);
    }
    return done{};
  }
};

struct set_tid_address {
  using needs = operation_list<op::set_clear_on_exit, op::gettid>;
  template <class Env>
  static reply<Env, i32> call(context<Env>& c, u64 address) {
    if (auto r = c.perform(op::set_clear_on_exit{}, address); !r) return r.error();
    return reply_with<Env>(c.perform(op::gettid{}));
  }
};

} // namespace polyabi::linux_abi::handlers
