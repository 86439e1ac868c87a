// What the lookup asks of a file tree.
#pragma once

#include <polyabi/core/result.hpp>
#include <polyabi/core/vocabulary.hpp>

#include <concepts>
#include <string_view>

namespace polyabi::vfs {

enum class node_kind : u8 { directory, link, other };

/// A tree of named nodes, mounts included: crossing them is the tree's own business. `node` is a handle: default-constructed it
/// is none, otherwise it holds the node. Both roots of a reroot policy are nodes of one tree.
/// The walk asks `lookup` and `parent` only of directories, and never for "." or "..".
template <class T>
concept tree = requires(T& t, const typename T::node& node, std::string_view name, char* buffer, usize limit) {
  requires std::copyable<typename T::node>;
  requires std::equality_comparable<typename T::node>;
  { t.kind(node) } -> std::same_as<node_kind>;
  /// A name that does not exist answers `number(errc::noent)`.
  { t.lookup(node, name) } -> std::same_as<basic_result<typename T::node, typename T::error>>;
  { t.parent(node) } -> std::same_as<basic_result<typename T::node, typename T::error>>;
  /// The name of a directory in its parent, into a buffer of 256 bytes.
  { t.name_in_parent(node, buffer, limit) } -> std::same_as<basic_result<usize, typename T::error>>;
  { t.read_link(node, buffer, limit) } -> std::same_as<basic_result<usize, typename T::error>>;
  /// What a link that is no text leads to (/proc/PID/exe); none if it is an ordinary link.
  { t.jump(node) } -> std::same_as<basic_result<typename T::node, typename T::error>>;
  /// Whether the walk may pass through this directory.
  { t.may_search(node) } -> std::same_as<basic_result<void, typename T::error>>;
  /// Whether names can be made in this directory at all. If not, they are made on the other side.
  { t.accepts_names(node) } -> std::same_as<bool>;
  /// Whether this directory hides the other root's of its name instead of merging with it, as a mount does.
  { t.is_opaque(node) } -> std::same_as<bool>;
  { T::number(errc::noent) } -> std::same_as<typename T::error>;
};

inline constexpr usize name_limit = 255;
inline constexpr usize path_limit = 4096; ///< with the NUL
inline constexpr u32 link_limit = 40;

} // namespace polyabi::vfs
