// poll: what is ready, waiting, time, masks.
#include "descriptors.hpp"

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace p = ref::poll_events;

namespace {

ref::result<i32> poll(guest& g, std::span<ref::poll_record> records, i64 milliseconds, const ref::sigset* mask = nullptr) {
  const ref::timespec timeout{milliseconds / 1000, milliseconds % 1000 * 1'000'000};
  const ref::timespec* given = milliseconds < 0 ? nullptr : &timeout;
  return perform(g, op::poll{}, records, given, mask);
}

} // namespace

TEST_CASE("poll tells what can be done now", "[poll]") {
  simulated::fresh_process g;
  const auto a = make_pipe(*g);
  ref::poll_record records[] = {{a.reader, p::in, 0}, {a.writer, p::out, 0}, {-1, p::in, 7}, {99, p::in, 0}};
  CHECK(*poll(*g, records, 0) == 2);
  CHECK(records[0].revents == 0);
  CHECK(records[1].revents == p::out);
  CHECK(records[2].revents == 0);
  CHECK(records[3].revents == p::nval);
  (void)write(*g, a.writer, "x");
  CHECK(*poll(*g, {records, 1}, -1) == 1);
  CHECK(records[0].revents == p::in);
  (void)close(*g, a.writer);
  CHECK(*poll(*g, {records, 1}, -1) == 1);
  CHECK(records[0].revents == (p::in | p::hup));
}

TEST_CASE("a writer without readers sees an error", "[poll]") {
  simulated::fresh_process g;
  const auto a = make_pipe(*g);
  (void)close(*g, a.reader);
  ref::poll_record record{a.writer, 0, 0};
  CHECK(*poll(*g, {&record, 1}, -1) == 1);
  CHECK(record.revents == p::err);
}

TEST_CASE("poll waits for time to pass, or for something to happen", "[poll]") {
  simulated::fresh_process g;
  const auto a = make_pipe(*g), b = make_pipe(*g);
  ref::poll_record records[] = {{a.reader, p::in, 0}, {b.reader, p::in, 0}};
  CHECK(*poll(*g, records, 20) == 0);
  CHECK(*poll(*g, {}, 5) == 0);
  (void)fork(*g, [&](guest& c) {
    sleep_for(c, 20);
    (void)write(c, b.writer, "x");
  });
  CHECK(*poll(*g, records, -1) == 1);
  CHECK(records[0].revents == 0);
  CHECK(records[1].revents == p::in);
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("a signal ends poll, whatever its handler says", "[poll]") {
  simulated::fresh_process g;
  const auto a = make_pipe(*g);
  CHECK(set_handler(*g, ref::signals::usr1, 0x1000, ref::sigaction_flags::restart) == error::none);
  const i32 self = g->id();
  (void)fork(*g, [&](guest& c) {
    sleep_for(c, 20);
    (void)send(c, self, ref::signals::usr1);
  });
  ref::poll_record record{a.reader, p::in, 0};
  CHECK(poll(*g, {&record, 1}, -1).error() == error::intr);
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("the mask of the wait lets a blocked signal in, and goes afterwards", "[poll]") {
  simulated::fresh_process g;
  const auto a = make_pipe(*g);
  CHECK(set_handler(*g, ref::signals::usr1, 0x1000) == error::none);
  CHECK(change_mask(*g, ref::sigmask_hows::block, {ref::signals::usr1}) == error::none);
  CHECK(send(*g, g->id(), ref::signals::usr1) == error::none);
  CHECK(g->delivered.empty());
  const ref::sigset none{};
  ref::poll_record record{a.reader, p::in, 0};
  CHECK(poll(*g, {&record, 1}, -1, &none).error() == error::intr);
  CHECK(g->delivered.size() == 1);
  CHECK(g->thread().mask.has(ref::signals::usr1));
  CHECK(*poll(*g, {&record, 1}, 0, &none) == 0);
  CHECK(g->thread().mask.has(ref::signals::usr1));
  CHECK_FALSE(g->thread().restore_mask);
}

TEST_CASE("poll refuses impossible times and too many records", "[poll]") {
  simulated::fresh_process g;
  const ref::timespec wrong{0, 1'000'000'000};
  const ref::timespec* given = &wrong;
  const ref::sigset* mask = nullptr;
  CHECK(perform(*g, op::poll{}, std::span<ref::poll_record>{}, given, mask).error() == error::inval);
  g->process().limits[ref::resources::nofile].cur = 1;
  ref::poll_record records[2]{};
  CHECK(poll(*g, records, 0).error() == error::inval);
}
