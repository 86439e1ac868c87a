// The same directory in the other root: its names up to the one root, looked up from the other one down.
#pragma once

#include <polyabi/vfs/location.hpp>
#include <polyabi/vfs/tree.hpp>

#include <cstring>

namespace polyabi::vfs {

namespace detail {

/// None if `directory` is not below `from`, or if there is no such directory below `to`.
template <tree Tree>
typename Tree::node counterpart(Tree& tree, typename Tree::node directory, const typename Tree::node& from,
                                const typename Tree::node& to) {
  char names[path_limit]; // from the end on: each name and a slash
  usize begin = path_limit;
  while (!(directory == from)) {
    char name[name_limit + 1];
    const auto size = tree.name_in_parent(directory, name, sizeof name);
    if (!size || *size + 1 > begin) return {};
    begin -= *size + 1;
    std::memcpy(names + begin, name, *size);
    names[begin + *size] = '/';
    auto up = tree.parent(directory);
    if (!up || *up == directory) return {};
    directory = std::move(*up);
  }
  typename Tree::node here = to;
  while (begin < path_limit) {
    usize size = 0;
    while (names[begin + size] != '/') ++size;
    const std::string_view name{names + begin, size};
    auto child = tree.lookup(here, name);
    if (!child || tree.kind(*child) != node_kind::directory) return {};
    here = std::move(*child);
    begin += name.size() + 1;
  }
  return here;
}

} // namespace detail

/// `where` with the side that is missing, if the other root has such a directory.
template <tree Tree>
location<typename Tree::node> complete(Tree& tree, const location<typename Tree::node>& root,
                                       location<typename Tree::node> where) {
  if (!root.merged() || where.merged() || !where) return where;
  const bool is_native = static_cast<bool>(where.native);
  const typename Tree::node& known = is_native ? where.native : where.emulation;
  if (tree.is_opaque(known)) return where;
  typename Tree::node other = is_native ? detail::counterpart(tree, known, root.native, root.emulation)
                                        : detail::counterpart(tree, known, root.emulation, root.native);
  if (other && !tree.is_opaque(other)) (is_native ? where.emulation : where.native) = std::move(other);
  return where;
}

} // namespace polyabi::vfs
