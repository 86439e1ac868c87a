// Every map and every structure there and back: what the kernel says reaches the program and comes back unchanged.
#include "catch.hpp"

#include <polyabi/linux/personality.hpp>
#include <polyabi/reference/kernel.hpp>

#include <random>
#include <type_traits>

namespace {

using namespace polyabi;
namespace la = polyabi::linux_abi;
using kernel = reference::kernel;

std::mt19937_64 random_source{20260101};
u64 random_below(u64 limit) {
  return std::uniform_int_distribution<u64>{0, limit - 1}(random_source);
}

template <class Map>
concept is_flag_map = requires {
  Map::rows[0].mask;
};

/// A native number that the foreign map has a number of its own for.
template <class Map>
i64 random_number() {
  using own = kernel::map<typename Map::name_type>;
  for (;;) {
    const auto& row = own::rows[random_below(own::rows.size())];
    if (row.one_way) continue;
    for (const auto& r : Map::rows)
      if (r.name == row.name && !r.one_way) return row.number;
  }
}

/// Native flags that the foreign map has bits for; of each field one value.
template <class Map>
u64 random_flags() {
  using own = kernel::map<typename Map::name_type>;
  u64 bits = 0, chosen = 0;
  for (const auto& row : own::rows) {
    if (row.kind != flag_class::bit && row.kind != flag_class::choice) continue;
    const flag_row* other = nullptr;
    for (const auto& r : Map::rows)
      if (r.name == row.name) other = &r;
    if (other == nullptr || random_below(2) == 0) continue;
    if ((chosen & row.mask) != 0) continue;
    if (row.kind == flag_class::choice) chosen |= row.mask;
    bits |= row.value;
  }
  return bits;
}

template <class Map>
void check_map() {
  using own = kernel::map<typename Map::name_type>;
  for (int i = 0; i < 500; ++i) {
    if constexpr (is_flag_map<Map>) {
      const u64 native_bits = random_flags<Map>();
      const u64 foreign = flag_table<own, Map>::convert(native_bits);
      INFO("native " << native_bits << " foreign " << foreign);
      CHECK(flag_table<Map, own>::refused(foreign) == errc::none);
      // A wider flag holds others (O_SYNC holds O_DSYNC): nothing is lost, and what it shows stays the same.
      const u64 back = flag_table<Map, own>::convert(foreign);
      CHECK((back & native_bits) == native_bits);
      CHECK(flag_table<own, Map>::convert(back) == foreign);
    } else {
      const i64 number = random_number<Map>();
      const i32 foreign = number_table<own, Map>::convert(static_cast<i32>(number));
      CHECK(foreign != no_number);
      CHECK(number_table<Map, own>::convert(foreign) == number);
    }
  }
}

template <class... Maps>
void check_maps() {
  (check_map<Maps>(), ...);
}

template <class Foreign>
concept has_map = requires {
  typename Foreign::map;
};
template <class>
inline constexpr bool is_signal_set = false;
template <class S, usize W, class M>
inline constexpr bool is_signal_set<signal_set<S, W, M>> = true;
template <class S>
inline constexpr bool is_signal_set<la::sigset<S>> = true;
template <class S>
inline constexpr bool is_signal_set<la::old_sigset<S>> = true;
template <class>
inline constexpr bool is_device = false;
template <class S>
inline constexpr bool is_device<la::device<S>> = true;

template <class Foreign, class Native>
void fill(Native& to);

/// A value that the foreign member can show.
template <class Foreign, class Native>
void fill_member(Native& to) {
  if constexpr (polyabi::detail::is_zero<Foreign> || polyabi::detail::is_ignored<Foreign>) {
    to = Native{};
  } else if constexpr (has_map<Foreign>) {
    if constexpr (is_flag_map<typename Foreign::map>)
      to = static_cast<Native>(random_flags<typename Foreign::map>());
    else
      to = static_cast<Native>(random_number<typename Foreign::map>());
  } else if constexpr (is_signal_set<Foreign>) {
    to = Native{};
    constexpr u64 foreign_bits = sizeof(Foreign) * 8;
    for (int i = 0; i < 5; ++i) {
      const i64 n = random_number<la::signal_numbers>();
      if (la::signal_to_linux<kernel>(static_cast<i32>(n)) <= static_cast<i32>(foreign_bits)) to.add(static_cast<i32>(n));
    }
    if (foreign_bits == 64) to.add(kernel::map<signal>::realtime_first + static_cast<i32>(random_below(33)));
  } else if constexpr (is_device<Foreign>) {
    to = native_device<kernel>(static_cast<u32>(random_below(1 << 8)), static_cast<u32>(random_below(1 << 8)));
  } else if constexpr (std::is_array_v<Native>) {
    for (auto& e : to) e = static_cast<std::remove_reference_t<decltype(e)>>(1 + random_below(100));
  } else if constexpr (has_fields<Native>) {
    fill<Foreign>(to);
  } else {
    to = static_cast<Native>(random_below(0x7fff));
  }
}

template <class Foreign, class Native>
void fill(Native& to) {
  if constexpr (has_fields<Foreign>) {
    for_each_field<Foreign>([&]<class Field>(Field) {
      if constexpr (has_field<Native>(Field::name)) {
        constexpr usize index = polyabi::detail::field_tools<fields_of<Native>>::index(Field::name);
        using own = typename polyabi::detail::field_at<fields_of<Native>, index>::type;
        fill_member<field_type<Field>>(to.*own::member);
      }
    });
  } else {
    fill_member<Foreign>(to);
  }
}

/// The shown forms are compared, byte for byte: the kernel's structure may hold more than is ever shown.
template <template <class> class S, class M>
void check_structure() {
  using foreign = S<M>;
  using own = native<kernel, typename foreign::shape>;
  for (int i = 0; i < 200; ++i) {
    own value{};
    fill<foreign>(value);
    if constexpr (requires { value.ospeed; }) value.ospeed = value.ispeed = i % 2 == 0 ? 38400 : 115200;
    foreign shown{}, again{};
    REQUIRE(to_foreign<kernel>(value, shown) == errc::none);
    own back = value; // what is not shown keeps its value
    REQUIRE(to_native<kernel>(shown, back) == errc::none);
    REQUIRE(to_foreign<kernel>(back, again) == errc::none);
    CHECK(__builtin_memcmp(&shown, &again, sizeof shown) == 0);
  }
}

template <template <class> class... S>
void check_structures() {
  (check_structure<S, lp64>(), ...);
  (check_structure<S, ilp32_i386>(), ...);
}

} // namespace

