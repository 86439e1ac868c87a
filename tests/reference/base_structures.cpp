// Lists, the heap, and the names that objects keep.
#include "guests.hpp"

#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/owned_text.hpp>

#include <algorithm>
#include <vector>

using namespace polyabi;
namespace ref = polyabi::reference;

namespace {
struct element {
  int value = 0;
  ref::list_link link, other;
};
using list = ref::intrusive_list<element, &element::link>;

std::vector<int> values(const list& l) {
  std::vector<int> all;
  for (const element* e = l.front(); e != nullptr; e = l.next(*e)) all.push_back(e->value);
  return all;
}
} // namespace

TEST_CASE("lists keep order through every kind of change", "[base]") {
  list l;
  element a{1, {}, {}}, b{2, {}, {}}, c{3, {}, {}};
  CHECK(l.empty());
  CHECK(l.front() == nullptr);
  l.push_back(b);
  l.push_front(a);
  l.push_back(c);
  CHECK(values(l) == std::vector{1, 2, 3});
  l.remove(b);
  l.remove(b);
  CHECK(values(l) == std::vector{1, 3});
  l.insert_before(&c, b);
  CHECK(l.previous(c) == &b);
  CHECK(l.back() == &c);
  CHECK(l.pop_front() == &a);
  CHECK_FALSE(a.link.linked());
  l.insert_before(nullptr, a);
  CHECK(values(l) == std::vector{2, 3, 1});
}

TEST_CASE("an element stands in several lists", "[base]") {
  list l;
  ref::intrusive_list<element, &element::other> m;
  element a{1, {}, {}};
  l.push_back(a);
  m.push_back(a);
  l.remove(a);
  CHECK(l.empty());
  CHECK(m.front() == &a);
}

TEST_CASE("the heap gives aligned memory of every size back", "[base]") {
  const usize before = ref::heap::in_use();
  std::vector<std::pair<void*, usize>> blocks;
  for (usize size = 1; size < 20000; size = size * 3 / 2 + 1) {
    void* block = ref::heap::allocate(size);
    REQUIRE(block != nullptr);
    CHECK(reinterpret_cast<u64>(block) % 16 == 0);
    std::fill_n(static_cast<char*>(block), size, 'x');
    blocks.emplace_back(block, size);
  }
  CHECK(ref::heap::in_use() > before);
  for (const auto& [block, size] : blocks) ref::heap::deallocate(block, size);
  CHECK(ref::heap::in_use() == before);
}

TEST_CASE("an owned text is a copy, long or short, also of a part of itself", "[base]") {
  const usize before = ref::heap::in_use();
  {
    const std::string longest(255, 'l');
    ref::owned_text text;
    CHECK(text.view().empty());
    for (const std::string_view each : {std::string_view{"short"}, std::string_view{longest}, std::string_view{longest}.substr(0, 25),
                                        std::string_view{longest}.substr(0, 24), std::string_view{}, std::string_view{longest}}) {
      std::string gone{each};
      REQUIRE(text.set(gone));
      gone.assign(gone.size(), 'x');
      CHECK(text.view() == each);
    }
    REQUIRE(text.set(text.view().substr(55)));
    CHECK(text.view() == std::string(200, 'l'));
    REQUIRE(text.set(text.view().substr(190)));
    CHECK(text.view() == "llllllllll");
    REQUIRE(text.set("0123456789"));
    REQUIRE(text.set(text.view().substr(3)));
    CHECK(text.view() == "3456789");
    REQUIRE(text.set(longest));
    CHECK(ref::heap::in_use() > before);
  }
  CHECK(ref::heap::in_use() == before);
}
