// Light-weight processes and how they synchronise, over the reference kernel.
#include "facilities.hpp"

#include <polyabi/facilities/lwp/synchronisation.hpp>
#include <polyabi/facilities/lwp/table.hpp>
#include <polyabi/reference/address_space.hpp>

#include <atomic>
#include <thread>
#include <vector>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace lwp = polyabi::facilities::lwp;

namespace {

using K = ref::kernel;
using table = lwp::table<K>;

/// Inside the section, with the process' table and the caller's place in it.
template <class Work>
auto with_own(guest& g, Work work) {
  return g.call([&](ref::thread& t) {
    const K::section inside;
    table* all = table::make(t, t.id);
    REQUIRE(all != nullptr);
    auto* self = all->find_thread(t.id);
    REQUIRE(self != nullptr);
    return work(t, *all, *self);
  });
}

/// An LWP that runs `program`; answers its number.
i32 start(guest& g, lwp::kind is, std::function<void(guest&)> program, bool suspended = false) {
  g.child_program = [program = std::move(program)](guest& self) {
    program(self);
    (void)perform(self, op::exit_thread{}, 0);
  };
  i32 number = 0;
  g.system_call([&](ref::thread& t) {
    auto made = polyabi::perform<K>(op::create_thread{}, t);
    REQUIRE(made);
    {
      const K::section inside;
      table* all = table::make(t, t.id);
      auto* added = all->add(made->id(), is);
      REQUIRE(added != nullptr);
      number = added->number;
      added->stands = suspended;
      if (suspended) REQUIRE(K::suspend_thread(t, made->id()));
    }
    (void)polyabi::detail::derived_entry::commit(*made);
  });
  return number;
}

template <class Outcome>
i64 plain(const Outcome& o) {
  if (o) return 0;
  return -static_cast<i64>(o.error().name());
}
i64 failed(errc e) {
  return -static_cast<i64>(e);
}
/// The number of who has ended, or the error below zero.
i64 wait(guest& g, i32 number) {
  return with_own(g, [&](ref::thread& t, table& all, auto& self) -> i64 {
    auto o = all.wait(t, self, number);
    return o ? *o : -static_cast<i64>(o.error().name());
  });
}
errc detach(guest& g, i32 number) {
  return with_own(g, [&](ref::thread&, table& all, auto&) { return all.detach(number); });
}
errc suspend(guest& g, i32 number) {
  return with_own(g, [&](ref::thread& t, table& all, auto& self) { return all.suspend(t, self, number); });
}
errc resume(guest& g, i32 number) {
  return with_own(g, [&](ref::thread& t, table& all, auto&) { return all.resume(t, number); });
}
template <class Work>
i64 synchronise(guest& g, Work work) {
  return g.call([&](ref::thread& t) {
    lwp::synchroniser<K> s{t};
    return plain(work(s));
  });
}
constexpr lwp::patience never{.at_all = false};
lwp::patience soon() {
  return {.until = K::monotonic_time() + 2'000'000};
}

/// `holds` makes calls of its own.
template <class Condition>
bool soon_holds(guest& g, Condition holds) {
  for (int i = 0; i < 2000; ++i) {
    if (holds()) return true;
    sleep_for(g, 1);
  }
  return false;
}

/// Ends with all of its LWPs.
struct lwp_process {
  simulated::fresh_process g;
  lwp_process() { g->process().memory = ref::address_space::make(false); }
  guest& operator*() { return *g; }
};

} // namespace

TEST_CASE("LWPs count from 1 and are waited for once", "[lwp]") {
  lwp_process p;
  std::atomic<bool> go = false;
  CHECK(wait(*p, 1) == failed(errc::deadlk));
  CHECK(wait(*p, 0) == failed(errc::deadlk));
  CHECK(wait(*p, 2) == failed(errc::srch));
  const auto until_go = [&](guest&) {
    while (!go) std::this_thread::yield();
  };
  const i32 first = start(*p, {}, until_go), second = start(*p, {.detached = true}, until_go), third = start(*p, {}, until_go);
  CHECK(first == 2);
  CHECK(second == 3);
  CHECK(wait(*p, second) == failed(errc::inval));
  CHECK(detach(*p, second) == errc::inval);
  go = true;
  CHECK(wait(*p, third) == third);
  CHECK(wait(*p, 0) == first);
  CHECK(wait(*p, first) == failed(errc::srch));
  CHECK(soon_holds(*p, [&] { return detach(*p, second) == errc::srch; }));
}

