// Threads that wait on words of user memory (Linux' futexes). Words are told apart by the memory behind them, so that processes that
// share it meet. Whoever waits is in line before it looks at the word: who changes the word and then wakes does not miss it.
#pragma once

#include <polyabi/core/environment.hpp>
#include <polyabi/core/services.hpp>

namespace polyabi::facilities::futex {

/// Any waiter; the bits of a wait and of a wakeup have to meet.
inline constexpr u32 any_bit = ~u32{0};

template <class K>
using outcome = basic_result<i64, either_error<K>>;

template <class K>
struct place_lines;

/// A thread's place at one word. It lies on the thread's stack, and all of it is used inside the section.
template <class K>
class place {
public:
  list_link link;

  place() = default;
  place(const place&) = delete;
  place& operator=(const place&) = delete;
  ~place() { leave(); }

  /// With `lock`, the place is one of those that are called to that lock, by `call_to_lock` alone.
  void enter(const user_word_key& at, u32 for_bits, typename K::wait_queue& sleeper, const user_word_key* lock = nullptr) {
    key_ = at;
    lock_ = lock;
    bits_ = for_bits;
    sleeper_ = &sleeper;
    called_ = false;
    arrival_ = ++arrivals;
    line_of(key_).push_back(*this);
  }
  void leave() { intrusive_list<place, &place::link>::unlink(*this); }
  /// Woken, and in line no more.
  bool called() const { return called_; }

  /// Calls up to `limit` of those who wait at a word; answers how many. EINVAL if one waits there for a lock, or with `lock`, for
  /// anything else.
  [[gnu::noinline]] static outcome<K> call(const user_word_key& at, u32 limit, u32 for_bits = any_bit,
                                           const user_word_key* lock = nullptr) {
    i64 count = 0;
    auto& in = line_of(at);
    for (place* p = in.front(); p != nullptr && count < i64{limit};) {
      place* following = in.next(*p);
      if (p->key_ == at && (p->bits_ & for_bits) != 0) {
        if (!p->awaits(lock)) return errc::inval;
        p->leave();
        p->called_ = true;
        p->sleeper_->wake_all();
        ++count;
      }
      p = following;
    }
    return count;
  }
  /// Moves up to `limit` of those who came no later than `last` to another word; answers how many.
  static outcome<K> move(const user_word_key& from, const user_word_key& to, u32 limit, u64 last) {
    i64 count = 0;
    if (from == to) return count;
    auto& in = line_of(from);
    for (place* p = in.front(); p != nullptr && count < i64{limit};) {
      place* following = in.next(*p);
      if (p->key_ == from && p->arrival_ <= last) {
        if (!p->awaits(nullptr)) return errc::inval;
        p->leave();
        p->key_ = to;
        line_of(to).push_back(*p);
        ++count;
      }
      p = following;
    }
    return count;
  }
  /// Of the place that was taken last.
  static u64 last_arrival() { return arrivals; }

private:
  bool awaits(const user_word_key* lock) const {
    return lock == nullptr || lock_ == nullptr ? lock == lock_ : *lock == *lock_;
  }
  static intrusive_list<place, &place::link>& line_of(const user_word_key& k) { return place_lines<K>::all[k.hash() % std::size(place_lines<K>::all)]; }

  user_word_key key_{};
  u32 bits_ = 0;
  bool called_ = false;
  const user_word_key* lock_ = nullptr; ///< it is called to
  u64 arrival_ = 0;
  typename K::wait_queue* sleeper_ = nullptr;

  static constinit inline u64 arrivals = 0;
};

/// Who waits, by what its word's key hashes to.
template <class K>
struct place_lines {
  static constinit inline intrusive_list<place<K>, &place<K>::link> all[256]{};
};

/// One word of a wait for several.
struct awaited_word {
  u64 address;
  u32 expected;
  bool shared;
};

/// One call's way to words: the memory of a thread, outside the section.
template <class K>
class words {
public:
  explicit words(typename K::thread& caller) : caller_{caller} {}

  /// Waits while a word is as expected: EAGAIN if it is not, ETIMEDOUT, EINTR.
  outcome<K> wait(const awaited_word& word, u32 bits, u64 until) {
    place<K> here[1];
    return wait_in(here, std::span{&word, 1}, bits, until);
  }
  /// The same until it is called to a lock (`call_to_lock`), which is another word.
  outcome<K> wait_for_lock(const awaited_word& word, u64 lock_address, u64 until) {
    user_word_key lock, own;
    {
      const typename K::section inside;
      const auto found = K::word_key(caller_, lock_address, word.shared), other = K::word_key(caller_, word.address, word.shared);
      if (!found) return found.error();
      if (!other) return other.error();
      lock = *found;
      own = *other;
    }
    if (lock == own) return errc::inval;
    place<K> here[1];
    return wait_in(here, std::span{&word, 1}, any_bit, until, &lock);
  }
  /// Those who wait at a word to be called to a lock go there, one and up to `more`. EAGAIN unless the word is as expected.
  outcome<K> call_to_lock(u64 from, u64 lock_address, bool shared, u32 more, u32 expected) {
    u32 now = 0;
    if (!K::copy_in(caller_, &now, from, sizeof now)) return errc::fault;
    const typename K::section inside;
    const auto key = K::word_key(caller_, from, shared), lock = K::word_key(caller_, lock_address, shared);
    if (!key) return key.error();
    if (!lock) return lock.error();
    if (*key == *lock) return errc::inval;
    if (now != expected) return errc::again;
    return place<K>::call(*key, more < any_bit ? more + 1 : more, any_bit, &*lock);
  }
  /// Waits at several words; answers the index of one that was woken. As many places as words.
  outcome<K> wait_for_any(std::span<place<K>> places, std::span<const awaited_word> all, u64 until) {
    return wait_in(places, all, any_bit, until);
  }

