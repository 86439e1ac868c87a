// The console, when its device takes no output for a while.
#include "descriptors.hpp"

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;

namespace {

/// A console with room for so many bytes, until the end of the test.
struct narrow_console {
  explicit narrow_console(usize room) {
    (void)simulated::take_console_output();
    simulated::set_console_room(room);
  }
  ~narrow_console() {
    open();
    (void)simulated::take_console_output();
  }
  void open() { simulated::set_console_room(~usize{0}); }
};

} // namespace

TEST_CASE("a console that takes no output holds up its writer and nobody else", "[console]") {
  narrow_console console{10};
  simulated::fresh_process g;
  const i32 descriptor = *open_device(*g, "console", ref::open_flags::rdwr);
  const std::string text(20'000, 'x');
  const i32 child = fork(*g, [&](guest& writer) { CHECK(write(writer, descriptor, text) == written{error::none, 20'000}); });
  sleep_for(*g, 20);
  CHECK(wait_for(*g, child, ref::wait_flags::nohang).id == 0);
  CHECK(simulated::take_console_output() == "xxxxxxxxxx");
  console.open();
  CHECK(wait_for(*g, child).status == 0);
  CHECK(perform(*g, op::terminal_drain{}, descriptor));
  CHECK(simulated::take_console_output().size() == 20'000 - 10);
}

TEST_CASE("who drains a console waits until all is shown", "[console]") {
  narrow_console console{2};
  simulated::fresh_process g;
  const i32 descriptor = *open_device(*g, "console", ref::open_flags::rdwr);
  CHECK(write(*g, descriptor, "hello") == written{error::none, 5});
  const i32 child = fork(*g, [&](guest& other) { CHECK(perform(other, op::terminal_drain{}, descriptor)); });
  sleep_for(*g, 10);
  CHECK(wait_for(*g, child, ref::wait_flags::nohang).id == 0);
  simulated::set_console_room(2);
  CHECK(simulated::take_console_output() == "hell");
  console.open();
  CHECK(wait_for(*g, child).status == 0);
  CHECK(simulated::take_console_output() == "o");
}

TEST_CASE("what is flushed is not shown later", "[console]") {
  narrow_console console{1};
  simulated::fresh_process g;
  const i32 descriptor = *open_device(*g, "console", ref::open_flags::rdwr);
  CHECK(write(*g, descriptor, "hello") == written{error::none, 5});
  CHECK(perform(*g, op::terminal_flush{}, descriptor, ref::flush_queues::output));
  console.open();
  CHECK(simulated::take_console_output() == "h");
}
