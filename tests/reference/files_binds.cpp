// Directories at a second place, mounts that move, other roots; files without names.
#include "files.hpp"

#include <polyabi/reference/file_systems.hpp>
#include <polyabi/reference/mount.hpp>

using namespace polyabi;
using namespace polyabi::tests;

namespace {

struct bound_place : file_world {
  bound_place() {
    REQUIRE(mkdir("/from") == error::none);
    REQUIRE(mkdir("/from/in") == error::none);
    REQUIRE(mkdir("/to") == error::none);
    REQUIRE(make("/from/file", "text") == error::none);
  }
  error bind(std::string_view from, std::string_view to, bool recursive = false) {
    return perform(user(), op::bind_mount{}, from, to, recursive).error();
  }
  error move(std::string_view from, std::string_view to) { return perform(user(), op::move_mount{}, from, to).error(); }
  error mount(std::string_view path) {
    return perform(user(), op::mount{}, std::string_view{"none"}, path, std::string_view{"tmpfs"}, std::string_view{}).error();
  }
  error unmount(std::string_view path) { return perform(user(), op::unmount{}, path, false, 0u).error(); }
  error pivot(std::string_view to, std::string_view old) { return perform(user(), op::pivot_root{}, to, old).error(); }
};

} // namespace

TEST_CASE("a bound directory is the same at both places, and each has its own way up", "[files]") {
  bound_place w;
  REQUIRE(w.bind("/from", "/to") == error::none);
  CHECK(w.content("/to/file") == "text");
  CHECK(w.make("/to/new", "more") == error::none);
  CHECK(w.content("/from/new") == "more");
  reference::stat one{}, other{};
  REQUIRE(w.status("/from/in", one) == error::none);
  REQUIRE(w.status("/to/in", other) == error::none);
  CHECK(one.ino == other.ino);
  CHECK(one.dev == other.dev);
  REQUIRE(w.chdir("/to/in") == error::none);
  CHECK(w.current_directory() == "/to/in");
  REQUIRE(w.chdir("../..") == error::none);
  CHECK(w.current_directory() == "/");
  REQUIRE(w.chdir("/from/in") == error::none);
  CHECK(w.current_directory() == "/from/in");
  REQUIRE(w.chdir("/") == error::none);
  // As everywhere, a mount's edge is one for names, though the files are the same.
  CHECK(w.rename("/to/file", "/to/in/file") == error::none);
  CHECK(w.rename("/to/in/file", "/from/file") == error::xdev);
  CHECK(w.bind("/from", "/to") == error::busy);
  const i32 open = w.open("/to/new");
  CHECK(w.unmount("/to") == error::busy);
  w.close(open);
  CHECK(w.unmount("/to") == error::none);
  CHECK(w.unmount("/to") == error::inval);
}

TEST_CASE("a file is bound over a file, a directory over a directory", "[files]") {
  bound_place w;
  REQUIRE(w.make("/other", "hidden") == error::none);
  CHECK(w.bind("/from/file", "/to") == error::notdir);
  CHECK(w.bind("/from", "/other") == error::notdir);
  CHECK(w.bind("/missing", "/to") == error::noent);
  CHECK(w.bind("/from", "/missing") == error::noent);
  CHECK(w.bind("/from", "/") == error::busy);
  REQUIRE(w.bind("/from/file", "/other") == error::none);
  CHECK(w.content("/other") == "text");
  CHECK(w.unmount("/other") == error::none);
  CHECK(w.content("/other") == "hidden");
  w.become(1000);
  CHECK(w.bind("/from", "/to") == error::perm);
  CHECK(w.move("/from", "/to") == error::perm);
  CHECK(w.pivot("/from", "/to") == error::perm);
}

