// `polyabi identify`: what it says of real and crafted files, and how it ends.
#include "../../tools/polyabi/identify.hpp"
#include "catch.hpp"
#include "elf_builder.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace polyabi;
using polyabi::test::bytes;
using polyabi::test::elf_builder;
using polyabi::tool::identification;

namespace {

/// A folder that goes with the test.
struct scratch {
  std::filesystem::path folder;
  scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "polyabi-identify-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
  }
  ~scratch() { std::filesystem::remove_all(folder); }

  std::string file(const std::string& name, std::string_view contents) const {
    std::ofstream stream{folder / name, std::ios::binary};
    stream.write(contents.data(), static_cast<std::streamsize>(contents.size()));
    return folder / name;
  }
  std::string file(const std::string& name, const bytes& contents) const {
    return file(name, std::string_view{reinterpret_cast<const char*>(contents.data()), contents.size()});
  }
};

identification identify(const std::string& path, const activators::brand_options& options = {}) {
  return tool::identify_file(path, tool::known_brands(), options);
}

int status_of(std::vector<std::string> arguments) {
  CLI::App app;
  int status = -1;
  tool::add_identify(app, status);
  arguments.insert(arguments.begin(), "identify");
  std::reverse(arguments.begin(), arguments.end()); // as CLI11 takes them
  app.parse(arguments);
  return status;
}

elf_builder svr4_program() {
  elf_builder elf = elf_builder::usual(false);
  elf.add_interpreter("/usr/lib/libc.so.1");
  elf.comment = "UNIX System V.4";
  return elf;
}

} // namespace

TEST_CASE("programs of the host") {
  const identification found = identify("/bin/sh");
  CHECK(found.format == "ELF");
  CHECK(found.machine == "x86-64");
  CHECK(found.linkage == "dynamic");
  CHECK(found.interpreter == "/lib64/ld-linux-x86-64.so.2");
  CHECK(found.brand == "linux");
  CHECK(found.rule == "note");
  CHECK(found.problem.empty());
}

TEST_CASE("an SVR4 program, and why") {
  const scratch here;
  const identification found = identify(here.file("program", svr4_program().build()));
  CHECK(found.brand == "svr4");
  CHECK(found.rule == "interpreter");
  CHECK(found.evidence == "/usr/lib/libc.so.1");
  CHECK(to_text(found) == (here.folder / "program").string() +
                              ": ELF i386 executable, dynamic; svr4, by interpreter: the interpreter is one of this system "
                              "(/usr/lib/libc.so.1)");
}

TEST_CASE("scripts have the brand of their interpreter") {
  const scratch here;
  const std::string program = here.file("program", svr4_program().build());
  const identification found = identify(here.file("script", "#! " + program + " -x\n"));
  CHECK(found.format == "script");
  CHECK(found.interpreter == program);
  CHECK(found.argument == "-x");
  CHECK(found.brand == "svr4");

  const std::string itself = here.folder / "itself";
  const identification endless = identify(here.file("itself", "#!" + itself + "\n"));
  CHECK_FALSE(endless.recognised());
  CHECK_FALSE(identify(here.file("lost", "#!/no/such/interpreter\n")).recognised());
}

TEST_CASE("what is not recognised says why") {
  const scratch here;
  elf_builder freebsd = elf_builder::usual(true);
  freebsd.os_abi = 9;
  CHECK(identify(here.file("freebsd", freebsd.build())).problem == "marked for FreeBSD, which no personality claims");
  const std::string unmarked = here.file("unmarked", elf_builder::usual(true).build());
  CHECK(identify(unmarked).problem == "nothing marks it for a system");
  CHECK(identify(unmarked, {.choice = {}, .fallback = "linux"}).rule == "fallback");
  CHECK(identify(unmarked, {.choice = "linux", .fallback = {}}).rule == "explicit choice");
  CHECK(identify(unmarked, {.choice = "svr4:solaris", .fallback = {}}).problem == "no personality svr4:solaris for ELF x86-64");
  CHECK(identify(here.file("text", "hello")).problem == "not an executable format");
  CHECK(identify(here.file("empty", "")).problem == "not an executable format");
  CHECK(identify(here.file("coff", std::string_view{"\x4c\x01\x03\x00", 4})).problem ==
        "the file is shorter than a COFF file header");
  CHECK(identify(here.file("cut", std::string_view{"\x7f"
                                                   "ELF\x02\x01\x01",
                                                   7}))
            .problem == "the file is shorter than an ELF identification");
  CHECK(identify(here.folder).problem == "a directory");
  CHECK(identify(here.folder / "none").problem == "No such file or directory");
  CHECK(::mkfifo((here.folder / "fifo").c_str(), 0600) == 0);
  CHECK(identify(here.folder / "fifo").problem == "not a regular file"); // and does not wait for a writer
}

TEST_CASE("output is one line, whatever files are called; JSON has every key") {
  const scratch here;
  const identification found = identify(here.file("two\nlines\x1b[31m", svr4_program().build()));
  CHECK(to_text(found).find('\n') == std::string::npos);
  CHECK(to_text(found).find('\x1b') == std::string::npos);
  const nlohmann::json json = to_json(found);
  CHECK(json.at("brand") == "svr4");
  CHECK(json.at("format") == "ELF");
  CHECK(json.at("problem").is_null());
  CHECK(json.size() == 16);
}

TEST_CASE("exit status: 0 if all are recognised") {
  const scratch here;
  const std::string text = here.file("text", "hello");
  CHECK(status_of({"/bin/sh"}) == 0);
  CHECK(status_of({"--json", "/bin/sh"}) == 0);
  CHECK(status_of({"/bin/sh", text}) == 1);
  CHECK(status_of({text, "/bin/sh"}) == 1);
}
