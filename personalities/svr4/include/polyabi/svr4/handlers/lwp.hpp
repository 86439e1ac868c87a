// Light-weight processes: the threads of Solaris' C libraries, and how they synchronise (sys/lwp.h, sys/synch.h).
#pragma once

#include <polyabi/facilities/lwp/park.hpp>
#include <polyabi/facilities/lwp/synchronisation.hpp>
#include <polyabi/svr4/handlers/context.hpp>
#include <polyabi/svr4/structures/time.hpp>

namespace polyabi::svr4 {

/// LWPs are numbered from 1 within their process.
constexpr i32 lwp_of(i32 thread, i32 process) { return thread - process + 1; }
constexpr i32 thread_of(i32 lwp, i32 process) { return lwp + process - 1; }

/// Flags of lwp_create(2).
namespace lwp_flag {
inline constexpr u32 daemon = 0x20, detached = 0x40, suspended = 0x80, all = daemon | detached | suspended;
}

/// lwp_info(2).
template <class M>
struct lwpinfo {
  timespec<M> utime, stime;
  typename M::slong pad[64];
  POLYABI_FIELDS(lwpinfo, utime, stime)
};
static_assert(layout<lwpinfo<ilp32_i386>, 272>);

namespace handlers {

/// The thread-local segment of 32-bit code: all of memory from a base on.
inline constexpr u32 thread_segment_limit = 0xfffff, thread_segment_flags = 0x51;
constexpr u16 selector_of(i32 entry) { return static_cast<u16>(entry << 3 | 3); }

/// The thread that an LWP number means.
template <class Env>
reply<Env, i32> lwp_thread(context<Env>& c, i32 lwp) {
  auto process = c.perform(op::getpid{});
  if (!process) return process.error();
  return thread_of(lwp, *process);
}

/// lwp_create(2): the new one begins with the context's registers. The C library leaves the thread's base address in ESP's place,
/// which is no register of its own there (UESP is the stack pointer).
struct lwp_create {
  using needs = operation_list<op::create_thread, op::getpid, op::thread_control>;
  template <class Env>
  static reply<Env, typename Env::kernel::new_child> call(context<Env>& c, user_ptr<ucontext<typename Env::model>> from, u32 flags,
                                                          user_ptr<typename Env::model::i32> id_at) {
    if ((flags & ~lwp_flag::all) != 0) return errc::inval;
    ucontext<typename Env::model> in;
    if (errc e = c.read(from, in); e != errc::none) return e;
    auto process = c.perform(op::getpid{});
    if (!process) return process.error();
    auto made = c.perform(op::create_thread{});
    if (!made) return made.error();
    registers& frame = made->frame();
    const u64 selector = frame.gs;
    in.flags = in.flags & ~context_parts::fpu; // it begins as its maker's
    context_to_registers(in, frame);
    const u32 base = in.gregs[static_cast<usize>(greg::esp)];
    if (base != 0 && selector != 0) {
      made->set_thread_area(static_cast<i32>(selector >> 3), base, thread_segment_limit, thread_segment_flags);
      frame.gs = static_cast<u16>(selector);
    }
    if ((flags & lwp_flag::detached) == 0) made->make_joinable();
    if ((flags & lwp_flag::suspended) != 0) made->begin_suspended();
    if (id_at)
      if (errc e = c.write(id_at, typename Env::model::i32{lwp_of(made->id(), *process)}); e != errc::none) return e;
    return std::move(*made);
  }
};

struct lwp_self {
  using needs = operation_list<op::gettid, op::getpid>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c) {
    auto thread = c.perform(op::gettid{});
    if (!thread) return thread.error();
    auto process = c.perform(op::getpid{});
    if (!process) return process.error();
    return i64{lwp_of(*thread, *process)};
  }
};

/// lwp_wait(2): 0 waits for any.
struct lwp_wait {
  using needs = operation_list<op::join_thread, op::getpid>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 lwp, user_ptr<typename Env::model::i32> departed) {
    auto process = c.perform(op::getpid{});
    if (!process) return process.error();
    if (lwp < 0) return errc::inval;
    auto ended = c.perform(op::join_thread{}, lwp == 0 ? 0 : thread_of(lwp, *process));
    if (!ended) return ended.error();
    if (departed)
      if (errc e = c.write(departed, typename Env::model::i32{lwp_of(*ended, *process)}); e != errc::none) return e;
    return done{};
  }
};