TEST_CASE("an LWP that has ended is forgotten when it is detached", "[lwp]") {
  lwp_process p;
  const i32 number = start(*p, {}, [](guest&) {});
  CHECK(soon_holds(
      *p, [&] { return with_own(*p, [&](ref::thread&, table& all, auto&) { return all.find_running(number) == nullptr; }); }));
  CHECK(detach(*p, number) == errc::none);
  CHECK(detach(*p, number) == errc::srch);
}

TEST_CASE("those who wait for each other, or all for any, would wait for ever", "[lwp]") {
  lwp_process p;
  std::atomic<i64> answer = 1;
  const i32 other = start(*p, {}, [&](guest& self) { answer = wait(self, 1); });
  CHECK(soon_holds(*p, [&] { return with_own(*p, [&](ref::thread&, table& all, auto&) { return all.find(other)->waits; }); }));
  CHECK(wait(*p, other) == failed(errc::deadlk));
  CHECK(wait(*p, 0) == failed(errc::deadlk));
  SECTION("and one that waits for any is told when the last one begins to wait") {
    std::atomic<i64> any = 1;
    const i32 third = start(*p, {}, [&](guest& self) { any = wait(self, 0); });
    CHECK(
        soon_holds(*p, [&] { return with_own(*p, [&](ref::thread&, table& all, auto&) { return all.find(third)->waits; }); }));
    CHECK(wait(*p, third) == third);
    CHECK(any == failed(errc::deadlk));
  }
  CHECK(answer == 1);
}

TEST_CASE("a process goes on for its last LWP that is no daemon", "[lwp]") {
  lwp_process p;
  std::atomic<bool> go = false;
  const auto until_go = [&](guest&) {
    while (!go) std::this_thread::yield();
  };
  const i32 other = start(*p, {}, until_go);
  (void)start(*p, {.daemon = true}, until_go);
  const auto last = [&] { return with_own(*p, [&](ref::thread&, table& all, auto& self) { return all.last_to_end(self); }); };
  CHECK_FALSE(last());
  CHECK(detach(*p, other) == errc::none);
  go = true;
  CHECK(soon_holds(*p, last));
}

TEST_CASE("a suspended LWP stands where it is, and loses nothing", "[lwp]") {
  lwp_process p;
  const u64 semaphore = p.g->allocate(24);
  const u64 zero[3]{};
  p.g->write(semaphore, zero, sizeof zero);
  CHECK(suspend(*p, 1) == errc::deadlk);
  CHECK(suspend(*p, 9) == errc::srch);
  CHECK(resume(*p, 9) == errc::srch);
  std::atomic<i64> taken = 1;
  const auto take = [&](guest& self) { taken = synchronise(self, [&](auto& s) { return s.take(semaphore, {}); }); };
  SECTION("in a sleep") {
    const i32 number = start(*p, {}, take);
    sleep_for(*p, 20);
    CHECK(suspend(*p, number) == errc::none);
    CHECK(suspend(*p, number) == errc::none);
    CHECK(synchronise(*p, [&](auto& s) { return s.post(semaphore); }) == 0);
    sleep_for(*p, 20);
    CHECK(taken == 1);
    CHECK(resume(*p, number) == errc::none);
    CHECK(wait(*p, number) == number);
    CHECK(taken == 0);
  }
  SECTION("before it begins") {
    const i32 number = start(*p, {}, take, true);
    CHECK(synchronise(*p, [&](auto& s) { return s.post(semaphore); }) == 0);
    sleep_for(*p, 20);
    CHECK(taken == 1);
    CHECK(p.g->get<u32>(semaphore) == 1);
    CHECK(resume(*p, number) == errc::none);
    CHECK(wait(*p, number) == number);
    CHECK(taken == 0);
  }
  SECTION("and dies with its process") {
    (void)start(*p, {}, take, true);
  }
}

