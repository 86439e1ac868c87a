// instructions CASE derived|hand TURNS: runs one case so often, for callgrind. Two runs with different turns tell a call's
// cost.
#include "cases.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

int compare() {
  int different = 0;
  for (const auto& s : bench::samples) {
    unsigned char left[4096];
    std::memset(bench::user_buffer, 0, sizeof left);
    s.run(false);
    std::memcpy(left, bench::user_buffer, sizeof left);
    const auto by_hand = bench::answered;
    std::memset(bench::user_buffer, 0, sizeof left);
    s.run(true);
    const bool same = by_hand == bench::answered && std::memcmp(left, bench::user_buffer, sizeof left) == 0;
    std::printf("%.*s: by hand %#llx, derived %#llx\n", static_cast<int>(s.name.size()), s.name.data(),
                static_cast<unsigned long long>(by_hand), static_cast<unsigned long long>(bench::answered));
    for (unsigned i = 0; i < sizeof left; ++i)
      if (left[i] != bench::user_buffer[i]) std::printf("  byte %u: %02x, %02x\n", i, left[i], bench::user_buffer[i]);
    different += !same;
  }
  return different == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "--compare") == 0) return compare();
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