TEST_CASE("what is mounted below is bound too if it is asked for", "[files]") {
  bound_place w;
  REQUIRE(w.mount("/from/in") == error::none);
  REQUIRE(w.make("/from/in/above", "mounted") == error::none);
  REQUIRE(w.bind("/from", "/to") == error::none);
  CHECK(w.open("/to/in/above") < 0);
  REQUIRE(w.unmount("/to") == error::none);
  REQUIRE(w.bind("/from", "/to", true) == error::none);
  CHECK(w.content("/to/in/above") == "mounted");
  CHECK(w.unmount("/to/in") == error::none);
  CHECK(w.content("/from/in/above") == "mounted");
  // A directory inside of what it is bound over.
  REQUIRE(w.bind("/from", "/from/in", true) == error::busy);
  REQUIRE(w.unmount("/from/in") == error::none);
  REQUIRE(w.bind("/from", "/from/in", true) == error::none);
  CHECK(w.content("/from/in/file") == "text");
}

TEST_CASE("a mount moves, but not into itself", "[files]") {
  bound_place w;
  REQUIRE(w.mount("/from") == error::none);
  REQUIRE(w.make("/from/here", "moved") == error::none);
  REQUIRE(w.mkdir("/from/deeper") == error::none);
  CHECK(w.move("/to", "/from") == error::inval);
  CHECK(w.move("/from", "/from/deeper") == error::loop);
  REQUIRE(w.move("/from", "/to") == error::none);
  CHECK(w.content("/to/here") == "moved");
  CHECK(w.content("/from/file") == "text");
  REQUIRE(w.chdir("/to/deeper") == error::none);
  CHECK(w.current_directory() == "/to/deeper");
}

TEST_CASE("another root takes the place of the first, which goes below it", "[files]") {
  bound_place w;
  REQUIRE(w.mkdir("/root") == error::none);
  CHECK(w.pivot("/root", "/root") == error::inval);
  REQUIRE(w.mount("/root") == error::none);
  REQUIRE(w.mkdir("/root/old") == error::none);
  REQUIRE(w.make("/root/inside", "new root") == error::none);
  CHECK(w.pivot("/", "/root/old") == error::busy);
  CHECK(w.pivot("/root", "/to") == error::inval);
  CHECK(w.pivot("/root", "/root/inside") == error::notdir);
  REQUIRE(w.pivot("/root", "/root/old") == error::none);
  CHECK(w.content("/inside") == "new root");
  CHECK(w.content("/old/from/file") == "text");
  CHECK(w.current_directory() == "/");
  REQUIRE(w.chdir("/old/from/in") == error::none);
  CHECK(w.current_directory() == "/old/from/in");
  REQUIRE(w.chdir("../../..") == error::none);
  CHECK(w.current_directory() == "/");
}

TEST_CASE("a file without a name gets one, unless it is not to have any", "[files]") {
  bound_place w;
  REQUIRE(w.mount("/to") == error::none);
  constexpr u32 unnamed = flag::rdwr | flag::tmpfile;
  for (const std::string_view where : {"/from", "/to"}) {
    const i32 d = w.open(where, unnamed, 0640);
    if (d == -static_cast<i32>(error::opnotsupp)) continue; // the host's file system has none
    REQUIRE(d >= 0);
    reference::stat s{};
    REQUIRE(perform(w.user(), op::fstat{}, d, s));
    CHECK(s.nlink == 0);
    CHECK((s.mode & 07777) == 0640);
    const std::string name = std::string{where} + "/name";
    const auto linked = [&] {
      return perform(w.user(), op::link{}, d, std::string_view{}, here, std::string_view{name}, reference::at::empty_path).error();
    };
    CHECK(linked() == error::none);
    CHECK(linked() == error::exist);
    REQUIRE(w.unlink(name) == error::none);
    CHECK(linked() == error::noent);
    w.close(d);
    const i32 nameless = w.open(where, unnamed | flag::excl);
    CHECK(nameless >= 0);
    w.close(nameless);
  }
  CHECK(w.open_error("/from/file", unnamed) == error::notdir);
  CHECK(w.open_error("/missing", unnamed) == error::noent);
  CHECK(w.open_error("/to", flag::rdonly | flag::tmpfile) == error::inval);
}
