// The state tables of the Transport Provider Interface, written down a second time from its documents, and every state and
// event of them on endpoints of the real transports.
//
// The tables are those of the TPI specification, appendix B: initialization, connectionless transfer, connection mode. What
// they leave to the pages of the primitives (The Open Group, TPI version 2) and to XTI's state tables:
// - T_DATA_REQ, T_EXDATA_REQ, T_ORDREL_REQ in TS_IDLE are dropped, since they may have crossed a disconnection; in any other
//   wrong state they, and T_UNITDATA_REQ, are fatal: M_ERROR with EPROTO.
// - The other requests are answered in a wrong state by T_ERROR_ACK with TOUTSTATE, and the state stays.
// - Options may be managed in any state that waits for the user (XTI: optmgmt), and an endpoint without an address may be given
// a
//   connection (XTI: pass_conn in T_UNBND).
#include "transports.hpp"

#include <map>
#include <set>

using namespace polyabi;
using namespace polyabi::tests;
using tpi::event, tpi::primitive, tpi::state, tpi::tli_error;

namespace {

constexpr u32 nonblocking = reference::open_flags::rdwr | reference::open_flags::nonblock;

using moves = std::map<state, state>;
const std::map<event, moves>& specification() {
  using enum state;
  static const std::map<event, moves> all{
      // Initialization.
      {event::bind_req, {{unbnd, wack_breq}}},
      {event::unbind_req, {{idle, wack_ureq}}},
      {event::bind_ack, {{wack_breq, idle}}},
      {event::optmgmt_req,
       {{idle, wack_optreq},
        {wcon_creq, wcon_creq},
        {wres_cind, wres_cind},
        {data_xfer, data_xfer},
        {wind_ordrel, wind_ordrel},
        {wreq_ordrel, wreq_ordrel}}},
      {event::optmgmt_ack,
       {{wack_optreq, idle},
        {wcon_creq, wcon_creq},
        {wres_cind, wres_cind},
        {data_xfer, data_xfer},
        {wind_ordrel, wind_ordrel},
        {wreq_ordrel, wreq_ordrel}}},
      {event::error_ack,
       {{wack_breq, unbnd},
        {wack_ureq, idle},
        {wack_optreq, idle},
        {wack_creq, idle},
        {wack_cres, wres_cind},
        {wack_dreq6, wcon_creq},
        {wack_dreq7, wres_cind},
        {wack_dreq9, data_xfer},
        {wack_dreq10, wind_ordrel},
        {wack_dreq11, wreq_ordrel},
        {unbnd, unbnd},
        {idle, idle},
        {wcon_creq, wcon_creq},
        {wres_cind, wres_cind},
        {data_xfer, data_xfer},
        {wind_ordrel, wind_ordrel},
        {wreq_ordrel, wreq_ordrel}}},
      {event::ok_ack1,
       {{wack_ureq, unbnd},
        {wack_creq, wcon_creq},
        {wack_dreq6, idle},
        {wack_dreq9, idle},
        {wack_dreq10, idle},
        {wack_dreq11, idle}}},
      {event::ok_ack2, {{wack_cres, data_xfer}, {wack_dreq7, idle}}},
      {event::ok_ack3, {{wack_cres, idle}}},
      {event::ok_ack4, {{wack_cres, wres_cind}, {wack_dreq7, wres_cind}}},
      // Without connections.
      {event::unitdata_req, {{idle, idle}}},
      {event::unitdata_ind, {{idle, idle}}},
      {event::uderror_ind, {{idle, idle}}},
      // With connections.
      {event::conn_req, {{idle, wack_creq}}},
      {event::conn_res, {{wres_cind, wack_cres}}},
      {event::discon_req,
       {{wcon_creq, wack_dreq6},
        {wres_cind, wack_dreq7},
        {data_xfer, wack_dreq9},
        {wind_ordrel, wack_dreq10},
        {wreq_ordrel, wack_dreq11}}},
      {event::data_req, {{idle, idle}, {data_xfer, data_xfer}, {wreq_ordrel, wreq_ordrel}}},
      {event::exdata_req, {{idle, idle}, {data_xfer, data_xfer}, {wreq_ordrel, wreq_ordrel}}},
      {event::ordrel_req, {{idle, idle}, {data_xfer, wind_ordrel}, {wreq_ordrel, idle}}},
      {event::conn_ind, {{idle, wres_cind}, {wres_cind, wres_cind}}},
      {event::conn_con, {{wcon_creq, data_xfer}}},
      {event::data_ind, {{data_xfer, data_xfer}, {wind_ordrel, wind_ordrel}}},
      {event::exdata_ind, {{data_xfer, data_xfer}, {wind_ordrel, wind_ordrel}}},
      {event::ordrel_ind, {{data_xfer, wreq_ordrel}, {wind_ordrel, idle}}},
      {event::discon_ind1, {{wcon_creq, idle}, {data_xfer, idle}, {wind_ordrel, idle}, {wreq_ordrel, idle}}},
      {event::discon_ind2, {{wres_cind, idle}}},
      {event::discon_ind3, {{wres_cind, wres_cind}}},
      {event::pass_conn, {{unbnd, data_xfer}, {idle, data_xfer}}},
  };
  return all;
}
std::optional<state> next_of(state now, event on) {
  const moves& row = specification().at(on);
  const auto found = row.find(now);
  return found == row.end() ? std::nullopt : std::optional{found->second};
}

// --- endpoints in a state that waits for the user or the other side: the states between a request and its acknowledgement pass
// inside the provider

constexpr state stable[] = {state::unbnd,     state::idle,        state::wcon_creq,  state::wres_cind,
                            state::data_xfer, state::wind_ordrel, state::wreq_ordrel};

struct transport {
  const char* name;
  i32 (*open)(guest&, u32);
  u32 service;
  bool has(state s) const {
    if (service == tpi::service_type::connectionless) return s == state::unbnd || s == state::idle;
    return service == tpi::service_type::connection_orderly || (s != state::wind_ordrel && s != state::wreq_ordrel);
  }
};
const transport transports[] = {{"ticots", open_ticots, tpi::service_type::connection},
                                {"ticotsord", open_ticotsord, tpi::service_type::connection_orderly},
                                {"ticlts", open_ticlts, tpi::service_type::connectionless}};

/// CURRENT_state of T_INFO_ACK.
state told_state(guest& g, i32 d) {
  REQUIRE(ask<tpi::info_req>(g, d) == success);
  return static_cast<state>(as<tpi::info_ack>(get_message(g, d)).current_state);
}

/// One endpoint in a state, and who took part in getting it there.
struct scene {
  guest& g;
  const transport& of;
  i32 subject = -1, other = -1; ///< the other side, where there is one: a listener, a caller, a peer
  u32 number = 0;               ///< of the connection that waits at the subject, or at the listener it called
  std::vector<i32> opened{};

