// Every map and every structure there and back: what the kernel says reaches the program and comes back unchanged.
#include "catch.hpp"

#include <polyabi/linux/personality.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/testing/stated_names.hpp>
#include <polyabi/testing/translations.hpp>

namespace {

using namespace polyabi;
namespace la = polyabi::linux_abi;
using kernel = reference::kernel;

/// What no row mentions, because handlers use it behind a word that means several things.
template <class M, class Visitor>
void behind_words(Visitor& v) {
  v.template structure<la::flock<M>>("fcntl");
  v.template structure<la::flock64<M>>("fcntl64");
  v.template structure<la::pollfd<M>>("poll");
  v.template map<la::address_families>("socket");
  v.template map<la::socket_types>("socket");
  v.template map<la::interface_flags>("ioctl");
  v.template map<la::tunnel_flags>("ioctl");
  v.template map<la::barrier_commands>("membarrier");
  v.template map<la::handlers::capability_bits>("capset");
  v.template map<la::control_characters>("ioctl");
  v.template map<la::epoll_flags>("epoll_ctl");
  v.template map<la::fd_flags>("fcntl");
  v.template map<la::inotify_events>("inotify_add_watch");
  v.template map<la::inotify_watch_flags>("inotify_add_watch");
  v.template map<la::lock_kinds>("fcntl");
  v.template map<la::seals>("fcntl");
  v.template map<la::segment_marks>("shmctl");
  v.template map<la::sigmask_hows>("rt_sigprocmask");
}

/// Maps whose names the library asks for itself: no kernel has numbers for them.
template <class... Maps>
struct map_list {};
using named_only = map_list<la::queue_commands, la::segment_commands, la::semaphore_commands, la::wait_targets>;

template <class Arch>
testing::translation_report translate_tables() {
  return testing::check_translations<environment<la::personality, Arch, kernel>>(
      [](auto& visitor) { behind_words<typename Arch::model>(visitor); });
}

template <class Arch>
void check_tables() {
  const auto report = translate_tables<Arch>();
  for (const auto& sentence : report.failures) FAIL_CHECK(sentence);
  CHECK(report.maps > 30);
  CHECK(report.structures > 20);
}

} // namespace

template <>
struct polyabi::testing::plausible<reference::termios> {
  static void make(reference::termios& t, random_source& random) {
    t.ispeed = t.ospeed = random.next() % 2 == 0 ? 38400 : 115200; // one field of the control modes
  }
};

template <>
struct polyabi::testing::plausible<reference::stat> {
  static void make(reference::stat& s, random_source& random) {
    const auto device = [&] {
      const auto major = static_cast<u32>(random.next() % 256), minor = static_cast<u32>(random.next() % 256);
      return kernel::make_device(major, minor);
    };
    s.dev = device();
    s.rdev = device();
    constexpr u32 unchanged = 0xffff; // in the words of 16 bits: no user and no group
    if (s.uid == unchanged) s.uid = 0;
    if (s.gid == unchanged) s.gid = 0;
  }
};

template <>
struct polyabi::testing::plausible<reference::timespec> {
  static void make(reference::timespec& t, random_source& random) { t.nsec = static_cast<i64>(random.next() % 1'000'000'000); }
};

template <>
struct polyabi::testing::plausible<reference::time_pair> {
  static void make(reference::time_pair& t, random_source& random) {
    plausible<reference::timespec>::make(t.access, random);
    plausible<reference::timespec>::make(t.modification, random);
  }
};

/// Programs send no others with rt_sigqueueinfo, which is the only way in.
template <>
struct polyabi::testing::plausible<reference::siginfo> {
  static void make(reference::siginfo& s, random_source& random) {
    s = {};
    s.signo = static_cast<i32>(1 + random.next() % 31);
    s.code = reference::signal_codes::queue;
    s.pid = static_cast<i32>(random.next());
    s.uid = static_cast<u32>(random.next());
    s.value = random.next();
  }
};

TEST_CASE("what the tables of x86-64 mention comes back as it was") {
  check_tables<la::x86_64>();
}

TEST_CASE("what the tables of i386 mention comes back as it was") {
  check_tables<la::i386>();
}

template <class... Maps, class Visitor>
void each_map(map_list<Maps...>, Visitor visit) {
  (visit.template operator()<Maps>(), ...);
}

TEST_CASE("numbers that only handlers read name what their row says") {
  each_map(named_only{}, []<class Map>() {
    for (const auto& row : Map::rows) CHECK(name_for<Map>(row.number) == row.name);
    CHECK(name_for<Map>(1000) == typename Map::name_type{});
    CHECK(name_for<Map>(-1) == typename Map::name_type{});
  });
}

TEST_CASE("no map of the personality is left out") {
  std::set<std::string> checked;
  each_map(named_only{}, [&]<class Map>() { checked.insert(testing::stated_name(testing::type_name<Map>())); });
  for (const auto& name : translate_tables<la::i386>().names) checked.insert(testing::stated_name(name));
  const auto stated = testing::maps_stated_in(POLYABI_LINUX_HEADERS);
  for (const auto& [name, file] : stated) {
    INFO(name << " of " << file << ": no row mentions it; if a handler uses it, say so in behind_words");
    CHECK(checked.contains(name));
  }
  CHECK(stated.size() > 35);
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
