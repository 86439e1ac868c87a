// libFuzzer target: `fuzz_executable CORPUS` with clang. With a folder as the only argument of `--write-corpus`, the
// well-formed files are written there as a start.
#include "broken_files.hpp"
#include "exercise.hpp"

#include <fstream>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const polyabi::u8* data, polyabi::usize size) {
  polyabi::test::exercise({data, size});
  return 0;
}

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  if (*argc != 3 || std::string_view{(*argv)[1]} != "--write-corpus") return 0;
  int number = 0;
  for (const auto& file : polyabi::test::well_formed_files()) {
    std::ofstream stream{std::string{(*argv)[2]} + "/" + std::to_string(number++), std::ios::binary};
    stream.write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
  }
  std::exit(0);
}
