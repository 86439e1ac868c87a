// Whole files for tests, and a reader of them.
#pragma once

#include <polyabi/activators/reader.hpp>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace polyabi::test {

/// Empty if there is no such file.
inline std::vector<u8> read_file(const std::string& path) {
  std::ifstream stream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, std::istreambuf_iterator<char>{}};
}

} // namespace polyabi::test
