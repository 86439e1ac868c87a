// Descriptor numbers and flags: close, dup, fcntl.
#include "descriptors.hpp"

#include <random>
#include <set>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace o = ref::open_flags;

TEST_CASE("descriptors are the lowest free numbers", "[descriptors]") {
  simulated::fresh_process g;
  const auto first = make_pipe(*g);
  CHECK(first.reader == 0);
  CHECK(first.writer == 1);
  CHECK(*install(*g, op::dup{}, 0, 0, 0u) == 2);
  CHECK(*install(*g, op::dup{}, 0, 10, 0u) == 10);
  CHECK(close(*g, 1) == error::none);
  CHECK(*install(*g, op::dup{}, 0, 0, 0u) == 1);
  CHECK(close(*g, 77) == error::badf);
  CHECK(close(*g, -1) == error::badf);
}

TEST_CASE("a reservation that is dropped leaves nothing behind", "[descriptors]") {
  simulated::fresh_process g;
  (void)make_pipe(*g);
  g->system_call([](ref::thread& t) {
    const auto made = polyabi::perform<ref::kernel>(op::dup{}, t, 0, 0, 0u);
    CHECK(made->number() == 2);
    CHECK(t.owner->descriptors->get(2).error() == error::badf);
    CHECK(polyabi::perform<ref::kernel>(op::dup_to{}, t, 0, 2, 0u).error() == error::busy);
  });
  CHECK(*install(*g, op::dup{}, 0, 0, 0u) == 2);
}

TEST_CASE("dup_to closes what it replaces, unless it is the same", "[descriptors]") {
  simulated::fresh_process g;
  const auto a = make_pipe(*g), b = make_pipe(*g);
  CHECK(*install(*g, op::dup_to{}, a.writer, b.writer, 0u) == b.writer);
  CHECK(read(*g, b.reader) == transfer{error::none, ""}); // nobody writes to b any more
  CHECK(write(*g, b.writer, "x") == written{error::none, 1});
  CHECK(read(*g, a.reader) == transfer{error::none, "x"});
  CHECK(*install(*g, op::dup_to{}, a.writer, a.writer, 0u) == a.writer);
  CHECK(install(*g, op::dup_to{}, 99, 5, 0u).error() == error::badf);
  CHECK(install(*g, op::dup_to{}, 0, -1, 0u).error() == error::badf);
}

TEST_CASE("however many are open, the number is the lowest free one", "[descriptors]") {
  constexpr i32 most = 300;
  simulated::fresh_process g;
  g->process().limits[ref::resources::nofile].cur = most;
  const i32 kept = *open_device(*g, "null");
  std::set<i32> open{kept};
  std::mt19937 random{7};
  for (int step = 0; step < 6000; ++step) {
    const i32 number = static_cast<i32>(random() % most);
    // More are opened than closed at first, until all are taken now and then.
    switch (random() % 5) {
    case 0:
    case 1: {
      i32 lowest = number;
      while (open.contains(lowest)) ++lowest;
      const auto made = install(*g, op::dup{}, kept, number, 0u);
      if (lowest == most) {
        REQUIRE(made.error() == error::mfile);
      } else {
        REQUIRE(*made == lowest);
        open.insert(lowest);
      }
      break;
    }
    case 2:
      REQUIRE(*install(*g, op::dup_to{}, kept, number, 0u) == number);
      open.insert(number);
      break;
    default:
      if (number == kept || (step / 1000 % 2 == 0 && random() % 4 != 0)) break;
      REQUIRE(close(*g, number) == (open.erase(number) != 0 ? error::none : error::badf));
    }
  }
}

TEST_CASE("numbers end at the limit", "[descriptors]") {
  simulated::fresh_process g;
  g->process().limits[ref::resources::nofile].cur = 4;
  (void)make_pipe(*g);
  CHECK(install(*g, op::dup{}, 0, 4, 0u).error() == error::inval);
  CHECK(install(*g, op::dup_to{}, 0, 4, 0u).error() == error::badf);
  CHECK(*install(*g, op::dup{}, 0, 0, 0u) == 2);
  CHECK(make_pipe(*g).reader == -1);
  CHECK(*install(*g, op::dup{}, 0, 0, 0u) == 3);
  CHECK(install(*g, op::dup{}, 0, 0, 0u).error() == error::mfile);
}

