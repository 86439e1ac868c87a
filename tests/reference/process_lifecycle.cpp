// fork, exit, wait, orphans, vfork, threads.
#include "guests.hpp"

#include <polyabi/reference/heap.hpp>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;

TEST_CASE("a child's exit status reaches its parent", "[process]") {
  simulated::fresh_process parent;
  const i32 child = fork(*parent, [](guest& g) { (void)perform(g, op::exit{}, 7); });
  REQUIRE(child > 0);
  const waited w = wait_for(*parent, child);
  CHECK(w.id == child);
  CHECK(w.status == 7 << 8);
  CHECK(wait_for(*parent).failure == error::child);
}

TEST_CASE("fork copies memory, and changes stay apart", "[process]") {
  simulated::fresh_process parent;
  const u64 address = parent->put<u32>(1);
  u32 seen_by_child = 0;
  const i32 child = fork(*parent, [&](guest& g) {
    seen_by_child = g.get<u32>(address);
    const u32 two = 2;
    g.write(address, &two, sizeof two);
  });
  CHECK(wait_for(*parent, child).id == child);
  CHECK(seen_by_child == 1);
  CHECK(parent->get<u32>(address) == 1);
}

TEST_CASE("vfork shares memory and waits for the child", "[process]") {
  simulated::fresh_process parent;
  const u64 address = parent->put<u32>(1);
  const i32 child = fork(
      *parent,
      [&](guest& g) {
        sleep_for(g, 20);
        const u32 two = 2;
        g.write(address, &two, sizeof two);
      },
      true);
  CHECK(parent->get<u32>(address) == 2);
  CHECK(wait_for(*parent, child).id == child);
}

TEST_CASE("a forked child that is not committed never existed", "[process]") {
  simulated::fresh_process parent;
  const auto processes = ref::process_table::count();
  const auto memory = ref::heap::in_use();
  parent->system_call([](ref::thread& t) {
    const auto child = polyabi::perform<ref::kernel>(op::fork{}, t, false);
    CHECK(child);
  });
  CHECK(ref::process_table::count() == processes);
  CHECK(ref::heap::in_use() == memory);
}

TEST_CASE("orphans are adopted and reaped by process 1", "[process]") {
  const auto before = [] {
    simulated::fresh_process only;
    return ref::process_table::count();
  }();
  {
    simulated::fresh_process parent;
    (void)fork(*parent, [](guest& g) {
      (void)fork(g, [](guest& grandchild) {
        sleep_for(grandchild, 30);
        CHECK(*perform(grandchild, op::getppid{}) == 1);
      });
    });
    CHECK(wait_for(*parent).failure == error::none);
  }
  CHECK(ref::process_table::count() == before - 1);
}

TEST_CASE("nohang answers 0 while nothing has happened, nowait leaves the zombie", "[process]") {
  simulated::fresh_process parent;
  const i32 child = fork(*parent, [](guest& g) { sleep_for(g, 20); });
  CHECK(wait_for(*parent, child, ref::wait_flags::nohang).id == 0);
  CHECK(wait_for(*parent, child, ref::wait_flags::nowait).id == child);
  CHECK(wait_for(*parent, child).id == child);
  CHECK(wait_for(*parent, child).failure == error::child);
}

TEST_CASE("only the news that are asked for are reported", "[process]") {
  simulated::fresh_process parent;
  const i32 child = fork(*parent, [](guest&) {});
  sleep_for(*parent, 20);
  CHECK(wait_for(*parent, child, ref::wait_flags::untraced | ref::wait_flags::nohang).id == 0);
  CHECK(wait_for(*parent, child, ref::wait_flags::untraced | ref::wait_flags::exited).id == child);
}

