// libFuzzer target: `fuzz_coff CORPUS` with clang. As fuzz_executable, but whatever comes is called COFF for i386, so that all the
// time goes to that format.
#include "broken_files.hpp"
#include "exercise.hpp"

#include <fstream>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const polyabi::u8* data, polyabi::usize size) {
  std::vector<polyabi::u8> file(data, data + size);
  constexpr polyabi::u16 magic = polyabi::activators::coff::magic_386;
  if (size >= sizeof magic) __builtin_memcpy(file.data(), &magic, sizeof magic);
  polyabi::test::exercise(file);
  return 0;
}

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  if (*argc != 3 || std::string_view{(*argv)[1]} != "--write-corpus") return 0;
  int number = 0;
  for (const auto& file : polyabi::test::well_formed_files()) {
    if (file.size() < 2 || file[0] != 0x4c || file[1] != 0x01) continue;
    std::ofstream stream{std::string{(*argv)[2]} + "/" + std::to_string(number++), std::ios::binary};
    stream.write(reinterpret_cast<const char*>(file.data()), static_cast<std::streamsize>(file.size()));
  }
  std::exit(number != 0 ? 0 : 1);
}
