// The tunnel device, its interfaces, and their addresses and routes.
#include "network.hpp"

using namespace polyabi;
using namespace polyabi::tests;
using namespace polyabi::tests::network;
namespace p = ref::poll_events;
namespace f = ref::interface_flags;

namespace {

std::vector<ref::route_info> own_routes(guest& g, u32 index) {
  std::vector<ref::route_info> all(512), own_ones;
  const auto count = perform(g, op::routes{}, usize{0}, std::span{all});
  for (usize i = 0; count && i < *count; ++i)
    if (all[i].index == index) own_ones.push_back(all[i]);
  return own_ones;
}
std::vector<ref::interface_address> own_addresses(guest& g, u32 index) {
  std::vector<ref::interface_address> all(64), own_ones;
  const auto count = perform(g, op::interface_addresses{}, usize{0}, std::span{all});
  for (usize i = 0; count && i < *count; ++i)
    if (all[i].index == index) own_ones.push_back(all[i]);
  return own_ones;
}
void become(guest& g, u32 user) {
  g.system_call([=](ref::thread& t) { t.owner->identity.euid = user; });
}
i32 open_tunnel(guest& g) {
  return *open_device(g, "net/tun", ref::open_flags::rdwr | ref::open_flags::nonblock);
}
error attach(guest& g, i32 descriptor, ref::tunnel_info& info) {
  return perform(g, op::tunnel_attach{}, descriptor, info).error();
}
ref::tunnel_info wanted(std::string_view name, u32 flags = ref::tunnel_flags::tun | ref::tunnel_flags::no_information) {
  ref::tunnel_info info{};
  name.copy(info.name, sizeof info.name);
  info.flags = flags;
  return info;
}

} // namespace

TEST_CASE("a tunnel has an interface as long as it is open", "[network]") {
  simulated::fresh_process g;
  (void)close(*g, *open_device(*g, "net/tun")); // the device file system is there from now on
  const no_leak all_is_freed{*g};
  become(*g, 0);
  const i32 d = open_tunnel(*g);
  CHECK(read(*g, d).failure == error::badf);
  CHECK(write(*g, d, "E").failure == error::badf);
  CHECK((poll(*g, d) & p::err) != 0);
  ref::tunnel_info info = wanted("vpn%d");
  CHECK(attach(*g, d, info) == error::none);
  CHECK(std::string_view{info.name} == "vpn0");
  CHECK(attach(*g, d, info) == error::exist);
  const auto made = interface_named(*g, "vpn0");
  CHECK(made.flags == (f::pointopoint | f::noarp | f::multicast));
  CHECK(made.mtu == 1500);
  CHECK(write(*g, d, "E").failure == error::io); // it is down
  CHECK((poll(*g, d) & p::out) == 0);
  CHECK(set_up(*g, made.index) == error::none);
  CHECK((interface_named(*g, "vpn0").flags & f::running) != 0);
  CHECK(poll(*g, d, p::out | p::in) == p::out);
  CHECK(read(*g, d).failure == error::again);

  const i32 second = open_tunnel(*g);
  ref::tunnel_info same = wanted("vpn0");
  CHECK(attach(*g, second, same) == error::busy);
  ref::tunnel_info told{};
  CHECK(perform(*g, op::tunnel_get{}, d, told));
  CHECK(std::string_view{told.name} == "vpn0");
  CHECK(told.flags == info.flags);
  CHECK(perform(*g, op::tunnel_get{}, second, told).error() == error::badf);
  const auto pipe = make_pipe(*g);
  CHECK(attach(*g, pipe.reader, same) == error::notty);
  CHECK(close(*g, pipe.reader) == error::none);
  CHECK(close(*g, pipe.writer) == error::none);
  CHECK(close(*g, d) == error::none);
  CHECK(interface_named(*g, "vpn0").index == 0);
  CHECK(close(*g, second) == error::none);
}

