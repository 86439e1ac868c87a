// Making processes and threads: clone in its two argument orders, and what a thread leaves behind when it ends.
#pragma once

#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/processes.hpp>

namespace polyabi::linux_abi::handlers {

/// CLONE_* (include/uapi/linux/sched.h).
namespace clone_flags {
inline constexpr u64 exit_signal = 0xff, vm = 0x100, fs = 0x200, files = 0x400, sighand = 0x800, pidfd = 0x1000,
                     ptrace = 0x2000, vfork = 0x4000, parent = 0x8000, thread = 0x10000, sysvsem = 0x40000, settls = 0x80000,
                     parent_settid = 0x100000, child_cleartid = 0x200000, detached = 0x400000, untraced = 0x800000,
                     child_settid = 0x1000000, io = 0x80000000;
/// New namespaces: mount, control group, UTS, IPC, user, pid, network.
inline constexpr u64 namespaces = 0x20000 | 0x2000000 | 0x4000000 | 0x8000000 | 0x10000000 | 0x20000000 | 0x40000000;
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

struct make_child {
  using needs = operation_list<op::fork, op::create_thread>;
  static constexpr std::string_view reason = "processes share memory and descriptors; CLONE_FS and CLONE_SIGHAND are for threads (EINVAL)";
  template <class Env>
  static reply<Env, typename Env::kernel::new_child> make(context<Env>& c, u64 flags, u64 stack, u64 parent_id_at,
                                                          u64 child_id_at, u64 tls) {
    using namespace clone_flags;
    if ((flags & namespaces) != 0) return errc::perm;
    if ((flags & sighand) != 0 && (flags & vm) == 0) return errc::inval;
    if ((flags & thread) != 0 && (flags & sighand) == 0) return errc::inval;
    // Sharing is possible as threads do it, or of memory and of descriptors (until the child execs).
    const u64 shares = flags & shared_by_threads;
    const bool is_thread = shares == shared_by_threads, shares_memory = !is_thread && (shares & vm) != 0, waits = (flags & vfork) != 0;
    if (!is_thread && (shares & ~(vm | files)) != 0) {
      c.unsupported("sharing flags", flags);
      return errc::inval;
    }
    if ((flags & (pidfd | parent)) != 0) {
      c.unsupported("flags", flags & (pidfd | parent));
      return errc::inval;
    }
    if (!is_thread && (flags & exit_signal) != 17 && (flags & exit_signal) != 0)
      c.unsupported("exit signal", flags & exit_signal);

    auto made = is_thread ? c.perform(op::create_thread{}) : c.perform(op::fork{}, shares_memory);
    if (!made) return made.error();
    auto& child = *made;
    if (!is_thread && waits != shares_memory) {
      if constexpr (requires { child.parent_waits(waits); }) {
        child.parent_waits(waits);
      } else {
        c.unsupported("sharing flags", flags & (vm | vfork));
        return errc::inval;
      }
    }
    if (!is_thread && (shares & files) != 0) {
      if constexpr (requires { child.share_descriptors(); }) {
        child.share_descriptors();
      } else {
        c.unsupported("sharing flags", flags & files);
        return errc::inval;
      }
    }
    if (stack != 0) child.frame().rsp = stack;
    if ((flags & settls) != 0)
      if (errc e = set_child_tls(c, child, tls); e != errc::none) return e;
    if ((flags & child_settid) != 0) child.store_id_at(child_id_at);
    if ((flags & child_cleartid) != 0) child.clear_on_exit_at(child_id_at);
    if ((flags & parent_settid) != 0) {
      const i32 id = child.id();
      if (errc e = c.write_bytes(parent_id_at, &id, sizeof id); e != errc::none) return e;
    }
    return reply_with<Env>(static_cast<decltype(made)&&>(made));
  }
};

} // namespace detail

/// x86-64: flags, stack, parent's word, child's word, thread pointer.
struct clone : detail::make_child {
  template <class Env>
  static reply<Env, typename Env::kernel::new_child> call(context<Env>& c, u64 flags, u64 stack, u64 parent_id_at,
                                                          u64 child_id_at, u64 tls) {
    return make(c, flags & 0xffffffff, stack, parent_id_at, child_id_at, tls);
  }
};

/// i386: flags, stack, parent's word, thread pointer, child's word.
struct clone_backwards : detail::make_child {
  template <class Env>
  static reply<Env, typename Env::kernel::new_child> call(context<Env>& c, u64 flags, u64 stack, u64 parent_id_at, u64 tls,
                                                          u64 child_id_at) {
    return make(c, flags, stack, parent_id_at, child_id_at, tls);
  }
};

/// clone3: the signal at the end has a word of its own, and the stack is stated by its lowest address and size.
struct clone3 : detail::make_child {
  /// Flags of this call alone (include/uapi/linux/sched.h).
  static constexpr u64 clear_sighand = 0x100000000, into_cgroup = 0x200000000;

  template <class Env>
  static reply<Env, typename Env::kernel::new_child> call(context<Env>& c, user_ptr<clone_args<typename Env::model>> from, u64 size) {
    using namespace clone_flags;
    clone_args<typename Env::model> given{};
    if (errc e = c.read_versioned(from, size, given); e != errc::none) return e;
    const u64 flags = given.flags, stack = given.stack, stack_size = given.stack_size;
    if (u64{given.set_tid} == 0 && u64{given.set_tid_size} != 0) return errc::inval;
    if (u64{given.set_tid} != 0 && u64{given.set_tid_size} == 0) return errc::inval;
    if ((flags & (exit_signal | detached)) != 0 || u64{given.exit_signal} > 64) return errc::inval;
    if ((flags & (thread | parent)) != 0 && u64{given.exit_signal} != 0) return errc::inval;
    if ((stack == 0) != (stack_size == 0)) return errc::inval;
    if ((flags & (sighand | clear_sighand)) == (sighand | clear_sighand)) return errc::inval;
    if ((flags & (clear_sighand | into_cgroup)) != 0) {
      c.unsupported("flags", flags & (clear_sighand | into_cgroup));
      return errc::inval;
    }
    if (u64{given.set_tid_size} != 0) {
      c.unsupported("chosen ids", given.set_tid_size);
      return errc::perm;
    }
    return make(c, flags | u64{given.exit_signal}, stack + stack_size, given.parent_tid, given.child_tid, given.tls);
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
