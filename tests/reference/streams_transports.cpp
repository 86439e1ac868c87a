// TPI over the loopback transports: connections, orderly release, datagrams, errors.
#include "transports.hpp"

using namespace polyabi;
using namespace polyabi::tests;
using tpi::primitive, tpi::state, tpi::tli_error;

namespace {

constexpr u32 nonblocking = reference::open_flags::rdwr | reference::open_flags::nonblock;

received data_at(guest& g, i32 d) {
  return get_message(g, d, 1024, 65536);
}

} // namespace

TEST_CASE("an endpoint says what it is", "[tpi]") {
  simulated::fresh_process g;
  const auto info = [&](i32 d) {
    CHECK(ask<tpi::info_req>(*g, d) == success);
    const received r = get_message(*g, d);
    CHECK(r.message.flags == ss::message_flag::hipri);
    return as<tpi::info_ack>(r);
  };
  CHECK(info(open_ticots(*g)).serv_type == 1);
  CHECK(info(open_ticotsord(*g)).serv_type == 2);
  const auto datagrams = info(open_ticlts(*g));
  CHECK(datagrams.serv_type == 3);
  CHECK(datagrams.tsdu_size == 16384);
  CHECK(datagrams.current_state == 0);

  const i32 d = open_ticots(*g);
  auto wanted = blank<tpi::capability_req>();
  wanted.cap_bits = 3;
  CHECK(put_message(*g, d, bytes_of(wanted), std::nullopt, true) == success);
  const auto ack = as<tpi::capability_ack>(get_message(*g, d));
  CHECK(ack.cap_bits == 3);
  CHECK(ack.acceptor_id == stream_id(*g, d));
  CHECK(ack.info.serv_type == 1);
}

TEST_CASE("addresses: wanted, chosen, taken", "[tpi]") {
  simulated::fresh_process g;
  const i32 a = open_ticots(*g), b = open_ticots(*g), other = open_ticotsord(*g);
  CHECK(bound(*g, a, "name") == "name");
  CHECK(state_of(*g, a) == state::idle);
  CHECK(bind_to(*g, b, "name") == success);
  check_error(*g, b, primitive::t_bind_req, tli_error::addrbusy);
  CHECK(state_of(*g, b) == state::unbnd);
  // SVR4's older request gets another one instead.
  tpi::bind_req old{static_cast<u32>(primitive::o_t_bind_req), 4, sizeof old, 0};
  CHECK(put_message(*g, b, bytes_of(old, "name"), std::nullopt) == success);
  const received r = get_message(*g, b);
  CHECK(address_in(r, as<tpi::bind_ack>(r).addr_offset, as<tpi::bind_ack>(r).addr_length) != "name");
  // Every transport has addresses of its own.
  CHECK(bound(*g, other, "name") == "name");
  CHECK(ask<tpi::unbind_req>(*g, a) == success);
  check_ok(*g, a, primitive::t_unbind_req);
  CHECK(state_of(*g, a) == state::unbnd);
  CHECK(bound(*g, a, "name") == "name");
  CHECK(ask<tpi::addr_req>(*g, a) == success);
  const received where = get_message(*g, a);
  const auto addresses = as<tpi::addr_ack>(where);
  CHECK(address_in(where, addresses.locaddr_offset, addresses.locaddr_length) == "name");
  CHECK(addresses.remaddr_length == 0);
  // An offset outside the message, an address that is too long.
  const i32 c = open_ticots(*g);
  tpi::bind_req bad{static_cast<u32>(primitive::t_bind_req), 4, 4000, 0};
  CHECK(put_message(*g, c, bytes_of(bad, "name"), std::nullopt) == success);
  check_error(*g, c, primitive::t_bind_req, tli_error::badaddr);
  CHECK(bind_to(*g, c, std::string(129, 'a')) == success);
  check_error(*g, c, primitive::t_bind_req, tli_error::badaddr);
  CHECK(bound(*g, c, std::string(128, 'a')) == std::string(128, 'a'));
}

