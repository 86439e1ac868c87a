// The modules: timod, tirdwr, pckt.
#include "transports.hpp"

using namespace polyabi;
using namespace polyabi::tests;
using tpi::primitive;

namespace {

constexpr u32 nonblocking = reference::open_flags::rdwr | reference::open_flags::nonblock;

struct ioctl_answer {
  stream_error failure;
  i32 value = 0;
  errc above = errc::none;
  std::string data{};
};
ioctl_answer ask_timod(guest& g, i32 d, u32 command, std::string_view data) {
  return with_stream(g, d, [&](reference::thread& t, stream& s, bool) {
    auto r = ss::stream_ioctl(t, s, command, std::span{reinterpret_cast<const u8*>(data.data()), data.size()}, 5);
    if (!r) return ioctl_answer{r.error()};
    const auto bytes = (*r)->data();
    return ioctl_answer{
        {}, (*r)->ioctl.value, (*r)->ioctl.value_above, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}};
  });
}
template <class Structure>
Structure structure(const std::string& bytes) {
  Structure s{};
  REQUIRE(bytes.size() >= sizeof s);
  __builtin_memcpy(&s, bytes.data(), sizeof s);
  return s;
}

} // namespace

TEST_CASE("timod answers requests as ioctls", "[streams]") {
  simulated::fresh_process g;
  namespace command = polyabi::streams::timod_command;
  const i32 d = open_ticotsord(*g, nonblocking), other = open_ticotsord(*g, nonblocking);
  CHECK(ask_timod(*g, d, command::get_info, bytes_of(blank<tpi::info_req>())).failure == stream_error{errc::inval});
  CHECK(push(*g, d, "timod") == success);
  const auto info = structure<tpi::info_ack>(ask_timod(*g, d, command::get_info, bytes_of(blank<tpi::info_req>())).data);
  CHECK((info.type == 16 && info.serv_type == 2 && info.current_state == 0));

  auto bind = blank<tpi::bind_req>();
  bind.addr_length = 4;
  bind.addr_offset = sizeof bind;
  bind.conind_number = 3;
  const auto bound_to = ask_timod(*g, d, command::bind, bytes_of(bind, "name"));
  CHECK(bound_to.value == 0);
  CHECK(structure<tpi::bind_ack>(bound_to.data).conind_number == 3);
  CHECK(bound_to.data.substr(structure<tpi::bind_ack>(bound_to.data).addr_offset, 4) == "name");
  // An error is the value, not a failure.
  const auto again = ask_timod(*g, d, command::bind, bytes_of(bind, "name"));
  CHECK(again.failure == success);
  CHECK(again.value == static_cast<i32>(tpi::tli_error::outstate));
  CHECK(again.data.empty());

  const auto sync = structure<ss::sync_answer>(ask_timod(*g, d, command::sync, bytes_of(ss::sync_request{7})).data);
  CHECK(sync.info.current_state == static_cast<u32>(tpi::state::idle));
  CHECK((sync.backlog == 3 && sync.flags == 0));

  auto wanted = blank<tpi::capability_req>();
  wanted.cap_bits = 3;
  CHECK(structure<tpi::capability_ack>(ask_timod(*g, d, command::capability, bytes_of(wanted)).data).acceptor_id ==
        stream_id(*g, d));
  CHECK(structure<tpi::addr_ack>(ask_timod(*g, d, command::get_addresses, bytes_of(blank<tpi::addr_req>())).data)
            .locaddr_length == 4);

  auto options = blank<tpi::optmgmt_req>();
  options.mgmt_flags = tpi::option_management::negotiate;
  CHECK(structure<tpi::optmgmt_ack>(ask_timod(*g, d, command::manage_options, bytes_of(options)).data).opt_length == 0);
  options.mgmt_flags = 3;
  CHECK(ask_timod(*g, d, command::manage_options, bytes_of(options)).value == static_cast<i32>(tpi::tli_error::badflag));

  CHECK(ask_timod(*g, d, command::unbind, bytes_of(blank<tpi::unbind_req>())).data.empty());
  CHECK(state_of(*g, d) == tpi::state::unbnd);

  // What is too short, or something else.
  CHECK(ask_timod(*g, d, command::bind, "xx").failure == stream_error{errc::inval});
  CHECK(ask_timod(*g, d, command::bind, bytes_of(blank<tpi::conn_req>())).failure == stream_error{errc::proto});
  CHECK(ask_timod(*g, d, 0x5401, "").failure == stream_error{errc::inval});
  // Ordinary primitives pass.
  CHECK(bound(*g, d, "name") == "name");
  CHECK(ask<tpi::info_req>(*g, d) == success);
  CHECK(type_of(get_message(*g, d)) == primitive::t_info_ack);
  (void)other;
}

