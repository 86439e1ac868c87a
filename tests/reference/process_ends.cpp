// What the end of a process or thread means to others: signals for children, new parents for orphans, and cores.
#include "guests.hpp"

#include <polyabi/reference/core_dumps.hpp>

#include <atomic>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;

namespace {

constexpr i32 waited_for = ref::signals::usr1;

/// Waits for the signal that the parent's end sends; answers who sent it, 0 if none came.
i32 sender_of_news(guest& g) {
  ref::sigset set{};
  set.add(waited_for);
  ref::siginfo info{};
  const ref::timespec patience{2, 0};
  const ref::timespec* until = &patience;
  const auto taken = perform(g, op::wait_signal{}, set, info, until);
  return taken ? info.pid : 0;
}

/// A child that asks to be told, and the parent's leave to go on when it has.
void child_that_asks(guest& parent, std::atomic<bool>& has_asked, std::atomic<i32>& told_by) {
  (void)fork(parent, [&](guest& g) {
    CHECK(change_mask(g, ref::sigmask_hows::block, {waited_for}) == error::none);
    CHECK(perform(g, op::set_parent_death_signal{}, waited_for));
    has_asked = true;
    told_by = sender_of_news(g);
  });
  while (!has_asked) sleep_for(parent, 1);
}

} // namespace

TEST_CASE("a child hears of the end of its parent, if it asked to", "[process]") {
  simulated::fresh_process first;
  std::atomic<bool> has_asked = false;
  std::atomic<i32> told_by = -1;
  const i32 parent = fork(*first, [&](guest& g) { child_that_asks(g, has_asked, told_by); });
  CHECK(wait_for(*first, parent).id == parent);
  simulated::join_guests();
  CHECK(told_by == parent);
}

TEST_CASE("the end of the thread that made a child counts, its process may go on", "[process]") {
  simulated::fresh_process first;
  std::atomic<bool> has_asked = false;
  std::atomic<i32> told_by = -1;
  (void)start_thread(*first, [&](guest& g) { child_that_asks(g, has_asked, told_by); });
  while (!has_asked) sleep_for(*first, 1);
  CHECK(wait_for(*first).failure == error::none);
  CHECK(told_by == first->id());
}

TEST_CASE("neither children nor threads have the wish of who made them", "[process]") {
  simulated::fresh_process first;
  CHECK(perform(*first, op::set_parent_death_signal{}, waited_for));
  CHECK(*perform(*first, op::get_parent_death_signal{}) == waited_for);
  CHECK(perform(*first, op::set_parent_death_signal{}, ref::signals::count + 1).error() == error::inval);
  std::atomic<i32> of_thread = -1, of_child = -1;
  (void)start_thread(*first, [&](guest& g) { of_thread = *perform(g, op::get_parent_death_signal{}); });
  (void)wait_for(*first, fork(*first, [&](guest& g) { of_child = *perform(g, op::get_parent_death_signal{}); }));
  simulated::join_guests();
  CHECK(of_thread == 0);
  CHECK(of_child == 0);
}

TEST_CASE("orphans go to the nearest ancestor that adopts them", "[process]") {
  simulated::fresh_process first;
  CHECK(perform(*first, op::set_adopts_orphans{}, true));
  std::atomic<i32> new_parent = 0;
  const i32 child = fork(*first, [&](guest& g) {
    CHECK_FALSE(*perform(g, op::get_adopts_orphans{}));
    (void)fork(g, [&](guest& orphan) {
      while (*perform(orphan, op::getppid{}) != first->id()) sleep_for(orphan, 1);
      new_parent = *perform(orphan, op::getppid{});
      (void)perform(orphan, op::exit{}, 3);
    });
  });
  CHECK(wait_for(*first, child).id == child);
  const waited orphan = wait_for(*first);
  CHECK(orphan.status == 3 << 8);
  CHECK(new_parent == first->id());
  CHECK(wait_for(*first).failure == error::child);
}

namespace {

struct {
  std::atomic<u32> cores, standing;
  std::atomic<bool> others_stand;
} seen;

/// A personality that writes no core but counts who stands.
const abi<ref::kernel>& with_cores() {
  static const abi<ref::kernel> all = [] {
    abi<ref::kernel> made = simulated::direct_personality;
    made.leave_core = [](ref::thread& t, const ref::siginfo&) {
      ++seen.cores;
      ref::kernel::for_each_standing(t, [&](ref::tracee& of) {
        ++seen.standing;
        seen.others_stand = seen.others_stand && (of.of == &t || of.of->stands);
      });
      return true;
    };
    return made;
  }();
  return all;
}

void let_leave_cores(guest& g) {
  g.system_call([](ref::thread& t) {
    const ref::kernel_lock::locked lock;
    t.owner->personality = &with_cores();
    t.owner->limits[ref::resources::core].cur = ref::resources::infinity;
  });
}

} // namespace

TEST_CASE("a core is left while the other threads stand, and told of", "[process]") {
  seen.cores = seen.standing = 0;
  seen.others_stand = true;
  simulated::fresh_process first;
  const i32 child = fork(*first, [](guest& g) {
    let_leave_cores(g);
    std::atomic<u32> there = 0;
    for (int i = 0; i < 2; ++i)
      (void)start_thread(g, [&](guest& other) {
        ++there;
        for (;;) sleep_for(other, 1000);
      });
    while (there < 2) sleep_for(g, 1);
    (void)send(g, g.id(), ref::signals::quit);
  });
  CHECK(wait_for(*first, child).status == (ref::signals::quit | ref::wait_status::core));
  CHECK(seen.cores == 1);
  CHECK(seen.standing == 3);
  CHECK(seen.others_stand);
}

TEST_CASE("no core without room for one, or of a process that hides", "[process]") {
  seen.cores = 0;
  simulated::fresh_process first;
  const auto ended = [&](auto prepare) {
    const i32 child = fork(*first, [&](guest& g) {
      let_leave_cores(g);
      prepare(g);
      (void)send(g, g.id(), ref::signals::quit);
    });
    return wait_for(*first, child).status;
  };
  CHECK(ended([](guest& g) {
          (void)perform(g, op::set_limit{}, ref::resources::core, ref::rlimit{0, 0});
        }) == ref::signals::quit);
  CHECK(ended([](guest& g) { (void)perform(g, op::set_inspectable{}, false); }) == ref::signals::quit);
  CHECK(seen.cores == 0);
}
