// Calls on streams with arguments from a seeded generator, and what a fuzzer has found.
#include "catch.hpp"
#include "stream_calls.hpp"

#include <limits>
#include <vector>

using namespace polyabi;

namespace {
/// splitmix64: small, and the same everywhere.
u64 next(u64& state) {
  u64 z = state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}
} // namespace

TEST_CASE("calls on streams with any arguments answer") {
  for (u64 seed = 1; seed <= 3000; ++seed) {
    u64 state = seed;
    std::vector<u8> bytes(100 + next(state) % 1500);
    for (u8& b : bytes) b = static_cast<u8>(next(state));
    test::exercise_streams(bytes);
  }
}

TEST_CASE("I_ESETSIG of a group that has no number") {
  testing::program_of<svr4::personality, svr4::i386> program;
  const auto pipe = program.call<"pipe">();
  const i32 nobody[] = {std::numeric_limits<i32>::min(), 1};
  constexpr u32 set_signals_of = u32{'S'} << 8 | 045;
  CHECK(program.call<"ioctl">(pipe.value, set_signals_of, program.put(nobody)) == testing::call_outcome{true, 3, 0, 0}); // ESRCH
}
