// Record locks and flock.
#include "descriptors.hpp"

#include <polyabi/reference/record_locks.hpp>

#include <array>
#include <random>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace k = ref::lock_kinds;

namespace {

ref::flock range(i32 kind, i64 start, i64 size) {
  return {start, size, 0, static_cast<i16>(kind), 0};
}

error lock(guest& g, i32 d, const ref::flock& wanted, bool wait = false) {
  return perform(g, op::set_lock{}, d, wanted, wait).error();
}

ref::flock test(guest& g, i32 d, ref::flock wanted) {
  CHECK(perform(g, op::get_lock{}, d, wanted));
  return wanted;
}

/// Runs in a child, which has locks of its own, and waits for it.
void in_child(guest& g, const std::function<void(guest&)>& work) {
  const i32 child = fork(g, work);
  CHECK(wait_for(g, child).status == 0);
}

} // namespace

TEST_CASE("readers share, a writer excludes, a process never excludes itself", "[locks]") {
  simulated::fresh_process g;
  const i32 d = *open_device(*g, "null");
  CHECK(lock(*g, d, range(k::rdlck, 0, 10)) == error::none);
  in_child(*g, [&](guest& c) {
    CHECK(lock(c, d, range(k::rdlck, 5, 10)) == error::none);
    CHECK(lock(c, d, range(k::wrlck, 5, 1)) == error::again);
    CHECK(lock(c, d, range(k::wrlck, 10, 1)) == error::none);
    const auto found = test(c, d, range(k::wrlck, 0, 0));
    CHECK(found.type == k::rdlck);
    CHECK(found.start == 0);
    CHECK(found.len == 10);
    CHECK(found.pid == g->id());
  });
  CHECK(lock(*g, d, range(k::wrlck, 0, 0)) == error::none);
  CHECK(test(*g, d, range(k::wrlck, 0, 0)).type == k::unlck);
}

TEST_CASE("ranges are cut and joined", "[locks]") {
  simulated::fresh_process g;
  const i32 d = *open_device(*g, "null");
  CHECK(lock(*g, d, range(k::wrlck, 0, 100)) == error::none);
  CHECK(lock(*g, d, range(k::unlck, 40, 20)) == error::none);
  CHECK(ref::record_locks::count() == 2);
  in_child(*g, [&](guest& c) {
    CHECK(lock(c, d, range(k::wrlck, 40, 20)) == error::none);
    CHECK(lock(c, d, range(k::wrlck, 39, 1)) == error::again);
    CHECK(lock(c, d, range(k::wrlck, 60, 1)) == error::again);
  });
  CHECK(lock(*g, d, range(k::wrlck, 40, 20)) == error::none);
  CHECK(ref::record_locks::count() == 1);
  CHECK(lock(*g, d, range(k::rdlck, 90, 0)) == error::none);
  CHECK(ref::record_locks::count() == 2);
  CHECK(lock(*g, d, range(k::unlck, 0, 0)) == error::none);
  CHECK(ref::record_locks::count() == 0);
}

TEST_CASE("a range can be given backwards and from the position, but not before the file", "[locks]") {
  simulated::fresh_process g;
  const i32 d = *open_device(*g, "null");
  CHECK(lock(*g, d, range(k::wrlck, 10, -5)) == error::none);
  in_child(*g, [&](guest& c) {
    CHECK(lock(c, d, range(k::wrlck, 4, 1)) == error::none);
    CHECK(lock(c, d, range(k::wrlck, 5, 1)) == error::again);
    CHECK(lock(c, d, range(k::wrlck, 9, 1)) == error::again);
    CHECK(lock(c, d, range(k::wrlck, 10, 1)) == error::none);
  });
  CHECK(lock(*g, d, range(k::wrlck, 3, -4)) == error::inval);
  CHECK(lock(*g, d, range(k::wrlck, -1, 4)) == error::inval);
  CHECK(lock(*g, d, range(k::wrlck, i64{0x7fffffffffffffff}, 2)) == error::overflow);
  CHECK(lock(*g, d, range(9, 0, 1)) == error::inval);
  const i32 reader = *open_device(*g, "null", ref::open_flags::rdonly);
  CHECK(lock(*g, reader, range(k::wrlck, 0, 1)) == error::badf);
}

