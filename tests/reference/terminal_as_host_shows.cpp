// The line discipline beside the host's: the same keys under the same modes show and read the same.
#include "catch.hpp"

#include <polyabi/reference/line_discipline.hpp>

#include <fcntl.h>
#include <iterator>
#include <poll.h>
#include <random>
#include <stdlib.h>
#include <string>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <vector>

using namespace polyabi;
namespace own = polyabi::reference;
namespace t = polyabi::reference::termios_bits;

namespace {

struct session {
  std::string shown;
  std::vector<std::string> lines;
};

using host_modes = ::termios;

struct mode {
  std::string_view name;
  u32 own::termios::*native_field;
  u32 native_bit;
  tcflag_t host_modes::*host_field;
  tcflag_t host_bit;
};

constexpr mode modes[] = {
    {"icrnl", &own::termios::iflag, t::icrnl, &host_modes::c_iflag, ICRNL},
    {"inlcr", &own::termios::iflag, t::inlcr, &host_modes::c_iflag, INLCR},
    {"igncr", &own::termios::iflag, t::igncr, &host_modes::c_iflag, IGNCR},
    {"istrip", &own::termios::iflag, t::istrip, &host_modes::c_iflag, ISTRIP},
    {"iuclc", &own::termios::iflag, t::iuclc, &host_modes::c_iflag, IUCLC},
    {"iutf8", &own::termios::iflag, t::iutf8, &host_modes::c_iflag, IUTF8},
    {"parmrk", &own::termios::iflag, t::parmrk, &host_modes::c_iflag, PARMRK},
    {"ixon", &own::termios::iflag, t::ixon, &host_modes::c_iflag, IXON},
    {"opost", &own::termios::oflag, t::opost, &host_modes::c_oflag, OPOST},
    {"onlcr", &own::termios::oflag, t::onlcr, &host_modes::c_oflag, ONLCR},
    {"ocrnl", &own::termios::oflag, t::ocrnl, &host_modes::c_oflag, OCRNL},
    {"onocr", &own::termios::oflag, t::onocr, &host_modes::c_oflag, ONOCR},
    {"onlret", &own::termios::oflag, t::onlret, &host_modes::c_oflag, ONLRET},
    {"olcuc", &own::termios::oflag, t::olcuc, &host_modes::c_oflag, OLCUC},
    {"oxtabs", &own::termios::oflag, t::oxtabs, &host_modes::c_oflag, XTABS},
    {"echo", &own::termios::lflag, t::echo, &host_modes::c_lflag, ECHO},
    {"echoe", &own::termios::lflag, t::echoe, &host_modes::c_lflag, ECHOE},
    {"echok", &own::termios::lflag, t::echok, &host_modes::c_lflag, ECHOK},
    {"echoke", &own::termios::lflag, t::echoke, &host_modes::c_lflag, ECHOKE},
    {"echoctl", &own::termios::lflag, t::echoctl, &host_modes::c_lflag, ECHOCTL},
    {"echoprt", &own::termios::lflag, t::echoprt, &host_modes::c_lflag, ECHOPRT},
    {"echonl", &own::termios::lflag, t::echonl, &host_modes::c_lflag, ECHONL},
    {"icanon", &own::termios::lflag, t::icanon, &host_modes::c_lflag, ICANON},
    {"iexten", &own::termios::lflag, t::iexten, &host_modes::c_lflag, IEXTEN},
};
constexpr usize mode_count = std::size(modes);

struct key {
  u32 native_index;
  int host_index;
};
constexpr key keys[] = {{t::veof, VEOF},       {t::veol, VEOL},    {t::veol2, VEOL2},       {t::verase, VERASE},
                        {t::vwerase, VWERASE}, {t::vkill, VKILL},  {t::vreprint, VREPRINT}, {t::vstart, VSTART},
                        {t::vstop, VSTOP},     {t::vlnext, VLNEXT}};

/// Sets exactly the modes whose bit is set; no signals, whose flushing races with the reader on the host.
own::termios native_modes(u32 chosen) {
  own::termios made = own::line_discipline::defaults();
  made.lflag &= ~t::isig;
  made.cc[t::veol] = ';';
  for (usize i = 0; i < mode_count; ++i)
    made.*modes[i].native_field =
        (made.*modes[i].native_field & ~modes[i].native_bit) | ((chosen >> i & 1) != 0 ? modes[i].native_bit : 0);
  return made;
}

session run_here(u32 chosen, const std::string& prompt, const std::string& typed) {
  struct : own::line_observer {
    own::line_discipline line{*this};
    std::string shown;
    void output_ready() override {
      char chunk[64];
      while (const usize size = line.take_output(chunk, sizeof chunk)) shown.append(chunk, size);
    }
    void output_room() override {}
    void input_ready() override {}
    void input_room() override {}
    void signal(i32) override {}
  } s;
  s.line.set_attributes(native_modes(chosen));
  s.line.write(prompt.data(), prompt.size());
  for (const char c : typed) s.line.receive(static_cast<u8>(c));
  session result{s.shown, {}};
  while (s.line.readable()) {
    char text[4096];
    const usize size = s.line.canonical() ? s.line.take_line(text, sizeof text).size : s.line.take_raw(text, sizeof text);
    result.lines.emplace_back(text, size);
  }
  return result;
}

/// A pseudo-terminal of the host; what its line discipline does takes a moment.
class host_terminal {
public:
  host_terminal() : master_{posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK)} {
    if (master_ < 0 || grantpt(master_) != 0 || unlockpt(master_) != 0) return;
    slave_ = open(ptsname(master_), O_RDWR | O_NOCTTY | O_NONBLOCK);
  }
  ~host_terminal() {
    close(slave_);
    close(master_);
  }
  host_terminal(const host_terminal&) = delete;
  host_terminal& operator=(const host_terminal&) = delete;
  bool works() const { return slave_ >= 0; }

