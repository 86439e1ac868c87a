// Sending, blocking, handling, stopping, restarting.
#include "guests.hpp"

#include <limits>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace sig = polyabi::reference::signals;

namespace {
constexpr u64 handler = 0x5000;
}

TEST_CASE("a handler runs at the return from the call, with its signal blocked", "[signals]") {
  simulated::fresh_process p;
  bool blocked = false;
  p->handlers[handler] = [&](guest& g, const simulated::delivery& what) { blocked = g.thread().mask.has(what.info.signo); };
  REQUIRE(set_handler(*p, sig::usr1, handler) == error::none);
  CHECK(send(*p, p->id(), sig::usr1) == error::none);
  REQUIRE(p->delivered.size() == 1);
  CHECK(p->delivered[0].info.pid == p->id());
  CHECK(p->delivered[0].info.code == ref::signal_codes::user);
  CHECK(blocked);
  CHECK_FALSE(p->thread().mask.has(sig::usr1));
}

TEST_CASE("the smallest number is no group's", "[signals]") {
  simulated::fresh_process p;
  CHECK(send(*p, std::numeric_limits<i32>::min(), sig::usr1) == error::srch);
}

TEST_CASE("resethand and nodefer", "[signals]") {
  simulated::fresh_process p;
  bool blocked = true;
  p->handlers[handler] = [&](guest& g, const simulated::delivery&) { blocked = g.thread().mask.has(sig::usr1); };
  REQUIRE(set_handler(*p, sig::usr1, handler, ref::sigaction_flags::resethand | ref::sigaction_flags::nodefer) == error::none);
  CHECK(send(*p, p->id(), sig::usr1) == error::none);
  CHECK_FALSE(blocked);
  CHECK(p->process().actions[sig::usr1].handler == ref::handlers::default_);
}

TEST_CASE("blocked signals wait; ordinary ones once, real-time ones as often as sent", "[signals]") {
  simulated::fresh_process p;
  REQUIRE(set_handler(*p, sig::usr1, handler) == error::none);
  REQUIRE(set_handler(*p, sig::realtime_first, handler) == error::none);
  REQUIRE(change_mask(*p, ref::sigmask_hows::block, {sig::usr1, sig::realtime_first}) == error::none);
  for (int i = 0; i < 3; ++i) {
    CHECK(send(*p, p->id(), sig::usr1) == error::none);
    CHECK(send(*p, p->id(), sig::realtime_first) == error::none);
  }
  CHECK(p->delivered.empty());
  ref::sigset pending{};
  (void)perform(*p, op::pending{}, pending);
  CHECK(pending.has(sig::usr1));
  REQUIRE(change_mask(*p, ref::sigmask_hows::unblock, {sig::usr1, sig::realtime_first}) == error::none);
  CHECK(p->delivered.size() == 4);
}

TEST_CASE("default actions: death, nothing", "[signals]") {
  simulated::fresh_process p;
  const i32 child = fork(*p, [](guest& g) {
    (void)send(g, g.id(), sig::winch);
    (void)send(g, g.id(), sig::segv);
  });
  CHECK(wait_for(*p, child).status == sig::segv);
}

TEST_CASE("a sleeping call is interrupted by a handler and says what remained", "[signals]") {
  simulated::fresh_process p;
  error answer{};
  ref::timespec remaining{};
  const i32 child = fork(*p, [&](guest& g) {
    (void)set_handler(g, sig::usr1, handler);
    const ref::timespec request{10, 0};
    ref::timespec* rest = &remaining;
    answer = perform(g, op::sleep{}, ref::clocks::monotonic, false, request, rest).error();
  });
  sleep_for(*p, 30);
  CHECK(send(*p, child, sig::usr1) == error::none);
  CHECK(wait_for(*p, child).status == 0);
  CHECK(answer == error::intr);
  CHECK(remaining.sec == 9);
}

