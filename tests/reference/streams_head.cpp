// The stream head: messages, priorities, what read(2) and getmsg(2) make of them, flow control. Over stream pipes.
#include "streams.hpp"

using namespace polyabi;
using namespace polyabi::tests;
namespace flag = polyabi::streams::message_flag;
namespace ro = polyabi::streams::read_option;

namespace {

constexpr u32 nonblocking = reference::open_flags::rdwr | reference::open_flags::nonblock;

user_message both(std::string control, std::string data) {
  return {control, data, flag::band, 0, 0};
}
stream_error read_mode(guest& g, i32 d, i32 options) {
  return with_stream(g, d, [&](reference::thread&, stream& s, bool) { return ss::set_read_options(s, options); }).error();
}

} // namespace

TEST_CASE("a message keeps its two parts", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  CHECK(put_message(*g, a, "control", "data") == success);
  CHECK(get_message(*g, b).message == both("control", "data"));
  CHECK(get_message(*g, b).failure == stream_error{errc::again});
  CHECK(put_message(*g, b, std::nullopt, "back") == success);
  CHECK(get_message(*g, a).message == user_message{std::nullopt, "back", flag::band});
  CHECK(put_message(*g, a, "only control", std::nullopt) == success);
  CHECK(get_message(*g, b).message == user_message{"only control", std::nullopt, flag::band});
  // An empty part is there.
  CHECK(put_message(*g, a, "", "") == success);
  CHECK(get_message(*g, b).message == both("", ""));
}

TEST_CASE("what does not fit stays for the next call", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  CHECK(put_message(*g, a, "control", "data") == success);
  CHECK(get_message(*g, b, 3, 2).message ==
        user_message{"con", "da", flag::band, 0, ss::more_flag::control | ss::more_flag::data});
  CHECK(get_message(*g, b, 100, 0).message == user_message{"trol", "", flag::band, 0, ss::more_flag::data});
  CHECK(get_message(*g, b).message == user_message{std::nullopt, "ta", flag::band});
  // A part that is not wanted stays, too.
  CHECK(put_message(*g, a, "control", "data") == success);
  CHECK(get_message(*g, b, -1, 100).message == user_message{std::nullopt, "data", flag::band, 0, ss::more_flag::control});
  CHECK(get_message(*g, b, 100, -1).message == user_message{"control", std::nullopt, flag::band});
  CHECK(get_message(*g, b).failure == stream_error{errc::again});
  // A place of no size takes what is empty.
  CHECK(put_message(*g, a, "", std::nullopt) == success);
  CHECK(get_message(*g, b, 0, -1).message == user_message{"", std::nullopt, flag::band});
}

TEST_CASE("priorities: high first, then the bands, in order of arrival", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  CHECK(put_message(*g, a, std::nullopt, "normal") == success);
  CHECK(put_message(*g, a, std::nullopt, "band 2", false, 2) == success);
  CHECK(put_message(*g, a, std::nullopt, "band 7", false, 7) == success);
  CHECK(put_message(*g, a, std::nullopt, "band 2 again", false, 2) == success);
  CHECK(put_message(*g, a, "high", std::nullopt, true) == success);
  CHECK(poll_now(*g, b) == (reference::poll_events::pri | reference::poll_events::out | reference::poll_events::wrband));
  CHECK(get_message(*g, b).message == user_message{"high", std::nullopt, flag::hipri});
  CHECK(poll_now(*g, b, 0xff) == (reference::poll_events::in | reference::poll_events::rdband | reference::poll_events::out));
  CHECK(get_message(*g, b).message == user_message{std::nullopt, "band 7", flag::band, 7});
  CHECK(get_message(*g, b).message == user_message{std::nullopt, "band 2", flag::band, 2});
  CHECK(get_message(*g, b).message == user_message{std::nullopt, "band 2 again", flag::band, 2});
  CHECK(poll_now(*g, b, 0xff) == (reference::poll_events::in | reference::poll_events::rdnorm | reference::poll_events::out));
  CHECK(get_message(*g, b).message == user_message{std::nullopt, "normal", flag::band});
}

TEST_CASE("a reader chooses what it waits for", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  CHECK(put_message(*g, a, std::nullopt, "normal") == success);
  CHECK(get_message(*g, b, 10, 10, {flag::hipri, 0}).failure == stream_error{errc::again});
  CHECK(get_message(*g, b, 10, 10, {flag::band, 1}).failure == stream_error{errc::again});
  CHECK(put_message(*g, a, std::nullopt, "band 3", false, 3) == success);
  CHECK(get_message(*g, b, 10, 10, {flag::band, 4}).failure == stream_error{errc::again});
  CHECK(get_message(*g, b, 10, 10, {flag::band, 3}).message == user_message{std::nullopt, "band 3", flag::band, 3});
  CHECK(put_message(*g, a, "high", std::nullopt, true) == success);
  CHECK(get_message(*g, b, 10, 10, {flag::band, 200}).message == user_message{"high", std::nullopt, flag::hipri});
}

