// POSIX' signal calls as Release 3 had them: sets of one word, numbers of the variant, EDX where handlers return to.
#pragma once

#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/structures/old_signal.hpp>

namespace polyabi::svr4 {

/// A signal's number in a variant of its own numbers; zero is none.
template <class Signals>
struct signal_of : arguments::takes<1> {
  using traced_as = arguments::one_of<Signals>;
  template <class Env>
  struct decoder {
    i32 value_;
    constexpr errc decode(context<Env>&, const u64* w) {
      const auto n = static_cast<i32>(w[0]);
      value_ = n == 0 ? 0 : number_table<Signals, kernel_map<typename Env::kernel, signal>>::convert(n);
      return value_ < 0 ? errc::inval : errc::none;
    }
    constexpr i32 value() const { return value_; }
  };
};

namespace handlers {

struct old_sigaction {
  using needs = operation_list<op::set_action>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 own, const native<typename Env::kernel, shape::sigaction>* action,
                         native<typename Env::kernel, shape::sigaction>* old) {
    native<typename Env::kernel, shape::sigaction> with_return{};
    if (action != nullptr) {
      with_return = *action;
      with_return.restorer = static_cast<u32>(c.frame.rdx);
      action = &with_return;
    }
    if (auto r = c.perform(op::set_action{}, own, action, old); !r) return r.error();
    return done{};
  }
};

struct old_sigprocmask {
  using needs = operation_list<op::set_mask>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 how, const native<typename Env::kernel, shape::sigset>* set,
                         native<typename Env::kernel, shape::sigset>* old) {
    using K = typename Env::kernel;
    using table = number_table<old_sigmask_hows, kernel_map<K, sigmask_how>>;
    const i32 own = set == nullptr ? native_number<K, sigmask_how::block> : table::convert(how);
    if (own == table::absent) return errc::inval;
    if (auto r = c.perform(op::set_mask{}, own, set, old); !r) return r.error();
    return done{};
  }
};

} // namespace handlers
} // namespace polyabi::svr4
