// The rules of the lookup under a reroot policy, one by one.
#include "memory_tree.hpp"

#include "catch.hpp"

using namespace test;
using vfs::existing;
using vfs::existing_link;
using vfs::to_create;

namespace {

struct system_under_test {
  memory_tree tree;
  vfs::location<item*> root, current;

  /// The emulation root is at /emu if the tree has one.
  system_under_test(std::initializer_list<std::string_view> paths) : tree{paths} {
    const auto emulation = tree.top.children.find("emu");
    root = {emulation != tree.top.children.end() ? emulation->second.get() : nullptr, &tree.top};
    current = root;
  }

  vfs::found<item*> out;
  template <vfs::reroot_policy Policy = vfs::standard_reroot>
  errc look(std::string_view path, vfs::lookup_mode mode = existing) {
    out = {};
    return vfs::lookup<Policy>(tree, root, current, path, mode, out).error();
  }
  /// Both sides of what a path leads to: "emulation | native".
  std::string where(std::string_view path, vfs::lookup_mode mode = existing) {
    const errc error = look(path, mode);
    if (error != errc::none) return "error " + std::to_string(static_cast<int>(error));
    return path_of(out.where.emulation) + " | " + path_of(out.where.native);
  }
  std::string created_in(std::string_view path) {
    const errc error = look(path, to_create);
    if (error != errc::none) return "error " + std::to_string(static_cast<int>(error));
    return path_of(vfs::side_for_new_names<vfs::standard_reroot>(tree, out.directory)) + " " + std::string{out.name()};
  }
};

} // namespace

TEST_CASE("without an emulation root the walk is an ordinary one") {
  system_under_test s{"/etc/passwd", "/home/user/"};
  CHECK(s.where("/etc/passwd") == "none | /etc/passwd");
  CHECK(s.where("//etc///passwd") == "none | /etc/passwd");
  CHECK(s.where("etc/./passwd") == "none | /etc/passwd");
  CHECK(s.look("/etc/shadow") == errc::noent);
  CHECK(s.look("/etc/passwd/x") == errc::notdir);
  CHECK(s.look("") == errc::noent);
}

TEST_CASE("the emulation root is asked first, then the native root") {
  system_under_test s{"/emu/etc/passwd", "/etc/passwd", "/etc/hosts"};
  CHECK(s.where("/etc/passwd") == "/emu/etc/passwd | none");
  CHECK(s.where("/etc/hosts") == "none | /etc/hosts");
}

TEST_CASE("a policy can ask the native root first") {
  constexpr vfs::reroot_policy native_first{.emulation_first = false};
  system_under_test s{"/emu/etc/passwd", "/etc/passwd", "/emu/etc/release"};
  CHECK(s.look<native_first>("/etc/passwd") == errc::none);
  CHECK(path_of(s.out.where.native) == "/etc/passwd");
  CHECK(s.look<native_first>("/etc/release") == errc::none);
  CHECK(path_of(s.out.where.emulation) == "/emu/etc/release");
}

TEST_CASE("one walk: a name that the emulation root has is not looked up in the native one unless it is a directory") {
  system_under_test s{"/emu/bin/sh", "/bin/sh"};
  s.tree.lookups = 0;
  CHECK(s.where("/bin/sh") == "/emu/bin/sh | none");
  CHECK(s.tree.lookups == 3); // bin twice, sh once
}

TEST_CASE("a directory of both roots stays both, and relative lookups in it see both") {
  system_under_test s{"/emu/usr/lib/a", "/usr/lib/b"};
  CHECK(s.where("/usr/lib") == "/emu/usr/lib | /usr/lib");
  s.current = s.out.where;
  CHECK(s.where("a") == "/emu/usr/lib/a | none");
  CHECK(s.where("b") == "none | /usr/lib/b");
}