TEST_CASE("a connection carries data both ways, and ends by force", "[tpi]") {
  simulated::fresh_process g;
  const auto [listener, here, there] = connected(*g, open_ticots);
  CHECK(state_of(*g, here) == state::data_xfer);
  CHECK(state_of(*g, there) == state::data_xfer);
  CHECK(state_of(*g, listener) == state::idle);
  CHECK(send_data(*g, here, "ping", false, true) == success);
  const received ping = data_at(*g, there);
  CHECK(as<tpi::data_ind>(ping).more_flag == 1);
  CHECK(ping.message.data == "ping");
  // Plain bytes are data as well.
  CHECK(write_bytes(*g, there, "pong") == error::none);
  const received pong = data_at(*g, here);
  CHECK(as<tpi::data_ind>(pong).more_flag == 0);
  CHECK(pong.message.data == "pong");
  // Expedited data passes.
  CHECK(send_data(*g, here, "slow") == success);
  CHECK(send_data(*g, here, "fast", true) == success);
  const received fast = data_at(*g, there);
  CHECK(type_of(fast) == primitive::t_exdata_ind);
  CHECK(fast.message.band == 1);
  CHECK(data_at(*g, there).message.data == "slow");

  CHECK(send_data(*g, here, "lost") == success);
  CHECK(disconnect(*g, here) == success);
  check_ok(*g, here, primitive::t_discon_req);
  const auto gone = as<tpi::discon_ind>(get_message(*g, there)); // and what had not been read is lost
  CHECK(gone.discon_reason == 0);
  CHECK(state_of(*g, here) == state::idle);
  CHECK(state_of(*g, there) == state::idle);
  // Data that crosses the end is dropped.
  CHECK(send_data(*g, there, "too late") == success);
  CHECK(nothing_to_read(*g, here));
  // Orderly release is for the other transport.
  CHECK(ask<tpi::ordrel_req>(*g, here) == success);
  CHECK(get_message(*g, here).failure == stream_error{errc::proto});
}

TEST_CASE("orderly release: what was sent arrives", "[tpi]") {
  simulated::fresh_process g;
  const auto [listener, here, there] = connected(*g, open_ticotsord);
  CHECK(send_data(*g, here, "the last") == success);
  CHECK(ask<tpi::ordrel_req>(*g, here) == success);
  CHECK(state_of(*g, here) == state::wind_ordrel);
  CHECK(state_of(*g, there) == state::wreq_ordrel);
  CHECK(data_at(*g, there).message.data == "the last");
  CHECK(type_of(get_message(*g, there)) == primitive::t_ordrel_ind);
  CHECK(send_data(*g, there, "still open") == success);
  CHECK(ask<tpi::ordrel_req>(*g, there) == success);
  CHECK(data_at(*g, here).message.data == "still open");
  CHECK(type_of(get_message(*g, here)) == primitive::t_ordrel_ind);
  CHECK(state_of(*g, here) == state::idle);
  CHECK(state_of(*g, there) == state::idle);
  // And again.
  CHECK(connect_to(*g, here, "server") == success);
  check_ok(*g, here, primitive::t_conn_req);
  CHECK(type_of(get_message(*g, listener)) == primitive::t_conn_ind);
}

TEST_CASE("a connection that nobody takes", "[tpi]") {
  simulated::fresh_process g;
  const i32 a = open_ticots(*g, nonblocking), b = open_ticots(*g, nonblocking), server = open_ticots(*g, nonblocking);
  (void)bound(*g, a, "");
  (void)bound(*g, b, "");
  CHECK(connect_to(*g, a, "nobody") == success);
  check_ok(*g, a, primitive::t_conn_req);
  CHECK(as<tpi::discon_ind>(get_message(*g, a)).discon_reason == static_cast<u32>(errc::connrefused));
  CHECK(state_of(*g, a) == state::idle);
  CHECK(bound(*g, server, "server", 1) == "server");
  CHECK(connect_to(*g, a, "server", "hello") == success);
  check_ok(*g, a, primitive::t_conn_req);
  const received wanted = get_message(*g, server);
  CHECK(wanted.message.data == "hello");
  // One may wait, and no more.
  CHECK(connect_to(*g, b, "server") == success);
  check_ok(*g, b, primitive::t_conn_req);
  CHECK(type_of(get_message(*g, b)) == primitive::t_discon_ind);
  CHECK(disconnect(*g, server, as<tpi::conn_ind>(wanted).seq_number + 1) == success);
  check_error(*g, server, primitive::t_discon_req, tli_error::badseq);
  CHECK(disconnect(*g, server, as<tpi::conn_ind>(wanted).seq_number, "sorry") == success);
  check_ok(*g, server, primitive::t_discon_req);
  const received refusal = get_message(*g, a);
  CHECK(as<tpi::discon_ind>(refusal).discon_reason == static_cast<u32>(errc::connrefused));
  CHECK(refusal.message.data == "sorry");
  CHECK(state_of(*g, server) == state::idle);
  // Who gives up is no longer waiting.
  CHECK(connect_to(*g, a, "server") == success);
  check_ok(*g, a, primitive::t_conn_req);
  const auto second = as<tpi::conn_ind>(get_message(*g, server));
  CHECK(disconnect(*g, a) == success);
  check_ok(*g, a, primitive::t_discon_req);
  CHECK(as<tpi::discon_ind>(get_message(*g, server)).seq_number == second.seq_number);
  CHECK(state_of(*g, server) == state::idle);
  // A server that goes refuses all.
  CHECK(connect_to(*g, a, "server") == success);
  check_ok(*g, a, primitive::t_conn_req);
  close(*g, server);
  CHECK(type_of(get_message(*g, a)) == primitive::t_discon_ind);
}