TEST_CASE("closing any descriptor of the file, and exit, end a process' locks", "[locks]") {
  simulated::fresh_process g;
  const i32 d = *open_device(*g, "null"), other = *open_device(*g, "null");
  CHECK(lock(*g, d, range(k::wrlck, 0, 0)) == error::none);
  CHECK(close(*g, other) == error::none);
  CHECK(ref::record_locks::count() == 0);
  in_child(*g, [&](guest& c) { CHECK(lock(c, d, range(k::wrlck, 0, 0)) == error::none); });
  CHECK(ref::record_locks::count() == 0);
}

TEST_CASE("a lock can be waited for, by a signal's leave", "[locks]") {
  simulated::fresh_process g;
  const i32 d = *open_device(*g, "null");
  CHECK(lock(*g, d, range(k::wrlck, 0, 0)) == error::none);
  (void)fork(*g, [&](guest& c) { CHECK(lock(c, d, range(k::wrlck, 0, 0), true) == error::none); });
  CHECK(eventually([] { return ref::record_locks::count() == 2; }));
  CHECK(lock(*g, d, range(k::unlck, 0, 0)) == error::none);
  CHECK(wait_for(*g).status == 0);

  CHECK(lock(*g, d, range(k::wrlck, 0, 0)) == error::none);
  const i32 child = fork(*g, [&](guest& c) {
    CHECK(set_handler(c, ref::signals::usr1, 0x1000) == error::none);
    CHECK(lock(c, d, range(k::wrlck, 0, 0), true) == error::intr);
  });
  CHECK(eventually([] { return ref::record_locks::count() == 2; }));
  CHECK(send(*g, child, ref::signals::usr1) == error::none);
  CHECK(wait_for(*g, child).status == 0);
}

