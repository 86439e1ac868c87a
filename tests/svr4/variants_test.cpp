// Vendors' variants: their rows, numbers, modes and marks.
#include "catch.hpp"

#include <polyabi/reference/kernel.hpp>
#include <polyabi/svr4/variants/all.hpp>

#include <map>
#include <set>
#include <string>

using namespace polyabi;
using K = reference::kernel;
using M = ilp32_i386;
namespace variants = svr4::variants;

namespace {

template <class V>
const overlay_rows<K>& rows_of() {
  return overlay_of<svr4::on<K>, typename V::rows>;
}

} // namespace

TEST_CASE("every row of every variant is found by its number, and no other number is") {
  std::set<std::string> names;
  svr4::each_variant([&]<class V>(V) {
    INFO(std::string{V::name});
    CHECK(names.insert(std::string{V::name}).second);
    CHECK(V::name.starts_with("svr4:"));
    const auto& over = rows_of<V>();
    REQUIRE_FALSE(over.rows.empty());
    for (usize i = 0; i < over.rows.size(); ++i) {
      CHECK(over.find(over.rows[i].number) == &over.rows[i]);
      CHECK(over.rows[i].enter != nullptr);
      CHECK((i == 0 || over.rows[i - 1].number < over.rows[i].number));
      CHECK(over.find(over.rows[i].number + 0x10000) == nullptr);
      if (over.rows[i].level == support::missing || over.rows[i].level == support::refused)
        CHECK_FALSE(over.rows[i].reason.empty());
    }
    CHECK(over.find(0x7f28) == nullptr);
    CHECK_FALSE(V::facts.identity.release.empty());
    CHECK_FALSE(V::facts.identity.machine.empty());
  });
  CHECK(names.size() == 6);
}

TEST_CASE("numbers of XENIX' calls are in the second byte") {
  const auto& over = rows_of<variants::ibcs2>();
  const std::pair<u32, std::string_view> known[] = {{0x0a28, "chsize"},    {0x0c28, "nap"},         {0x2428, "select"},
                                                    {0x2728, "sigaction"}, {0x2828, "sigprocmask"}, {0x2a28, "sigsuspend"},
                                                    {0x2b28, "getgroups"}, {0x2d28, "sysconf"},     {0x3028, "rename"}};
  for (const auto& [number, name] : known) {
    REQUIRE(over.find(number) != nullptr);
    CHECK(over.find(number)->name == name);
    CHECK(over.find(number)->level == support::native);
  }
}

// The constant numbers before `lcall $7,$0` in static programs of Coherent and of SCO.
TEST_CASE("what static programs of the vendors call is there") {
  using base = svr4::table::syscalls;
  std::map<u32, support> common;
  base::each([&]<class Row>(Row) {
    common[static_cast<u32>(Row::numbers.column[0])] = polyabi::detail::level_of<K, typename Row::target>();
  });
  const auto level = [&](const overlay_rows<K>& over, u32 number) {
    const auto* row = over.find(number);
    return row != nullptr ? row->level : common.at(number);
  };
  const auto works = [](support found) { return found == support::native || found == support::emulated; };
  for (const u32 n :
       {1u,  2u,  3u,  4u,  5u,  6u,  7u,  8u,  9u,  10u, 12u, 13u, 14u,     15u,     16u,     17u,     18u,     19u,
        20u, 23u, 24u, 25u, 27u, 28u, 29u, 30u, 33u, 35u, 36u, 37u, 39u,     41u,     42u,     43u,     46u,     47u,
        48u, 50u, 54u, 57u, 59u, 60u, 61u, 62u, 63u, 79u, 80u, 87u, 0x0c28u, 0x2728u, 0x2828u, 0x2c28u, 0x2d28u, 0x3028u}) {
    INFO("Coherent's " << n);
    CHECK(works(level(rows_of<variants::coherent>(), n)));
  }
  for (const u32 n :
       {1u,  2u,  3u,  4u,      5u,      6u,      7u,      8u,      9u,      10u,     12u,     13u,    14u, 15u, 16u,
        17u, 18u, 19u, 20u,     23u,     24u,     27u,     28u,     29u,     30u,     33u,     34u,    36u, 37u, 39u,
        41u, 42u, 43u, 46u,     47u,     48u,     54u,     57u,     59u,     60u,     62u,     63u,    79u, 80u, 81u,
        90u, 91u, 92u, 0x0a28u, 0x2428u, 0x2728u, 0x2828u, 0x2a28u, 0x2b28u, 0x2d28u, 0x2e28u, 0x3028u}) {
    INFO("SCO's " << n);
    CHECK(works(level(rows_of<variants::openserver>(), n)));
  }
}

