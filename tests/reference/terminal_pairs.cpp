// Pseudo-terminals: both sides, locks, ends that go.
#include "descriptors.hpp"

#include <polyabi/reference/pseudo_terminal.hpp>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace t = ref::termios_bits;
namespace o = ref::open_flags;
namespace p = ref::poll_events;

namespace {

struct pair_of {
  i32 master = -1, number = -1, slave = -1;
};

pair_of open_pair(guest& g, u32 flags = 0) {
  pair_of made;
  made.master = *open_device(g, "ptmx", o::rdwr | flags);
  made.number = *perform(g, op::pseudo_terminal_number{}, made.master);
  CHECK(perform(g, op::pseudo_terminal_unlock{}, made.master, false));
  made.slave = *open_device(g, "pts/" + std::to_string(made.number), o::rdwr | o::noctty | flags);
  return made;
}

void change(guest& g, i32 d, u32 ref::termios::*field, u32 on, u32 off, int minimum = 1, int time = 0) {
  ref::termios modes{};
  REQUIRE(perform(g, op::terminal_get_attributes{}, d, modes));
  modes.*field = (modes.*field | on) & ~off;
  modes.cc[t::vmin] = static_cast<u8>(minimum);
  modes.cc[t::vtime] = static_cast<u8>(time);
  REQUIRE(perform(g, op::terminal_set_attributes{}, d, ref::attribute_times::now, modes));
}

u16 poll(guest& g, i32 d, u16 events) {
  ref::poll_record record{d, events, 0};
  const ref::timespec none{};
  const ref::timespec* given = &none;
  const ref::sigset* mask = nullptr;
  REQUIRE(perform(g, op::poll{}, std::span{&record, 1}, given, mask));
  return record.revents;
}

} // namespace

TEST_CASE("what one side writes, the other reads through the line discipline", "[pairs]") {
  simulated::fresh_process g;
  const pair_of pair = open_pair(*g);
  CHECK(write(*g, pair.master, "ls\r") == written{error::none, 3});
  CHECK(read(*g, pair.slave) == transfer{error::none, "ls\n"});
  CHECK(write(*g, pair.slave, "out\n") == written{error::none, 4});
  CHECK(read(*g, pair.master) == transfer{error::none, "ls\r\nout\r\n"});
}

TEST_CASE("a slave is locked until its master says otherwise, and is there as long as it", "[pairs]") {
  simulated::fresh_process g;
  const i32 master = *open_device(*g, "ptmx");
  const std::string name = "pts/" + std::to_string(*perform(*g, op::pseudo_terminal_number{}, master));
  CHECK(open_device(*g, name).error() == error::io);
  CHECK(perform(*g, op::pseudo_terminal_unlock{}, master, false));
  const auto slave = open_device(*g, name);
  REQUIRE(slave);
  CHECK(perform(*g, op::pseudo_terminal_number{}, *slave).error() == error::notty);
  g->system_call([&](ref::thread& caller) {
    char text[32];
    const auto f = *caller.owner->descriptors->get(*slave);
    CHECK(std::string(text, f->describe(text, sizeof text)) == "/dev/" + name);
  });
  CHECK(close(*g, *slave) == error::none);
  CHECK(close(*g, master) == error::none);
  CHECK(open_device(*g, name).error() == error::noent);
}

TEST_CASE("the directory lists the open pairs", "[pairs]") {
  simulated::fresh_process g;
  const pair_of a = open_pair(*g), b = open_pair(*g);
  CHECK(a.number != b.number);
  g->system_call([&](ref::thread&) {
    std::string names;
    const directory_visitor all{[](void* to, const directory_entry& e) {
                                  static_cast<std::string*>(to)->append(e.name).append(" ");
                                  return true;
                                },
                                &names};
    REQUIRE((*ref::device_root()->lookup("pts"))->read_entries(0, all));
    CHECK(names == "0 1 ");
  });
}

TEST_CASE("a master without slaves reads what is left and then EIO", "[pairs]") {
  simulated::fresh_process g;
  const i32 master = *open_device(*g, "ptmx", o::rdwr | o::nonblock);
  CHECK(read(*g, master).failure == error::again); // no slave yet
  CHECK(perform(*g, op::pseudo_terminal_unlock{}, master, false));
  const std::string name = "pts/" + std::to_string(*perform(*g, op::pseudo_terminal_number{}, master));
  const i32 slave = *open_device(*g, name, o::rdwr | o::noctty);
  CHECK(poll(*g, master, p::in) == 0);
  CHECK(write(*g, slave, "bye") == written{error::none, 3});
  CHECK(close(*g, slave) == error::none);
  CHECK(poll(*g, master, p::in) == (p::in | p::hup));
  CHECK(read(*g, master) == transfer{error::none, "bye"});
  CHECK(read(*g, master).failure == error::io);
  const i32 again = *open_device(*g, name, o::rdwr | o::noctty);
  CHECK(read(*g, master).failure == error::again);
  CHECK(close(*g, again) == error::none);
}

