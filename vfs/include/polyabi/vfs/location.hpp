// Where a path leads under a reroot policy: one directory seen through two roots.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi::vfs {

/// How an emulation root is laid over the native one. A compile-time value: the walk contains only what the policy needs.
struct reroot_policy {
  /// Which root is asked first. Only if it lacks the name is the other one asked.
  bool emulation_first = true;
  /// Whether a directory that both roots have lists the entries of both, each name once.
  bool merge_directories = true;
  /// Whether a path that begins with `/../` is looked up in the native root only.
  bool real_root_escape = true;
};

/// What every personality with an emulation root gets.
inline constexpr reroot_policy standard_reroot{};

/// A file or directory as a process sees it. A file is on one side; a directory may be on both, and stays on both while the walk
/// goes on below it. Also the form of a root and of a current directory.
template <class Node>
struct location {
  Node emulation{};
  Node native{};

  explicit operator bool() const { return static_cast<bool>(emulation) || static_cast<bool>(native); }
  bool operator==(const location&) const = default;
  /// Whether both roots have this directory.
  bool merged() const { return static_cast<bool>(emulation) && static_cast<bool>(native); }
};

/// The side that stands for the location: what is opened, changed, or created in.
template <reroot_policy Policy, class Node>
const Node& front(const location<Node>& where) {
  if constexpr (Policy.emulation_first) return where.emulation ? where.emulation : where.native;
  else return where.native ? where.native : where.emulation;
}

} // namespace polyabi::vfs