TEST_CASE("a call that comes before the parking is kept, once", "[lwp]") {
  lwp_process p;
  const auto park = [](guest& g, u64 until) {
    return with_own(g, [&](ref::thread& t, table& all, auto& self) { return all.park(t, self, until); });
  };
  const auto call = [&](i32 number, bool now = true) {
    return with_own(*p, [&](ref::thread&, table& all, auto&) { return all.call(number, now); });
  };
  CHECK(call(1) == errc::none);
  CHECK(call(1) == errc::none);
  CHECK(call(7) == errc::srch);
  CHECK(park(*p, no_deadline) == errc::none);
  CHECK(park(*p, K::monotonic_time() + 1'000'000) == errc::time);
  CHECK(call(1) == errc::none);
  CHECK(call(1, false) == errc::none);
  CHECK(park(*p, K::monotonic_time() + 1'000'000) == errc::time);
  std::atomic<int> woken = 0;
  const i32 number = start(*p, {}, [&](guest& self) {
    CHECK(park(self, no_deadline) == errc::none);
    ++woken;
  });
  sleep_for(*p, 20);
  CHECK(woken == 0);
  CHECK(call(number) == errc::none);
  CHECK(wait(*p, number) == number);
  CHECK(woken == 1);
}

TEST_CASE("mutexes keep others out and count who waits", "[lwp]") {
  lwp_process p;
  const u64 mutex = p.g->allocate(24);
  const u64 zero[3]{};
  p.g->write(mutex, zero, sizeof zero);
  int inside = 0, most = 0; // guarded by the mutex
  std::vector<i32> numbers;
  for (int i = 0; i < 4; ++i)
    numbers.push_back(start(*p, {}, [&](guest& self) {
      for (int n = 0; n < 50; ++n) {
        CHECK(synchronise(self, [&](auto& s) { return s.lock(mutex, {}); }) == 0);
        if (++inside > most) most = inside;
        --inside;
        CHECK(synchronise(self, [&](auto& s) { return s.unlock(mutex); }) == 0);
      }
    }));
  for (const i32 number : numbers) CHECK(wait(*p, number) == number);
  CHECK(most == 1);
  CHECK(p.g->get<u32>(mutex + lwp::mutex_offset::lock_word) == 0);
  CHECK(synchronise(*p, [&](auto& s) { return s.lock(mutex, never); }) == 0);
  CHECK(synchronise(*p, [&](auto& s) { return s.lock(mutex, never); }) == failed(errc::busy));
  CHECK(p.g->get<u32>(mutex + lwp::mutex_offset::lock_word) == lwp::mutex_bits::locked);
  CHECK(synchronise(*p, [&](auto& s) { return s.lock(mutex, soon()); }) == failed(errc::time));
  CHECK(synchronise(*p, [&](auto& s) { return s.lock(mutex, {.wrong = errc::inval}); }) == failed(errc::inval));
  CHECK(p.g->get<u32>(mutex + lwp::mutex_offset::lock_word) == (lwp::mutex_bits::locked | lwp::mutex_bits::waiters));
  CHECK(synchronise(*p, [&](auto& s) { return s.lock(mutex + 2, {}); }) == failed(errc::inval));
}

TEST_CASE("a condition's waiter is in line before it lets the mutex go", "[lwp]") {
  lwp_process p;
  const u64 mutex = p.g->allocate(24), condition = p.g->allocate(16);
  const u64 zero[3]{};
  p.g->write(mutex, zero, sizeof zero);
  p.g->write(condition, zero, 16);
  int turn = 0; // guarded by the mutex
  const auto program = [&](int own) {
    return [&, own](guest& self) {
      for (int i = 0; i < 100; ++i) {
        CHECK(synchronise(self, [&](auto& s) { return s.lock(mutex, {}); }) == 0);
        while (turn != own) {
          CHECK(synchronise(self, [&](auto& s) { return s.wait(condition, mutex, {}); }) == 0);
          CHECK(synchronise(self, [&](auto& s) { return s.lock(mutex, {}); }) == 0);
        }
        turn = 1 - own;
        CHECK(synchronise(self, [&](auto& s) { return s.signal(condition, 1); }) == 0);
        CHECK(synchronise(self, [&](auto& s) { return s.unlock(mutex); }) == 0);
      }
    };
  };
  const i32 first = start(*p, {}, program(0)), second = start(*p, {}, program(1));
  CHECK(wait(*p, first) == first);
  CHECK(wait(*p, second) == second);
  CHECK(synchronise(*p, [&](auto& s) { return s.lock(mutex, {}); }) == 0);
  CHECK(synchronise(*p, [&](auto& s) { return s.wait(condition, mutex, soon()); }) == failed(errc::time));
  CHECK(p.g->get<u32>(mutex + lwp::mutex_offset::lock_word) == 0);
}