TEST_CASE("close-on-exec belongs to the descriptor, status flags to the open file", "[descriptors]") {
  simulated::fresh_process g;
  (void)make_pipe(*g, o::cloexec);
  CHECK(*perform(*g, op::get_descriptor_flags{}, 0) == ref::fd_flags::cloexec);
  (void)install(*g, op::dup{}, 0, 0, 0u);
  CHECK(*perform(*g, op::get_descriptor_flags{}, 2) == 0);
  CHECK(perform(*g, op::set_status_flags{}, 2, o::nonblock | o::creat).error() == error::none);
  CHECK(*perform(*g, op::get_status_flags{}, 0) == (o::rdonly | o::nonblock));
  CHECK(read(*g, 0).failure == error::again);
  CHECK(perform(*g, op::set_nonblocking{}, 0, false).error() == error::none);
  CHECK(*perform(*g, op::get_status_flags{}, 2) == o::rdonly);
  CHECK(*perform(*g, op::get_status_flags{}, 1) == o::wronly);
  g->system_call([](ref::thread& t) {
    const ref::kernel_lock::locked lock;
    t.owner->descriptors->close_on_exec();
  });
  CHECK(close(*g, 0) == error::badf);
  CHECK(close(*g, 1) == error::badf);
  CHECK(close(*g, 2) == error::none);
}

TEST_CASE("a forked child has the same open files under its own numbers", "[descriptors]") {
  simulated::fresh_process g;
  const auto p = make_pipe(*g);
  const i32 child = fork(*g, [&](guest& c) {
    CHECK(close(c, p.reader) == error::none);
    CHECK(write(c, p.writer, "from the child") == written{error::none, 14});
  });
  CHECK(read(*g, p.reader) == transfer{error::none, "from the child"});
  CHECK(wait_for(*g, child).status == 0);
  CHECK(close(*g, p.writer) == error::none);
  CHECK(read(*g, p.reader) == transfer{error::none, ""});
}

TEST_CASE("transfers against the access mode, out of memory, of nothing", "[descriptors]") {
  simulated::fresh_process g;
  const auto p = make_pipe(*g);
  CHECK(read(*g, p.writer).failure == error::badf);
  CHECK(write(*g, p.reader, "x").failure == error::badf);
  const user_bytes nowhere{8, 5};
  CHECK(perform(*g, op::write{}, p.writer, user_vector{&nowhere, 1}).error() == error::fault);
  CHECK(write(*g, p.writer, "abc") == written{error::none, 3});
  CHECK(perform(*g, op::read{}, p.reader, user_vector{&nowhere, 1}).error() == error::fault);
  CHECK(read(*g, p.reader, 0) == transfer{error::none, ""});
  const user_bytes endless[] = {{8, 1}, {8, ~u64{0} >> 1}};
  CHECK(perform(*g, op::read{}, p.reader, user_vector{endless, 2}).error() == error::fault);
  CHECK(perform(*g, op::read{}, 99, user_vector{endless, 2}).error() == error::badf);
  CHECK(perform(*g, op::pread{}, p.reader, user_vector{&nowhere, 1}, i64{0}).error() == error::spipe);
  CHECK(perform(*g, op::pread{}, p.reader, user_vector{&nowhere, 1}, i64{-1}).error() == error::inval);
  CHECK(perform(*g, op::seek{}, p.reader, i64{0}, 0).error() == error::spipe);
  CHECK(perform(*g, op::seek{}, p.reader, i64{0}, 9).error() == error::inval);
  CHECK(perform(*g, op::seek{}, 99, i64{0}, 9).error() == error::badf);
}

TEST_CASE("a vector is one transfer", "[descriptors]") {
  simulated::fresh_process g;
  const auto p = make_pipe(*g);
  const user_bytes from[] = {{g->put_text("ab"), 2}, {0, 0}, {g->put_text("cde"), 3}};
  CHECK(*perform(*g, op::write{}, p.writer, user_vector{from, 3}) == 5);
  const user_bytes into[] = {{g->allocate(16), 1}, {g->allocate(16), 3}, {g->allocate(16), 10}};
  CHECK(*perform(*g, op::read{}, p.reader, user_vector{into, 3}) == 5);
  CHECK(g->get_text(into[0].address, 1) + g->get_text(into[1].address, 3) + g->get_text(into[2].address, 1) == "abcde");
}