TEST_CASE("numbers and flags come back as they were") {
  check_maps<la::errors, la::signal_numbers, la::open_flags, la::pipe_flags, la::dup_flags, la::fd_flags, la::stat_at_flags,
             la::statx_at_flags, la::owner_at_flags, la::unlink_at_flags, la::access_at_flags, la::link_at_flags,
             la::access_checks, la::seek_origins, la::map_protections, la::protect_protections, la::map_flags, la::poll_events,
             la::sigaction_flags, la::sigmask_hows, la::sigstack_flags, la::wait_flags, la::waitid_flags, la::wait_targets,
             la::resources, la::clocks, la::interval_timers, la::lock_kinds, la::usages, la::file_types, la::input_modes,
             la::output_modes, la::control_modes, la::local_modes, la::control_characters, la::flush_queues,
             la::flow_actions>();
}

TEST_CASE("real-time signals keep their order") {
  for (i32 n = 32; n <= 64; ++n) {
    const i32 own = la::signal_from_linux<kernel>(n);
    CHECK(own == kernel::map<signal>::realtime_first + n - 32);
    CHECK(la::signal_to_linux<kernel>(own) == n);
  }
}

TEST_CASE("every error of the kernel has a number here") {
  using table = total_number_table<kernel::map<errc>, la::errors>;
  for (const auto& row : kernel::map<errc>::rows) CHECK(table::convert(row.number) > 0);
  CHECK(table::convert(static_cast<i32>(reference::error::again)) == 11);
  CHECK(table::convert(static_cast<i32>(reference::error::deadlk)) == 35);
  CHECK(table::convert(static_cast<i32>(reference::error::notsup)) == 95);
}

TEST_CASE("structures come back as they were") {
  check_structures<la::timespec, la::timespec64, la::timeval, la::itimerval, la::time_pair, la::time_pair64, la::rlimit,
                   la::rlimit64, la::rusage, la::flock, la::flock64, la::pollfd, la::sigset, la::old_sigset, la::sigaction,
                   la::old_sigaction, la::sigstack, la::termios, la::termios2, la::termio, la::winsize, la::stat, la::statfs,
                   la::statfs64>();
  check_structure<la::stat64, ilp32_i386>();
}

TEST_CASE("wait statuses carry signals of the program's numbering") {
  using la::handlers::detail::status_to_linux;
  CHECK(status_to_linux<kernel>(7 << 8) == 7 << 8);
  CHECK(status_to_linux<kernel>(reference::signals::bus) == 7);
  CHECK(status_to_linux<kernel>(reference::signals::segv | 0x80) == (11 | 0x80));
  CHECK(status_to_linux<kernel>(reference::signals::tstp << 8 | 0x7f) == (20 << 8 | 0x7f));
  CHECK(status_to_linux<kernel>(reference::wait_status::continued) == 0xffff);
}

TEST_CASE("limits say infinity in their own way") {
  reference::rlimit own{kernel::unlimited, 4096};
  la::rlimit<ilp32_i386> narrow{};
  REQUIRE(to_foreign<kernel>(own, narrow) == errc::none);
  CHECK(static_cast<u32>(narrow.cur.raw) == 0xffffffff);
  CHECK(static_cast<u32>(narrow.max.raw) == 4096);
  la::old_rlimit<ilp32_i386> old{};
  REQUIRE(to_foreign<kernel>(own, old) == errc::none);
  CHECK(static_cast<u32>(old.cur.raw) == 0x7fffffff);
  reference::rlimit back{};
  REQUIRE(to_native<kernel>(old, back) == errc::none);
  CHECK(back.cur == kernel::unlimited);
}

TEST_CASE("a file too large for 32 bits is EOVERFLOW") {
  reference::stat status{};
  status.size = i64{1} << 31;
  la::stat<ilp32_i386> narrow{};
  CHECK(to_foreign<kernel>(status, narrow) == errc::overflow);
  la::stat64<ilp32_i386> wide{};
  CHECK(to_foreign<kernel>(status, wide) == errc::none);
}

TEST_CASE("nanoseconds of 32-bit programs have no upper half") {
  la::timespec64<ilp32_i386> given{};
  given.nsec.raw = static_cast<i64>(0xdeadbeef00000005);
  reference::timespec own{};
  REQUIRE(to_native<kernel>(given, own) == errc::none);
  CHECK(own.nsec == 5);
}
