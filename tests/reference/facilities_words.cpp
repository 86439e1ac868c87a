// Waiting on words of user memory, and locks in it, over the reference kernel.
#include "facilities.hpp"

#include <polyabi/facilities/futex/locks.hpp>
#include <polyabi/reference/address_space.hpp>

#include <atomic>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace futex = polyabi::facilities::futex;

namespace {

using K = ref::kernel;

/// The answer, or the error's name below zero.
i64 plain(const futex::outcome<K>& o) {
  if (o) return *o;
  return -static_cast<i64>(o.error().is_name() ? o.error().name() : errc::restart);
}
i64 failed(errc e) {
  return -static_cast<i64>(e);
}

i64 wait(guest& g, u64 at, u32 expected, u64 until = no_deadline, u32 bits = futex::any_bit) {
  return g.call([&](ref::thread& t) { return plain(futex::words<K>{t}.wait({at, expected, false}, bits, until)); });
}
i64 wake(guest& g, u64 at, u32 limit, u32 bits = futex::any_bit) {
  return g.call([&](ref::thread& t) { return plain(futex::words<K>{t}.wake(at, false, limit, bits)); });
}
void set_word(guest& g, u64 at, u32 value) {
  g.write(at, &value, sizeof value);
}
void own_ends(ref::thread& t) {
  const K::section inside;
  futex::lock_place<K>::owner_ended(static_cast<u32>(t.id));
}
i64 lock(guest& g, u64 at, u64 until = no_deadline, bool waits = true) {
  return g.call([&](ref::thread& t) {
    return plain(futex::locks<K>{t, static_cast<u32>(t.id), &own_ends}.lock(at, false, until, waits));
  });
}
i64 unlock(guest& g, u64 at) {
  return g.call([&](ref::thread& t) { return plain(futex::locks<K>{t, static_cast<u32>(t.id), &own_ends}.unlock(at, false)); });
}

} // namespace

TEST_CASE("a wait looks at the word, and ends in time", "[words]") {
  simulated::fresh_process g;
  g->process().memory = ref::address_space::make(false);
  const u64 at = g->put<u32>(5);
  CHECK(wait(*g, at, 6) == failed(errc::again));
  CHECK(wait(*g, at, 5, K::monotonic_time() + 2'000'000) == failed(errc::timedout));
  CHECK(plain(g->call([&](ref::thread& t) -> futex::outcome<K> { return futex::words<K>{t}.wake(at + 1, false, 1, 1); })) < 0);
  CHECK(wake(*g, at, 1) == 0);
}

TEST_CASE("threads are woken by their bits, in order, and moved", "[words]") {
  simulated::fresh_process g;
  g->process().memory = ref::address_space::make(false);
  const u64 first = g->put<u32>(0), second = g->put<u32>(0);
  std::atomic<int> woken = 0, waiting = 0;
  const auto start = [&](u32 bits) {
    (void)start_thread(*g, [&, bits](guest& t) {
      ++waiting;
      CHECK(wait(t, first, 0, no_deadline, bits) == 0);
      ++woken;
    });
  };
  for (const u32 bits : {1u, 2u, 3u, 4u}) start(bits);
  CHECK(eventually([&] { return waiting == 4; }));
  sleep_for(*g, 30);
  CHECK(wake(*g, first, 10, 2) == 2);
  CHECK(eventually([&] { return woken == 2; }));
  const u32 wrong = 1, right = 0;
  const auto move = [&](const u32* expected) {
    return g->call([&](ref::thread& t) { return plain(futex::words<K>{t}.requeue(first, second, false, 0, 10, expected)); });
  };
  CHECK(move(&wrong) == failed(errc::again));
  CHECK(move(&right) == 2);
  CHECK(wake(*g, first, 10) == 0);
  CHECK(wake(*g, second, 1) == 1);
  CHECK(wake(*g, second, 10) == 1);
  CHECK(eventually([&] { return woken == 4; }));
  simulated::join_guests();
}

