// What of a program and its libraries can run at all: a search through calls and addresses that are taken, from the program's
// entry.
#pragma once

#include "program_images.hpp"

#include <set>

namespace polyabi::check {

/// A node of an image's graph.
struct place {
  int image = -1;
  u32 node = 0;
  auto operator<=>(const place&) const = default;
};

/// References that no image states: what functions look up by name while they run.
using further_references = std::map<place, std::set<place>>;

class reach {
public:
  /// Which references count.
  enum class follow : u8 {
    everything,
    calls_only, ///< no addresses that are only kept somewhere, but those that the entry hands to the C library
  };
  /// A function that the search does not enter: by the name under which it is exported, or of the library that it is in.
  using barrier = std::function<bool(const program_image&, std::string_view function)>;

  reach(const program_images&, follow, const further_references& = {}, const barrier& closed = {});

  bool contains(place p) const { return state_[static_cast<usize>(p.image)][p.node].reached; }
  /// The reached functions of an image.
  std::vector<u32> functions(int image) const;

  /// One step of the way from the program to a place.
  struct step {
    int image;
    std::string function; ///< its name, or empty
  };
  /// The shortest way to a place: of each image that it passes through the function by which it is entered; the place last.
  std::vector<step> way_to(place) const;

  /// Imports that nothing defines, of reached functions.
  const std::set<std::string>& undefined() const { return undefined_; }

private:
  struct node_state {
    bool reached = false;
    place from;
  };

  void add_roots();
  void add(place, place from);
  void add_symbol_of(int image, u32 symbol, edge_kind, place from);
  place resolve(int image, u32 symbol);
  std::string name_of(place) const;

  const program_images& images_;
  const follow follow_;
  const barrier closed_;
  std::vector<std::vector<node_state>> state_;
  std::vector<std::unordered_map<u32, place>> resolved_;
  std::vector<place> work_;
  std::set<std::string> undefined_;
};

} // namespace polyabi::check
