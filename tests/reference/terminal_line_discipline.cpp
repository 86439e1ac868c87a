// The line discipline alone: typed characters in, lines and screen out.
#include "catch.hpp"

#include <polyabi/reference/line_discipline.hpp>

#include <random>
#include <string>
#include <vector>

using namespace polyabi;
using namespace polyabi::reference;
namespace t = termios_bits;

namespace {

struct screen final : line_observer {
  line_discipline line{*this};
  std::string shown;
  std::vector<i32> signals_sent;
  int rooms = 0;

  void output_ready() override {
    char chunk[64];
    while (const usize size = line.take_output(chunk, sizeof chunk)) shown.append(chunk, size);
  }
  void output_room() override {}
  void input_ready() override {}
  void input_room() override { ++rooms; }
  void signal(i32 signo) override { signals_sent.push_back(signo); }

  screen& type(std::string_view text) {
    for (const char c : text) line.receive(static_cast<u8>(c));
    return *this;
  }
  screen& print(std::string_view text) {
    line.write(text.data(), text.size());
    return *this;
  }
  /// What one read of this size answers in canonical mode; "nothing" if it would wait.
  std::string read(usize limit = 4096) {
    if (!line.readable()) return "nothing";
    std::string text(limit, '\0');
    const auto taken = line.take_line(text.data(), limit);
    if (taken.size == limit) line.skip_end_of_file();
    return text.substr(0, taken.size);
  }
  std::string read_raw(usize limit = 4096) {
    std::string text(limit, '\0');
    return text.substr(0, line.take_raw(text.data(), limit));
  }
  std::string take_shown() { return std::exchange(shown, {}); }

  screen& modes(u32 termios::*field, u32 on, u32 off = 0) {
    termios changed = line.attributes();
    changed.*field = (changed.*field | on) & ~off;
    line.set_attributes(changed);
    return *this;
  }
};

const std::string erase_one = "\b \b";

} // namespace

TEST_CASE("a line can be read when it is complete, and not before") {
  screen s;
  s.type("hello");
  CHECK(s.read() == "nothing");
  s.type("\r");
  CHECK(s.line.bytes_readable() == 6);
  CHECK(s.read() == "hello\n");
  CHECK(s.shown == "hello\r\n");
  CHECK(s.read() == "nothing");
}

TEST_CASE("a read gets one line at most, and a long line in pieces") {
  screen s;
  s.type("one\ntwo\n");
  CHECK(s.read(2) == "on");
  CHECK(s.read(100) == "e\n");
  CHECK(s.read(4) == "two\n");
}

TEST_CASE("end of file ends a line without being part of it") {
  screen s;
  s.type("\4");
  CHECK(s.read() == "");
  s.type("abc\4");
  CHECK(s.read() == "abc");
  CHECK(s.read() == "nothing");
  s.type("abc\4x\n");
  CHECK(s.read(3) == "abc");
  CHECK(s.read() == "x\n");
  CHECK(s.shown == "abcabcx\r\n");
}

TEST_CASE("erase takes back one character, a control character both its columns") {
  screen s;
  s.type("ab\x7f");
  CHECK(s.take_shown() == "ab" + erase_one);
  s.type("\x16\x01");
  CHECK(s.take_shown() == "^\b^A");
  s.type("\x7f");
  CHECK(s.take_shown() == erase_one + erase_one);
  s.type("\x7f\x7f\x7fz\n");
  CHECK(s.take_shown() == erase_one + "z\r\n");
  CHECK(s.read() == "z\n");
}

TEST_CASE("erase takes a whole character of UTF-8 back if told that the terminal speaks it") {
  screen s;
  s.modes(&termios::iflag, t::iutf8).type("a\xc3\xa4\x7f\n");
  CHECK(s.read() == "a\n");
  s.modes(&termios::iflag, 0, t::iutf8).type("a\xc3\xa4\x7f\n");
  CHECK(s.read() == "a\xc3\n");
}

TEST_CASE("erasing a tab goes back to where it began") {
  screen s;
  s.print("$ ").type("ab\t\x7f");
  CHECK(s.shown == "$ ab\t\b\b\b\b");
  s.take_shown();
  s.type("\tx\t\x7f\x7f\x7f");
  CHECK(s.shown == "\tx\t\b\b\b\b\b\b\b" + erase_one + "\b\b\b\b");
}

TEST_CASE("word erase takes the last word and what separates it from the cursor") {
  screen s;
  s.type("one two  \x17");
  CHECK(s.shown == "one two  " + erase_one + erase_one + erase_one + erase_one + erase_one);
  s.type("3\n");
  CHECK(s.read() == "one 3\n");
}

