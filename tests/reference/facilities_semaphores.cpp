// System V semaphores over the reference kernel.
#include "facilities.hpp"

#include <polyabi/facilities/system_v/semaphores.hpp>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace system_v = polyabi::facilities::system_v;

namespace {

using K = ref::kernel;
using sets = system_v::semaphores<K>;
using operation = system_v::semaphore_operation;
constexpr u32 nowait = native_number<void, system_v::semaphore_flag::nowait>, undo = native_number<void, system_v::semaphore_flag::undo>;

system_v::caller who(ref::thread& t) {
  return system_v::caller_of<K>(t);
}
i32 make(guest& g, i32 count, u32 mode = 0600, i32 key = system_v::private_key) {
  return g.call([&](ref::thread& t) {
    const auto made = sets::get(who(t), {}, key, count, {native_number<void, system_v::ipc_flag::creat>, mode});
    return made ? *made : -static_cast<i32>(made.error());
  });
}
errc operate(guest& g, i32 id, std::initializer_list<operation> operations, u64 until = no_deadline) {
  return g.call(
      [&](ref::thread& t) { return sets::operate(t, who(t), id, std::span{operations.begin(), operations.size()}, until); });
}
i32 ask(guest& g, i32 id, i32 number, system_v::control what = system_v::control::get_value) {
  return g.call([&](ref::thread& t) {
    const auto answer = sets::ask(who(t), id, number, what);
    return answer ? *answer : -static_cast<i32>(answer.error());
  });
}
errc set_value(guest& g, i32 id, i32 number, i32 value) {
  return g.call([&](ref::thread& t) { return sets::set_value(who(t), id, number, value); });
}
errc remove(guest& g, i32 id) {
  return g.call([&](ref::thread& t) { return sets::remove(who(t), id); });
}
/// Waits, at most two seconds, until a semaphore answers this.
bool becomes(guest& g, i32 id, i32 number, i32 wanted, system_v::control what) {
  for (int i = 0; i < 400 && ask(g, id, number, what) != wanted; ++i) sleep_for(g, 5);
  return ask(g, id, number, what) == wanted;
}
bool waits(guest& g, i32 id, i32 number, i32 count, system_v::control what = system_v::control::get_waiting) {
  return becomes(g, id, number, count, what);
}

} // namespace

TEST_CASE("all operations of a call are done, or none", "[semaphores]") {
  simulated::fresh_process g;
  const i32 id = make(*g, 2);
  CHECK(operate(*g, id, {{0, 3, 0}, {1, 1, 0}}) == errc::none);
  CHECK(operate(*g, id, {{0, -2, 0}, {1, -2, nowait}}) == errc::again);
  CHECK(ask(*g, id, 0) == 3);
  CHECK(operate(*g, id, {{0, -2, 0}, {1, -1, nowait}}) == errc::none);
  CHECK(ask(*g, id, 0) == 1);
  CHECK(operate(*g, id, {{0, 32767, 0}}) == errc::range);
  CHECK(operate(*g, id, {{2, 1, 0}}) == errc::fbig);
  CHECK(operate(*g, id, {{0, 0, nowait}}) == errc::again);
  CHECK(operate(*g, id, {{1, 0, nowait}}) == errc::none);
  CHECK(ask(*g, id, 0, system_v::control::get_pid) == g->process().id);
  CHECK(remove(*g, id) == errc::none);
  CHECK(operate(*g, id, {{0, 1, 0}}) == errc::inval);
}

TEST_CASE("who waits goes on when it can, or when the set is removed", "[semaphores]") {
  simulated::fresh_process g;
  const i32 id = make(*g, 1);
  const i32 first = fork(*g, [&](guest& c) { CHECK(operate(c, id, {{0, -2, 0}}) == errc::none); });
  CHECK(waits(*g, id, 0, 1));
  CHECK(operate(*g, id, {{0, 1, 0}}) == errc::none);
  CHECK(ask(*g, id, 0, system_v::control::get_waiting) == 1);
  CHECK(operate(*g, id, {{0, 1, 0}}) == errc::none);
  CHECK(wait_for(*g, first).status == 0);
  CHECK(ask(*g, id, 0) == 0);
  const i32 second = fork(*g, [&](guest& c) { CHECK(operate(c, id, {{0, -1, 0}}) == errc::idrm); });
  CHECK(waits(*g, id, 0, 1));
  CHECK(remove(*g, id) == errc::none);
  CHECK(wait_for(*g, second).status == 0);
}

TEST_CASE("a wait ends in time, and by a signal", "[semaphores]") {
  simulated::fresh_process g;
  const i32 id = make(*g, 1);
  CHECK(operate(*g, id, {{0, -1, 0}}, K::monotonic_time() + 5'000'000) == errc::again);
  CHECK(set_value(*g, id, 0, 1) == errc::none);
  const i32 child = fork(*g, [&](guest& c) {
    CHECK(set_handler(c, ref::signals::usr1, 0x1000) == error::none);
    CHECK(operate(c, id, {{0, 0, 0}}) == errc::intr);
  });
  CHECK(waits(*g, id, 0, 1, system_v::control::get_waiting_for_zero));
  CHECK(send(*g, child, ref::signals::usr1) == error::none);
  CHECK(wait_for(*g, child).status == 0);
  CHECK(ask(*g, id, 0, system_v::control::get_waiting_for_zero) == 0);
  CHECK(remove(*g, id) == errc::none);
}

