// Sessions, foreground and background, and the console.
#include "descriptors.hpp"

#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/pseudo_terminal.hpp>

#include <algorithm>
#include <atomic>
#include <thread>
#include <unistd.h>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace t = ref::termios_bits;
namespace o = ref::open_flags;
namespace s = ref::signals;

namespace {

/// The leader of a session whose terminal is the slave of a pair; the master is held by the same process.
struct shell {
  simulated::fresh_process g;
  i32 master = -1, terminal = -1;
  std::string name;

  shell() {
    REQUIRE(perform(*g, op::setsid{}));
    master = *open_device(*g, "ptmx", o::rdwr | o::nonblock);
    REQUIRE(perform(*g, op::pseudo_terminal_unlock{}, master, false));
    name = "pts/" + std::to_string(*perform(*g, op::pseudo_terminal_number{}, master));
    terminal = *open_device(*g, name);
  }
  void type(std::string_view text) { CHECK(write(*g, master, text).failure == error::none); }
  void handle(std::initializer_list<i32> signos) {
    for (const i32 signo : signos) REQUIRE(set_handler(*g, signo, 0x1000) == error::none);
  }
  /// In order of number: the handler of the signal delivered last runs first.
  std::vector<i32> delivered() {
    g->run();
    (void)perform(*g, op::getpid{});
    std::vector<i32> signos;
    for (const auto& d : g->delivered) signos.push_back(d.info.signo);
    g->delivered.clear();
    std::sort(signos.begin(), signos.end());
    return signos;
  }
};

/// A child in a group of its own, which is in the background; the parent waits for it.
void in_background(guest& g, const std::function<void(guest&)>& work) {
  const i32 child = fork(g, [&](guest& c) {
    REQUIRE(perform(c, op::setpgid{}, 0, 0));
    work(c);
  });
  CHECK(wait_for(g, child).status == 0);
}

} // namespace

TEST_CASE("a session leader without a terminal gets the first one it opens", "[sessions]") {
  shell sh;
  CHECK(*perform(*sh.g, op::terminal_get_session{}, sh.terminal) == sh.g->id());
  CHECK(*perform(*sh.g, op::terminal_get_foreground{}, sh.terminal) == sh.g->id());
  const auto tty = open_device(*sh.g, "tty");
  REQUIRE(tty);
  CHECK(write(*sh.g, *tty, "via tty\n") == written{error::none, 8});
  CHECK(read(*sh.g, sh.master) == transfer{error::none, "via tty\r\n"});
}

TEST_CASE("no terminal is acquired with noctty, by others than leaders, or from another session", "[sessions]") {
  shell sh;
  const i32 child = fork(*sh.g, [&](guest& c) {
    REQUIRE(perform(c, op::setsid{}));
    REQUIRE(open_device(c, sh.name, o::rdwr | o::noctty));
    const i32 d = *open_device(c, sh.name);
    CHECK(open_device(c, "tty").error() == error::nxio);
    CHECK(perform(c, op::terminal_get_foreground{}, d).error() == error::notty);
    CHECK(perform(c, op::terminal_set_foreground{}, d, c.id()).error() == error::notty);
    c.process().identity.euid = 1;
    CHECK(perform(c, op::terminal_set_controlling{}, d, true).error() == error::perm);
    c.process().identity.euid = 0;
    CHECK(perform(c, op::terminal_set_controlling{}, d, false).error() == error::perm);
    CHECK(perform(c, op::terminal_set_controlling{}, d, true));
    CHECK(*perform(c, op::terminal_get_session{}, d) == c.id());
    (void)fork(c, [&](guest& grandchild) {
      const i32 free = *open_device(grandchild, "ptmx");
      REQUIRE(perform(grandchild, op::pseudo_terminal_unlock{}, free, false));
      const i32 number = *perform(grandchild, op::pseudo_terminal_number{}, free);
      const i32 slave = *open_device(grandchild, "pts/" + std::to_string(number));
      CHECK(perform(grandchild, op::terminal_get_session{}, slave).error() == error::notty);
    });
    CHECK(wait_for(c).status == 0);
  });
  CHECK(wait_for(*sh.g, child).status == 0);
  CHECK(open_device(*sh.g, "tty").error() == error::nxio);
}

TEST_CASE("a leader may give its terminal up", "[sessions]") {
  shell sh;
  sh.handle({s::hup, s::cont});
  CHECK(perform(*sh.g, op::terminal_drop_controlling{}, sh.terminal));
  CHECK(sh.delivered() == std::vector<i32>{s::hup, s::cont});
  CHECK(perform(*sh.g, op::terminal_drop_controlling{}, sh.terminal).error() == error::notty);
  CHECK(perform(*sh.g, op::terminal_set_controlling{}, sh.terminal, false));
  CHECK(perform(*sh.g, op::terminal_set_controlling{}, sh.terminal, false)); // it is already
}

