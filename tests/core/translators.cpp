#include "../../examples/new_abi/tiny.hpp"
#include "../../examples/port/mini_kernel.hpp"

#include <polyabi/testing/round_trip.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace polyabi;
using testing::no_kernel;

struct native_time {
  i64 sec, nsec;
  POLYABI_FIELDS(native_time, sec, nsec)
};
struct native_record {
  u64 ino;
  i64 size;
  u32 mode;
  native_time mtime;
  i32 codes[3];
  POLYABI_FIELDS(native_record, ino, size, mode, mtime, codes)
};

template <class M>
struct time {
  typename M::slong sec, nsec;
  POLYABI_FIELDS(time, sec, nsec)
};
template <class M>
struct record {
  typename M::u16 mode;
  typename M::u32 ino;
  truncating<typename M::u32> size;
  time<M> mtime;
  typename M::i32 codes[3];
  zero<typename M::u32> reserved;
  POLYABI_FIELDS(record, mode, ino, size, mtime, codes, reserved)
};

TEST_CASE("fields are matched by name, whatever their order and width") {
  native_record native{.ino = 7, .size = 9, .mode = 0644, .mtime = {5, 6}, .codes = {1, 2, 3}};
  record<ilp32_big> foreign{};
  foreign.reserved.raw = 99;
  REQUIRE(to_foreign<no_kernel>(native, foreign) == errc::none);
  CHECK(foreign.ino == 7);
  CHECK(foreign.mode == 0644);
  CHECK(foreign.mtime.nsec == 6);
  CHECK(foreign.codes[2] == 3);
  CHECK(foreign.reserved.raw == 0);
  native_record back{};
  REQUIRE(to_native<no_kernel>(foreign, back) == errc::none);
  CHECK(back.ino == 7);
  CHECK(back.mtime.sec == 5);
}

TEST_CASE("a value that does not fit is EOVERFLOW unless the member says otherwise") {
  native_record native{};
  record<ilp32_i386> foreign{};
  native.size = 0x123456789; // truncating
  REQUIRE(to_foreign<no_kernel>(native, foreign) == errc::none);
  CHECK(foreign.size.raw == 0x23456789);
  native.ino = u64{1} << 32;
  CHECK(to_foreign<no_kernel>(native, foreign) == errc::overflow);
  native.ino = 0;
  native.mtime.sec = i64{1} << 31;
  CHECK(to_foreign<no_kernel>(native, foreign) == errc::overflow);
}

TEST_CASE("saturating members take the nearest value that fits") {
  saturating<le<i16>> s{};
  CHECK(s.from_native<no_kernel>(i64{100000}) == errc::none);
  CHECK(s.raw == 32767);
  CHECK(s.from_native<no_kernel>(i64{-100000}) == errc::none);
  CHECK(s.raw == -32768);
}

TEST_CASE("identity is proven, not assumed") {
  STATIC_REQUIRE(identical<time<lp64>, native_time>);
  STATIC_REQUIRE_FALSE(identical<time<lp64_big>, native_time>);
  STATIC_REQUIRE_FALSE(identical<time<ilp32_i386>, native_time>);
}

struct native_poll {
  i32 fd;
  u32 events, revents;
  POLYABI_FIELDS(native_poll, fd, events, revents)
};
template <class M>
struct pollfd {
  in_only<typename M::i32> fd;
  in_only<typename M::u16> events;
  typename M::u16 revents;
  POLYABI_FIELDS(pollfd, fd, events, revents)
};
template <class M>
struct poll_pair {
  pollfd<M> first, second;
  POLYABI_FIELDS(poll_pair, first, second)
};
struct native_poll_pair {
  native_poll first, second;
  POLYABI_FIELDS(native_poll_pair, first, second)
};

TEST_CASE("fields that the ABI only reads are left alone when a structure is written back") {
  using env = environment<tiny::personality, tiny::machine, mini::kernel>;
  mini::thread caller{1};
  registers frame{};
  context<env> c{caller, frame, "poll"};
  std::memset(mini::memory, 0xee, 64);
  const native_poll_pair all{{3, 5, 1}, {4, 6, 2}};
  REQUIRE(c.write_foreign(user_ptr<poll_pair<lp64>>{8}, all) == errc::none);
  poll_pair<lp64> shown;
  std::memcpy(&shown, mini::memory + 8, sizeof shown);
  CHECK(shown.first.fd.raw == static_cast<i32>(0xeeeeeeee));
  CHECK(shown.first.events.raw == 0xeeee);
  CHECK(shown.first.revents == 1);
  CHECK(shown.second.events.raw == 0xeeee);
  CHECK(shown.second.revents == 2);
  CHECK(c.write_foreign(user_ptr<poll_pair<lp64>>{4094}, all) == errc::fault);
}

struct wide_set {
  u64 bits[2];
};
struct plain_signals : number_map<signal> {
  static constexpr i32 realtime_first = 32, realtime_last = 64;
  static constexpr auto rows = std::to_array<row>({{signal::hup, 1}, {signal::term, 15}});
};
struct signal_kernel {
  template <class>
  using map = plain_signals;
};

TEST_CASE("a set of an older call shows the signals that it has bits for") {
  struct {
    signal_set<le<u32>, 1, plain_signals> set;
    le<u32> behind;
  } shown{};
  const wide_set all{{u64{1} << 14 | u64{1} << 39, 0}};
  REQUIRE(shown.set.from_native<signal_kernel>(all) == errc::none);
  CHECK(shown.set.words[0] == 1U << 14);
  CHECK(shown.behind == 0);
  signal_set<le<u32>, 2, plain_signals> whole{};
  REQUIRE(whole.from_native<signal_kernel>(all) == errc::none);
  CHECK(whole.words[1] == 1U << 7);
}

TEST_CASE("round trips hold in every data model") {
  CHECK(testing::round_trips<no_kernel, time<lp64>, native_time>(2000));
  CHECK(testing::round_trips<no_kernel, time<ilp32_i386>, native_time>(2000));
  CHECK(testing::round_trips<no_kernel, time<ilp32_big>, native_time>(2000));
  CHECK(testing::round_trips<no_kernel, record<lp64>, native_record>(20000));
}

} // namespace
