// Message queues, System V's and those with priorities, over the reference kernel.
#include "facilities.hpp"

#include <cstring>

#include <polyabi/facilities/message_queues/calls.hpp>
#include <polyabi/facilities/system_v/message_queues.hpp>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace system_v = polyabi::facilities::system_v;
namespace mq = polyabi::facilities::message_queues;

namespace {

using K = ref::kernel;
using queues = system_v::message_queues<K>;
constexpr u32 nowait = native_number<void, system_v::message_flag::nowait>, cut = native_number<void, system_v::message_flag::no_error>;

i32 make(guest& g) {
  return g.call([&](ref::thread& t) { return *queues::get(system_v::caller_of<K>(t), {}, system_v::private_key, {0, 0600}); });
}
errc put(guest& g, i32 id, i64 type, std::string_view text, u32 flags = 0) {
  return g.call([&](ref::thread& t) {
    auto m = system_v::owned_message<K>::make(type, text.size());
    std::memcpy(m->bytes(), text.data(), text.size());
    return queues::send(t, system_v::caller_of<K>(t), id, std::move(m), flags);
  });
}
struct taken {
  errc failure = errc::none;
  i64 type = 0;
  std::string text = {};
  bool operator==(const taken&) const = default;
};
taken take(guest& g, i32 id, i64 type, u64 room = 100, u32 flags = 0) {
  return g.call([&](ref::thread& t) -> taken {
    auto m = queues::receive(t, system_v::caller_of<K>(t), id, room, type, flags);
    if (!m) return {m.error()};
    return {errc::none, (*m)->type, {(*m)->bytes(), (*m)->size}};
  });
}
errc remove(guest& g, i32 id) {
  return g.call([&](ref::thread& t) { return queues::remove(system_v::caller_of<K>(t), id); });
}
errc set_size(guest& g, i32 id, u64 bytes) {
  return g.call([&](ref::thread& t) {
    const auto who = system_v::caller_of<K>(t);
    return queues::change(who, {}, id, system_v::new_permission(who, 0, 0600), bytes);
  });
}

} // namespace

TEST_CASE("messages are taken by type", "[message queue]") {
  simulated::fresh_process g;
  const i32 id = make(*g);
  CHECK(put(*g, id, 3, "three") == errc::none);
  CHECK(put(*g, id, 1, "one") == errc::none);
  CHECK(put(*g, id, 2, "two") == errc::none);
  CHECK(take(*g, id, 2) == taken{errc::none, 2, "two"});
  CHECK(take(*g, id, -2) == taken{errc::none, 1, "one"});
  CHECK(take(*g, id, 1, 100, nowait) == taken{errc::nomsg});
  CHECK(take(*g, id, 0, 2) == taken{errc::toobig});
  CHECK(take(*g, id, 0, 2, cut) == taken{errc::none, 3, "three"}); // the call cuts it
  CHECK(remove(*g, id) == errc::none);
  CHECK(take(*g, id, 0) == taken{errc::inval});
}

TEST_CASE("a message goes to who waits for its type", "[message queue]") {
  simulated::fresh_process g;
  const i32 id = make(*g);
  const i32 seven = fork(*g, [&](guest& c) { CHECK(take(c, id, 7) == taken{errc::none, 7, "seven"}); });
  const i32 small = fork(*g, [&](guest& c) { CHECK(take(c, id, 8, 2) == taken{errc::toobig}); });
  sleep_for(*g, 30);
  CHECK(put(*g, id, 8, "large") == errc::none);
  CHECK(wait_for(*g, small).status == 0);
  CHECK(put(*g, id, 7, "seven") == errc::none);
  CHECK(wait_for(*g, seven).status == 0);
  CHECK(take(*g, id, 0) == taken{errc::none, 8, "large"});
  const i32 last = fork(*g, [&](guest& c) { CHECK(take(c, id, 0) == taken{errc::idrm}); });
  sleep_for(*g, 30);
  CHECK(remove(*g, id) == errc::none);
  CHECK(wait_for(*g, last).status == 0);
}

