// Signals and processes as open files, over the reference kernel.
#include "facilities.hpp"

#include <polyabi/facilities/process_file.hpp>
#include <polyabi/facilities/signal_file.hpp>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace p = ref::poll_events;

namespace {

using K = ref::kernel;

struct record {
  i32 signo, code;
  template <class Kernel>
  static record of(const native<Kernel, shape::siginfo>& info) {
    return {info.signo, info.code};
  }
};
using signal_file = facilities::signal_file<K, record>;
using process_file = facilities::process_file<K>;

ref::sigset set_of(std::initializer_list<i32> signos) {
  ref::sigset set{};
  for (const i32 signo : signos) set.add(signo);
  return set;
}
i32 make_signals(guest& g, std::initializer_list<i32> signos, u32 status = ref::open_flags::nonblock) {
  return install_custom(g, *create<K, signal_file>(set_of(signos)), status);
}
std::vector<i32> take(guest& g, i32 descriptor, usize records = 8) {
  const user_bytes part{g.allocate(records * sizeof(record)), records * sizeof(record)};
  const auto answer = perform(g, op::read{}, descriptor, user_vector{&part, 1});
  if (!answer) return {-static_cast<i32>(answer.error())};
  std::vector<i32> signos;
  for (usize i = 0; i < static_cast<usize>(*answer) / sizeof(record); ++i)
    signos.push_back(g.get<record>(part.address + i * sizeof(record)).signo);
  return signos;
}

constexpr i32 again = -static_cast<i32>(error::again), inval = -static_cast<i32>(error::inval);

} // namespace

TEST_CASE("pending signals of a set are read", "[signal file]") {
  simulated::fresh_process g;
  const i32 self = *perform(*g, op::getpid{});
  CHECK(change_mask(*g, ref::sigmask_hows::block, {ref::signals::usr1, ref::signals::usr2}) == error::none);
  const i32 s = make_signals(*g, {ref::signals::usr1});
  CHECK(take(*g, s) == std::vector<i32>{again});
  CHECK(poll_now(*g, s) == 0);
  CHECK(send(*g, self, ref::signals::usr2) == error::none);
  CHECK(poll_now(*g, s) == 0);
  CHECK(send(*g, self, ref::signals::usr1) == error::none);
  CHECK(send(*g, self, ref::signals::usr1) == error::none);
  CHECK(poll_now(*g, s) == p::in);
  CHECK(take(*g, s) == std::vector<i32>{ref::signals::usr1});
  const user_bytes small{g->allocate(4), 4};
  CHECK(perform(*g, op::read{}, s, user_vector{&small, 1}).error() == error::inval);
  with_custom<signal_file>(*g, s, [&](signal_file& f) {
    f.change(ref::current_thread(), set_of({ref::signals::usr2}));
    return true;
  });
  CHECK(take(*g, s) == std::vector<i32>{ref::signals::usr2});
}

TEST_CASE("several are read at once, as many as fit", "[signal file]") {
  simulated::fresh_process g;
  const i32 self = *perform(*g, op::getpid{});
  constexpr i32 first = ref::signals::realtime_first;
  CHECK(change_mask(*g, ref::sigmask_hows::block, {ref::signals::usr1, first}) == error::none);
  const i32 s = make_signals(*g, {ref::signals::usr1, first});
  for (int i = 0; i < 3; ++i) CHECK(send(*g, self, first) == error::none);
  CHECK(send(*g, self, ref::signals::usr1) == error::none);
  CHECK(take(*g, s, 2) == std::vector<i32>{ref::signals::usr1, first});
  CHECK(take(*g, s) == std::vector<i32>{first, first});
}

