// Local datagrams: who they are from, whom they may go to, how many may wait.
#include "sockets.hpp"

using namespace polyabi;
using namespace polyabi::tests;
using namespace polyabi::tests::sockets;
namespace p = ref::poll_events;

namespace {

i32 bound(guest& g, std::string_view path, u32 how = 0) {
  const i32 s = make(g, types::dgram, local, how).descriptor;
  REQUIRE(bind(g, s, path) == error::none);
  return s;
}

} // namespace

TEST_CASE("a datagram is received whole or cut, with its sender's name", "[sockets]") {
  simulated::fresh_process g;
  const no_leak all_is_freed{*g};
  const i32 a = bound(*g, "\0a"sv), b = bound(*g, "\0b"sv);
  const auto to_b = local_address("\0b"sv);
  CHECK(send(*g, a, "hello", 0, &to_b).size == 5);
  CHECK(send(*g, a, "", 0, &to_b).size == 0);
  CHECK(send(*g, a, "abcdef", 0, &to_b).size == 6);
  auto m = receive(*g, b, 100, flags::peek);
  CHECK(m.text == "hello");
  m = receive(*g, b);
  CHECK(m.text == "hello");
  CHECK(m.from == "\0a"sv);
  CHECK(m.flags == 0);
  m = receive(*g, b);
  CHECK(m.failure == error::none);
  CHECK(m.size == 0);
  CHECK(*perform(*g, op::bytes_readable{}, b) == 6);
  m = receive(*g, b, 4);
  CHECK(m.size == 4);
  CHECK(m.text == "abcd");
  CHECK(m.flags == flags::trunc);
  CHECK(receive(*g, b, 4, flags::dontwait).failure == error::again);
  CHECK(close(*g, a) == error::none);
  CHECK(close(*g, b) == error::none);
}

TEST_CASE("who may send to whom", "[sockets]") {
  simulated::fresh_process g;
  const i32 a = bound(*g, "\0a"sv), b = bound(*g, "\0b"sv), c = bound(*g, "\0c"sv);
  const auto to_a = local_address("\0a"sv), to_nobody = local_address("\0d"sv);
  CHECK(send(*g, a, "x").failure == error::notconn);
  CHECK(send(*g, a, "x", 0, &to_nobody).failure == error::connrefused);
  CHECK(connect(*g, a, "\0b"sv) == error::none);
  CHECK(peer(*g, a) == "\0b"sv);
  CHECK(send(*g, a, "x").size == 1);
  CHECK(send(*g, c, "x", 0, &to_a).failure == error::perm); // it has another peer
  CHECK(connect(*g, c, "\0a"sv) == error::perm);
  CHECK(send(*g, b, "y", 0, &to_a).size == 1);
  CHECK(close(*g, b) == error::none);
  CHECK(send(*g, a, "x").failure == error::connrefused);
  CHECK(send(*g, a, "x").failure == error::notconn);
  CHECK(connect(*g, a, "\0c"sv) == error::none);
  address none;
  none.become<address_family::unspec>();
  CHECK(connect(*g, a, none) == error::none);
  CHECK(peer(*g, a) == "?");
}

TEST_CASE("ten datagrams and one more may wait", "[sockets]") {
  simulated::fresh_process g;
  const i32 a = bound(*g, "\0a"sv), b = bound(*g, "\0b"sv);
  CHECK(connect(*g, a, "\0b"sv) == error::none);
  int sent = 0;
  while (sent < 100 && send(*g, a, "x", flags::dontwait).failure == error::none) ++sent;
  CHECK(sent == 11);
  CHECK((poll(*g, a) & p::out) == 0);
  (void)fork(*g, [&](guest& c) {
    sleep_for(c, 20);
    CHECK(receive(c, b).text == "x");
  });
  CHECK(poll(*g, a, p::out, 2000) == p::out);
  CHECK(send(*g, a, "y").size == 1);
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("of a pair, only the sender's buffer is a limit", "[sockets]") {
  simulated::fresh_process g;
  const no_leak all_is_freed{*g};
  const auto s = make_pair(*g, types::dgram);
  int sent = 0;
  while (sent < 100'000 && send(*g, s.first, "0123456789", flags::dontwait).failure == error::none) ++sent;
  CHECK(sent > 100);
  CHECK(sent < 5000);
  CHECK(send(*g, s.first, std::string(300'000, 'x')).failure == error::msgsize);
  CHECK(close(*g, s.first) == error::none);
  CHECK(receive(*g, s.second).text == "0123456789");
  CHECK(close(*g, s.second) == error::none);
}

TEST_CASE("a fault while a datagram is read or written", "[sockets]") {
  simulated::fresh_process g;
  const auto s = make_pair(*g, types::dgram);
  const user_bytes nowhere{0x10, 100};
  outgoing_message<ref::kernel> out{user_vector{&nowhere, 1}};
  CHECK(perform(*g, op::send{}, s.first, out, u32{0}).error() == error::fault);
  CHECK(send(*g, s.first, "x").size == 1);
  g->system_call([&](ref::thread& t) {
    incoming_message<ref::kernel> in{user_vector{&nowhere, 1}};
    CHECK(polyabi::perform<ref::kernel>(op::receive{}, t, s.second, in, u32{0}).error() == error::fault);
  });
}
