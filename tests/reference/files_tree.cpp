// Mounts, the emulation root in the kernel, pseudo files.
#include "files.hpp"

#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/information_operations.hpp>

using namespace polyabi;
using namespace polyabi::tests;

TEST_CASE("a mount covers a name that need not exist, and is not listed then", "[files]") {
  file_world w;
  CHECK(w.list("/") == names{".", "..", "emulation"});
  const std::string pid = std::to_string(w.user().id());
  CHECK(w.content("/proc/self/status").find(" " + pid + " ") != std::string::npos);
  CHECK(w.list("/proc/" + pid) == names{".", "..", "cmdline", "cwd", "fd", "file", "map", "root", "status"});
  CHECK(w.list("/compat") == names{".", "..", "test"});
  CHECK(w.list("/compat/test") == names{".", "..", "proc"});
  CHECK_FALSE(std::filesystem::exists(w.host() / "compat"));
  CHECK(w.rmdir("/compat") == error::busy);
  CHECK(w.rename("/compat", "/other") == error::busy);
  CHECK(w.mkdir("/compat") == error::exist);
  CHECK(w.make("/compat/new") == error::rofs);
  CHECK(w.chdir("/compat/test/proc") == error::none);
  CHECK(w.current_directory() == "/compat/test/proc");
  CHECK(w.chdir("../..") == error::none);
  CHECK(w.current_directory() == "/compat");
}

TEST_CASE("in the emulation the root is the user's own, with the personality's pseudo files", "[files]") {
  file_world w;
  w.make("/file", "native");
  w.enter_emulation();
  CHECK(w.content("/file") == "native");
  reference::stat seen{}, native{};
  CHECK(w.status("/", seen) == error::none);
  CHECK(w.status("/../.", native) == error::none);
  CHECK((seen.ino == native.ino && seen.dev == native.dev)); // not the skeleton's
  CHECK(w.content("/proc/setting") == "nothing");
  CHECK(w.open_error("/../proc/setting") == error::noent);
  CHECK(w.open_error("/proc/curproc/status") == error::noent); // the kernel's own /proc is hidden
  CHECK(w.open_error("/../proc/curproc/status") == error::none);
  CHECK(w.make("/new", "x") == error::none);
  CHECK(std::filesystem::exists(w.host() / "new"));
  CHECK(w.list("/") == names{".", "..", "emulation", "file", "new", "proc"});
  CHECK(w.chdir("/proc") == error::none);
  CHECK(w.current_directory() == "/proc");
  CHECK(w.chdir("..") == error::none);
  CHECK(w.current_directory() == "/");
  CHECK(w.content("file") == "native");
}

TEST_CASE("a host directory at the emulation root merges with the native one", "[files]") {
  file_world w{true};
  w.mkdir("/etc");
  w.make("/etc/hosts", "native hosts");
  w.make("/etc/passwd", "native");
  std::filesystem::create_directories(w.host() / "emulation/etc");
  std::ofstream(w.host() / "emulation/etc/passwd") << "emulated";
  w.enter_emulation();
  CHECK(w.content("/etc/passwd") == "emulated");
  CHECK(w.content("/etc/hosts") == "native hosts");
  CHECK(w.content("/../etc/passwd") == "native");
  CHECK(w.list("/etc") == names{".", "..", "hosts", "passwd"});
  CHECK(w.content("/proc/setting") == "nothing");

  SECTION("relative paths and descriptors see both") {
    CHECK(w.chdir("/etc") == error::none);
    CHECK(w.content("passwd") == "emulated");
    CHECK(w.content("hosts") == "native hosts");
    const i32 directory = w.open("/etc");
    const i32 file = w.open("hosts", flag::rdonly, 0, directory);
    CHECK(w.read(file) == "native hosts");
  }
  SECTION("names are made in the emulation root where it has the directory") {
    w.mkdir("/etc/new");
    CHECK(std::filesystem::exists(w.host() / "emulation/etc/new"));
    CHECK(w.mkdir("/../home") == error::none);
    CHECK(w.make("/home/file") == error::none);
    CHECK(std::filesystem::exists(w.host() / "home/file"));
  }
  SECTION("a file stays on its side when it is renamed") {
    CHECK(w.rename("/etc/hosts", "/etc/hosts.old") == error::none);
    CHECK(std::filesystem::exists(w.host() / "etc/hosts.old"));
    CHECK(w.unlink("/etc/passwd") == error::none);
    CHECK(w.content("/etc/passwd") == "native");
  }
  SECTION("a root change keeps both sides") {
    w.mkdir("/etc/deep");
    CHECK(perform(w.user(), op::chroot{}, "/etc").error() == error::none);
    CHECK(w.content("/passwd") == "emulated");
    CHECK(w.content("/hosts") == "native hosts");
    CHECK(w.content("/../../hosts") == "native hosts");
    CHECK(w.open_error("/proc/setting") == error::noent);
  }
}

