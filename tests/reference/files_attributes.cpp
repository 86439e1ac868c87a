// Extended attributes and mounts in memory.
#include "files.hpp"

#include <polyabi/reference/file_systems.hpp>

using namespace polyabi;
using namespace polyabi::tests;

namespace {

struct memory_place : file_world {
  memory_place() {
    REQUIRE(mkdir("/place") == error::none);
    REQUIRE(mount("/place", "tmpfs", "size=1m,mode=755") == error::none);
    REQUIRE(chdir("/place") == error::none);
  }
  error mount(std::string_view path, std::string_view type, std::string_view options = "") {
    return perform(user(), op::mount{}, std::string_view{"none"}, path, type, options).error();
  }
  error unmount(std::string_view path, bool detach = false) { return perform(user(), op::unmount{}, path, detach, 0u).error(); }
  error set(std::string_view path, std::string_view name, std::string_view value, attribute_rule rule = attribute_rule::any) {
    const user_bytes from{value.empty() ? 0 : user().put_text(value), value.size()};
    return perform(user(), op::set_attribute{}, here, path, name, from, rule, 0u).error();
  }
  std::string get(std::string_view path, std::string_view name, usize room = 64) {
    const user_bytes into{user().allocate(64), room};
    const auto size = perform(user(), op::get_attribute{}, here, path, name, into, 0u);
    if (!size) return "error " + std::to_string(static_cast<int>(size.error()));
    return room == 0 ? std::to_string(*size) : user().get_text(into.address, static_cast<usize>(*size));
  }
  std::string names(std::string_view path) {
    const user_bytes into{user().allocate(256), 256};
    const auto size = perform(user(), op::list_attributes{}, here, path, into, 0u);
    if (!size) return "error " + std::to_string(static_cast<int>(size.error()));
    std::string text = user().get_text(into.address, static_cast<usize>(*size));
    std::replace(text.begin(), text.end(), '\0', ' ');
    return text;
  }
  error remove(std::string_view path, std::string_view name) {
    return perform(user(), op::remove_attribute{}, here, path, name, 0u).error();
  }
  error exchange(std::string_view one, std::string_view other) {
    return perform(user(), op::exchange_names{}, here, one, here, other).error();
  }
};

std::string failed(error e) { return "error " + std::to_string(static_cast<int>(e)); }

} // namespace

TEST_CASE("attributes of files in memory are kept by name, replaced, listed and removed", "[files]") {
  memory_place w;
  w.make("file");
  CHECK(w.get("file", "user.a") == failed(error::nodata));
  CHECK(w.set("file", "user.a", "one") == error::none);
  CHECK(w.set("file", "user.b", "") == error::none);
  CHECK(w.set("file", "user.a", "two", attribute_rule::is_absent) == error::exist);
  CHECK(w.set("file", "user.c", "three", attribute_rule::is_present) == error::nodata);
  CHECK(w.set("file", "user.a", "a longer value", attribute_rule::is_present) == error::none);
  CHECK(w.get("file", "user.a") == "a longer value");
  CHECK(w.get("file", "user.a", 0) == "14");
  CHECK(w.get("file", "user.a", 13) == failed(error::range));
  CHECK(w.get("file", "user.b") == "");
  CHECK(w.names("file") == "user.b user.a ");
  CHECK(w.remove("file", "user.b") == error::none);
  CHECK(w.remove("file", "user.b") == error::nodata);
  CHECK(w.names("file") == "user.a ");
  CHECK(w.set("file", "system.posix_acl_access", "x") == error::opnotsupp);
  CHECK(w.set("file", "nothing.known", "x") == error::opnotsupp);
  CHECK(w.set("file", std::string(255, 'u').replace(0, 5, "user."), "x") == error::none);
  CHECK(w.set("file", std::string(256, 'u').replace(0, 5, "user."), "x") == error::range);
}

TEST_CASE("a file's attributes take no more than 64 KiB", "[files]") {
  memory_place w;
  w.make("file");
  CHECK(w.set("file", "user.big", std::string(65537, 'x')) == error::toobig);
  CHECK(w.set("file", "user.big", std::string(60000, 'x')) == error::none);
  CHECK(w.set("file", "user.more", std::string(10000, 'x')) == error::nospc);
  CHECK(w.set("file", "user.big", std::string(65000, 'y')) == error::none);
  CHECK(w.remove("file", "user.big") == error::none);
  CHECK(w.set("file", "user.more", std::string(10000, 'x')) == error::none);
}

TEST_CASE("who may see and set attributes depends on their class", "[files]") {
  memory_place w;
  w.make("file");
  REQUIRE(w.set("file", "user.a", "one") == error::none);
  REQUIRE(w.set("file", "trusted.a", "secret") == error::none);
  REQUIRE(w.set("file", "security.a", "label") == error::none);
  w.become(1000);
  CHECK(w.get("file", "user.a") == "one"); // mode 644
  CHECK(w.set("file", "user.a", "two") == error::acces);
  CHECK(w.get("file", "trusted.a") == failed(error::nodata));
  CHECK(w.set("file", "trusted.a", "mine") == error::perm);
  CHECK(w.get("file", "security.a") == "label");
  CHECK(w.set("file", "security.a", "mine") == error::perm);
  CHECK(w.names("file") == "user.a security.a ");
}