TEST_CASE("keys signal the foreground group", "[sessions]") {
  shell sh;
  sh.handle({s::int_, s::quit, s::tstp});
  sh.type("\x03");
  CHECK(sh.delivered() == std::vector<i32>{s::int_});
  sh.type("\x1c\x1a");
  CHECK(sh.delivered().size() == 2);
  std::atomic<i32> group = 0;
  const i32 child = fork(*sh.g, [&](guest& c) {
    REQUIRE(set_handler(c, s::int_, 0x1000) == error::none);
    REQUIRE(perform(c, op::setpgid{}, 0, 0));
    group = c.id();
    while (c.delivered.empty()) sleep_for(c, 5);
  });
  REQUIRE(eventually([&] { return group.load() != 0; }));
  CHECK(perform(*sh.g, op::terminal_set_foreground{}, sh.terminal, group.load()));
  sh.type("\x03");
  CHECK(wait_for(*sh.g, child).status == 0);
  CHECK(sh.delivered().empty());
}

TEST_CASE("a background process is stopped when it reads", "[sessions]") {
  shell sh;
  in_background(*sh.g, [&](guest& c) {
    REQUIRE(set_handler(c, s::ttin, 0x1000) == error::none);
    CHECK(read(c, sh.terminal).failure == error::intr);
    CHECK(c.delivered.size() == 1);
    REQUIRE(set_handler(c, s::ttin, ref::handlers::ignore) == error::none);
    CHECK(read(c, sh.terminal).failure == error::io);
    REQUIRE(set_handler(c, s::ttin, 0x1000) == error::none);
    REQUIRE(change_mask(c, ref::sigmask_hows::block, {s::ttin}) == error::none);
    CHECK(read(c, sh.terminal).failure == error::io);
  });
}

TEST_CASE("a stopped background reader goes on when it comes to the foreground", "[sessions]") {
  shell sh;
  const i32 child = fork(*sh.g, [&](guest& c) {
    REQUIRE(perform(c, op::setpgid{}, 0, 0));
    CHECK(read(c, sh.terminal) == transfer{error::none, "for the child\n"});
  });
  const waited stopped = wait_for(*sh.g, child, ref::wait_flags::untraced);
  CHECK(stopped.status == (s::ttin << 8 | 0x7f));
  CHECK(perform(*sh.g, op::terminal_set_foreground{}, sh.terminal, child));
  sh.type("for the child\r");
  CHECK(send(*sh.g, child, s::cont) == error::none);
  CHECK(wait_for(*sh.g, child).status == 0);
}

TEST_CASE("a background process may write, unless the terminal says otherwise", "[sessions]") {
  shell sh;
  ref::termios modes{};
  REQUIRE(perform(*sh.g, op::terminal_get_attributes{}, sh.terminal, modes));
  modes.lflag |= t::tostop;
  in_background(*sh.g, [&](guest& c) {
    REQUIRE(set_handler(c, s::ttou, 0x1000) == error::none);
    CHECK(write(c, sh.terminal, "x") == written{error::none, 1});
    CHECK(perform(c, op::terminal_set_attributes{}, sh.terminal, 0, modes).error() == error::intr);
    CHECK(c.delivered.size() == 1);
  });
  REQUIRE(perform(*sh.g, op::terminal_set_attributes{}, sh.terminal, 0, modes));
  in_background(*sh.g, [&](guest& c) {
    REQUIRE(set_handler(c, s::ttou, 0x1000) == error::none);
    CHECK(write(c, sh.terminal, "x").failure == error::intr);
    REQUIRE(set_handler(c, s::ttou, ref::handlers::ignore) == error::none);
    CHECK(write(c, sh.terminal, "x") == written{error::none, 1});
    CHECK(perform(c, op::terminal_set_foreground{}, sh.terminal, c.id())); // as shells do it
  });
}

TEST_CASE("whose foreground group it may be", "[sessions]") {
  shell sh;
  std::atomic<i32> stranger = 0;
  const i32 child = fork(*sh.g, [&](guest& c) {
    REQUIRE(perform(c, op::setsid{}));
    stranger = c.id();
    sleep_for(c, 100);
  });
  REQUIRE(eventually([&] { return stranger.load() != 0; }));
  CHECK(perform(*sh.g, op::terminal_set_foreground{}, sh.terminal, -1).error() == error::inval);
  CHECK(perform(*sh.g, op::terminal_set_foreground{}, sh.terminal, 99999).error() == error::srch);
  CHECK(perform(*sh.g, op::terminal_set_foreground{}, sh.terminal, stranger.load()).error() == error::perm);
  CHECK(wait_for(*sh.g, child).status == 0);
  CHECK(perform(*sh.g, op::terminal_set_foreground{}, sh.terminal, sh.g->id()));
}

