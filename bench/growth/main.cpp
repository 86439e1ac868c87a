// growth [CASE SIZE TURNS]: runs the call of a case so often, for callgrind; two runs with different turns tell what one costs.
// Without arguments, the cases and their sizes.
#include "growth.hpp"

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
  for (const auto cases : {bench::growing_tables(), bench::growing_system()})
    for (const auto& c : cases) {
      if (argc == 4 && c.name == argv[1]) {
        c.run(std::atoi(argv[2]), std::atoi(argv[3]));
        return 0;
      }
      if (argc == 4) continue;
      std::printf("%.*s", static_cast<int>(c.name.size()), c.name.data());
      for (const int size : c.sizes) std::printf("\t%d", size);
      std::printf("\n");
    }
  if (argc != 4) return 0;
  std::fprintf(stderr, "there is no case '%s'\n", argv[1]);
  return 2;
}
