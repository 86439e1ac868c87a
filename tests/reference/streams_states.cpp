// The state machine of transport endpoints: every state and every event, from the table, on an endpoint.
#include "transports.hpp"

#include <deque>

using namespace polyabi;
using namespace polyabi::tests;
using tpi::event, tpi::state, tpi::state_count, tpi::event_count;

namespace {

/// A transport that grants everything.
class willing_endpoint final : public tpi::endpoint<kernel> {
public:
  explicit willing_endpoint(u32 service)
      : tpi::endpoint<kernel>{"willing", {.connect_data = 100, .disconnect_data = 100, .service = service}} {}
  using tpi::endpoint<kernel>::happen;
  void release() override { destroy<kernel>(this); }
  void expect_waiting(u32 count) { this->waiting_ = count; }

protected:
  tpi::failure bind(std::span<const u8> wanted, bool, u32&) override {
    local_.assign(wanted);
    return {};
  }
  void unbind() override {}
  tpi::failure may_connect(std::span<const u8>, ss::message<kernel>&) override { return {}; }
  bool is_waiting(u32 number) const override { return number == 1; }
  tpi::failure may_accept(u32, tpi::endpoint<kernel>&) override { return {}; }
};

/// How to get from the first state to another one.
std::vector<event> way_to(state wanted) {
  std::array<std::optional<std::vector<event>>, state_count> ways;
  ways[0].emplace();
  std::deque<state> next{state::unbnd};
  while (!next.empty()) {
    const state here = next.front();
    next.pop_front();
    if (here == wanted) return *ways[static_cast<usize>(here)];
    for (usize e = 0; e < event_count; ++e) {
      const tpi::cell c = tpi::after(here, static_cast<event>(e));
      if (!c.allowed() || ways[static_cast<usize>(c.next())]) continue;
      ways[static_cast<usize>(c.next())] = *ways[static_cast<usize>(here)];
      ways[static_cast<usize>(c.next())]->push_back(static_cast<event>(e));
      next.push_back(c.next());
    }
  }
  FAIL("a state that cannot be reached");
  return {};
}

/// What a user asks for: the message that is the event, and the state that follows when the provider has granted it.
struct request {
  event on;
  std::string control;
  bool acknowledged; ///< out of state: T_ERROR_ACK; otherwise the stream fails
  bool connectionless = false;
};
std::vector<request> requests(u32 own_id) {
  auto connect = blank<tpi::conn_req>();
  connect.dest_length = 4;
  connect.dest_offset = sizeof connect;
  auto respond = blank<tpi::conn_res>();
  respond.seq_number = 1;
  respond.acceptor_id = own_id;
  auto end = blank<tpi::discon_req>();
  end.seq_number = 1;
  auto datagram = blank<tpi::unitdata_req>();
  return {{event::bind_req, bytes_of(blank<tpi::bind_req>()), true},
          {event::unbind_req, bytes_of(blank<tpi::unbind_req>()), true},
          {event::optmgmt_req,
           [] {
             auto s = blank<tpi::optmgmt_req>();
             s.mgmt_flags = tpi::option_management::negotiate;
             return bytes_of(s);
           }(),
           true},
          {event::conn_req, bytes_of(connect, "addr"), true},
          {event::conn_res, bytes_of(respond), true},
          {event::discon_req, bytes_of(end), true},
          {event::data_req, bytes_of(blank<tpi::data_req>()), false},
          {event::exdata_req, bytes_of(blank<tpi::exdata_req>()), false},
          {event::ordrel_req, bytes_of(blank<tpi::ordrel_req>()), false},
          {event::unitdata_req, bytes_of(datagram), false, true}};
}

/// The state after a request that was granted at once.
state granted(state now, event on) {
  const state asked = tpi::after(now, on).next();
  switch (on) {
  case event::bind_req: return tpi::after(asked, event::bind_ack).next();
  case event::optmgmt_req: return tpi::after(asked, event::optmgmt_ack).next();
  case event::conn_res: return tpi::after(asked, event::ok_ack2).next();
  case event::discon_req: return tpi::after(asked, asked == state::wack_dreq7 ? event::ok_ack2 : event::ok_ack1).next();
  case event::unbind_req:
  case event::conn_req: return tpi::after(asked, event::ok_ack1).next();
  default: return asked;
  }
}

/// A stream over a willing endpoint in a state.
template <class Work>
void in_state(guest& g, state wanted, u32 service, Work work) {
  willing_endpoint* driver = nullptr;
  const i32 d = open_stream(g, [&](reference::thread&) -> answer<kernel, kernel::file_ref> {
    const ss::inside<kernel> section;
    driver = create<kernel, willing_endpoint>(service);
    return ss::make_stream_file<kernel>(ss::stream_ref<kernel>{stream::make(*driver)},
                                        reference::open_flags::rdwr | reference::open_flags::nonblock);
  });
  for (const event e : way_to(wanted)) driver->happen(e);
  REQUIRE(driver->now() == wanted);
  driver->expect_waiting(1);
  work(d, *driver);
  close(g, d);
}

} // namespace

