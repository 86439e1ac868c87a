// The host's streams as files: waiting, ends, what they are.
#include "descriptors.hpp"

#include <polyabi/reference/interrupt.hpp>

#include <csignal>
#include <thread>
#include <unistd.h>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace p = ref::poll_events;

namespace {

/// A host pipe whose one end is a standard stream.
struct host_pipe {
  int ends[2] = {-1, -1};

  explicit host_pipe(u32 which) {
    REQUIRE(::pipe(ends) == 0);
    simulated::settings s;
    s.standard[which] = which == 0 ? ends[0] : ends[1];
    simulated::configure(s);
  }
  ~host_pipe() {
    simulated::configure({});
    ::close(ends[0]);
    ::close(ends[1]);
  }
  void close_end(int which) { ::close(std::exchange(ends[which], -1)); }
};

i32 open_stream(guest& g, u32 which) {
  return *g.call([&](ref::thread& t) -> ref::result<i32> {
    auto opened = ref::standard_stream(which, {});
    if (!opened) return error::badf;
    return install_file(t, std::move(opened));
  });
}

} // namespace

TEST_CASE("a reader waits for the host", "[host streams]") {
  simulated::fresh_process g;
  host_pipe host{0};
  const i32 d = open_stream(*g, 0);
  CHECK(*perform(*g, op::get_status_flags{}, d) == ref::open_flags::rdonly);
  std::thread writer{[&] {
    usleep(20'000);
    CHECK(::write(host.ends[1], "hello", 5) == 5);
    usleep(20'000);
    host.close_end(1);
  }};
  CHECK(read(*g, d) == transfer{error::none, "hello"});
  CHECK(read(*g, d) == transfer{error::none, ""});
  writer.join();
}

TEST_CASE("poll and FIONREAD on the host's stream", "[host streams]") {
  simulated::fresh_process g;
  host_pipe host{0};
  const i32 d = open_stream(*g, 0);
  ref::poll_record record{d, p::in, 0};
  const ref::timespec short_time{0, 10'000'000};
  const ref::timespec *given = &short_time, *forever = nullptr;
  const ref::sigset* mask = nullptr;
  CHECK(*perform(*g, op::poll{}, std::span{&record, 1}, given, mask) == 0);
  std::thread writer{[&] {
    usleep(20'000);
    CHECK(::write(host.ends[1], "hello", 5) == 5);
  }};
  CHECK(*perform(*g, op::poll{}, std::span{&record, 1}, forever, mask) == 1);
  CHECK(record.revents == p::in);
  CHECK(*perform(*g, op::bytes_readable{}, d) == 5);
  CHECK(perform(*g, op::set_nonblocking{}, d, true));
  CHECK(read(*g, d).text == "hello");
  CHECK(read(*g, d).failure == error::again);
  writer.join();
}

TEST_CASE("a signal ends the wait for the host", "[host streams]") {
  simulated::fresh_process g;
  host_pipe host{0};
  const i32 d = open_stream(*g, 0), self = g->id();
  REQUIRE(set_handler(*g, ref::signals::usr1, 0x1000) == error::none);
  (void)fork(*g, [&](guest& c) {
    sleep_for(c, 20);
    (void)send(c, self, ref::signals::usr1);
  });
  CHECK(read(*g, d).failure == error::intr);
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("a writer waits for the host, and learns that nobody reads", "[host streams]") {
  simulated::fresh_process g;
  host_pipe host{1};
  const i32 d = open_stream(*g, 1);
  CHECK(*perform(*g, op::get_status_flags{}, d) == ref::open_flags::wronly);
  const std::string much(200'000, 'x');
  usize got = 0;
  std::thread reader{[&] {
    char text[5000];
    while (got < much.size()) got += static_cast<usize>(std::max<ssize_t>(::read(host.ends[0], text, sizeof text), 0));
  }};
  CHECK(write(*g, d, much) == written{error::none, 200'000});
  reader.join();
  ::signal(SIGPIPE, SIG_IGN);
  REQUIRE(set_handler(*g, ref::signals::pipe, 0x1000) == error::none);
  host.close_end(0);
  CHECK(write(*g, d, "x").failure == error::pipe);
  CHECK(g->delivered.size() == 1);
}

TEST_CASE("a regular file of the host keeps its own position", "[host streams]") {
  simulated::fresh_process g;
  char name[] = "/tmp/polyabi-stream-XXXXXX";
  const int host = mkstemp(name);
  REQUIRE(::write(host, "0123456789", 10) == 10);
  REQUIRE(lseek(host, 3, SEEK_SET) == 3);
  simulated::settings s;
  s.standard[0] = host;
  simulated::configure(s);
  const i32 d = open_stream(*g, 0);
  CHECK(*perform(*g, op::get_status_flags{}, d) == (ref::open_flags::rdwr | ref::open_flags::largefile));
  CHECK(read(*g, d, 2).text == "34");
  CHECK(lseek(host, 0, SEEK_CUR) == 5);
  CHECK(*perform(*g, op::seek{}, d, i64{-1}, ref::seek_origins::end) == 9);
  CHECK(read(*g, d).text == "9");
  const user_bytes part{g->allocate(16), 4};
  CHECK(*perform(*g, op::pread{}, d, user_vector{&part, 1}, i64{1}) == 4);
  CHECK(g->get_text(part.address, 4) == "1234");
  ref::stat attributes{};
  CHECK(perform(*g, op::fstat{}, d, attributes));
  CHECK(attributes.size == 10);
  ref::poll_record record{d, p::in | p::out, 0};
  const ref::timespec* forever = nullptr;
  const ref::sigset* mask = nullptr;
  CHECK(*perform(*g, op::poll{}, std::span{&record, 1}, forever, mask) == 1);

  // RLIMIT_FSIZE speaks of files with a name here, not of what the tool was given.
  CHECK(write(*g, d, "ab") == written{error::none, 2});
  simulated::configure({});
  ::close(host);
  unlink(name);
}

TEST_CASE("a stream that the host has closed does not exist", "[host streams]") {
  simulated::fresh_process g;
  g->system_call([](ref::thread&) { CHECK_FALSE(ref::standard_stream(2, {})); });
}
