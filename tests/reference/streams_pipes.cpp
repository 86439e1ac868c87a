// Stream pipes: their ends, open files that pass through them, and their names.
#include "streams.hpp"

#include "files.hpp"

using namespace polyabi;
using namespace polyabi::tests;

namespace {

constexpr u32 nonblocking = reference::open_flags::rdwr | reference::open_flags::nonblock;

stream_error send_descriptor(guest& g, i32 over, i32 descriptor) {
  return with_stream(g, over, [&](reference::thread& t, stream& s, bool) { return ss::send_file(t, s, descriptor, 7, 8); })
      .error();
}
i32 open_name(guest& g, std::string_view path) {
  i32 number = -1;
  g.system_call([&](reference::thread& t) {
    auto opened = polyabi::perform<kernel>(op::open{}, t, here, path, reference::open_flags::rdwr, 0u);
    if (opened) number = polyabi::detail::derived_entry::commit(*opened);
  });
  return number;
}
struct got {
  stream_error failure;
  i32 descriptor = -1;
  u32 user = 0, group = 0;
};
got receive_descriptor(guest& g, i32 over) {
  return with_stream(g, over, [&](reference::thread& t, stream& s, bool n) {
    auto r = ss::receive_file(t, s, n);
    if (!r) return got{r.error()};
    const got answer{{}, r->number(), r->user, r->group};
    polyabi::detail::derived_entry::commit(*r);
    return answer;
  });
}

} // namespace

TEST_CASE("both ends of a pipe are read and written", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g);
  CHECK(write_bytes(*g, a, "there") == error::none);
  CHECK(write_bytes(*g, b, "and back") == error::none);
  CHECK(read_bytes(*g, b).text == "there");
  CHECK(read_bytes(*g, a).text == "and back");
}

TEST_CASE("an end that is closed hangs the other one up", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g);
  CHECK(write_bytes(*g, a, "last words") == error::none);
  close(*g, a);
  CHECK((poll_now(*g, b) & reference::poll_events::hup) != 0);
  CHECK(read_bytes(*g, b).text == "last words");
  CHECK(read_bytes(*g, b) == bytes_read{error::none, ""});
  const received end = get_message(*g, b);
  CHECK(end.failure == success);
  CHECK(end.message.control == "");
  CHECK(end.message.data == "");
  REQUIRE(set_handler(*g, reference::signals::pipe, 0x4000) == error::none);
  CHECK(write_bytes(*g, b, "x") == error::pipe);
  CHECK(g->delivered.size() == 1);
  CHECK(put_message(*g, b, "x", "y") == stream_error{errc::pipe});
  CHECK(g->delivered.size() == 2);
  // Without the write option there is an error and no signal.
  CHECK(with_stream(*g, b, [](reference::thread&, stream& s, bool) { return ss::set_write_options(s, 0); }).error() == success);
  CHECK(write_bytes(*g, b, "x") == error::nxio);
  CHECK(put_message(*g, b, "x", "y", true) == stream_error{errc::nxio});
  CHECK(g->delivered.size() == 2);
}

TEST_CASE("a reader that waits is told of the end", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g);
  (void)fork(*g, [&](simulated::guest& child) {
    close(child, b);
    sleep_for(child, 20);
  });
  close(*g, a);
  CHECK(read_bytes(*g, b) == bytes_read{error::none, ""});
}

TEST_CASE("flushing one end empties what it wrote, the other what it reads", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  const auto flush = [&](i32 d, u32 what, i32 band = -1) {
    return with_stream(*g, d, [&](reference::thread&, stream& s, bool) { return ss::flush(s, what, band); }).error();
  };
  REQUIRE(write_bytes(*g, a, "to b") == error::none);
  REQUIRE(write_bytes(*g, b, "to a") == error::none);
  CHECK(flush(a, ss::flush_option::write) == success);
  CHECK(read_bytes(*g, b).failure == error::again);
  CHECK(read_bytes(*g, a).text == "to a");
  REQUIRE(write_bytes(*g, a, "to b") == error::none);
  CHECK(flush(b, ss::flush_option::read) == success);
  CHECK(read_bytes(*g, b).failure == error::again);
  REQUIRE(put_message(*g, a, std::nullopt, "normal") == success);
  REQUIRE(put_message(*g, a, std::nullopt, "band", false, 4) == success);
  CHECK(flush(b, ss::flush_option::read, 4) == success);
  CHECK(get_message(*g, b).message.data == "normal");
  CHECK(get_message(*g, b).failure == stream_error{errc::again});
  CHECK(flush(a, 0) == stream_error{errc::inval});
  CHECK(flush(a, 4) == stream_error{errc::inval});
}