TEST_CASE("every state and every event", "[tpi]") {
  simulated::fresh_process g;
  usize allowed = 0;
  for (usize s = 0; s < state_count; ++s)
    for (usize e = 0; e < event_count; ++e) {
      const auto now = static_cast<state>(s);
      const auto on = static_cast<event>(e);
      INFO("state " << s << ", event " << e);
      in_state(*g, now, 2, [&](i32, willing_endpoint& driver) {
        const tpi::cell c = tpi::after(now, on);
        driver.happen(on);
        CHECK(driver.now() == (c.allowed() ? c.next() : now));
        allowed += c.allowed() ? 1 : 0;
      });
    }
  CHECK(allowed > 70);
}

TEST_CASE("every request in every state is granted, or answered as the table says", "[tpi]") {
  simulated::fresh_process g;
  for (usize s = 0; s < state_count; ++s)
    for (usize r = 0; r < requests(0).size(); ++r) {
      const auto now = static_cast<state>(s);
      in_state(*g, now, requests(0)[r].connectionless ? 3 : 2, [&](i32 d, willing_endpoint& driver) {
        const request what = requests(stream_id(*g, d))[r];
        INFO("state " << s << ", event " << static_cast<i32>(what.on));
        CHECK(put_message(*g, d, what.control, what.acknowledged ? std::nullopt : std::optional<std::string>{"data"}) ==
              success);
        const received answer = get_message(*g, d);
        const bool may = tpi::after(now, what.on).allowed();
        if (may) {
          CHECK(driver.now() == granted(now, what.on));
          if (what.acknowledged)
            CHECK(type_of(answer) != tpi::primitive::t_error_ack);
          else
            CHECK(answer.failure == stream_error{errc::again});
        } else if (what.acknowledged) {
          CHECK(driver.now() == tpi::after(now, event::error_ack).next());
          CHECK(as<tpi::error_ack>(answer).tli_error == static_cast<u32>(tpi::tli_error::outstate));
        } else {
          CHECK(answer.failure == stream_error{errc::proto});
          CHECK(driver.now() == now);
        }
      });
    }
}

TEST_CASE("requests that are too short, or unknown", "[tpi]") {
  simulated::fresh_process g;
  constexpr u32 flags = reference::open_flags::rdwr | reference::open_flags::nonblock;
  for (const auto& open : {open_ticots, open_ticotsord, open_ticlts})
    for (u32 type = 0; type < 40; ++type)
      for (const usize size : {usize{4}, usize{6}, usize{12}}) {
        const i32 d = open(*g, flags);
        std::string control(size, '\xff');
        __builtin_memcpy(control.data(), &type, sizeof type);
        CHECK(put_message(*g, d, control, std::nullopt) == success);
        (void)get_message(*g, d);
        close(*g, d);
      }
  const i32 d = open_ticots(*g, flags);
  CHECK(put_message(*g, d, "xx", std::nullopt) == success); // no type at all
  CHECK(as<tpi::error_ack>(get_message(*g, d)).tli_error == static_cast<u32>(tpi::tli_error::notsupport));
}
