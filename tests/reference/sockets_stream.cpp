// Local sockets with connections: names, backlog, transfer, ends.
#include "sockets.hpp"

using namespace polyabi;
using namespace polyabi::tests;
using namespace polyabi::tests::sockets;
namespace p = ref::poll_events;

namespace {

/// A listening socket with an abstract name, and a connection to it.
struct connection {
  i32 listener = -1, client = -1, server = -1;
};
connection connected(guest& g, i32 type = types::stream) {
  connection c;
  c.listener = make(g, type).descriptor;
  REQUIRE(bind(g, c.listener, "\0server"sv) == error::none);
  REQUIRE(listen(g, c.listener) == error::none);
  c.client = make(g, type).descriptor;
  REQUIRE(connect(g, c.client, "\0server"sv) == error::none);
  c.server = accept(g, c.listener).descriptor;
  REQUIRE(c.server >= 0);
  return c;
}

} // namespace

TEST_CASE("a pair of streams carries bytes both ways", "[sockets]") {
  simulated::fresh_process g;
  const no_leak all_is_freed{*g};
  const auto s = make_pair(*g, types::stream);
  CHECK(write(*g, s.first, "one") == written{error::none, 3});
  CHECK(send(*g, s.first, " two") == written{error::none, 4});
  CHECK(*perform(*g, op::bytes_readable{}, s.second) == 7);
  CHECK(read(*g, s.second, 5) == transfer{error::none, "one t"});
  CHECK(receive(*g, s.second).text == "wo");
  CHECK(write(*g, s.second, "back") == written{error::none, 4});
  CHECK(read(*g, s.first) == transfer{error::none, "back"});
  CHECK(receive(*g, s.first, 10, flags::dontwait).failure == error::again);
  CHECK(close(*g, s.first) == error::none);
  CHECK(read(*g, s.second) == transfer{error::none, ""});
  CHECK(close(*g, s.second) == error::none);
}

TEST_CASE("what is no socket is refused", "[sockets]") {
  simulated::fresh_process g;
  const auto pipe = make_pipe(*g);
  CHECK(bind(*g, 999, "x") == error::badf);
  CHECK(bind(*g, pipe.reader, "x") == error::notsock);
  CHECK(send(*g, pipe.writer, "x").failure == error::notsock);
  CHECK(receive(*g, pipe.reader).failure == error::notsock);
  CHECK(make(*g, types::rdm).failure == error::socktnosupport);
  CHECK(make(*g, types::stream, local, 0, 7).failure == error::protonosupport);
  CHECK(make(*g, types::stream, 77).failure == error::afnosupport);
}

TEST_CASE("a connection is made through a name, and both ends know it", "[sockets]") {
  simulated::fresh_process g;
  const no_leak all_is_freed{*g};
  const auto c = connected(*g);
  CHECK(peer(*g, c.client) == "\0server"sv);
  CHECK(name(*g, c.server) == "\0server"sv);
  CHECK(name(*g, c.client).empty());
  CHECK(peer(*g, c.server).empty());
  CHECK(write(*g, c.client, "hello") == written{error::none, 5});
  CHECK(read(*g, c.server) == transfer{error::none, "hello"});
  const auto who = get_option<ref::socket_credentials>(*g, c.server, ref::socket_options::peercred);
  CHECK(who.pid == g->id());
  for (const i32 d : {c.listener, c.client, c.server}) CHECK(close(*g, d) == error::none);
}

TEST_CASE("an abstract name is free again when its socket is closed", "[sockets]") {
  simulated::fresh_process g;
  const i32 first = make(*g, types::stream).descriptor, second = make(*g, types::stream).descriptor;
  CHECK(bind(*g, first, "\0a"sv) == error::none);
  CHECK(bind(*g, first, "\0b"sv) == error::inval);
  CHECK(bind(*g, second, "\0a"sv) == error::addrinuse);
  CHECK(close(*g, first) == error::none);
  CHECK(connect(*g, second, "\0a"sv) == error::connrefused);
  CHECK(bind(*g, second, "\0a"sv) == error::none);
}

TEST_CASE("binding without a name gives one", "[sockets]") {
  simulated::fresh_process g;
  const i32 s = make(*g, types::dgram).descriptor;
  CHECK(bind(*g, s, "") == error::none);
  const std::string given = name(*g, s);
  CHECK(given.size() == 6);
  CHECK(bind(*g, s, "") == error::none);
  CHECK(name(*g, s) == given);
}