  i32 open() { return opened.emplace_back(of.open(g, nonblocking)); }
  i32 caller_of(std::string_view address) {
    const i32 d = open();
    (void)bound(g, d, "");
    REQUIRE(connect_to(g, d, address) == success);
    check_ok(g, d, primitive::t_conn_req);
    return d;
  }
  /// A listener with one caller; answers the number of the connection.
  u32 listener_with_caller(i32& listener, std::string_view address) {
    listener = open();
    (void)bound(g, listener, address, 2);
    (void)caller_of(address);
    return as<tpi::conn_ind>(get_message(g, listener)).seq_number;
  }

  void bring(state wanted, u32 backlog) {
    subject = open();
    if (wanted != state::unbnd)
      (void)bound(g, subject, "subject", of.service == tpi::service_type::connectionless ? 0 : backlog);
    if (wanted == state::wcon_creq) {
      other = open();
      (void)bound(g, other, "listener", 2);
      REQUIRE(connect_to(g, subject, "listener") == success);
      check_ok(g, subject, primitive::t_conn_req);
      number = as<tpi::conn_ind>(get_message(g, other)).seq_number;
    } else if (wanted == state::wres_cind) {
      other = caller_of("subject");
      number = as<tpi::conn_ind>(get_message(g, subject)).seq_number;
    } else if (wanted >= state::data_xfer) {
      // Whoever listens accepts for itself.
      i32 listener = subject;
      if (backlog == 0) {
        number = listener_with_caller(listener, "listener");
      } else {
        (void)caller_of("subject");
        number = as<tpi::conn_ind>(get_message(g, subject)).seq_number;
      }
      other = opened.back();
      REQUIRE(accept_by(g, listener, number, stream_id(g, subject)) == success);
      check_ok(g, listener, primitive::t_conn_res);
      (void)as<tpi::conn_con>(get_message(g, other));
      if (wanted == state::wind_ordrel) {
        REQUIRE(ask<tpi::ordrel_req>(g, subject) == success);
        (void)as<tpi::ordrel_ind>(get_message(g, other));
      } else if (wanted == state::wreq_ordrel) {
        REQUIRE(ask<tpi::ordrel_req>(g, other) == success);
        (void)as<tpi::ordrel_ind>(get_message(g, subject));
      }
    }
    REQUIRE(told_state(g, subject) == wanted);
  }
  ~scene() {
    for (const i32 d : opened) close(g, d);
  }
};

using visits = std::set<std::pair<event, state>>;
template <class Work>
void in_every_state(Work work) {
  simulated::fresh_process g;
  for (const transport& t : transports)
    for (const state now : stable)
      if (t.has(now)) {
        INFO(t.name << ", state " << static_cast<i32>(now));
        work(*g, t, now);
      }
}

/// What a primitive without an acknowledgement leaves: nothing, or a stream that fails.
void check_silent_request(scene& s, state now, event on, bool offered, visits& seen) {
  const std::optional<state> next = offered ? next_of(now, on) : std::nullopt;
  const received answer = get_message(s.g, s.subject);
  if (!next) {
    CHECK(answer.failure == stream_error{errc::proto});
    CHECK(ask<tpi::info_req>(s.g, s.subject) == stream_error{errc::proto});
    return;
  }
  CHECK(answer.failure == stream_error{errc::again});
  CHECK(told_state(s.g, s.subject) == *next);
  seen.emplace(on, now);
}

} // namespace