TEST_CASE("semaphores count, and end where they must", "[lwp]") {
  lwp_process p;
  const u64 semaphore = p.g->allocate(24);
  const u64 zero[3]{};
  p.g->write(semaphore, zero, sizeof zero);
  CHECK(synchronise(*p, [&](auto& s) { return s.take(semaphore, never); }) == failed(errc::busy));
  CHECK(synchronise(*p, [&](auto& s) { return s.take(semaphore, soon()); }) == failed(errc::time));
  CHECK(p.g->get<u32>(semaphore + lwp::semaphore_offset::word) == lwp::semaphore_bits::waiters);
  CHECK(synchronise(*p, [&](auto& s) { return s.post(semaphore); }) == 0);
  CHECK(synchronise(*p, [&](auto& s) { return s.take(semaphore, {.wrong = errc::inval}); }) == 0);
  const u32 most = lwp::semaphore_limit;
  p.g->write(semaphore, &most, sizeof most);
  CHECK(synchronise(*p, [&](auto& s) { return s.post(semaphore); }) == failed(errc::overflow));
}

TEST_CASE("a lock is for one writer or many readers, and is entered with its mutex", "[lwp]") {
  lwp_process p;
  const auto mapped = perform(*p, op::map{}, u64{0}, u64{4096}, ref::protections::read | ref::protections::write,
                              ref::map_flags::shared | ref::map_flags::anonymous, -1, i64{0});
  REQUIRE(mapped);
  const u64 lock = *mapped, mutex = lock + lwp::rwlock_offset::mutex;
  CHECK(synchronise(*p, [&](auto& s) { return s.take_rwlock(lock, true, {}); }) == failed(errc::inval));
  const u16 shared = lwp::shared_between_processes;
  p.g->write(lock + lwp::rwlock_offset::type, &shared, sizeof shared);
  p.g->write(mutex + lwp::mutex_offset::type, &shared, sizeof shared);
  const auto take = [&](guest& g, bool write, const lwp::patience& how) {
    CHECK(synchronise(g, [&](auto& s) { return s.lock(mutex, {}); }) == 0);
    const i64 answer = synchronise(g, [&](auto& s) { return s.take_rwlock(lock, write, how); });
    return answer;
  };
  const auto state = [&] { return p.g->get<u32>(lock); };
  CHECK(take(*p, false, {}) == 0);
  CHECK(take(*p, false, never) == 0);
  CHECK(state() == 2);
  CHECK(take(*p, true, never) == failed(errc::busy));
  CHECK(take(*p, true, soon()) == failed(errc::time));
  CHECK(p.g->get<u32>(mutex + lwp::mutex_offset::lock_word) == 0);
  std::atomic<i64> written = 1;
  const i32 writer = start(*p, {}, [&](guest& self) { written = take(self, true, {}); });
  sleep_for(*p, 20);
  const auto release = [&] { return synchronise(*p, [&](auto& s) { return s.release_rwlock(lock); }); };
  CHECK(release() == 0);
  CHECK(written == 1);
  CHECK(release() == 0);
  CHECK(wait(*p, writer) == writer);
  CHECK(written == 0);
  CHECK((state() & lwp::rwlock_bits::written) != 0);
  CHECK(take(*p, false, never) == failed(errc::busy));
  CHECK(release() == 0);
  CHECK(state() == 0);
}