  outcome<K> wake(u64 address, bool shared, u32 limit, u32 bits) {
    const typename K::section inside;
    const auto key = K::word_key(caller_, address, shared);
    if (!key) return key.error();
    return place<K>::call(*key, limit, bits);
  }

  /// Wakes some of those who wait at a word and moves others to a second one. With `expected`, EAGAIN unless the word is that.
  /// Answers how many were woken and, if `count_moved`, moved.
  outcome<K> requeue(u64 from, u64 to, bool shared, u32 wakes, u32 moves, const u32* expected) {
    u64 last = 0;
    {
      const typename K::section inside;
      last = place<K>::last_arrival();
    }
    if (expected != nullptr) {
      u32 now = 0;
      if (!K::copy_in(caller_, &now, from, sizeof now)) return errc::fault;
      if (now != *expected) return errc::again;
    }
    const typename K::section inside;
    const auto key = K::word_key(caller_, from, shared), other = K::word_key(caller_, to, shared);
    if (!key) return key.error();
    if (!other) return other.error();
    const auto woken = place<K>::call(*key, wakes);
    if (!woken) return woken;
    const auto moved = place<K>::move(*key, *other, moves, last);
    if (!moved) return moved;
    return *woken + *moved;
  }

  /// Changes a second word, wakes at the first, and at the second if what it was satisfies `asks(old)`.
  template <class Change, class Asks>
  outcome<K> wake_and_change(u64 first, u32 wakes, u64 second, u32 more, bool shared, Change change, Asks asks) {
    u32 old = 0;
    if (!update(second, old, change)) return errc::fault;
    const typename K::section inside;
    const auto key = K::word_key(caller_, first, shared), other = K::word_key(caller_, second, shared);
    if (!key) return key.error();
    if (!other) return other.error();
    const auto woken = place<K>::call(*key, wakes);
    if (!woken || !asks(old)) return woken;
    const auto others = place<K>::call(*other, more);
    if (!others) return others;
    return *woken + *others;
  }

  /// Changes a word by `change(value)` at once. False on a fault. `old` is what it was.
  template <class Change>
  bool update(u64 address, u32& old, Change change) {
    if (!K::copy_in(caller_, &old, address, sizeof old)) return false;
    for (;;) {
      u32 seen = 0;
      if (!K::exchange_user_word(caller_, address, old, change(old), seen)) return false;
      if (seen == old) return true;
      old = seen;
    }
  }

private:
  outcome<K> wait_in(std::span<place<K>> places, std::span<const awaited_word> all, u32 bits, u64 until,
                     const user_word_key* lock = nullptr) {
    const typename K::section inside;
    K::word_cleared = [](typename K::thread& ended, u64 address) {
      if (const auto key = K::word_key(ended, address, true)) (void)place<K>::call(*key, 1);
    };
    typename K::wait_queue sleeper;
    // The places leave before the queue goes.
    struct leaving {
      std::span<place<K>> all;
      ~leaving() {
        for (place<K>& p : all) p.leave();
      }
    } const at_the_end{places};
    for (usize i = 0; i < all.size(); ++i) {
      const auto key = K::word_key(caller_, all[i].address, all[i].shared);
      if (!key) return key.error();
      places[i].enter(*key, bits, sleeper, lock);
    }
    for (usize i = 0; i < all.size(); ++i) {
      u32 now = 0;
      bool read;
      {
        const typename K::outside_section copying;
        read = K::copy_in(caller_, &now, all[i].address, sizeof now);
      }
      // Whoever was counted as woken has been.
      if (const i64 woken = first_called(places); woken >= 0) return woken;
      if (!read) return errc::fault;
      if (now != all[i].expected) return errc::again;
    }
    for (;;) {
      if (const i64 woken = first_called(places); woken >= 0) return woken;
      const wakeup why = K::sleep(caller_, sleeper, until);
      if (const i64 woken = first_called(places); woken >= 0) return woken;
      if (why == wakeup::timed_out) return errc::timedout;
      // A wait until a time is over with a signal that is handled; others begin anew.
      if (why == wakeup::interrupted) return until == no_deadline ? either_error<K>{K::restart_call} : errc::intr;
    }
  }
  static i64 first_called(std::span<place<K>> places) {
    for (usize i = 0; i < places.size(); ++i)
      if (places[i].called()) return static_cast<i64>(i);
    return -1;
  }

  typename K::thread& caller_;
};

using word_services = operation_list<service::custom_files, service::timers, service::user_words>;

} // namespace polyabi::facilities::futex
