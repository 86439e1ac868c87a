// An outside author tests a whole personality of their own: its calls enter the reference kernel through the trap entry of the
// simulated machine. No Catch2 here: any test framework will do, or none.
#include "acorn.hpp"

#include <polyabi/testing/program.hpp>

#include <cstdio>

namespace {

int failures = 0;
void check(bool holds, const char* what) {
  if (holds) return;
  std::printf("failed: %s\n", what);
  ++failures;
}

} // namespace

int main() {
  using polyabi::testing::call_outcome;
  polyabi::testing::program_of<acorn::personality, acorn::machine> program;

  const auto made = program.call<"OS_Find">(program.text("/oak"), 0x82, 0644);
  check(made == call_outcome{false, 0, 0, made.second}, "the first descriptor is 0");
  check(program.call<"OS_Put">(made.value, program.text("hello"), 5).value == 5, "a file takes what is written");

  const auto again = program.call<"OS_Find">(program.text("/oak"), 0, 0);
  const auto buffer = program.room(16);
  check(program.call<"OS_Get">(again.value, buffer, 16).value == 5, "and gives it back");
  check(program.get_text(buffer, 5) == "hello", "as it was");

  const auto info = program.room(12);
  check(!program.call<"OS_Info">(again.value, info).failed, "a file tells about itself");
  check(program.get<acorn::file_entry<polyabi::ilp32_i386>>(info).size == 5, "its size among it");

  check(program.call<"OS_Find">(program.text("/elm"), 0, 0) == call_outcome{true, 102, 0, 0}, "what is not there is 102");
  check(program.call<"OS_Find">(8, 0, 0) == call_outcome{true, 105, 0, 0}, "a wild pointer is 105");
  check(program.call<"OS_Find">(program.text("/oak"), 0x4000, 0) == call_outcome{true, 104, 0, 0}, "a flag of no class is 104");
  check(program.call<"OS_Shut">(77) == call_outcome{true, 103, 0, 0}, "a descriptor that is not open is 103");
  check(program.call_number(0x99) == call_outcome{true, 106, 0, 0}, "a call that is not there is 106");

  check(program.call<"OS_Who">().value == static_cast<polyabi::u64>(program.guest().process().id), "a process knows its id");
  check(program.call<"OS_Tell">(program.call<"OS_Who">().value, 9) == call_outcome{true, 104, 0, 0}, "there is no signal 9");
  return failures == 0 ? 0 : 1;
}
