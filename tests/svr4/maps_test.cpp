// The maps of System V Release 4 against its documents, and composed with the reference kernel's: what goes in comes out again.
#include "catch.hpp"

#include <polyabi/reference/kernel.hpp>
#include <polyabi/svr4/personality.hpp>

using namespace polyabi;
using K = reference::kernel;

namespace {

/// Every number that the kernel has a counterpart for comes back as itself.
template <class Map>
int numbers_that_return() {
  using own = kernel_map<K, typename Map::name_type>;
  int returned = 0;
  for (const auto& row : Map::rows) {
    if (row.one_way || polyabi::detail::number_of<own>(row.name) < 0) continue;
    const i32 native = number_table<Map, own>::convert(row.number);
    INFO("number " << row.number << " is " << native << " in the kernel");
    CHECK(number_table<own, Map>::convert(native) == row.number);
    ++returned;
  }
  return returned;
}

/// Every flag that the kernel has comes back as itself, or as the first row of its name; the others are refused or leave no trace.
template <class Map>
int flags_that_return() {
  using own = kernel_map<K, typename Map::name_type>;
  int returned = 0;
  for (const auto& row : Map::rows) {
    const u64 native = flag_table<Map, own>::convert(row.value);
    const u64 back = flag_table<own, Map>::convert(native);
    INFO("flag " << std::hex << row.mask << " is " << native << " in the kernel and " << back << " again");
    if (row.kind == flag_class::bit || row.kind == flag_class::choice) {
      const auto theirs = polyabi::detail::find_row<own>(row.name);
      REQUIRE(theirs.present);
      if (theirs->kind != flag_class::bit && theirs->kind != flag_class::choice) continue;
      CHECK(back == polyabi::detail::find_row<Map>(row.name)->value);
      ++returned;
    } else if (row.kind == flag_class::reject) {
      CHECK(flag_table<Map, own>::refused(row.value != 0 ? row.value : row.mask) == row.error);
    } else {
      CHECK(native == flag_table<Map, own>::convert(0));
    }
  }
  return returned;
}

template <class Map>
i32 number(typename Map::name_type name) {
  return number_for<Map>(name);
}

} // namespace

TEST_CASE("errors have the numbers of sys/errno.h") {
  using e = svr4::errors;
  CHECK(number<e>(errc::perm) == 1);
  CHECK(number<e>(errc::again) == 11);
  CHECK(number<e>(errc::range) == 34);
  CHECK(number<e>(errc::nomsg) == 35);
  CHECK(number<e>(errc::deadlk) == 45);
  CHECK(number<e>(errc::notsup) == 48);
  CHECK(number<e>(errc::nametoolong) == 78);
  CHECK(number<e>(errc::nosys) == 89);
  CHECK(number<e>(errc::loop) == 90);
  CHECK(number<e>(errc::notempty) == 93);
  CHECK(number<e>(errc::opnotsupp) == 122);
  CHECK(number<e>(errc::stale) == 151);
  // Names that System V has no number for become what comes nearest; none becomes success.
  for (int name = 1; name < static_cast<int>(errc::count_); ++name) {
    INFO("name " << name);
    CHECK(number<e>(static_cast<errc>(name)) > 0);
  }
  CHECK(numbers_that_return<e>() > 75);
}

TEST_CASE("every error of the kernel becomes one of System V's") {
  using own = kernel_map<K, errc>;
  for (const auto& row : own::rows) {
    INFO("kernel error " << row.number);
    CHECK(total_number_table<own, svr4::errors>::convert(row.number) > 0);
  }
}

TEST_CASE("signals have the numbers of sys/signal.h") {
  using s = svr4::signals;
  CHECK(number<s>(signal::usr1) == 16);
  CHECK(number<s>(signal::chld) == 18);
  CHECK(number<s>(signal::pwr) == 19);
  CHECK(number<s>(signal::io) == 22);
  CHECK(number<s>(signal::stop) == 23);
  CHECK(number<s>(signal::xres) == 38);
  CHECK(numbers_that_return<s>() == 38);
  using own = kernel_map<K, signal>;
  for (i32 n = s::realtime_first; n <= s::realtime_last; ++n)
    CHECK(number_table<own, s>::convert(number_table<s, own>::convert(n)) == n);
}

TEST_CASE("the other numbers") {
  CHECK(numbers_that_return<svr4::sigmask_hows>() == 3);
  CHECK(numbers_that_return<svr4::seek_origins>() == 5);
  CHECK(numbers_that_return<svr4::lock_kinds>() == 3);
  CHECK(numbers_that_return<svr4::wait_targets>() == 3);
  CHECK(numbers_that_return<svr4::resources>() == 7);
  CHECK(numbers_that_return<svr4::clocks>() == 6);
  CHECK(numbers_that_return<svr4::interval_timers>() == 3);
  CHECK(numbers_that_return<svr4::flush_queues>() == 3);
  CHECK(numbers_that_return<svr4::flow_actions>() == 4);
  CHECK(numbers_that_return<svr4::address_families>() == 4);
  CHECK(numbers_that_return<svr4::socket_types>() == 5);
  CHECK(numbers_that_return<svr4::shutdown_hows>() == 3);
}

