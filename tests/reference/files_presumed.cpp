// Walks that take host files for granted: what they cost, and that whatever the host changes meanwhile is seen.
#include "files.hpp"

#include <sys/stat.h>

using namespace polyabi;
using namespace polyabi::tests;
namespace fs = std::filesystem;

namespace {

i64 size_of(file_world& w, std::string_view path) {
  reference::stat s{};
  const error failed = w.status(path, s);
  return failed == error::none ? s.size : -static_cast<i64>(failed);
}

constexpr i64 absent = -static_cast<i64>(error::noent);

/// Directories /a/b with the file f in it, all in use.
struct used_world : file_world {
  used_world() {
    fs::create_directories(host() / "a/b");
    write_file(host() / "a/b/f", "text");
    CHECK(size_of(*this, "/a/b/f") == 4);
    CHECK(content("/a/b/f") == "text");
  }
};

} // namespace

TEST_CASE("a host file costs one question to look at, two to open for the first time, however deep it lies", "[files]") {
  used_world w;
  CHECK(questions_of([&] { CHECK(size_of(w, "/a/b/f") == 4); }) == 1);
  CHECK(questions_of([&] { CHECK(w.content("/a/b/f") == "text"); }) == 1); // it was open before: files_opened_again.cpp
  CHECK(questions_of([&] { CHECK(size_of(w, "/a/b/absent") == absent); }) == 1);
  CHECK(questions_of([&] { CHECK(w.open_error("/a/b/absent") == error::noent); }) == 1);
  CHECK(questions_of([&] { CHECK(size_of(w, "/a/b/../b/f") == 4); }) == 2); // each way down is asked for
  w.symlink("a/b", "/link");
  CHECK(size_of(w, "/link/f") == 4);
  CHECK(questions_of([&] { CHECK(size_of(w, "/link/f") == 4); }) == 2);
  SECTION("and so do files that nobody has used yet") {
    write_file(w.host() / "a/b/new", "longer text");
    write_file(w.host() / "a/b/newer", "newer");
    CHECK(questions_of([&] { CHECK(size_of(w, "/a/b/new") == 11); }) == 1);
    CHECK(questions_of([&] { CHECK(w.content("/a/b/newer") == "newer"); }) == 2); // the second: whether it is this file
  }
  SECTION("and for others than the host's user, with the directories' modes") {
    fs::permissions(w.host(), fs::perms{0755});
    w.become(12345);
    CHECK(w.content("/a/b/f") == "text");
    fs::permissions(w.host() / "a", fs::perms::owner_all);
    CHECK(w.open_error("/a/b/f") == error::acces);
    CHECK(size_of(w, "/a/b/f") == -static_cast<i64>(error::acces));
    CHECK(size_of(w, "/a/b/absent") == -static_cast<i64>(error::acces));
  }
}

TEST_CASE("what the host does to a file in use is seen", "[files]") {
  used_world w;
  const fs::path f = w.host() / "a/b/f";
  SECTION("removed") {
    fs::remove(f);
    CHECK(size_of(w, "/a/b/f") == absent);
    CHECK(w.open_error("/a/b/f") == error::noent);
    CHECK(w.unlink("/a/b/f") == error::noent);
  }
  SECTION("written to") {
    write_file(f, "more text");
    CHECK(size_of(w, "/a/b/f") == 9);
  }
  SECTION("replaced by another file") {
    write_file(w.host() / "other", "another");
    fs::rename(w.host() / "other", f);
    SECTION("looked at") { CHECK(size_of(w, "/a/b/f") == 7); }
    SECTION("opened") { CHECK(w.content("/a/b/f") == "another"); }
  }
  SECTION("replaced by a directory") {
    fs::remove(f);
    fs::create_directory(f);
    CHECK(w.open_error("/a/b/f", flag::wronly) == error::isdir);
    CHECK(w.list("/a/b/f") == names{".", ".."});
  }
  SECTION("replaced by a link") {
    fs::rename(f, w.host() / "moved");
    fs::create_symlink("../../moved", f);
    CHECK(w.open_error("/a/b/f", flag::nofollow) == error::loop);
    CHECK(w.content("/a/b/f") == "text");
    CHECK(w.link_text("/a/b/f") == "../../moved");
  }
  SECTION("removed and made again, with the same inode's number perhaps") {
    for (const char* text : {"1", "22", "333"}) {
      fs::remove(f);
      write_file(f, text);
      CHECK(w.content("/a/b/f") == text);
      fs::remove(f);
      fs::create_symlink("nowhere", f);
      CHECK(w.open_error("/a/b/f") == error::noent);
    }
  }
  SECTION("a name that was absent is made") {
    CHECK(size_of(w, "/a/b/late") == absent);
    write_file(w.host() / "a/b/late", "late");
    CHECK(size_of(w, "/a/b/late") == 4);
  }
}

