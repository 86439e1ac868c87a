// The call table against the numbers of the host's kernel headers: no name or number missing, wrong or twice.
#include "catch.hpp"

#include <polyabi/linux/personality.hpp>

#include <fstream>
#include <map>
#include <regex>
#include <string>

namespace {

using numbers = std::map<int, std::string>;

/// Calls that are younger than many distributions' headers: the same numbers on every architecture.
const numbers recent = {{451, "cachestat"},         {452, "fchmodat2"},         {453, "map_shadow_stack"}, {454, "futex_wake"},
                        {455, "futex_wait"},        {456, "futex_requeue"},     {457, "statmount"},        {458, "listmount"},
                        {459, "lsm_get_self_attr"}, {460, "lsm_set_self_attr"}, {461, "lsm_list_modules"}, {462, "mseal"}};

/// The `#define __NR_name number` lines of a header.
numbers read_header(const std::string& path) {
  numbers found;
  std::ifstream in{path};
  const std::regex definition{R"(#define __NR_(\w+)\s+(\d+))"};
  std::smatch parts;
  for (std::string line; std::getline(in, line);)
    if (std::regex_search(line, parts, definition)) found[std::stoi(parts[2])] = parts[1];
  return found;
}

template <polyabi::usize Column>
numbers read_table() {
  numbers found;
  polyabi::linux_abi::personality::syscalls::each([&]<class Row>(Row) {
    if (const int number = Row::numbers.column[Column]; number != polyabi::absent) {
      INFO("number " << number << " of " << Row::name);
      CHECK(!found.contains(number));
      found[number] = Row::name;
    }
  });
  return found;
}

void compare(numbers expected, const numbers& table) {
  if (expected.empty()) {
    WARN("no kernel headers here: nothing to compare with");
    return;
  }
  expected.insert(recent.begin(), recent.end());
  for (const auto& [number, name] : expected) {
    INFO(name << " is " << number << ": a row in personalities/linux/include/polyabi/linux/tables");
    const auto row = table.find(number);
    REQUIRE(row != table.end());
    CHECK(row->second == name);
  }
  for (const auto& [number, name] : table) {
    INFO(name << " is " << number << " in the table, and unknown to the headers");
    CHECK((expected.contains(number) || number > expected.rbegin()->first));
  }
}

} // namespace

TEST_CASE("the x86-64 table has the numbers and names of the kernel's headers") {
  compare(read_header(POLYABI_UNISTD_64), read_table<0>());
}

TEST_CASE("the i386 table has the numbers and names of the kernel's headers") {
  compare(read_header(POLYABI_UNISTD_32), read_table<1>());
}

TEST_CASE("the multiplexers of i386 have all their calls") {
  using polyabi::linux_abi::tables::ipc_calls;
  using polyabi::linux_abi::tables::socket_calls;
  CHECK(socket_calls::size == 20); // linux/net.h: SYS_SOCKET to SYS_SENDMMSG
  CHECK(ipc_calls::size == 12);    // linux/ipc.h
}
