// `polyabi brand`: one byte of an ELF file, and nothing else.
#include "catch.hpp"

#include <brand.hpp>

#include <CLI/CLI.hpp>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using namespace polyabi;
using namespace polyabi::tool;
namespace fs = std::filesystem;

struct scratch {
  fs::path folder;
  scratch() {
    std::string name = (fs::temp_directory_path() / "polyabi-brand-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
  }
  ~scratch() { fs::remove_all(folder); }
  std::string file(const std::string& name, std::string_view contents) const {
    std::ofstream{folder / name, std::ios::binary} << contents;
    return folder / name;
  }
};

std::string contents(const std::string& path) {
  std::ifstream stream{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

int status_of(std::vector<std::string> words) {
  CLI::App app;
  int status = -1;
  add_brand(app, status);
  words.insert(words.begin(), "brand");
  std::reverse(words.begin(), words.end()); // as CLI11 takes them
  app.parse(words);
  return status;
}

const std::string elf{"\x7f"
                      "ELF\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00rest of the file",
                      32};

} // namespace

TEST_CASE("a brand is read and written, and only its byte changes") {
  const scratch here;
  const std::string path = here.file("program", elf);
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write | fs::perms::owner_exec);
  fs::create_hard_link(path, here.folder / "link");
  struct stat before {
  }, after{};
  REQUIRE(::stat(path.c_str(), &before) == 0);
  CHECK(read_brand(path).value == u8{0});
  CHECK(write_brand(path, 6).empty());
  CHECK(read_brand(path).value == u8{6});
  CHECK(read_brand(here.folder / "link").value == u8{6});
  std::string expected = elf;
  expected[7] = 6;
  CHECK(contents(path) == expected);
  REQUIRE(::stat(path.c_str(), &after) == 0);
  CHECK(before.st_ino == after.st_ino);
  CHECK(before.st_mode == after.st_mode);
  CHECK(std::distance(fs::directory_iterator{here.folder}, fs::directory_iterator{}) == 2); // nothing is left behind
}

TEST_CASE("names and numbers") {
  CHECK(brand_value("FreeBSD") == u8{9});
  CHECK(brand_value("freebsd") == u8{9});
  CHECK(brand_value("Linux") == u8{3});
  CHECK(brand_value("SVR4") == u8{0});
  CHECK(brand_value("System V") == u8{0});
  CHECK_FALSE(brand_value("Multics"));
  bool linux_is_claimed = false, solaris_is_claimed = false;
  for (const known_brand& brand : known_brand_names()) {
    linux_is_claimed = linux_is_claimed || (brand.value == 3 && brand.personality == "linux");
    solaris_is_claimed = solaris_is_claimed || (brand.value == 6 && brand.personality == "svr4");
    if (brand.name == "FreeBSD") CHECK(brand.personality.empty());
  }
  CHECK(linux_is_claimed);
  CHECK(solaris_is_claimed);
}

TEST_CASE("what is no ELF file is left alone, and the message says what it is") {
  const scratch here;
  CHECK(read_brand(here.file("text", "hello")).problem == "not an ELF file: only those carry a brand");
  CHECK(read_brand(here.file("coff", std::string_view{"\x4c\x01\x03\x00", 4})).problem.starts_with("COFF, not ELF"));
  CHECK(read_brand(here.file("script", "#!/bin/sh\n")).problem.starts_with("script, not ELF"));
  CHECK(read_brand(here.file("cut", std::string_view{elf}.substr(0, 10))).problem ==
        "the file is shorter than an ELF identification");
  CHECK(read_brand(here.file("empty", "")).problem == "not an ELF file: only those carry a brand");
  CHECK(read_brand(here.folder).problem == "a directory");
  CHECK(read_brand(here.folder / "none").problem == "No such file or directory");
  CHECK_FALSE(write_brand(here.folder / "text", 3).empty());
  CHECK(contents(here.folder / "text") == "hello");
}

TEST_CASE("a program that runs is not changed") {
  const scratch here;
  const std::string path = here.folder / "sleep";
  fs::copy("/bin/sleep", path);
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl(path.c_str(), "sleep", "60", nullptr);
    ::_exit(1);
  }
  std::string problem;
  for (int i = 0; i < 200 && problem.empty(); ++i) { // until it has been executed
    ::usleep(10'000);
    problem = write_brand(path, 3);
  }
  ::kill(child, SIGKILL);
  CHECK(problem == "is being executed: end it first, or brand a copy");
}

TEST_CASE("the command's exit status and refusals") {
  const scratch here;
  const std::string path = here.file("program", elf), text = here.file("text", "hello");
  CHECK(status_of({"-l"}) == 0);
  CHECK(status_of({path}) == 0);
  CHECK(status_of({path, text}) == 1);
  CHECK(status_of({"-t", "Solaris", path}) == 0);
  CHECK(read_brand(path).value == u8{6});
  CHECK(status_of({"-f", "200", path}) == 0);
  CHECK(read_brand(path).value == u8{200});
  CHECK(status_of({"-v", "-t", "Linux", text, path}) == 1); // the others are changed all the same
  CHECK(read_brand(path).value == u8{3});
  CHECK_THROWS_AS(status_of({"-t", "Multics", path}), CLI::ValidationError);
  CHECK_THROWS_AS(status_of({"-f", "256", path}), CLI::ValidationError);
  CHECK_THROWS_AS(status_of({"-f", "1", "-t", "Linux", path}), CLI::ParseError);
  CHECK_THROWS_AS(status_of({}), CLI::RequiredError);
  CHECK_THROWS_AS(status_of({"-t", "Linux"}), CLI::RequiredError);
}