TEST_CASE("what the host does to a directory on the way is seen", "[files]") {
  used_world w;
  const fs::path a = w.host() / "a";
  SECTION("renamed, and nothing in its place") {
    fs::rename(a, w.host() / "c");
    CHECK(size_of(w, "/a/b/f") == absent);
    CHECK(w.open_error("/a/b/f") == error::noent);
    CHECK(w.make("/a/b/g") == error::noent);
    CHECK(size_of(w, "/a/b/../b/f") == absent);
    CHECK(size_of(w, "/c/b/f") == 4);
  }
  SECTION("renamed, and another one in its place") {
    fs::rename(a, w.host() / "c");
    fs::create_directories(a / "b");
    SECTION("without the file") {
      CHECK(size_of(w, "/a/b/f") == absent);
      CHECK(w.make("/a/b/f", "made") == error::none);
      CHECK(fs::exists(a / "b/f"));
      CHECK(w.content("/c/b/f") == "text");
    }
    SECTION("with another file") {
      write_file(a / "b/f", "other text");
      CHECK(w.content("/a/b/f") == "other text");
      CHECK(size_of(w, "/c/b/f") == 4);
    }
    SECTION("with the same file: what is done is done in the new one") {
      fs::create_hard_link(w.host() / "c/b/f", a / "b/f");
      CHECK(w.content("/a/b/f") == "text");
      CHECK(w.unlink("/a/b/f") == error::none);
      CHECK_FALSE(fs::exists(a / "b/f"));
      CHECK(fs::exists(w.host() / "c/b/f"));
      CHECK(w.make("/a/b/g") == error::none);
      CHECK(fs::exists(a / "b/g"));
    }
    SECTION("with a file that nobody has used") {
      write_file(a / "b/g", "unused");
      CHECK(w.content("/a/b/g") == "unused");
      CHECK(w.rename("/a/b/g", "/a/b/h") == error::none);
      CHECK(fs::exists(a / "b/h"));
      CHECK(w.content("/a/b/h") == "unused");
    }
    SECTION("with a directory that nobody has used") {
      fs::create_directory(a / "b/d");
      write_file(a / "b/d/x", "x");
      CHECK(w.list("/a/b/d") == names{".", "..", "x"});
      CHECK(w.chdir("/a/b/d") == error::none);
      CHECK(w.current_directory() == "/a/b/d");
      CHECK(w.chdir("..") == error::none);
      CHECK(w.list(".") == names{".", "..", "d"});
    }
  }
  SECTION("replaced by a link to it") {
    fs::rename(a, w.host() / "c");
    fs::create_symlink("c", a);
    CHECK(w.content("/a/b/f") == "text");
    CHECK(w.chdir("/a/b") == error::none);
    CHECK(w.current_directory() == "/c/b");
  }
  SECTION("replaced by a link that leads there for the host only") {
    fs::rename(a, w.host() / "c");
    fs::create_symlink(w.host() / "c", a);
    CHECK(size_of(w, "/a/b/f") == absent);
    CHECK(w.open_error("/a/b/f") == error::noent);
  }
  SECTION("replaced by a file") {
    fs::rename(a, w.host() / "c");
    write_file(a, "");
    CHECK(size_of(w, "/a/b/f") == -static_cast<i64>(error::notdir));
    CHECK(size_of(w, "/a/b/absent") == -static_cast<i64>(error::notdir));
    CHECK(w.open_error("/a/b/f") == error::notdir);
  }
  SECTION("a link on the way leads elsewhere now") {
    fs::create_directory(w.host() / "other");
    write_file(w.host() / "other/f", "elsewhere");
    fs::create_symlink("a/b", w.host() / "l");
    CHECK(w.content("/l/f") == "text");
    CHECK(w.content("/l/f") == "text");
    fs::remove(w.host() / "l");
    fs::create_symlink("other", w.host() / "l");
    CHECK(w.content("/l/f") == "elsewhere");
    CHECK(size_of(w, "/l/f") == 9);
    fs::remove(w.host() / "l");
    CHECK(size_of(w, "/l/f") == absent);
  }
}

