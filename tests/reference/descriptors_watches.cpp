// Watches: told of every change of a file's readiness, whether or not it is ready already.
#include "descriptors.hpp"

#include <polyabi/reference/interrupt.hpp>

#include <utility>
#include <vector>
#include <unistd.h>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace p = ref::poll_events;

namespace {

/// Keeps what it is told.
struct watcher {
  ref::waiter places[2];
  std::vector<u16> told;
  bool acts = true;

  watcher() {
    for (ref::waiter& place : places) {
      place.owner = this;
      place.notify = [](ref::waiter& w, u16 happened) {
        auto& self = *static_cast<watcher*>(w.owner);
        self.told.push_back(happened);
        return self.acts;
      };
    }
  }
  ~watcher() {
    const ref::kernel_lock::locked guard;
    for (ref::waiter& place : places) place.leave();
  }
  u16 watch(ref::thread& t, i32 descriptor) {
    const ref::kernel_lock::locked guard;
    return (*t.owner->descriptors->get(descriptor))->poll(p::in | p::out, places);
  }
  std::vector<u16> take() {
    const ref::kernel_lock::locked guard;
    return std::exchange(told, {});
  }
};

constexpr u16 readable = p::in | p::rdnorm;

} // namespace

TEST_CASE("a watch on a ready file hears of the next event", "[watches]") {
  simulated::fresh_process g;
  const auto a = make_pipe(*g);
  watcher w;
  (void)write(*g, a.writer, "x");
  CHECK(g->call([&](ref::thread& t) { return w.watch(t, a.reader); }) == p::in);
  (void)write(*g, a.writer, "y");
  CHECK(w.take() == std::vector<u16>{readable});
  (void)close(*g, a.writer);
  CHECK(w.take() == std::vector<u16>{ref::anything});
}

TEST_CASE("the writer of a pipe hears when a short write fits again", "[watches]") {
  simulated::fresh_process g;
  const auto a = make_pipe(*g, ref::open_flags::nonblock);
  watcher w;
  CHECK(g->call([&](ref::thread& t) { return w.watch(t, a.writer); }) == p::out);
  (void)write(*g, a.writer, "x");
  (void)read(*g, a.reader, 1);
  CHECK(w.take().empty());
  while (write(*g, a.writer, std::string(4096, 'x')).failure == error::none) continue;
  (void)read(*g, a.reader, 4096);
  CHECK(w.take() == std::vector<u16>{p::out});
}

TEST_CASE("of exclusive watches one that acts is enough", "[watches]") {
  ref::wait_queue queue;
  watcher plain, idle, first, second;
  idle.acts = false;
  {
    const ref::kernel_lock::locked guard;
    for (watcher* w : {&idle, &first, &second}) w->places[0].exclusive = true;
    for (watcher* w : {&idle, &first, &second, &plain}) queue.enter(w->places[0]);
    queue.wake_all(p::in);
    queue.wake_one(p::out);
  }
  CHECK(idle.take() == std::vector<u16>{p::in, p::out});
  CHECK(first.take() == std::vector<u16>{p::in, p::out});
  CHECK(second.take().empty());
  CHECK(plain.take() == std::vector<u16>{p::in});
  const ref::kernel_lock::locked guard;
  for (watcher* w : {&idle, &first, &second, &plain}) w->places[0].leave();
}

TEST_CASE("an observer hears of a file's end while the file is whole", "[watches]") {
  simulated::fresh_process g;
  const auto a = make_pipe(*g);
  struct observer : ref::file_observer {
    const ref::file* of = nullptr;
    std::string was;
  } o;
  g->call([&](ref::thread& t) {
    const ref::kernel_lock::locked guard;
    auto f = *t.owner->descriptors->get(a.reader);
    o.of = f.get();
    o.gone = [](ref::file_observer& self) {
      auto& mine = static_cast<observer&>(self);
      char text[64];
      mine.was.assign(text, const_cast<ref::file*>(mine.of)->describe(text, sizeof text));
    };
    f->observers.push_back(o);
    return true;
  });
  (void)close(*g, a.writer);
  CHECK(o.was.empty());
  (void)close(*g, a.reader);
  CHECK(o.was.starts_with("pipe:["));
}

TEST_CASE("a watch on a host's stream hears of everything that arrives", "[watches][host streams]") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  simulated::settings s;
  s.standard[0] = ends[0];
  simulated::configure(s);
  {
    simulated::fresh_process g;
    const i32 d = *g->call([&](ref::thread& t) -> ref::result<i32> { return install_file(t, ref::standard_stream(0, {})); });
    watcher w;
    CHECK(::write(ends[1], "a", 1) == 1);
    CHECK(g->call([&](ref::thread& t) { return w.watch(t, d); }) == p::in);
    CHECK(eventually([&] { return w.told.size() == 1; }));
    CHECK(::write(ends[1], "b", 1) == 1);
    CHECK(eventually([&] { return w.told.size() == 2; }));
    CHECK((w.take().back() & readable) == readable);
    (void)close(*g, d);
  }
  simulated::configure({});
  ::close(ends[0]);
  ::close(ends[1]);
}
