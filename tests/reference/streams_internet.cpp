// TPI over the Internet's transports, which the kernel's sockets carry: between guests, by the host's loopback.
#include "transports.hpp"

using namespace polyabi;
using namespace polyabi::tests;
using tpi::primitive, tpi::state, tpi::tli_error;

namespace {

template <const ss::internet_transport& Transport>
i32 open_internet(guest& g, u32 flags = reference::open_flags::rdwr) {
  return open_stream(g, [&](reference::thread& t) { return ss::open_internet<kernel, Transport>(t, flags); });
}

/// 127.0.0.1 as struct sockaddr_in.
std::string loopback(u16 port = 0) {
  std::string a(16, '\0');
  a[0] = 2;
  a[2] = static_cast<char>(port >> 8), a[3] = static_cast<char>(port);
  a[4] = 127, a[7] = 1;
  return a;
}
received data_at(guest& g, i32 d) {
  return get_message(g, d, 1024, 65536);
}
stream_error send(guest& g, i32 d, std::string_view data) {
  return put_message(g, d, bytes_of(blank<tpi::data_req>()), std::string{data});
}

} // namespace

TEST_CASE("datagrams of the Internet", "[tpi][internet]") {
  simulated::fresh_process g;
  const i32 a = open_internet<ss::udp>(*g), b = open_internet<ss::udp>(*g);
  const std::string alice = bound(*g, a, loopback()), bob = bound(*g, b, loopback());
  CHECK(alice != bob);
  auto unit = blank<tpi::unitdata_req>();
  unit.dest_length = static_cast<u32>(bob.size());
  unit.dest_offset = sizeof unit;
  for (const char* text : {"one", "", "three"}) CHECK(put_message(*g, a, bytes_of(unit, bob), text) == success);
  for (const char* text : {"one", "", "three"}) {
    const received r = data_at(*g, b);
    const auto ind = as<tpi::unitdata_ind>(r);
    CHECK(address_in(r, ind.src_offset, ind.src_length) == alice);
    CHECK(r.message.data == text);
  }
  // An address that is none.
  CHECK(put_message(*g, a, bytes_of(unit, std::string(bob.size(), 'x')), "lost") == success);
  CHECK(type_of(data_at(*g, a)) == primitive::t_uderror_ind);
}

TEST_CASE("an Internet address that is none cannot be bound", "[tpi][internet]") {
  simulated::fresh_process g;
  const i32 d = open_internet<ss::tcp>(*g);
  for (const std::string& wrong : {std::string("abc"), std::string(16, '\x7f')}) {
    REQUIRE(bind_to(*g, d, wrong) == success);
    CHECK(as<tpi::error_ack>(get_message(*g, d)).tli_error == static_cast<u32>(tli_error::badaddr));
  }
  CHECK(bound(*g, d, loopback()).size() == 16);
}

TEST_CASE("a connection of the Internet, with orderly release", "[tpi][internet]") {
  simulated::fresh_process g;
  const i32 listener = open_internet<ss::tcp>(*g), by = open_internet<ss::tcp>(*g), client = open_internet<ss::tcp>(*g);
  const std::string server = bound(*g, listener, loopback(), 1);
  (void)bound(*g, client, loopback());
  REQUIRE(connect_to(*g, client, server) == success);
  CHECK(as<tpi::ok_ack>(get_message(*g, client)).correct_prim == static_cast<u32>(primitive::t_conn_req));
  const received wanted = data_at(*g, listener);
  const auto ind = as<tpi::conn_ind>(wanted);
  REQUIRE(accept_by(*g, listener, ind.seq_number, stream_id(*g, by)) == success);
  CHECK(type_of(get_message(*g, listener)) == primitive::t_ok_ack);
  const received connected = data_at(*g, client);
  const auto con = as<tpi::conn_con>(connected);
  CHECK(address_in(connected, con.res_offset, con.res_length) == server);

  CHECK(send(*g, client, "question") == success);
  CHECK(data_at(*g, by).message.data == "question");
  CHECK(send(*g, by, "answer") == success);
  CHECK(data_at(*g, client).message.data == "answer");
  CHECK(ask<tpi::ordrel_req>(*g, client) == success);
  CHECK(type_of(data_at(*g, by)) == primitive::t_ordrel_ind);
  CHECK(send(*g, by, "a last word") == success);
  CHECK(ask<tpi::ordrel_req>(*g, by) == success);
  CHECK(data_at(*g, client).message.data == "a last word");
  CHECK(type_of(data_at(*g, client)) == primitive::t_ordrel_ind);
}

TEST_CASE("nobody listens", "[tpi][internet]") {
  simulated::fresh_process g;
  const i32 client = open_internet<ss::tcp>(*g);
  (void)bound(*g, client, loopback());
  REQUIRE(connect_to(*g, client, loopback(1)) == success);
  CHECK(type_of(get_message(*g, client)) == primitive::t_ok_ack);
  CHECK(as<tpi::discon_ind>(data_at(*g, client)).seq_number == ~u32{0});
}