TEST_CASE("a reader waits for a signal, and is interrupted by others", "[signal file]") {
  simulated::fresh_process g;
  const i32 self = *perform(*g, op::getpid{});
  CHECK(change_mask(*g, ref::sigmask_hows::block, {ref::signals::usr1}) == error::none);
  const i32 s = make_signals(*g, {ref::signals::usr1}, 0);
  (void)fork(*g, [&](guest& child) {
    sleep_for(child, 20);
    (void)send(child, self, ref::signals::usr1);
  });
  CHECK(take(*g, s) == std::vector<i32>{ref::signals::usr1});
  CHECK(wait_for(*g).status == 0);
  CHECK(set_handler(*g, ref::signals::usr2, 0x1000) == error::none);
  (void)fork(*g, [&](guest& child) {
    sleep_for(child, 20);
    (void)send(child, self, ref::signals::usr2);
  });
  CHECK(take(*g, s) == std::vector<i32>{-static_cast<i32>(error::intr)});
  CHECK(wait_for(*g).status == 0);
}

namespace {

i32 open_process(guest& g, i32 id) {
  return g.call([&](ref::thread& t) {
    process_file* made = nullptr;
    {
      const ref::kernel_lock::locked inside;
      auto found = K::find_process(t, id);
      if (!found) return -static_cast<i32>(found.error());
      made = create<K, process_file>(*found);
    }
    auto d = K::make_descriptor(t, *made, ref::open_flags::rdwr, 0);
    return d ? polyabi::detail::derived_entry::commit(*d) : -1;
  });
}
error send_through(guest& g, i32 descriptor, i32 signo) {
  return with_custom<process_file>(g, descriptor, [&](process_file& f) {
    return K::signal_process(ref::current_thread(), f.process(), signo, nullptr).error();
  });
}

} // namespace

TEST_CASE("a process is ready when it has ended, and hung up when it was waited for", "[process file]") {
  simulated::fresh_process g;
  CHECK(open_process(*g, 0) == inval);
  CHECK(open_process(*g, 30000) == -static_cast<i32>(error::srch));
  const i32 child = fork(*g, [&](guest& c) { sleep_for(c, 10'000); });
  const i32 d = open_process(*g, child), second = open_process(*g, child);
  CHECK(poll_now(*g, d) == 0);
  CHECK(send_through(*g, d, 0) == error::none);
  CHECK(send_through(*g, d, 1000) == error::inval);
  CHECK(send_through(*g, d, ref::signals::kill) == error::none);
  ref::poll_record wait{d, p::in, 0};
  const ref::timespec* forever = nullptr;
  const ref::sigset* mask = nullptr;
  CHECK(*perform(*g, op::poll{}, std::span{&wait, 1}, forever, mask) == 1);
  CHECK(poll_now(*g, second) == (p::in | p::rdnorm));
  CHECK(send_through(*g, d, 0) == error::none); // a zombie
  CHECK(wait_for(*g, child).status == ref::signals::kill);
  CHECK(poll_now(*g, d) == (p::in | p::rdnorm | p::hup));
  CHECK(send_through(*g, d, 0) == error::srch);
  (void)close(*g, d);
  CHECK(poll_now(*g, second, p::in) == (p::in | p::hup));
}

TEST_CASE("an open file of another process", "[process file]") {
  simulated::fresh_process g;
  const auto a = make_pipe(*g);
  const i32 child = fork(*g, [&](guest& c) { sleep_for(c, 10'000); });
  (void)close(*g, a.writer);
  const i32 d = open_process(*g, child);
  const i32 got = g->call([&](ref::thread& t) {
    auto made = facilities::with_process_of<K>(t, d, [&](const auto& f, u32) -> answer<K, ref::new_descriptor> {
      return K::give_descriptor(t, K::file_of_process(t, f.process(), a.writer), 0);
    });
    return made ? polyabi::detail::derived_entry::commit(*made) : -static_cast<i32>(made.error());
  });
  CHECK(got >= 0);
  CHECK(write(*g, got, "through").size == 7);
  CHECK(read(*g, a.reader).text == "through");
  CHECK(send(*g, child, ref::signals::kill) == error::none);
  CHECK(wait_for(*g, child).status == ref::signals::kill);
}
