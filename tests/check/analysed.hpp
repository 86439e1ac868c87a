// The numbers that are found in a program of this folder.
#pragma once

#include <program_calls.hpp>

#include <string>

namespace check_test {

using namespace polyabi;
using namespace polyabi::check;

struct numbers {
  std::set<u64> known;
  std::map<u64, std::set<u64>> selectors; ///< of calls of which the test says that they have one
  usize unknown = 0;
  std::vector<std::string> missing, at_run_time;
  bool has_computed_lookups = false;
};

/// A system with calls of these numbers, each with the argument that selects, or -1.
supported_system system_with(architecture, std::vector<std::pair<u64, i8>> calls = {});
numbers numbers_of(const std::string& program, const supported_system&);

} // namespace check_test
