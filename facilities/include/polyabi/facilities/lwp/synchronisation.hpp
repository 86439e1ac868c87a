// Mutexes, condition variables and semaphores in user memory, as the LWP calls of Solaris have them (sys/synch.h): user code takes
// and releases them by itself while nobody has to wait, and calls for the rest.
#pragma once

#include <polyabi/facilities/lwp/parking.hpp>

namespace polyabi::lwp {

/// Where things stand, from the beginning of the structures.
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
inline constexpr u64 state = 0, type = 4;
}
namespace rwlock_bits {
inline constexpr u32 waiters = 0x80000000, written = 0x40000000, readers = 0x3fffffff; ///< URW_*
}
/// USYNC_PROCESS in the type: processes share it.
inline constexpr u16 shared_between_processes = 1;
/// The largest count of a semaphore (_SEM_VALUE_MAX).
inline constexpr u32 semaphore_limit = 0x7fffffff;

/// One call's way to synchronise: the memory of a thread, outside the section.
template <class K>
class synchroniser {
public:
  using outcome = basic_result<void, either_error<K>>;
  explicit synchroniser(typename K::thread& caller) : caller_{caller} {}

  // --- mutexes
  /// ETIME if `until` comes first; EBUSY if it is held and `wait` is false. An interrupted lock is EINTR.
  outcome lock(u64 mutex, u64 until, bool wait = true) {
    u32 word = 0;
    const u64 at = mutex + mutex_offset::lock_word;
    parking_key key;
    if (errc e = key_of(mutex, mutex_offset::type, key); e != errc::none) return e;
    if (!read(at, word)) return errc::fault;
    if (try_lock(at, word, 0)) return {};
    if (!wait) return errc::busy;
    for (;;) {
      const typename K::section inside;
      parking_place<K> place{key};
      bool taken = false, fault = false;
      {
        const typename K::outside_section copying;
        // Whoever has waited says that others may: it cannot know.
        for (;;) {
          if (!read(at, word)) fault = true;
          if (fault) break;
          if ((word & mutex_bits::locked) == 0) {
            if (exchange(at, word, word | mutex_bits::locked | mutex_bits::waiters, fault)) taken = true;
            if (taken || fault) break;
          } else if ((word & mutex_bits::waiters) != 0 || exchange(at, word, word | mutex_bits::waiters, fault) || fault) {
            break;
          }
        }
      }
      if (fault) return errc::fault;
      if (taken) return {};
      switch (place.wait(caller_, until)) {
      case wakeup::interrupted: return errc::intr;
      case wakeup::timed_out: return errc::time;
      default: break;
      }
    }
  }
  outcome unlock(u64 mutex) {
    u32 word = 0;
    const u64 at = mutex + mutex_offset::lock_word;
    bool fault = false;
    do {
      if (!read(at, word)) return errc::fault;
    } while (!exchange(at, word, word & ~(mutex_bits::locked | mutex_bits::waiters), fault) && !fault);
    if (fault) return errc::fault;
    return (word & mutex_bits::waiters) != 0 ? wake_mutex(mutex, 1) : outcome{};
  }
  /// User code has released it, and saw that somebody waits.
  outcome wake_mutex(u64 mutex, u32 count) {
    parking_key key;
    if (errc e = key_of(mutex, mutex_offset::type, key); e != errc::none) return e;
    const typename K::section inside;
    (void)parking_place<K>::call(key, count);
    return {};
  }

  // --- condition variables
  /// Releases the mutex and waits. The mutex is not taken again: that is for user code.
  outcome wait(u64 condition, u64 mutex, u64 until) {
    parking_key key;
    if (errc e = key_of(condition, condition_offset::type, key); e != errc::none) return e;
    const typename K::section inside;
    parking_place<K> place{key};
    {
      // In line now: whoever signals from here on calls this thread.
      const typename K::outside_section copying;
      if (errc e = set_bits(condition + condition_offset::word, condition_bits::waiters); e != errc::none) return e;
      if (auto released = unlock(mutex); !released) return released;
    }
    switch (place.wait(caller_, until)) {
    case wakeup::interrupted: return errc::intr;
    case wakeup::timed_out: return errc::time;
    default: return {};
    }
  }
  /// The waiters' byte stays: it only means a call too many.
  outcome signal(u64 condition, u32 count) {
    parking_key key;
    if (errc e = key_of(condition, condition_offset::type, key); e != errc::none) return e;
    const typename K::section inside;
    (void)parking_place<K>::call(key, count);
    return {};
  }