TEST_CASE("who may accept", "[tpi]") {
  simulated::fresh_process g;
  const i32 a = open_ticots(*g, nonblocking), b = open_ticots(*g, nonblocking), server = open_ticots(*g, nonblocking);
  const i32 other_server = open_ticots(*g, nonblocking), foreign = open_ticotsord(*g, nonblocking);
  const i32 fresh = open_ticots(*g, nonblocking), pipe = open_pipe(*g).a;
  (void)bound(*g, a, "");
  (void)bound(*g, b, "");
  (void)bound(*g, server, "server", 2);
  (void)bound(*g, other_server, "another", 2);
  (void)bound(*g, foreign, "");
  CHECK(connect_to(*g, a, "server") == success);
  CHECK(connect_to(*g, b, "server") == success);
  const u32 first = as<tpi::conn_ind>(get_message(*g, server)).seq_number;
  const u32 second = as<tpi::conn_ind>(get_message(*g, server)).seq_number;
  const auto refused = [&](u32 number, u32 by, tli_error why) {
    CHECK(accept_by(*g, server, number, by) == success);
    check_error(*g, server, primitive::t_conn_res, why);
    CHECK(state_of(*g, server) == state::wres_cind);
  };
  refused(first, 123456, tli_error::badf);
  refused(first, stream_id(*g, foreign), tli_error::provmismatch);
  refused(first, stream_id(*g, pipe), tli_error::provmismatch);
  refused(first + 100, stream_id(*g, fresh), tli_error::badseq);
  refused(first, stream_id(*g, other_server), tli_error::resqlen);
  refused(first, stream_id(*g, server), tli_error::indout); // another one waits
  refused(first, stream_id(*g, a), tli_error::outstate);
  // An endpoint without an address will do.
  CHECK(accept_by(*g, server, first, stream_id(*g, fresh), "welcome") == success);
  check_ok(*g, server, primitive::t_conn_res);
  CHECK(state_of(*g, server) == state::wres_cind);
  check_ok(*g, a, primitive::t_conn_req);
  const received confirmed = get_message(*g, a);
  CHECK(confirmed.message.data == "welcome");
  CHECK(address_in(confirmed, as<tpi::conn_con>(confirmed).res_offset, as<tpi::conn_con>(confirmed).res_length) == "server");
  // The last one may be taken by the listener itself.
  CHECK(accept_by(*g, server, second, stream_id(*g, server)) == success);
  check_ok(*g, server, primitive::t_conn_res);
  CHECK(state_of(*g, server) == state::data_xfer);
  CHECK(send_data(*g, server, "direct") == success);
  check_ok(*g, b, primitive::t_conn_req);
  CHECK(type_of(get_message(*g, b)) == primitive::t_conn_con);
  CHECK(data_at(*g, b).message.data == "direct");
}

TEST_CASE("an endpoint that is closed ends its connection behind its data", "[tpi]") {
  simulated::fresh_process g;
  const auto [listener, here, there] = connected(*g, open_ticots);
  usize sent = 0;
  while (send_data(*g, here, std::string(4096, 'd')) == success) ++sent;
  CHECK(sent > 4);
  close(*g, here);
  usize arrived = 0;
  received r = data_at(*g, there);
  for (; type_of(r) == primitive::t_data_ind; r = data_at(*g, there)) ++arrived;
  CHECK(arrived == sent);
  CHECK(as<tpi::discon_ind>(r).discon_reason == static_cast<u32>(errc::connreset));
}