TEST_CASE("only one message of high priority waits at a time", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  CHECK(put_message(*g, a, "first", std::nullopt, true) == success);
  CHECK(put_message(*g, a, "second", std::nullopt, true) == success);
  CHECK(get_message(*g, b).message == user_message{"first", std::nullopt, flag::hipri});
  CHECK(get_message(*g, b).failure == stream_error{errc::again});
}

TEST_CASE("read takes bytes across messages, unless it is told otherwise", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  const auto fill = [&] {
    for (const char* text : {"one", "two", "three"}) REQUIRE(write_bytes(*g, a, text) == error::none);
  };
  fill();
  CHECK(read_bytes(*g, b, 4).text == "onet");
  CHECK(read_bytes(*g, b).text == "wothree");
  CHECK(read_bytes(*g, b).failure == error::again);

  fill();
  CHECK(read_mode(*g, b, ro::message_keep) == success);
  CHECK(read_bytes(*g, b, 2).text == "on");
  CHECK(read_bytes(*g, b, 100).text == "e");
  CHECK(read_bytes(*g, b, 100).text == "two");
  CHECK(read_mode(*g, b, ro::message_discard) == success);
  CHECK(read_bytes(*g, b, 2).text == "th");
  CHECK(read_bytes(*g, b).failure == error::again);
  CHECK(read_mode(*g, b, ro::message_discard | ro::message_keep) == stream_error{errc::inval});
  CHECK(read_mode(*g, b, 0x40) == stream_error{errc::inval});
}

TEST_CASE("read and control parts", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  CHECK(put_message(*g, a, "control", "data") == success);
  CHECK(read_bytes(*g, b).failure == error::badmsg);
  CHECK(read_mode(*g, b, ro::protocol_data) == success);
  CHECK(read_bytes(*g, b, 5).text == "contr");
  CHECK(read_bytes(*g, b).text == "oldata");
  CHECK(put_message(*g, a, "control", "data") == success);
  CHECK(read_mode(*g, b, ro::protocol_discard) == success);
  CHECK(read_bytes(*g, b).text == "data");
  CHECK(read_mode(*g, b, ro::protocol_normal) == success);
  CHECK(put_message(*g, a, "control", "data") == success);
  CHECK(read_bytes(*g, b).failure == error::badmsg);
  CHECK(get_message(*g, b).message == both("control", "data"));
}

TEST_CASE("an empty message ends a read", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  CHECK(write_bytes(*g, a, "one") == error::none);
  CHECK(put_message(*g, a, std::nullopt, "") == success);
  CHECK(write_bytes(*g, a, "two") == error::none);
  CHECK(read_bytes(*g, b).text == "one");
  CHECK(read_bytes(*g, b).text.empty());
  CHECK(read_bytes(*g, b).text == "two");
  // An empty write sends nothing, unless that is asked for.
  CHECK(write_bytes(*g, a, "") == error::none);
  CHECK(read_bytes(*g, b).failure == error::again);
  CHECK(with_stream(*g, a, [](reference::thread&, stream& s, bool) {
          return ss::set_write_options(s, ss::write_option::send_zero | ss::write_option::send_pipe);
        }).error() == success);
  CHECK(write_bytes(*g, a, "") == error::none);
  CHECK(read_bytes(*g, b) == bytes_read{error::none, ""});
  CHECK(read_bytes(*g, b).failure == error::again);
}

TEST_CASE("messages that are too long", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  CHECK(put_message(*g, a, std::string(1025, 'c'), std::nullopt) == stream_error{errc::range});
  CHECK(put_message(*g, a, std::nullopt, std::string(ss::pipe_packet + 1, 'd')) == stream_error{errc::range});
  CHECK(put_message(*g, a, std::string(1024, 'c'), std::string(ss::pipe_packet, 'd')) == success);
  // A long write is several messages.
  CHECK(get_message(*g, b, 1024, 65536).message.data->size() == ss::pipe_packet);
  CHECK(write_bytes(*g, a, std::string(2 * ss::pipe_packet + 5, 'w')) == error::none);
  CHECK(get_message(*g, b, 10, 65536).message.data->size() == ss::pipe_packet);
  CHECK(get_message(*g, b, 10, 65536).message.data->size() == ss::pipe_packet);
  CHECK(get_message(*g, b, 10, 65536).message.data == "wwwww");
}

