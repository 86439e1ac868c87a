// Releases: their order, what a structure has grown to, and calls that a chosen release has not yet.
#include "../../examples/new_abi/tiny.hpp"
#include "../../examples/port/mini_kernel.hpp"

#include <polyabi/core/instantiate.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace polyabi;
using namespace polyabi::arguments;

static_assert(release{2, 6, 39} < release{3} && release{5, 9} < release{5, 10} && !(release{5, 9} < release{5, 9}));
static_assert(parse_release("5.10.0-8-amd64") == release{5, 10} && parse_release("2.6.32") == release{2, 6, 32} &&
              parse_release("6") == release{6} && parse_release("4.4-rc1") == release{4, 4} && parse_release("3.") == release{3});
static_assert(parse_release("").is_none() && parse_release("next").is_none() && parse_release(".5").is_none() &&
              parse_release("5.99999").is_none() && parse_release("99999999999999999999").is_none());

struct growing {
  static constexpr grown growth[]{{8, {1, 2}}, {16, {1, 4}}};
  u64 old, added;
};
struct constant {
  u64 old;
};
static_assert(known_size<growing>({}) == 16 && known_size<growing>({1, 4}) == 16 && known_size<growing>({2}) == 16 &&
              known_size<growing>({1, 3}) == 8 && known_size<growing>({1}) == 8 && known_size<constant>({1}) == 8);

/// mini::kernel, with a release that was chosen.
struct dated_kernel : mini::kernel {
  static inline release chosen;
  static release release_of(thread&) { return chosen; }
};
struct personality : tiny::personality {
  using syscalls = syscall_table<call<at{3}, "drop", status(fd), op::close>, call<at{4}, "drop2", status(fd), op::close>,
                                 call<at{5, 5}, "drop3", status(fd), op::close>>;
  static constexpr brought history[]{brought(release{1, 4}, "drop2", "drop3"), brought_to(0, release{2}, "drop3")};
};
using env = environment<personality, tiny::machine, dated_kernel>;

static_assert(appearances<personality, 0>()[3].is_none() && appearances<personality, 0>()[4] == release{1, 4} &&
              appearances<personality, 0>()[5] == release{2} && appearances<personality, 1>()[5] == release{1, 4});

bool is_there(u32 number) {
  mini::thread caller{1};
  registers frame{};
  frame.rdi = 99; // no descriptor
  dispatch_call<env>(caller, frame, number);
  CHECK((frame.rflags & carry_flag) != 0);
  return frame.rax != static_cast<u64>(number_for<personality::errors>(errc::nosys));
}

TEST_CASE("a structure is as long as the release that is seen has it") {
  mini::thread caller{1};
  registers frame{};
  context<env> c{caller, frame, "growing"};
  const user_ptr<const growing> at{512};
  const u64 words[2] = {1, 2};
  __builtin_memcpy(mini::memory + 512, words, sizeof words);
  growing seen{};
  dated_kernel::chosen = {1, 4};
  CHECK((c.read_versioned(at, 16, seen) == errc::none && seen.added == 2));
  dated_kernel::chosen = {1, 3};
  CHECK((c.read_versioned(at, 8, seen) == errc::none && seen.old == 1 && seen.added == 0));
  CHECK(c.read_versioned(at, 16, seen) == errc::toobig);
  dated_kernel::chosen = {};
  CHECK((c.read_versioned(at, 16, seen) == errc::none && seen.added == 2));
}

TEST_CASE("a call is there from its release on, and always if none was chosen") {
  dated_kernel::chosen = {};
  CHECK((is_there(3) && is_there(4) && is_there(5)));
  dated_kernel::chosen = {1, 3, 255};
  CHECK((is_there(3) && !is_there(4) && !is_there(5)));
  dated_kernel::chosen = {1, 4};
  CHECK((is_there(3) && is_there(4) && !is_there(5)));
  dated_kernel::chosen = {2, 0, 1};
  CHECK((is_there(3) && is_there(4) && is_there(5)));
  CHECK_FALSE(is_there(6));
  CHECK_FALSE(is_there(4000));
}

} // namespace
