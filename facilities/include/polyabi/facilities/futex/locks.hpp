// Locks in user memory that know their owner (Linux' PI futexes), and locks whose owner dies (robust lists). The word is 0, or the
// owner's thread number with two bits.
//
// There is one scheduling class, so an owner has no priority to inherit: those who wait get the lock in the order in which they came.
#pragma once

#include <polyabi/facilities/futex/waiting.hpp>

namespace polyabi::facilities::futex {

/// FUTEX_WAITERS, FUTEX_OWNER_DIED and FUTEX_TID_MASK.
namespace lock_bits {
inline constexpr u32 waiters = 0x80000000, owner_died = 0x40000000, owner = 0x3fffffff;
}

template <class K>
struct lock_line;

/// A thread that wants a lock. On its stack; inside the section.
template <class K>
class lock_place {
public:
  list_link link;

  explicit lock_place(const user_word_key& k) : key_{k} { lock_line<K>::all.push_back(*this); }
  /// One that was called and goes without having looked leaves the call to the next.
  ~lock_place() {
    lock_line<K>::all.remove(*this);
    if (called_) call_first(key_);
  }
  lock_place(const lock_place&) = delete;
  lock_place& operator=(const lock_place&) = delete;

  /// Until the lock may be free. The first in line has been called for good.
  wakeup wait(typename K::thread& caller, u64 until) {
    while (!called_) {
      const wakeup why = K::sleep(caller, sleeper_, until);
      if (!called_ && why != wakeup::woken) return why;
    }
    called_ = false;
    return wakeup::woken;
  }
  /// Whom it waits for: its end calls, too.
  u32 owner = 0;

  static bool anybody(const user_word_key& at, const lock_place* but = nullptr) {
    for (lock_place* p = lock_line<K>::all.front(); p != nullptr; p = lock_line<K>::all.next(*p))
      if (p != but && p->key_ == at) return true;
    return false;
  }
  static void call_first(const user_word_key& at) {
    for (lock_place* p = lock_line<K>::all.front(); p != nullptr; p = lock_line<K>::all.next(*p)) {
      if (!(p->key_ == at)) continue;
      p->call();
      return;
    }
  }
  /// A thread has ended: all who waited for it look again.
  static void owner_ended(u32 thread) {
    for (lock_place* p = lock_line<K>::all.front(); p != nullptr; p = lock_line<K>::all.next(*p))
      if (p->owner == thread) p->call();
  }

private:
  void call() {
    called_ = true;
    sleeper_.wake_all();
  }

  user_word_key key_;
  bool called_ = false;
  typename K::wait_queue sleeper_;
};

/// All who want one.
template <class K>
struct lock_line {
  static constinit inline intrusive_list<lock_place<K>, &lock_place<K>::link> all{};
};

/// One call's way to locks. `own` is the caller's number, as it stands in the word.
template <class K>
class locks {
public:
  /// `at_end` is called when a thread ends that somebody waits for; it leads to `owner_ended`.
  locks(typename K::thread& caller, u32 own, void (*at_end)(typename K::thread&))
      : caller_{caller}, words_{caller}, own_{own}, at_end_{at_end} {}

  /// EDEADLK for one's own, EAGAIN if it is held and `wait` is false, ESRCH if nobody is its owner, ETIMEDOUT.
  outcome<K> lock(u64 address, bool shared, u64 until, bool wait) {
    bool taken = false;
    u32 word = 0;
    // Who only tries leaves the mark as well.
    if (errc e = attempt(address, false, taken, word, !wait); e != errc::none || taken) return finished(e);
    if (!wait) return errc::again;
    const typename K::section inside;
    const auto key = K::word_key(caller_, address, shared);
    if (!key) return key.error();
    lock_place<K> here{*key};
    for (;;) {
      const bool others = lock_place<K>::anybody(*key, &here);
      errc failed = errc::none;
      {
        // In line now: a release from here on is not missed.
        const typename K::outside_section copying;
        failed = attempt(address, others, taken, word, true);
      }
      if (failed != errc::none || taken) return finished(failed);
      here.owner = word & lock_bits::owner;
      if (!K::at_thread_end(static_cast<i32>(here.owner), at_end_)) {
        // It has ended. Whoever saw its end marks the word; a number that never was anybody's is an error.
        if (!ended_) return errc::srch;
        ended_ = false;
        {
          const typename K::outside_section copying;
          failed = inherit(address, word, others, taken);
        }
        if (failed != errc::none || taken) return finished(failed);
        continue;
      }
      switch (here.wait(caller_, until)) {
      case wakeup::timed_out: return errc::timedout;
      case wakeup::interrupted: return K::restart_call;
      default: ended_ = true;
      }
    }
  }