TEST_CASE("a group whose last link to its session exits while it is stopped gets SIGHUP and SIGCONT", "[process]") {
  simulated::fresh_process leader;
  REQUIRE(perform(*leader, op::setsid{}));
  i32 stopped = 0;
  const i32 shell = fork(*leader, [&](guest& g) {
    stopped = fork(g, [](guest& job) { sleep_for(job, 5'000); });
    (void)perform(g, op::setpgid{}, stopped, 0);
    (void)send(g, stopped, ref::signals::stop);
    CHECK(wait_for(g, stopped, ref::wait_flags::untraced).id == stopped);
  });
  CHECK(wait_for(*leader, shell).id == shell);
  simulated::join_guests(); // the job dies of SIGHUP, long before its sleep is over
  CHECK(ref::process_table::find(stopped) == nullptr);
}

TEST_CASE("a process in a terminal's background cannot be stopped if nobody could continue it", "[process]") {
  simulated::fresh_process parent;
  REQUIRE(perform(*parent, op::setsid{})); // alone in its group, its parent is process 1
  CHECK(send(*parent, parent->id(), ref::signals::tstp) == error::none);
  CHECK(parent->process().state == ref::process::phase::running);
}

TEST_CASE("children of a parent that ignores SIGCHLD leave no zombies", "[process]") {
  simulated::fresh_process parent;
  REQUIRE(set_handler(*parent, ref::signals::chld, ref::handlers::ignore) == error::none);
  (void)fork(*parent, [](guest&) {});
  CHECK(wait_for(*parent).failure == error::child);
}

TEST_CASE("groups and sessions", "[process]") {
  simulated::fresh_process parent;
  const i32 own = parent->id();
  SECTION("setsid makes leader of both") {
    CHECK(*perform(*parent, op::setsid{}) == own);
    CHECK(*perform(*parent, op::getpgid{}, 0) == own);
    CHECK(*perform(*parent, op::getsid{}, 0) == own);
    CHECK(perform(*parent, op::setsid{}).error() == error::perm);
    CHECK(perform(*parent, op::setpgid{}, 0, 0).error() == error::perm);
  }
  SECTION("a parent moves its child, but not into a group that is not there") {
    const i32 child = fork(*parent, [](guest& g) { sleep_for(g, 30); });
    CHECK(perform(*parent, op::setpgid{}, child, 0).error() == error::none);
    CHECK(*perform(*parent, op::getpgid{}, child) == child);
    CHECK(perform(*parent, op::setpgid{}, 0, 31000).error() == error::perm);
    CHECK(wait_for(*parent, child).id == child);
    CHECK(perform(*parent, op::setpgid{}, 31000, 0).error() == error::srch);
  }
}

TEST_CASE("a thread ends alone, and its word is cleared and woken", "[process]") {
  simulated::fresh_process first;
  const u64 word = first->put<u32>(1);
  first->child_program = [](guest& g) {
    sleep_for(g, 10);
    (void)perform(g, op::exit_thread{}, 0);
  };
  i32 id = 0;
  first->system_call([&](ref::thread& t) {
    auto made = polyabi::perform<ref::kernel>(op::create_thread{}, t);
    REQUIRE(made);
    made->clear_on_exit_at(word);
    made->store_id_at(word);
    id = detail::derived_entry::commit(*made);
  });
  CHECK(id != first->id());
  const ref::timespec* for_ever = nullptr;
  while (const u32 value = first->get<u32>(word)) (void)perform(*first, op::wait_word{}, word, value, for_ever);
  simulated::join_guests();
  CHECK(ref::process_table::find_thread(id) == nullptr);
  CHECK(ref::process_table::find(first->id()) != nullptr);
}

TEST_CASE("each thread has a nice value of its own, and all of a process are set together", "[process]") {
  simulated::fresh_process first;
  constexpr i32 of_process = 0, of_thread = 3, no_such_thread = 31000;
  const i32 process = first->id();
  i32 seen = 0, own = 0;
  first->child_program = [&](guest& g) {
    CHECK(g.id() != process);
    CHECK(perform(g, op::set_priority{}, of_process, process, 7));
    CHECK(perform(g, op::set_priority{}, of_thread, g.id(), 9));
    own = *perform(g, op::get_priority{}, of_thread, 0);
    seen = *perform(g, op::get_priority{}, of_process, process);
    CHECK(*perform(g, op::get_priority{}, of_thread, process) == 7);
    CHECK(perform(g, op::get_priority{}, of_thread, no_such_thread).error() == error::srch);
    CHECK(perform(g, op::set_priority{}, of_process, g.id(), 1).error() == error::srch);
    CHECK(perform(g, op::set_priority{}, 4, 0, 1).error() == error::inval);
  };
  first->system_call([&](ref::thread& t) {
    auto made = polyabi::perform<ref::kernel>(op::create_thread{}, t);
    REQUIRE(made);
    detail::derived_entry::commit(*made);
  });
  simulated::join_guests();
  CHECK(seen == 7);
  CHECK(own == 9);
}

TEST_CASE("the id rules of setuid and setresuid", "[process]") {
  simulated::fresh_process p;
  constexpr u32 keep = ~u32{0};
  p->process().identity.ruid = p->process().identity.euid = p->process().identity.suid = 100;
  CHECK(perform(*p, op::setuid{}, 0U).error() == error::perm);
  CHECK(perform(*p, op::setuid{}, 100U).error() == error::none);
  p->process().identity.suid = 200;
  CHECK(perform(*p, op::setresuid{}, keep, 200U, keep).error() == error::none);
  ref::identity now{};
  (void)perform(*p, op::get_identity{}, now);
  CHECK(now.euid == 200);
  CHECK(perform(*p, op::setresuid{}, 300U, keep, keep).error() == error::perm);
}

TEST_CASE("limits only grow below their hard limit", "[process]") {
  simulated::fresh_process p;
  p->process().identity.euid = 100;
  ref::rlimit wanted{10, 20};
  CHECK(perform(*p, op::set_limit{}, ref::resources::nofile, wanted).error() == error::none);
  wanted = {10, 30};
  CHECK(perform(*p, op::set_limit{}, ref::resources::nofile, wanted).error() == error::perm);
  wanted = {10, 5};
  CHECK(perform(*p, op::set_limit{}, ref::resources::nofile, wanted).error() == error::inval);
}