TEST_CASE("the table of the state machine is the documents'", "[tpi]") {
  CHECK(specification().size() == tpi::event_count);
  for (usize s = 0; s < tpi::state_count; ++s)
    for (usize e = 0; e < tpi::event_count; ++e) {
      INFO("state " << s << ", event " << e);
      const tpi::cell c = tpi::after(static_cast<state>(s), static_cast<event>(e));
      const auto next = next_of(static_cast<state>(s), static_cast<event>(e));
      CHECK(c.allowed() == next.has_value());
      if (c.allowed() && next) CHECK(c.next() == *next);
    }
}

TEST_CASE("every request in every state of every transport", "[tpi]") {
  visits seen;
  // What is acknowledged.
  struct acknowledged {
    event on;
    primitive what;
    event then; ///< its acknowledgement, if one connection waits
  };
  constexpr acknowledged requests[] = {{event::bind_req, primitive::t_bind_req, event::bind_ack},
                                       {event::unbind_req, primitive::t_unbind_req, event::ok_ack1},
                                       {event::optmgmt_req, primitive::t_optmgmt_req, event::optmgmt_ack},
                                       {event::conn_req, primitive::t_conn_req, event::ok_ack1},
                                       {event::conn_res, primitive::t_conn_res, event::ok_ack2},
                                       {event::discon_req, primitive::t_discon_req, event::ok_ack1}};
  in_every_state([&](guest& g, const transport& t, state now) {
    for (const acknowledged& r : requests) {
      INFO("event " << static_cast<i32>(r.on));
      scene s{g, t};
      s.bring(now, 2);
      const bool of_connections = r.on == event::conn_req || r.on == event::conn_res || r.on == event::discon_req;
      i32 target = -1;
      if (r.on == event::conn_req && t.service != tpi::service_type::connectionless) {
        target = s.open();
        (void)bound(g, target, "target", 1);
      }
      switch (r.on) {
      case event::bind_req: REQUIRE(bind_to(g, s.subject, "again") == success); break;
      case event::unbind_req: REQUIRE(ask<tpi::unbind_req>(g, s.subject) == success); break;
      case event::conn_req: REQUIRE(connect_to(g, s.subject, "target") == success); break;
      case event::conn_res: REQUIRE(accept_by(g, s.subject, s.number, stream_id(g, s.subject)) == success); break;
      case event::discon_req: REQUIRE(disconnect(g, s.subject, s.number) == success); break;
      default: {
        auto manage = blank<tpi::optmgmt_req>();
        manage.mgmt_flags = tpi::option_management::negotiate;
        REQUIRE(put_message(g, s.subject, bytes_of(manage), std::nullopt) == success);
      }
      }
      if (of_connections && t.service == tpi::service_type::connectionless && r.on != event::discon_req) {
        check_error(g, s.subject, r.what, tli_error::notsupport);
        CHECK(told_state(g, s.subject) == now);
        continue;
      }
      const std::optional<state> asked = next_of(now, r.on);
      if (!asked) {
        check_error(g, s.subject, r.what, tli_error::outstate);
        CHECK(told_state(g, s.subject) == now);
        continue;
      }
      const received answer = get_message(g, s.subject);
      CHECK(answer.message.flags == ss::message_flag::hipri);
      CHECK(type_of(answer) == (r.on == event::bind_req      ? primitive::t_bind_ack
                                : r.on == event::optmgmt_req ? primitive::t_optmgmt_ack
                                                             : primitive::t_ok_ack));
      CHECK(told_state(g, s.subject) == next_of(*asked, *asked == state::wack_dreq7 ? event::ok_ack2 : r.then));
      seen.emplace(r.on, now);
    }
    // What is not.
    {
      scene s{g, t};
      s.bring(now, 2);
      REQUIRE(send_data(g, s.subject, "data") == success);
      check_silent_request(s, now, event::data_req, t.service != tpi::service_type::connectionless, seen);
      if (now == state::data_xfer || now == state::wreq_ordrel) CHECK(get_message(g, s.other).message.data == "data");
    }
    {
      scene s{g, t};
      s.bring(now, 2);
      REQUIRE(send_data(g, s.subject, "fast", true) == success);
      check_silent_request(s, now, event::exdata_req, t.service != tpi::service_type::connectionless, seen);
    }
    {
      scene s{g, t};
      s.bring(now, 2);
      REQUIRE(ask<tpi::ordrel_req>(g, s.subject) == success);
      check_silent_request(s, now, event::ordrel_req, t.service == tpi::service_type::connection_orderly, seen);
    }
    {
      scene s{g, t};
      s.bring(now, 2);
      if (t.service == tpi::service_type::connectionless) (void)bound(g, s.other = s.open(), "other");
      REQUIRE(send_datagram(g, s.subject, "other", "unit") == success);
      check_silent_request(s, now, event::unitdata_req, t.service == tpi::service_type::connectionless, seen);
      if (seen.contains({event::unitdata_req, now}) && t.service == tpi::service_type::connectionless)
        CHECK(get_message(g, s.other).message.data == "unit");
    }
  });
  // Every move of the tables that a request makes has been seen.
  for (const auto& [on, row] : specification())
    if (on == event::bind_req || on == event::unbind_req || on == event::optmgmt_req || on == event::unitdata_req ||
        (on >= event::conn_req && on <= event::ordrel_req))
      for (const auto& [from, to] : row) {
        INFO("event " << static_cast<i32>(on) << " in state " << static_cast<i32>(from));
        CHECK(seen.contains({on, from}));
      }
}