TEST_CASE("open files pass through a pipe", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  const auto [c, d] = open_pipe(*g);
  REQUIRE(write_bytes(*g, a, "before") == error::none);
  CHECK(send_descriptor(*g, a, c) == success);
  close(*g, c);
  CHECK(receive_descriptor(*g, b).failure == stream_error{errc::badmsg}); // bytes come first
  CHECK(read_bytes(*g, b).text == "before");
  CHECK(read_bytes(*g, b).failure == error::badmsg);
  CHECK(get_message(*g, b).failure == stream_error{errc::badmsg});
  const got file = receive_descriptor(*g, b);
  REQUIRE(file.failure == success);
  CHECK((file.user == 7 && file.group == 8));
  CHECK(write_bytes(*g, file.descriptor, "through it") == error::none);
  CHECK(read_bytes(*g, d).text == "through it");
  CHECK(receive_descriptor(*g, b).failure == stream_error{errc::again});
  CHECK(send_descriptor(*g, a, 99) == stream_error{error::badf});
  close(*g, b);
  CHECK(send_descriptor(*g, a, d) == stream_error{errc::nxio});
  CHECK(receive_descriptor(*g, a).failure == stream_error{errc::nxio});
  const i32 t = open_ticots(*g, nonblocking);
  CHECK(send_descriptor(*g, t, d) == stream_error{errc::inval});
}

TEST_CASE("a pipe that ends with files in it lets them go", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g);
  const auto [c, d] = open_pipe(*g);
  CHECK(send_descriptor(*g, a, c) == success);
  close(*g, c);
  close(*g, a);
  CHECK((poll_now(*g, d) & reference::poll_events::hup) == 0);
  close(*g, b);
  CHECK((poll_now(*g, d) & reference::poll_events::hup) != 0);
  CHECK(read_bytes(*g, d).text.empty());
}

TEST_CASE("a chain of pipes, each in the next, ends without recursion", "[streams]") {
  simulated::fresh_process g;
  auto [a, b] = open_pipe(*g);
  const i32 witness = a;
  i32 inner = b;
  for (i32 i = 0; i < 2000; ++i) {
    const auto [c, d] = open_pipe(*g);
    REQUIRE(send_descriptor(*g, c, inner) == success);
    close(*g, inner);
    close(*g, c);
    inner = d;
  }
  close(*g, inner);
  CHECK((poll_now(*g, witness) & reference::poll_events::hup) != 0);
}

TEST_CASE("a pipe has a name for as long as it is attached", "[streams]") {
  file_world files;
  guest* g = &files.user();
  const auto [a, b] = open_pipe(*g);
  REQUIRE(files.make("/name") == error::none);
  const i32 plain = files.open("/name");
  const auto attach = [&](i32 d, std::string_view path) {
    return g->call([&](reference::thread& t) {
      reference::ref<reference::file> file;
      {
        const kernel::section inside;
        file = *kernel::file_of(t, d);
      }
      return kernel::attach(t, path, std::move(file));
    });
  };
  CHECK(attach(plain, "/name").error() == error::inval); // no stream
  CHECK(attach(b, "/nothing").error() == error::noent);
  CHECK(attach(b, "/name").error() == error::none);
  CHECK(attach(b, "/name").error() == error::busy);
  const i32 opened = files.open("/name", reference::open_flags::rdwr);
  REQUIRE(opened >= 0);
  CHECK(write_bytes(*g, a, "hello") == error::none);
  CHECK(read_bytes(*g, opened).text == "hello");
  // It outlives the descriptor, and not the detaching.
  close(*g, b);
  close(*g, opened);
  CHECK((poll_now(*g, a) & reference::poll_events::hup) == 0);
  const auto detach = [&] { return g->call([&](reference::thread& t) { return kernel::detach(t, "/name"); }).error(); };
  CHECK(detach() == error::none);
  CHECK((poll_now(*g, a) & reference::poll_events::hup) != 0);
  CHECK(detach() == error::inval);
  const i32 file_again = files.open("/name", reference::open_flags::rdwr);
  CHECK(write_bytes(*g, file_again, "a file") == error::none);
}

TEST_CASE("connld makes a pipe of its own for every open", "[streams]") {
  file_world files;
  guest* g = &files.user();
  const auto [server, attached] = open_pipe(*g);
  REQUIRE(files.make("/service") == error::none);
  CHECK(push(*g, attached, "connld") == success);
  CHECK(g->call([&](reference::thread& t) {
           reference::ref<reference::file> file;
           {
             const kernel::section inside;
             file = *kernel::file_of(t, attached);
           }
           return kernel::attach(t, "/service", std::move(file));
         }).error() == error::none);
  for (i32 i = 0; i < 2; ++i)
    (void)fork(*g, [&, i](simulated::guest& child) {
      const i32 own = open_name(child, "/service");
      if (own >= 0 && write_bytes(child, own, std::to_string(i)) == error::none) (void)read_bytes(child, own);
    });
  std::string heard;
  for (i32 i = 0; i < 2; ++i) {
    const got client = receive_descriptor(*g, server);
    REQUIRE(client.failure == success);
    const std::string text = read_bytes(*g, client.descriptor).text;
    heard += text;
    CHECK(write_bytes(*g, client.descriptor, "ok") == error::none);
  }
  CHECK((heard == "01" || heard == "10"));
  for (i32 i = 0; i < 2; ++i) CHECK(wait_for(*g).status == 0);
  // Nobody is there any more.
  close(*g, server);
  CHECK(files.open("/service", reference::open_flags::rdwr) < 0);
  CHECK(g->call([&](reference::thread& t) { return kernel::detach(t, "/service"); }).error() == error::none);
}