TEST_CASE("names in a directory that a path is known to lead to", "[files]") {
  used_world w;
  for (const char* name : {"one", "two", "three", "four"}) write_file(w.host() / "a/b" / name, name);
  CHECK(size_of(w, "/a/b/one") == 3);
  CHECK(questions_of([&] { CHECK(size_of(w, "/a/b/two") == 3); }) == 1);
  SECTION("are asked for by one question") {
    CHECK(questions_of([&] { CHECK(w.content("/a/b/three") == "three"); }) == 2);
    CHECK(questions_of([&] { CHECK(size_of(w, "/a/b/absent") == absent); }) == 1);
    CHECK(questions_of([&] { CHECK(w.open_error("/a/b/absent") == error::noent); }) == 1);
    CHECK(w.chdir("/a/b") == error::none);
    CHECK(size_of(w, "one") == 3);
    CHECK(questions_of([&] { CHECK(size_of(w, "two") == 3); }) == 1);
  }
  SECTION("may be links") {
    fs::create_symlink("one", w.host() / "a/b/link");
    fs::create_symlink("nowhere", w.host() / "a/b/dangling");
    CHECK(size_of(w, "/a/b/link") == 3);
    CHECK(w.content("/a/b/link") == "one");
    CHECK(size_of(w, "/a/b/dangling") == absent);
    reference::stat s{};
    CHECK(w.status("/a/b/dangling", s, reference::at::symlink_nofollow) == error::none);
    CHECK((s.mode & reference::file_modes::type_mask) == reference::file_modes::lnk);
  }
  SECTION("are opened as what they are") {
    fs::create_symlink("two", w.host() / "a/b/link");
    fs::create_directory(w.host() / "a/b/d");
    fs::create_hard_link(w.host() / "a/b/f", w.host() / "a/b/same"); // of a file in use
    REQUIRE(::mkfifo((w.host() / "a/b/pipe").c_str(), 0600) == 0);
    for (int i = 0; i < 3; ++i) {
      CHECK(w.content("/a/b/link") == "two");
      CHECK(w.open_error("/a/b/link", flag::nofollow) == error::loop);
      CHECK(w.content("/a/b/same") == "text");
      CHECK(w.open_error("/a/b/d") == error::none);
      CHECK(w.open_error("/a/b/four", flag::directory) == error::notdir);
      CHECK(w.open_error("/a/b/four/") == error::notdir);
      CHECK(w.open_error("/a/b/four/below") == error::notdir);
      const i32 reading = w.open("/a/b/pipe", flag::nonblock), writing = w.open("/a/b/pipe", flag::wronly);
      CHECK(w.write(writing, "through") == 7); // the kernel's own
      CHECK(w.read(reading) == "through");
      w.close(reading);
      w.close(writing);
    }
    const i32 four = w.open("/a/b/four"), again = w.open("/a/b/four");
    reference::stat one{}, other{}, named{};
    CHECK(perform(w.user(), op::fstat{}, four, one).error() == error::none);
    CHECK(perform(w.user(), op::fstat{}, again, other).error() == error::none);
    CHECK(w.status("/a/b/four", named) == error::none);
    CHECK((one.ino == other.ino && one.ino == named.ino));
    CHECK(w.unlink("/a/b/four") == error::none);
    CHECK(w.open_error("/a/b/four") == error::noent);
    CHECK(w.read(four) == "four");
  }
  SECTION("are kept if they are opened again") {
    const auto has = [&](const char* name) {
      return questions_of([&] { CHECK(w.open_error(std::string("/a/b/") + name) == error::none); });
    };
    constexpr u64 opened = 2, found = 1; // files_opened_again.cpp
    CHECK(has("three") == opened);
    CHECK(has("three") == opened);
    CHECK(has("three") == found);
    CHECK(has("four") == opened);
    CHECK(has("three") == found);
  }
  SECTION("may be covered") {
    CHECK(w.mkdir("/a/b/d") == error::none);
    reference::stat host{}, covering{};
    CHECK(w.status("/a/b/d", host) == error::none);
    REQUIRE(perform(w.user(), op::mount{}, std::string_view{"none"}, std::string_view{"/a/b/d"}, std::string_view{"tmpfs"},
                    std::string_view{}));
    CHECK(w.status("/a/b/d", covering) == error::none);
    CHECK(host.dev != covering.dev);
    CHECK(w.make("/a/b/d/in_memory", "text") == error::none);
    CHECK(size_of(w, "/a/b/d/in_memory") == 4);
    CHECK(size_of(w, "/a/b/three") == 5);
  }
  SECTION("are in another one that took its place") {
    fs::rename(w.host() / "a/b", w.host() / "a/c");
    CHECK(size_of(w, "/a/b/three") == absent);
    fs::create_directory(w.host() / "a/b");
    write_file(w.host() / "a/b/three", "3");
    CHECK(size_of(w, "/a/b/three") == 1);
    CHECK(size_of(w, "/a/c/three") == 5);
    CHECK(w.rename("/a/b", "/a/d") == error::none);
    CHECK(size_of(w, "/a/b/three") == absent);
    CHECK(size_of(w, "/a/d/three") == 1);
  }
  SECTION("cannot be asked for by who may not search it") {
    fs::permissions(w.host(), fs::perms{0755});
    fs::permissions(w.host() / "a/b", fs::perms::owner_all);
    w.become(12345);
    CHECK(size_of(w, "/a/b/three") == -static_cast<i64>(error::acces));
    CHECK(size_of(w, "/a/b/absent") == -static_cast<i64>(error::acces));
  }
  SECTION("may be in use") {
    const i32 used = w.open("/a/b/four", flag::rdwr);
    CHECK(w.chdir("/a") == error::none);
    CHECK(size_of(w, "b/four") == 4);
    CHECK(questions_of([&] { CHECK(size_of(w, "b/four") == 4); }) == 1);
    CHECK(w.write(used, "long text") == 9);
    CHECK(size_of(w, "b/four") == 9);
  }
  SECTION("may be in the root") {
    write_file(w.host() / "top", "top");
    CHECK(size_of(w, "/top") == 3);
    CHECK(questions_of([&] { CHECK(size_of(w, "/top") == 3); }) == 1);
    CHECK(w.list("/") == names{".", "..", "a", "emulation", "top"});
    CHECK(w.list("/.") == names{".", "..", "a", "emulation", "top"});
    CHECK(w.mkdir("/made") == error::none);
    CHECK(w.rmdir("/") != error::none);
    reference::stat root{}, above{};
    CHECK(w.status("/", root) == error::none);
    CHECK(w.status("/..", above) == error::none);
    CHECK(root.ino == above.ino);
  }
  SECTION("end in a slash, or are not names") {
    CHECK(size_of(w, "/a/b/two/") == -static_cast<i64>(error::notdir));
    CHECK(size_of(w, "/a/b/two/.") == -static_cast<i64>(error::notdir));
    reference::stat above{}, a{};
    CHECK(w.status("/a/b/..", above) == error::none);
    CHECK(w.status("/a", a) == error::none);
    CHECK(above.ino == a.ino);
  }
}

