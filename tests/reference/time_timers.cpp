// Clocks, sleeps and interval timers.
#include "guests.hpp"

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace sig = polyabi::reference::signals;

namespace {

constexpr u64 handler = 0x5000;

error set_timer(guest& g, i32 which, ref::timeval first, ref::timeval interval) {
  const ref::itimerval value{interval, first};
  ref::itimerval old{};
  return perform(g, op::set_timer{}, which, value, old).error();
}

} // namespace

TEST_CASE("a periodic alarm comes again until it is switched off", "[time]") {
  simulated::fresh_process p;
  REQUIRE(set_handler(*p, sig::alrm, handler, ref::sigaction_flags::restart) == error::none);
  REQUIRE(set_timer(*p, ref::interval_timers::real, {0, 5000}, {0, 5000}) == error::none);
  while (p->delivered.size() < 3) p->run();
  ref::itimerval now{};
  CHECK(perform(*p, op::get_timer{}, ref::interval_timers::real, now).error() == error::none);
  CHECK(now.interval.usec == 5000);
  CHECK((now.value.usec > 0 && now.value.usec <= 5000));
  REQUIRE(set_timer(*p, ref::interval_timers::real, {0, 0}, {0, 0}) == error::none);
  CHECK(perform(*p, op::get_timer{}, ref::interval_timers::real, now).error() == error::none);
  CHECK((now.value.sec == 0 && now.value.usec == 0));
}

TEST_CASE("virtual and profiling timers count processor time, not sleep", "[time]") {
  for (const auto& [which, signo] :
       {std::pair{ref::interval_timers::virtual_, sig::vtalrm}, {ref::interval_timers::prof, sig::prof}}) {
    simulated::fresh_process p;
    REQUIRE(set_handler(*p, signo, handler) == error::none);
    REQUIRE(set_timer(*p, which, {0, 30'000}, {0, 0}) == error::none);
    sleep_for(*p, 60);
    CHECK(p->delivered.empty());
    while (p->delivered.empty()) p->run(); // burns processor time
    CHECK(p->delivered[0].info.signo == signo);
  }
}

TEST_CASE("what timers and sleeps refuse", "[time]") {
  simulated::fresh_process p;
  CHECK(set_timer(*p, 7, {1, 0}, {0, 0}) == error::inval);
  CHECK(set_timer(*p, ref::interval_timers::real, {0, 1'000'000}, {0, 0}) == error::inval);
  CHECK(set_timer(*p, ref::interval_timers::real, {-1, 0}, {0, 0}) == error::inval);
  ref::timespec* none = nullptr;
  const ref::timespec bad{0, 1'000'000'000};
  CHECK(perform(*p, op::sleep{}, ref::clocks::monotonic, false, bad, none).error() == error::inval);
  const ref::timespec zero{};
  CHECK(perform(*p, op::sleep{}, 99, false, zero, none).error() == error::inval);
  CHECK(perform(*p, op::sleep{}, ref::clocks::thread_cputime_id, false, zero, none).error() == error::opnotsupp);
  CHECK(perform(*p, op::sleep{}, ref::clocks::process_cputime_id, false, zero, none));
  CHECK(perform(*p, op::clock_set{}, ref::clocks::realtime, zero).error() == error::perm);
}

TEST_CASE("absolute sleeps end at their time, at once if it has passed", "[time]") {
  simulated::fresh_process p;
  ref::timespec now{};
  REQUIRE(perform(*p, op::clock_get{}, ref::clocks::realtime, now).error() == error::none);
  ref::timespec* none = nullptr;
  const ref::timespec past{now.sec - 5, 0};
  CHECK(perform(*p, op::sleep{}, ref::clocks::realtime, true, past, none).error() == error::none);
  const ref::timespec soon{now.sec, now.nsec < 980'000'000 ? now.nsec + 20'000'000 : 999'999'999};
  CHECK(perform(*p, op::sleep{}, ref::clocks::realtime, true, soon, none).error() == error::none);
  ref::timespec later{};
  REQUIRE(perform(*p, op::clock_get{}, ref::clocks::realtime, later).error() == error::none);
  CHECK(std::pair{later.sec, later.nsec} >= std::pair{soon.sec, soon.nsec});
}

TEST_CASE("the hard processor limit kills", "[time]") {
  simulated::fresh_process p;
  const i32 child = fork(*p, [](guest& g) {
    const ref::rlimit none_left{0, 0};
    (void)perform(g, op::set_limit{}, ref::resources::cpu, none_left);
    for (;;) g.run();
  });
  CHECK(wait_for(*p, child).status == sig::kill);
}
