// Names and what may be done with them, the same on the host's files and on files in memory.
#include "files.hpp"

#include <polyabi/reference/file_systems.hpp>

using namespace polyabi;
using namespace polyabi::tests;

namespace {

/// The directory /place, of the host or in memory.
struct place : file_world {
  const bool in_memory;
  explicit place(bool memory) : in_memory{memory} {
    if (!in_memory) {
      REQUIRE(mkdir("/place") == error::none);
    } else {
      with_lock([] {
        auto made = reference::make_memory_file_system(0755);
        (void)reference::mounts::add(reference::mounts::root(), "place", *made, {"none", "tmpfs", "rw"});
      });
    }
    REQUIRE(chdir("/place") == error::none);
  }
};

u64 links(file_world& w, std::string_view path) {
  reference::stat s{};
  return w.status(path, s) == error::none ? s.nlink : 0;
}

} // namespace

TEST_CASE("files are made, written, read, and taken away", "[files]") {
  place w{GENERATE(false, true)};
  CHECK(w.make("file", "hello") == error::none);
  CHECK(w.content("file") == "hello");
  CHECK(w.open_error("file", flag::rdwr | flag::creat | flag::excl) == error::exist);
  CHECK(w.open_error("missing") == error::noent);
  CHECK(w.open_error("file/x") == error::notdir);
  CHECK(w.open_error("file", flag::directory) == error::notdir);
  CHECK(w.make("file") == error::none);
  CHECK(w.content("file") == "");
  CHECK(w.unlink("file") == error::none);
  CHECK(w.unlink("file") == error::noent);
}

TEST_CASE("a file made read-only can be written by who made it", "[files]") {
  place w{GENERATE(false, true)};
  const i32 f = w.open("locked", flag::wronly | flag::creat | flag::excl, 0400);
  REQUIRE(f >= 0);
  CHECK(w.write(f, "text") == 4);
  w.close(f);
  CHECK(w.content("locked") == "text");
}

TEST_CASE("the position moves with reads, writes and seeks; appending goes to the end", "[files]") {
  place w{GENERATE(false, true)};
  w.make("file", "0123456789");
  const i32 f = w.open("file", flag::rdwr);
  CHECK(w.read(f, 4) == "0123");
  CHECK(*perform(w.user(), op::seek{}, f, i64{-2}, reference::seek_origins::end) == 8);
  CHECK(w.read(f) == "89");
  CHECK(perform(w.user(), op::seek{}, f, i64{-1}, reference::seek_origins::set).error() == error::inval);
  CHECK(*perform(w.user(), op::seek{}, f, i64{12}, reference::seek_origins::set) == 12);
  CHECK(w.write(f, "x") == 1);
  w.close(f);
  CHECK(w.content("file") == std::string("0123456789\0\0x", 13));
  const i32 a = w.open("file", flag::wronly | flag::append);
  CHECK(w.write(a, "y") == 1);
  CHECK(w.read(a) == "error 9");
  w.close(a);
  CHECK(w.content("file").back() == 'y');
}

TEST_CASE("truncation cuts and extends with zeros", "[files]") {
  place w{GENERATE(false, true)};
  w.make("file", "0123456789");
  CHECK(perform(w.user(), op::truncate{}, "file", i64{3}).error() == error::none);
  CHECK(perform(w.user(), op::truncate{}, "file", i64{5}).error() == error::none);
  CHECK(w.content("file") == std::string("012\0\0", 5));
  CHECK(perform(w.user(), op::truncate{}, "file", i64{-1}).error() == error::inval);
  CHECK(perform(w.user(), op::truncate{}, ".", i64{0}).error() == error::isdir);
}

TEST_CASE("directories", "[files]") {
  place w{GENERATE(false, true)};
  CHECK(w.mkdir("d") == error::none);
  CHECK(w.mkdir("d") == error::exist);
  CHECK(w.mkdir("d/e/") == error::none);
  CHECK(w.mkdir("no/e") == error::noent);
  CHECK(w.mkdir("/") == error::exist);
  CHECK(w.rmdir("d") == error::notempty);
  CHECK(w.unlink("d/e") == error::isdir);
  CHECK(w.rmdir("d/.") == error::inval);
  CHECK(w.rmdir("d/..") == error::notempty);
  CHECK(w.make("f") == error::none);
  CHECK(w.rmdir("f") == error::notdir);
  CHECK(w.list("d") == names{".", "..", "e"});
  CHECK(links(w, "d") == 3);
  CHECK(w.rmdir("d/e/") == error::none);
  CHECK(links(w, "d") == 2);
  CHECK(w.open_error("d", flag::wronly) == error::isdir);
  CHECK(w.open_error("d", flag::rdonly | flag::creat) == error::isdir);
  CHECK(w.rmdir("d") == error::none);
}

TEST_CASE("links, hard and symbolic", "[files]") {
  place w{GENERATE(false, true)};
  w.make("a", "text");
  CHECK(w.link("a", "b") == error::none);
  CHECK(links(w, "a") == 2);
  CHECK(w.link("a", "b") == error::exist);
  CHECK(w.unlink("a") == error::none);
  CHECK(w.content("b") == "text");
  CHECK(w.mkdir("d") == error::none);
  CHECK(w.link("d", "d2") == error::perm);
  CHECK(w.symlink("b", "s") == error::none);
  CHECK(w.link_text("s") == "b");
  CHECK(w.content("s") == "text");
  CHECK(w.link_text("b") == "error 22");
  CHECK(w.open_error("s", flag::nofollow) == error::loop);
  CHECK(w.open_error("s", flag::wronly | flag::creat | flag::excl) == error::exist);
  CHECK(w.symlink("fresh", "dangling") == error::none);
  CHECK(w.make("dangling", "made") == error::none);
  CHECK(w.content("fresh") == "made");
  reference::stat s{};
  CHECK(w.status("s", s, reference::at::symlink_nofollow) == error::none);
  CHECK((s.mode & reference::file_modes::type_mask) == reference::file_modes::lnk);
  CHECK(s.size == 1);
}

