// examples/new_abi over examples/port: a made-up ABI runs on a made-up kernel.
#include "../../examples/new_abi/tiny.hpp"
#include "../../examples/port/mini_kernel.hpp"

#include <catch2/catch.hpp>

#include <cstring>

namespace {

using namespace polyabi;
using env = environment<tiny::personality, tiny::machine, mini::kernel>;

registers call_tiny(u32 number, u64 first = 0, u64 second = 0, u64 third = 0) {
  mini::thread caller{7};
  registers frame{};
  frame.rax = number;
  frame.rdi = first;
  frame.rsi = second;
  frame.rdx = third;
  vector_of<env>::dispatch(caller, frame, number);
  return frame;
}

bool failed(const registers& frame) { return (frame.rflags & carry_flag) != 0; }

TEST_CASE("a call that is pure translation reaches the kernel's operation") {
  const auto frame = call_tiny(7);
  CHECK_FALSE(failed(frame));
  CHECK(frame.rax == 7);
}

TEST_CASE("open translates the flags and answers a descriptor") {
  std::strcpy(reinterpret_cast<char*>(mini::memory) + 100, "/zero");
  auto frame = call_tiny(4, 100, 1);
  CHECK_FALSE(failed(frame));
  CHECK(frame.rax == 3);
  frame = call_tiny(4, 100, 0x8000);
  CHECK(failed(frame));
  CHECK(frame.rax == 4); // a bit in no class: EINVAL in tiny's numbers
}

TEST_CASE("the structure arrives in the foreign byte order") {
  const auto frame = call_tiny(6, 3, 200);
  CHECK_FALSE(failed(frame));
  CHECK(mini::memory[204 + 2] == 0x21); // mode 020666 is 0x21b6
  CHECK(mini::memory[204 + 3] == 0xb6);
}

TEST_CASE("errors come back in the foreign numbers, with the carry flag") {
  auto frame = call_tiny(5, 9);
  CHECK(failed(frame));
  CHECK(frame.rax == 3); // EBADF
  frame = call_tiny(2, 3, ~u64{0}, 1);
  CHECK(failed(frame));
  CHECK(frame.rax == 7); // EFAULT
}

TEST_CASE("a handler computes what no operation does") {
  CHECK(call_tiny(8, 21).rax == 42);
  const auto frame = call_tiny(8, 2'000'000);
  CHECK(failed(frame));
  CHECK(frame.rax == 10); // ERANGE
}

TEST_CASE("refused and missing calls say so once, through the funnel") {
  const auto before = mini::kernel::unsupported_count;
  auto frame = call_tiny(9);
  CHECK(failed(frame));
  CHECK(frame.rax == 1); // EPERM, as the row says
  CHECK(mini::kernel::unsupported_count == before);
  for (u32 number : {1u, 3u, 10u, 11u, 4000u}) {
    frame = call_tiny(number);
    CHECK(failed(frame));
    CHECK(frame.rax == 6); // ENOSYS
  }
  CHECK(mini::kernel::unsupported_count == before + 5);
}

TEST_CASE("the support table is derived") {
  constexpr auto& rows = vector_of<env>::support_rows;
  static_assert(rows.size() == 10);
  CHECK(rows[0].level == support::missing); // the kernel has no exit
  CHECK(rows[0].reason == "the kernel does not provide the operation");
  CHECK(rows[1].level == support::native);
  CHECK(rows[8].level == support::refused);
  CHECK(rows[8].reason == "only the operator halts a tiny system");
  CHECK(rows[9].reason == "not written yet");
}

} // namespace
