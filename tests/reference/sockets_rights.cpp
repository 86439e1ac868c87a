// Open files and credentials in messages.
#include "sockets.hpp"

using namespace polyabi;
using namespace polyabi::tests;
using namespace polyabi::tests::sockets;

namespace {

item credentials(i32 pid, u32 uid, u32 gid) {
  const ref::socket_credentials c{pid, uid, gid};
  return {ref::control_types::credentials, {reinterpret_cast<const char*>(&c), sizeof c}};
}

} // namespace

TEST_CASE("open files travel in messages", "[sockets]") {
  simulated::fresh_process g;
  const no_leak all_is_freed{*g};
  for (const i32 type : {types::stream, types::dgram, types::seqpacket}) {
    const auto s = make_pair(*g, type);
    const auto pipe = make_pipe(*g);
    CHECK(send(*g, s.first, "take", 0, nullptr, {rights({pipe.writer, pipe.reader})}).size == 4);
    CHECK(close(*g, pipe.writer) == error::none);
    const auto m = receive(*g, s.second, 100, flags::cmsg_cloexec);
    CHECK(m.text == "take");
    REQUIRE(m.descriptors.size() == 2);
    CHECK(m.flags == 0);
    CHECK(*perform(*g, op::get_descriptor_flags{}, m.descriptors[0]) == ref::fd_flags::cloexec);
    CHECK(write(*g, m.descriptors[0], "through") == written{error::none, 7});
    CHECK(read(*g, pipe.reader).text == "through");
    for (const i32 d : {s.first, s.second, pipe.reader, m.descriptors[0], m.descriptors[1]}) CHECK(close(*g, d) == error::none);
  }
}

TEST_CASE("files are received with the byte that they were sent with", "[sockets]") {
  simulated::fresh_process g;
  const auto s = make_pair(*g, types::stream);
  CHECK(send(*g, s.first, "before").size == 6);
  CHECK(send(*g, s.first, "with", 0, nullptr, {rights({s.first})}).size == 4);
  CHECK(send(*g, s.first, "after").size == 5);
  auto m = receive(*g, s.second, 100, flags::peek);
  CHECK(m.text == "beforewith");
  CHECK(m.descriptors.size() == 1);
  CHECK(close(*g, m.descriptors[0]) == error::none);
  m = receive(*g, s.second, 8);
  CHECK(m.text == "beforewi");
  CHECK(m.descriptors.size() == 1);
  m = receive(*g, s.second);
  CHECK(m.text == "thafter");
  CHECK(m.descriptors.empty());
}

TEST_CASE("files that nobody receives are closed", "[sockets]") {
  simulated::fresh_process g;
  const no_leak all_is_freed{*g};
  const auto s = make_pair(*g, types::dgram);
  const auto pipe = make_pipe(*g);
  CHECK(send(*g, s.first, "x", 0, nullptr, {rights({pipe.writer})}).size == 1);
  CHECK(close(*g, pipe.writer) == error::none);
  CHECK(close(*g, s.second) == error::none);
  CHECK(read(*g, pipe.reader) == transfer{error::none, ""});
  CHECK(close(*g, s.first) == error::none);
  CHECK(close(*g, pipe.reader) == error::none);
}

TEST_CASE("descriptors that cannot be received", "[sockets]") {
  simulated::fresh_process g;
  const auto s = make_pair(*g, types::stream);
  CHECK(send(*g, s.first, "x", 0, nullptr, {rights({99})}).failure == error::badf);
  CHECK(send(*g, s.first, "x", 0, nullptr, {rights({s.first, s.first})}).size == 1);
  const ref::rlimit limit{static_cast<u64>(s.second) + 2, 1024};
  CHECK(perform(*g, op::set_limit{}, ref::resources::nofile, limit));
  const auto m = receive(*g, s.second);
  CHECK(m.descriptors.size() == 1);
  CHECK(m.flags == flags::ctrunc);
}

TEST_CASE("reserved descriptors that are not committed leave nothing behind", "[sockets]") {
  simulated::fresh_process g;
  const auto s = make_pair(*g, types::stream);
  CHECK(send(*g, s.first, "x", 0, nullptr, {rights({s.first, s.first, s.first})}).size == 1);
  const user_bytes part{g->allocate(8), 8};
  g->system_call([&](ref::thread& t) {
    incoming_message<ref::kernel> m{user_vector{&part, 1}};
    CHECK(*polyabi::perform<ref::kernel>(op::receive{}, t, s.second, m, u32{0}) == 1);
    CHECK(m.descriptors.size() == 3);
    m.descriptors.keep(1);
    CHECK(m.descriptors.size() == 1);
  });
  const auto next = make_pipe(*g);
  CHECK(next.reader == s.second + 1);
}

TEST_CASE("sockets that are in flight in each other are collected", "[sockets]") {
  simulated::fresh_process g;
  const no_leak all_is_freed{*g};
  const auto pipe = make_pipe(*g);
  const auto one = make_pair(*g, types::dgram), two = make_pair(*g, types::dgram);
  // Each end lies in the other pair's queue, and one of them together with a pipe.
  CHECK(send(*g, one.first, "x", 0, nullptr, {rights({two.second, pipe.writer})}).size == 1);
  CHECK(send(*g, two.first, "x", 0, nullptr, {rights({one.second})}).size == 1);
  // And one in its own.
  const auto self = make_pair(*g, types::stream);
  CHECK(send(*g, self.first, "x", 0, nullptr, {rights({self.second})}).size == 1);
  for (const i32 d : {pipe.writer, one.first, one.second, two.first, two.second, self.first, self.second})
    CHECK(close(*g, d) == error::none);
  CHECK(read(*g, pipe.reader) == transfer{error::none, ""});
  CHECK(close(*g, pipe.reader) == error::none);
}