TEST_CASE("a file that is open or held stays the same file", "[files]") {
  used_world w;
  const fs::path f = w.host() / "a/b/f";
  const auto size = [&](i32 descriptor) {
    reference::stat s{};
    return perform(w.user(), op::fstat{}, descriptor, s) ? s.size : -1;
  };
  w.enter_emulation();
  SECTION("open") {
    const i32 descriptor = w.open("/a/b/f"), again = w.open("/a/b/f", flag::rdwr);
    fs::remove(f);
    write_file(f, "another one");
    CHECK(size(descriptor) == 4);
    CHECK(w.content("/proc/self/fd/" + std::to_string(again)) == "text");
    w.close(descriptor);
    CHECK(w.write(again, "TEXT") == 4);
    CHECK(size(again) == 4);
    CHECK(perform(w.user(), op::fchmod{}, again, 0600u).error() == error::none);
    CHECK(w.content("/proc/self/fd/" + std::to_string(again)) == "TEXT");
    CHECK(w.content("/a/b/f") == "another one");
  }
  SECTION("opened for the path alone") {
    const i32 descriptor = w.open("/a/b/f", flag::path);
    fs::remove(f);
    CHECK(size(descriptor) == 4);
    CHECK(w.content("/proc/self/fd/" + std::to_string(descriptor)) == "text");
  }
  SECTION("made, and removed by the host") {
    const i32 descriptor = w.open("/a/b/new", flag::rdwr | flag::creat);
    CHECK(w.write(descriptor, "fresh") == 5);
    fs::remove(w.host() / "a/b/new");
    CHECK(size(descriptor) == 5);
    CHECK(w.open_error("/a/b/new") == error::noent);
  }
  SECTION("cut when it is opened, by this name only") {
    CHECK(w.open_error("/a/b/f", flag::rdonly | flag::trunc) == error::none);
    CHECK(fs::file_size(f) == 0);
    write_file(f, "text");
    write_file(w.host() / "other", "other");
    fs::rename(f, w.host() / "kept");
    fs::rename(w.host() / "other", f);
    CHECK(w.make("/a/b/f", "x") == error::none);
    CHECK(fs::file_size(f) == 1);
    CHECK(fs::file_size(w.host() / "kept") == 4);
  }
}