TEST_CASE("a directory of one root is on that side alone") {
  system_under_test s{"/emu/opt/x", "/home/user/"};
  CHECK(s.where("/opt") == "/emu/opt | none");
  CHECK(s.where("/home") == "none | /home");
}

TEST_CASE("an opaque directory of the emulation root hides the native one") {
  system_under_test s{"/emu/proc/self", "/proc/1"};
  s.tree.at("/emu/proc")->opaque = true;
  CHECK(s.where("/proc") == "/emu/proc | none");
  CHECK(s.look("/proc/1") == errc::noent);
  CHECK(s.where("/../proc/1") == "none | /proc/1");
}

TEST_CASE("a file hides a native directory of its name, and a directory a native file") {
  system_under_test s{"/emu/a", "/a/x", "/emu/b/x", "/b"};
  CHECK(s.where("/a") == "/emu/a | none");
  CHECK(s.look("/a/x") == errc::notdir);
  CHECK(s.where("/b") == "/emu/b | none");
}

TEST_CASE("creation goes where the parent is: the emulation root if it has the directory, the native one else") {
  system_under_test s{"/emu/tmp/", "/tmp/", "/home/"};
  CHECK(s.created_in("/tmp/new") == "/emu/tmp new");
  CHECK(s.created_in("/home/new") == "/home new");
  CHECK(s.created_in("/nowhere/new") == "error " + std::to_string(static_cast<int>(errc::noent)));
}

TEST_CASE("creation passes over a directory that takes no names, such as a mount's skeleton") {
  system_under_test s{"/emu/proc/", "/home/"};
  s.tree.at("/emu")->accepts = false;
  CHECK(s.created_in("/new") == "/ new");
}

TEST_CASE("an absolute link met inside the emulation root stays inside") {
  system_under_test s{"/emu/lib64 -> /usr/lib64", "/emu/usr/lib64/ld.so", "/usr/lib64/ld.so", "/usr/lib64/native.so"};
  CHECK(s.where("/lib64/ld.so") == "/emu/usr/lib64/ld.so | none");
  CHECK(s.where("/lib64/native.so") == "none | /usr/lib64/native.so");
}

TEST_CASE("an absolute link of the native root is followed in the view of the process too") {
  system_under_test s{"/link -> /etc/passwd", "/etc/passwd", "/emu/etc/passwd"};
  CHECK(s.where("/link") == "/emu/etc/passwd | none");
}

TEST_CASE("a relative link is followed from both sides of its directory") {
  system_under_test s{"/emu/usr/sh -> dash", "/usr/dash"};
  CHECK(s.where("/usr/sh") == "none | /usr/dash");
}

TEST_CASE("a directory of the emulation root merges with what a native link of its name leads to") {
  system_under_test s{"/emu/bin/true", "/bin -> usr/bin", "/usr/bin/ls"};
  CHECK(s.where("/bin") == "/emu/bin | /usr/bin");
  CHECK(s.where("/bin/ls") == "none | /usr/bin/ls");
}

TEST_CASE("dot-dot cannot leave the root") {
  system_under_test s{"/emu/usr/", "/usr/", "/etc/"};
  CHECK(s.where("/usr/../..") == "/emu | /");
  CHECK(s.where("/usr/../../etc") == "none | /etc");
  s.current = {s.tree.at("/emu"), &s.tree.top};
  CHECK(s.where("../..") == "/emu | /");
}

TEST_CASE("dot-dot out of a directory of one root comes to the directory of both") {
  system_under_test s{"/emu/usr/lib/a", "/usr/share/doc/", "/emu/opt/only/"};
  CHECK(s.where("/usr/share/..") == "/emu/usr | /usr");
  CHECK(s.where("/usr/share/../lib/a") == "/emu/usr/lib/a | none");
  CHECK(s.where("/usr/share/doc/..") == "none | /usr/share");
  CHECK(s.where("/opt/only/../..") == "/emu | /");
}