TEST_CASE("what can still be received is not collected", "[sockets]") {
  simulated::fresh_process g;
  const no_leak all_is_freed{*g};
  const auto outer = make_pair(*g, types::stream), inner = make_pair(*g, types::stream);
  CHECK(send(*g, inner.first, "deep").size == 4);
  CHECK(send(*g, outer.first, "x", 0, nullptr, {rights({inner.second})}).size == 1);
  CHECK(close(*g, inner.second) == error::none);
  const auto other = make_pair(*g, types::stream); // somebody closes: a collection runs
  CHECK(close(*g, other.first) == error::none);
  CHECK(close(*g, other.second) == error::none);
  const auto m = receive(*g, outer.second);
  REQUIRE(m.descriptors.size() == 1);
  CHECK(receive(*g, m.descriptors[0]).text == "deep");
  for (const i32 d : {outer.first, outer.second, inner.first, m.descriptors[0]}) CHECK(close(*g, d) == error::none);
}

TEST_CASE("a long chain of sockets in sockets goes without depth", "[sockets]") {
  simulated::fresh_process g;
  const no_leak all_is_freed{*g};
  i32 last = -1;
  for (int i = 0; i < 300; ++i) {
    const auto s = make_pair(*g, types::dgram);
    if (last >= 0) {
      CHECK(send(*g, s.first, "x", 0, nullptr, {rights({last})}).size == 1);
      CHECK(close(*g, last) == error::none);
    }
    CHECK(close(*g, s.first) == error::none);
    last = s.second;
  }
  CHECK(close(*g, last) == error::none);
}

TEST_CASE("a process' end takes its messages along", "[sockets]") {
  simulated::fresh_process g;
  const no_leak all_is_freed{*g};
  (void)fork(*g, [&](guest& c) {
    const auto one = make_pair(c, types::stream), two = make_pair(c, types::stream);
    (void)send(c, one.first, "x", 0, nullptr, {rights({two.second, one.second})});
    (void)send(c, two.first, "x", 0, nullptr, {rights({one.second, two.second})});
  });
  CHECK(wait_for(*g).status == 0);
  simulated::join_guests();
}

TEST_CASE("credentials are told to whoever asks", "[sockets]") {
  simulated::fresh_process g;
  const auto s = make_pair(*g, types::dgram);
  CHECK(send(*g, s.first, "early").size == 5);
  CHECK(set_option(*g, s.second, ref::socket_options::passcred, i32{1}) == error::none);
  CHECK(send(*g, s.first, "late").size == 4);
  auto m = receive(*g, s.second);
  REQUIRE(m.credentials.size() == 1);
  CHECK(m.credentials[0].pid == 0);
  CHECK(m.credentials[0].uid == 65534);
  m = receive(*g, s.second);
  REQUIRE(m.credentials.size() == 1);
  CHECK(m.credentials[0].pid == g->id());
  CHECK(m.descriptors.empty());
  CHECK(receive(*g, s.second, 10, flags::dontwait).failure == error::again);
  CHECK(send(*g, s.first, "x").size == 1);
  m = receive(*g, s.second, 10, 0, 16);
  CHECK(m.flags == flags::ctrunc);
  CHECK(m.credentials.empty());
}

TEST_CASE("credentials that are claimed have to be one's own", "[sockets]") {
  simulated::fresh_process g;
  const auto s = make_pair(*g, types::dgram);
  CHECK(set_option(*g, s.second, ref::socket_options::passcred, i32{1}) == error::none);
  g->process().identity.euid = g->process().identity.suid = 77;
  CHECK(send(*g, s.first, "x", 0, nullptr, {credentials(1, 77, 0)}).failure == error::perm);
  CHECK(send(*g, s.first, "x", 0, nullptr, {credentials(g->id(), 78, 0)}).failure == error::perm);
  CHECK(send(*g, s.first, "x", 0, nullptr, {credentials(g->id(), 77, 0)}).size == 1);
  const auto m = receive(*g, s.second);
  REQUIRE(m.credentials.size() == 1);
  CHECK(m.credentials[0].uid == 77);
}

TEST_CASE("bytes of different senders are not received together where it matters", "[sockets]") {
  simulated::fresh_process g;
  const auto s = make_pair(*g, types::stream);
  CHECK(set_option(*g, s.second, ref::socket_options::passcred, i32{1}) == error::none);
  CHECK(send(*g, s.first, "parent").size == 6);
  (void)fork(*g, [&](guest& c) { CHECK(send(c, s.first, "child").size == 5); });
  CHECK(wait_for(*g).status == 0);
  CHECK(receive(*g, s.second).text == "parent");
  CHECK(receive(*g, s.second).text == "child");
}

TEST_CASE("datagrams are stamped with their time", "[sockets]") {
  simulated::fresh_process g;
  const auto s = make_pair(*g, types::dgram);
  CHECK(set_option(*g, s.second, ref::socket_options::timestamp, i32{1}) == error::none);
  CHECK(send(*g, s.first, "x").size == 1);
  CHECK(receive(*g, s.second).item_types == std::vector{ref::control_types::timestamp});
  CHECK(set_option(*g, s.second, ref::socket_options::timestampns, i32{1}) == error::none);
  CHECK(send(*g, s.first, "x").size == 1);
  CHECK(receive(*g, s.second).item_types == std::vector{ref::control_types::timestampns});
}