  // --- semaphores
  /// EBUSY if it is at zero and `wait` is false.
  outcome take(u64 semaphore, u64 until, bool wait = true) {
    parking_key key;
    if (errc e = key_of(semaphore, semaphore_offset::type, key); e != errc::none) return e;
    for (;;) {
      bool taken = false;
      if (errc e = count_down(semaphore, taken); e != errc::none) return e;
      if (taken) return {};
      if (!wait) return errc::busy;
      const typename K::section inside;
      parking_place<K> place{key};
      errc failed = errc::none;
      {
        // In line now: a post from here on is not missed.
        const typename K::outside_section copying;
        failed = set_bits(semaphore + semaphore_offset::word, semaphore_bits::waiters);
        if (failed == errc::none) failed = count_down(semaphore, taken);
      }
      if (failed != errc::none) return failed;
      if (taken) return {};
      switch (place.wait(caller_, until)) {
      case wakeup::interrupted: return errc::intr;
      case wakeup::timed_out: return errc::time;
      default: break;
      }
    }
  }
  outcome post(u64 semaphore) {
    parking_key key;
    if (errc e = key_of(semaphore, semaphore_offset::type, key); e != errc::none) return e;
    u32 count = 0;
    bool fault = false;
    do {
      if (!read(semaphore + semaphore_offset::count, count)) return errc::fault;
      if (count >= semaphore_limit) return errc::overflow;
    } while (!exchange(semaphore + semaphore_offset::count, count, count + 1, fault) && !fault);
    if (fault) return errc::fault;
    const typename K::section inside;
    (void)parking_place<K>::call(key, 1);
    return {};
  }

  // --- locks for reading or for writing
  outcome take_rwlock(u64 lock, bool to_write, u64 until, bool wait) {
    parking_key key;
    if (errc e = key_of(lock, rwlock_offset::type, key); e != errc::none) return e;
    for (;;) {
      const typename K::section inside;
      parking_place<K> place{key};
      bool taken = false;
      errc failed = errc::none;
      {
        const typename K::outside_section copying;
        failed = try_rwlock(lock, to_write, wait, taken);
      }
      if (failed != errc::none) return failed;
      if (taken) return {};
      if (!wait) return errc::busy;
      switch (place.wait(caller_, until)) {
      case wakeup::interrupted: return errc::intr;
      case wakeup::timed_out: return errc::time;
      default: break;
      }
    }
  }
  /// EPERM if nobody holds it. All who wait try again.
  outcome release_rwlock(u64 lock) {
    parking_key key;
    if (errc e = key_of(lock, rwlock_offset::type, key); e != errc::none) return e;
    u32 state = 0;
    bool fault = false;
    if (!read(lock + rwlock_offset::state, state)) return errc::fault;
    for (;;) {
      if ((state & (rwlock_bits::written | rwlock_bits::readers)) == 0) return errc::perm;
      u32 next = (state & rwlock_bits::written) != 0 ? state & ~rwlock_bits::written : state - 1;
      if ((next & rwlock_bits::readers) == 0) next = 0;
      if (exchange(lock + rwlock_offset::state, state, next, fault)) break;
      if (fault) return errc::fault;
    }
    const typename K::section inside;
    (void)parking_place<K>::call(key, ~u32{0});
    return {};
  }

private:
  errc try_rwlock(u64 lock, bool to_write, bool wait, bool& taken) {
    const u64 at = lock + rwlock_offset::state;
    u32 state = 0;
    bool fault = false;
    if (!read(at, state)) return errc::fault;
    while (!fault) {
      const bool is_free = (state & rwlock_bits::written) == 0 && (!to_write || (state & rwlock_bits::readers) == 0);
      if (!is_free && (!wait || (state & rwlock_bits::waiters) != 0)) return errc::none;
      const u32 next = !is_free ? state | rwlock_bits::waiters : to_write ? state | rwlock_bits::written : state + 1;
      if (!exchange(at, state, next, fault)) continue;
      taken = is_free;
      return errc::none;
    }
    return errc::fault;
  }

  /// By its type: private to the process, or shared.
  errc key_of(u64 object, u64 type_offset, parking_key& to) {
    if (object % sizeof(u32) != 0) return errc::inval;
    u16 type = 0;
    if (!K::copy_in(caller_, &type, object + type_offset, sizeof type)) return errc::fault;
    const typename K::section inside;
    to = {(type & shared_between_processes) != 0 ? 0 : K::signal_target_of(caller_).id, object};
    return errc::none;
  }

  bool read(u64 at, u32& to) { return K::copy_in(caller_, &to, at, sizeof to); }
  /// False if the word has changed meanwhile: `word` is what it is then.
  bool exchange(u64 at, u32& word, u32 to, bool& fault) {
    u32 seen = 0;
    if (!K::exchange_user_word(caller_, at, word, to, seen)) {
      fault = true;
      return false;
    }
    if (seen == word) return true;
    word = seen;
    return false;
  }
  bool try_lock(u64 at, u32 word, u32 also) {
    bool fault = false;
    while ((word & mutex_bits::locked) == 0 && !fault)
      if (exchange(at, word, word | mutex_bits::locked | also, fault)) return true;
    return false;
  }
  errc set_bits(u64 at, u32 bits) {
    u32 word = 0;
    bool fault = false;
    if (!read(at, word)) return errc::fault;
    while ((word & bits) != bits && !fault)
      if (exchange(at, word, word | bits, fault)) break;
    return fault ? errc::fault : errc::none;
  }
  errc count_down(u64 semaphore, bool& taken) {
    const u64 at = semaphore + semaphore_offset::count;
    u32 count = 0;
    bool fault = false;
    if (!read(at, count)) return errc::fault;
    while (count != 0 && !fault)
      if (exchange(at, count, count - 1, fault)) {
        taken = true;
        return errc::none;
      }
    return fault ? errc::fault : errc::none;
  }

  typename K::thread& caller_;
};

} // namespace polyabi::lwp
