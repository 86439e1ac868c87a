// Names of host files: what others do to them while a guest runs shows at once, however often the guest has asked before.
#include "../reference/catch.hpp"
#include "tool_run.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <thread>

using namespace hosted_test;
namespace fs = std::filesystem;

namespace {

struct temporary_folder {
  fs::path path;
  temporary_folder() {
    std::string name = (fs::temp_directory_path() / "polyabi-names-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~temporary_folder() { fs::remove_all(path); }
};

void write(const fs::path& to, const std::string& text) {
  std::ofstream{to} << text;
}

/// A guest that prints a file whenever it is asked to, with a mark behind it.
struct reader {
  tool_run run;
  int asked = 0;
  explicit reader(const fs::path& of)
      : run{{"run", POLYABI_BUSYBOX, "sh", "-c",
             "while read x; do cat " + of.string() + " 2>/dev/null || echo none; stat -c %s " + of.string() +
                 " 2>/dev/null || echo none; echo \"#$x\"; done"}} {}
  /// What it prints now ends in this.
  bool prints(const std::string& text) {
    const std::string mark = std::to_string(++asked);
    run.type(mark + "\n");
    return run.shows(text + "#" + mark + "\n");
  }
  /// Three times, so that the name is known when it counts.
  bool goes_on_printing(const std::string& text) { return prints(text) && prints(text) && prints(text); }
};

/// Until the times of what was changed are of the past.
void let_time_pass() {
  std::this_thread::sleep_for(std::chrono::milliseconds{120});
}

} // namespace

TEST_CASE("what the host does to names shows at once") {
  const temporary_folder folder;
  const fs::path directory = folder.path / "sub", file = directory / "file";
  fs::create_directory(directory);
  write(file, "first\n");
  let_time_pass();
  reader guest{file};
  REQUIRE(guest.goes_on_printing("first\n6\n"));

  write(folder.path / "new", "second one\n");
  fs::rename(folder.path / "new", file); // over it
  CHECK(guest.prints("second one\n11\n"));
  let_time_pass();
  CHECK(guest.goes_on_printing("second one\n11\n"));

  fs::rename(directory, folder.path / "old"); // the directory, with another one in its place
  fs::create_directory(directory);
  write(file, "third\n");
  CHECK(guest.prints("third\n6\n"));
  let_time_pass();
  CHECK(guest.goes_on_printing("third\n6\n"));

  fs::remove(file);
  CHECK(guest.prints("none\nnone\n"));
  write(file, "fourth, by the old name\n");
  CHECK(guest.prints("fourth, by the old name\n24\n"));
  let_time_pass();
  CHECK(guest.goes_on_printing("fourth, by the old name\n24\n"));

  fs::remove_all(directory);
  fs::create_directory_symlink(folder.path / "old", directory); // a link in the directory's place
  CHECK(guest.prints("second one\n11\n"));
  write(folder.path / "old" / "file", "longer than it was before\n"); // the same file, changed
  CHECK(guest.prints("longer than it was before\n26\n"));
}

TEST_CASE("names change at once also when everything has just been made") {
  const temporary_folder folder;
  const fs::path file = folder.path / "file";
  write(file, "0\n");
  reader guest{file};
  for (std::size_t round = 1; round <= 40; ++round) {
    CAPTURE(round);
    const std::string text = std::string(round, 'x') + "\n";
    write(folder.path / "new", text);
    fs::rename(folder.path / "new", file);
    REQUIRE(guest.prints(text + std::to_string(text.size()) + "\n"));
  }
}

TEST_CASE("a pipe that somebody outside has made is waited for, though a list had no pipe, and by nobody else") {
  const temporary_folder folder;
  const fs::path directory = folder.path / "sub", pipe = directory / "pipe", second = directory / "second";
  fs::create_directory(directory);
  write(directory / "file", "first\n");
  tool_run guest{{"run", POLYABI_BUSYBOX, "sh", "-c",
                  "cd " + directory.string() +
                      "; ls; cat file; read go; (exec cat pipe) & sleep 0.2; mv file moved; ls -l /proc/$!/fd; cat /proc/net/unix > /dev/null; "
                      "echo others go on; echo through > pipe; wait; echo read; "
                      "(read line < second; echo read $line) & sleep 0.2; echo again > second; wait; "
                      "(exec cat second) & sleep 0.2; kill $!; wait; echo end"}};
  REQUIRE(guest.shows("first\n"));
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  REQUIRE(mkfifo(second.c_str(), 0600) == 0);
  guest.type("go\n");
  CHECK(guest.shows("others go on\nthrough\nread\n"));
  CHECK(guest.shows("read again\nend\n"));
}