TEST_CASE("accepting and rejecting one of several connections", "[tpi]") {
  in_every_state([&](guest& g, const transport& t, state now) {
    if (now != state::wres_cind) return;
    struct {
      bool accepts, by_another;
      i32 waiting;
      event ends;
    } constexpr cases[] = {{true, false, 1, event::ok_ack2},
                           {true, true, 1, event::ok_ack3},
                           {true, true, 2, event::ok_ack4},
                           {false, false, 1, event::ok_ack2},
                           {false, false, 2, event::ok_ack4}};
    for (const auto& c : cases) {
      INFO((c.accepts ? "accepts" : "rejects") << ", " << c.waiting << " wait");
      scene s{g, t};
      s.bring(now, 2);
      if (c.waiting == 2) {
        (void)s.caller_of("subject");
        (void)as<tpi::conn_ind>(get_message(g, s.subject));
        REQUIRE(told_state(g, s.subject) == next_of(now, event::conn_ind));
      }
      const i32 by = c.by_another ? s.open() : s.subject;
      if (c.accepts)
        REQUIRE(accept_by(g, s.subject, s.number, stream_id(g, by)) == success);
      else
        REQUIRE(disconnect(g, s.subject, s.number) == success);
      check_ok(g, s.subject, c.accepts ? primitive::t_conn_res : primitive::t_discon_req);
      CHECK(told_state(g, s.subject) == next_of(*next_of(now, c.accepts ? event::conn_res : event::discon_req), c.ends));
      if (c.by_another) CHECK(told_state(g, by) == next_of(state::unbnd, event::pass_conn));
    }
  });
}