TEST_CASE("flags") {
  CHECK(flags_that_return<svr4::open_flags>() >= 14);
  CHECK(flags_that_return<svr4::fd_flags>() == 1);
  CHECK(flags_that_return<svr4::at_flags>() == 2);
  CHECK(flags_that_return<svr4::access_checks>() == 3);
  CHECK(flags_that_return<svr4::poll_events>() == 9);
  CHECK(flags_that_return<svr4::protections>() == 3);
  CHECK(flags_that_return<svr4::map_flags>() == 5);
  CHECK(flags_that_return<svr4::wait_flags>() == 6);
  CHECK(flags_that_return<svr4::sigaction_flags>() == 7);
  CHECK(flags_that_return<svr4::sigstack_flags>() == 2);
  CHECK(flags_that_return<svr4::input_modes>() == 14);
  CHECK(flags_that_return<svr4::output_modes>() == 9);
  CHECK(flags_that_return<svr4::control_modes>() == 11);
  CHECK(flags_that_return<svr4::local_modes>() == 15);
  CHECK(flags_that_return<svr4::socket_flags>() == 3);
  CHECK(flags_that_return<svr4::message_flags>() == 8);
}

TEST_CASE("what is refused") {
  using open = flag_table<svr4::open_flags, kernel_map<K, open_flag>>;
  CHECK(open::refused(0x4000) == errc::inval);  // O_XATTR
  CHECK(open::refused(0x80000) == errc::none);  // unknown to it, ignored as every System V does
  using map = flag_table<svr4::map_flags, kernel_map<K, map_flag>>;
  CHECK(map::refused(0x20 | 2) == errc::inval); // MAP_RENAME
  CHECK(map::refused(0x10000 | 2) == errc::inval);
  CHECK(map::refused(0x100 | 2) == errc::none);
  using wait = flag_table<svr4::wait_flags, kernel_map<K, wait_flag>>;
  CHECK(wait::refused(0x100) == errc::inval);
}

TEST_CASE("status words carry System V's signal numbers") {
  CHECK(svr4::status_word<K>(42 << 8) == 42u << 8);
  CHECK(svr4::status_word<K>(reference::signals::usr1) == 16);
  CHECK(svr4::status_word<K>(reference::signals::segv | 0x80) == (11 | 0x80));
  CHECK(svr4::status_word<K>(reference::signals::tstp << 8 | 0x7f) == (24u << 8 | 0x7f));
  CHECK(svr4::status_word<K>(reference::wait_status::continued) == 0xffff);
}

TEST_CASE("speeds stand in c_cflag") {
  CHECK(svr4::speed_of(13) == 9600);
  CHECK(svr4::speed_of(15) == 38400);
  CHECK(svr4::speed_of(2 | 010000000) == 115200);
  CHECK(svr4::speed_bits(9600, 9600) == 13);
  CHECK(svr4::speed_bits(115200, 115200) == (2 | 010000000));
  CHECK(svr4::speed_bits(9600, 1200) == (13 | 9 << 16));
  CHECK(svr4::input_speed_of(svr4::speed_bits(9600, 1200)) == 1200);
}

TEST_CASE("sockets have the numbers of sys/socket.h") {
  CHECK(number<svr4::socket_types>(socket_type::dgram) == 1);
  CHECK(number<svr4::socket_types>(socket_type::stream) == 2);
  CHECK(number<svr4::socket_types>(socket_type::seqpacket) == 6);
  CHECK(number<svr4::address_families>(address_family::inet) == 2);
  CHECK(number<svr4::address_families>(address_family::inet6) == 26);
}

TEST_CASE("options of sockets that the kernel has come back as themselves") {
  using all = composed_options<svr4::option_tables::options, K, ilp32_i386, option_shape>;
  int mapped = 0;
  for (const auto& level : all::levels)
    for (usize i = 0; i < level.count; ++i) {
      const auto& option = level.first[i];
      INFO("level " << level.number << ", option " << option.number);
      if (option.kind != polyabi::detail::option_class::mapped) continue;
      const auto back = all::find_native(level.native, option.native);
      REQUIRE(back.option != nullptr);
      CHECK(back.option->number == option.number);
      CHECK(all::find(level.number, option.number).option == &option);
      ++mapped;
    }
  CHECK(mapped > 55);
  const auto type = all::find(0xffff, 0x1008);
  REQUIRE(type.option != nullptr);
  CHECK(type.option->native == native_number<K, socket_option::type>);
}
