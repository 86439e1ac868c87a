// Signals: the SVR3 family behind number 48, and the calls whose arguments need a look.
#pragma once

#include <polyabi/svr4/process_sets.hpp>
#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/structures/siginfo.hpp>
#include <polyabi/svr4/structures/signal.hpp>

namespace polyabi::svr4::handlers {

/// signal(2), sigset(2), sighold(2), sigrelse(2), sigignore(2) and sigpause(2): the function stands above the signal's number.
/// `Signals` are the numbers of the variant. EDX is where Release 3's handlers return to.
template <class Signals>
struct ssig_with {
  using needs = operation_list<op::set_action, op::set_mask, op::suspend, op::wait, op::kill, op::getpid>;
  static constexpr u32 defer = 0x100, hold = 0x200, release = 0x400, ignore = 0x800, pause = 0x1000;

  template <class Env>
  static reply<Env, i64> call(context<Env>& c, u32 word, u64 handler) {
    using K = typename Env::kernel;
    const auto number = static_cast<i32>(word & 0xff);
    const i32 own = number == 0 ? -1 : number_table<Signals, kernel_map<K, signal>>::convert(number);
    if (own <= 0 || own == native_number<K, signal::kill> || own == native_number<K, signal::stop>) return errc::inval;
    switch (word & ~u32{0xff}) {
    case 0: return set_handler(c, own, handler, false);
    case defer: return set_deferred(c, own, handler);
    case hold: return change_mask(c, own, native_number<K, sigmask_how::block>);
    case release: return change_mask(c, own, native_number<K, sigmask_how::unblock>);
    case ignore: {
      auto r = set_handler(c, own, sig_ignore, true);
      if (!r) return r.error();
      return change_mask(c, own, native_number<K, sigmask_how::unblock>);
    }
    case pause: {
      native<K, shape::sigset> mask{};
      if (auto r = get_mask(c, mask); !r) return r.error();
      word_of(mask, own) &= ~bit_of(own);
      if (auto r = c.perform(op::suspend{}, mask); !r) return r.error();
      return i64{0};
    }
    default: return errc::inval;
    }
  }

private:
  static constexpr u64& word_of(auto& set, i32 own) { return set.bits[static_cast<u32>(own - 1) / 64]; }
  static constexpr u64 bit_of(i32 own) { return u64{1} << (static_cast<u32>(own - 1) % 64); }

  /// The set of one signal.
  template <class Env>
  static native<typename Env::kernel, shape::sigset> only(i32 own) {
    native<typename Env::kernel, shape::sigset> set{};
    word_of(set, own) |= bit_of(own);
    return set;
  }

  template <class Env>
  static reply<Env, i64> change_mask(context<Env>& c, i32 own, i32 how) {
    const auto set = only<Env>(own);
    native<typename Env::kernel, shape::sigset> old{};
    if (auto r = c.perform(op::set_mask{}, how, &set, &old); !r) return r.error();
    return i64{0};
  }

  /// sigset(2): SIG_HOLD blocks instead of setting; everything else unblocks. Answers SIG_HOLD if it was blocked.
  template <class Env>
  static reply<Env, i64> set_deferred(context<Env>& c, i32 own, u64 handler) {
    using K = typename Env::kernel;
    const auto set = only<Env>(own);
    native<K, shape::sigset> mask{};
    native<K, shape::sigaction> old{};
    const bool holds = handler == sig_hold;
    if (holds) {
      if (auto r = c.perform(op::set_action{}, own, no_structure<K, shape::sigaction>, &old); !r) return r.error();
    } else {
      auto r = set_handler(c, own, handler, true);
      if (!r) return r.error();
      old.handler = static_cast<u64>(*r);
    }
    const i32 how = holds ? native_number<K, sigmask_how::block> : native_number<K, sigmask_how::unblock>;
    if (auto r = c.perform(op::set_mask{}, how, &set, &mask); !r) return r.error();
    const bool was_held = (word_of(mask, own) & bit_of(own)) != 0;
    return static_cast<i64>(static_cast<i32>(was_held ? sig_hold : old.handler));
  }

