// Host files whose close is put off (deferred_close.cpp): what opening one again costs, and that nobody could tell.
#include "files.hpp"

using namespace polyabi;
using namespace polyabi::tests;
namespace fs = std::filesystem;

namespace {

/// A directory with the file f in it, which has been opened, read and closed.
struct read_world : file_world {
  const fs::path f = host() / "d/f";
  read_world() {
    fs::create_directories(host() / "d");
    write_file(f, "text");
    CHECK(content("/d/f") == "text");
  }
  u64 questions_to_open(std::string_view path) {
    return questions_of([&] { CHECK(open_error(path) == error::none); });
  }
  /// How many descriptors the kernel has of files below the world's root.
  int held(std::string_view kind = "") {
    int count = 0;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      const std::string to = fs::read_symlink(entry.path(), gone).string();
      if (to.starts_with(host().string()) && to.find(kind) != std::string::npos) ++count;
    }
    return count;
  }
};

constexpr u64 found = 1, found_and_opened = 3, opened = 2; // the host's answers

} // namespace

TEST_CASE("opening a file again costs one question", "[files]") {
  read_world w;
  CHECK(w.held("/d/f") == 1);
  CHECK(w.questions_to_open("/d/f") == found);
  CHECK(w.questions_to_open("/d/f") == found);
  CHECK(w.held("/d/f") == 1);
  SECTION("it begins at its beginning") {
    const i32 half_read = w.open("/d/f");
    CHECK(w.read(half_read, 2) == "te");
    w.close(half_read);
    CHECK(w.content("/d/f") == "text");
  }
  SECTION("two at once have a position each") {
    const i32 one = w.open("/d/f"), other = w.open("/d/f");
    CHECK(w.read(one, 2) == "te");
    CHECK(w.read(other) == "text");
    CHECK(w.read(one) == "xt");
    w.close(one);
    CHECK(w.read(other) == "");
    w.close(other);
    CHECK(w.content("/d/f") == "text");
  }
  SECTION("also while others have it open") {
    const i32 other = w.open("/d/f", flag::rdwr);
    CHECK(w.questions_to_open("/d/f") == opened);
    CHECK(w.questions_to_open("/d/f") == found);
    CHECK(w.held("/d/f") == 2);
    CHECK(w.write(other, "T") == 1);
    CHECK(w.content("/d/f") == "Text");
    w.close(other);
    CHECK(w.content("/d/f") == "Text");
  }
  SECTION("one that was written to is opened") {
    const i32 writing = w.open("/d/f", flag::wronly | flag::append);
    CHECK(w.held("/d/f") == 1); // that one
    CHECK(w.write(writing, "!") == 1);
    w.close(writing);
    CHECK(w.held("/d/f") == 0);
    CHECK(w.questions_to_open("/d/f") == opened);
    CHECK(w.content("/d/f") == "text!");
  }
}

TEST_CASE("what the host does to a file whose close was put off is seen", "[files]") {
  read_world w;
  SECTION("written to") {
    write_file(w.f, "other text");
    CHECK(w.questions_to_open("/d/f") == found_and_opened);
    CHECK(w.questions_to_open("/d/f") == opened); // and it is not tried again
    CHECK(w.content("/d/f") == "other text");
  }
  SECTION("given another mode") {
    fs::permissions(w.f, fs::perms::owner_read);
    CHECK(w.questions_to_open("/d/f") == found_and_opened); // and the host decides
  }
  SECTION("removed") {
    fs::remove(w.f);
    CHECK(w.open_error("/d/f") == error::noent);
  }
  SECTION("replaced") {
    write_file(w.host() / "other", "another");
    fs::rename(w.host() / "other", w.f);
    CHECK(w.content("/d/f") == "another");
  }
  SECTION("moved, and opened where it is") {
    fs::rename(w.f, w.host() / "moved");
    CHECK(w.open_error("/d/f") == error::noent);
    CHECK(w.content("/moved") == "text");
  }
}

TEST_CASE("a close that was put off holds nothing that is gone", "[files]") {
  read_world w;
  SECTION("removed here") {
    CHECK(w.unlink("/d/f") == error::none);
    CHECK(w.held("/d/f") == 0);
  }
  SECTION("replaced here") {
    CHECK(w.make("/other", "another") == error::none);
    CHECK(w.rename("/other", "/d/f") == error::none);
    CHECK(w.held("/d/f") == 0);
    CHECK(w.content("/d/f") == "another");
  }
  SECTION("removed while it is open") {
    const i32 still = w.open("/d/f");
    CHECK(w.unlink("/d/f") == error::none);
    w.close(still);
    CHECK(w.held("/d/f") == 0);
  }
  SECTION("renamed here") {
    CHECK(w.rename("/d/f", "/d/g") == error::none);
    CHECK(w.open_error("/d/f") == error::noent);
    CHECK(w.content("/d/g") == "text");
  }
  SECTION("many files") {
    for (int i = 0; i < 300; ++i) {
      const std::string name = "d/many" + std::to_string(i);
      write_file(w.host() / name, name);
      CHECK(w.content("/" + name) == name);
    }
    CHECK(w.held("/d/many") > 0);
    CHECK(w.held("/d/many") <= 64);
  }
  SECTION("a large one") {
    fs::resize_file(w.f, 5 << 20);
    CHECK(w.open_error("/d/f") == error::none);
    CHECK(w.held("/d/f") == 0);
  }
}
