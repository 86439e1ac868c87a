// Interest lists (epoll) over the reference kernel's files.
#include "facilities.hpp"
#include "files.hpp"

#include <polyabi/facilities/event_counter.hpp>
#include <polyabi/facilities/interest/calls.hpp>

#include <vector>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace p = ref::poll_events;

namespace {

using K = ref::kernel;
using facilities::interest_change;
using facilities::interest_request;
using list = facilities::interest_list<K>;
using counter = facilities::event_counter<K>;

constexpr u32 edge = native_number<void, facilities::interest_flag::edge>;
constexpr u32 oneshot = native_number<void, facilities::interest_flag::oneshot>;
constexpr u32 exclusive = native_number<void, facilities::interest_flag::exclusive>;

i32 make_list(guest& g) {
  return install_custom(g, *create<K, list>());
}
i32 make_counter(guest& g, u64 initial = 0) {
  return install_custom(g, *create<K, counter>(initial, false), ref::open_flags::nonblock);
}
void count_up(guest& g, i32 descriptor, u64 by = 1) {
  const user_bytes part{g.put(by), 8};
  (void)perform(g, op::write{}, descriptor, user_vector{&part, 1});
}
void take(guest& g, i32 descriptor) {
  const user_bytes part{g.put(u64{0}), 8};
  (void)perform(g, op::read{}, descriptor, user_vector{&part, 1});
}

error change(guest& g, i32 in, interest_change how, i32 descriptor, u16 events = 0, u32 flags = 0, u64 data = 0) {
  return g.call([&](ref::thread& t) {
    return facilities::change_interest<K>(t, in, descriptor, how, interest_request{events, flags, events, data}).error();
  });
}
error add(guest& g, i32 in, i32 descriptor, u16 events, u32 flags = 0, u64 data = 0) {
  return change(g, in, interest_change::add, descriptor, events, flags, data);
}
error modify(guest& g, i32 in, i32 descriptor, u16 events, u32 flags = 0, u64 data = 0) {
  return change(g, in, interest_change::modify, descriptor, events, flags, data);
}
error remove(guest& g, i32 in, i32 descriptor) {
  return change(g, in, interest_change::remove, descriptor);
}

struct told {
  u16 events;
  u64 data;
  bool operator==(const told&) const = default;
};
std::ostream& operator<<(std::ostream& to, const told& t) {
  return to << "{" << t.events << ", " << t.data << "}";
}
using all_told = std::vector<told>;

/// Waits; `refused_from` is the index of the first event that the user cannot be given.
struct waited_in {
  error failure;
  all_told events;
};
waited_in wait_in(guest& g, i32 in, i32 most = 100, i64 milliseconds = 0, i32 refused_from = 1000) {
  waited_in out{}; // also in children: assertions are the test's own thread's
  auto answer = g.call([&](ref::thread& t) {
    const u64 until = milliseconds < 0    ? no_deadline
                      : milliseconds == 0 ? 0
                                          : K::monotonic_time() + static_cast<u64>(milliseconds) * 1'000'000;
    return facilities::wait_for_interests<K>(t, in, most, until, [&](const facilities::ready_event& ready, i32 index) {
      if (index >= refused_from) return false;
      out.events.push_back({ready.events, ready.data});
      return true;
    });
  });
  out.failure = answer.error();
  if (answer && static_cast<usize>(*answer) != out.events.size()) out.failure = error::io;
  return out;
}
all_told now(guest& g, i32 in, i32 most = 100) {
  return wait_in(g, in, most).events;
}

} // namespace

TEST_CASE("one record tells all that holds as one event", "[interest]") {
  simulated::fresh_process g;
  const i32 e = make_list(*g), c = make_counter(*g, 1);
  CHECK(add(*g, e, c, p::in | p::out, 0, 7) == error::none);
  CHECK(now(*g, e) == all_told{{p::in | p::out, 7}});
  CHECK(now(*g, e) == all_told{{p::in | p::out, 7}}); // as long as it holds
  take(*g, c);
  CHECK(now(*g, e) == all_told{{p::out, 7}});
}