TEST_CASE("listening and connecting in the wrong order", "[sockets]") {
  simulated::fresh_process g;
  const i32 s = make(*g, types::stream).descriptor, other = make(*g, types::stream).descriptor;
  CHECK(listen(*g, s) == error::inval); // no name
  CHECK(accept(*g, s).failure == error::inval);
  CHECK(send(*g, s, "x").failure == error::notconn);
  CHECK(receive(*g, s).failure == error::inval);
  CHECK(peer(*g, s) == "?");
  CHECK(bind(*g, s, "\0order"sv) == error::none);
  CHECK(connect(*g, other, "\0order"sv) == error::connrefused);
  CHECK(listen(*g, s) == error::none);
  CHECK(connect(*g, other, "\0order"sv) == error::none);
  CHECK(connect(*g, other, "\0order"sv) == error::isconn);
  CHECK(connect(*g, s, "\0order"sv) == error::inval);
  const auto to = local_address("\0order"sv);
  CHECK(send(*g, other, "x", 0, &to).failure == error::isconn);
  const i32 datagrams = make(*g, types::dgram).descriptor;
  CHECK(listen(*g, datagrams) == error::opnotsupp);
  CHECK(accept(*g, datagrams).failure == error::opnotsupp);
  CHECK(connect(*g, datagrams, "\0order"sv) == error::connrefused); // abstract names belong to a type
  CHECK(connect(*g, other, address{}) == error::inval);
}

