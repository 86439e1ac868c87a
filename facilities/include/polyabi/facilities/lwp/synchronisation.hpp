// Mutexes, condition variables, semaphores and locks for reading and writing in user memory, as the LWP calls of Solaris have
// them (sys/synch.h; the names of the bytes are sys/synch32.h's): user code takes and releases them by itself while nobody has
// to wait, and calls for the rest. Whoever waits is in line before it looks at the word.
#pragma once

#include <polyabi/facilities/futex/waiting.hpp>

namespace polyabi::facilities::lwp {

/// Where things stand, from the beginning of the structures. They are the same for 32 and 64 bits.
namespace mutex_offset {
inline constexpr u64 type = 4, lock_word = 12;
}
namespace mutex_bits {
inline constexpr u32 locked = 0x01000000, waiters = 0x00010000; ///< the bytes mutex_lockw and mutex_waiters of the lock word
}
namespace condition_offset {
inline constexpr u64 word = 0, type = 4;
}
namespace condition_bits {
inline constexpr u32 waiters = 0x01000000; ///< the byte cond_waiters_kernel
}
namespace semaphore_offset {
inline constexpr u64 count = 0, type = 4, word = 12;
}
namespace semaphore_bits {
inline constexpr u32 waiters = 0x01000000; ///< the byte sema_waiters
}
namespace rwlock_offset {
inline constexpr u64 state = 0, type = 4, mutex = 8;
}
namespace rwlock_bits {
inline constexpr u32 waiters = 0x80000000, written = 0x40000000, readers = 0x3fffffff; ///< URW_*
}
/// USYNC_PROCESS in the type: processes share it.
inline constexpr u8 shared_between_processes = 1;
/// The largest count of a semaphore (_SEM_VALUE_MAX).
inline constexpr u32 semaphore_limit = 0x7fffffff;

/// How long a call may wait. A wrong time is an error only for a call that has to wait.
struct patience {
  u64 until = no_deadline;
  errc wrong = errc::none;
  bool at_all = true; ///< or EBUSY
};

/// One call's way to synchronise: the memory of a thread, outside the section.
template <class K>
class synchroniser {
public:
  using answered = basic_result<void, either_error<K>>;
  explicit synchroniser(typename K::thread& caller) : caller_{caller} {}

  // --- mutexes
  /// ETIME, EINTR, EBUSY.
  answered lock(u64 mutex, const patience& how) {
    const u64 at = mutex + mutex_offset::lock_word;
    object o;
    if (errc e = find(mutex, mutex_offset::type, o); e != errc::none) return e;
    // Whoever has waited says that others may: it cannot know.
    u32 also = 0;
    return repeat(o, at, how, [&](u32 word, u32& next) {
      if ((word & mutex_bits::locked) != 0) {
        next = how.at_all ? word | mutex_bits::waiters : word;
        also = mutex_bits::waiters;
        return false;
      }
      next = word | mutex_bits::locked | also;
      return true;
    });
  }
  answered unlock(u64 mutex) {
    u32 word = 0;
    if (errc e = change(mutex + mutex_offset::lock_word, word,
                        [](u32 old) { return old & ~(mutex_bits::locked | mutex_bits::waiters); });
        e != errc::none)
      return e;
    if ((word & mutex_bits::waiters) == 0) return {};
    return wake_mutex(mutex, 1);
  }
  /// User code has released it, and saw that somebody waits.
  answered wake_mutex(u64 mutex, u32 limit) {
    object o;
    if (errc e = find(mutex, mutex_offset::type, o); e != errc::none) return e;
    return wake(o, mutex + mutex_offset::lock_word, limit);
  }

  // --- condition variables
  /// Releases the mutex and waits. The mutex is not taken again: that is for user code.
  answered wait(u64 condition, u64 mutex, const patience& how) {
    object o;
    if (how.wrong != errc::none) return how.wrong;
    if (errc e = find(condition, condition_offset::type, o); e != errc::none) return e;
    const u64 at = condition + condition_offset::word;
    const typename K::section inside;
    typename K::wait_queue sleeper;
    futex::place<K> here;
    const auto key = K::word_key(caller_, at, o.shared);
    if (!key) return key.error();
    here.enter(*key, futex::any_bit, sleeper);
    const leaving at_the_end{here};
    {
      // In line now: whoever signals from here on calls this thread.
      const typename K::outside_section copying;
      u32 word = 0;
      if (errc e = change(at, word, [](u32 old) { return old | condition_bits::waiters; }); e != errc::none) return e;
      if (auto released = unlock(mutex); !released) return released;
    }
    while (!here.called()) {
      const wakeup why = K::sleep(caller_, sleeper, how.until);
      if (here.called()) break;
      if (why == wakeup::interrupted) return errc::intr;
      if (why == wakeup::timed_out) return errc::time;
    }
    return {};
  }
  /// The waiters' byte stays: it only means a call too many.
  answered signal(u64 condition, u32 limit) {
    object o;
    if (errc e = find(condition, condition_offset::type, o); e != errc::none) return e;
    return wake(o, condition + condition_offset::word, limit);
  }

