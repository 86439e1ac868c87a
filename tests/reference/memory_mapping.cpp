// Mappings: where they go, how they split and merge, the break.
#include "memory_space.hpp"

#include <algorithm>
#include <random>
#include <vector>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace flag = polyabi::reference::map_flags;

TEST_CASE("neighbours merge, changes in the middle split", "[memory]") {
  mapper m;
  const u64 at = *m.map(0, 4 * page);
  CHECK(at % page == 0);
  CHECK(*m.map(0, 4 * page) == at - 4 * page); // top down
  CHECK(m.regions() == 1);
  CHECK(perform(*m.p, op::protect{}, at, page, ref::protections::read).error() == error::none);
  CHECK(m.regions() == 3);
  CHECK(perform(*m.p, op::protect{}, at, page, read_write).error() == error::none);
  CHECK(m.regions() == 1);
  CHECK(perform(*m.p, op::unmap{}, at, page).error() == error::none);
  CHECK(m.regions() == 2);
  CHECK(perform(*m.p, op::protect{}, at - page, 3 * page, ref::protections::read).error() == error::nomem);
  CHECK(m.space().size() == 7 * page);
}

TEST_CASE("hints, fixed addresses and what is refused", "[memory]") {
  mapper m;
  constexpr u64 address = 0x10000000;
  CHECK(*m.map(address + 5, page) == address);
  CHECK(*m.map(address, page) != address);
  CHECK(m.map(address, page, flag::private_ | flag::anonymous | flag::fixed_noreplace).error() == error::exist);
  CHECK(*m.map(address, 2 * page, flag::private_ | flag::anonymous | flag::fixed) == address);
  CHECK(m.map(address + 1, page, flag::private_ | flag::anonymous | flag::fixed).error() == error::inval);
  CHECK(m.map(0, page, flag::private_ | flag::anonymous | flag::fixed).error() == error::perm);
  CHECK(m.map(0, 0).error() == error::inval);
  CHECK(m.map(0, u64{1} << 60).error() == error::nomem);
  CHECK(m.map(0, page, flag::anonymous).error() == error::inval);
  CHECK(m.map(0, page, flag::private_).error() == error::badf);
  CHECK(m.map(0, ~u64{0}).error() == error::nomem);
  CHECK(perform(*m.p, op::unmap{}, address + 1, page).error() == error::inval);
}

TEST_CASE("fresh pages are zero and have their protection", "[memory]") {
  mapper m;
  const u64 at = *m.map(0, page);
  CHECK(m.p->get<u64>(at) == 0);
  CHECK(perform(*m.p, op::protect{}, at, page, ref::protections::read).error() == error::none);
  const bool written = m.p->call([&](ref::thread&) { return ref::machine::fill_out(at, 1, 8); });
  CHECK_FALSE(written);
}

TEST_CASE("the break grows, shrinks and stops at what is in its way", "[memory]") {
  mapper m;
  constexpr u64 start = 0x20000100;
  m.space().set_break_start(start);
  CHECK(*perform(*m.p, op::set_break{}, u64{0}) == start);
  CHECK(*perform(*m.p, op::set_break{}, start + 3 * page) == start + 3 * page);
  CHECK(*perform(*m.p, op::set_break{}, start + page) == start + page);
  CHECK(m.space().size() == page);
  (void)m.map(0x20010000, page, flag::private_ | flag::anonymous | flag::fixed);
  CHECK(*perform(*m.p, op::set_break{}, start + 64 * page) == start + page);
  CHECK(*perform(*m.p, op::set_break{}, start - 1) == start + page);
}