TEST_CASE("every indication in every state of every transport", "[tpi]") {
  visits seen;
  // The other side does what would be an indication. It comes where the tables have it, and nothing comes elsewhere.
  struct indication {
    event on;
    primitive told; ///< `count_`: none, the state alone changes
  };
  constexpr indication all[] = {{event::conn_ind, primitive::t_conn_ind},      {event::conn_con, primitive::t_conn_con},
                                {event::data_ind, primitive::t_data_ind},      {event::exdata_ind, primitive::t_exdata_ind},
                                {event::ordrel_ind, primitive::t_ordrel_ind},  {event::discon_ind1, primitive::t_discon_ind},
                                {event::discon_ind2, primitive::t_discon_ind}, {event::discon_ind3, primitive::t_discon_ind},
                                {event::pass_conn, primitive::count_},         {event::unitdata_ind, primitive::t_unitdata_ind},
                                {event::uderror_ind, primitive::t_uderror_ind}};
  // Whether there is somebody who could do it.
  const auto cause = [](scene& s, state now, event on) {
    guest& g = s.g;
    const bool connectionless = s.of.service == tpi::service_type::connectionless;
    const bool has_peer = now >= state::data_xfer && now != state::count_;
    switch (on) {
    case event::conn_ind:
      if (connectionless) return false;
      (void)s.caller_of("subject");
      return true;
    case event::conn_con:
      if (now != state::wcon_creq) return false;
      REQUIRE(accept_by(g, s.other, s.number, stream_id(g, s.open())) == success);
      return true;
    case event::data_ind:
    case event::exdata_ind: return has_peer && send_data(g, s.other, "data", on == event::exdata_ind) == success;
    case event::ordrel_ind:
      return has_peer && s.of.service == tpi::service_type::connection_orderly && ask<tpi::ordrel_req>(g, s.other) == success;
    case event::discon_ind1:
      if (now == state::wcon_creq) return disconnect(g, s.other, s.number) == success;
      return has_peer && disconnect(g, s.other) == success;
    case event::discon_ind3:
      if (now == state::wres_cind) {
        (void)s.caller_of("subject");
        (void)as<tpi::conn_ind>(get_message(g, s.subject));
      }
      [[fallthrough]];
    case event::discon_ind2: return now == state::wres_cind && disconnect(g, s.other) == success;
    case event::pass_conn: {
      if (connectionless) return false;
      i32 listener = -1;
      const u32 number = s.listener_with_caller(listener, "giver");
      REQUIRE(accept_by(g, listener, number, stream_id(g, s.subject)) == success);
      if (next_of(now, on))
        check_ok(g, listener, primitive::t_conn_res);
      else
        check_error(g, listener, primitive::t_conn_res, now == state::wres_cind ? tli_error::resqlen : tli_error::outstate);
      return true;
    }
    case event::unitdata_ind: {
      if (!connectionless) return false;
      s.other = s.open();
      (void)bound(g, s.other, "other");
      REQUIRE(send_datagram(g, s.other, "subject", "unit") == success);
      return true;
    }
    default: return connectionless && now != state::unbnd && send_datagram(g, s.subject, "nobody", "unit") == success;
    }
  };
  in_every_state([&](guest& g, const transport& t, state now) {
    for (const indication& i : all) {
      INFO("event " << static_cast<i32>(i.on));
      scene s{g, t};
      s.bring(now, i.on == event::pass_conn && now != state::wres_cind ? 0 : 2);
      if (!cause(s, now, i.on)) continue;
      const std::optional<state> next = next_of(now, i.on);
      const received told = get_message(g, s.subject);
      if (next && i.told != primitive::count_)
        CHECK(type_of(told) == i.told);
      else
        CHECK(told.failure == stream_error{errc::again});
      CHECK(told_state(g, s.subject) == next.value_or(now));
      if (next) seen.emplace(i.on, now);
    }
  });
  for (const indication& i : all)
    for (const auto& [from, to] : specification().at(i.on)) {
      INFO("event " << static_cast<i32>(i.on) << " in state " << static_cast<i32>(from));
      CHECK(seen.contains({i.on, from}));
    }
}