TEST_CASE("the answers of add, modify and remove", "[interest]") {
  simulated::fresh_process g;
  const i32 e = make_list(*g), c = make_counter(*g);
  CHECK(add(*g, e, 99, p::in) == error::badf);
  CHECK(add(*g, 99, c, p::in) == error::badf);
  CHECK(add(*g, c, e, p::in) == error::inval);
  CHECK(add(*g, e, e, p::in) == error::inval);
  CHECK(modify(*g, e, c, p::in) == error::noent);
  CHECK(remove(*g, e, c) == error::noent);
  CHECK(add(*g, e, c, p::in) == error::none);
  CHECK(add(*g, e, c, p::in) == error::exist);
  CHECK(modify(*g, e, c, p::out) == error::none);
  CHECK(remove(*g, e, c) == error::none);
  CHECK(remove(*g, e, c) == error::noent);
  CHECK(wait_in(*g, c).failure == error::inval);
  CHECK(wait_in(*g, 99).failure == error::badf);
  CHECK(wait_in(*g, e, 0).failure == error::inval);
}

TEST_CASE("regular files and directories are not watched", "[interest]") {
  file_world w;
  const i32 e = make_list(w.user());
  CHECK(w.make("/f") == error::none);
  CHECK(add(w.user(), e, w.open("/f"), p::in) == error::perm);
  CHECK(add(w.user(), e, w.open("/", flag::directory), p::in) == error::perm);
  CHECK(add(w.user(), e, w.open("/f", flag::path), p::in) == error::badf);
}

TEST_CASE("an edge is told once, and again when something comes", "[interest]") {
  simulated::fresh_process g;
  const i32 e = make_list(*g), c = make_counter(*g, 1);
  CHECK(add(*g, e, c, p::in, edge) == error::none);
  CHECK(now(*g, e).size() == 1);
  CHECK(now(*g, e).empty());
  count_up(*g, c);
  CHECK(now(*g, e).size() == 1);
  take(*g, c);
  CHECK(now(*g, e).empty());
  CHECK(modify(*g, e, c, p::out, edge) == error::none); // a modification looks anew
  CHECK(now(*g, e) == all_told{{p::out, 0}});
  count_up(*g, c); // readable, which is not asked for
  CHECK(now(*g, e).empty());
}

TEST_CASE("one shot disarms the record, errors and hang-ups included", "[interest]") {
  simulated::fresh_process g;
  const i32 e = make_list(*g);
  const auto a = make_pipe(*g);
  CHECK(add(*g, e, a.reader, p::in, oneshot, 1) == error::none);
  (void)write(*g, a.writer, "x");
  CHECK(now(*g, e) == all_told{{p::in, 1}});
  CHECK(now(*g, e).empty());
  (void)close(*g, a.writer);
  CHECK(now(*g, e).empty());
  CHECK(modify(*g, e, a.reader, p::in, oneshot, 2) == error::none);
  CHECK(now(*g, e) == all_told{{p::in | p::hup, 2}});
}

TEST_CASE("errors and hang-ups are told whatever was asked for", "[interest]") {
  simulated::fresh_process g;
  const i32 e = make_list(*g);
  const auto a = make_pipe(*g), b = make_pipe(*g);
  CHECK(add(*g, e, a.reader, 0, 0, 1) == error::none);
  CHECK(add(*g, e, b.writer, 0, 0, 2) == error::none);
  CHECK(now(*g, e).empty());
  (void)close(*g, a.writer);
  (void)close(*g, b.reader);
  CHECK(now(*g, e) == all_told{{p::hup, 1}, {p::err, 2}});
}

TEST_CASE("what was told goes behind what was not", "[interest]") {
  simulated::fresh_process g;
  const i32 e = make_list(*g);
  for (u64 n = 0; n < 5; ++n) CHECK(add(*g, e, make_counter(*g, 1), p::in, 0, n) == error::none);
  CHECK(now(*g, e, 2) == all_told{{p::in, 0}, {p::in, 1}});
  CHECK(now(*g, e, 2) == all_told{{p::in, 2}, {p::in, 3}});
  CHECK(now(*g, e, 3) == all_told{{p::in, 4}, {p::in, 0}, {p::in, 1}});
}

TEST_CASE("many ready files are told in one call, each once", "[interest]") {
  simulated::fresh_process g;
  const i32 e = make_list(*g);
  all_told expected;
  for (u64 n = 0; n < 50; ++n) {
    CHECK(add(*g, e, make_counter(*g, 1), p::in, n % 2 == 0 ? edge : 0, n) == error::none);
    expected.push_back({p::in, n});
  }
  CHECK(now(*g, e, 1000) == expected);
  CHECK(now(*g, e, 1000).size() == 25);
}

