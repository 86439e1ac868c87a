// Sockets of the Internet's families, which the host carries: between guests, and with a socket of the test's own.
#include "files.hpp"
#include "sockets.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace polyabi;
using namespace polyabi::tests;
using namespace polyabi::tests::sockets;
namespace p = ref::poll_events;

namespace {

constexpr i32 inet = ref::address_families::inet, inet6 = ref::address_families::inet6;

address loopback(u16 port) {
  address a;
  auto& made = a.become<address_family::inet>();
  made.port[0] = static_cast<u8>(port >> 8);
  made.port[1] = static_cast<u8>(port);
  made.address[0] = 127;
  made.address[3] = 1;
  return a;
}
u16 port_of(const address& a) {
  if (!a.is<address_family::inet>()) return 0;
  const auto& in = a.as<shape::internet_address>();
  return static_cast<u16>(in.port[0] << 8 | in.port[1]);
}
u16 bound_port(guest& g, i32 s) {
  address a;
  CHECK(perform(g, op::socket_name{}, s, a));
  return port_of(a);
}
i32 listening(guest& g, u32 how = 0) {
  const i32 s = make(g, types::stream, inet, how).descriptor;
  REQUIRE(bind(g, s, loopback(0)) == error::none);
  REQUIRE(listen(g, s) == error::none);
  return s;
}

} // namespace

TEST_CASE("a connection through the host's loopback", "[sockets]") {
  simulated::fresh_process g;
  const no_leak all_is_freed{*g};
  const i32 listener = listening(*g);
  const u16 port = bound_port(*g, listener);
  CHECK(port != 0);
  (void)fork(*g, [&](guest& c) {
    const i32 s = make(c, types::stream, inet).descriptor;
    CHECK(connect(c, s, loopback(port)) == error::none);
    CHECK(write(c, s, "over the net") == written{error::none, 12});
    CHECK(receive(c, s, 4, flags::waitall).text == "back");
    CHECK(close(c, s) == error::none);
  });
  address from;
  const i32 s = accept(*g, listener, &from).descriptor;
  REQUIRE(s >= 0);
  CHECK(port_of(from) != 0);
  CHECK(receive(*g, s, 12, flags::waitall).text == "over the net");
  CHECK(send(*g, s, "back").size == 4);
  CHECK(receive(*g, s).size == 0);
  CHECK(wait_for(*g).status == 0);
  CHECK(close(*g, s) == error::none);
  CHECK(close(*g, listener) == error::none);
  simulated::join_guests();
}

TEST_CASE("what the host refuses is refused in the kernel's numbers", "[sockets]") {
  simulated::fresh_process g;
  const i32 free_port_holder = listening(*g);
  const u16 port = bound_port(*g, free_port_holder);
  const i32 s = make(*g, types::stream, inet).descriptor;
  CHECK(bind(*g, s, loopback(port)) == error::addrinuse);
  CHECK(close(*g, free_port_holder) == error::none);
  CHECK(connect(*g, s, loopback(port)) == error::connrefused);
  CHECK(bind(*g, s, local_address("longer than an address")) == error::afnosupport);
  CHECK(peer(*g, s) == "?");
  CHECK(receive(*g, s).failure == error::notconn);
  CHECK(send(*g, s, "x", flags::nosignal).failure == error::pipe);
  CHECK(make(*g, types::seqpacket, inet).failure == error::socktnosupport);
  CHECK(make(*g, types::stream, inet, 0, 17).failure == error::protonosupport);
}

TEST_CASE("connecting without waiting", "[sockets]") {
  simulated::fresh_process g;
  const i32 listener = listening(*g, ref::socket_flags::nonblock);
  CHECK(accept(*g, listener).failure == error::again);
  const i32 s = make(*g, types::stream, inet, ref::socket_flags::nonblock).descriptor;
  const error begun = connect(*g, s, loopback(bound_port(*g, listener)));
  CHECK((begun == error::none || begun == error::inprogress));
  CHECK((poll(*g, s, p::out, 2000) & p::out) != 0);
  CHECK(get_option(*g, s, ref::socket_options::error) == 0);
  CHECK(receive(*g, s).failure == error::again);
  CHECK((poll(*g, listener, p::in, 2000) & p::in) != 0);
  CHECK(accept(*g, listener).descriptor >= 0);
}

