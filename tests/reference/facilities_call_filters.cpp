// Filters of calls: programs alone, and whose they are, over the reference kernel.
#include "facilities.hpp"

#include <polyabi/facilities/call_filters/chain.hpp>

#include <array>
#include <atomic>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;
namespace code = polyabi::facilities::filter_code;

namespace {

using K = ref::kernel;
using chain = facilities::filter_chain<K>;
using facilities::filter_instruction;

constexpr filter_instruction load(u32 word) {
  return {code::load | code::absolute, 0, 0, 4 * word};
}
constexpr filter_instruction give(u32 answer) {
  return {code::give, 0, 0, answer};
}
constexpr filter_instruction give_accumulator() {
  return {code::give | code::accumulator, 0, 0, 0};
}
constexpr filter_instruction compute(u16 operation, u32 operand) {
  return {static_cast<u16>(code::arithmetic | operation), 0, 0, operand};
}
constexpr filter_instruction compute_by_index(u16 operation) {
  return compute(operation | code::index, 0);
}
constexpr filter_instruction jump_if(u16 condition, u32 operand, u8 yes, u8 no) {
  return {static_cast<u16>(code::jump | condition), yes, no, operand};
}
constexpr filter_instruction to_index{code::move | code::to_index, 0, 0, 0};

template <usize N>
constexpr bool sound(const std::array<filter_instruction, N>& program, u32 words = 4) {
  std::array<u16, N> room{};
  return facilities::is_sound_filter(program, words, room);
}
template <usize N>
constexpr u32 run(const std::array<filter_instruction, N>& program, std::array<u32, 4> data = {1, 2, 3, 4}) {
  return sound(program) ? facilities::run_filter(program, data) : 0xbad;
}
template <class... Instruction>
constexpr auto program(Instruction... all) {
  return std::array<filter_instruction, sizeof...(all)>{all...};
}

// What is checked before it runs.
static_assert(sound(program(give(0))));
static_assert(!sound(program(load(0))), "no answer at its end");
static_assert(sound(program(load(3), give(0))) && !sound(program(load(4), give(0))), "data end there");
static_assert(!sound(program(filter_instruction{code::load | code::absolute, 0, 0, 2}, give(0))), "not a word's place");
static_assert(!sound(program(compute(code::divide, 0), give(0))));
static_assert(!sound(program(compute(code::shift_left, 32), give(0))));
static_assert(sound(program(jump_if(code::equal, 0, 0, 1), give(1), give(2))));
static_assert(!sound(program(jump_if(code::equal, 0, 0, 2), give(1), give(2))), "it jumps beyond the end");
static_assert(!sound(program(jump_if(code::always, 0xffffffff, 0, 0), give(1))), "it jumps backwards");
static_assert(!sound(program(filter_instruction{code::load | code::memory, 0, 0, 1}, give(1))), "never stored");
static_assert(sound(program(filter_instruction{code::store, 0, 0, 1}, filter_instruction{code::load | code::memory, 0, 0, 1},
                            give_accumulator())));
static_assert(!sound(program(jump_if(code::equal, 0, 0, 1), filter_instruction{code::store, 0, 0, 1},
                             filter_instruction{code::load | code::memory, 0, 0, 1}, give(1))),
              "stored on one of two ways");

// What it computes.
static_assert(run(program(load(2), give_accumulator())) == 3);
static_assert(run(program(load(1), to_index, load(3), compute_by_index(code::multiply), give_accumulator())) == 8);
static_assert(run(program(load(1), to_index, load(3), compute_by_index(code::shift_left), give_accumulator())) == 16);
static_assert(run(program(load(0), compute(code::subtract, 2), give_accumulator())) == 0xffffffff);
static_assert(run(program(load(0), compute(code::negate, 0), compute(code::shift_right, 28), give_accumulator())) == 15);
static_assert(run(program(load(3), compute_by_index(code::divide), give(7))) == 0, "division by zero ends it");
static_assert(run(program(filter_instruction{code::load | code::length, 0, 0, 0}, give_accumulator())) == 16);
static_assert(run(program(load(0), jump_if(code::greater, 0, 0, 1), give(1), give(2))) == 1);
static_assert(run(program(load(0), jump_if(code::any_bit, 6, 0, 1), give(1), give(2))) == 2);
static_assert(run(program(jump_if(code::always, 1, 0, 0), give(1), give(2))) == 2);

const chain* own(guest& g) {
  return g.call([](ref::thread& t) { return chain::of(t); });
}
/// The number of a thread that has other filters, 0 if all went well, -1 if there is no filter.
template <usize N>
i32 set(guest& g, const std::array<filter_instruction, N>& p, bool all = false) {
  return g.call([&](ref::thread& t) {
    chain* made = chain::make(t, p);
    if (made == nullptr) return -1;
    const K::section inside;
    const i32 other = made->set(t, all);
    if (other != 0) made->released(*made);
    return other;
  });
}
u32 judge(guest& g, std::array<u32, 4> data = {1, 2, 3, 4}) {
  return g.call([&](ref::thread& t) { return chain::of(t)->judge(data, [](u32 one, u32 other) { return one < other; }); });
}

} // namespace

TEST_CASE("filters are asked one after the other, and the first in order wins", "[filters]") {
  simulated::fresh_process g;
  CHECK(own(*g) == nullptr);
  CHECK(set(*g, program(give(5))) == 0);
  CHECK(judge(*g) == 5);
  CHECK(set(*g, program(load(2), give_accumulator())) == 0);
  CHECK(judge(*g) == 3);
  CHECK(set(*g, program(give(9))) == 0);
  CHECK(judge(*g) == 3);
  CHECK(own(*g)->count() == 3);
}

TEST_CASE("a chain has a greatest length", "[filters]") {
  simulated::fresh_process g;
  std::array<filter_instruction, facilities::longest_filter> longest;
  longest.fill(give(1));
  int made = 0;
  while (set(*g, longest) == 0) ++made;
  CHECK(made == 7); // each counts for four more
  CHECK(judge(*g) == 1);
}

TEST_CASE("children and threads have the filters of who made them", "[filters]") {
  simulated::fresh_process g;
  CHECK(set(*g, program(give(5))) == 0);
  const i32 child = fork(*g, [](guest& self) { (void)perform(self, op::exit{}, static_cast<i32>(judge(self))); });
  CHECK(wait_for(*g, child).status >> 8 == 5);
  CHECK(judge(*g) == 5);
}

TEST_CASE("all threads of a process take a filter, unless one has others", "[filters]") {
  simulated::fresh_process g;
  std::atomic<int> step{0};
  std::atomic<u32> before{0}, after{0};
  const auto reach = [&](guest& self, int wanted) {
    while (step < wanted) sleep_for(self, 1);
  };
  i32 set_alone = -1;
  const i32 other = start_thread(*g, [&](guest& self) {
    step = 1;
    reach(self, 2);
    before = judge(self);
    set_alone = set(self, program(give(2)));
    step = 3;
    reach(self, 4);
    after = judge(self);
    step = 5;
  });
  reach(*g, 1);
  CHECK(set(*g, program(give(8)), true) == 0);
  step = 2;
  reach(*g, 3);
  CHECK(set(*g, program(give(1)), true) == other);
  CHECK(judge(*g) == 8);
  step = 4;
  reach(*g, 5);
  CHECK(set_alone == 0);
  CHECK(before == 8);
  CHECK(after == 2);
}