TEST_CASE("OpenServer's error numbers") {
  const auto& shown = variants::openserver::facts.errors;
  const auto of = [&](errc name) { return int{shown[static_cast<usize>(number_for<svr4::errors>(name))]}; };
  CHECK(of(errc::noent) == 2);
  CHECK(of(errc::nosys) == 89);
  CHECK(of(errc::notempty) == 145);
  CHECK(of(errc::loop) == 150);
  CHECK(of(errc::connrefused) == 115);
  CHECK(of(errc::restart) == 152);
  CHECK(of(errc::notsup) == 99); // it has none: the nearest is EOPNOTSUPP
  for (usize n = 1; n < shown.size(); ++n)
    if (name_for<svr4::errors>(static_cast<i32>(n)) != errc::none) {
      INFO("number " << n);
      CHECK(shown[n] != 0);
    }
}

TEST_CASE("INTERACTIVE's three signals") {
  using to_common = number_table<svr4::interactive_signals, svr4::signals>;
  CHECK(to_common::convert(23) == 25); // SIGCONT
  CHECK(to_common::convert(24) == 23); // SIGSTOP
  CHECK(to_common::convert(25) == 24); // SIGTSTP
  for (i32 n = 1; n <= 20; ++n) CHECK(to_common::convert(n) == n);
}

TEST_CASE("Version 7's words for a terminal's modes") {
  const auto round_trip = [](const svr4::old_terminal_bits& bits, u32 flags) {
    svr4::termios<M> modes{};
    modes.cc[0] = 3;
    svr4::old_terminal::set_flags(modes, flags, bits);
    return svr4::old_terminal::flags_of(modes, bits);
  };
  for (const auto& bits : {svr4::ttold_bits, svr4::coherent_bits}) {
    const u32 any_parity = bits.oddp | bits.evenp;
    for (u32 flags : {u32{0}, u32{bits.echo}, bits.echo | bits.crmod, bits.cbreak, u32{bits.raw}, bits.raw | bits.echo,
                      bits.tandem, bits.tabs | bits.crmod, bits.lcase | bits.echo}) {
      INFO(flags);
      const bool raw = (flags & bits.raw) != 0;
      if (!raw)
        CHECK(round_trip(bits, flags | any_parity) == (flags | any_parity));
      else
        CHECK(round_trip(bits, flags | any_parity) == (flags | any_parity));
      CHECK(round_trip(bits, flags | bits.oddp) == (flags | bits.oddp));
      CHECK(round_trip(bits, flags) == (flags | any_parity)); // none and both mean the same
    }
  }
  svr4::termios<M> modes{};
  svr4::old_terminal::set_flags(modes, svr4::ttold_bits.cbreak | svr4::ttold_bits.echo, svr4::ttold_bits);
  CHECK((modes.lflag & 03) == 01); // ISIG without ICANON
  CHECK(modes.cc[4] == 1);         // VMIN
}

TEST_CASE("OpenServer's structure for a terminal's modes") {
  reference::termios own{}, back{};
  own.lflag = reference::termios_bits::icanon | reference::termios_bits::echo | reference::termios_bits::tostop |
              reference::termios_bits::iexten;
  own.cflag = reference::termios_bits::cs8 | reference::termios_bits::cread;
  own.ispeed = own.ospeed = 9600;
  for (auto& c : own.cc) c = reference::termios_bits::disabled;
  own.cc[reference::termios_bits::veof] = 4;
  own.cc[reference::termios_bits::vsusp] = 26;
  svr4::sco_termios<M> out{};
  REQUIRE(to_foreign<K>(own, out) == errc::none);
  CHECK(out.cc[4] == 4);
  CHECK(out.cc[10] == 26);
  CHECK(out.cc[0] == 0);
  CHECK(u32{out.lflag} == (02 | 010 | 0400 | 01000));
  CHECK(out.ospeed == 13);
  REQUIRE(to_native<K>(out, back) == errc::none);
  CHECK(back.lflag == own.lflag);
  CHECK(back.cc[reference::termios_bits::veof] == 4);
  CHECK(back.ospeed == 9600);

  out.lflag = u16{010};
  out.cc[8] = 5; // VMIN has a place of its own
  out.cc[9] = 6;
  REQUIRE(to_native<K>(out, back) == errc::none);
  CHECK(back.cc[reference::termios_bits::vmin] == 5);
  CHECK(back.cc[reference::termios_bits::vtime] == 6);
  CHECK(back.cc[reference::termios_bits::veof] == 4);
}

TEST_CASE("the structure of XENIX' names") {
  CHECK(sizeof(svr4::scoutsname<M>) == 98);
  CHECK(offset_of<svr4::scoutsname<M>, "machine"> == 54);
}
