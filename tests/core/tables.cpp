// Multiplexed calls and ioctls over the smallest kernel.
#include "../../examples/new_abi/tiny.hpp"
#include "../../examples/port/mini_kernel.hpp"

#include <catch2/catch.hpp>

namespace {

using namespace polyabi;
using namespace polyabi::arguments;

using files = syscall_table<call<1, "drop", status(fd), op::close>, call<3, "look", status(fd, out<tiny::info>), op::fstat>>;
using ioctls = ioctl_table<errc::again, request<0x5401, "LOOK", status(fd, out<tiny::info>), op::fstat>,
                           request<0x5402, "DROP", status(fd), op::close>, request<0x40045403, "PAINT", status(fd, value_at<i32>)>>;
struct personality : tiny::personality {
  using syscalls = syscall_table<call<1, "shifted", status(int_), multiplexed<multiplex_style::shifted, files>>,
                                 call<2, "in_memory", status(int_, address), multiplexed<multiplex_style::in_memory, files>>,
                                 call<3, "control", count(fd, ioctl_request, address), ioctl_of<ioctls>>>;
};
using env = environment<personality, tiny::machine, mini::kernel>;

registers enter(u32 number, u64 a = 0, u64 b = 0, u64 c = 0) {
  mini::thread caller{1};
  registers frame{};
  frame.rdi = a;
  frame.rsi = b;
  frame.rdx = c;
  vector_of<env>::dispatch(caller, frame, number);
  return frame;
}
bool failed_with(const registers& r, u64 number) { return (r.rflags & carry_flag) != 0 && r.rax == number; }

TEST_CASE("a multiplexed call takes its arguments after the selector, or from memory") {
  CHECK((enter(1, 1, 3).rflags & carry_flag) == 0);
  CHECK(failed_with(enter(1, 1, 4), 3));
  CHECK(failed_with(enter(1, 2, 3), 4)); // no such selector
  CHECK(failed_with(enter(1, 0xffffffff, 3), 4));
  const u64 words[2] = {3, 64};
  __builtin_memcpy(mini::memory + 16, words, sizeof words);
  CHECK((enter(2, 3, 16).rflags & carry_flag) == 0);
  CHECK(mini::memory[64 + 6] == 0x21);
  // Only the words of the sub-call are read: one at the very end of memory is enough for `drop`.
  const u64 three = 3;
  __builtin_memcpy(mini::memory + sizeof mini::memory - 8, &three, 8);
  CHECK((enter(2, 1, sizeof mini::memory - 8).rflags & carry_flag) == 0);
  CHECK(failed_with(enter(2, 3, sizeof mini::memory - 8), 7)); // `look` needs two
}

TEST_CASE("an ioctl is found by its number; an unknown one is the table's own error") {
  CHECK((enter(3, 3, 0x5401, 128).rflags & carry_flag) == 0);
  CHECK(mini::memory[128 + 6] == 0x21);
  CHECK((enter(3, 3, 0x5402).rflags & carry_flag) == 0);
  CHECK(failed_with(enter(3, 3, 0x5403), 5));
  CHECK(failed_with(enter(3, 3, 0), 5));
  CHECK(failed_with(enter(3, 3, 0x40045403, 0), 6)); // known, not written
}

struct sized {
  static constexpr grown growth[]{{8, {1}}, {16, {2}}}; // `extra` came with the second release
  le<u64> flags, extra;
};

TEST_CASE("a structure with a stated size may be older or newer than ours") {
  mini::thread caller{1};
  registers frame{};
  context<env> c{caller, frame, "sized"};
  const user_ptr<const sized> at{512};
  const u64 words[3] = {1, 2, 0};
  __builtin_memcpy(mini::memory + 512, words, sizeof words);
  sized s{};
  CHECK(c.read_versioned(at, 4, s) == errc::inval);
  REQUIRE(c.read_versioned(at, 8, s) == errc::none); // an older program: the rest is zero
  CHECK(s.flags == 1);
  CHECK(s.extra == 0);
  REQUIRE(c.read_versioned(at, 24, s) == errc::none); // a newer one that uses nothing new
  CHECK(s.extra == 2);
  mini::memory[512 + 20] = 1;
  CHECK(c.read_versioned(at, 24, s) == errc::toobig);
  CHECK(c.read_versioned(at, 5000, s) == errc::toobig);
  CHECK(c.read_versioned(user_ptr<const sized>{sizeof mini::memory - 8}, 16, s) == errc::fault);
}

TEST_CASE("a table has no slot for numbers beyond its end") {
  CHECK(failed_with(enter(4), 6));
  CHECK(failed_with(enter(~0u), 6));
}

} // namespace