TEST_CASE("who may have a tunnel, and what it may be called", "[network]") {
  simulated::fresh_process g;
  become(*g, 0);
  const i32 d = open_tunnel(*g);
  for (const std::string_view name : {"lo", "a/b", "with blank", "colon:", ".", ".."}) {
    ref::tunnel_info info = wanted(name);
    CHECK(attach(*g, d, info) == error::inval); // lo: the host has it
  }
  ref::tunnel_info tap = wanted("t0", ref::tunnel_flags::no_information);
  CHECK(attach(*g, d, tap) == error::inval);
  ref::tunnel_info info = wanted("t0");
  become(*g, 1000);
  CHECK(attach(*g, d, info) == error::perm);
  become(*g, 0);
  CHECK(attach(*g, d, info) == error::none);
  const u32 index = interface_named(*g, "t0").index;
  CHECK(perform(*g, op::tunnel_set{}, d, tunnel_setting::persistent, u32{1}));
  CHECK(close(*g, d) == error::none);
  CHECK(interface_named(*g, "t0").index == index);
  become(*g, 1000);
  CHECK(set_up(*g, index) == error::perm);
  CHECK(perform(*g, op::add_interface_address{}, assigned(index, own), false).error() == error::perm);
  CHECK(perform(*g, op::add_route{}, route_to(other, 32, index), route_rule::add).error() == error::perm);
  const i32 again = open_tunnel(*g);
  CHECK(attach(*g, again, info) == error::perm);
  become(*g, 0);
  CHECK(attach(*g, again, info) == error::none);
  CHECK(perform(*g, op::tunnel_set{}, again, tunnel_setting::owner, u32{1000}));
  CHECK(close(*g, again) == error::none);
  become(*g, 1000);
  const i32 his = open_tunnel(*g);
  CHECK(attach(*g, his, info) == error::none);
  become(*g, 0);
  ref::tunnel_info exclusive = wanted("t0", info.flags | ref::tunnel_flags::exclusive);
  const i32 last = open_tunnel(*g);
  CHECK(attach(*g, last, exclusive) == error::busy);
  CHECK(perform(*g, op::remove_interface{}, index));
  CHECK(interface_named(*g, "t0").index == 0);
  CHECK(read(*g, his).failure == error::badf);
  CHECK((poll(*g, his) & p::hup) != 0);
}

TEST_CASE("packets with their protocol before them", "[network]") {
  simulated::fresh_process g;
  tunnel t{*g, 0};
  const std::string echo = ip(other, own, 1, icmp(net::icmp_type::echo, 0, 1, 1, "x"));
  CHECK(t.bring("abc").failure == error::inval);
  CHECK(t.bring(std::string{"\0\0\x08\0", 4} + echo).size == static_cast<i64>(echo.size() + 4));
  const std::string answer = t.sent();
  CHECK(answer.substr(0, 4) == std::string_view{"\0\0\x08\0", 4});
  CHECK(answer.size() == echo.size() + 4);
  CHECK(t.bring(std::string{"\0\0\x86\xdd", 4} + echo).failure == error::none); // another layer's
  CHECK(t.sent().empty());
}

TEST_CASE("addresses bring their network", "[network]") {
  simulated::fresh_process g;
  tunnel t{*g, ref::tunnel_flags::no_information, false};
  CHECK(perform(*g, op::add_interface_address{}, assigned(t.index, own), false));
  CHECK(own_routes(*g, t.index).empty()); // it is down
  CHECK(set_up(*g, t.index) == error::none);
  auto routes = own_routes(*g, t.index);
  REQUIRE(routes.size() == 1);
  CHECK(routes[0].prefix == 24);
  CHECK(routes[0].destination[3] == 0);
  CHECK(routes[0].source[3] == 2);
  CHECK(perform(*g, op::add_interface_address{}, assigned(t.index, own), false).error() == error::exist);
  CHECK(perform(*g, op::add_interface_address{}, assigned(t.index, own), true));
  CHECK(own_addresses(*g, t.index).size() == 1);
  CHECK(perform(*g, op::add_interface_address{}, assigned(t.index, 0x7f000001), false).error() == error::inval);
  CHECK(perform(*g, op::add_interface_address{}, assigned(t.index, own, 33), false).error() == error::inval);
  CHECK(perform(*g, op::add_interface_address{}, assigned(0x7fffffff, own), false).error() == error::nodev);
  CHECK(perform(*g, op::add_interface_address{}, assigned(1, own), false).error() == error::perm); // the host's lo
  CHECK(perform(*g, op::set_first_address{}, assigned(t.index, 0xc0a80101, 16)));
  REQUIRE(own_addresses(*g, t.index).size() == 1);
  CHECK(own_addresses(*g, t.index)[0].prefix == 16);
  CHECK(own_routes(*g, t.index)[0].prefix == 16);
  CHECK(perform(*g, op::remove_interface_address{}, assigned(t.index, own)).error() == error::addrnotavail);
  CHECK(perform(*g, op::remove_interface_address{}, assigned(t.index, 0xc0a80101, 16)));
  CHECK(own_routes(*g, t.index).empty());
}

