// Timers as open files, and timers that send signals, over the reference kernel.
#include "facilities.hpp"

#include <polyabi/facilities/timers/process_timers.hpp>
#include <polyabi/facilities/timers/timer_file.hpp>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace p = ref::poll_events;

namespace {

using K = ref::kernel;
using facilities::timer_base;
using facilities::timer_setting;
using timer_file = facilities::timer_file<K>;
using process_timers = facilities::process_timers<K>;

constexpr u64 millisecond = 1'000'000;

i32 make_timer(guest& g, timer_base base = timer_base::elapsed, u32 status = ref::open_flags::nonblock) {
  return install_custom(g, *create<K, timer_file>(base, 0), status);
}
timer_setting set(guest& g, i32 descriptor, const timer_setting& to) {
  return with_custom<timer_file>(g, descriptor, [&](timer_file& t) { return t.set(to); });
}
timer_setting setting(guest& g, i32 descriptor) {
  return with_custom<timer_file>(g, descriptor, [](timer_file& t) { return t.setting(); });
}

struct times {
  error failure;
  u64 count;
};
times take(guest& g, i32 descriptor, usize size = 8) {
  const u64 at = g.put(u64{0});
  const user_bytes part{at, size};
  const auto answer = perform(g, op::read{}, descriptor, user_vector{&part, 1});
  return {answer.error(), answer ? g.get<u64>(at) : 0};
}

} // namespace

TEST_CASE("a timer is due once, or again and again", "[timers]") {
  simulated::fresh_process g;
  const i32 t = make_timer(*g);
  CHECK(take(*g, t).failure == error::again);
  CHECK(take(*g, t, 7).failure == error::inval);
  CHECK(set(*g, t, {5 * millisecond, 0, false}).first == 0);
  CHECK(poll_now(*g, t) == 0);
  const auto before = setting(*g, t);
  CHECK((before.first > 0 && before.first <= 5 * millisecond));
  CHECK(perform(*g, op::set_nonblocking{}, t, false));
  CHECK(take(*g, t).count == 1);
  CHECK(perform(*g, op::set_nonblocking{}, t, true));
  CHECK(take(*g, t).failure == error::again);
  CHECK(setting(*g, t).first == 0);
  (void)set(*g, t, {2 * millisecond, 4 * millisecond, false});
  sleep_for(*g, 15);
  CHECK(perform(*g, op::set_nonblocking{}, t, false));
  CHECK(take(*g, t).count >= 3);
  const auto running = setting(*g, t);
  CHECK(running.interval == 4 * millisecond);
  CHECK((running.first > 0 && running.first <= 4 * millisecond));
}

TEST_CASE("who looks at a timer takes nothing from its reader", "[timers]") {
  simulated::fresh_process g;
  const i32 t = make_timer(*g);
  (void)set(*g, t, {2 * millisecond, 2 * millisecond, false});
  u64 seen = 0;
  while (seen == 0) {
    sleep_for(*g, 10);
    (void)setting(*g, t);
    seen = with_custom<timer_file>(*g, t, [](timer_file& timer) { return timer.times(); });
  }
  CHECK(poll_now(*g, t) == p::in);
  CHECK(take(*g, t).count >= seen);
}

TEST_CASE("setting a timer forgets what was due, and answers what was left", "[timers]") {
  simulated::fresh_process g;
  const i32 t = make_timer(*g);
  (void)set(*g, t, {millisecond, 0, false});
  while (poll_now(*g, t) == 0) sleep_for(*g, 1);
  CHECK(set(*g, t, {1000 * millisecond, 7, false}).first == 0);
  CHECK(poll_now(*g, t) == 0);
  const auto old = set(*g, t, {});
  CHECK((old.first > 900 * millisecond && old.interval == 7));
  CHECK(setting(*g, t).first == 0);
}

TEST_CASE("absolute times of both clocks", "[timers]") {
  simulated::fresh_process g;
  for (const timer_base base : {timer_base::elapsed, timer_base::wall}) {
    const i32 t = make_timer(*g, base, 0);
    const u64 now = facilities::time_on<K>(base);
    (void)set(*g, t, {now - 10 * millisecond, 4 * millisecond, true});
    CHECK(take(*g, t).count >= 3);
    (void)set(*g, t, {facilities::time_on<K>(base) + 50 * millisecond, 0, true});
    CHECK(poll_now(*g, t) == 0);
    CHECK(take(*g, t).count == 1);
    (void)set(*g, t, {~u64{0}, ~u64{0}, true}); // as far as can be
    CHECK(poll_now(*g, t) == 0);
    CHECK(setting(*g, t).first > u64{1} << 60);
  }
}

TEST_CASE("schedules count what was missed", "[timers]") {
  facilities::timer_schedule s;
  CHECK_FALSE(s.armed());
  CHECK(s.take(100) == 0);
  s.set({10, 5, false}, 100);
  CHECK(s.take(109) == 0);
  CHECK(s.take(110) == 1);
  CHECK(s.due() == 115);
  CHECK(s.take(126) == 3);
  CHECK(s.left(126) == 4);
  s.set({1, ~u64{0} - 1, true}, 0);
  CHECK(s.take(2) == 1);
  CHECK(s.due() == no_deadline - 1);
  s.set({1, 1, true}, 0);
  CHECK(s.take(no_deadline - 10) == no_deadline - 10);
}