TEST_CASE("events that the user cannot be given are not lost", "[interest]") {
  simulated::fresh_process g;
  const i32 e = make_list(*g);
  for (u64 n = 0; n < 4; ++n)
    CHECK(add(*g, e, make_counter(*g, 1), p::in, n == 1 ? edge : n == 2 ? oneshot : 0, n) == error::none);
  CHECK(wait_in(*g, e, 100, 0, 0).failure == error::fault);
  const auto one = wait_in(*g, e, 100, 0, 1);
  CHECK(one.failure == error::none);
  CHECK(one.events == all_told{{p::in, 0}});
  CHECK(now(*g, e) == all_told{{p::in, 1}, {p::in, 2}, {p::in, 3}, {p::in, 0}});
}

TEST_CASE("a record belongs to an open file and a descriptor", "[interest]") {
  simulated::fresh_process g;
  const i32 e = make_list(*g), c = make_counter(*g);
  const i32 again = *install(*g, op::dup{}, c, 0, 0u);
  CHECK(add(*g, e, c, p::in, 0, 1) == error::none);
  CHECK(add(*g, e, again, p::in, 0, 2) == error::none);
  count_up(*g, c);
  CHECK(now(*g, e).size() == 2);
  (void)close(*g, c);
  CHECK(now(*g, e).size() == 2); // the file is open still
  CHECK(make_counter(*g) == c);  // another file by the same number
  CHECK(add(*g, e, c, p::in) == error::none);
  (void)close(*g, again);
  CHECK(now(*g, e).empty());
  CHECK(with_custom<list>(*g, e, [](list& l) { return l.records(); }) == 1);
}

TEST_CASE("a list outlives the fork of its maker, and is shared", "[interest]") {
  simulated::fresh_process g;
  const i32 e = make_list(*g), c = make_counter(*g);
  CHECK(add(*g, e, c, p::in, 0, 3) == error::none);
  all_told in_child;
  (void)fork(*g, [&](guest& child) {
    const i32 d = make_counter(child, 1);
    (void)add(child, e, d, p::in, 0, 4);
    in_child = now(child, e);
    count_up(child, c);
  });
  CHECK(wait_for(*g).status == 0);
  CHECK(in_child == all_told{{p::in, 4}});
  CHECK(now(*g, e) == all_told{{p::in, 3}}); // the child's own file went with it
}