TEST_CASE("a sender waits for a slow reader", "[tpi]") {
  simulated::fresh_process g;
  const auto [listener, here_fast, there_fast] = connected(*g, open_ticotsord);
  // Blocking descriptors from here on.
  for (const i32 d : {here_fast, there_fast}) CHECK(perform(*g, op::set_nonblocking{}, d, false));
  (void)fork(*g, [&, here = here_fast](simulated::guest& child) {
    for (i32 i = 0; i < 200; ++i) (void)send_data(child, here, std::to_string(i) + std::string(2000, '.'));
    (void)ask<tpi::ordrel_req>(child, here);
  });
  for (i32 i = 0; i < 200; ++i) {
    const received r = data_at(*g, there_fast);
    REQUIRE(type_of(r) == primitive::t_data_ind);
    REQUIRE(r.message.data->starts_with(std::to_string(i) + "."));
  }
  CHECK(type_of(get_message(*g, there_fast)) == primitive::t_ordrel_ind);
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("datagrams arrive with their sender's address", "[tpi]") {
  simulated::fresh_process g;
  const i32 a = open_ticlts(*g, nonblocking), b = open_ticlts(*g, nonblocking);
  (void)bound(*g, a, "alice");
  (void)bound(*g, b, "bob");
  CHECK(send_datagram(*g, a, "bob", "hello") == success);
  const received r = data_at(*g, b);
  const auto says = as<tpi::unitdata_ind>(r);
  CHECK(address_in(r, says.src_offset, says.src_length) == "alice");
  CHECK(r.message.data == "hello");
  CHECK(send_datagram(*g, a, "bob", "") == success);
  CHECK(data_at(*g, b).message.data == "");
  // What cannot be delivered is told.
  CHECK(send_datagram(*g, a, "nobody", "x") == success);
  const received lost = get_message(*g, a);
  const auto why = as<tpi::uderror_ind>(lost);
  CHECK(why.error_type == static_cast<u32>(errc::connrefused));
  CHECK(address_in(lost, why.dest_offset, why.dest_length) == "nobody");
  CHECK(connect_to(*g, a, "bob") == success);
  check_error(*g, a, primitive::t_conn_req, tli_error::notsupport);
  CHECK(write_bytes(*g, a, "without an address") == error::none);
  CHECK(get_message(*g, a).failure == stream_error{errc::proto});
}

TEST_CASE("a hundred thousand datagrams are all received", "[tpi]") {
  simulated::fresh_process g;
  constexpr i32 count = 100'000;
  const i32 receiver = open_ticlts(*g, nonblocking);
  (void)bound(*g, receiver, "receiver");
  (void)fork(*g, [&](simulated::guest& child) {
    const i32 sender = open_ticlts(child);
    (void)bind_to(child, sender, "");
    (void)get_message(child, sender);
    auto s = blank<tpi::unitdata_req>();
    s.dest_length = 8;
    s.dest_offset = sizeof s;
    const std::string control = bytes_of(s, "receiver");
    const u64 control_at = child.put_text(control), data_at = child.allocate(64);
    for (i32 i = 0; i < count; ++i) {
      child.write(data_at, &i, sizeof i);
      (void)with_stream(child, sender, [&](reference::thread& t, stream& st, bool n) -> ss::outcome<kernel> {
        auto m = ss::message_from<kernel>(t, {static_cast<i32>(control.size()), control_at}, {sizeof i, data_at}, false, 0);
        if (!m) return m.error();
        return ss::put_message(t, st, std::move(*m), n);
      });
    }
  });
  const u64 control_at = g->allocate(64), data_at = g->allocate(64);
  i32 received_count = 0, in_order = 0;
  reference::poll_record record{receiver, reference::poll_events::in, 0};
  const reference::timespec* forever = nullptr;
  const reference::sigset* mask = nullptr;
  while (received_count < count) {
    std::span<reference::poll_record> records{&record, 1};
    REQUIRE(perform(*g, op::poll{}, records, forever, mask));
    REQUIRE(record.revents == reference::poll_events::in);
    for (;;) {
      ss::part_out control{64, control_at, 0}, data{64, data_at, 0};
      ss::selection which;
      const auto r = with_stream(*g, receiver, [&](reference::thread& t, stream& s, bool n) {
        return ss::get_message(t, s, control, data, which, n);
      });
      if (!r) break;
      if (g->get<i32>(data_at) == received_count) ++in_order;
      ++received_count;
    }
  }
  CHECK(received_count == count);
  CHECK(in_order == count);
  CHECK(nothing_to_read(*g, receiver));
  CHECK(wait_for(*g).status == 0);
}