TEST_CASE("kill takes the line back, on the screen if it can") {
  screen s;
  s.type("ab\x15"
         "c\n");
  CHECK(s.take_shown() == "ab" + erase_one + erase_one + "c\r\n");
  CHECK(s.read() == "c\n");
  s.modes(&termios::lflag, 0, t::echoke)
      .type("ab\x15"
            "c\n");
  CHECK(s.take_shown() == "ab^U\r\nc\r\n");
  CHECK(s.read() == "c\n");
  s.type("done\n").type("ab\x15\n");
  CHECK(s.read() == "done\n");
  CHECK(s.read() == "\n");
}

TEST_CASE("a hard-copy terminal shows what was erased") {
  screen s;
  s.modes(&termios::lflag, t::echoprt).type("abc\x7f\x7fx\n");
  CHECK(s.shown == "abc\\cb/x\r\n");
  CHECK(s.read() == "ax\n");
}

TEST_CASE("reprint shows the line again") {
  screen s;
  s.type("ab\x12");
  CHECK(s.shown == "ab^R\r\nab");
}

TEST_CASE("literal next takes any character as it is") {
  screen s;
  s.type("\x16\x03\x16\x7f\x16\r\n");
  CHECK(s.read() == "\x03\x7f\r\n");
  CHECK(s.signals_sent.empty());
}

TEST_CASE("signal characters signal, flush and are shown") {
  screen s;
  s.type("abc\x03");
  CHECK(s.signals_sent == std::vector<i32>{signals::int_});
  CHECK(s.shown == "abc^C");
  s.type("\n");
  CHECK(s.read() == "\n");
  s.type("\x1a\x1c");
  CHECK(s.signals_sent == std::vector<i32>{signals::int_, signals::tstp, signals::quit});
  s.modes(&termios::lflag, t::noflsh).type("abc\x03\n");
  CHECK(s.read() == "abc\n");
  s.modes(&termios::lflag, 0, t::isig).type("\x03\n");
  CHECK(s.read() == "\x03\n");
  CHECK(s.signals_sent.size() == 4);
}

TEST_CASE("a control character that is switched off is text") {
  screen s;
  termios changed = s.line.attributes();
  changed.cc[t::vintr] = t::disabled;
  s.line.set_attributes(changed);
  s.type("\x03\xff\n");
  CHECK(s.read() == "\x03\xff\n");
  CHECK(s.signals_sent.empty());
}

TEST_CASE("^S holds output and ^Q lets it go") {
  screen s;
  s.type("\x13");
  CHECK(s.line.write("x", 1) == 0);
  s.type("echo\n");
  CHECK(s.shown == "");
  CHECK(s.read() == "echo\n");
  s.type("\x11");
  CHECK(s.shown == "echo\r\n");
  CHECK(s.line.write("x", 1) == 1);
  s.modes(&termios::iflag, t::ixany).type("\x13y");
  CHECK_FALSE(s.line.output_stopped());
  s.modes(&termios::iflag, 0, t::ixon).type("\x13\n");
  CHECK(s.read() == "y\x13\n");
}

TEST_CASE("a program's stop is not undone by the start character") {
  screen s;
  s.line.stop_output();
  s.type("\x11");
  CHECK(s.line.output_stopped());
  s.line.start_output();
  CHECK_FALSE(s.line.output_stopped());
}

TEST_CASE("input flow control stops the peer before the queue is full") {
  screen s;
  s.modes(&termios::iflag, t::ixoff).modes(&termios::lflag, 0, t::icanon | t::echo);
  s.type(std::string(4000, 'x'));
  CHECK(s.take_shown() == "\x13");
  CHECK(s.read_raw(3000).size() == 3000);
  CHECK(s.take_shown() == "");
  CHECK(s.read_raw(1000).size() == 1000);
  CHECK(s.take_shown() == "\x11");
}

TEST_CASE("input mappings") {
  screen s;
  s.modes(&termios::lflag, 0, t::icanon | t::echo);
  s.type("\r\n");
  CHECK(s.read_raw() == "\n\n");
  s.modes(&termios::iflag, t::inlcr, t::icrnl).type("\r\n");
  CHECK(s.read_raw() == "\r\r");
  s.modes(&termios::iflag, t::igncr, t::inlcr).type("\ra\n");
  CHECK(s.read_raw() == "a\n");
  s.modes(&termios::iflag, t::istrip | t::iuclc).type("\xc1Z");
  CHECK(s.read_raw() == "az");
  s.modes(&termios::iflag, t::parmrk, t::istrip | t::iuclc).type("\xff");
  CHECK(s.read_raw() == "\xff\xff");
}