TEST_CASE("a wait for several words tells which", "[words]") {
  simulated::fresh_process g;
  g->process().memory = ref::address_space::make(false);
  const u64 at = g->allocate(8);
  set_word(*g, at, 0);
  set_word(*g, at + 4, 0);
  std::atomic<i64> answer = -1;
  std::atomic<bool> there = false;
  (void)start_thread(*g, [&](guest& t) {
    answer = t.call([&](ref::thread& self) {
      futex::place<K> places[2];
      const futex::awaited_word all[] = {{at, 0, false}, {at + 4, 0, false}};
      there = true;
      return plain(futex::words<K>{self}.wait_for_any(places, all, no_deadline));
    });
  });
  CHECK(eventually([&] { return there.load(); }));
  sleep_for(*g, 30);
  CHECK(wake(*g, at + 4, 1) == 1);
  CHECK(eventually([&] { return answer == 1; }));
  CHECK(wake(*g, at, 1) == 0);
  simulated::join_guests();
}

TEST_CASE("a word is changed and a second one woken if it asks for it", "[words]") {
  simulated::fresh_process g;
  g->process().memory = ref::address_space::make(false);
  const u64 first = g->put<u32>(0), second = g->put<u32>(5);
  const auto change = [&](u32 asked) {
    return g->call([&](ref::thread& t) {
      return plain(futex::words<K>{t}.wake_and_change(
          first, 1, second, 1, false, [](u32 old) { return old + 1; }, [&](u32 old) { return old == asked; }));
    });
  };
  CHECK(change(5) == 0);
  CHECK(g->get<u32>(second) == 6);
}

TEST_CASE("a lock is handed on, and its owner's end is told", "[words]") {
  simulated::fresh_process g;
  g->process().memory = ref::address_space::make(false);
  const u64 at = g->put<u32>(0);
  const u32 self = static_cast<u32>(g->thread().id);
  CHECK(lock(*g, at) == 0);
  CHECK(g->get<u32>(at) == self);
  CHECK(lock(*g, at) == failed(errc::deadlk));
  CHECK(unlock(*g, at) == 0);
  CHECK(unlock(*g, at) == failed(errc::perm));
  CHECK(g->get<u32>(at) == 0);
  SECTION("many take turns") {
    std::atomic<int> inside = 0, most = 0, done = 0;
    for (int i = 0; i < 4; ++i)
      (void)start_thread(*g, [&](guest& t) {
        for (int n = 0; n < 25; ++n) {
          CHECK(lock(t, at) == 0);
          if (++inside > most) most = inside.load();
          --inside;
          CHECK(unlock(t, at) == 0);
        }
        ++done;
      });
    CHECK(eventually([&] { return done == 4; }));
    CHECK(most == 1);
    CHECK(g->get<u32>(at) == 0);
  }
  SECTION("others wait, or do not") {
    CHECK(lock(*g, at) == 0);
    std::atomic<i64> tried = 1, timed = 1;
    (void)start_thread(*g, [&](guest& t) {
      tried = lock(t, at, no_deadline, false);
      timed = lock(t, at, K::monotonic_time() + 2'000'000);
    });
    CHECK(eventually([&] { return timed != 1; }));
    CHECK(tried == failed(errc::again));
    CHECK(timed == failed(errc::timedout));
    CHECK(unlock(*g, at) == 0);
  }
  SECTION("the owner ends") {
    std::atomic<bool> held = false;
    (void)start_thread(*g, [&](guest& t) {
      CHECK(lock(t, at) == 0);
      held = true;
      sleep_for(t, 50);
    });
    CHECK(eventually([&] { return held.load(); }));
    CHECK(lock(*g, at) == 0);
    CHECK((g->get<u32>(at) & futex::lock_bits::owner_died) != 0);
    CHECK((g->get<u32>(at) & futex::lock_bits::owner) == self);
  }
  SECTION("the owner never was") {
    set_word(*g, at, 0x3ffffff0);
    CHECK(lock(*g, at) == failed(errc::srch));
  }
  simulated::join_guests();
}
