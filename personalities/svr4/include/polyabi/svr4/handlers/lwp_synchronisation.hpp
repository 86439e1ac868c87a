// How LWPs synchronise: lwp_mutex_lock(2), lwp_cond_wait(2), lwp_sema_wait(2), lwp_rwlock_sys(2), and lwp_park(2). No call
// begins anew after a signal: each answers EINTR.
#pragma once

#include <polyabi/facilities/lwp/synchronisation.hpp>
#include <polyabi/svr4/handlers/lwp.hpp>

namespace polyabi::svr4::handlers {

struct lwp_synchronisation : lwp_call {
  using patience = facilities::lwp::patience;

  /// How long a call may wait: for a relative time that the program gives, or (null) for ever. EFAULT only.
  template <class Env>
  static errc read_patience(context<Env>& c, user_ptr<timespec<typename Env::model>> at, patience& to) {
    constexpr i64 nanoseconds = 1'000'000'000, most_seconds = i64{1} << 32;
    if (!at) return errc::none;
    timespec<typename Env::model> in;
    if (errc e = c.read(at, in); e != errc::none) return e;
    const i64 sec = in.sec, nsec = in.nsec;
    if (sec < 0 || nsec < 0 || nsec >= nanoseconds)
      to.wrong = errc::inval;
    else if (sec < most_seconds)
      to.until = Env::kernel::monotonic_time() + static_cast<u64>(sec * nanoseconds + nsec);
    return errc::none;
  }
  /// Tells what is left of it.
  template <class Env>
  static errc write_rest(context<Env>& c, user_ptr<timespec<typename Env::model>> at, const patience& how) {
    using seconds = typename decltype(timespec<typename Env::model>::sec)::value_type;
    if (!at || how.wrong != errc::none || how.until == no_deadline) return errc::none;
    const u64 now = Env::kernel::monotonic_time(), rest = now < how.until ? how.until - now : 0;
    timespec<typename Env::model> out;
    out.sec = static_cast<seconds>(rest / 1'000'000'000);
    out.nsec = static_cast<seconds>(rest % 1'000'000'000);
    return c.write(at, out);
  }

  /// A wait that an earlier call of this LWP (lwp_park) ends at once, with EINTR: `work(how long)` answers.
  template <class Env, class Work>
  static reply<Env> parking(context<Env>& c, user_ptr<timespec<typename Env::model>> at, bool parks, Work work) {
    bool called = false;
    if (parks) {
      auto was = with_own(c, [](auto&, auto& self) -> reply<Env, bool> { return std::exchange(self.called, false); });
      if (!was) return was.error();
      called = *was;
    }
    return timed(c, at, parks, [&](patience how) -> reply<Env> {
      if (!called) return work(how);
      how.until = 0;
      reply<Env> r = work(how);
      if (!r && r.error() == either_error<typename Env::kernel>{errc::time}) return errc::intr;
      return r;
    });
  }

  /// `work(how long)` answers; what is left of a time is written if `tell` says so.
  template <class Env, class Work>
  static reply<Env> timed(context<Env>& c, user_ptr<timespec<typename Env::model>> at, bool tell, Work work) {
    patience how;
    if (errc e = read_patience(c, at, how); e != errc::none) return e;
    reply<Env> r = work(how);
    if (tell)
      if (errc e = write_rest(c, at, how); e != errc::none) return e;
    return r;
  }
  template <class Env>
  static auto synchroniser(context<Env>& c) {
    return facilities::lwp::synchroniser<typename Env::kernel>{c.thread};
  }
};

struct lwp_mutex_lock : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 mutex) {
    return synchroniser(c).lock(mutex, {});
  }
};
struct lwp_mutex_timedlock : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 mutex, user_ptr<timespec<typename Env::model>> timeout) {
    return timed(c, timeout, true, [&](const patience& how) { return synchroniser(c).lock(mutex, how); });
  }
};
struct lwp_mutex_trylock : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 mutex) {
    return synchroniser(c).lock(mutex, {.at_all = false});
  }
};
struct lwp_mutex_unlock : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 mutex) {
    return synchroniser(c).unlock(mutex);
  }
};
/// User code has released it: calls one waiter, or all.
struct lwp_mutex_wakeup : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 mutex, i32 all) {
    return synchroniser(c).wake_mutex(mutex, all != 0 ? ~u32{0} : 1);
  }
};
/// Registers locks that are to be told of an owner's death, which is not done; others need no call.
struct lwp_mutex_init : lwp_synchronisation {
  static constexpr i32 process_robust = 0x08, robust = 0x40; ///< USYNC_PROCESS_ROBUST, LOCK_ROBUST
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 mutex, i32 type) {
    u32 word = 0;
    if (errc e = c.read_bytes(mutex, &word, sizeof word); e != errc::none) return e;
    if ((type & (process_robust | robust)) == 0) return done{};
    c.unsupported("robust lock", static_cast<u32>(type));
    return errc::inval;
  }
};