TEST_CASE("a wait ends with an event, a signal, or its time", "[interest]") {
  simulated::fresh_process g;
  const i32 e = make_list(*g), c = make_counter(*g);
  CHECK(add(*g, e, c, p::in) == error::none);
  CHECK(wait_in(*g, e, 10, 20).events.empty());
  (void)fork(*g, [&](guest& child) {
    sleep_for(child, 20);
    count_up(child, c);
  });
  CHECK(wait_in(*g, e, 10, -1).events.size() == 1);
  CHECK(wait_for(*g).status == 0);
  take(*g, c);
  CHECK(set_handler(*g, ref::signals::usr1, 0x1000) == error::none);
  const i32 self = *perform(*g, op::getpid{});
  (void)fork(*g, [&](guest& child) {
    sleep_for(child, 20);
    (void)send(child, self, ref::signals::usr1);
  });
  CHECK(wait_in(*g, e, 10, -1).failure == error::intr);
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("one event wakes one of those who wait in a list", "[interest]") {
  simulated::fresh_process g;
  const i32 e = make_list(*g), c = make_counter(*g), done = make_counter(*g);
  CHECK(add(*g, e, c, p::in, edge) == error::none);
  for (int i = 0; i < 3; ++i)
    (void)fork(*g, [&](guest& child) {
      if (!wait_in(child, e, 10, 300).events.empty()) count_up(child, done);
    });
  sleep_for(*g, 50);
  count_up(*g, c);
  for (int i = 0; i < 3; ++i) CHECK(wait_for(*g).status == 0);
  const u64 at = g->put(u64{0});
  const user_bytes part{at, 8};
  CHECK(perform(*g, op::read{}, done, user_vector{&part, 1}));
  CHECK(g->get<u64>(at) == 1);
}

TEST_CASE("lists watch lists", "[interest]") {
  simulated::fresh_process g;
  const i32 inner = make_list(*g), outer = make_list(*g), c = make_counter(*g);
  CHECK(add(*g, inner, c, p::in, edge) == error::none);
  CHECK(add(*g, outer, inner, p::in, 0, 9) == error::none);
  CHECK(poll_now(*g, outer) == 0);
  count_up(*g, c);
  CHECK(poll_now(*g, outer) == (p::in | p::rdnorm));
  CHECK(now(*g, outer) == all_told{{p::in, 9}});
  take(*g, c);
  CHECK(now(*g, outer).empty());
  (void)close(*g, inner);
  CHECK(with_custom<list>(*g, outer, [](list& l) { return l.records(); }) == 0);
}

TEST_CASE("lists in circles and deep chains are refused", "[interest]") {
  simulated::fresh_process g;
  std::vector<i32> chain;
  for (int i = 0; i < 6; ++i) chain.push_back(make_list(*g));
  for (usize i = 0; i < 4; ++i) CHECK(add(*g, chain[i], chain[i + 1], p::in) == error::none);
  CHECK(add(*g, chain[4], chain[5], p::in) == error::loop); // a sixth
  CHECK(add(*g, chain[5], chain[0], p::in) == error::loop);
  CHECK(add(*g, chain[3], chain[1], p::in) == error::loop);
  CHECK(add(*g, chain[1], chain[1], p::in) == error::inval);
  CHECK(add(*g, chain[4], make_counter(*g), p::in) == error::none);
}

TEST_CASE("ways up from a file are counted", "[interest]") {
  simulated::fresh_process g;
  const i32 c = make_counter(*g), top = make_list(*g), middle = make_list(*g), low = make_list(*g), bottom = make_list(*g);
  CHECK(add(*g, bottom, c, p::in) == error::none);
  CHECK(add(*g, low, bottom, p::in) == error::none);
  CHECK(add(*g, middle, low, p::in) == error::none);
  CHECK(add(*g, top, middle, p::in) == error::none);
  // Ten ways of five steps are allowed.
  int made = 0;
  while (made < 20 && add(*g, make_list(*g), top, p::in) == error::none) ++made;
  CHECK(made == 10);
}

TEST_CASE("what may be exclusive", "[interest]") {
  simulated::fresh_process g;
  const i32 e = make_list(*g), other = make_list(*g), c = make_counter(*g);
  CHECK(add(*g, e, other, p::in, exclusive) == error::inval);
  CHECK(add(*g, e, c, p::in, exclusive | oneshot) == error::inval);
  CHECK(add(*g, e, c, p::in, exclusive | edge) == error::none);
  CHECK(modify(*g, e, c, p::in) == error::inval);
  CHECK(modify(*g, e, c, p::in, exclusive) == error::inval);
  CHECK(remove(*g, e, c) == error::none);
}

TEST_CASE("of exclusive records one that somebody waits for hears", "[interest]") {
  simulated::fresh_process g;
  const i32 c = make_counter(*g), done = make_counter(*g);
  for (int i = 0; i < 3; ++i)
    (void)fork(*g, [&](guest& child) {
      const i32 e = make_list(child);
      (void)add(child, e, c, p::in, exclusive | edge);
      if (!wait_in(child, e, 10, 300).events.empty()) count_up(child, done);
    });
  sleep_for(*g, 80);
  count_up(*g, c);
  for (int i = 0; i < 3; ++i) CHECK(wait_for(*g).status == 0);
  const u64 at = g->put(u64{0});
  const user_bytes part{at, 8};
  CHECK(perform(*g, op::read{}, done, user_vector{&part, 1}));
  CHECK(g->get<u64>(at) == 1);
}

TEST_CASE("a table of many records finds and forgets each", "[interest]") {
  simulated::fresh_process g;
  const i32 e = make_list(*g);
  std::vector<i32> counters;
  for (u64 n = 0; n < 300; ++n) {
    counters.push_back(make_counter(*g));
    CHECK(add(*g, e, counters.back(), p::in, 0, n) == error::none);
  }
  for (usize n = 0; n < 300; n += 3) CHECK(remove(*g, e, counters[n]) == error::none);
  for (usize n = 1; n < 300; n += 3) (void)close(*g, counters[n]);
  CHECK(with_custom<list>(*g, e, [](list& l) { return l.records(); }) == 100);
  count_up(*g, counters[299]);
  CHECK(now(*g, e) == all_told{{p::in, 299}});
}