TEST_CASE("much data over a stream of the host's", "[sockets]") {
  simulated::fresh_process g;
  const i32 listener = listening(*g);
  const u16 port = bound_port(*g, listener);
  std::string much(20'000'000, '\0');
  for (usize i = 0; i < much.size(); ++i) much[i] = static_cast<char>(i / 3 * 7);
  (void)fork(*g, [&](guest& c) {
    const i32 s = make(c, types::stream, inet).descriptor;
    CHECK(connect(c, s, loopback(port)) == error::none);
    CHECK(write(c, s, much) == written{error::none, static_cast<i64>(much.size())});
  });
  const i32 s = accept(*g, listener).descriptor;
  CHECK(receive(*g, s, much.size(), flags::waitall).text == much);
  CHECK(receive(*g, s).size == 0);
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("datagrams of the host's, with their senders", "[sockets]") {
  simulated::fresh_process g;
  const i32 a = make(*g, types::dgram, inet).descriptor, b = make(*g, types::dgram, inet).descriptor;
  CHECK(bind(*g, a, loopback(0)) == error::none);
  CHECK(bind(*g, b, loopback(0)) == error::none);
  const auto to_b = loopback(bound_port(*g, b));
  CHECK(send(*g, a, "", 0, &to_b).size == 0);
  CHECK(send(*g, a, "one", 0, &to_b).size == 3);
  CHECK(send(*g, a, "abcdef", 0, &to_b).size == 6);
  CHECK(receive(*g, b).size == 0);
  g->system_call([&](ref::thread& t) {
    const user_bytes part{g->allocate(100), 100};
    address from;
    incoming_message<ref::kernel> m{user_vector{&part, 1}};
    m.from = &from;
    CHECK(*polyabi::perform<ref::kernel>(op::receive{}, t, b, m, u32{0}) == 3);
    CHECK(port_of(from) == bound_port(*g, a));
  });
  const auto cut = receive(*g, b, 2, flags::trunc);
  CHECK(cut.size == 6);
  CHECK(cut.flags == flags::trunc);
  CHECK(set_option(*g, b, ref::socket_options::rcvtimeo, ref::timeval{0, 20'000}) == error::none);
  CHECK(receive(*g, b).failure == error::again);
  CHECK(connect(*g, a, to_b) == error::none);
  CHECK(send(*g, a, "connected").size == 9);
  CHECK(receive(*g, b).text == "connected");
  address none;
  none.become<address_family::unspec>();
  CHECK(connect(*g, a, none) == error::none);
  CHECK(send(*g, a, "x").failure == error::destaddrreq);
  const i32 six = make(*g, types::dgram, inet6).descriptor;
  if (six >= 0) CHECK(get_option(*g, six, ref::socket_options::domain) == inet6);
}

TEST_CASE("options reach the host and come back", "[sockets]") {
  simulated::fresh_process g;
  namespace so = ref::socket_options;
  namespace level = ref::option_levels;
  const i32 s = make(*g, types::stream, inet).descriptor;
  CHECK(get_option(*g, s, so::type) == types::stream);
  CHECK(get_option(*g, s, so::domain) == inet);
  CHECK(get_option(*g, s, so::protocol) == ref::protocols::tcp);
  CHECK(get_option(*g, s, so::reuseaddr) == 0);
  CHECK(set_option(*g, s, so::reuseaddr, i32{1}) == error::none);
  CHECK(get_option(*g, s, so::reuseaddr) == 1);
  CHECK(set_option(*g, s, so::sndbuf, i32{100'000}) == error::none);
  CHECK(get_option(*g, s, so::sndbuf) == 100'000);
  CHECK(set_option(*g, s, so::linger, ref::linger_option{1, 3}) == error::none);
  CHECK(get_option<ref::linger_option>(*g, s, so::linger).seconds == 3);
  CHECK(set_option(*g, s, ref::tcp_options::nodelay, i32{1}, level::tcp) == error::none);
  CHECK(get_option(*g, s, ref::tcp_options::nodelay, level::tcp) == 1);
  CHECK(set_option(*g, s, ref::ip_options::ttl, i32{7}, level::ip) == error::none);
  CHECK(get_option(*g, s, ref::ip_options::ttl, level::ip) == 7);
  CHECK(get_option<ref::tcp_info>(*g, s, ref::tcp_options::info, level::tcp).state == 7); // closed, as Linux counts
  CHECK(set_option(*g, s, so::type, i32{1}) == error::noprotoopt);
  CHECK(set_option(*g, s, 0x7777, i32{1}) == error::noprotoopt);
}

TEST_CASE("control items go to the host and come from it", "[sockets]") {
  simulated::fresh_process g;
  const i32 a = make(*g, types::dgram, inet).descriptor, b = make(*g, types::dgram, inet).descriptor;
  CHECK(bind(*g, b, loopback(0)) == error::none);
  CHECK(connect(*g, a, loopback(bound_port(*g, b))) == error::none);
  CHECK(set_option(*g, b, ref::ip_options::pktinfo, i32{1}, ref::option_levels::ip) == error::none);
  CHECK(set_option(*g, b, ref::ip_options::recvttl, i32{1}, ref::option_levels::ip) == error::none);
  CHECK(set_option(*g, a, ref::ip_options::ttl, i32{9}, ref::option_levels::ip) == error::none);
  CHECK(send(*g, a, "x").size == 1);
  g->system_call([&](ref::thread& t) {
    alignas(8) unsigned char control[256];
    const user_bytes part{g->allocate(100), 100};
    incoming_message<ref::kernel> m{user_vector{&part, 1}};
    m.control = control;
    CHECK(*polyabi::perform<ref::kernel>(op::receive{}, t, b, m, u32{0}) == 1);
    control_reader<ref::kernel> items{std::span{control, m.control_size}};
    bool had_address = false, had_ttl = false;
    while (items.next()) {
      CHECK(items.level == ref::option_levels::ip);
      if (items.type == ref::ip_options::pktinfo) {
        ref::packet_info info;
        std::memcpy(&info, items.value.data(), sizeof info);
        had_address = info.address[0] == 127;
      }
      if (items.type == ref::ip_options::ttl) {
        i32 ttl;
        std::memcpy(&ttl, items.value.data(), sizeof ttl);
        had_ttl = ttl == 9;
      }
    }
    CHECK(had_address);
    CHECK(had_ttl);
  });
}

TEST_CASE("a local socket of the host's is connected to by its path", "[sockets]") {
  file_world w;
  guest& g = w.user();
  const int host_listener = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  const std::string path = (w.host() / "host.socket").string();
  REQUIRE(path.size() < sizeof at.sun_path);
  std::memcpy(at.sun_path, path.c_str(), path.size());
  REQUIRE(::bind(host_listener, reinterpret_cast<sockaddr*>(&at), sizeof at) == 0);
  const i32 s = make(g, types::stream).descriptor;
  CHECK(connect(g, s, "/host.socket") == error::connrefused);
  REQUIRE(::listen(host_listener, 1) == 0);
  CHECK(connect(g, s, "/host.socket") == error::none);
  const int host_end = ::accept(host_listener, nullptr, nullptr);
  REQUIRE(host_end >= 0);
  CHECK(write(g, s, "to the host") == written{error::none, 11});
  char text[32]{};
  CHECK(::read(host_end, text, sizeof text) == 11);
  CHECK(::write(host_end, "from it", 7) == 7);
  CHECK(receive(g, s).text == "from it");
  ::close(host_end);
  ::close(host_listener);
  CHECK(receive(g, s).size == 0);
}

TEST_CASE("addresses outside the user's memory are not the host's to touch", "[sockets]") {
  simulated::fresh_process g;
  const i32 a = make(*g, types::dgram, inet).descriptor;
  CHECK(bind(*g, a, loopback(0)) == error::none);
  const auto self = loopback(bound_port(*g, a));
  CHECK(send(*g, a, "secret", 0, &self).size == 6);
  static char kernels_own[16] = "untouched";
  const user_bytes part{reinterpret_cast<std::uintptr_t>(kernels_own), sizeof kernels_own};
  g->system_call([&](ref::thread& t) {
    incoming_message<ref::kernel> in{user_vector{&part, 1}};
    CHECK(polyabi::perform<ref::kernel>(op::receive{}, t, a, in, u32{0}).error() == error::fault);
    outgoing_message<ref::kernel> out{user_vector{&part, 1}};
    out.to = &self;
    CHECK(polyabi::perform<ref::kernel>(op::send{}, t, a, out, u32{0}).error() == error::fault);
  });
  CHECK(std::string{kernels_own} == "untouched");
}
