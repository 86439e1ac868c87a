// Restartable sequences: where a thread is told of its processor, for how long, and who else has that.
#include "memory_space.hpp"

#include <atomic>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;

namespace {

using K = ref::kernel;

error be_told(guest& g, u64 at) {
  return g.call([&](ref::thread& t) { return K::set_sequences(t, {at, sequence_area_size, 0x53053053}); }).error();
}
u64 told_at(guest& g) {
  return g.call([](ref::thread& t) { return K::sequences_of(t).address; });
}
u32 processor_told(guest& g, u64 at) { return g.get<sequence_words>(at).cpu_id; }

} // namespace

TEST_CASE("a thread is told of its processor while it wants to be", "[process]") {
  simulated::fresh_process p;
  const u64 at = p->put(sequence_words{});
  CHECK(be_told(*p, at) == error::none);
  CHECK(processor_told(*p, at) == 0);
  CHECK(be_told(*p, 8) == error::fault);
  CHECK(told_at(*p) == at);
  CHECK(be_told(*p, 0) == error::none);
  CHECK(processor_told(*p, at) == sequence_words::unknown_processor);
}

TEST_CASE("a call is in no sequence", "[process]") {
  simulated::fresh_process p;
  sequence_words words;
  const u64 at = p->put(words);
  REQUIRE(be_told(*p, at) == error::none);
  words.rseq_cs = 0x1234;
  p->write(at, &words, sizeof words);
  CHECK(told_at(*p) == at); // a call
  CHECK(u64{p->get<sequence_words>(at).rseq_cs} == 0);
}

TEST_CASE("a copy of the process is told as well, a thread or a child in the same memory is not", "[process]") {
  simulated::fresh_process p;
  const u64 at = p->put(sequence_words{});
  REQUIRE(be_told(*p, at) == error::none);
  std::atomic<u64> copy = 1, thread = 1, sharing = 1;
  const i32 child = fork(*p, [&](guest& g) { copy = told_at(g); });
  CHECK(wait_for(*p, child).id == child);
  const i32 other = fork(*p, [&](guest& g) { sharing = told_at(g); }, true);
  CHECK(wait_for(*p, other).id == other);
  (void)start_thread(*p, [&](guest& g) { thread = told_at(g); });
  simulated::join_guests();
  CHECK(copy == at);
  CHECK(sharing == 0);
  CHECK(thread == 0);
}

TEST_CASE("whoever gives up the memory is told no more", "[process]") {
  mapper m;
  const u64 at = *m.map(0, page);
  REQUIRE(be_told(*m.p, at) == error::none);
  SECTION("unmapped") { CHECK(m.unmap(at, page) == error::none); }
  SECTION("not writable") { CHECK(m.protect(at, page, ref::protections::read) == error::none); }
  SECTION("elsewhere") { CHECK(m.remap(at, page, 2 * page, ref::remap_flags::may_move | ref::remap_flags::fixed, at - 64 * page)); }
  CHECK(told_at(*m.p) == 0);
}

TEST_CASE("whoever takes another thread's memory away ends the process", "[process]") {
  mapper m;
  const u64 at = *m.map(0, page);
  const i32 child = fork(*m.p, [&](guest& g) {
    REQUIRE(be_told(g, at) == error::none);
    (void)start_thread(g, [&](guest& other) { (void)perform(other, op::unmap{}, at, page); });
    for (;;) sleep_for(g, 1000);
  });
  const waited end = wait_for(*m.p, child);
  CHECK(end.id == child);
  CHECK(end.status == ref::signals::segv);
}