namespace {

/// Makes a timer of the guest's process; answers its number.
i32 add(guest& g, timer_base base, const facilities::timer_notice& notice) {
  return g.call([&](ref::thread& t) {
    const ref::kernel_lock::locked inside;
    auto* timer = process_timers::of(*t.owner, true)->add(*t.owner, base, 0, notice);
    return timer != nullptr ? timer->number : -1;
  });
}
template <class Work>
auto with_timer(guest& g, i32 number, Work work) {
  return g.call([&](ref::thread& t) {
    const ref::kernel_lock::locked inside;
    return work(*process_timers::of(*t.owner, false)->find(number));
  });
}
void arm(guest& g, i32 number, const timer_setting& to) {
  (void)with_timer(g, number, [&](auto& timer) { return timer.set(to); });
}

struct taken {
  error failure;
  ref::siginfo info;
};
taken take_signal(guest& g, i32 signo, i64 milliseconds = 1000) {
  ref::sigset set{};
  set.add(signo);
  taken out{};
  const ref::timespec limit{milliseconds / 1000, milliseconds % 1000 * 1'000'000};
  const ref::timespec* given = &limit;
  out.failure = perform(g, op::wait_signal{}, set, out.info, given).error();
  return out;
}

} // namespace

TEST_CASE("a timer sends a signal that says whose it is", "[timers]") {
  simulated::fresh_process g;
  CHECK(change_mask(*g, ref::sigmask_hows::block, {ref::signals::usr1}) == error::none);
  CHECK(add(*g, timer_base::elapsed, {ref::signals::usr1, 0, 11, false}) == 0);
  const i32 number = add(*g, timer_base::elapsed, {ref::signals::usr1, 0, 0, true});
  CHECK(number == 1);
  arm(*g, number, {2 * millisecond, 0, false});
  const taken got = take_signal(*g, ref::signals::usr1);
  CHECK(got.failure == error::none);
  CHECK(got.info.code == ref::signal_codes::timer);
  CHECK(got.info.timer == 1);
  CHECK(got.info.value == 1);
  CHECK(got.info.overrun == 0);
  CHECK(take_signal(*g, ref::signals::usr1, 10).failure == error::again);
}

TEST_CASE("what a timer misses while its signal waits is an overrun", "[timers]") {
  simulated::fresh_process g;
  CHECK(change_mask(*g, ref::sigmask_hows::block, {ref::signals::usr1}) == error::none);
  const i32 number = add(*g, timer_base::elapsed, {ref::signals::usr1, 0, 3, false});
  arm(*g, number, {2 * millisecond, 2 * millisecond, false});
  sleep_for(*g, 21);
  const taken got = take_signal(*g, ref::signals::usr1);
  CHECK(got.info.overrun >= 7);
  CHECK(got.info.value == 3);
  CHECK(with_timer(*g, number, [](auto& timer) { return timer.overrun(); }) == got.info.overrun);
  CHECK(take_signal(*g, ref::signals::usr1).failure == error::none);
  // A new setting takes the signal back.
  sleep_for(*g, 5);
  arm(*g, number, {});
  CHECK(take_signal(*g, ref::signals::usr1, 10).failure == error::again);
}

TEST_CASE("a timer that goes takes its signal along, and leaves those of others", "[timers]") {
  simulated::fresh_process g;
  CHECK(change_mask(*g, ref::sigmask_hows::block, {ref::signals::usr1}) == error::none);
  const i32 number = add(*g, timer_base::elapsed, {ref::signals::usr1, 0, 3, false});
  arm(*g, number, {millisecond, 0, false});
  sleep_for(*g, 10);
  const i32 self = *perform(*g, op::getpid{});
  CHECK(send(*g, self, ref::signals::usr1) == error::none);
  g->call([&](ref::thread& t) {
    const ref::kernel_lock::locked inside;
    auto* timers = process_timers::of(*t.owner, false);
    timers->remove(*timers->find(number));
    return true;
  });
  const taken got = take_signal(*g, ref::signals::usr1, 10);
  // An ordinary signal is pending once: the timer's was first, and with it went the details.
  if (got.failure == error::none) CHECK(got.info.code == ref::signal_codes::user);
}

TEST_CASE("timers end with their process", "[timers]") {
  simulated::fresh_process g;
  (void)fork(*g, [&](guest& child) {
    const i32 number = add(child, timer_base::elapsed, {ref::signals::usr1, 0, 0, false});
    arm(child, number, {20 * millisecond, millisecond, false});
    (void)change_mask(child, ref::sigmask_hows::block, {ref::signals::usr1});
    sleep_for(child, 40);
  });
  CHECK(wait_for(*g).status == 0);
  sleep_for(*g, 20);
}

TEST_CASE("a signal that is ignored does not end a periodic timer", "[timers]") {
  simulated::fresh_process g;
  CHECK(set_handler(*g, ref::signals::usr1, ref::handlers::ignore) == error::none);
  const i32 number = add(*g, timer_base::elapsed, {ref::signals::usr1, 0, 0, false});
  arm(*g, number, {millisecond, millisecond, false});
  sleep_for(*g, 15);
  CHECK(change_mask(*g, ref::sigmask_hows::block, {ref::signals::usr1}) == error::none);
  CHECK(take_signal(*g, ref::signals::usr1).failure == error::none);
}
