// Light-weight processes: the threads of Solaris' C libraries (sys/lwp.h, _lwp_create(2) and its kin).
#pragma once

#include <polyabi/facilities/lwp/table.hpp>
#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/structures/lwp.hpp>
#include <polyabi/svr4/structures/ucontext_amd64.hpp>

namespace polyabi::svr4 {

/// An LWP that does not run yet, and its number.
template <class K>
struct reserved_lwp {
  typename K::new_child child;
  i32 number = 0;
};
/// Lets it run.
struct new_lwp {
  template <class Env, class T>
  static arguments::completed complete(context<Env>&, T& made) {
    (void)polyabi::detail::derived_entry::commit(made.child);
    return {static_cast<u32>(made.number)};
  }
};

namespace handlers {

/// What calls about LWPs have in common.
struct lwp_call {
  using needs = facilities::lwp::table_services::with<op::gettid>;
  static constexpr support level = support::emulated;

  template <class Env>
  using table = facilities::lwp::table<typename Env::kernel>;

  /// `work(the process' table, the caller's place in it)`, inside the section.
  template <class Env, class Work>
  static auto with_own(context<Env>& c, Work work) -> decltype(work(std::declval<table<Env>&>(), *table<Env>{}.find(0))) {
    auto thread = c.perform(op::gettid{});
    if (!thread) return thread.error();
    const typename Env::kernel::section inside;
    table<Env>* known = table<Env>::make(c.thread, *thread);
    auto* self = known != nullptr ? known->find_thread(*thread) : nullptr;
    if (self == nullptr) return errc::nomem;
    return work(*known, *self);
  }
  template <class Env>
  static reply<Env> done_unless(errc failed) {
    if (failed != errc::none) return failed;
    return done{};
  }
};

struct lwp_self : lwp_call {
  template <class Env>
  static reply<Env, i64> call(context<Env>& c) {
    return with_own(c, [](auto&, auto& self) -> reply<Env, i64> { return i64{self.number}; });
  }
};

/// lwp_exit(2). A process ends with the last of its LWPs, daemons not counted, and its status is 0.
struct lwp_exit : lwp_call {
  using needs = lwp_call::needs::with<op::exit, op::exit_thread>;
  static constexpr bool ends_caller = true;
  template <class Env>
  static reply<Env> call(context<Env>& c) {
    auto last = with_own(c, [](auto& all, auto& self) -> reply<Env, bool> { return all.last_to_end(self); });
    auto r = last && *last ? c.perform(op::exit{}, i32{0}) : c.perform(op::exit_thread{}, i32{0});
    if (!r) return r.error();
    return done{};
  }
};

struct lwp_wait : lwp_call {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 number, user_ptr<typename Env::model::i32> departed) {
    using answered = facilities::lwp::outcome<typename Env::kernel>;
    if (number < 0) return errc::inval;
    auto ended = with_own(c, [&](auto& all, auto& self) -> answered { return all.wait(c.thread, self, number); });
    if (!ended) return ended.error();
    if (departed)
      if (errc e = c.write(departed, typename Env::model::i32{*ended}); e != errc::none) return e;
    return done{};
  }
};
struct lwp_detach : lwp_call {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 number) {
    return with_own(c, [&](auto& all, auto&) { return done_unless<Env>(all.detach(number)); });
  }
};
struct lwp_suspend : lwp_call {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 number) {
    return with_own(c, [&](auto& all, auto& self) { return done_unless<Env>(all.suspend(c.thread, self, number)); });
  }
};
struct lwp_continue : lwp_call {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 number) {
    return with_own(c, [&](auto& all, auto&) { return done_unless<Env>(all.resume(c.thread, number)); });
  }
};

struct lwp_kill : lwp_call {
  using needs = lwp_call::needs::with<op::getpid, op::kill_thread>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 number, i32 signal_number) {
    auto thread = with_own(c, [&](auto& all, auto&) -> reply<Env, i32> {
      auto* target = all.find_running(number);
      if (target == nullptr) return errc::srch;
      return target->thread;
    });
    if (!thread) return thread.error();
    auto process = c.perform(op::getpid{});
    if (!process) return process.error();
    if (auto r = c.perform(op::kill_thread{}, *process, *thread, signal_number); !r) return r.error();
    return done{};
  }
};

/// lwp_info(2): the processor time of the calling LWP.
struct lwp_info {
  using needs = operation_list<op::get_usage>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<lwp_times<typename Env::model>> to) {
    using K = typename Env::kernel;
    using seconds = typename decltype(lwp_times<typename Env::model>::utime.sec)::value_type;
    native<K, shape::rusage> usage{};
    if (auto r = c.perform(op::get_usage{}, native_number<K, usage_of::thread>, usage); !r) return r.error();
    lwp_times<typename Env::model> out{};
    out.utime.sec = static_cast<seconds>(usage.utime.sec);
    out.utime.nsec = static_cast<seconds>(usage.utime.usec * 1000);
    out.stime.sec = static_cast<seconds>(usage.stime.sec);
    out.stime.nsec = static_cast<seconds>(usage.stime.usec * 1000);
    if (errc e = c.write(to, out); e != errc::none) return e;
    return done{};
  }
};

} // namespace handlers
} // namespace polyabi::svr4