TEST_CASE("a backlog takes one more than it is long, and makes the next wait", "[sockets]") {
  simulated::fresh_process g;
  const i32 listener = make(*g, types::stream).descriptor;
  CHECK(bind(*g, listener, "\0many"sv) == error::none);
  CHECK(listen(*g, listener, 1) == error::none);
  const auto client = [&](u32 how) { return make(*g, types::stream, local, how).descriptor; };
  CHECK(connect(*g, client(0), "\0many"sv) == error::none);
  CHECK(connect(*g, client(0), "\0many"sv) == error::none);
  CHECK(connect(*g, client(ref::socket_flags::nonblock), "\0many"sv) == error::again);
  (void)fork(*g, [&](guest& c) {
    sleep_for(c, 20);
    CHECK(accept(c, listener).descriptor >= 0);
  });
  CHECK(connect(*g, client(0), "\0many"sv) == error::none);
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("a listener that goes takes its connections with it", "[sockets]") {
  simulated::fresh_process g;
  const no_leak all_is_freed{*g};
  const i32 listener = make(*g, types::stream).descriptor, client = make(*g, types::stream).descriptor;
  CHECK(bind(*g, listener, "\0gone"sv) == error::none);
  CHECK(listen(*g, listener) == error::none);
  CHECK(connect(*g, client, "\0gone"sv) == error::none);
  CHECK(write(*g, client, "lost") == written{error::none, 4});
  CHECK(close(*g, listener) == error::none);
  CHECK(receive(*g, client).failure == error::connreset);
  CHECK(receive(*g, client).size == 0);
  CHECK(close(*g, client) == error::none);
}

TEST_CASE("accepting waits for a client", "[sockets]") {
  simulated::fresh_process g;
  const i32 listener = make(*g, types::stream, local, ref::socket_flags::nonblock).descriptor;
  CHECK(bind(*g, listener, "\0late"sv) == error::none);
  CHECK(listen(*g, listener) == error::none);
  CHECK(accept(*g, listener).failure == error::again);
  CHECK(perform(*g, op::set_nonblocking{}, listener, false));
  (void)fork(*g, [&](guest& c) {
    sleep_for(c, 20);
    const i32 s = make(c, types::stream).descriptor;
    CHECK(bind(c, s, "\0client"sv) == error::none);
    CHECK(connect(c, s, "\0late"sv) == error::none);
    sleep_for(c, 20);
  });
  address from;
  const auto made = accept(*g, listener, &from, ref::socket_flags::cloexec | ref::socket_flags::nonblock);
  CHECK(made.descriptor >= 0);
  CHECK(from.path() == "\0client"sv);
  CHECK(*perform(*g, op::get_descriptor_flags{}, made.descriptor) == ref::fd_flags::cloexec);
  CHECK(*perform(*g, op::get_status_flags{}, made.descriptor) == (ref::open_flags::rdwr | ref::open_flags::nonblock));
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("writing into a broken connection is SIGPIPE and EPIPE", "[sockets]") {
  simulated::fresh_process g;
  CHECK(set_handler(*g, ref::signals::pipe, 0x1000) == error::none);
  const auto s = make_pair(*g, types::stream);
  CHECK(close(*g, s.first) == error::none);
  CHECK(send(*g, s.second, "x", flags::nosignal).failure == error::pipe);
  CHECK(g->delivered.empty());
  CHECK(send(*g, s.second, "x").failure == error::pipe);
  CHECK(g->delivered.size() == 1);
}

TEST_CASE("data that nobody received is a reset for its sender", "[sockets]") {
  simulated::fresh_process g;
  const auto s = make_pair(*g, types::stream);
  CHECK(write(*g, s.first, "unread") == written{error::none, 6});
  CHECK(close(*g, s.second) == error::none);
  CHECK(get_option(*g, s.first, ref::socket_options::error) == static_cast<i32>(error::connreset));
  CHECK(get_option(*g, s.first, ref::socket_options::error) == 0);
  CHECK(receive(*g, s.first).size == 0);
}

TEST_CASE("shutting one direction down", "[sockets]") {
  simulated::fresh_process g;
  const auto s = make_pair(*g, types::stream);
  CHECK(write(*g, s.first, "last") == written{error::none, 4});
  CHECK(perform(*g, op::shutdown{}, s.first, ref::shutdown_hows::write));
  CHECK(send(*g, s.first, "x", flags::nosignal).failure == error::pipe);
  CHECK(receive(*g, s.second).text == "last");
  CHECK(receive(*g, s.second).size == 0);
  CHECK(write(*g, s.second, "still") == written{error::none, 5});
  CHECK(receive(*g, s.first).text == "still");
  CHECK(perform(*g, op::shutdown{}, s.first, 9).error() == error::inval);
}

TEST_CASE("a full buffer makes the sender wait until a part is received", "[sockets]") {
  simulated::fresh_process g;
  const no_leak all_is_freed{*g};
  const auto s = make_pair(*g, types::stream);
  std::string much(1'000'000, '\0');
  for (usize i = 0; i < much.size(); ++i) much[i] = static_cast<char>(i * 7 / 5);
  (void)fork(*g, [&](guest& c) {
    CHECK(close(c, s.second) == error::none);
    CHECK(write(c, s.first, much) == written{error::none, static_cast<i64>(much.size())});
  });
  CHECK(close(*g, s.first) == error::none);
  std::string got;
  for (message m; (m = receive(*g, s.second, 50'000)).size > 0;) got += m.text;
  CHECK(got == much);
  CHECK(wait_for(*g).status == 0);
  CHECK(close(*g, s.second) == error::none);
  simulated::join_guests();
}

TEST_CASE("without waiting, as much is sent as there is room for", "[sockets]") {
  simulated::fresh_process g;
  const auto s = make_pair(*g, types::stream, ref::socket_flags::nonblock);
  CHECK((poll(*g, s.first) & p::out) != 0);
  const auto sent = write(*g, s.first, std::string(1'000'000, 'x'));
  CHECK(sent.size > 100'000);
  CHECK(sent.size < 400'000);
  CHECK(write(*g, s.first, "y").failure == error::again);
  CHECK((poll(*g, s.first) & p::out) == 0);
  i64 got = 0;
  for (message m; (m = receive(*g, s.second, 65536)).failure == error::none;) got += m.size;
  CHECK(got == sent.size);
  CHECK((poll(*g, s.first) & p::out) != 0);
  CHECK(set_option(*g, s.first, ref::socket_options::sndbuf, i32{10'000}) == error::none);
  CHECK(write(*g, s.first, std::string(1'000'000, 'x')).size < 30'000);
}

TEST_CASE("receiving waits for all, or looks without taking", "[sockets]") {
  simulated::fresh_process g;
  const auto s = make_pair(*g, types::stream);
  (void)fork(*g, [&](guest& c) {
    CHECK(write(c, s.first, "abc") == written{error::none, 3});
    sleep_for(c, 20);
    CHECK(write(c, s.first, "def") == written{error::none, 3});
  });
  CHECK(receive(*g, s.second, 6, flags::waitall | flags::peek).text.substr(0, 3) == "abc");
  CHECK(receive(*g, s.second, 6, flags::waitall).text == "abcdef");
  CHECK(wait_for(*g).status == 0);
  CHECK(write(*g, s.first, "xy") == written{error::none, 2});
  CHECK(receive(*g, s.second, 1, flags::peek).text == "x");
  CHECK(receive(*g, s.second, 9, flags::peek).text == "xy");
  CHECK(receive(*g, s.second).text == "xy");
  CHECK(receive(*g, s.second, 9, flags::oob).failure == error::opnotsupp);
  CHECK(send(*g, s.first, "!", flags::oob).failure == error::opnotsupp);
}

TEST_CASE("a peek offset moves with what was looked at", "[sockets]") {
  simulated::fresh_process g;
  const auto s = make_pair(*g, types::stream);
  CHECK(write(*g, s.first, "abcdef") == written{error::none, 6});
  CHECK(set_option(*g, s.second, ref::socket_options::peek_off, i32{1}) == error::none);
  CHECK(receive(*g, s.second, 2, flags::peek).text == "bc");
  CHECK(receive(*g, s.second, 2, flags::peek).text == "de");
  CHECK(receive(*g, s.second, 2).text == "ab");
  CHECK(receive(*g, s.second, 2, flags::peek).text == "f");
}

TEST_CASE("waits have limits that can be set", "[sockets]") {
  simulated::fresh_process g;
  const auto s = make_pair(*g, types::stream);
  CHECK(set_option(*g, s.first, ref::socket_options::rcvtimeo, ref::timeval{0, 30'000}) == error::none);
  CHECK(get_option<ref::timeval>(*g, s.first, ref::socket_options::rcvtimeo).usec == 30'000);
  CHECK(receive(*g, s.first).failure == error::again);
  CHECK(set_option(*g, s.first, ref::socket_options::rcvtimeo, ref::timeval{0, 1'000'000}) == error::dom);
  CHECK(set_option(*g, s.first, ref::socket_options::sndtimeo, ref::timeval{0, 20'000}) == error::none);
  const auto sent = write(*g, s.first, std::string(1'000'000, 'x'));
  CHECK(sent.size > 0);
  CHECK(write(*g, s.first, "x").failure == error::again);
}

TEST_CASE("a signal ends a wait on a socket", "[sockets]") {
  simulated::fresh_process g;
  const auto s = make_pair(*g, types::stream);
  CHECK(set_handler(*g, ref::signals::usr1, 0x1000) == error::none);
  const i32 self = g->id();
  (void)fork(*g, [&](guest& c) {
    sleep_for(c, 20);
    (void)tests::send(c, self, ref::signals::usr1);
  });
  CHECK(receive(*g, s.first).failure == error::intr);
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("poll tells what a stream socket is ready for", "[sockets]") {
  simulated::fresh_process g;
  const i32 alone = make(*g, types::stream).descriptor;
  CHECK(poll(*g, alone) == (p::out | p::wrband | p::hup));
  const auto s = make_pair(*g, types::stream);
  CHECK(poll(*g, s.first) == (p::out | p::wrband));
  CHECK(write(*g, s.second, "x") == written{error::none, 1});
  CHECK(poll(*g, s.first) == (p::in | p::rdnorm | p::out | p::wrband));
  CHECK(perform(*g, op::shutdown{}, s.second, ref::shutdown_hows::write));
  CHECK((poll(*g, s.first) & (p::rdhup | p::hup)) == p::rdhup);
  CHECK(close(*g, s.second) == error::none);
  CHECK((poll(*g, s.first) & (p::rdhup | p::hup)) == (p::rdhup | p::hup));
  const auto c = connected(*g);
  CHECK(poll(*g, c.listener) == 0);
  const i32 client = make(*g, types::stream).descriptor;
  (void)fork(*g, [&](guest& child) {
    sleep_for(child, 20);
    CHECK(connect(child, client, "\0server"sv) == error::none);
  });
  CHECK(poll(*g, c.listener, p::in, 2000) == p::in);
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("seqpackets are connections of whole messages", "[sockets]") {
  simulated::fresh_process g;
  const no_leak all_is_freed{*g};
  const auto c = connected(*g, types::seqpacket);
  CHECK(send(*g, c.client, "one").size == 3);
  CHECK(send(*g, c.client, "").size == 0);
  CHECK(send(*g, c.client, "three").size == 5);
  CHECK(receive(*g, c.server).text == "one");
  CHECK(receive(*g, c.server).size == 0);
  const auto cut = receive(*g, c.server, 2, flags::trunc);
  CHECK(cut.size == 5);
  CHECK(cut.text == "th");
  CHECK((cut.flags & flags::trunc) != 0);
  const i32 alone = make(*g, types::seqpacket).descriptor;
  CHECK(receive(*g, alone).failure == error::notconn);
  CHECK(close(*g, c.client) == error::none);
  CHECK(receive(*g, c.server).size == 0);
  CHECK(receive(*g, c.server, 9, flags::dontwait).size == 0);
  CHECK(send(*g, c.server, "x").failure == error::pipe);
  for (const i32 d : {c.listener, c.server, alone}) CHECK(close(*g, d) == error::none);
}
