#include <polyabi/core/c_name.hpp>
#include <polyabi/core/flag_map.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace polyabi;

struct foreign_flags : flag_map<open_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      choice(access_mode::rdonly, 3, 0), choice(access_mode::wronly, 3, 1), choice(access_mode::rdwr, 3, 2),
      bit(open_flag::creat, 0x40), bit(open_flag::excl, 0x80), bit(open_flag::trunc, 0x200), bit(open_flag::sync, 0x101000),
      bit(open_flag::dsync, 0x1000), hint(0x8000), reject_choice(3, 3, errc::perm), reject(0x2000, errc::opnotsupp), fake(0x4000), bit(open_flag::tmpfile, 0x10000),
  });
};
struct kernel_flags : flag_map<open_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      choice(access_mode::rdonly, 3, 0), choice(access_mode::wronly, 3, 1), choice(access_mode::rdwr, 3, 2),
      bit(open_flag::creat, 0x200), bit(open_flag::excl, 0x800), bit(open_flag::trunc, 0x400), bit(open_flag::sync, 0x80),
      bit(open_flag::dsync, 0x40000), refuses(open_flag::tmpfile, errc::inval),
  });
};
static_assert(checked<foreign_flags> && checked<kernel_flags>);
using in = total_flag_table<foreign_flags, kernel_flags>;
using out = flag_table<kernel_flags, foreign_flags>;

TEST_CASE("flags with one meaning move together: one mask and rotation for each distance") {
  CHECK(in::convert(0x40 | 0x80 | 2) == (0x200 | 0x800 | 2));
  CHECK(out::convert(0x200 | 0x400 | 1) == (0x40 | 0x200 | 1));
}

TEST_CASE("a flag of several bits counts only when all of them are set") {
  CHECK(in::convert(0x1000) == 0x40000);
  CHECK(in::convert(0x101000) == (0x40000 | 0x80));
  CHECK(in::convert(0x100000) == 0);
}

TEST_CASE("every bit of the foreign word is in one class") {
  CHECK(in::refused(0x8000) == errc::none);      // a hint
  CHECK(in::refused(0x2000) == errc::opnotsupp); // rejected by the personality
  CHECK(in::refused(0x10000) == errc::inval);    // refused by the kernel
  CHECK(in::refused(3) == errc::perm);           // a value of a field
  CHECK(in::refused(2) == errc::none);
  CHECK(in::refused(0x80000000) == errc::none);  // unknown, and ignored there
  CHECK(in::remarkable(0x4000) == 0x4000);       // faked
  CHECK(in::remarkable(0x80000000) == 0x80000000);
  CHECK(in::remarkable(0x8000 | 0x40) == 0);
}

TEST_CASE("converting any word of mapped bits and back is the same word") {
  for (u64 word = 0; word < 0x400; ++word) {
    if ((word & 3) == 3) continue;
    const u64 known = word & (0x40 | 0x80 | 0x200 | 3);
    CHECK(out::convert(in::convert(known)) == known);
  }
}

// Many distances both ways, and a field whose values all move by the same one.
struct scattered_modes : flag_map<local_mode> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(local_mode::isig, 0x1), bit(local_mode::icanon, 0x2), bit(local_mode::xcase, 0x4), bit(local_mode::echo, 0x8),
      bit(local_mode::echoe, 0x80), bit(local_mode::echok, 0x100), bit(local_mode::echonl, 0x4000), bit(local_mode::noflsh, 0x20000000),
      bit(local_mode::tostop, 0x80000000),
      choice(character_size::cs5, 0x30, 0), choice(character_size::cs6, 0x30, 0x10), choice(character_size::cs7, 0x30, 0x20),
      choice(character_size::cs8, 0x30, 0x30),
  });
};
struct gathered_modes : flag_map<local_mode> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(local_mode::isig, 0x80), bit(local_mode::icanon, 0x100), bit(local_mode::xcase, 0x1000), bit(local_mode::echo, 0x8),
      bit(local_mode::echoe, 0x80000000), bit(local_mode::echok, 0x400000), bit(local_mode::echonl, 0x20000000),
      bit(local_mode::noflsh, 0x2), bit(local_mode::tostop, 0x4),
      choice(character_size::cs5, 0xc000, 0), choice(character_size::cs6, 0xc000, 0x4000),
      choice(character_size::cs7, 0xc000, 0x8000), choice(character_size::cs8, 0xc000, 0xc000),
  });
};
static_assert(checked<scattered_modes> && checked<gathered_modes>);