TEST_CASE("wait restarts if the handler asks for it, and answers EINTR if not", "[signals]") {
  for (const u32 flags : {u32{ref::sigaction_flags::restart}, u32{0}}) {
    simulated::fresh_process p;
    REQUIRE(set_handler(*p, sig::alrm, handler, flags) == error::none);
    const i32 child = fork(*p, [](guest& g) { sleep_for(g, 80); });
    const ref::itimerval soon{{0, 0}, {0, 20'000}};
    ref::itimerval old{};
    REQUIRE(perform(*p, op::set_timer{}, ref::interval_timers::real, soon, old).error() == error::none);
    const waited w = wait_for(*p, child);
    CHECK(p->delivered.size() == 1);
    if (flags != 0)
      CHECK(w.id == child);
    else
      CHECK(w.failure == error::intr);
    if (flags == 0) CHECK(wait_for(*p, child).id == child);
  }
}

TEST_CASE("stop and continue are reported, and a sleep goes on through them", "[signals]") {
  simulated::fresh_process p;
  REQUIRE(*perform(*p, op::setsid{}) == p->id());
  error answer = error::io;
  const i32 child = fork(*p, [&](guest& g) {
    const ref::timespec request{0, 60'000'000};
    ref::timespec* none = nullptr;
    answer = perform(g, op::sleep{}, ref::clocks::monotonic, false, request, none).error();
  });
  sleep_for(*p, 10);
  CHECK(perform(*p, op::setpgid{}, child, 0).error() == error::none);
  CHECK(send(*p, child, sig::tstp) == error::none);
  waited w = wait_for(*p, child, ref::wait_flags::untraced);
  CHECK(w.status == (sig::tstp << 8 | ref::wait_status::stopped));
  CHECK(wait_for(*p, child, ref::wait_flags::untraced | ref::wait_flags::nohang).id == 0);
  CHECK(send(*p, child, sig::cont) == error::none);
  w = wait_for(*p, child, ref::wait_flags::continued);
  CHECK(w.status == ref::wait_status::continued);
  CHECK(wait_for(*p, child).status == 0);
  CHECK(answer == error::none);
}

TEST_CASE("a stopped process can be killed", "[signals]") {
  simulated::fresh_process p;
  const i32 child = fork(*p, [](guest& g) { sleep_for(g, 10'000); });
  sleep_for(*p, 10);
  CHECK(send(*p, child, sig::stop) == error::none);
  CHECK(wait_for(*p, child, ref::wait_flags::untraced).id == child);
  CHECK(send(*p, child, sig::kill) == error::none);
  CHECK(wait_for(*p, child).status == sig::kill);
}

TEST_CASE("sigsuspend waits with its mask and restores the old one after the handler", "[signals]") {
  simulated::fresh_process p;
  REQUIRE(set_handler(*p, sig::chld, handler) == error::none);
  REQUIRE(change_mask(*p, ref::sigmask_hows::block, {sig::chld}) == error::none);
  const i32 child = fork(*p, [](guest&) {});
  const ref::sigset nothing{};
  CHECK(perform(*p, op::suspend{}, nothing).error() == error::intr);
  CHECK(p->delivered.size() == 1);
  CHECK(p->delivered[0].info.pid == child);
  CHECK(p->thread().mask.has(sig::chld));
  CHECK(wait_for(*p, child).id == child);
}

TEST_CASE("sigtimedwait takes blocked signals, and times out", "[signals]") {
  simulated::fresh_process p;
  REQUIRE(change_mask(*p, ref::sigmask_hows::block, {sig::usr2}) == error::none);
  ref::sigset set{};
  set.add(sig::usr2);
  ref::siginfo info{};
  const ref::timespec soon{0, 5'000'000};
  const ref::timespec* timeout = &soon;
  CHECK(perform(*p, op::wait_signal{}, set, info, timeout).error() == error::again);
  const i32 parent = p->id();
  const i32 child = fork(*p, [parent](guest& g) {
    sleep_for(g, 10);
    (void)send(g, parent, sig::usr2);
  });
  timeout = nullptr;
  CHECK(*perform(*p, op::wait_signal{}, set, info, timeout) == sig::usr2);
  CHECK(info.pid == child);
  CHECK(wait_for(*p, child).id == child);
}

TEST_CASE("handlers on the alternate stack", "[signals]") {
  simulated::fresh_process p;
  constexpr u64 size = 16384;
  const u64 normal = p->allocate(size), alternate = p->allocate(size);
  p->user_registers().rsp = normal + size;
  const ref::sigstack wanted{alternate, size, 0};
  const ref::sigstack* given = &wanted;
  ref::sigstack* none = nullptr;
  REQUIRE(perform(*p, op::alternate_stack{}, given, none).error() == error::none);
  error change_inside = error::none;
  p->handlers[handler] = [&](guest& g, const simulated::delivery&) {
    change_inside = perform(g, op::alternate_stack{}, given, none).error();
  };
  REQUIRE(set_handler(*p, sig::usr1, handler, ref::sigaction_flags::onstack) == error::none);
  CHECK(send(*p, p->id(), sig::usr1) == error::none);
  REQUIRE(p->delivered.size() == 1);
  CHECK(p->delivered[0].stack_pointer == alternate + size);
  CHECK(change_inside == error::perm);
}

TEST_CASE("a frame that cannot be built is death by SIGSEGV", "[signals]") {
  simulated::fresh_process p;
  const i32 child = fork(*p, [](guest& g) {
    (void)set_handler(g, sig::usr1, handler);
    g.user_registers().rsp = 0x10;
    (void)send(g, g.id(), sig::usr1);
  });
  CHECK(wait_for(*p, child).status == sig::segv);
}

TEST_CASE("a fault is delivered although it is blocked or ignored", "[signals]") {
  simulated::fresh_process p;
  const i32 child = fork(*p, [](guest& g) {
    (void)set_handler(g, sig::segv, ref::handlers::ignore);
    g.fault(sig::segv, ref::signal_codes::segv_maperr, 0x1234);
  });
  CHECK(wait_for(*p, child).status == sig::segv);
  REQUIRE(set_handler(*p, sig::segv, handler) == error::none);
  p->fault(sig::segv, ref::signal_codes::segv_accerr, 0x1234);
  REQUIRE(p->delivered.size() == 1);
  CHECK(p->delivered[0].info.address == 0x1234);
}

TEST_CASE("signals to nobody, to everybody, and without permission", "[signals]") {
  simulated::fresh_process p;
  CHECK(send(*p, 31000, sig::term) == error::srch);
  CHECK(send(*p, p->id(), 0) == error::none);
  CHECK(send(*p, p->id(), 200) == error::inval);
  const i32 child = fork(*p, [](guest& g) { sleep_for(g, 50); });
  auto& own = p->process().identity;
  own.ruid = own.euid = own.suid = 12345;
  CHECK(send(*p, child, sig::term) == error::perm);
  CHECK(wait_for(*p, child).status == 0);
}