TEST_CASE("a wait that could never end is refused", "[locks]") {
  simulated::fresh_process g;
  const i32 d = *open_device(*g, "null");
  CHECK(lock(*g, d, range(k::wrlck, 0, 1)) == error::none);
  (void)fork(*g, [&](guest& c) {
    CHECK(lock(c, d, range(k::wrlck, 1, 1)) == error::none);
    CHECK(lock(c, d, range(k::wrlck, 0, 1), true) == error::none);
  });
  CHECK(eventually([] { return ref::record_locks::count() == 3; }));
  CHECK(lock(*g, d, range(k::wrlck, 1, 1), true) == error::deadlk);
  CHECK(lock(*g, d, range(k::unlck, 0, 0)) == error::none);
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("flock belongs to the open file", "[locks]") {
  simulated::fresh_process g;
  const i32 a = *open_device(*g, "zero"), b = *open_device(*g, "zero");
  const auto whole = [&](i32 d, i32 kind) { return perform(*g, op::lock_file{}, d, kind, false).error(); };
  CHECK(whole(a, k::rdlck) == error::none);
  CHECK(whole(b, k::rdlck) == error::none);
  CHECK(whole(a, k::wrlck) == error::again);
  CHECK(whole(b, k::unlck) == error::none);
  CHECK(whole(a, k::wrlck) == error::none);
  CHECK(whole(b, k::rdlck) == error::again);
  const i32 same = *install(*g, op::dup{}, a, 0, 0u);
  CHECK(close(*g, a) == error::none);
  CHECK(whole(b, k::rdlck) == error::again);
  CHECK(close(*g, same) == error::none);
  CHECK(whole(b, k::rdlck) == error::none);
  CHECK(whole(b, 9) == error::inval);
  CHECK(close(*g, b) == error::none);
  CHECK(ref::record_locks::count() == 0);
}

TEST_CASE("record locks agree with one mark for each byte", "[locks]") {
  constexpr i64 size = 24;
  simulated::fresh_process g;
  const i32 d = *open_device(*g, "null");
  g->system_call([&](ref::thread& t) {
    const auto f = *t.owner->descriptors->get(d);
    const ref::ref<ref::descriptor_table> owners[] = {ref::descriptor_table::make(), ref::descriptor_table::make()};
    std::array<std::array<i32, size>, 2> marks{}; // 0 for none
    std::mt19937 random{11};
    for (int step = 0; step < 4000; ++step) {
      const usize who = random() % 2;
      const i64 first = static_cast<i64>(random() % size),
                count = 1 + static_cast<i64>(random() % static_cast<u64>(size - first));
      const i32 kind = std::array{k::rdlck, k::wrlck, k::unlck}[random() % 3];
      bool free = true;
      for (i64 i = first; i < first + count; ++i) {
        const i32 other = marks[1 - who][static_cast<usize>(i)];
        if (kind != k::unlck && (other == k::wrlck || (other != 0 && kind == k::wrlck))) free = false;
      }
      const auto set = ref::record_locks::set({*owners[who], static_cast<i32>(who)}, *f, range(kind, first, count), false);
      REQUIRE(set.error() == (free ? error::none : error::again));
      if (free)
        for (i64 i = first; i < first + count; ++i) marks[who][static_cast<usize>(i)] = kind == k::unlck ? 0 : kind;
      usize runs = 0;
      for (const auto& mine : marks)
        for (usize i = 0; i < size; ++i) runs += mine[i] != 0 && (i == 0 || mine[i - 1] != mine[i]) ? 1 : 0;
      REQUIRE(ref::record_locks::count() == runs);
    }
    for (const auto& owner : owners) ref::record_locks::closed(*owner, *f);
    REQUIRE(ref::record_locks::count() == 0);
  });
}

TEST_CASE("files without names are locked by what they are", "[locks]") {
  simulated::fresh_process g;
  const auto [reader, writer] = make_pipe(*g);
  const auto [other, unused] = make_pipe(*g);
  CHECK(lock(*g, writer, range(k::wrlck, 0, 1)) == error::none);
  in_child(*g, [&](guest& c) {
    CHECK(lock(c, writer, range(k::wrlck, 0, 1)) == error::again);
    CHECK(lock(c, reader, range(k::rdlck, 0, 1)) == error::again);
    CHECK(lock(c, other, range(k::rdlck, 0, 1)) == error::none);
  });
  CHECK(lock(*g, writer, range(k::unlck, 0, 0)) == error::none);
  CHECK(perform(*g, op::close{}, unused));
}

TEST_CASE("a lock of an open file is nobody's who has it, and goes with its last descriptor", "[locks]") {
  simulated::fresh_process g;
  const i32 one = *open_device(*g, "null"), other = *open_device(*g, "null");
  const auto set = [](guest& by, i32 d, const ref::flock& wanted) {
    return by.call([&](ref::thread& t) { return ref::kernel::set_file_lock(t, d, wanted, false).error(); });
  };
  CHECK(set(*g, one, range(k::wrlck, 0, 10)) == error::none);
  CHECK(set(*g, other, range(k::rdlck, 5, 10)) == error::again);
  CHECK(lock(*g, one, range(k::rdlck, 0, 1)) == error::again);
  const auto found = test(*g, one, range(k::wrlck, 0, 0));
  CHECK(found.pid == -1);
  CHECK(found.len == 10);
  const i32 copy = *install(*g, op::dup{}, one, 0, 0u);
  CHECK(perform(*g, op::close{}, one));
  CHECK(set(*g, other, range(k::rdlck, 5, 10)) == error::again);
  CHECK(perform(*g, op::close{}, copy));
  CHECK(set(*g, other, range(k::rdlck, 5, 10)) == error::none);
  CHECK(perform(*g, op::close{}, other));
  CHECK(ref::record_locks::count() == 0);
}