TEST_CASE("remap shrinks, grows in place and moves with its contents", "[memory]") {
  mapper m;
  constexpr u64 at = 0x10000000;
  (void)m.map(at, 4 * page, flag::private_ | flag::anonymous | flag::fixed);
  const u32 mark = 42;
  m.p->write(at, &mark, sizeof mark);
  CHECK(*perform(*m.p, op::remap{}, at, 4 * page, 2 * page, 0u, u64{0}) == at);
  CHECK(*perform(*m.p, op::remap{}, at, 2 * page, 6 * page, 0u, u64{0}) == at);
  (void)m.map(at + 6 * page, page, flag::private_ | flag::anonymous | flag::fixed, ref::protections::read);
  CHECK(perform(*m.p, op::remap{}, at, 6 * page, 8 * page, 0u, u64{0}).error() == error::nomem);
  const u64 moved = *perform(*m.p, op::remap{}, at, 6 * page, 8 * page, ref::remap_flags::may_move, u64{0});
  CHECK(moved != at);
  CHECK(m.p->get<u32>(moved) == mark);
  CHECK(m.space().find(at) == nullptr);
  CHECK(m.space().covers(moved, moved + 8 * page));
}

TEST_CASE("a 32-bit process maps below 4 GiB, and the address limit holds", "[memory]") {
  mapper m;
  m.space().reset(true);
  CHECK(*m.map(0, page) < u64{1} << 32);
  ref::rlimit limit{8 * page, 8 * page};
  CHECK(perform(*m.p, op::set_limit{}, ref::resources::as, limit).error() == error::none);
  CHECK(m.map(0, 8 * page).error() == error::nomem);
  CHECK(m.map(0, 7 * page).error() == error::none);
}

TEST_CASE("fork copies the map", "[memory]") {
  mapper m;
  const u64 at = *m.map(0, page);
  const i32 child = fork(*m.p, [at](guest& g) {
    CHECK(g.process().memory->covers(at, at + page));
    CHECK(perform(g, op::unmap{}, at, page).error() == error::none);
  });
  CHECK(wait_for(*m.p, child).id == child);
  CHECK(m.space().covers(at, at + page));
}

namespace {

/// The highest gap that would do, found the long way.
u64 highest_gap(const ref::address_space& space, u64 size, u64 top) {
  std::vector<std::pair<u64, u64>> taken;
  for (const auto* r = space.first(); r != nullptr; r = space.next(*r)) taken.emplace_back(r->start, r->end);
  u64 ceiling = top;
  for (auto at = taken.rbegin(); at != taken.rend(); ++at) {
    if (at->second <= ceiling && ceiling - at->second >= size) break;
    ceiling = std::min(ceiling, at->first);
  }
  return ceiling - size;
}

} // namespace

TEST_CASE("a mapping without a wish goes to the highest gap that will do, whatever came and went before", "[memory]") {
  const u32 seed = GENERATE(1U, 2U, 3U, 4U, 5U, 6U);
  std::mt19937 random{seed};
  const auto below = [&](u32 limit) { return u64{random() % limit}; };
  mapper m;
  const u64 top = *m.map(0, page) + page;
  std::vector<std::pair<u64, u64>> made{{top - page, page}};
  for (int i = 0; i < 400; ++i) {
    const u64 size = (below(4) + 1) * page;
    const auto& [start, length] = made[below(static_cast<u32>(made.size()))];
    switch (below(5)) {
    case 0: CHECK(m.unmap(start + below(static_cast<u32>(length / page)) * page, page) == error::none); break;
    case 1: CHECK(m.map(start, length, anonymous | flag::fixed, below(2) == 0 ? read_write : ref::protections::read)); break;
    case 2:
      if (m.space().covers(start, start + length)) (void)m.remap(start, length, length + page, ref::remap_flags::may_move);
      break;
    default: {
      const u64 expected = highest_gap(m.space(), size, top);
      const auto mapped = m.map(0, size, anonymous, below(2) == 0 ? read_write : ref::protections::read);
      REQUIRE(mapped);
      REQUIRE(*mapped == expected);
      made.emplace_back(*mapped, size);
    }
    }
    u64 end = 0;
    for (const auto* r = m.space().first(); r != nullptr; r = m.space().next(*r)) {
      REQUIRE(r->start >= end);
      REQUIRE(m.space().find(r->start) == r);
      end = r->end;
    }
  }
}
