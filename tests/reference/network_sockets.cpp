// Sockets over the kernel's own interfaces, and beside them over the host's.
#include "network.hpp"

using namespace polyabi;
using namespace polyabi::tests;
using namespace polyabi::tests::network;
namespace p = ref::poll_events;

namespace {

constexpr u32 host_loopback = 0x7f000001;

std::string from_other(std::string_view data, u16 to_port, u16 from_port = 9) {
  return ip(other, own, 17, udp(other, from_port, own, to_port, data));
}
u16 own_port_of(guest& g, i32 s) {
  address a;
  CHECK(perform(g, op::socket_name{}, s, a));
  return port_of(a);
}

} // namespace

TEST_CASE("datagrams go where their address says", "[network]") {
  simulated::fresh_process g;
  (void)close(*g, *open_device(*g, "net/tun")); // the device file system is there from now on
  const no_leak all_is_freed{*g};
  {
    tunnel t{*g};
    const i32 s = make(*g, types::dgram, inet).descriptor;
    const address to = at(other, 53);
    CHECK(send(*g, s, "question", 0, &to).size == 8);
    const std::string packet = t.sent();
    const auto head = header_at<net::ip_header>(packet, 0);
    CHECK(net::fault_of(bytes_of(packet)) == net::packet_fault::none);
    CHECK(head.source == own);
    CHECK(head.destination == other);
    CHECK(head.ttl == 64);
    const u16 port = own_port_of(*g, s);
    CHECK(packet.substr(20) == udp(own, port, other, 53, "question"));
    // The answer, and one of the host's, at the same port.
    CHECK(t.bring(from_other("answer", port, 53)).failure == error::none);
    CHECK(poll(*g, s, p::in) == p::in);
    address from;
    const i32 second = make(*g, types::dgram, inet).descriptor;
    const address through_host = at(host_loopback, port);
    CHECK(send(*g, second, "by the host", 0, &through_host).size == 11);
    CHECK(receive(*g, s).text == "answer");
    CHECK(receive(*g, s).text == "by the host");
    CHECK(close(*g, second) == error::none);
    CHECK(close(*g, s) == error::none);
    CHECK(close(*g, t.descriptor) == error::none);
  }
}

