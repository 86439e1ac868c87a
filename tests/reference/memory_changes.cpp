// What may be done to mappings beside making them: moving, advice, locks, seals, growth, and other processes'.
#include "memory_space.hpp"

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace flag = polyabi::reference::map_flags;
namespace advices = polyabi::reference::advices;

TEST_CASE("a mapping moves to a chosen address, over what was there", "[memory]") {
  mapper m;
  const u64 from = *m.map(0, 3 * page), to = *m.map(0x10000000, 4 * page);
  m.p->write(from, "text", 4);
  constexpr u32 there = ref::remap_flags::may_move | ref::remap_flags::fixed;
  CHECK(m.remap(from, 3 * page, 2 * page, ref::remap_flags::fixed, to).error() == error::inval);
  CHECK(m.remap(from, 3 * page, 2 * page, there, from + page).error() == error::inval);
  CHECK(*m.remap(from, 3 * page, 2 * page, there, to) == to);
  CHECK(m.p->get_text(to, 4) == "text");
  CHECK(m.space().is_free(from, from + 3 * page));
  CHECK(m.space().covers(to, to + 4 * page));
}

TEST_CASE("a moved mapping may stay where it was, empty", "[memory]") {
  mapper m;
  const u64 from = *m.map(0, 2 * page);
  m.p->write(from, "text", 4);
  constexpr u32 keep = ref::remap_flags::may_move | ref::remap_flags::keep;
  CHECK(m.remap(from, 2 * page, page, keep).error() == error::inval);
  const u64 to = *m.remap(from, 2 * page, 2 * page, keep);
  CHECK(m.p->get_text(to, 4) == "text");
  CHECK(m.p->get<u32>(from) == 0);
}

TEST_CASE("shared memory is doubled, private memory is not", "[memory]") {
  mapper m;
  const u64 shared = *m.map(0, 2 * page, shared_anonymous), alone = *m.map(0, page);
  const u64 twin = *m.remap(shared, 0, 2 * page, ref::remap_flags::may_move);
  m.p->write(twin + page, "both", 4);
  CHECK(m.p->get_text(shared + page, 4) == "both");
  CHECK(m.remap(alone, 0, page, ref::remap_flags::may_move).error() == error::inval);

  SECTION("its pages may be shown in another order") {
    CHECK(perform(*m.p, op::remap_file{}, shared, page, page).error() == error::none);
    CHECK(m.p->get_text(shared, 4) == "both");
    CHECK(m.regions() >= 3);
    CHECK(perform(*m.p, op::remap_file{}, alone, page, u64{0}).error() == error::inval);
  }
  SECTION("it stays as long as it was when its mapping grows") {
    const u64 grown = *m.remap(twin, 2 * page, 4 * page, ref::remap_flags::may_move);
    CHECK_THROWS(m.p->get<char>(grown + 2 * page));
  }
}

TEST_CASE("advice drops pages, and decides what children have", "[memory]") {
  mapper m;
  const u64 at = *m.map(0, 3 * page);
  for (u64 i = 0; i < 3; ++i) m.p->write(at + i * page, "text", 4);
  CHECK(m.advise(at, page, advices::dontfork) == error::none);
  CHECK(m.advise(at + page, page, advices::wipeonfork) == error::none);
  CHECK(m.regions() == 3);
  const i32 child = fork(*m.p, [&](guest& g) {
    CHECK(g.process().memory->find(at) == nullptr);
    CHECK_THROWS(g.get<char>(at));
    CHECK(g.get<u32>(at + page) == 0);
    CHECK(g.get_text(at + 2 * page, 4) == "text");
  });
  CHECK(wait_for(*m.p, child).id == child);
  CHECK(m.advise(at, 3 * page, advices::dontneed) == error::none);
  CHECK(m.p->get<u32>(at) == 0);
  CHECK(m.advise(at + 1, page, advices::normal) == error::inval);
  CHECK(m.unmap(at + page, page) == error::none);
  m.p->write(at + 2 * page, "text", 4);
  CHECK(m.advise(at, 3 * page, advices::dontneed) == error::nomem);
  CHECK(m.p->get<u32>(at + 2 * page) == 0);
}

