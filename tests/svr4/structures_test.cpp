// Structures: onto the kernel's and back, and what does not fit.
#include "catch.hpp"

#include <polyabi/reference/device_numbers.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/svr4/personality.hpp>
#include <polyabi/testing/round_trip.hpp>

using namespace polyabi;
using K = reference::kernel;
using M = ilp32_i386;

TEST_CASE("round trips") {
  using testing::round_trips;
  CHECK(round_trips<K, svr4::timespec<M>, reference::timespec>(2000));
  CHECK(round_trips<K, svr4::timeval<M>, reference::timeval>(2000));
  CHECK(round_trips<K, svr4::itimerval<M>, reference::itimerval>(4000));
  CHECK(round_trips<K, svr4::old_stat<M>, reference::stat>(200000));
  CHECK(round_trips<K, svr4::stat<M>, reference::stat>(200000));
  CHECK(round_trips<K, svr4::stat64<M>, reference::stat>(200000));
  CHECK(round_trips<K, svr4::rlimit<M>, reference::rlimit>(2000));
  CHECK(round_trips<K, svr4::rlimit64<M>, reference::rlimit>(2000));
  CHECK(round_trips<K, svr4::sigset<M>, reference::sigset>(2000));
  CHECK(round_trips<K, svr4::winsize<M>, reference::winsize>(2000));
}

TEST_CASE("socket addresses lose the kernel's length and come back with it") {
  using all = svr4::addresses<M>;
  all::buffer bytes{};
  const unsigned char internet[16] = {2, 0, 0x12, 0x34, 127, 0, 0, 1};
  socket_address<K> native;
  REQUIRE(all::to_native(internet, sizeof internet, native) == errc::none);
  CHECK(native.family() == native_number<K, address_family::inet>);
  CHECK(all::to_foreign(native, bytes) == 16);
  CHECK(__builtin_memcmp(bytes, internet, sizeof internet) == 0);
  unsigned char internet6[32] = {26, 0, 0, 80, 1, 2, 3, 4, 0xfe, 0x80};
  internet6[24] = 3; // the scope
  internet6[28] = 9; // the kernel's own word
  REQUIRE(all::to_native(internet6, sizeof internet6, native) == errc::none);
  CHECK(native.family() == native_number<K, address_family::inet6>);
  CHECK(all::to_foreign(native, bytes) == 32);
  CHECK(bytes[28] == 0);
  CHECK(__builtin_memcmp(bytes, internet6, 28) == 0);
  CHECK(all::to_native(internet6, 28, native) == errc::inval);
  const unsigned char local[8] = {1, 0, '/', 't', 'm', 'p', 0, 'x'};
  REQUIRE(all::to_native(local, sizeof local, native) == errc::none);
  CHECK(native.path() == "/tmp");
  CHECK(all::to_foreign(native, bytes) == 7);
  CHECK(all::to_native(local, 1, native) == errc::inval);
  const unsigned char unknown[16] = {6};
  CHECK(all::to_native(unknown, sizeof unknown, native) == errc::afnosupport);
}

TEST_CASE("what does not fit is refused") {
  reference::stat large{};
  large.size = i64{5} << 30;
  svr4::stat<M> small{};
  svr4::stat64<M> wide{};
  svr4::old_stat<M> old{};
  CHECK(to_foreign<K>(large, small) == errc::overflow);
  CHECK(to_foreign<K>(large, wide) == errc::none);
  CHECK(i64{wide.size} == i64{5} << 30);
  large.size = 5;
  large.uid = 70000;
  CHECK(to_foreign<K>(large, old) == errc::overflow);
  CHECK(to_foreign<K>(large, small) == errc::none);
}

TEST_CASE("device numbers") {
  reference::stat in{};
  in.rdev = reference::make_device(5, 300);
  svr4::stat<M> out{};
  REQUIRE(to_foreign<K>(in, out) == errc::none);
  CHECK(u32{out.rdev.raw} == (5u << 18 | 300));
}

