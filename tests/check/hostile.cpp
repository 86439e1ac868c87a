// Broken and hostile files: whatever they say, the analysis ends and touches nothing that is not theirs.
#include "analysed.hpp"
#include "catch.hpp"

#include <filesystem>
#include <fstream>
#include <random>
#include <unistd.h>

namespace check_test {

namespace {

std::string whole_file(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

void analyse(const std::string& path) {
  image_store store;
  const host_view view{""};
  program_images images{store, view, path, path};
  if (!images.problem().empty()) return;
  const architecture arch = images.program().arch();
  const supported_system system = system_with(arch, {{16, 1}, {54, 1}});
  const program_calls calls{images, system};
  calls.each([](place, const system_call&) {});
}

TEST_CASE("bits flipped anywhere in a program, and files that end early") {
  const std::string program = GENERATE("check_numbers", "check_numbers_pie", "check_numbers_i386", "check_svr4");
  const std::string original = whole_file(std::string{CHECK_PROGRAMS} + "/" + program);
  REQUIRE(original.size() > 1000);
  std::string path = (std::filesystem::temp_directory_path() / "polyabi-hostile-XXXXXX").string();
  const int descriptor = ::mkstemp(path.data());
  REQUIRE(descriptor >= 0);
  ::close(descriptor);
  std::mt19937 random{static_cast<unsigned>(program.size())};
  for (int round = 0; round < 150; ++round) {
    std::string broken = original;
    for (unsigned flips = 1 + random() % 8; flips > 0; --flips) {
      // The heads are where it hurts most.
      const usize reach = random() % 2 == 0 ? std::min<usize>(broken.size(), 600) : broken.size();
      broken[random() % reach] = static_cast<char>(random());
    }
    if (round % 5 == 0) broken.resize(random() % broken.size());
    std::ofstream{path, std::ios::binary | std::ios::trunc} << broken;
    analyse(path);
  }
  std::filesystem::remove(path);
}

TEST_CASE("what is no program says why") {
  image_store store;
  const host_view view{""};
  for (const auto& [path, why] :
       {std::pair{"/etc/passwd", "not an executable format"}, std::pair{"/", "a directory"},
        std::pair{"/dev/null", "not a regular file"}, std::pair{"/no/such", "No such file or directory"}}) {
    program_images images{store, view, path, path};
    INFO(path);
    CHECK(images.problem() == why);
  }
}

} // namespace
} // namespace check_test