TEST_CASE("a slave without its master has been hung up", "[pairs]") {
  simulated::fresh_process g;
  const pair_of pair = open_pair(*g);
  CHECK(write(*g, pair.master, "lost\r") == written{error::none, 5});
  CHECK(close(*g, pair.master) == error::none);
  CHECK(read(*g, pair.slave) == transfer{error::none, ""});
  CHECK(write(*g, pair.slave, "x").failure == error::io);
  CHECK(poll(*g, pair.slave, p::in) == (p::in | p::err | p::hup));
  ref::termios modes{};
  CHECK(perform(*g, op::terminal_get_attributes{}, pair.slave, modes).error() == error::io);
}

TEST_CASE("hanging up ends a read that waits", "[pairs]") {
  simulated::fresh_process g;
  const pair_of pair = open_pair(*g);
  (void)fork(*g, [&](guest& c) {
    (void)close(c, pair.master);
    CHECK(read(c, pair.slave) == transfer{error::none, ""});
  });
  sleep_for(*g, 20);
  CHECK(close(*g, pair.master) == error::none);
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("the four cases of minimum and time", "[pairs]") {
  simulated::fresh_process g;
  const pair_of pair = open_pair(*g);
  const auto raw = [&](int minimum, int time) {
    change(*g, pair.slave, &ref::termios::lflag, 0, t::icanon | t::echo, minimum, time);
  };

  raw(0, 0);
  CHECK(read(*g, pair.slave) == transfer{error::none, ""});
  (void)write(*g, pair.master, "ab");
  CHECK(read(*g, pair.slave) == transfer{error::none, "ab"});

  raw(0, 1);
  CHECK(read(*g, pair.slave) == transfer{error::none, ""}); // after a tenth of a second
  (void)write(*g, pair.master, "c");
  CHECK(read(*g, pair.slave) == transfer{error::none, "c"});

  raw(3, 0);
  (void)write(*g, pair.master, "d");
  CHECK(poll(*g, pair.slave, p::in) == 0);
  (void)fork(*g, [&](guest& c) {
    sleep_for(c, 20);
    (void)write(c, pair.master, "ef");
  });
  CHECK(read(*g, pair.slave) == transfer{error::none, "def"});
  (void)wait_for(*g);
  (void)write(*g, pair.master, "gh");
  CHECK(read(*g, pair.slave, 2) == transfer{error::none, "gh"}); // asked for less than the minimum

  raw(5, 1);
  (void)write(*g, pair.master, "i");
  CHECK(poll(*g, pair.slave, p::in) == p::in);
  CHECK(read(*g, pair.slave) == transfer{error::none, "i"}); // nothing more for a tenth of a second
}

TEST_CASE("without waiting", "[pairs]") {
  simulated::fresh_process g;
  const pair_of pair = open_pair(*g, o::nonblock);
  CHECK(read(*g, pair.slave).failure == error::again);
  (void)write(*g, pair.master, "half");
  CHECK(read(*g, pair.slave).failure == error::again);
  const std::string much(100'000, 'x');
  const auto taken = write(*g, pair.slave, much);
  CHECK(taken.size > 4096);
  CHECK(taken.size < 10'000);
  CHECK(write(*g, pair.slave, "x").failure == error::again);
  CHECK((poll(*g, pair.slave, p::out) & p::out) == 0);
  CHECK(read(*g, pair.master).text.substr(0, 5) == "halfx");
  CHECK(poll(*g, pair.slave, p::out) == p::out);
}

TEST_CASE("a writer waits for its master, whichever is slower", "[pairs]") {
  simulated::fresh_process g;
  const pair_of pair = open_pair(*g);
  const std::string much(50'000, 'x');
  (void)fork(*g, [&](guest& c) {
    (void)close(c, pair.master);
    CHECK(write(c, pair.slave, much) == written{error::none, 50'000});
  });
  std::string got;
  while (got.size() < much.size()) got += read(*g, pair.master).text;
  CHECK(got == much);
  CHECK(wait_for(*g).status == 0);

  (void)fork(*g, [&](guest& c) {
    for (int i = 0; i < 5000; ++i) (void)write(c, pair.master, "0123456789\r");
  });
  change(*g, pair.slave, &ref::termios::lflag, 0, t::echo);
  usize lines = 0;
  while (lines < 5000) {
    CHECK(read(*g, pair.slave).text == "0123456789\n");
    ++lines;
  }
  CHECK(wait_for(*g).status == 0);
}

TEST_CASE("flow control, flushing, what waits to be written", "[pairs]") {
  simulated::fresh_process g;
  const pair_of pair = open_pair(*g, o::nonblock);
  CHECK(perform(*g, op::terminal_flow{}, pair.slave, ref::flow_actions::output_off));
  CHECK(write(*g, pair.slave, "x").failure == error::again);
  CHECK(perform(*g, op::terminal_flow{}, pair.slave, ref::flow_actions::output_on));
  CHECK(write(*g, pair.slave, "xy") == written{error::none, 2});
  CHECK(*perform(*g, op::terminal_output_queued{}, pair.slave) == 2);
  CHECK(*perform(*g, op::bytes_readable{}, pair.master) == 2);
  CHECK(perform(*g, op::terminal_drain{}, pair.slave));
  CHECK(perform(*g, op::terminal_flush{}, pair.slave, ref::flush_queues::both));
  CHECK(read(*g, pair.master).failure == error::again);
  (void)write(*g, pair.master, "typed\r");
  CHECK(*perform(*g, op::bytes_readable{}, pair.slave) == 6);
  CHECK(perform(*g, op::terminal_flush{}, pair.slave, ref::flush_queues::input));
  CHECK(read(*g, pair.slave).failure == error::again);
  CHECK(perform(*g, op::terminal_flush{}, pair.slave, 9).error() == error::inval);
  CHECK(perform(*g, op::terminal_flow{}, pair.slave, 9).error() == error::inval);
  CHECK(perform(*g, op::terminal_send_break{}, pair.slave));
}

TEST_CASE("nothing but terminals takes terminal operations", "[pairs]") {
  simulated::fresh_process g;
  const auto pipe = make_pipe(*g);
  ref::termios modes{};
  ref::winsize window{};
  CHECK(perform(*g, op::terminal_get_attributes{}, pipe.reader, modes).error() == error::notty);
  CHECK(perform(*g, op::terminal_get_window{}, 99, window).error() == error::badf);
  CHECK(perform(*g, op::pseudo_terminal_number{}, pipe.reader).error() == error::notty);
}

TEST_CASE("in packet mode the master is told of changes before it reads data", "[pairs]") {
  simulated::fresh_process g;
  const pair_of pair = open_pair(*g, o::nonblock);
  const auto packets = [&](i32 d, bool on) { return perform(*g, op::pseudo_terminal_set_packets{}, d, on).error(); };
  const auto packet = [&] {
    const transfer t = read(*g, pair.master);
    std::string shown;
    for (const char c : t.text) shown += shown.empty() ? std::to_string(static_cast<int>(c)) + " " : std::string{c};
    return shown;
  };
  CHECK(packets(pair.slave, true) == reference::error::notty);
  CHECK(*perform(*g, op::pseudo_terminal_has_packets{}, pair.master) == 0);
  REQUIRE(packets(pair.master, true) == reference::error::none);
  CHECK(*perform(*g, op::pseudo_terminal_has_packets{}, pair.master) == 1);
  CHECK(poll(*g, pair.master, p::in | p::pri) == 0);
  write(*g, pair.slave, "data");
  CHECK(poll(*g, pair.master, p::in | p::pri) == p::in);
  CHECK(packet() == "0 data");
  CHECK(perform(*g, op::terminal_flush{}, pair.slave, ref::flush_queues::both));
  CHECK(poll(*g, pair.master, p::in | p::pri) == (p::in | p::pri));
  CHECK(packet() == "3 ");
  write(*g, pair.master, "\x13");
  CHECK(packet() == "4 ");
  write(*g, pair.master, "\x11");
  CHECK(packet() == "8 ");
  change(*g, pair.slave, &ref::termios::iflag, 0, t::ixon);
  CHECK(packet() == "16 ");
  change(*g, pair.slave, &ref::termios::iflag, t::ixon, 0);
  CHECK(packet() == "32 ");
  change(*g, pair.slave, &ref::termios::lflag, t::extproc, 0);
  CHECK(packet() == "64 ");
  CHECK(read(*g, pair.master).failure == reference::error::again);
}