TEST_CASE("locked pages count against their limit", "[memory]") {
  mapper m;
  const u64 at = *m.map(0, 8 * page);
  m.p->process().identity.euid = 100;
  m.limit(ref::resources::memlock, 4 * page);
  const auto lock = [&](u64 address, u64 size) { return perform(*m.p, op::lock_memory{}, address, size, u32{0}).error(); };
  CHECK(lock(at, 4 * page) == error::none);
  CHECK(lock(at + page, 2 * page) == error::none);
  CHECK(lock(at + 4 * page, page) == error::nomem);
  CHECK(m.space().locked_size() == 4 * page);
  CHECK(m.advise(at, page, advices::dontneed) == error::inval);
  CHECK(m.map(0, page, anonymous | flag::locked).error() == error::again);
  CHECK(perform(*m.p, op::lock_all_memory{}, ref::lock_flags::current).error() == error::nomem);
  CHECK(perform(*m.p, op::unlock_memory{}, at + page, page).error() == error::none);
  CHECK(m.space().locked_size() == 3 * page);
  CHECK(perform(*m.p, op::lock_all_memory{}, u32{0}).error() == error::none);
  CHECK(m.space().locked_size() == 0);
  CHECK(m.regions() == 1);
  CHECK(perform(*m.p, op::lock_all_memory{}, ref::lock_flags::future).error() == error::none);
  CHECK(m.map(0, 3 * page).error() == error::none);
  CHECK(m.map(0, 3 * page).error() == error::again);
}

TEST_CASE("pages are in memory once they are touched", "[memory]") {
  mapper m;
  const u64 at = *m.map(0, 3 * page), told = *m.map(0x10000000, page);
  m.p->write(at + page, "x", 1);
  CHECK(perform(*m.p, op::memory_residency{}, at, 3 * page, told).error() == error::none);
  CHECK(m.p->get_text(told, 3) == std::string("\0\1\0", 3));
  CHECK(perform(*m.p, op::memory_residency{}, at, 3 * page, u64{16}).error() == error::fault);
  CHECK(m.unmap(at + 2 * page, page) == error::none);
  CHECK(perform(*m.p, op::memory_residency{}, at, 3 * page, told).error() == error::nomem);
}

TEST_CASE("what is sealed stays", "[memory]") {
  mapper m;
  const u64 at = *m.map(0, 2 * page);
  CHECK(perform(*m.p, op::seal_memory{}, at, page).error() == error::none);
  CHECK(m.unmap(at, 2 * page) == error::perm);
  CHECK(m.protect(at, page, ref::protections::read) == error::perm);
  CHECK(m.map(at, page, anonymous | flag::fixed).error() == error::perm);
  CHECK(m.remap(at, page, 3 * page, ref::remap_flags::may_move).error() == error::perm);
  CHECK(m.unmap(at + page, page) == error::none);
  CHECK(perform(*m.p, op::seal_memory{}, at, 2 * page).error() == error::nomem);
}