TEST_CASE("no limit is the largest number of each kind") {
  reference::rlimit limit{reference::resources::infinity, reference::resources::infinity};
  svr4::rlimit<M> small{};
  svr4::rlimit64<M> large{};
  REQUIRE(to_foreign<K>(limit, small) == errc::none);
  REQUIRE(to_foreign<K>(limit, large) == errc::none);
  CHECK(u32{small.cur.raw} == 0x7fffffff);
  CHECK(u64{large.cur.raw} == ~u64{0} - 2);
  reference::rlimit back{};
  REQUIRE(to_native<K>(large, back) == errc::none);
  CHECK(back.cur == reference::resources::infinity);
}

TEST_CASE("terminals: places that are shared, characters that are off") {
  reference::termios own{};
  own.lflag = reference::termios_bits::icanon | reference::termios_bits::echo;
  own.cflag = reference::termios_bits::cs8 | reference::termios_bits::cread;
  own.ispeed = own.ospeed = 9600;
  for (auto& c : own.cc) c = reference::termios_bits::disabled;
  own.cc[reference::termios_bits::veof] = 4;
  own.cc[reference::termios_bits::vmin] = 1;
  svr4::termios<M> out{};
  REQUIRE(to_foreign<K>(own, out) == errc::none);
  CHECK(out.cc[4] == 4);                // VEOF, as ICANON is on
  CHECK(out.cc[0] == 0);                // VINTR is off
  CHECK(u32{out.cflag} == (060 | 0200 | 13));
  CHECK(u32{out.lflag} == (02 | 010));

  out.lflag = 0u;
  out.cc[4] = 7;
  out.cc[0] = 3;
  REQUIRE(to_native<K>(out, own) == errc::none);
  CHECK(own.cc[reference::termios_bits::vmin] == 7);
  CHECK(own.cc[reference::termios_bits::veof] == 4); // kept
  CHECK(own.cc[reference::termios_bits::vintr] == 3);
  CHECK(own.lflag == 0);
}

TEST_CASE("floating point keeps its registers and tags") {
  u8 area[512]{}, back[512]{};
  area[0] = 0x7f;
  area[1] = 0x03;
  area[3] = 0x30;       // the stack's top is register 6
  area[4] = 0xc0;       // 6 and 7 are in use
  area[24] = 0x80;
  area[25] = 0x1f;
  area[32 + 7] = 0x80;  // ST(0) is 1.0
  area[32 + 8] = 0xff;
  area[32 + 9] = 0x3f;
  area[160] = 42;       // XMM0
  svr4::fpregset<M> regs{};
  svr4::floating_point::to_foreign(area, regs);
  CHECK(u32{regs.tags} == (0xffff0000u | 0x4fffu)); // 6 valid, 7 zero, the others empty
  CHECK(regs.xmm[0][0] == 42);
  svr4::floating_point::to_native(regs, back);
  CHECK(std::equal(area, area + 176, back));
}

TEST_CASE("siginfo") {
  reference::siginfo in{};
  in.signo = reference::signals::chld;
  in.code = reference::signal_codes::cld_killed;
  in.pid = 77;
  in.status = reference::signals::usr2;
  svr4::siginfo<M> out{};
  REQUIRE(to_foreign<K>(in, out) == errc::none);
  CHECK(i32{out.signo} == 18);
  CHECK(i32{out.code} == 2);
  CHECK(i32{out.news.pid} == 77);
  CHECK(i32{out.news.status} == 17);
  in = {};
  in.signo = reference::signals::fpe;
  in.code = reference::signal_codes::fpe_intdiv; // the kernel's 2 is System V's 1
  in.address = 0x8049000;
  REQUIRE(to_foreign<K>(in, out) == errc::none);
  CHECK(i32{out.code} == 1);
  CHECK(u32{out.where.address} == 0x8049000);
}