  /// EPERM unless it is the caller's.
  outcome<K> unlock(u64 address, bool shared) {
    u32 word = 0;
    if (!K::copy_in(caller_, &word, address, sizeof word)) return errc::fault;
    if ((word & lock_bits::owner) != own_) return errc::perm;
    user_word_key key;
    bool others;
    {
      const typename K::section inside;
      const auto found = K::word_key(caller_, address, shared);
      if (!found) return found.error();
      key = *found;
      others = lock_place<K>::anybody(key);
    }
    // Who comes in line now sees that the lock is free.
    if (!words_.update(address, word, [&](u32) { return others ? lock_bits::waiters : 0; })) return errc::fault;
    const typename K::section inside;
    lock_place<K>::call_first(key);
    return i64{0};
  }

private:
  static outcome<K> finished(errc e) {
    if (e != errc::none) return e;
    return i64{0};
  }

  /// Takes the lock if it is free; otherwise says, with `mark`, that somebody waits. `word` is the owner's then.
  errc attempt(u64 address, bool others, bool& taken, u32& word, bool mark = false) {
    const auto next = [&](u32 now) {
      if ((now & lock_bits::owner) != 0) return mark && (now & lock_bits::owner) != own_ ? now | lock_bits::waiters : now;
      return own_ | (now & lock_bits::owner_died) | (others ? lock_bits::waiters : 0);
    };
    if (!words_.update(address, word, next)) return errc::fault;
    taken = (word & lock_bits::owner) == 0;
    return (word & lock_bits::owner) == own_ ? errc::deadlk : errc::none;
  }
  /// The lock of an owner that has ended.
  errc inherit(u64 address, u32 of, bool others, bool& taken) {
    u32 word = 0;
    const auto next = [&](u32 now) {
      if ((now & lock_bits::owner) != (of & lock_bits::owner)) return now;
      return own_ | lock_bits::owner_died | (others ? lock_bits::waiters : 0);
    };
    if (!words_.update(address, word, next)) return errc::fault;
    taken = (word & lock_bits::owner) == (of & lock_bits::owner);
    return errc::none;
  }

  typename K::thread& caller_;
  words<K> words_;
  u32 own_;
  void (*at_end_)(typename K::thread&);
  bool ended_ = false; ///< the owner that was waited for may have ended
};

/// A lock that a dying thread may hold. It is told so, and one who waits is woken.
template <class K>
void release_of_the_dead(typename K::thread& dying, u32 own, u64 address, bool with_owner, bool pending) {
  if (address % sizeof(u32) != 0) return;
  words<K> memory{dying};
  u32 word = 0;
  if (!K::copy_in(dying, &word, address, sizeof word)) return;
  const bool was_being_released = pending && !with_owner && word == 0;
  if (!was_being_released) {
    if ((word & lock_bits::owner) != own) return;
    if (!memory.update(address, word, [&](u32 now) {
          return (now & lock_bits::owner) == own ? (now & lock_bits::waiters) | lock_bits::owner_died : now;
        }))
      return;
    if ((word & lock_bits::owner) != own || (word & lock_bits::waiters) == 0) return;
  }
  if (!with_owner) (void)memory.wake(address, true, 1, any_bit);
}

} // namespace polyabi::facilities::futex
