// Pipes: blocking, atomic writes, ends that go.
#include "descriptors.hpp"

#include <polyabi/reference/pipe.hpp>

#include <atomic>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace o = ref::open_flags;

TEST_CASE("a reader waits for a writer, and sees the end when all writers are gone", "[pipes]") {
  simulated::fresh_process g;
  const auto p = make_pipe(*g);
  (void)fork(*g, [&](guest& c) {
    sleep_for(c, 20);
    CHECK(write(c, p.writer, "late") == written{error::none, 4});
  });
  CHECK(close(*g, p.writer) == error::none);
  CHECK(read(*g, p.reader) == transfer{error::none, "late"});
  CHECK(read(*g, p.reader) == transfer{error::none, ""});
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("a full pipe makes the writer wait", "[pipes]") {
  simulated::fresh_process g;
  const auto p = make_pipe(*g);
  const std::string much(3 * ref::pipe_capacity, 'x');
  (void)fork(*g, [&](guest& c) {
    (void)close(c, p.reader);
    CHECK(write(c, p.writer, much) == written{error::none, static_cast<i64>(much.size())});
  });
  (void)close(*g, p.writer);
  std::string got;
  for (transfer t; !(t = read(*g, p.reader, 5000)).text.empty();) got += t.text;
  CHECK(got == much);
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("a writer that fills the pipe while a reader copies is woken", "[pipes]") {
  simulated::fresh_process g;
  const auto p = make_pipe(*g);
  REQUIRE(write(*g, p.writer, "first").size == 5);
  std::atomic<ref::thread*> writer = nullptr;
  std::atomic<bool> reader_copies = false;
  (void)fork(*g, [&](guest& c) {
    (void)close(c, p.reader);
    writer = &c.thread();
    (void)eventually([&] { return reader_copies.load(); });
    (void)write(c, p.writer, std::string(2 * ref::pipe_capacity, 'x'));
  });
  (void)close(*g, p.writer);
  simulated::during_next_copy_out([&] {
    reader_copies = true;
    CHECK(eventually([&] { return writer != nullptr && writer.load()->state == ref::thread_state::sleeping; }));
  });
  // The first read takes all that came while it copied. What comes then, comes because the writer was woken.
  CHECK(read(*g, p.reader, 2 * ref::pipe_capacity).text.size() == ref::pipe_capacity);
  ref::poll_record record{p.reader, ref::poll_events::in, 0};
  const ref::timespec patience{2, 0};
  const ref::timespec* limit = &patience;
  const ref::sigset* mask = nullptr;
  CHECK(*perform(*g, op::poll{}, std::span{&record, 1}, limit, mask) == 1);
  (void)close(*g, p.reader); // ends the writer in any case
  CHECK(wait_for(*g).failure == error::none);
}

TEST_CASE("without waiting, short writes go in whole or not at all", "[pipes]") {
  simulated::fresh_process g;
  const auto p = make_pipe(*g, o::nonblock);
  CHECK(write(*g, p.writer, std::string(ref::pipe_capacity - 100, 'x')) == written{error::none, ref::pipe_capacity - 100});
  CHECK(write(*g, p.writer, std::string(101, 'y')).failure == error::again);
  CHECK(write(*g, p.writer, std::string(5000, 'y')) == written{error::none, 100});
  CHECK(write(*g, p.writer, "z").failure == error::again);
  CHECK(*perform(*g, op::bytes_readable{}, p.reader) == ref::pipe_capacity);
  CHECK(read(*g, p.reader, 1).text == "x");
  CHECK(write(*g, p.writer, "z") == written{error::none, 1});
}

TEST_CASE("writing without readers is SIGPIPE and EPIPE", "[pipes]") {
  simulated::fresh_process g;
  const auto p = make_pipe(*g);
  CHECK(set_handler(*g, ref::signals::pipe, 0x1000) == error::none);
  (void)close(*g, p.reader);
  CHECK(write(*g, p.writer, "x").failure == error::pipe);
  REQUIRE(g->delivered.size() == 1);
  CHECK(g->delivered[0].info.signo == ref::signals::pipe);
}

TEST_CASE("a signal ends a wait; the call starts again if the handler says so", "[pipes]") {
  for (const u32 flags : {0u, ref::sigaction_flags::restart}) {
    simulated::fresh_process g;
    const auto p = make_pipe(*g);
    CHECK(set_handler(*g, ref::signals::usr1, 0x1000, flags) == error::none);
    const i32 self = g->id();
    (void)fork(*g, [&](guest& c) {
      sleep_for(c, 30);
      (void)send(c, self, ref::signals::usr1);
      sleep_for(c, 30);
      (void)write(c, p.writer, "x");
    });
    if (flags == 0)
      CHECK(read(*g, p.reader).failure == error::intr);
    else
      CHECK(read(*g, p.reader) == transfer{error::none, "x"});
    CHECK(g->delivered.size() == 1);
    CHECK(wait_for(*g).status == 0);
  }
}

TEST_CASE("a pipe has attributes and a name to show", "[pipes]") {
  simulated::fresh_process g;
  const auto p = make_pipe(*g);
  g->system_call([&](ref::thread& t) {
    auto f = *t.owner->descriptors->get(p.reader);
    ref::stat s{};
    REQUIRE(f->attributes(s));
    CHECK(s.mode == (ref::file_modes::fifo | 0600));
    char text[64];
    CHECK(std::string(text, f->describe(text, sizeof text)) == "pipe:[" + std::to_string(s.ino) + "]");
    CHECK(f->describe(text, 3) == 3);
    CHECK(f->map(0, 4096, 1, false).error() == error::nodev);
  });
}

namespace {

/// A FIFO in no file system.
struct named_pipe final : ref::vnode {
  named_pipe() : vnode{ref::file_modes::fifo} {}
  void release() override {}
  ref::result<> attributes(ref::stat& out) override {
    out = {};
    out.mode = type | 0600;
    return {};
  }
  ref::result<ref::ref<ref::file>> open(u32 flags) override { return ref::open_fifo(ref::ref<ref::vnode>{this}, flags); }
  u64 device() const override { return 4711; }
  u64 inode() const override { return 17; }
};

ref::result<i32> open_vnode(guest& g, ref::vnode& node, u32 flags) {
  return g.call([&](ref::thread& t) {
    const ref::kernel_lock::locked lock;
    return install_file(t, node.open(flags));
  });
}

} // namespace

TEST_CASE("the opens of a FIFO wait for each other", "[pipes]") {
  named_pipe node;
  node.references = 1;
  simulated::fresh_process g;
  CHECK(open_vnode(*g, node, o::wronly | o::nonblock).error() == error::nxio);
  (void)fork(*g, [&](guest& c) {
    sleep_for(c, 20);
    const auto d = open_vnode(c, node, o::wronly);
    CHECK(write(c, *d, "hello") == written{error::none, 5});
  });
  const auto d = open_vnode(*g, node, o::rdonly);
  REQUIRE(d);
  CHECK(read(*g, *d) == transfer{error::none, "hello"});
  CHECK(read(*g, *d) == transfer{error::none, ""});
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("a FIFO opened without waiting", "[pipes]") {
  named_pipe node;
  node.references = 1;
  simulated::fresh_process g;
  const auto reader = open_vnode(*g, node, o::rdonly | o::nonblock);
  REQUIRE(reader);
  CHECK(read(*g, *reader) == transfer{error::none, ""});
  const auto writer = open_vnode(*g, node, o::wronly | o::nonblock);
  REQUIRE(writer);
  CHECK(read(*g, *reader).failure == error::again);
  const auto both = open_vnode(*g, node, o::rdwr);
  CHECK(write(*g, *both, "x") == written{error::none, 1});
  CHECK(read(*g, *both) == transfer{error::none, "x"});
}

TEST_CASE("a signal ends the wait for the other end of a FIFO", "[pipes]") {
  named_pipe node;
  node.references = 1;
  simulated::fresh_process g;
  CHECK(set_handler(*g, ref::signals::usr1, 0x1000) == error::none);
  const i32 self = g->id();
  (void)fork(*g, [&](guest& c) {
    sleep_for(c, 20);
    (void)send(c, self, ref::signals::usr1);
  });
  CHECK(open_vnode(*g, node, o::rdonly).error() == error::intr);
  CHECK(open_vnode(*g, node, o::wronly | o::nonblock).error() == error::nxio); // the reader has gone
  CHECK(wait_for(*g).status == 0);
}