  /// What it is expected to show says only how long to wait for it at least.
  session run(u32 chosen, const std::string& prompt, const std::string& typed, const session& expected) {
    const own::termios wanted = native_modes(chosen);
    ::termios attributes{};
    tcgetattr(slave_, &attributes);
    attributes.c_lflag &= ~static_cast<tcflag_t>(ISIG | EXTPROC);
    for (usize i = 0; i < mode_count; ++i) {
      attributes.*modes[i].host_field &= ~modes[i].host_bit;
      if ((chosen >> i & 1) != 0) attributes.*modes[i].host_field |= modes[i].host_bit;
    }
    for (const key& k : keys) {
      const u8 c = wanted.cc[k.native_index];
      attributes.c_cc[k.host_index] = c == t::disabled ? _POSIX_VDISABLE : c;
    }
    attributes.c_cc[VMIN] = 1;
    attributes.c_cc[VTIME] = 0;
    tcsetattr(slave_, TCSANOW, &attributes);
    session result;
    put(slave_, prompt);
    put(master_, typed);
    result.shown = show(expected.shown.size());
    for (int patience = 0; patience < 100 && waiting() < bytes_of(expected.lines); ++patience) usleep(1000);
    char text[4096];
    for (ssize_t size; (size = read(slave_, text, sizeof text)) >= 0;)
      result.lines.emplace_back(text, static_cast<usize>(size));
    return result;
  }

private:
  static void put(int descriptor, const std::string& text) {
    if (write(descriptor, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
      FAIL("the host's terminal takes no input");
  }
  std::string show(usize expected) const {
    std::string shown;
    pollfd p{master_, POLLIN, 0};
    while (poll(&p, 1, shown.size() < expected ? 200 : 3) == 1) {
      char text[4096];
      const ssize_t size = read(master_, text, sizeof text);
      if (size <= 0) break;
      shown.append(text, static_cast<usize>(size));
    }
    return shown;
  }
  usize waiting() const {
    int size = 0;
    return ioctl(slave_, FIONREAD, &size) == 0 ? static_cast<usize>(size) : 0;
  }
  static usize bytes_of(const std::vector<std::string>& lines) {
    usize size = 0;
    for (const auto& line : lines) size += line.size();
    return size;
  }
  int master_, slave_ = -1;
};

std::string names_of(u32 chosen) {
  std::string names;
  for (usize i = 0; i < mode_count; ++i)
    if ((chosen >> i & 1) != 0) names.append(modes[i].name).append(" ");
  return names;
}

u32 bit_of(std::string_view name) {
  u32 bit = 1;
  for (const mode& m : modes) {
    if (m.name == name) return bit;
    bit <<= 1;
  }
  return 0;
}

std::string readable(const std::string& text) {
  constexpr char digits[] = "0123456789abcdef";
  std::string shown;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (code >= 32 && code <= 126)
      shown += c;
    else
      shown += {'\\', digits[code >> 4], digits[code & 15]};
  }
  return shown;
}

} // namespace

TEST_CASE("keys have the effect they have on the host") {
  if (!host_terminal{}.works()) {
    WARN("the host has no pseudo-terminals here");
    return;
  }
  constexpr std::string_view pieces[] = {"a",    "b",    "Z",    "_",    " ",    "  ",       "-",           "\t",   "\t",
                                         "\x7f", "\x7f", "\x7f", "\x17", "\x15", "\x12",     "\x16",        "\x04", "\r",
                                         "\n",   "\x01", "\x1b", ";",    "\x11", "\xc3\xa4", "\xe2\x82\xac"};
  constexpr std::string_view usual = " icrnl ixon opost onlcr echo echoe echok echoke echoctl icanon iexten ";
  const char* asked = getenv("POLYABI_TERMINAL_ROUNDS");
  std::mt19937 random{20240901};
  for (int round = asked != nullptr ? atoi(asked) : 150; round != 0; --round) {
    u32 chosen = 0;
    // Most modes as they usually are, some changed.
    for (u32 i = 0; i < mode_count; ++i) {
      const bool is_usual = usual.find(std::string{' '}.append(modes[i].name).append(" ")) != usual.npos;
      if (is_usual != (random() % 6 == 0)) chosen |= 1u << i;
    }
    // Showing erased text, the host counts the columns of UTF-8 wrongly.
    if (names_of(chosen).find("echoprt ") != std::string::npos) chosen &= ~bit_of("iutf8");
    std::string typed;
    for (u32 count = 1 + static_cast<u32>(random() % 20); count != 0; --count) typed += pieces[random() % std::size(pieces)];
    const std::string prompt = random() % 2 == 0 ? "" : "$ ";
    const session here = run_here(chosen, prompt, typed), there = host_terminal{}.run(chosen, prompt, typed, here);
    INFO("modes " << names_of(chosen) << "\nprompt " << prompt << "\ntyped " << readable(typed));
    CHECK(readable(here.shown) == readable(there.shown));
    CHECK(here.lines == there.lines);
  }
}