TEST_CASE("a stack grows to what is touched, up to its limit and not into others", "[memory]") {
  mapper m;
  constexpr u64 top = 0x20000000;
  REQUIRE(m.map(top - 2 * page, 2 * page, anonymous | flag::growsdown | flag::fixed).error() == error::none);
  m.limit(ref::resources::stack, 64 * page);

  SECTION("by a fault") {
    m.p->fault(ref::signals::segv, ref::signal_codes::segv_maperr, top - 10 * page + 5);
    CHECK(m.space().find(top - 10 * page) != nullptr);
    CHECK(m.space().size() == 10 * page);
    CHECK(m.regions() == 1);
    CHECK(m.p->delivered.empty());
  }
  SECTION("by a call") {
    const bool written = m.p->call([&](ref::thread& t) { return ref::kernel::copy_out(t, top - 5 * page, "deep", 4); });
    CHECK(written);
    CHECK(m.p->get_text(top - 5 * page, 4) == "deep");
  }
  SECTION("not beyond the limit, and not near what is mapped below") {
    const auto can_write = [&](u64 address) {
      return m.p->call([&](ref::thread& t) { return ref::kernel::copy_out(t, address, "x", 1); });
    };
    CHECK_FALSE(can_write(top - 65 * page));
    REQUIRE(m.map(top - 300 * page, page, anonymous | flag::fixed).error() == error::none);
    CHECK_FALSE(can_write(top - 60 * page));
    CHECK(can_write(top - 43 * page));
  }
  SECTION("protected from its start on") {
    m.p->fault(ref::signals::segv, ref::signal_codes::segv_maperr, top - 10 * page);
    CHECK(m.protect(top - page, page, ref::protections::read | ref::protections::growsdown) == error::none);
    CHECK(m.space().find(top - 10 * page)->protection == ref::protections::read);
    const u64 other = *m.map(0, page);
    CHECK(m.protect(other, page, ref::protections::read | ref::protections::growsdown) == error::inval);
  }
}

TEST_CASE("data counts against its limit", "[memory]") {
  mapper m;
  m.limit(ref::resources::data, 4 * page);
  CHECK(m.map(0, 5 * page).error() == error::nomem);
  CHECK(m.map(0, 5 * page, shared_anonymous).error() == error::none);
  const u64 at = *m.map(0, 5 * page, anonymous, ref::protections::read);
  CHECK(m.protect(at, 5 * page, read_write) == error::nomem);
  CHECK(m.protect(at, 4 * page, read_write) == error::none);
}

TEST_CASE("bytes move between processes", "[memory]") {
  mapper m;
  const u64 at = *m.map(0, 2 * page);
  m.p->write(at + page - 2, "between", 7);
  const i32 parent = m.p->id();
  const i32 child = fork(*m.p, [&](guest& g) {
    const user_bytes here{at, 100}, there{at + page - 2, 7}, wrong{16, 4}, behind{at + 2 * page - 4, 8};
    CHECK(*perform(g, op::read_memory_of{}, parent, user_vector{&here, 1}, user_vector{&there, 1}) == 7);
    CHECK(g.get_text(at, 7) == "between");
    CHECK(perform(g, op::read_memory_of{}, parent, user_vector{&here, 1}, user_vector{&wrong, 1}).error() == error::fault);
    CHECK(*perform(g, op::read_memory_of{}, parent, user_vector{&here, 1}, user_vector{&behind, 1}) == 4);
    CHECK(perform(g, op::read_memory_of{}, 99999, user_vector{&here, 1}, user_vector{&there, 1}).error() == error::srch);
    g.write(at, "written", 7);
    CHECK(*perform(g, op::write_memory_of{}, parent, user_vector{&here, 1}, user_vector{&there, 1}) == 7);
    g.process().identity = {.ruid = 5, .euid = 5, .suid = 5};
    CHECK(perform(g, op::read_memory_of{}, parent, user_vector{&here, 1}, user_vector{&there, 1}).error() == error::perm);
  });
  CHECK(wait_for(*m.p, child).id == child);
  CHECK(m.p->get_text(at + page - 2, 7) == "written");
}

TEST_CASE("barriers want to be registered for", "[memory]") {
  mapper m;
  const auto barrier = [&](i32 kind) { return perform(*m.p, op::memory_barrier{}, kind).error(); };
  CHECK(barrier(ref::barriers::private_expedited) == error::perm);
  CHECK(barrier(ref::barriers::register_private_expedited) == error::none);
  CHECK(barrier(ref::barriers::private_expedited) == error::none);
  CHECK(barrier(ref::barriers::sync_core) == error::perm);
  CHECK(barrier(ref::barriers::global) == error::none);
  CHECK(barrier(99) == error::inval);
}