/// What the rows say, one after the other.
template <class From, class To>
u64 row_by_row(u64 from) {
  u64 to = 0;
  for (const auto& row : From::rows)
    if ((from & row.mask) == row.value) to |= polyabi::detail::find_row<To>(row.name)->value;
  return to;
}
template <class From, class To>
void check_every_word() {
  using table = total_flag_table<From, To>;
  u64 word = 0;
  do {
    REQUIRE(table::convert(word) == row_by_row<From, To>(word));
    word = (word - table::data.known) & table::data.known; // the next word of known bits
  } while (word != 0);
}

TEST_CASE("flags that move by many distances are multiplied to their places, and each arrives where its row says") {
  STATIC_REQUIRE(total_flag_table<scattered_modes, gathered_modes>::data.product_count > 0);
  STATIC_REQUIRE(total_flag_table<gathered_modes, scattered_modes>::data.product_count > 0);
  check_every_word<scattered_modes, gathered_modes>();
  check_every_word<gathered_modes, scattered_modes>();
}

TEST_CASE("a field whose values all move by the same distance needs no comparison") {
  STATIC_REQUIRE(total_flag_table<scattered_modes, gathered_modes>::data.field_count == 0);
}

struct foreign_errors : number_map<errc> {
  static constexpr auto rows = std::to_array<row>({
      {errc::perm, 1}, {errc::noent, 2}, {errc::io, 5}, {errc::badf, 9}, {errc::again, 11}, {errc::nomem, 12}, {errc::fault, 14},
      {errc::inval, 22}, {errc::opnotsupp, 95}, nearest(errc::nosys, 95),
  });
};
struct kernel_errors : number_map<errc> {
  static constexpr auto rows = std::to_array<row>({{errc::perm, 1}, {errc::again, 35}, {errc::proclim, 67}, {errc::notsup, 91}});
};
static_assert(checked<foreign_errors> && checked<kernel_errors>);

TEST_CASE("every error a kernel can return has a foreign number, the nearest one if need be") {
  using table = total_number_table<kernel_errors, foreign_errors>;
  CHECK(table::convert(35) == 11);
  CHECK(table::convert(67) == 11); // EPROCLIM comes nearest to EAGAIN
  CHECK(table::convert(91) == 95);
  CHECK(table::convert(2) == table::absent);
  CHECK(number_for<foreign_errors>(errc::nosys) == 95);
}

TEST_CASE("every vocabulary error comes down to one that a small map has") {
  for (u16 e = 1; e < static_cast<u16>(errc::count_); ++e) {
    const auto name = static_cast<errc>(e);
    if (nearest_error(name) == errc::none) continue;
    INFO(c_name(name));
    CHECK(number_for<foreign_errors>(name) > 0);
  }
}

struct foreign_signals : number_map<signal> {
  static constexpr auto rows = std::to_array<row>({{signal::chld, 17}, {signal::usr1, 10}});
  static constexpr i32 realtime_first = 32, realtime_last = 64;
};
struct kernel_signals : number_map<signal> {
  static constexpr auto rows = std::to_array<row>({{signal::chld, 20}, {signal::usr1, 30}});
  static constexpr i32 realtime_first = 65, realtime_last = 97;
};

TEST_CASE("real-time signals map by their order") {
  using table = number_table<foreign_signals, kernel_signals>;
  CHECK(table::convert(17) == 20);
  CHECK(table::convert(32) == 65);
  CHECK(table::convert(64) == 97);
  CHECK(table::convert(5) == table::absent);
  CHECK(number_table<kernel_signals, foreign_signals>::convert(66) == 33);
}

TEST_CASE("printed names are derived from the enumerators") {
  CHECK(c_name(errc::nametoolong) == "ENAMETOOLONG");
  CHECK(c_name(open_flag::creat) == "O_CREAT");
  CHECK(c_name(signal::int_) == "SIGINT");
  CHECK(c_name(map_flag::private_) == "MAP_PRIVATE");
}

} // namespace