  /// signal(2) resets the action before the handler runs and does not block; with `deferred` it is the other way round.
  template <class Env>
  static reply<Env, i64> set_handler(context<Env>& c, i32 own, u64 handler, bool deferred) {
    using K = typename Env::kernel;
    native<K, shape::sigaction> action{}, old{};
    action.handler = handler;
    action.restorer = static_cast<u32>(c.frame.rdx);
    if (!deferred) action.flags = native_number<K, sigaction_flag::resethand> | native_number<K, sigaction_flag::nodefer>;
    if (own == native_number<K, signal::tstp> || own == native_number<K, signal::ttin> || own == native_number<K, signal::ttou>)
      action.flags |= native_number<K, sigaction_flag::restart>;
    if (own == native_number<K, signal::chld>) {
      action.flags |= native_number<K, sigaction_flag::nocldstop>;
      if (handler == sig_ignore) action.flags |= native_number<K, sigaction_flag::nocldwait>;
    }
    if (auto r = c.perform(op::set_action{}, own, &action, &old); !r) return r.error();
    if (own == native_number<K, signal::chld> && handler > sig_ignore)
      if (errc e = repost_children(c, own); e != errc::none) return e;
    return static_cast<i64>(static_cast<i32>(old.handler));
  }

  /// A handler of SIGCLD is told at once about children that have ended already.
  template <class Env>
  static errc repost_children(context<Env>& c, i32 own) {
    using K = typename Env::kernel;
    native<K, shape::wait_request> request{};
    native<K, shape::wait_report> report{};
    request.target = native_number<K, wait_target::all>;
    request.flags =
        native_number<K, wait_flag::exited> | native_number<K, wait_flag::nohang> | native_number<K, wait_flag::nowait>;
    auto waiting = c.perform(op::wait{}, request, report);
    if (!waiting || *waiting == 0) return errc::none;
    auto self = c.perform(op::getpid{});
    if (self) (void)c.perform(op::kill{}, *self, own);
    return errc::none;
  }
};

using ssig = ssig_with<signals>;

/// sigprocmask(2): without a set, `how` does not matter.
struct sigprocmask {
  using needs = operation_list<op::set_mask>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 how, const native<typename Env::kernel, shape::sigset>* set,
                         native<typename Env::kernel, shape::sigset>* old) {
    using K = typename Env::kernel;
    const i32 own = set == nullptr ? native_number<K, sigmask_how::block>
                                   : number_table<sigmask_hows, kernel_map<K, sigmask_how>>::convert(how);
    if (own < 0) return errc::inval;
    if (auto r = c.perform(op::set_mask{}, own, set, old); !r) return r.error();
    return done{};
  }
};

/// Solaris' lwp_sigmask(2): the set in two words, the old one in both result registers.
struct lwp_sigmask {
  using needs = operation_list<op::set_mask>;
  template <class Env>
  static reply<Env, completed> call(context<Env>& c, i32 how, u32 low, u32 high) {
    using K = typename Env::kernel;
    sigset<typename Env::model> foreign{};
    foreign.words[0] = low;
    foreign.words[1] = high;
    native<K, shape::sigset> set{}, old{};
    if (errc e = foreign.template to_native<K>(set); e != errc::none) return e;
    const i32 own = number_table<sigmask_hows, kernel_map<K, sigmask_how>>::convert(how);
    auto r = own < 0 ? get_mask(c, old) : c.perform(op::set_mask{}, own, &set, &old);
    if (!r) return r.error();
    if (errc e = foreign.template from_native<K>(old); e != errc::none) return e;
    return completed{u32{foreign.words[0]}, u32{foreign.words[1]}};
  }
};