TEST_CASE("routes are found by their length, and go with their interface", "[network]") {
  simulated::fresh_process g;
  tunnel t{*g}, second{*g, ref::tunnel_flags::no_information, false};
  CHECK(perform(*g, op::add_interface_address{}, assigned(second.index, 0x0a620001), false));
  CHECK(set_up(*g, second.index) == error::none);
  const auto add = [&](const ref::route_info& r, route_rule rule = route_rule::add) {
    return perform(*g, op::add_route{}, r, rule).error();
  };
  CHECK(add(route_to(0x0b000000, 8, t.index)) == error::none);
  CHECK(add(route_to(0x0b000000, 8, t.index)) == error::exist);
  CHECK(add(route_to(0x0b000000, 8, second.index), route_rule::add_or_replace) == error::none);
  CHECK(add(route_to(0x0b010000, 16, 0, other)) == error::none); // where its gateway is
  CHECK(add(route_to(0x0b010001, 16, t.index)) == error::inval);   // bits behind the prefix
  CHECK(add(route_to(0x0c000000, 8, t.index, 0xc0000201)) == error::netunreach);
  CHECK(add(route_to(0x0c000000, 8, 1)) == error::perm); // the host's
  CHECK(add(route_to(0x0d000000, 8, t.index), route_rule::replace) == error::noent);
  const i32 s = make(*g, types::dgram, inet).descriptor;
  const address far = at(0x0b020304, 7), near = at(0x0b010203, 7);
  CHECK(send(*g, s, "far", 0, &far).size == 3);
  CHECK(header_at<net::ip_header>(second.sent(), 0).source == 0x0a620001);
  CHECK(send(*g, s, "near", 0, &near).size == 4);
  CHECK(header_at<net::ip_header>(t.sent(), 0).source == own);
  CHECK(perform(*g, op::remove_route{}, route_to(0x0b010000, 16, 0)));
  CHECK(perform(*g, op::remove_route{}, route_to(0x0b010000, 16, 0)).error() == error::srch);
  CHECK(send(*g, s, "near", 0, &near).size == 4);
  CHECK(!second.sent().empty());
  CHECK(set_up(*g, second.index, false) == error::none);
  CHECK(own_routes(*g, second.index).empty());
  CHECK(set_up(*g, second.index) == error::none);
  CHECK(own_routes(*g, second.index).size() == 1); // its network is there again, and nothing else
}

TEST_CASE("what of an interface changes", "[network]") {
  simulated::fresh_process g;
  tunnel t{*g};
  interface_change wanted;
  wanted.mtu = 1300;
  wanted.queue = 3;
  CHECK(change(*g, t.index, wanted) == error::none);
  CHECK(interface_named(*g, t.info.name).mtu == 1300);
  wanted.mtu = 67;
  CHECK(change(*g, t.index, wanted) == error::inval);
  wanted = {};
  wanted.name = "other0";
  CHECK(change(*g, t.index, wanted) == error::busy);
  CHECK(set_up(*g, t.index, false) == error::none);
  CHECK(change(*g, t.index, wanted) == error::none);
  CHECK(interface_named(*g, "other0").index == t.index);
  CHECK(set_up(*g, t.index) == error::none);
  CHECK(change(*g, 1, wanted) == error::perm);
  // The queue is as long as it was made: what does not fit is lost, and counted.
  const i32 s = make(*g, types::dgram, inet).descriptor;
  const address to = at(other, 7);
  for (int i = 0; i < 5; ++i) CHECK(send(*g, s, "x", 0, &to).size == 1);
  CHECK(interface_named(*g, "other0").sent.packets == 3);
  CHECK(interface_named(*g, "other0").sent.dropped == 2);
}
