// COFF programs on the hosted machine, made here: nothing of anybody's system is needed.
#include "../activators/catch.hpp"
#include "../activators/files.hpp"
#include "../hosted/tool_run.hpp"
#include "elf_to_coff.hpp"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace hosted_test;
using polyabi::u16;
using polyabi::test::bytes;
using polyabi::test::coff_builder;
namespace coff = polyabi::activators::coff;
namespace fs = std::filesystem;

namespace {

/// A folder that goes with the test.
struct scratch {
  fs::path folder;
  scratch() {
    std::string name = (fs::temp_directory_path() / "polyabi-coff-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
  }
  ~scratch() { fs::remove_all(folder); }
  std::string file(const std::string& name, const bytes& contents) const {
    fs::create_directories((folder / name).parent_path());
    std::ofstream stream{folder / name, std::ios::binary};
    stream.write(reinterpret_cast<const char*>(contents.data()), static_cast<std::streamsize>(contents.size()));
    stream.close();
    fs::permissions(folder / name, fs::perms::owner_all);
    return folder / name;
  }
};

bytes program(u16 kind = coff::paged) {
  return polyabi::test::coff_of_elf(polyabi::test::read_file(COFF_GUEST_PATH), kind).build();
}

ended run(const std::string& path, std::vector<std::string> words, std::vector<std::string> options = {}) {
  std::vector<std::string> all{"run"};
  all.insert(all.end(), options.begin(), options.end());
  all.push_back(path);
  all.insert(all.end(), words.begin(), words.end());
  return tool_run{all}.wait();
}

} // namespace

TEST_CASE("programs of every kind run, and end with their status") {
  const scratch here;
  const u16 kind = GENERATE(u16{coff::impure}, u16{coff::pure}, u16{coff::paged});
  const std::string path = here.file("program", program(kind));
  CHECK(run(path, {"exit", "42"}).exited_with(42));
  const ended memory = run(path, {"memory"});
  CHECK(memory.output.empty());
  CHECK(memory.exited_with(0));
  const ended processes = run(path, {"processes"});
  CHECK(processes.output.empty());
  CHECK(processes.errors.empty());
  CHECK(processes.exited_with(0));
}

TEST_CASE("arguments and environment") {
  const scratch here;
  const std::string path = here.file("program", program());
  const ended end = tool_run{{"run", "--env", "A=b", "--env", "C=", path, "arguments", "", "two words"}}.wait();
  CHECK(end.exited_with(0));
  CHECK(end.output.starts_with(path + "\narguments\n\ntwo words\n"));
  CHECK(end.output.find("\nA=b\n") != std::string::npos);
  CHECK(end.output.find("\nC=\n") != std::string::npos);
}

TEST_CASE("page zero is the program's own, for the kernel as well") {
  const scratch here;
  const ended end = run(here.file("program", program()), {"bottom"});
  CHECK(end.output.empty());
  CHECK(end.exited_with(0));
}

TEST_CASE("signals as Release 3 has them") {
  const scratch here;
  const ended end = run(here.file("program", program()), {"signals"});
  CHECK(end.output.empty());
  CHECK(end.errors.empty());
  CHECK(end.exited_with(0));
  CHECK(run(here.folder / "program", {"bad-return"}).killed_by(SIGSEGV));
}

TEST_CASE("whose a program is decides what the system says and which numbers its errors have") {
  const scratch here;
  const auto marked = [&](const std::string& name, std::string_view comment) {
    coff_builder made = polyabi::test::coff_of_elf(polyabi::test::read_file(COFF_GUEST_PATH));
    if (!comment.empty()) made.add_comment(comment);
    return here.file(name, made.build());
  };
  char host[65]{};
  gethostname(host, sizeof host);
  const std::string node = std::string{host}.substr(0, 8); // what the old structure has room for
  const std::string plain = marked("plain", {}), sco = marked("sco", {"@(#) crt1.s.source 20.7\0", 24}),
                    interactive = marked("interactive", {"@(#)crt1.o: INTERACTIVE UNIX System\0", 36});
  CHECK(run(plain, {"names"}).output == node + " " + node + " 3.2 2 i386\n");
  CHECK(run(interactive, {"names"}).output == node + " " + node + " 3.2 2 i386\n");
  CHECK(run(sco, {"names"}).output == "SCO_SV " + node + " 3.2 5.0.7 i386\n");
  CHECK(run(plain, {"names"}, {"--personality", "svr4:coherent"}).output == node + " " + node + " 4.2 4.2.14 i386\n");

  // ELOOP is 90 in System V, 150 in OpenServer; ENOENT is 2 in both.
  fs::create_symlink("loop", here.folder / "loop");
  CHECK(run(plain, {"error", here.folder / "loop"}).exited_with(90));
  CHECK(run(sco, {"error", here.folder / "loop"}).exited_with(150));
  CHECK(run(sco, {"error", "/no/such/file"}).exited_with(2));
  CHECK(run(plain, {"signals"}, {"--personality", "svr4:openserver"}).exited_with(0));
  CHECK(run(plain, {"exit", "1"}, {"--personality", "svr4"}).exited_with(1));
  CHECK(run(plain, {"exit", "1"}, {"--personality", "svr4:unixware"}).exited_with(126)); // has no COFF
  CHECK(run(plain, {"exit", "1"}, {"--personality", "linux"}).exited_with(126));
}

TEST_CASE("vendors' own calls") {
  const scratch here;
  const std::string old = here.file("program", program());
  const auto passes = [&](const std::string& variant, const std::string& what, const std::string& path) {
    INFO(variant << " " << what);
    fs::create_directory(here.folder / "empty");
    const fs::path back = fs::current_path();
    fs::current_path(here.folder / "empty");
    const ended done = run(path, {what}, {"--personality", variant});
    fs::current_path(back);
    fs::remove_all(here.folder / "empty");
    CHECK(done.output.empty());
    CHECK(done.errors.empty());
    CHECK(done.exited_with(0));
  };
  for (const char* variant : {"svr4:ibcs2", "svr4:coherent", "svr4:openserver", "svr4:interactive"})
    passes(variant, "xenix", old);
  passes("svr4:openserver", "openserver", old);
  passes("svr4:interactive", "interactive", old);
  passes("svr4:coherent", "coherent", old);
  passes("svr4:unixware", "unixware", COFF_FLAT_PATH);
  passes("svr4:solaris", "solaris", COFF_FLAT_PATH);
}

TEST_CASE("a fault ends the program by its signal") {
  const scratch here;
  const std::string path = here.file("program", program());
  for (const char* address : {"3145728", "2684354560", "3221225468", "4293918720"}) { // unmapped, and beyond the segment
    INFO(address);
    CHECK(run(path, {"fault", address}).killed_by(SIGSEGV));
  }
  CHECK(run(path, {"store", "208"}).killed_by(SIGSEGV)); // text
  CHECK(run(here.file("impure", program(coff::impure)), {"store", "208"}).exited_with(0));
}

TEST_CASE("shared libraries are loaded where they are linked") {
  const scratch here;
  coff_builder library = polyabi::test::coff_of_elf(polyabi::test::read_file(COFF_LIBRARY_PATH), coff::shared_library);
  library.entry = 0;
  here.file("root/shlib/library_s", library.build());
  coff_builder user = polyabi::test::coff_of_elf(polyabi::test::read_file(COFF_GUEST_PATH));
  user.add_library("/shlib/library_s");
  const std::string path = here.file("program", user.build());
  const ended end = run(path, {"library", "21"}, {"--root", here.folder / "root"});
  CHECK(end.output == "42\n");
  CHECK(end.exited_with(0));

  CHECK(run(path, {"library", "21"}).exited_with(127)); // not there
  CHECK(run(here.folder / "root/shlib/library_s", {}).exited_with(126));
  here.file("root/shlib/library_s", program());
  CHECK(run(path, {"library", "21"}, {"--root", here.folder / "root"}).exited_with(126)); // not a library
}

TEST_CASE("flat and based programs follow each other in one process") {
  const scratch here;
  const std::string path = here.file("program", program());
  const ended end = run("/bin/busybox", {"sh", "-c", path + " exec /bin/busybox sh -c '" + path + " exit 7; echo $?'"});
  CHECK(end.output == "7\n");
  CHECK(end.exited_with(0));
}

TEST_CASE("what no activator knows is refused") {
  const scratch here;
  CHECK(run(here.file("xenix", {0x06, 0x02, 0, 0, 0, 0, 0, 0}), {}).exited_with(126));
  CHECK(run(here.file("lout", {0x07, 0x01, 6, 0, 6, 0, 0, 0}), {}).exited_with(126));
  coff_builder object = polyabi::test::coff_of_elf(polyabi::test::read_file(COFF_GUEST_PATH));
  object.flags = 0;
  CHECK(run(here.file("object", object.build()), {}).exited_with(126));
}