template <thread_action Action>
struct lwp_control {
  using needs = operation_list<op::thread_control, op::getpid>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 lwp) {
    auto thread = lwp_thread(c, lwp);
    if (!thread) return thread.error();
    if (auto r = c.perform(op::thread_control{}, *thread, Action); !r) return r.error();
    return done{};
  }
};
struct lwp_kill {
  using needs = operation_list<op::kill_thread, op::getpid>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 lwp, i32 signal_number) {
    auto process = c.perform(op::getpid{});
    if (!process) return process.error();
    if (auto r = c.perform(op::kill_thread{}, *process, thread_of(lwp, *process), signal_number); !r) return r.error();
    return done{};
  }
};

/// lwp_private(2): the base of a segment register, which answers the selector to load (Solaris 10).
struct lwp_private {
  using needs = operation_list<op::set_thread_area, op::get_thread_area>;
  static constexpr i32 set = 0, get = 1, fs = 0, gs = 1;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 command, i32 which, u64 base) {
    if (which != fs && which != gs) return errc::inval;
    u64& selector = which == fs ? c.frame.fs : c.frame.gs;
    if (command == set) {
      const i32 entry = selector != 0 ? static_cast<i32>(selector >> 3) : -1;
      auto made = c.perform(op::set_thread_area{}, entry, static_cast<u32>(base), thread_segment_limit, thread_segment_flags);
      if (!made && entry != -1)
        made = c.perform(op::set_thread_area{}, -1, static_cast<u32>(base), thread_segment_limit, thread_segment_flags);
      if (!made) return made.error();
      selector = selector_of(*made);
      return static_cast<i64>(selector);
    }
    if (command != get) return errc::inval;
    u32 address = 0, limit = 0, flags = 0;
    if (selector != 0)
      if (auto r = c.perform(op::get_thread_area{}, static_cast<i32>(selector >> 3), address, limit, flags); !r) return r.error();
    const typename Env::model::pointer value{address};
    if (errc e = c.write_bytes(base, &value, sizeof value); e != errc::none) return e;
    return i64{0};
  }
};

struct lwp_info {
  using needs = operation_list<op::get_usage>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<lwpinfo<typename Env::model>> to) {
    using K = typename Env::kernel;
    native<K, shape::rusage> usage{};
    if (auto r = c.perform(op::get_usage{}, native_number<K, usage_of::thread>, usage); !r) return r.error();
    lwpinfo<typename Env::model> out{};
    out.utime.sec = static_cast<i32>(usage.utime.sec);
    out.utime.nsec = static_cast<i32>(usage.utime.usec * 1000);
    out.stime.sec = static_cast<i32>(usage.stime.sec);
    out.stime.nsec = static_cast<i32>(usage.stime.usec * 1000);
    if (errc e = c.write(to, out); e != errc::none) return e;
    return done{};
  }
};

// --- synchronisation

struct lwp_synchronisation {
  using needs = operation_list<service::custom_files, service::timers, service::signals, service::user_words>;
  static constexpr support level = support::emulated;