TEST_CASE("a full queue", "[message queue]") {
  simulated::fresh_process g;
  const i32 id = make(*g);
  CHECK(set_size(*g, id, 8) == errc::none);
  CHECK(put(*g, id, 1, "1234") == errc::none);
  CHECK(put(*g, id, 1, "56789", nowait) == errc::again);
  const i32 child = fork(*g, [&](guest& c) { CHECK(put(c, id, 2, "56789") == errc::none); });
  sleep_for(*g, 30);
  SECTION("room by a receiver") { CHECK(take(*g, id, 0).text == "1234"); }
  SECTION("room by a larger queue") {
    CHECK(set_size(*g, id, 100) == errc::none);
    CHECK(take(*g, id, 1).text == "1234");
  }
  CHECK(wait_for(*g, child).status == 0);
  CHECK(take(*g, id, 0) == taken{errc::none, 2, "56789"});
  CHECK(remove(*g, id) == errc::none);
}

namespace {

i32 open_named(guest& g, std::string_view name, mq::opening how, u32 status = ref::open_flags::rdwr, mq::limits most = {}) {
  return g.call([&](ref::thread& t) {
    auto opened = mq::open<K>(mq::caller_of<K>(t), most, 1'000'000, name, how);
    if (!opened) return -static_cast<i32>(opened.error());
    auto made = K::make_descriptor(t, **opened, status, 0);
    return made ? polyabi::detail::derived_entry::commit(*made) : -1;
  });
}
mq::outcome<K> post(guest& g, i32 descriptor, std::string_view text, u32 priority, u64 until = no_deadline) {
  return g.call([&](ref::thread& t) {
    return mq::send<K>(t, mq::caller_of<K>(t), descriptor, text.size(), priority, until, [&](char* to) {
      std::memcpy(to, text.data(), text.size());
      return errc::none;
    });
  });
}
taken fetch(guest& g, i32 descriptor, u64 until = no_deadline) {
  return g.call([&](ref::thread& t) -> taken {
    auto m = mq::receive<K>(t, mq::caller_of<K>(t), descriptor, 64, until);
    if (!m) return {m.error().is_name() ? m.error().name() : errc::restart};
    return {errc::none, (*m)->priority, {(*m)->bytes(), (*m)->size}};
  });
}
errc unlink_named(guest& g, std::string_view name) {
  return g.call([&](ref::thread& t) { return mq::unlink<K>(mq::caller_of<K>(t), name); });
}
constexpr mq::attributes small{3, 64};
constexpr mq::opening making{.create = true, .exclusive = true, .reads = true, .writes = true, .mode = 0600, .wanted = &small};
errc error_name(const mq::outcome<K>& o) {
  return o ? errc::none : o.error().is_name() ? o.error().name() : errc::restart;
}

} // namespace

TEST_CASE("the highest priority first, then in order", "[priority queue]") {
  simulated::fresh_process g;
  const i32 q = open_named(*g, "one", making);
  REQUIRE(q >= 0);
  CHECK(open_named(*g, "one", making) == -static_cast<i32>(errc::exist));
  CHECK(post(*g, q, "low", 1));
  CHECK(post(*g, q, "high", 5));
  CHECK(post(*g, q, "low too", 1));
  CHECK(error_name(post(*g, q, "late", 9, K::monotonic_time())) == errc::timedout);
  CHECK(error_name(post(*g, q, "", 32768)) == errc::inval);
  CHECK(error_name(post(*g, q, std::string(65, 'x'), 0)) == errc::msgsize);
  CHECK(poll_now(*g, q) == (ref::poll_events::in | ref::poll_events::rdnorm));
  CHECK(fetch(*g, q) == taken{errc::none, 5, "high"});
  CHECK(fetch(*g, q) == taken{errc::none, 1, "low"});
  CHECK(fetch(*g, q) == taken{errc::none, 1, "low too"});
  CHECK(fetch(*g, q, K::monotonic_time()) == taken{errc::timedout});
  CHECK(unlink_named(*g, "one") == errc::none);
  CHECK(unlink_named(*g, "one") == errc::noent);
  CHECK(post(*g, q, "nameless", 0));
  CHECK(fetch(*g, q).text == "nameless");
  CHECK(close(*g, q) == error::none);
}

