// Numbers that reach kernel entries, found by disassembly.
#include "analysed.hpp"
#include "catch.hpp"

namespace check_test {

supported_system system_with(architecture arch, std::vector<std::pair<u64, i8>> calls) {
  supported_system system;
  const bool wide = arch == architecture::x86_64;
  system.convention = wide ? entry_convention{0, {7, 6, 2, 10, 8, 9}, false} : entry_convention{0, {3, 1, 2, 6, 7, 5}, false};
  if (wide)
    system.gates = {entry_gate::syscall};
  else
    system.gates = {entry_gate::int80, entry_gate::vsyscall_gs, entry_gate::sysenter};
  std::sort(calls.begin(), calls.end());
  for (const auto& [number, selector] : calls) {
    supported_call call;
    call.number = number;
    call.selector = selector;
    system.calls.push_back(call);
  }
  return system;
}

numbers numbers_of(const std::string& program, const supported_system& system) {
  const std::string path = std::string{CHECK_PROGRAMS} + "/" + program;
  image_store store;
  const host_view view{""};
  program_images images{store, view, path, path};
  numbers found;
  REQUIRE(images.problem().empty());
  for (const missing_library& m : images.missing) found.missing.push_back(m.name);
  const program_calls calls{images, system};
  calls.each([&](place, const system_call& c) {
    if (!c.is_known) {
      ++found.unknown;
      return;
    }
    found.known.insert(c.number);
    const supported_call* row = system.find(c.number);
    if (row != nullptr && row->selector >= 0)
      for (const u64 n : c.arguments[static_cast<usize>(row->selector)].numbers()) found.selectors[c.number].insert(n);
  });
  found.at_run_time = calls.libraries_at_run_time;
  found.has_computed_lookups = !calls.computed_lookups.empty();
  return found;
}

namespace {

TEST_CASE("numbers of a program at a fixed address, and of one that can lie anywhere") {
  const std::string program = GENERATE("check_numbers", "check_numbers_pie");
  const numbers found = numbers_of(program, system_with(architecture::x86_64, {{1011, 1}}));
  CHECK(found.known == std::set<u64>{60, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012});
  CHECK(found.selectors.at(1011) == std::set<u64>{0x5413, 0x5401});
  CHECK(found.unknown == 1);
}

TEST_CASE("i386: three gates, numbers on the stack, the gate in a variable") {
  const numbers found = numbers_of("check_numbers_i386", system_with(architecture::i386, {{102, 0}}));
  CHECK(found.known == std::set<u64>{1, 102, 1000, 1001, 1002, 1003, 1004});
  CHECK(found.selectors.at(102) == std::set<u64>{5});
  CHECK(found.unknown == 0);
}

TEST_CASE("stubs as Go has them") {
  const numbers found = numbers_of("check_like_go", system_with(architecture::x86_64));
  CHECK(found.known == std::set<u64>{231, 1000, 1001});
  CHECK(found.unknown == 0);
}

TEST_CASE("data in the segment of the code is no code") {
  CHECK(numbers_of("check_data_among_code", system_with(architecture::x86_64)).known == std::set<u64>{231});
}

TEST_CASE("System V's gate: arguments above the return address") {
  supported_system system = system_with(architecture::i386, {{54, 1}});
  system.convention = {0, {}, true};
  system.gates = {entry_gate::lcall7};
  const numbers found = numbers_of("check_svr4", system);
  CHECK(found.known == std::set<u64>{1, 54});
  CHECK(found.selectors.at(54) == std::set<u64>{0x5401});
}

TEST_CASE("instructions of another system are none of this one") {
  supported_system system = system_with(architecture::x86_64);
  system.gates = {entry_gate::lcall7};
  const numbers found = numbers_of("check_numbers", system);
  CHECK(found.known.empty());
  CHECK(found.unknown == 0);
}

} // namespace
} // namespace check_test
