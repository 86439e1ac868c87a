// Programs of the C library: through its functions, and no more of it than can be reached.
#include "analysed.hpp"
#include "catch.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace check_test {

namespace {

TEST_CASE("a dynamic program, and what it reaches of the C library") {
  const bool wide = GENERATE(true, false);
  // ioctl, and others that only the number tells apart.
  const u64 ioctl = wide ? 16 : 54, getppid = wide ? 110 : 64, reboot = wide ? 169 : 88, write = wide ? 1 : 4,
            exit_group = wide ? 231 : 252;
  const numbers found = numbers_of(wide ? "check_with_library" : "check_with_library_i386",
                                   system_with(wide ? architecture::x86_64 : architecture::i386, {{ioctl, 1}}));
  CHECK(found.missing.empty());
  for (const u64 number : {u64{1000}, u64{1001}, u64{1002}, ioctl, write, exit_group}) {
    INFO(number);
    CHECK(found.known.contains(number));
  }
  CHECK(found.known.contains(getppid)); // through dlsym
  CHECK(found.selectors.at(ioctl).contains(0x5413));
  CHECK_FALSE(found.known.contains(2001)); // in data that nobody refers to
  CHECK_FALSE(found.known.contains(reboot));
  CHECK(found.known.size() < 150);
  CHECK(found.has_computed_lookups);
  CHECK(found.at_run_time.empty());
}

struct temporary_folder {
  std::filesystem::path path;
  temporary_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "polyabi-check-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
  }
  ~temporary_folder() {
    std::error_code none;
    std::filesystem::remove_all(path, none);
  }
};

TEST_CASE("the emulation root comes first, then the host's own tree") {
  const temporary_folder root;
  std::filesystem::create_directories(root.path / "usr/lib");
  std::ofstream{root.path / "usr/lib/a"} << "emulation";
  std::filesystem::create_symlink("/usr/lib/a", root.path / "usr/lib/b");
  const host_view view{root.path.string()};
  const std::string inside = std::filesystem::canonical(root.path).string();
  CHECK(view.find("/usr/lib/a") == inside + "/usr/lib/a");
  CHECK(view.find("/usr/lib/b") == inside + "/usr/lib/a"); // a link is followed in the program's view
  CHECK(view.find("/etc/passwd") == "/etc/passwd");
  CHECK(view.find("/../usr/lib/a") == std::nullopt); // the real root
  CHECK(view.find("/no/such/file") == std::nullopt);
}

/// The smallest file that a linker takes for a library of x86-64: only its head is looked at.
void make_library(const std::filesystem::path& path) {
  std::filesystem::create_directories(path.parent_path());
  std::string bytes(64, '\0');
  bytes.replace(0, 7,
                "\x7f"
                "ELF\2\1\1");
  bytes[16] = 3;
  bytes[18] = 62;
  std::ofstream{path} << bytes;
}

TEST_CASE("libraries are looked for as each dynamic linker does") {
  const temporary_folder root;
  for (const char* file : {"opt/own/liba.so", "opt/run/liba.so", "usr/lib/liba.so", "lib/x86_64-linux-gnu/libz9.so",
                           "usr/local/lib/libm9.so", "opt/mine/libs.so", "opt/program/lib/liborigin.so"})
    make_library(root.path / file);
  std::filesystem::create_directories(root.path / "opt/program/bin");
  const host_view view{root.path.string()};
  std::string problem;
  const auto program = elf_image::open(std::string{CHECK_PROGRAMS} + "/check_with_library", problem);
  REQUIRE(program != nullptr);
  requester by{program.get(), "/opt/program/bin/it", nullptr};
  const auto guest_path = [&](const library_search& search, std::string_view name) {
    const auto found = search.find(name, by);
    return found ? found->guest_path : std::string{"none"};
  };
  const library_search glibc{view, rules_for("/lib64/ld-linux-x86-64.so.2", architecture::x86_64), ""};
  CHECK(guest_path(glibc, "liba.so") == "/usr/lib/liba.so");
  CHECK(guest_path(glibc, "libz9.so") == "/lib/x86_64-linux-gnu/libz9.so");
  CHECK(guest_path(glibc, "libm9.so") == "none");
  CHECK(guest_path(glibc, "/opt/mine/libs.so") == "/opt/mine/libs.so");

  program->rpath = "/opt/own";
  CHECK(guest_path(glibc, "liba.so") == "/opt/own/liba.so");
  program->runpath = "/opt/run:/opt/own"; // makes the other one ineffective, and comes after the environment
  CHECK(guest_path(glibc, "liba.so") == "/opt/run/liba.so");
  const library_search with_path{view, rules_for("/lib64/ld-linux-x86-64.so.2", architecture::x86_64), "/opt/own"};
  CHECK(guest_path(with_path, "liba.so") == "/opt/own/liba.so");
  program->runpath = "$ORIGIN/../lib";
  CHECK(guest_path(glibc, "liborigin.so") == "/opt/program/bin/../lib/liborigin.so");
  program->runpath = {};
  program->rpath = {};

  const linker_rules& musl_rules = rules_for("/lib/ld-musl-x86_64.so.1", architecture::x86_64);
  CHECK(guest_path({view, musl_rules, ""}, "libm9.so") == "/usr/local/lib/libm9.so");
  std::filesystem::create_directories(root.path / "etc");
  std::ofstream{root.path / "etc/ld-musl-x86_64.path"} << "/opt/mine\n/usr/lib";
  const library_search musl{view, musl_rules, ""};
  CHECK(guest_path(musl, "libs.so") == "/opt/mine/libs.so");
  CHECK(guest_path(musl, "libm9.so") == "none");
  CHECK(guest_path({view, rules_for("/usr/lib/libc.so.1", architecture::i386), ""}, "liba.so") == "none"); // of another class
}

TEST_CASE("the loader's cache: by name and architecture") {
  if (!std::filesystem::exists("/etc/ld.so.cache")) return;
  const mapped_file file{"/etc/ld.so.cache"};
  const auto wide = read_loader_cache(file.bytes(), architecture::x86_64);
  REQUIRE(wide.contains("libc.so.6"));
  CHECK(wide.find("libc.so.6")->second.find("x86_64") != std::string::npos);
  for (usize size = 0; size < std::min<usize>(file.bytes().size(), 4096); size += 7)
    read_loader_cache(file.bytes().first(size), architecture::i386); // cut off anywhere
}

} // namespace
} // namespace check_test