TEST_CASE("what a process did is undone when it ends, whichever way", "[semaphores]") {
  simulated::fresh_process g;
  const i32 id = make(*g, 2), other = make(*g, 1);
  CHECK(operate(*g, id, {{0, 5, 0}, {1, 5, 0}}) == errc::none);
  SECTION("it exits") {
    const i32 child = fork(*g, [&](guest& c) {
      CHECK(operate(c, id, {{0, -2, undo}, {1, -1, 0}}) == errc::none);
      CHECK(operate(c, id, {{0, 1, undo}}) == errc::none);
      CHECK(operate(c, other, {{0, 7, undo}}) == errc::none);
    });
    CHECK(wait_for(*g, child).status == 0);
    CHECK(ask(*g, id, 0) == 5);
    CHECK(ask(*g, id, 1) == 4);
    CHECK(ask(*g, other, 0) == 0);
  }
  SECTION("it is killed while another waits") {
    const i32 holder = fork(*g, [&](guest& c) {
      CHECK(operate(c, id, {{0, -5, undo}}) == errc::none);
      sleep_for(c, 10'000);
    });
    CHECK(becomes(*g, id, 0, 0, system_v::control::get_value));
    const i32 next = fork(*g, [&](guest& c) { CHECK(operate(c, id, {{0, -5, 0}}) == errc::none); });
    CHECK(waits(*g, id, 0, 1));
    CHECK(send(*g, holder, ref::signals::kill) == error::none);
    CHECK(wait_for(*g, holder).status == ref::signals::kill);
    CHECK(wait_for(*g, next).status == 0);
    CHECK(ask(*g, id, 0) == 0);
  }
  SECTION("a value that is set is not undone") {
    const i32 child = fork(*g, [&](guest& c) {
      CHECK(operate(c, id, {{0, -2, undo}}) == errc::none);
      CHECK(set_value(c, id, 0, 9) == errc::none);
    });
    CHECK(wait_for(*g, child).status == 0);
    CHECK(ask(*g, id, 0) == 9);
  }
  CHECK(remove(*g, id) == errc::none);
  CHECK(remove(*g, other) == errc::none);
}

TEST_CASE("a removed set takes its undo records along", "[semaphores]") {
  simulated::fresh_process g;
  const i32 id = make(*g, 1);
  const i32 child = fork(*g, [&](guest& c) {
    CHECK(operate(c, id, {{0, 3, undo}}) == errc::none);
    CHECK(remove(c, id) == errc::none);
  });
  CHECK(wait_for(*g, child).status == 0);
  CHECK(ask(*g, id, 0) == -static_cast<i32>(errc::inval));
}

TEST_CASE("keys, permissions and limits", "[semaphores]") {
  simulated::fresh_process g;
  constexpr i32 key = 0x2a;
  const i32 id = make(*g, 3, 0640, key);
  CHECK(make(*g, 3, 0640, key) == id);
  CHECK(make(*g, 4, 0640, key) == -static_cast<i32>(errc::inval));
  CHECK(make(*g, 0) == -static_cast<i32>(errc::inval));
  CHECK(g->call([&](ref::thread& t) { return sets::get(who(t), {.semmns = 4}, 0, 2, {0, 0600}).error(); }) == errc::nospc);
  CHECK(g->call([&](ref::thread& t) { return sets::get(who(t), {.semmni = 1}, 0, 1, {0, 0600}).error(); }) == errc::nospc);
  const i32 child = fork(*g, [&](guest& c) {
    auto& self = c.process().identity;
    self.ruid = self.euid = self.suid = 1000;
    self.rgid = self.egid = self.sgid = 1000;
    CHECK(ask(c, id, 0) == -static_cast<i32>(errc::acces));
    CHECK(operate(c, id, {{0, 1, 0}}) == errc::acces);
    CHECK(remove(c, id) == errc::perm);
    CHECK(make(c, 1, 0400, key) == -static_cast<i32>(errc::acces));
  });
  CHECK(wait_for(*g, child).status == 0);
  CHECK(remove(*g, id) == errc::none);
}

TEST_CASE("many change one semaphore", "[semaphores]") {
  simulated::fresh_process g;
  const i32 id = make(*g, 1);
  CHECK(set_value(*g, id, 0, 1) == errc::none);
  int inside = 0, most = 0;
  for (int i = 0; i < 4; ++i)
    (void)fork(*g, [&](guest& c) {
      for (int n = 0; n < 50; ++n) {
        CHECK(operate(c, id, {{0, -1, undo}}) == errc::none);
        if (++inside > most) most = inside;
        --inside;
        CHECK(operate(c, id, {{0, 1, undo}}) == errc::none);
      }
    });
  for (int i = 0; i < 4; ++i) CHECK(wait_for(*g).status == 0);
  CHECK(most == 1);
  CHECK(ask(*g, id, 0) == 1);
  CHECK(remove(*g, id) == errc::none);
}
