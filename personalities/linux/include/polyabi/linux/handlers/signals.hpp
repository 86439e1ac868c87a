// Signal calls whose arguments mean more than the kernel's operations take. The frames of handlers are in signal_frame.hpp.
#pragma once

#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/signals.hpp>

namespace polyabi::linux_abi::handlers {

/// Without a set, `how` is not looked at.
struct sigprocmask {
  using needs = operation_list<op::set_mask>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 how, const native<typename Env::kernel, shape::sigset>* set,
                         native<typename Env::kernel, shape::sigset>* old) {
    i32 native_how = native_number<typename Env::kernel, sigmask_how::block>;
    if (set != nullptr) {
      native_how = number_table<sigmask_hows, kernel_map<typename Env::kernel, sigmask_how>>::convert(how);
      if (native_how == no_number) return errc::inval;
    }
    return reply_with<Env>(c.perform(op::set_mask{}, native_how, set, old));
  }
};

/// A shorter set is told in part.
struct rt_sigpending {
  using needs = operation_list<op::pending>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<sigset<typename Env::model>> into, u64 size) {
    if (size > sizeof(sigset<typename Env::model>)) return errc::inval;
    native<typename Env::kernel, shape::sigset> pending{};
    if (auto r = c.perform(op::pending{}, pending); !r) return r.error();
    sigset<typename Env::model> told{};
    if (errc e = to_foreign<typename Env::kernel>(pending, told); e != errc::none) return e;
    if (errc e = c.write_bytes(into.address, &told, size); e != errc::none) return e;
    return done{};
  }
};

struct sigtimedwait {
  using needs = operation_list<op::wait_signal>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, const native<typename Env::kernel, shape::sigset>& set,
                              user_ptr<siginfo<typename Env::model>> into,
                              const native<typename Env::kernel, shape::timespec>* timeout) {
    using K = typename Env::kernel;
    if (timeout != nullptr && (timeout->sec < 0 || timeout->nsec < 0 || timeout->nsec > 999'999'999)) return errc::inval;
    native<K, shape::siginfo> info{};
    auto taken = c.perform(op::wait_signal{}, set, info, timeout);
    if (!taken) return taken.error();
    if (into)
      if (errc e = c.write_foreign(into, info); e != errc::none) return e;
    return i64{signal_to_linux<K>(*taken)};
  }
};

/// Reads what a program sends with a signal to a process. It may not pretend to be the kernel, except to itself.
template <class Env>
errc read_sent_details(context<Env>& c, i32 pid, i32 number, user_ptr<siginfo<typename Env::model>> from,
                       native<typename Env::kernel, shape::siginfo>& info) {
  siginfo<typename Env::model> given;
  if (errc e = c.read(from, given); e != errc::none) return e;
  auto self = c.perform(op::getpid{});
  constexpr i32 si_tkill = -6;
  if ((given.code >= 0 || given.code == si_tkill) && (!self || pid != *self)) return errc::perm;
  if (number == 0) return errc::none;
  given.signo = signal_to_linux<typename Env::kernel>(number);
  return to_native<typename Env::kernel>(given, info);
}

struct sigqueueinfo {
  using needs = operation_list<op::queue_signal, op::getpid>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, i32 number, user_ptr<siginfo<typename Env::model>> from) {
    native<typename Env::kernel, shape::siginfo> info{};
    if (errc e = read_sent_details(c, pid, number, from, info); e != errc::none) return e;
    return reply_with<Env>(c.perform(op::queue_signal{}, pid, number, info));
  }
};

struct tgsigqueueinfo {
  using needs = operation_list<op::queue_thread_signal, op::getpid>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, i32 tid, i32 number, user_ptr<siginfo<typename Env::model>> from) {
    if (pid <= 0 || tid <= 0) return errc::inval;
    native<typename Env::kernel, shape::siginfo> info{};
    if (errc e = read_sent_details(c, pid, number, from, info); e != errc::none) return e;
    return reply_with<Env>(c.perform(op::queue_thread_signal{}, pid, tid, number, info));
  }
};

struct tkill {
  using needs = operation_list<op::kill_thread>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 thread, i32 number) {
    if (thread <= 0) return errc::inval;
    return reply_with<Env>(c.perform(op::kill_thread{}, 0, thread, number));
  }
};

struct tgkill {
  using needs = operation_list<op::kill_thread>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 process, i32 thread, i32 number) {
    if (thread <= 0 || process <= 0) return errc::inval;
    return reply_with<Env>(c.perform(op::kill_thread{}, process, thread, number));
  }
};

struct pause {
  using needs = operation_list<op::set_mask, op::suspend>;
  template <class Env>
  static reply<Env> call(context<Env>& c) {
    native<typename Env::kernel, shape::sigset> now{};
    if (auto r = c.perform(op::set_mask{}, native_number<typename Env::kernel, sigmask_how::block>, nullptr, &now); !r) return r.error();
    return reply_with<Env>(c.perform(op::suspend{}, now));
  }
};

/// signal(48): one shot, and the signal is not blocked while it is handled. Answers the old handler.
struct old_signal {
  using needs = operation_list<op::set_action>;
  template <class Env>
  static reply<Env, u64> call(context<Env>& c, i32 number, u64 handler) {
    native<typename Env::kernel, shape::sigaction> action{}, old{};
    action.handler = handler;
    action.flags = native_number<typename Env::kernel, sigaction_flag::resethand> | native_number<typename Env::kernel, sigaction_flag::nodefer>;
    if (auto r = c.perform(op::set_action{}, number, &action, &old); !r) return r.error();
    return u64{old.handler};
  }
};

namespace detail {
template <class Env>
errc mask_from_word(u64 word, native<typename Env::kernel, shape::sigset>& out) {
  old_sigset<typename Env::model> set{};
  set.words[0] = static_cast<typename Env::model::ulong::value_type>(word);
  return set.template to_native<typename Env::kernel>(out);
}
template <class Env>
u64 word_from_mask(const native<typename Env::kernel, shape::sigset>& mask) {
  sigset<typename Env::model> set{};
  (void)set.template from_native<typename Env::kernel>(mask);
  return static_cast<u64>(set.words[0]);
}
} // namespace detail

struct old_sigsuspend {
  using needs = operation_list<op::suspend>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 word) {
    native<typename Env::kernel, shape::sigset> mask{};
    if (errc e = detail::mask_from_word<Env>(word, mask); e != errc::none) return e;
    return reply_with<Env>(c.perform(op::suspend{}, mask));
  }
};

struct sgetmask {
  using needs = operation_list<op::set_mask>;
  template <class Env>
  static reply<Env, u64> call(context<Env>& c) {
    native<typename Env::kernel, shape::sigset> now{};
    if (auto r = c.perform(op::set_mask{}, native_number<typename Env::kernel, sigmask_how::block>, nullptr, &now); !r) return r.error();
    return detail::word_from_mask<Env>(now);
  }
};

struct ssetmask {
  using needs = operation_list<op::set_mask>;
  template <class Env>
  static reply<Env, u64> call(context<Env>& c, u64 word) {
    native<typename Env::kernel, shape::sigset> mask{}, old{};
    if (errc e = detail::mask_from_word<Env>(word, mask); e != errc::none) return e;
    if (auto r = c.perform(op::set_mask{}, native_number<typename Env::kernel, sigmask_how::setmask>, &mask, &old); !r) return r.error();
    return detail::word_from_mask<Env>(old);
  }
};

} // namespace polyabi::linux_abi::handlers