  // --- semaphores
  answered take(u64 semaphore, const patience& how) {
    object o;
    if (errc e = find(semaphore, semaphore_offset::type, o); e != errc::none) return e;
    return repeat(
        o, semaphore + semaphore_offset::count, how,
        [](u32 count, u32& next) {
          next = count != 0 ? count - 1 : 0;
          return count != 0;
        },
        [&] {
          u32 word = 0;
          return change(semaphore + semaphore_offset::word, word, [](u32 old) { return old | semaphore_bits::waiters; });
        });
  }
  /// EOVERFLOW.
  answered post(u64 semaphore) {
    object o;
    if (errc e = find(semaphore, semaphore_offset::type, o); e != errc::none) return e;
    u32 count = 0;
    const u64 at = semaphore + semaphore_offset::count;
    if (errc e = change(at, count, [](u32 old) { return old < semaphore_limit ? old + 1 : old; }); e != errc::none) return e;
    if (count >= semaphore_limit) return errc::overflow;
    return wake(o, at, 1);
  }

  // --- locks for reading or for writing: only those that processes share ask the kernel, under a mutex of their own, which a
  // call for the lock releases
  answered take_rwlock(u64 lock, bool to_write, const patience& how) {
    object o;
    if (errc e = find_rwlock(lock, o); e != errc::none) return e;
    bool released = false;
    auto got = repeat(
        o, lock + rwlock_offset::state, how,
        [&](u32 state, u32& next) {
          const bool is_free = (state & rwlock_bits::written) == 0 && (!to_write || (state & rwlock_bits::readers) == 0);
          next = !is_free ? state | rwlock_bits::waiters : to_write ? state | rwlock_bits::written : state + 1;
          return is_free;
        },
        [&] {
          if (released) return errc::none;
          released = true;
          return unlock(lock + rwlock_offset::mutex) ? errc::none : errc::fault;
        });
    if (!released)
      if (auto r = unlock(lock + rwlock_offset::mutex); !r && got) return r;
    return got;
  }
  /// All who wait try again.
  answered release_rwlock(u64 lock) {
    object o;
    if (errc e = find_rwlock(lock, o); e != errc::none) return e;
    u32 state = 0;
    const u64 at = lock + rwlock_offset::state;
    if (errc e = change(at, state, &after_release); e != errc::none) return e;
    if ((after_release(state) & rwlock_bits::readers) != 0) return {};
    return wake(o, at, ~u32{0});
  }

private:
  struct object {
    bool shared = false;
  };
  /// A place leaves its line before the queue it sleeps in goes.
  struct leaving {
    futex::place<K>& here;
    ~leaving() { here.leave(); }
  };

  /// Without readers and writers nobody is said to wait: those who do say it again.
  static u32 after_release(u32 state) {
    if ((state & rwlock_bits::written) == 0 && (state & rwlock_bits::readers) > 1) return state - 1;
    return 0;
  }

  errc find(u64 at, u64 type_offset, object& to) {
    if (at % sizeof(u32) != 0) return errc::inval;
    u8 type = 0;
    if (!K::copy_in(caller_, &type, at + type_offset, sizeof type)) return errc::fault;
    to.shared = (type & shared_between_processes) != 0;
    return errc::none;
  }
  errc find_rwlock(u64 lock, object& to) {
    object mutex;
    if (errc e = find(lock + rwlock_offset::mutex, mutex_offset::type, mutex); e != errc::none) return e;
    if (errc e = find(lock, rwlock_offset::type, to); e != errc::none) return e;
    return mutex.shared && to.shared ? errc::none : errc::inval;
  }

  /// `change(old)` at once; `old` is what it was.
  template <class Change>
  errc change(u64 at, u32& old, Change to) {
    return futex::words<K>{caller_}.update(at, old, to) ? errc::none : errc::fault;
  }
  answered wake(const object& o, u64 at, u32 limit) {
    auto woken = futex::words<K>{caller_}.wake(at, o.shared, limit, futex::any_bit);
    if (!woken) return woken.error();
    return {};
  }

  static errc nothing() { return errc::none; }

  /// Changes the word as `attempt(word, next)` says, until that answers true; in between, waits for a call while the word is
  /// what the attempt left. `before` is done before each wait.
  template <class Attempt, class Before = errc (*)()>
  answered repeat(const object& o, u64 at, const patience& how, Attempt attempt, Before before = &nothing) {
    for (;;) {
      u32 before_it = 0, left = 0;
      bool done = false;
      const auto once = [&](u32 old) {
        left = old;
        done = attempt(old, left);
        return left;
      };
      if (errc e = change(at, before_it, once); e != errc::none) return e;
      if (done) return {};
      if (!how.at_all) return errc::busy;
      if (how.wrong != errc::none) return how.wrong;
      if (errc e = before(); e != errc::none) return e;
      auto woken = futex::words<K>{caller_}.wait({at, left, o.shared}, futex::any_bit, how.until);
      if (woken) continue;
      const either_error<K> why = woken.error();
      if (why == either_error<K>{errc::again}) continue;
      if (why == either_error<K>{errc::timedout}) return errc::time;
      if (why == either_error<K>{errc::intr} || why == either_error<K>{K::restart_call}) return errc::intr;
      return why;
    }
  }

  typename K::thread& caller_;
};

} // namespace polyabi::facilities::lwp