TEST_CASE("senders and receivers of a priority queue wait for each other", "[priority queue]") {
  simulated::fresh_process g;
  const i32 q = open_named(*g, "two", making);
  const i32 child = fork(*g, [&](guest& c) {
    for (u32 i = 0; i < 40; ++i) CHECK(post(c, q, std::to_string(i), 3));
  });
  for (u32 i = 0; i < 40; ++i) CHECK(fetch(*g, q).text == std::to_string(i));
  CHECK(wait_for(*g, child).status == 0);
  CHECK(unlink_named(*g, "two") == errc::none);
}

TEST_CASE("who asked is told once of a message in an empty queue", "[priority queue]") {
  simulated::fresh_process g;
  const i32 q = open_named(*g, "three", making);
  CHECK(change_mask(*g, ref::sigmask_hows::block, {ref::signals::usr1}) == error::none);
  const auto ask = [&](guest& of) {
    const mq::notice<K> wanted{0, ref::signals::usr1, 42};
    return of.call([&](ref::thread& t) { return mq::notify<K>(t, mq::caller_of<K>(t), q, &wanted); });
  };
  const auto pending = [&] {
    return g->call([&](ref::thread& t) {
      const ref::kernel_lock::locked inside;
      ref::sigset set{};
      set.add(ref::signals::usr1);
      ref::siginfo info{};
      return K::take_signal(t, set, info) ? info.code : 0;
    });
  };
  CHECK(ask(*g) == errc::none);
  CHECK(ask(*g) == errc::busy);
  CHECK(post(*g, q, "first", 0));
  CHECK(pending() == ref::signal_codes::mesgq);
  CHECK(post(*g, q, "second", 0));
  CHECK(pending() == 0);
  CHECK(ask(*g) == errc::none);
  CHECK(post(*g, q, "third", 0));
  CHECK(pending() == 0); // it was not empty
  const i32 child = fork(*g, [&](guest& c) { CHECK(ask(c) == errc::busy); });
  CHECK(wait_for(*g, child).status == 0);
  CHECK(close(*g, q) == error::none); // nobody asks any more
  const i32 again = open_named(*g, "three", {.reads = true, .writes = true});
  CHECK(g->call([&](ref::thread& t) {
    const mq::notice<K> wanted{0, 0, 0};
    return mq::notify<K>(t, mq::caller_of<K>(t), again, &wanted);
  }) == errc::none);
  CHECK(unlink_named(*g, "three") == errc::none);
}

TEST_CASE("what ordinary users may have of priority queues", "[priority queue]") {
  simulated::fresh_process g;
  const i32 child = fork(*g, [&](guest& c) {
    auto& self = c.process().identity;
    self.ruid = self.euid = self.suid = 1000;
    mq::attributes large{11, 64};
    mq::opening how = making;
    how.wanted = &large;
    CHECK(open_named(c, "four", how) == -static_cast<i32>(errc::inval));
    large = {10, 8192};
    CHECK(open_named(c, "four", how, ref::open_flags::rdwr, {.queues = 0}) == -static_cast<i32>(errc::nospc));
    CHECK(open_named(c, "four", how) >= 0);
    CHECK(unlink_named(c, "four") == errc::none);
  });
  CHECK(wait_for(*g, child).status == 0);
  const i32 q = open_named(*g, "five", making);
  CHECK(q >= 0);
  const i32 other = fork(*g, [&](guest& c) {
    auto& self = c.process().identity;
    self.ruid = self.euid = self.suid = 1000;
    self.rgid = self.egid = self.sgid = 1000;
    CHECK(open_named(c, "five", {.reads = true}) == -static_cast<i32>(errc::acces));
    CHECK(unlink_named(c, "five") == errc::perm);
  });
  CHECK(wait_for(*g, other).status == 0);
  CHECK(unlink_named(*g, "five") == errc::none);
}