TEST_CASE("a path that begins with slash-dot-dot-slash looks in the native root only") {
  system_under_test s{"/emu/etc/passwd", "/etc/passwd", "/link -> /etc/passwd", "/etc/up -> ../etc/passwd"};
  CHECK(s.where("/../etc/passwd") == "none | /etc/passwd");
  CHECK(s.where("/..") == "none | /");
  CHECK(s.where("/../link") == "none | /etc/passwd");
  CHECK(s.where("/../etc/up") == "none | /etc/passwd");
  CHECK(s.where("/../../etc") == "none | /etc");
}

TEST_CASE("a policy without the escape takes it as any other dot-dot") {
  constexpr vfs::reroot_policy no_escape{.real_root_escape = false};
  system_under_test s{"/emu/etc/passwd", "/etc/passwd"};
  CHECK(s.look<no_escape>("/../etc/passwd") == errc::none);
  CHECK(path_of(s.out.where.emulation) == "/emu/etc/passwd");
}

TEST_CASE("links are followed forty times and no more") {
  system_under_test s{"/loop -> loop", "/end"};
  CHECK(s.look("/loop") == errc::loop);
  s.tree.add("/l40 -> end");
  for (int i = 39; i >= 0; --i) s.tree.add("/l" + std::to_string(i) + " -> l" + std::to_string(i + 1));
  CHECK(s.look("/l1") == errc::none);
  CHECK(s.look("/l0") == errc::loop);
}

TEST_CASE("names are limited to 255 bytes and paths to 4095") {
  system_under_test s{"/x"};
  CHECK(s.look("/" + std::string(256, 'n')) == errc::nametoolong);
  CHECK(s.look("/" + std::string(255, 'n')) == errc::noent);
  CHECK(s.look(std::string(4096, '/')) == errc::nametoolong);
  CHECK(s.where(std::string(4094, '/') + "x") == "none | /x");
  s.tree.add("/long -> " + std::string(4090, '/'));
  CHECK(s.look("/long/and/more") == errc::nametoolong);
}

TEST_CASE("a trailing slash asks for a directory") {
  system_under_test s{"/dir/", "/file", "/to_dir -> dir", "/to_file -> file"};
  CHECK(s.where("/dir/") == "none | /dir");
  CHECK(s.look("/file/") == errc::notdir);
  CHECK(s.where("/to_dir/", existing_link) == "none | /dir");
  CHECK(s.look("/to_file/", existing_link) == errc::notdir);
  CHECK(s.look("/new/", to_create) == errc::none);
  CHECK(s.out.trailing_slash);
  CHECK_FALSE(s.out.where);
}

TEST_CASE("the last link is followed or not, as asked") {
  system_under_test s{"/link -> file", "/file", "/dangling -> nothing"};
  CHECK(s.where("/link") == "none | /file");
  CHECK(s.where("/link", existing_link) == "none | /link");
  CHECK(s.look("/dangling") == errc::noent);
  CHECK(s.where("/dangling", existing_link) == "none | /dangling");
  SECTION("creating through a dangling link names its target") {
    CHECK(s.look("/dangling", vfs::to_open_or_create) == errc::none);
    CHECK(s.out.name() == "nothing");
  }
}

TEST_CASE("the last name and its directory are kept, also when the file exists") {
  system_under_test s{"/a/b"};
  CHECK(s.look("/a/b", to_create) == errc::none);
  CHECK(path_of(s.out.directory.native) == "/a");
  CHECK(s.out.name() == "b");
  CHECK(s.out.last == vfs::ending::name);
  CHECK(s.look("/a/.", to_create) == errc::none);
  CHECK(s.out.last == vfs::ending::dot);
  CHECK(s.look("/a/..", to_create) == errc::none);
  CHECK(s.out.last == vfs::ending::dot_dot);
  CHECK(s.look("/", to_create) == errc::none);
  CHECK(s.out.last == vfs::ending::root);
}