struct lwp_cond_wait : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 condition, u64 mutex, user_ptr<timespec<typename Env::model>> timeout,
                         i32 parks) {
    return parking(c, timeout, parks != 0, [&](const patience& how) { return synchroniser(c).wait(condition, mutex, how); });
  }
};
struct lwp_cond_signal : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 condition) {
    return synchroniser(c).signal(condition, 1);
  }
};
struct lwp_cond_broadcast : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 condition) {
    return synchroniser(c).signal(condition, ~u32{0});
  }
};

struct lwp_sema_wait : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 semaphore) {
    return synchroniser(c).take(semaphore, {});
  }
};
struct lwp_sema_timedwait : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 semaphore, user_ptr<timespec<typename Env::model>> timeout, i32 parks) {
    return parking(c, timeout, parks != 0, [&](const patience& how) { return synchroniser(c).take(semaphore, how); });
  }
};
struct lwp_sema_trywait : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 semaphore) {
    return synchroniser(c).take(semaphore, {.at_all = false});
  }
};
struct lwp_sema_post : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 semaphore) {
    return synchroniser(c).post(semaphore);
  }
};

/// lwp_rwlock_sys(2)'s functions.
template <bool Write, bool Wait>
struct lwp_rwlock_take : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 lock, user_ptr<timespec<typename Env::model>> timeout) {
    return timed(c, Wait ? timeout : user_ptr<timespec<typename Env::model>>{}, true, [&](patience how) {
      how.at_all = Wait;
      return synchroniser(c).take_rwlock(lock, Write, how);
    });
  }
};
struct lwp_rwlock_release : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 lock) {
    return synchroniser(c).release_rwlock(lock);
  }
};

/// lwp_park(2)'s functions. Calls another one first, if asked to, and waits to be called. A call that comes before is not lost.
struct lwp_park : lwp_call {
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<timespec<typename Env::model>> timeout, i32 other) {
    using facilities::lwp::patience;
    if (other != 0) (void)with_own(c, [&](auto& all, auto&) { return done_unless<Env>(all.call(other)); });
    return lwp_synchronisation::timed(c, timeout, true, [&](const patience& how) -> reply<Env> {
      if (how.wrong != errc::none) return how.wrong;
      return with_own(c, [&](auto& all, auto& self) { return done_unless<Env>(all.park(c.thread, self, how.until)); });
    });
  }
};
/// Calls one, or (`Now` false) takes the call back.
template <bool Now>
struct lwp_unpark : lwp_call {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 number) {
    return with_own(c, [&](auto& all, auto&) { return done_unless<Env>(all.call(number, Now)); });
  }
};
/// All of a list; those that have ended are told by ESRCH at the end.
struct lwp_unpark_all : lwp_call {
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<typename Env::model::i32> numbers, i32 count) {
    constexpr i32 most = 1 << 16; // more than there can be
    if (count <= 0 || count > most) return errc::inval;
    errc failed = errc::none;
    for (i32 i = 0; i < count; ++i) {
      typename Env::model::i32 number;
      if (errc e = c.read(numbers.at(static_cast<usize>(i)), number); e != errc::none) return e;
      auto r = with_own(c, [&](auto& all, auto&) { return done_unless<Env>(all.call(i32{number})); });
      if (!r) failed = errc::srch;
    }
    return done_unless<Env>(failed);
  }
};

} // namespace polyabi::svr4::handlers