TEST_CASE("a new window size is told to the foreground", "[sessions]") {
  shell sh;
  sh.handle({s::winch});
  const ref::winsize wanted{25, 80, 0, 0};
  CHECK(perform(*sh.g, op::terminal_set_window{}, sh.master, wanted));
  CHECK(sh.delivered() == std::vector<i32>{s::winch});
  CHECK(perform(*sh.g, op::terminal_set_window{}, sh.master, wanted));
  CHECK(sh.delivered().empty());
  ref::winsize got{};
  CHECK(perform(*sh.g, op::terminal_get_window{}, sh.terminal, got));
  CHECK((got.row == 25 && got.col == 80));
}

TEST_CASE("a hang-up reaches the leader and the foreground group", "[sessions]") {
  shell sh;
  sh.handle({s::hup, s::cont});
  CHECK(close(*sh.g, sh.master) == error::none);
  CHECK(sh.delivered() == std::vector<i32>{s::hup, s::cont});
  CHECK(read(*sh.g, sh.terminal) == transfer{error::none, ""});
  CHECK(open_device(*sh.g, "tty").error() == error::nxio);
}

TEST_CASE("a leader that exits frees its terminal and hangs up the foreground", "[sessions]") {
  simulated::fresh_process g;
  const i32 master = *open_device(*g, "ptmx", o::rdwr | o::nonblock);
  REQUIRE(perform(*g, op::pseudo_terminal_unlock{}, master, false));
  const std::string name = "pts/" + std::to_string(*perform(*g, op::pseudo_terminal_number{}, master));
  std::atomic<bool> hung_up = false, ready = false; // of three guests
  const i32 leader = fork(*g, [&](guest& c) {
    REQUIRE(perform(c, op::setsid{}));
    REQUIRE(open_device(c, name));
    (void)fork(c, [&](guest& grandchild) {
      REQUIRE(set_handler(grandchild, s::hup, 0x1000) == error::none);
      ready = true;
      while (grandchild.delivered.empty()) sleep_for(grandchild, 5);
      hung_up = true;
    });
    while (!ready) sleep_for(c, 5);
  });
  CHECK(wait_for(*g, leader).status == 0);
  CHECK(eventually([&] { return hung_up.load(); }));
  g->system_call([&](ref::thread&) {
    const auto number = static_cast<u32>(std::stoi(name.substr(4)));
    CHECK(ref::pseudo_terminal::find(number)->owner == nullptr);
  });
  simulated::join_guests();
}

TEST_CASE("the console shows what is written and takes what is typed", "[sessions]") {
  simulated::fresh_process g;
  REQUIRE(perform(*g, op::setsid{}));
  const i32 d = *open_device(*g, "console");
  (void)simulated::take_console_output();
  CHECK(*perform(*g, op::terminal_get_session{}, d) == g->id());
  CHECK(write(*g, d, "$ ") == written{error::none, 2});
  // Interrupts come from no thread of the kernel's.
  std::thread typist{[] {
    usleep(20'000);
    ref::interrupt::console_input("ls\r", 3);
  }};
  CHECK(read(*g, d) == transfer{error::none, "ls\n"});
  typist.join();
  CHECK(simulated::take_console_output() == "$ ls\r\n");
  REQUIRE(set_handler(*g, s::int_, 0x1000) == error::none);
  REQUIRE(set_handler(*g, s::winch, 0x1000) == error::none);
  std::thread{[] {
    ref::interrupt::console_input("\x03", 1);
    ref::interrupt::console_resized(30, 100);
  }}.join();
  (void)perform(*g, op::getpid{});
  CHECK(g->delivered.size() == 2);
  CHECK(simulated::take_console_output() == "^C");
  ref::winsize window{};
  CHECK(perform(*g, op::terminal_get_window{}, d, window));
  CHECK((window.row == 30 && window.col == 100));
}

TEST_CASE("a stopped console holds output, and a drain waits for it", "[sessions]") {
  simulated::fresh_process g;
  const i32 d = *open_device(*g, "console");
  (void)simulated::take_console_output();
  ref::interrupt::console_input("\x13", 1);
  (void)fork(*g, [&](guest& c) { CHECK(write(c, d, "held") == written{error::none, 4}); });
  sleep_for(*g, 20);
  CHECK(simulated::take_console_output() == "");
  ref::interrupt::console_input("\x11", 1);
  CHECK(wait_for(*g).status == 0);
  CHECK(perform(*g, op::terminal_drain{}, d));
  CHECK(simulated::take_console_output() == "held");
}