TEST_CASE("files in memory exchange their names", "[files]") {
  memory_place w;
  w.make("one", "1");
  w.make("other", "2");
  w.mkdir("directory");
  w.mkdir("directory/below");
  CHECK(w.exchange("one", "other") == error::none);
  CHECK(w.content("one") == "2");
  CHECK(w.content("other") == "1");
  CHECK(w.exchange("one", "missing") == error::noent);
  CHECK(w.exchange("directory", "directory/below") == error::inval);
  CHECK(w.exchange("directory/below", "directory") == error::inval);
  CHECK(w.exchange("one", "directory/below") == error::none);
  CHECK(w.content("directory/below") == "2");
  reference::stat s{};
  REQUIRE(w.status("directory", s) == error::none);
  CHECK(s.nlink == 2); // no directory in it any more
  REQUIRE(w.status("one", s) == error::none);
  CHECK((s.mode & reference::file_modes::type_mask) == reference::file_modes::dir);
  REQUIRE(w.chdir("one") == error::none);
  CHECK(w.current_directory() == "/place/one");
  CHECK(perform(w.user(), op::rename_to_free{}, here, std::string_view{"../other"}, here, std::string_view{"../one"}).error() ==
        error::exist);
}

TEST_CASE("a mount hides what was there, is busy while it is used, and goes", "[files]") {
  memory_place w;
  w.mkdir("point");
  w.make("point/under", "below");
  CHECK(w.mount("point", "tmpfs") == error::none);
  CHECK(w.mount("point", "tmpfs") == error::busy);
  CHECK(w.content("point/under") == failed(error::noent));
  CHECK(w.make("point/over", "above") == error::none);
  const i32 open = w.open("point/over");
  REQUIRE(open >= 0);
  CHECK(w.unmount("point") == error::busy);
  w.close(open);
  REQUIRE(w.chdir("point") == error::none);
  CHECK(w.unmount("/place/point") == error::busy);
  REQUIRE(w.chdir("..") == error::none);
  CHECK(w.unmount("point") == error::none);
  CHECK(w.content("point/under") == "below");
  CHECK(w.unmount("point") == error::inval);

  REQUIRE(w.mount("point", "tmpfs") == error::none);
  w.make("point/over", "above");
  const i32 kept = w.open("point/over");
  CHECK(w.unmount("point", true) == error::none);
  CHECK(w.read(kept) == "above");
  w.close(kept);

  CHECK(w.mount("point", "no such thing") == error::nodev);
  CHECK(w.mount("missing", "tmpfs") == error::noent);
  CHECK(w.mount("point/under", "tmpfs") == error::notdir);
  CHECK(w.mount("/", "tmpfs") == error::busy);
  w.become(1000);
  CHECK(w.mount("point", "tmpfs") == error::perm);
  CHECK(w.unmount("point") == error::perm);
}

TEST_CASE("a device node opens the kernel's device, whatever file system has it", "[files]") {
  memory_place w;
  const auto make_node = [&](std::string_view path, u64 device) {
    return perform(w.user(), op::mknod{}, here, path, reference::file_modes::chr | 0666u, device).error();
  };
  REQUIRE(make_node("nothing", reference::device_numbers::null) == error::none);
  REQUIRE(make_node("zeros", reference::device_numbers::zero) == error::none);
  REQUIRE(make_node("stranger", reference::make_device(77, 7)) == error::none);
  REQUIRE(make_node("terminal", reference::device_numbers::slave(7)) == error::none);
  const i32 nothing = w.open("nothing", flag::rdwr);
  REQUIRE(nothing >= 0);
  CHECK(w.write(nothing, "text") == 4);
  CHECK(w.read(nothing) == "");
  const i32 zeros = w.open("zeros");
  REQUIRE(zeros >= 0);
  CHECK(w.read(zeros, 3) == std::string(3, '\0'));
  CHECK(w.open_error("stranger") == error::nxio);
  CHECK(w.open_error("terminal") == error::nxio);
  w.close(nothing);
  w.close(zeros);
}

TEST_CASE("a pipe's bytes stay when it is resized", "[pipes]") {
  memory_place w;
  std::pair<i32, i32> ends;
  w.user().system_call([&](reference::thread& t) {
    auto made = polyabi::perform<reference::kernel>(op::pipe{}, t, 0u);
    REQUIRE(made);
    ends = {made->first.number(), made->second.number()};
    detail::derived_entry::commit(*made);
  });
  const auto resize = [&](u64 size) { return perform(w.user(), op::set_pipe_size{}, ends.second, size); };
  // So that what waits begins in the middle of the ring.
  w.write(ends.second, std::string(60000, 'a'));
  CHECK(w.read(ends.first, 60000).size() == 60000);
  w.write(ends.second, std::string(8000, 'b') + std::string(8000, 'c'));
  CHECK(resize(8192).error() == error::busy);
  CHECK(*resize(16001) == 16384);
  CHECK(w.read(ends.first, 60000) == std::string(8000, 'b') + std::string(8000, 'c'));
  CHECK(*resize(0) == 4096);
  w.become(1000);
  CHECK(*resize(1024 * 1024) == 1024 * 1024);
  CHECK(resize(1024 * 1024 + 1).error() == error::perm);
}