TEST_CASE("output mappings keep track of the column") {
  screen s;
  s.print("a\n\tb");
  CHECK(s.take_shown() == "a\r\n\tb");
  s.modes(&termios::oflag, t::oxtabs).print("\t|\n");
  CHECK(s.take_shown() == std::string(7, ' ') + "|\r\n");
  s.modes(&termios::oflag, t::onocr).print("\rx\r");
  CHECK(s.take_shown() == "x\r");
  s.modes(&termios::oflag, t::ocrnl, t::onlcr | t::onocr).print("\r");
  CHECK(s.take_shown() == "\n");
  s.modes(&termios::oflag, t::olcuc).print("aB");
  CHECK(s.take_shown() == "AB");
  s.modes(&termios::oflag, 0, t::opost).print("a\n\t");
  CHECK(s.take_shown() == "a\n\t");
}

TEST_CASE("echo can be off, but for the newline") {
  screen s;
  s.modes(&termios::lflag, t::echonl, t::echo).type("secret\n");
  CHECK(s.shown == "\r\n");
  CHECK(s.read() == "secret\n");
}

TEST_CASE("the line's end always fits") {
  screen s;
  s.type(std::string(5000, 'x'));
  CHECK(s.shown.back() == '\a');
  s.type("\n");
  const std::string line = s.read(5000);
  CHECK(line.size() == line_discipline::input_limit);
  CHECK(line.back() == '\n');
  s.take_shown();
  s.modes(&termios::iflag, 0, t::imaxbel).type(std::string(5000, 'x'));
  CHECK(s.shown == std::string(line_discipline::input_limit - 1, 'x'));
}

TEST_CASE("raw characters are kept up to the limit, and room is told") {
  screen s;
  s.modes(&termios::lflag, 0, t::icanon | t::echo).type(std::string(5000, 'x'));
  CHECK(s.line.receive_room() == 0);
  CHECK(s.shown.size() == 5000 - 4096);
  s.rooms = 0;
  CHECK(s.read_raw(10).size() == 10);
  CHECK(s.rooms == 1);
  CHECK(s.line.receive_room() == 10);
}

TEST_CASE("what was typed ahead survives a change of modes") {
  screen s;
  s.type("abc");
  s.modes(&termios::lflag, 0, t::icanon);
  CHECK(s.read_raw() == "abc");
  s.type("def");
  s.modes(&termios::lflag, t::icanon);
  CHECK(s.read() == "def");
  s.type("g\n");
  CHECK(s.read() == "g\n");
}

TEST_CASE("further line ends") {
  screen s;
  termios changed = s.line.attributes();
  changed.cc[t::veol] = ';';
  changed.cc[t::veol2] = '!';
  s.line.set_attributes(changed);
  s.type("a;b!");
  CHECK(s.read() == "a;");
  CHECK(s.read() == "b!");
}

TEST_CASE("a program's output leaves room for echo") {
  screen s;
  s.line.stop_output();
  const std::string much(10000, 'x');
  CHECK(s.line.write(much.data(), much.size()) == 0);
  s.line.start_output();
  CHECK(s.line.write(much.data(), much.size()) < line_discipline::output_limit);
}

TEST_CASE("whatever the modes and the keys, no queue outgrows its limit") {
  std::mt19937 random{7};
  for (int round = 0; round < 300; ++round) {
    screen s;
    std::string much;
    for (int step = 0; step < 200; ++step) {
      termios modes = s.line.attributes();
      char text[300];
      switch (random() % 8) {
      case 0:
        modes.iflag = static_cast<u32>(random());
        modes.oflag = static_cast<u32>(random());
        break;
      case 1: modes.lflag = static_cast<u32>(random()); break;
      case 2: modes.cc[random() % t::cc_count] = static_cast<u8>(random()); break;
      case 3:
        s.line.canonical() ? (void)s.line.take_line(text, random() % 300) : (void)s.line.take_raw(text, random() % 300);
        break;
      case 4:
        much.assign(random() % 3000, static_cast<char>(random()));
        s.print(much);
        break;
      case 5: random() % 2 == 0 ? s.line.stop_output() : s.line.start_output(); break;
      case 6: random() % 10 == 0 ? s.line.flush_input() : s.line.skip_end_of_file(); break;
      default:
        for (u32 count = static_cast<u32>(random() % 600); count != 0; --count) s.line.receive(static_cast<u8>(random()));
      }
      s.line.set_attributes(modes);
      REQUIRE(s.line.bytes_readable() <= line_discipline::input_limit);
      REQUIRE(s.line.output_queued() <= line_discipline::output_limit);
      // What can be read is there, or is the end of a file.
      if (s.line.readable() && !s.line.canonical()) REQUIRE(s.line.bytes_readable() != 0);
    }
  }
}