TEST_CASE("a directory that may not be searched ends the walk") {
  system_under_test s{"/closed/x"};
  s.tree.at("/closed")->searchable = false;
  CHECK(s.look("/closed") == errc::none);
  CHECK(s.look("/closed/x") == errc::acces);
}

TEST_CASE("a native directory that may not be searched shows nothing through the emulation root's") {
  system_under_test s{"/emu/etc/a", "/etc/b"};
  s.tree.at("/etc")->searchable = false;
  CHECK(s.where("/etc/a") == "/emu/etc/a | none");
  CHECK(s.look("/etc/b") == errc::acces);
}

TEST_CASE("a link that is an object leads to it, whatever its text says") {
  system_under_test s{"/proc/exe -> /gone", "/usr/bin/prog"};
  s.tree.at("/proc/exe")->object = s.tree.at("/usr/bin/prog");
  CHECK(s.where("/proc/exe") == "none | /usr/bin/prog");
  CHECK(s.where("/proc/exe", existing_link) == "none | /proc/exe");
}

TEST_CASE("a current directory kept over exec is completed under the new root") {
  system_under_test s{"/emu/usr/", "/usr/", "/home/"};
  CHECK(vfs::complete(s.tree, s.root, {nullptr, s.tree.at("/usr")}) ==
        vfs::location<item*>{s.tree.at("/emu/usr"), s.tree.at("/usr")});
  CHECK(vfs::complete(s.tree, s.root, {nullptr, s.tree.at("/home")}) ==
        vfs::location<item*>{nullptr, s.tree.at("/home")});
}

namespace {

vfs::lookup_mode under(polyabi::lookup_rules rules, bool follow_last = true) {
  return {follow_last, false, rules};
}

} // namespace

TEST_CASE("rules refuse links") {
  system_under_test s{"/d/f", "/d/link -> f", "/way -> d", "/proc/exe -> /gone"};
  s.tree.at("/proc/exe")->object = s.tree.at("/d/f");
  const polyabi::lookup_rules no_links{.no_links = true}, no_jumps{.no_jumps = true};
  CHECK(s.look("/d/f", under(no_links)) == errc::none);
  CHECK(s.look("/d/link", under(no_links)) == errc::loop);
  CHECK(s.look("/d/link", under(no_links, false)) == errc::none);
  CHECK(s.look("/way/f", under(no_links, false)) == errc::loop);
  CHECK(s.look("/way/link", under(no_jumps)) == errc::none);
  CHECK(s.look("/proc/exe", under(no_jumps)) == errc::loop);
  CHECK(s.look("/proc/exe", under(no_jumps, false)) == errc::none);
}

TEST_CASE("a walk that is to stay beneath a directory has that one as its root") {
  system_under_test s{"/d/f", "/d/in/g", "/d/up -> ../f", "/d/in/over -> ../f", "/d/absolute -> /d/f", "/d/object -> x", "/f"};
  s.tree.at("/d/object")->object = s.tree.at("/d/f");
  s.root = s.current = {nullptr, s.tree.at("/d")};
  const auto beneath = under({.beneath = true}), in_root = under({.in_root = true});
  CHECK(s.where("f", beneath) == "none | /d/f");
  CHECK(s.where("in/../f", beneath) == "none | /d/f");
  CHECK(s.where("in/over", beneath) == "none | /d/f");
  CHECK(s.look("..", beneath) == errc::xdev);
  CHECK(s.look("in/../../f", beneath) == errc::xdev);
  CHECK(s.look("up", beneath) == errc::xdev);
  CHECK(s.look("absolute", beneath) == errc::xdev);
  CHECK(s.look("/f", beneath) == errc::xdev);
  CHECK(s.look("object", beneath) == errc::xdev);
  CHECK(s.where("/../f", in_root) == "none | /d/f");
  CHECK(s.where("up", in_root) == "none | /d/f");
  CHECK(s.look("absolute", in_root) == errc::noent);
  CHECK(s.look("object", in_root) == errc::xdev);
}
