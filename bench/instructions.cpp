// instructions CASE derived|hand TURNS: runs one case so often, for callgrind. Two runs with different turns tell a call's cost.
#include "cases.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

int main(int argc, char** argv) {
  if (argc != 4) {
    for (const auto& s : bench::samples) std::printf("%.*s\n", static_cast<int>(s.name.size()), s.name.data());
    return 0;
  }
  const bool derived = std::strcmp(argv[2], "derived") == 0;
  const auto turns = std::atoi(argv[3]);
  for (const auto& s : bench::samples)
    if (s.name == argv[1]) {
      for (int i = 0; i < turns; ++i) s.run(derived);
      return 0;
    }
  std::fprintf(stderr, "there is no case '%s'\n", argv[1]);
  return 2;
}