TEST_CASE("an ioctl that nobody answers ends by its time", "[streams]") {
  simulated::fresh_process g;
  // A driver that keeps everything.
  struct silent final : ss::stream_module<kernel> {
    silent() : ss::stream_module<kernel>{"silent"} {}
    void from_above(ss::message_ptr<kernel>) override {}
    void release() override { destroy<kernel>(this); }
  };
  const i32 d = open_stream(*g, [](reference::thread&) {
    const ss::inside<kernel> section;
    return ss::make_stream_file<kernel>(*ss::make_stream<kernel, silent>(), reference::open_flags::rdwr);
  });
  const auto r = with_stream(
      *g, d, [](reference::thread& t, stream& s, bool) { return ss::stream_ioctl(t, s, 1, std::span<const u8>{}, 1); });
  CHECK(r.error() == stream_error{errc::time});
}

TEST_CASE("tirdwr: read and write on a connection", "[streams]") {
  simulated::fresh_process g;
  const auto [listener, here, there] = connected(*g, open_ticotsord);
  CHECK(send_data(*g, there, "before") == success);
  CHECK(push(*g, here, "tirdwr") == success);
  CHECK(push(*g, there, "tirdwr") == success);
  CHECK(read_bytes(*g, here).text == "before");
  CHECK(write_bytes(*g, here, "to there") == error::none);
  CHECK(write_bytes(*g, there, "to here") == error::none);
  CHECK(read_bytes(*g, there).text == "to there");
  CHECK(read_bytes(*g, here).text == "to here");
  CHECK(write_bytes(*g, here, "the end") == error::none);
  // The connection is closed in order by whoever has seen the end, and by force otherwise.
  CHECK(with_stream(*g, here, [](reference::thread&, stream& s, bool) { return ss::pop_module(s, false); }).error() == success);
  CHECK(read_bytes(*g, there).text.empty());
  CHECK(read_bytes(*g, there) == bytes_read{error::none, ""});
  CHECK(write_bytes(*g, there, "x") == error::nxio);
}

TEST_CASE("tirdwr shows an orderly release as the end, and does its part of it", "[streams]") {
  simulated::fresh_process g;
  const auto [listener, here, there] = connected(*g, open_ticotsord);
  CHECK(push(*g, there, "tirdwr") == success);
  CHECK(send_data(*g, here, "last") == success);
  CHECK(ask<tpi::ordrel_req>(*g, here) == success);
  CHECK(read_bytes(*g, there).text == "last");
  CHECK(read_bytes(*g, there) == bytes_read{error::none, ""});
  CHECK(write_bytes(*g, there, "reply") == error::none);
  close(*g, there);
  CHECK(get_message(*g, here).message.data == "reply");
  CHECK(type_of(get_message(*g, here)) == primitive::t_ordrel_ind);
  CHECK(state_of(*g, here) == tpi::state::idle);
}

TEST_CASE("tirdwr allows no primitives", "[streams]") {
  simulated::fresh_process g;
  const auto [listener, here, there] = connected(*g, open_ticots);
  CHECK(send_data(*g, there, "x", true) == success);
  CHECK(push(*g, here, "tirdwr") == stream_error{errc::proto}); // expedited data waits
  (void)get_message(*g, here);
  CHECK(push(*g, here, "tirdwr") == success);
  CHECK(send_data(*g, here, "x") == success);
  CHECK(write_bytes(*g, here, "x") == error::proto);
  CHECK(read_bytes(*g, here).failure == error::proto);
}

TEST_CASE("pckt tells what each message was", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  CHECK(push(*g, b, "pckt") == success);
  CHECK(write_bytes(*g, a, "data") == error::none);
  CHECK(put_message(*g, a, "control", "data") == success);
  CHECK(get_message(*g, b).message == user_message{std::string(1, '\0'), "data", ss::message_flag::band});
  CHECK(get_message(*g, b).message == user_message{std::string(1, '\1'), "controldata", ss::message_flag::band});
  CHECK(with_stream(*g, a, [](reference::thread&, stream& s, bool) { return ss::flush(s, ss::flush_option::write); }).error() ==
        success);
  CHECK(get_message(*g, b).message == user_message{std::string(1, '\x86'), std::string(1, '\1'), ss::message_flag::band});
}