TEST_CASE("pseudo files are made when they are opened", "[files]") {
  file_world w;
  w.enter_emulation();
  const std::string pid = std::to_string(w.user().id());
  CHECK(w.link_text("/proc/self") == pid);
  std::memcpy(w.user().process().name, "guest", 6);
  CHECK(w.content("/proc/self/name") == pid + " guest\n");
  CHECK(w.content("/proc/" + pid + "/name") == pid + " guest\n");
  CHECK(w.open_error("/proc/99999/name") == error::noent);
  CHECK(w.open_error("/proc/0" + pid) == error::noent);
  const names listed = w.list("/proc");
  CHECK(std::find(listed.begin(), listed.end(), pid) != listed.end());
  CHECK(std::find(listed.begin(), listed.end(), "mounts") != listed.end());
  CHECK(w.make("/proc/new") == error::noent);
  CHECK(w.unlink("/proc/large") == error::perm);
  CHECK(w.open_error("/proc/large", flag::wronly) == error::none); // the superuser's open is not refused, his write is

  const i32 large = w.open("/proc/large");
  CHECK(w.read(large, 10) == "0000\n0001\n");
  std::string rest, piece;
  while (!(piece = w.read(large)).empty()) rest += piece;
  CHECK(rest.size() == 3000 * 5 - 10);
  CHECK(rest.ends_with("2999\n"));

  const i32 setting = w.open("/proc/setting", flag::wronly | flag::trunc);
  CHECK(w.write(setting, "changed") == 7);
  CHECK(w.content("/proc/setting") == "changed");
  CHECK(w.write(setting, "nothing") == 7);
  CHECK(w.content("/proc/mounts").find("proc /proc\n") != std::string::npos);
}

TEST_CASE("links of descriptors lead to the open files, with names or without", "[files]") {
  file_world w;
  w.enter_emulation();
  w.make("/file", "text");
  const i32 f = w.open("/file");
  const std::string link = "/proc/self/fd/" + std::to_string(f);
  CHECK(w.link_text(link) == "/file");
  CHECK(w.content(link) == "text");
  CHECK(w.unlink("/file") == error::none);
  CHECK(w.content(link) == "text");
  i32 ends[2];
  w.user().system_call([&](reference::thread& t) {
    auto made = polyabi::perform<reference::kernel>(op::pipe{}, t, 0u);
    ends[0] = made->first.number();
    ends[1] = made->second.number();
    detail::derived_entry::commit(*made);
  });
  CHECK(w.write(ends[1], "through") == 7);
  const i32 again = w.open("/proc/self/fd/" + std::to_string(ends[0]));
  REQUIRE(again >= 0);
  CHECK(w.read(again) == "through");
  w.mkdir("/dir");
  w.chdir("/dir");
  CHECK(w.link_text("/proc/self/cwd") == "/dir");
  CHECK(w.list("/proc/self/cwd") == names{".", ".."});
}

TEST_CASE("a directory's listing goes on where it stopped", "[files]") {
  file_world w;
  for (int i = 0; i < 300; ++i) w.make("/emulation/name" + std::to_string(i));
  const i32 directory = w.open("/emulation");
  struct state {
    names seen;
    usize limit;
  } s{{}, 7};
  const directory_visitor visitor{[](void* opaque, const directory_entry& e) {
                                    auto& into = *static_cast<state*>(opaque);
                                    if (into.limit == 0) return false;
                                    --into.limit;
                                    into.seen.emplace_back(e.name);
                                    return true;
                                  },
                                  &s};
  for (usize before = 1; before != s.seen.size(); s.limit = 7) {
    before = s.seen.size();
    CHECK(perform(w.user(), op::read_directory{}, directory, visitor).error() == error::none);
  }
  CHECK(s.seen.size() == 302);
  std::sort(s.seen.begin(), s.seen.end());
  CHECK(std::unique(s.seen.begin(), s.seen.end()) == s.seen.end());
}

TEST_CASE("files that are gone leave no memory behind", "[files]") {
  const auto run = [] {
    file_world w{true};
    w.enter_emulation();
    w.mkdir("/d");
    w.make("/d/f", "x");
    w.make("/dev/shm/f", std::string(10000, 'x'));
    w.link("/dev/shm/f", "/dev/shm/g");
    w.list("/proc");
    w.content("/proc/self/name");
    w.rename("/d/f", "/d/g");
    w.unlink("/dev/shm/f");
  };
  run(); // the devices stay
  const usize before = reference::heap::in_use();
  run();
  CHECK(reference::heap::in_use() == before);
}
