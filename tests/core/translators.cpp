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

TEST_CASE("round trips hold in every data model") {
  CHECK(testing::round_trips<no_kernel, time<lp64>, native_time>(2000));
  CHECK(testing::round_trips<no_kernel, time<ilp32_i386>, native_time>(2000));
  CHECK(testing::round_trips<no_kernel, time<ilp32_big>, native_time>(2000));
  CHECK(testing::round_trips<no_kernel, record<lp64>, native_record>(20000));
}

} // namespace