TEST_CASE("rename replaces what it may and refuses the rest", "[files]") {
  place w{GENERATE(false, true)};
  w.make("a", "a");
  w.make("b", "b");
  w.mkdir("d");
  w.mkdir("d/sub");
  w.mkdir("empty");
  w.make("full_file", "");
  w.mkdir("full");
  w.make("full/x");
  CHECK(w.rename("a", "b") == error::none);
  CHECK(w.content("b") == "a");
  CHECK(w.open_error("a") == error::noent);
  CHECK(w.rename("a", "c") == error::noent);
  CHECK(w.rename("b", "d") == error::isdir);
  CHECK(w.rename("d", "b") == error::notdir);
  CHECK(w.rename("d", "d/sub/x") == error::inval);
  CHECK(w.rename("d", "full") == error::notempty);
  CHECK(w.rename("b", "b/") == error::notdir);
  CHECK(w.rename(".", "x") == error::busy);
  CHECK(w.rename("d", "empty") == error::none);
  CHECK(w.list("empty") == names{".", "..", "sub"});
  CHECK(w.link("b", "b2") == error::none);
  CHECK(w.rename("b", "b2") == error::none); // two names of one file: nothing happens
  CHECK(w.content("b") == "a");
  CHECK(w.rename("b", "/b") == (w.in_memory ? error::xdev : error::none));
}

TEST_CASE("the current directory is known by its path, moved or removed", "[files]") {
  place w{GENERATE(false, true)};
  w.mkdir("a");
  w.mkdir("a/b");
  CHECK(w.chdir("a/b") == error::none);
  CHECK(w.current_directory() == "/place/a/b");
  CHECK(w.rename("/place/a", "/place/z") == error::none);
  CHECK(w.current_directory() == "/place/z/b");
  CHECK(w.chdir("..") == error::none);
  CHECK(w.current_directory() == "/place/z");
  CHECK(w.rmdir("/place/z/b") == error::none);
  CHECK(w.chdir("../../..") == error::none);
  CHECK(w.current_directory() == "/");
}

TEST_CASE("the mask takes bits from modes; chmod sets them", "[files]") {
  place w{GENERATE(false, true)};
  reference::stat s{};
  CHECK(*perform(w.user(), op::umask{}, 027u) == 022);
  const i32 f = w.open("f", flag::wronly | flag::creat, 0666);
  w.close(f);
  w.status("f", s);
  CHECK(s.mode == (reference::file_modes::reg | 0640));
  CHECK(perform(w.user(), op::chmod{}, here, "f", 04711u, 0u).error() == error::none);
  w.status("f", s);
  CHECK(s.mode == (reference::file_modes::reg | 04711));
}

TEST_CASE("times are set, left alone, or now", "[files]") {
  place w{GENERATE(false, true)};
  w.make("f");
  reference::time_pair times{{1000, 5}, {2000, 7}};
  const reference::time_pair* given = &times;
  CHECK(perform(w.user(), op::set_times{}, here, "f", given, 0u).error() == error::none);
  times = {{0, reference::utime::omit}, {3000, 0}};
  CHECK(perform(w.user(), op::set_times{}, here, "f", given, 0u).error() == error::none);
  reference::stat s{};
  w.status("f", s);
  CHECK(s.atime.sec == 1000);
  CHECK(s.atime.nsec == 5);
  CHECK(s.mtime.sec == 3000);
  times.access = {0, 1'000'000'000};
  CHECK(perform(w.user(), op::set_times{}, here, "f", given, 0u).error() == error::inval);
}

TEST_CASE("permissions are those of owner, group and others, the sticky bit's included", "[files]") {
  place w{true}; // the host's files belong to whoever runs the test
  w.make("secret");
  CHECK(perform(w.user(), op::chmod{}, here, "secret", 0600u, 0u).error() == error::none);
  w.mkdir("open");
  CHECK(perform(w.user(), op::chmod{}, here, "open", 01777u, 0u).error() == error::none);
  w.make("open/roots");
  w.mkdir("closed", 0700);
  w.become(1000);
  CHECK(w.open_error("secret") == error::acces);
  CHECK(w.make("new") == error::acces);
  CHECK(w.unlink("secret") == error::acces);
  CHECK(w.make("open/mine") == error::none);
  CHECK(w.unlink("open/roots") == error::perm);
  CHECK(w.unlink("open/mine") == error::none);
  CHECK(w.open_error("closed/x") == error::acces);
  CHECK(w.chdir("closed") == error::acces);
  CHECK(perform(w.user(), op::chmod{}, here, "secret", 0666u, 0u).error() == error::perm);
  CHECK(perform(w.user(), op::access{}, here, "secret", reference::access_modes::read, 0u).error() == error::acces);
  CHECK(perform(w.user(), op::access{}, here, "secret", 0u, 0u).error() == error::none);
  CHECK(perform(w.user(), op::chroot{}, "/").error() == error::perm);
}