TEST_CASE("a wait ends by a packet as by the host", "[network]") {
  simulated::fresh_process g;
  tunnel t{*g};
  const i32 s = make(*g, types::dgram, inet).descriptor;
  CHECK(bind(*g, s, at(0, 0)) == error::none);
  const u16 port = own_port_of(*g, s);
  (void)fork(*g, [&](guest& c) {
    const timespec pause{0, 50'000'000};
    ::nanosleep(&pause, nullptr);
    CHECK(write(c, t.descriptor, from_other("late", port)).failure == error::none);
  });
  CHECK(receive(*g, s).text == "late");
  CHECK(wait_for(*g).status == 0);
  (void)fork(*g, [&](guest& c) {
    const timespec pause{0, 50'000'000};
    ::nanosleep(&pause, nullptr);
    const i32 peer = make(c, types::dgram, inet).descriptor;
    const address to = at(host_loopback, port);
    CHECK(send(c, peer, "host", 0, &to).size == 4);
  });
  CHECK(poll(*g, s, p::in, 5000) == p::in);
  CHECK(receive(*g, s).text == "host");
  CHECK(wait_for(*g).status == 0);
  CHECK(set_option(*g, s, ref::socket_options::rcvtimeo, ref::timeval{0, 20'000}) == error::none);
  CHECK(receive(*g, s).failure == error::again);
  simulated::join_guests();
}

TEST_CASE("a connected socket hears its peer alone, and of its errors", "[network]") {
  simulated::fresh_process g;
  tunnel t{*g};
  const i32 s = make(*g, types::dgram, inet, ref::socket_flags::nonblock).descriptor;
  CHECK(connect(*g, s, at(other, 53)) == error::none);
  address name;
  CHECK(perform(*g, op::socket_name{}, s, name));
  CHECK(number_of(name) == own);
  const u16 port = port_of(name);
  CHECK(port != 0);
  CHECK(perform(*g, op::peer_name{}, s, name));
  CHECK(number_of(name) == other);
  CHECK(port_of(name) == 53);
  CHECK(t.bring(from_other("a stranger", port, 54)).failure == error::none);
  CHECK(header_at<net::icmp_header>(t.sent(), 20).code == net::unreachable::port);
  CHECK(receive(*g, s).failure == error::again);
  CHECK(t.bring(from_other("the peer", port, 53)).failure == error::none);
  CHECK(receive(*g, s).text == "the peer");
  CHECK(write(*g, s, "lost").size == 4);
  const std::string lost = t.sent();
  CHECK(t.bring(ip(other, own, 1, icmp(net::icmp_type::unreachable, 3, 0, 0, lost.substr(0, 27)))).failure == error::none);
  CHECK(poll(*g, s, p::in) == 0); // too little is quoted to know whose it is
  CHECK(t.bring(ip(other, own, 1, icmp(net::icmp_type::unreachable, 3, 0, 0, lost.substr(0, 28)))).failure == error::none);
  CHECK((poll(*g, s, p::in) & p::err) != 0);
  CHECK(receive(*g, s).failure == error::connrefused);
  CHECK(receive(*g, s).failure == error::again);
  address nobody;
  nobody.become<address_family::unspec>();
  CHECK(connect(*g, s, nobody) == error::none);
  CHECK(connect(*g, s, at(host_loopback, 9)) == error::none); // the host's now
  CHECK(perform(*g, op::peer_name{}, s, name));
  CHECK(number_of(name) == host_loopback);
  CHECK(perform(*g, op::socket_name{}, s, name));
  CHECK(number_of(name) == host_loopback);
}

TEST_CASE("ports are one socket's", "[network]") {
  simulated::fresh_process g;
  tunnel t{*g};
  const i32 one = make(*g, types::dgram, inet).descriptor, two = make(*g, types::dgram, inet).descriptor;
  CHECK(bind(*g, one, at(own, 5000)) == error::none);
  CHECK(bind(*g, one, at(own, 5001)) == error::inval);
  CHECK(bind(*g, two, at(own, 5000)) == error::addrinuse);
  CHECK(bind(*g, two, at(other, 5000)) == error::addrnotavail);
  CHECK(set_option(*g, one, ref::socket_options::reuseaddr, i32{1}) == error::none);
  CHECK(set_option(*g, two, ref::socket_options::reuseaddr, i32{1}) == error::none);
  CHECK(bind(*g, two, at(own, 5000)) == error::none);
  CHECK(close(*g, one) == error::none);
  CHECK(close(*g, two) == error::none);
  const i32 three = make(*g, types::dgram, inet).descriptor;
  CHECK(bind(*g, three, at(own, 0)) == error::none);
  CHECK(own_port_of(*g, three) != 0);
  const i32 four = make(*g, types::dgram, inet).descriptor;
  CHECK(bind(*g, four, at(host_loopback, 0)) == error::none);
  const address to = at(other, 9);
  CHECK(send(*g, four, "x", 0, &to).failure == error::inval); // from the host's loopback no own interface leads away
}

TEST_CASE("to itself", "[network]") {
  simulated::fresh_process g;
  tunnel t{*g};
  const i32 one = make(*g, types::dgram, inet, ref::socket_flags::nonblock).descriptor;
  const i32 two = make(*g, types::dgram, inet, ref::socket_flags::nonblock).descriptor;
  CHECK(bind(*g, one, at(own, 5000)) == error::none);
  const address to = at(own, 5000), nobody = at(own, 5001);
  CHECK(send(*g, two, "hello", 0, &to).size == 5);
  CHECK(receive(*g, one).text == "hello");
  CHECK(send(*g, two, "hello", 0, &nobody).size == 5); // not connected: nobody hears of it
  CHECK(receive(*g, two).failure == error::again);
  CHECK(connect(*g, two, nobody) == error::none);
  CHECK(send(*g, two, "hello").size == 5);
  CHECK(receive(*g, two).failure == error::connrefused);
  CHECK(t.sent().empty());
}

TEST_CASE("long datagrams go in parts, or not at all", "[network]") {
  simulated::fresh_process g;
  tunnel t{*g};
  const i32 s = make(*g, types::dgram, inet).descriptor;
  const address to = at(other, 53);
  const std::string data(4000, 'd');
  CHECK(send(*g, s, data, 0, &to).size == 4000);
  std::string whole;
  for (std::string part = t.sent(); !part.empty(); part = t.sent()) {
    CHECK(part.size() <= 1500);
    const auto head = header_at<net::ip_header>(part, 0);
    CHECK(net::fault_of(bytes_of(part)) == net::packet_fault::none);
    CHECK((head.fragment & net::fragment_offset) * 8u == whole.size());
    whole += part.substr(20);
    CHECK(((head.fragment & net::more_fragments) != 0) == (whole.size() < 4008));
  }
  CHECK(whole == udp(own, own_port_of(*g, s), other, 53, data));
  CHECK(set_option(*g, s, ref::ip_options::mtu_discover, i32{2}, ref::option_levels::ip) == error::none);
  CHECK(send(*g, s, data, 0, &to).failure == error::msgsize);
  CHECK(send(*g, s, std::string(65508, 'd'), 0, &to).failure == error::msgsize);
  const user_bytes nowhere{8, 100};
  outgoing_message<ref::kernel> m{user_vector{&nowhere, 1}};
  m.to = &to;
  CHECK(perform(*g, op::send{}, s, m, u32{0}).error() == error::fault);
}

TEST_CASE("what comes with a datagram", "[network]") {
  simulated::fresh_process g;
  tunnel t{*g};
  const i32 s = make(*g, types::dgram, inet, ref::socket_flags::nonblock).descriptor;
  CHECK(bind(*g, s, at(own, 5000)) == error::none);
  namespace o = ref::ip_options;
  for (const i32 option : {o::pktinfo, o::recvttl}) CHECK(set_option(*g, s, option, i32{1}, ref::option_levels::ip) == error::none);
  CHECK(set_option(*g, s, ref::socket_options::timestamp, i32{1}) == error::none);
  CHECK(t.bring(from_other("with items", 5000)).failure == error::none);
  CHECK(receive(*g, s, 4, flags::peek).text == "with");
  CHECK(receive(*g, s, 4, flags::peek | flags::trunc).size == 10);
  const auto got = receive(*g, s);
  CHECK(got.text == "with items");
  CHECK(got.item_types == std::vector<i32>{ref::control_types::timestamp, o::pktinfo, o::ttl});
  CHECK(t.bring(from_other("cut", 5000)).failure == error::none);
  CHECK((receive(*g, s, 100, 0, 8).flags & flags::ctrunc) != 0);
  CHECK(t.bring(from_other("too long", 5000)).failure == error::none);
  CHECK((receive(*g, s, 3).flags & flags::trunc) != 0);
  // The buffer has an end.
  CHECK(set_option(*g, s, ref::socket_options::rcvbuf, i32{2304}) == error::none);
  for (int i = 0; i < 10; ++i) CHECK(t.bring(from_other(std::string(1000, 'x'), 5000)).failure == error::none);
  int count = 0;
  while (receive(*g, s).failure == error::none) ++count;
  CHECK(count == 2);
}

TEST_CASE("a socket of the newer family takes mapped addresses", "[network]") {
  simulated::fresh_process g;
  tunnel t{*g};
  const i32 s = make(*g, types::dgram, inet6, ref::socket_flags::nonblock).descriptor;
  address any;
  any.become<address_family::inet6>();
  CHECK(bind(*g, s, any) == error::none);
  address name;
  CHECK(perform(*g, op::socket_name{}, s, name));
  const auto& in6 = name.as<shape::internet6_address>();
  const u16 port = static_cast<u16>(in6.port[0] << 8 | in6.port[1]);
  CHECK(t.bring(from_other("mapped", port)).failure == error::none);
  const user_bytes part{g->allocate(100), 100};
  address from;
  g->call([&](ref::thread& caller) {
    incoming_message<ref::kernel> m{user_vector{&part, 1}};
    m.from = &from;
    CHECK(*polyabi::perform<ref::kernel>(op::receive{}, caller, s, m, u32{0}) == 6);
    return 0;
  });
  REQUIRE(from.is<address_family::inet6>());
  CHECK(from.as<shape::internet6_address>().address[11] == 0xff);
  CHECK(from.as<shape::internet6_address>().address[15] == 3);
  CHECK(send(*g, s, "back", 0, &from).size == 4);
  CHECK(header_at<net::udp_header>(t.sent(), 20).source == port);
}

TEST_CASE("raw sockets see whole packets", "[network]") {
  simulated::fresh_process g;
  tunnel t{*g};
  const auto made = make(*g, types::raw, inet, ref::socket_flags::nonblock, 1);
  REQUIRE(made.failure == error::none);
  const i32 s = made.descriptor;
  const address to = at(other);
  const std::string echo = icmp(net::icmp_type::echo, 0, 42, 1, "ping");
  CHECK(send(*g, s, echo, 0, &to).size == static_cast<i64>(echo.size()));
  CHECK(t.sent().substr(20) == echo);
  const std::string answer = ip(other, own, 1, icmp(net::icmp_type::echo_reply, 0, 42, 1, "ping"));
  CHECK(t.bring(answer).failure == error::none);
  CHECK(receive(*g, s).text == answer);
  CHECK(set_option(*g, s, ref::raw_options::icmp_filter, u32{1u << net::icmp_type::echo_reply}, ref::option_levels::raw) == error::none);
  CHECK(t.bring(answer).failure == error::none);
  CHECK(receive(*g, s).failure == error::again);
  CHECK(set_option(*g, s, ref::ip_options::hdrincl, i32{1}, ref::option_levels::ip) == error::none);
  const std::string own_header = ip(own, other, 1, echo);
  CHECK(send(*g, s, own_header, 0, &to).size == static_cast<i64>(own_header.size()));
  CHECK(t.sent() == own_header);
  CHECK(send(*g, s, "short", 0, &to).failure == error::inval);
  g->system_call([](ref::thread& caller) { caller.owner->identity.euid = 1000; });
  CHECK(make(*g, types::raw, inet, 0, 1).failure == error::perm);
  g->system_call([](ref::thread& caller) { caller.owner->identity.euid = 0; });
}

TEST_CASE("echoes of a socket have its number", "[network][ping]") {
  simulated::fresh_process g;
  tunnel t{*g};
  const auto made = make(*g, types::dgram, inet, ref::socket_flags::nonblock, 1);
  if (made.failure == error::acces) return; // as the host has it: net.ipv4.ping_group_range
  REQUIRE(made.failure == error::none);
  const i32 s = made.descriptor;
  const address to = at(other);
  CHECK(send(*g, s, icmp(net::icmp_type::echo, 0, 1, 7, "ping"), 0, &to).size == 12);
  const std::string packet = t.sent();
  const u16 number = header_at<net::icmp_header>(packet, 20).identification;
  CHECK(number == own_port_of(*g, s));
  CHECK(packet.substr(20) == icmp(net::icmp_type::echo, 0, number, 7, "ping"));
  CHECK(t.bring(ip(other, own, 1, icmp(net::icmp_type::echo_reply, 0, static_cast<u16>(number + 1), 7, "ping"))).failure == error::none);
  CHECK(receive(*g, s).failure == error::again);
  const std::string reply = icmp(net::icmp_type::echo_reply, 0, number, 7, "ping");
  CHECK(t.bring(ip(other, own, 1, reply)).failure == error::none);
  CHECK(receive(*g, s).text == reply);
  CHECK(send(*g, s, reply, 0, &to).failure == error::inval);
  CHECK(send(*g, s, "short", 0, &to).failure == error::inval);
}

TEST_CASE("TCP does not go over own interfaces, and says so", "[network]") {
  simulated::fresh_process g;
  tunnel t{*g};
  const i32 s = make(*g, types::stream, inet).descriptor;
  CHECK(connect(*g, s, at(other, 80)) == error::hostunreach);
  CHECK(bind(*g, s, at(own, 80)) == error::addrnotavail);
}