TEST_CASE("a way that is too long for one question is walked by name", "[files]") {
  file_world w;
  std::string path;
  for (int i = 0; i < 6; ++i) {
    path += "/" + std::string(200, static_cast<char>('a' + i));
    CHECK(w.mkdir(path) == error::none);
  }
  path += "/file";
  CHECK(w.make(path, "deep") == error::none);
  for (int i = 0; i < 3; ++i) {
    CHECK(size_of(w, path) == 4);
    CHECK(w.content(path) == "deep");
  }
}

TEST_CASE("a path that is known leads where it would be walked to", "[files]") {
  used_world w;
  const auto again = [&](std::string_view path) {
    for (int i = 0; i < 3; ++i) CHECK(size_of(w, path) == 4);
  };
  again("/a/b/f");
  SECTION("after a mount over a directory on the way") {
    CHECK(perform(w.user(), op::mount{}, std::string_view{"none"}, std::string_view{"/a/b"}, std::string_view{"tmpfs"}, std::string_view{}).error() == error::none);
    CHECK(size_of(w, "/a/b/f") == absent);
    CHECK(perform(w.user(), op::unmount{}, std::string_view{"/a/b"}, false, 0u).error() == error::none);
    again("/a/b/f");
  }
  SECTION("after its names have changed") {
    CHECK(w.rename("/a", "/c") == error::none);
    CHECK(size_of(w, "/a/b/f") == absent);
    again("/c/b/f");
    CHECK(w.mkdir("/a") == error::none);
    CHECK(w.rename("/c/b", "/a/b") == error::none);
    CHECK(size_of(w, "/c/b/f") == absent);
    again("/a/b/f");
    CHECK(w.unlink("/a/b/f") == error::none);
    CHECK(size_of(w, "/a/b/f") == absent);
  }
  SECTION("from another directory, and in another root") {
    w.mkdir("/d");
    w.make("/d/f", "other");
    w.chdir("/a/b");
    again("f");
    w.chdir("/d");
    CHECK(size_of(w, "f") == 5);
    w.mkdir("/d/a");
    w.mkdir("/d/a/b");
    w.make("/d/a/b/f", "another");
    CHECK(perform(w.user(), op::chroot{}, "/d").error() == error::none);
    CHECK(size_of(w, "/a/b/f") == 7);
  }
  SECTION("for others with their rights") {
    fs::permissions(w.host(), fs::perms{0755});
    fs::permissions(w.host() / "a", fs::perms{0700});
    w.become(12345);
    CHECK(size_of(w, "/a/b/f") == -static_cast<i64>(error::acces));
  }
  SECTION("names of directories are what they were") {
    reference::stat s{};
    for (int i = 0; i < 3; ++i) {
      CHECK(w.status("/a/b/.", s) == error::none);
      CHECK(w.status("/a/b/", s) == error::none);
      CHECK(w.status("/a/b", s) == error::none);
    }
    CHECK(w.rmdir("/a/b/.") == error::inval);
    CHECK(w.open_error("/a/b/f", flag::rdwr | flag::creat | flag::excl) == error::exist);
    CHECK(w.unlink("/a/b/") == error::isdir);
    w.enter_emulation();
    again("/a/b/f");
    CHECK(w.link("/a/b/f", "/g") == error::none);
    again("/g");
    CHECK(w.rename("/g", "/a/g") == error::none);
    CHECK(fs::exists(w.host() / "a/g"));
  }
}