TEST_CASE("a full stream keeps writers waiting, band by band", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  const std::string piece(8192, 'x');
  usize sent = 0;
  while (put_message(*g, a, std::nullopt, piece) == success) ++sent;
  CHECK(sent == ss::pipe_high / 8192);
  CHECK(put_message(*g, a, std::nullopt, piece) == stream_error{errc::again});
  CHECK((poll_now(*g, a) & reference::poll_events::out) == 0);
  // Another band has room of its own, and high priority needs none.
  CHECK(put_message(*g, a, std::nullopt, "band", false, 1) == success);
  CHECK(put_message(*g, a, "high", std::nullopt, true) == success);
  CHECK(*with_stream(*g, a, [](reference::thread&, stream& s, bool) { return ss::can_put(s, 0); }) == 0);
  CHECK(*with_stream(*g, a, [](reference::thread&, stream& s, bool) { return ss::can_put(s, 1); }) == 1);
  CHECK(get_message(*g, b).message.control == "high");
  CHECK(get_message(*g, b).message.data == "band");
  // Room again when the low mark is reached.
  for (usize left = sent; left > ss::pipe_low / 8192; --left) {
    CHECK(((poll_now(*g, a) & reference::poll_events::out) == 0) == (left * 8192 == ss::pipe_high));
    CHECK(get_message(*g, b, 10, 65536).message.data->size() == 8192);
  }
  CHECK((poll_now(*g, a) & reference::poll_events::out) != 0);
  CHECK(put_message(*g, a, std::nullopt, piece) == success);
}

TEST_CASE("a writer sleeps until a reader makes room", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g);
  (void)fork(*g, [&](simulated::guest& child) {
    for (i32 i = 0; i < 64; ++i) (void)put_message(child, a, std::to_string(i), std::string(4096, 'x'));
  });
  for (i32 i = 0; i < 64; ++i) {
    const received r = get_message(*g, b, 100, 8192);
    REQUIRE(r.failure == success);
    CHECK(r.message.control == std::to_string(i));
    CHECK(r.message.data->size() == 4096);
  }
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("readers take whole messages each", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g);
  const auto [back, answers] = open_pipe(*g);
  for (i32 reader = 0; reader < 3; ++reader)
    (void)fork(*g, [&](simulated::guest& child) {
      for (i32 i = 0; i < 20; ++i) {
        const received r = get_message(child, b, 100, 8192);
        if (r.failure == success) (void)put_message(child, back, r.message.control, r.message.data);
      }
    });
  for (i32 i = 0; i < 60; ++i) CHECK(put_message(*g, a, std::to_string(i), std::string(static_cast<usize>(i), 'x')) == success);
  std::vector<bool> seen(60);
  for (i32 i = 0; i < 60; ++i) {
    const received r = get_message(*g, answers, 100, 8192);
    REQUIRE(r.failure == success);
    const auto n = static_cast<usize>(std::stoi(*r.message.control));
    CHECK(!seen[n]);
    seen[n] = true;
    CHECK(r.message.data->size() == n);
  }
  for (i32 reader = 0; reader < 3; ++reader) CHECK(wait_for(*g).status == 0);
}

TEST_CASE("a fault leaves the message where it was", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  CHECK(put_message(*g, a, "control", "data") == success);
  ss::part_out control{10, 8, -2}, data{10, g->allocate(10), -2};
  ss::selection which;
  const auto failed = with_stream(
      *g, b, [&](reference::thread& t, stream& s, bool n) { return ss::get_message(t, s, control, data, which, n); });
  CHECK(failed.error() == stream_error{errc::fault});
  CHECK(get_message(*g, b).message == both("control", "data"));
  CHECK(with_stream(*g, a, [&](reference::thread& t, stream&, bool) {
          return ss::message_from<kernel>(t, {10, 8}, {}, false, 0);
        }).error() == stream_error{errc::fault});
}

TEST_CASE("peeking leaves everything", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  bool high = false;
  const auto peek = [&](bool high_only) {
    ss::part_out control{3, g->allocate(10), -2}, data{10, g->allocate(10), -2};
    auto r = with_stream(
        *g, b, [&](reference::thread& t, stream& s, bool) { return ss::peek_message(t, s, control, data, high_only, high); });
    return r && *r ? std::to_string(control.length) + "," + std::to_string(data.length) : std::string{"none"};
  };
  CHECK(peek(false) == "none");
  CHECK(put_message(*g, a, "control", "data") == success);
  CHECK(peek(true) == "none");
  CHECK(peek(false) == "3,4");
  CHECK(!high);
  CHECK(put_message(*g, a, "hi", std::nullopt, true) == success);
  CHECK(peek(true) == "2,-1");
  CHECK(high);
  CHECK(get_message(*g, b).message.control == "hi");
  CHECK(get_message(*g, b).message == both("control", "data"));
}
