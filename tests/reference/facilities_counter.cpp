// The counter behind eventfd, over the reference kernel's services.
#include "guests.hpp"

#include <polyabi/facilities/event_counter.hpp>

namespace {

namespace ref = polyabi::reference;
using namespace polyabi;
using namespace polyabi::tests;
using counter = facilities::event_counter<ref::kernel>;

i32 make_counter(simulated::guest& g, u64 initial, bool one_by_one, u32 status = 0) {
  return g.call([&](ref::thread& t) {
    auto made =
        ref::kernel::make_descriptor(t, *create<ref::kernel, counter>(initial, one_by_one), ref::open_flags::rdwr | status, 0);
    return made ? polyabi::detail::derived_entry::commit(*made) : -1;
  });
}

struct outcome {
  ref::error failure;
  u64 value;
  bool operator==(const outcome&) const = default;
};

outcome take(simulated::guest& g, i32 descriptor, usize size = 8) {
  const u64 at = g.put(u64{0});
  const user_bytes part{at, size};
  const auto answer = perform(g, op::read{}, descriptor, user_vector{&part, 1});
  return {answer.error(), answer ? g.get<u64>(at) : 0};
}

ref::error add(simulated::guest& g, i32 descriptor, u64 value) {
  const user_bytes part{g.put(value), 8};
  return perform(g, op::write{}, descriptor, user_vector{&part, 1}).error();
}

} // namespace

TEST_CASE("a counter is taken whole, and is empty then", "[facilities]") {
  simulated::fresh_process g;
  const i32 d = make_counter(*g, 3, false, ref::open_flags::nonblock);
  CHECK(take(*g, d) == outcome{ref::error::none, 3});
  CHECK(take(*g, d).failure == ref::error::again);
  CHECK(add(*g, d, 5) == ref::error::none);
  CHECK(add(*g, d, 6) == ref::error::none);
  CHECK(take(*g, d) == outcome{ref::error::none, 11});
}

TEST_CASE("a semaphore is taken one by one", "[facilities]") {
  simulated::fresh_process g;
  const i32 d = make_counter(*g, 2, true, ref::open_flags::nonblock);
  CHECK(take(*g, d) == outcome{ref::error::none, 1});
  CHECK(take(*g, d) == outcome{ref::error::none, 1});
  CHECK(take(*g, d).failure == ref::error::again);
}

TEST_CASE("a counter has a limit, and wants eight bytes", "[facilities]") {
  simulated::fresh_process g;
  const i32 d = make_counter(*g, 1, false, ref::open_flags::nonblock);
  CHECK(add(*g, d, ~u64{0}) == ref::error::inval);
  CHECK(add(*g, d, ~u64{0} - 1) == ref::error::again);
  CHECK(add(*g, d, ~u64{0} - 2) == ref::error::none);
  CHECK(take(*g, d, 7).failure == ref::error::inval);
  CHECK(take(*g, d) == outcome{ref::error::none, ~u64{0} - 1});
}

TEST_CASE("a reader waits for somebody to add", "[facilities]") {
  simulated::fresh_process g;
  const i32 d = make_counter(*g, 0, false);
  (void)fork(*g, [&](simulated::guest& child) { (void)add(child, d, 7); });
  CHECK(take(*g, d) == outcome{ref::error::none, 7});
}
