// Lists that watch lists. Circles are refused, and so is what would make one event wake too many: a chain of more than five lists,
// or too many ways from a file up to lists that nobody watches (fs/eventpoll.c states the numbers).
#pragma once

#include <polyabi/facilities/interest/list.hpp>

namespace polyabi::facilities {

template <class K>
class interest_nesting {
public:
  using list = interest_list<K>;
  using record = interest<K>;

  /// Whether `below` may be watched by `above`. Inside the section, as all here.
  static bool allows(list& above, list& below) {
    if (&above == &below) return false;
    const int depth = depth_below(below, above, 0, ++last_walk_);
    return depth <= deepest && depth + 1 + height_above(above, ++last_walk_) <= deepest;
  }
  /// Whether there are not too many ways up from a file, or from the files of a list and the lists below it.
  static bool within_limits(typename K::file& target) {
    auto* below = custom_file_of<list>(target);
    return below != nullptr ? files_within_limits(*below, ++last_walk_) : file_within_limits(target);
  }

private:
  static constexpr int deepest = 4;
  /// Ways of one step more than the index; of those of a single step there may be any number.
  static constexpr int way_limits[deepest + 1] = {0, 500, 100, 50, 10};

  static list& list_of(const record& r) { return *custom_file_of<list>(*r.target); }

  // Not inline: compilers unroll walks that call themselves, each to some thousand bytes.

  /// Steps down to the farthest list; too many if `forbidden` is among them.
  [[gnu::noinline]] static int depth_below(list& from, const list& forbidden, int depth, u64 walk) {
    if (from.visited.walk == walk) return from.visited.depth;
    from.visited = {walk, 0};
    int farthest = 0;
    for (const record* r = from.first_nested(); r != nullptr && farthest <= deepest; r = from.next_nested(*r)) {
      list& next = list_of(*r);
      const int steps =
          &next == &forbidden || depth > deepest ? deepest + 1 : 1 + depth_below(next, forbidden, depth + 1, walk);
      if (steps > farthest) farthest = steps;
    }
    from.visited.depth = farthest;
    return farthest;
  }
  [[gnu::noinline]] static int height_above(list& from, u64 walk) {
    if (from.visited.walk == walk) return from.visited.depth;
    int highest = 0;
    for (const record* r = from.first_above(); r != nullptr; r = from.next_above(*r)) {
      const int steps = 1 + height_above(*r->list, walk);
      if (steps > highest) highest = steps;
    }
    from.visited = {walk, highest};
    return highest;
  }

  [[gnu::noinline]] static bool count_way(const list& through, int steps, int (&ways)[deepest + 1]) {
    if (steps > deepest) return false;
    if (through.first_above() == nullptr) return steps == 0 || ++ways[steps] <= way_limits[steps];
    for (const record* r = through.first_above(); r != nullptr; r = through.next_above(*r))
      if (!count_way(*r->list, steps + 1, ways)) return false;
    return true;
  }
  static bool file_within_limits(typename K::file& target) {
    int ways[deepest + 1]{};
    for (auto* observer = K::next_observer(target, nullptr); observer != nullptr; observer = K::next_observer(target, observer))
      if (const record* r = list::record_of(*observer); r != nullptr && !count_way(*r->list, 0, ways)) return false;
    return true;
  }
  static bool files_within_limits(list& of, u64 walk) {
    if (of.visited.walk == walk) return true;
    of.visited.walk = walk;
    bool within = true;
    of.each([&](const record& r) {
      if (!within) return;
      auto* nested = custom_file_of<list>(*r.target);
      within = nested != nullptr ? files_within_limits(*nested, walk) : file_within_limits(*r.target);
    });
    return within;
  }

  inline static constinit u64 last_walk_ = 0;
};

} // namespace polyabi::facilities
