// The device file system.
#include "descriptors.hpp"

#include <polyabi/reference/device_numbers.hpp>

using namespace polyabi;
using namespace polyabi::tests;
namespace ref = polyabi::reference;

TEST_CASE("the memory devices", "[devices]") {
  simulated::fresh_process g;
  const i32 null = *open_device(*g, "null"), zero = *open_device(*g, "zero"), full = *open_device(*g, "full"),
            random = *open_device(*g, "urandom");
  CHECK(read(*g, null) == transfer{error::none, ""});
  CHECK(write(*g, null, "gone") == written{error::none, 4});
  CHECK(read(*g, zero, 3) == transfer{error::none, std::string(3, '\0')});
  CHECK(read(*g, full, 3) == transfer{error::none, std::string(3, '\0')});
  CHECK(write(*g, full, "x").failure == error::nospc);
  CHECK(read(*g, random, 600).text != std::string(600, '\0'));
  CHECK(*perform(*g, op::seek{}, null, i64{5}, 0) == 0);
  g->system_call([&](ref::thread& t) {
    CHECK((*t.owner->descriptors->get(zero))->map(0, 4096, 3, true)->shared);
    CHECK((*t.owner->descriptors->get(null))->map(0, 4096, 3, true).error() == error::nodev);
  });
}

TEST_CASE("the directory lists what it has, from any position", "[devices]") {
  simulated::fresh_process g;
  g->system_call([](ref::thread&) {
    std::vector<std::string> names;
    i64 next = 0;
    const directory_visitor all{[](void* to, const directory_entry& e) {
                                  static_cast<std::vector<std::string>*>(to)->emplace_back(e.name);
                                  return true;
                                },
                                &names};
    REQUIRE(ref::device_root()->read_entries(0, all));
    CHECK(names.size() == 15);
    for (const auto& name : names) CHECK(ref::device_root()->lookup(name));
    const directory_visitor one{[](void* to, const directory_entry& e) {
                                  if (*static_cast<i64*>(to) != 0) return false;
                                  *static_cast<i64*>(to) = e.next;
                                  return true;
                                },
                                &next};
    REQUIRE(ref::device_root()->read_entries(3, one));
    CHECK(next == 4);
    CHECK(ref::device_root()->lookup("nothing").error() == error::noent);
    CHECK(ref::device_root()->remove("null", false).error() == error::perm);
    auto link = ref::device_root()->lookup("stdin");
    char text[64];
    CHECK(std::string(text, *(*link)->read_link(text, sizeof text)) == "/proc/self/fd/0");
    auto directory = ref::device_root()->lookup("shm");
    CHECK((*directory)->type == ref::file_modes::dir);
    CHECK(std::string(text, *(*directory)->name_in_parent(text, sizeof text)) == "shm");
  });
}

TEST_CASE("attributes of devices can be changed", "[devices]") {
  simulated::fresh_process g;
  g->system_call([](ref::thread&) {
    auto node = *ref::device_root()->lookup("full");
    ref::stat s{};
    REQUIRE(node->attributes(s));
    CHECK(s.mode == (ref::file_modes::chr | 0666));
    CHECK(s.rdev == ref::device_numbers::full);
    ref::attribute_change c;
    c.which = ref::attribute_change::mode_bit | ref::attribute_change::owner_bit;
    c.mode = 0600;
    c.uid = 7;
    REQUIRE(node->change(c));
    REQUIRE(node->attributes(s));
    CHECK(s.mode == (ref::file_modes::chr | 0600));
    CHECK(s.uid == 7);
    c.mode = 0666;
    c.uid = 0;
    REQUIRE(node->change(c));
  });
}

TEST_CASE("/dev/tty needs a controlling terminal", "[devices]") {
  simulated::fresh_process g;
  CHECK(open_device(*g, "tty").error() == error::nxio);
}