/// pause(2): sigsuspend with the mask as it is.
struct pause {
  using needs = operation_list<op::set_mask, op::suspend>;
  template <class Env>
  static reply<Env> call(context<Env>& c) {
    using K = typename Env::kernel;
    native<K, shape::sigset> mask{};
    if (auto r = get_mask(c, mask); !r) return r.error();
    if (auto r = c.perform(op::suspend{}, mask); !r) return r.error();
    return done{};
  }
};

/// sigfillset(3), which the C library asks the kernel for: all signals that there are.
struct fill_set {
  using needs = operation_list<>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<sigset<typename Env::model>> to) {
    sigset<typename Env::model> all{};
    for (i32 n = 1; n <= signals::realtime_last; ++n) all.set(n);
    if (errc e = c.write(to, all); e != errc::none) return e;
    return done{};
  }
};

/// sigtimedwait(2), sigwaitinfo(2).
struct sigtimedwait {
  using needs = operation_list<op::wait_signal>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, const native<typename Env::kernel, shape::sigset>& set,
                              user_ptr<siginfo<typename Env::model>> info_to,
                              const native<typename Env::kernel, shape::timespec>* timeout) {
    using K = typename Env::kernel;
    native<K, shape::siginfo> info{};
    auto own = c.perform(op::wait_signal{}, set, info, timeout);
    if (!own) return own.error();
    if (info_to)
      if (errc e = c.write_foreign(info_to, info); e != errc::none) return e;
    return i64{number_table<kernel_map<K, signal>, signals>::convert(*own)};
  }
};

/// sigsend(2) and sigsendset(2): a signal to each process of a set.
struct sigsendsys {
  using needs = operation_list<op::kill, op::getpid, op::next_process, op::process_info>;

  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<procset<typename Env::model>> from, i32 own) {
    using K = typename Env::kernel;
    using namespace process_sets;
    procset<typename Env::model> set;
    if (errc e = c.read(from, set); e != errc::none) return e;
    const i32 operation = set.operation;
    const side left{set.left_type, set.left}, right{set.right_type, set.right};
    if (operation < difference || operation > one_of_them || !left.known() || !right.known()) {
      c.unsupported("process set"sv, static_cast<u32>(operation));
      return errc::inval;
    }
    native<K, shape::process_info> self{}, other{};
    auto caller = c.perform(op::getpid{});
    if (!caller) return caller.error();
    if (auto r = c.perform(op::process_info{}, *caller, self); !r) return r.error();
    i32 sent = 0, process = 0;
    either_error<K> failed{errc::srch};
    while (true) {
      auto next = c.perform(op::next_process{}, process);
      if (!next || *next == 0) break;
      process = *next;
      if (!c.perform(op::process_info{}, process, other)) continue; // it has just ended
      const bool in_left = left.holds(other, self), in_right = right.holds(other, self);
      const bool is_meant = operation == difference ? in_left && !in_right
                            : operation == both     ? in_left && in_right
                            : operation == either   ? in_left || in_right
                                                    : in_left != in_right;
      if (!is_meant) continue;
      if (auto r = c.perform(op::kill{}, process, own); r)
        ++sent;
      else
        failed = r.error();
    }
    if (sent == 0) return failed;
    return done{};
  }
};

/// sigqueue(2): (pid, signal, value, code, whether to wait for room).
struct sigqueue {
  using needs = operation_list<op::queue_signal, op::getpid, op::get_identity>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 pid, i32 own, u64 value) {
    using K = typename Env::kernel;
    native<K, shape::identity> who{};
    if (auto r = c.perform(op::get_identity{}, who); !r) return r.error();
    auto self = c.perform(op::getpid{});
    if (!self) return self.error();
    native<K, shape::siginfo> info{};
    info.signo = own;
    info.code = native_number<K, signal_code::queue>;
    info.pid = *self;
    info.uid = who.ruid;
    info.value = value;
    if (auto r = c.perform(op::queue_signal{}, pid, own, info); !r) return r.error();
    return done{};
  }
};

} // namespace polyabi::svr4::handlers