  /// A relative time as a moment; null: for ever.
  template <class Env>
  static u64 moment(const native<typename Env::kernel, shape::timespec>* timeout) {
    if (timeout == nullptr) return no_deadline;
    const u64 now = Env::kernel::monotonic_time();
    const auto seconds = static_cast<u64>(timeout->sec < 0 ? 0 : timeout->sec);
    if (seconds > (no_deadline - now) / 2'000'000'000) return no_deadline - 1;
    return now + seconds * 1'000'000'000 + static_cast<u64>(timeout->nsec);
  }
  template <class Env>
  static errc check(const native<typename Env::kernel, shape::timespec>* timeout) {
    const bool good = timeout == nullptr || (timeout->sec >= 0 && timeout->nsec >= 0 && timeout->nsec < 1'000'000'000);
    return good ? errc::none : errc::inval;
  }
  template <class Env, class Outcome>
  static reply<Env> done_with(const Outcome& o) {
    if (!o) return o.error();
    return done{};
  }
  template <class Env>
  static auto synchroniser(context<Env>& c) {
    return lwp::synchroniser<typename Env::kernel>{c.thread};
  }
};

struct lwp_mutex_lock : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 mutex) {
    return done_with<Env>(synchroniser(c).lock(mutex, no_deadline));
  }
};
struct lwp_mutex_timedlock : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 mutex, const native<typename Env::kernel, shape::timespec>* timeout) {
    if (errc e = check<Env>(timeout); e != errc::none) return e;
    return done_with<Env>(synchroniser(c).lock(mutex, moment<Env>(timeout)));
  }
};
struct lwp_mutex_trylock : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 mutex) {
    return done_with<Env>(synchroniser(c).lock(mutex, 0, false));
  }
};
struct lwp_mutex_unlock : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 mutex) {
    return done_with<Env>(synchroniser(c).unlock(mutex));
  }
};
/// User code has released it: calls one waiter, or all.
struct lwp_mutex_wakeup : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 mutex, i32 all) {
    return done_with<Env>(synchroniser(c).wake_mutex(mutex, all != 0 ? ~u32{0} : 1));
  }
};
/// Nothing has to be registered.
struct lwp_mutex_init : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 mutex, i32) {
    u32 word = 0;
    if (errc e = c.read_bytes(mutex, &word, sizeof word); e != errc::none) return e;
    return done{};
  }
};
struct lwp_cond_wait : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 condition, u64 mutex, const native<typename Env::kernel, shape::timespec>* timeout) {
    if (errc e = check<Env>(timeout); e != errc::none) return e;
    return done_with<Env>(synchroniser(c).wait(condition, mutex, moment<Env>(timeout)));
  }
};
template <u32 Limit>
struct lwp_cond_call : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 condition) {
    return done_with<Env>(synchroniser(c).signal(condition, Limit));
  }
};
struct lwp_sema_wait : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 semaphore) {
    return done_with<Env>(synchroniser(c).take(semaphore, no_deadline));
  }
};
struct lwp_sema_timedwait : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 semaphore, const native<typename Env::kernel, shape::timespec>* timeout) {
    if (errc e = check<Env>(timeout); e != errc::none) return e;
    return done_with<Env>(synchroniser(c).take(semaphore, moment<Env>(timeout)));
  }
};
struct lwp_sema_trywait : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 semaphore) {
    return done_with<Env>(synchroniser(c).take(semaphore, 0, false));
  }
};
struct lwp_sema_post : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 semaphore) {
    return done_with<Env>(synchroniser(c).post(semaphore));
  }
};

/// lwp_rwlock_sys(2).
template <bool Write, bool Wait>
struct lwp_rwlock_take : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 lock, const native<typename Env::kernel, shape::timespec>* timeout) {
    if (errc e = check<Env>(timeout); e != errc::none) return e;
    return done_with<Env>(synchroniser(c).take_rwlock(lock, Write, moment<Env>(timeout), Wait));
  }
};
struct lwp_rwlock_release : lwp_synchronisation {
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 lock) {
    return done_with<Env>(synchroniser(c).release_rwlock(lock));
  }
};

/// What parking asks for.
struct lwp_parking : lwp_synchronisation {
  using needs = operation_list<service::custom_files, service::timers, service::signals, op::gettid, op::getpid, op::kill_thread>;
};
/// lwp_park(2)'s functions. ESRCH for an LWP that is not there.
struct lwp_unpark : lwp_parking {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 lwp) {
    auto process = c.perform(op::getpid{});
    if (!process) return process.error();
    const i32 thread = thread_of(lwp, *process);
    if (auto there = c.perform(op::kill_thread{}, *process, thread, i32{0}); !there) return there.error();
    return done_with<Env>(lwp::unpark<typename Env::kernel>(c.thread, thread));
  }
};
/// Calls another one first, if asked to, and waits to be called. A call that comes before is not lost.
struct lwp_park : lwp_parking {
  template <class Env>
  static reply<Env> call(context<Env>& c, const native<typename Env::kernel, shape::timespec>* timeout, i32 other) {
    if (errc e = check<Env>(timeout); e != errc::none) return e;
    auto own = c.perform(op::gettid{});
    if (!own) return own.error();
    if (other != 0)
      if (auto r = lwp_unpark::call(c, other); !r) return r.error();
    return done_with<Env>(lwp::park<typename Env::kernel>(c.thread, *own, moment<Env>(timeout)));
  }
};
struct lwp_unpark_all : lwp_parking {
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<typename Env::model::i32> ids, i32 count) {
    if (count < 0 || count > 4096) return errc::inval;
    for (i32 i = 0; i < count; ++i) {
      typename Env::model::i32 id;
      if (errc e = c.read(ids.at(static_cast<usize>(i)), id); e != errc::none) return e;
      (void)lwp_unpark::call(c, i32{id}); // one that has ended needs no call
    }
    return done{};
  }
};
struct lwp_unpark_cancel : lwp_parking {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 lwp) {
    auto thread = lwp_thread(c, lwp);
    if (!thread) return thread.error();
    lwp::cancel_unpark<typename Env::kernel>(c.thread, *thread);
    return done{};
  }
};

} // namespace handlers
} // namespace polyabi::svr4
