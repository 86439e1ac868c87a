// Paths under a reroot policy: a small tree, and the two ways to walk it. The tree's own functions are in paths.cpp, where
// neither side can see into them.
#pragma once

#include <polyabi/vfs/lookup.hpp>

namespace bench {

using namespace polyabi;

struct node {
  std::string_view name;
  vfs::node_kind kind;
  const node* parent;
  std::string_view target;
};

struct path_tree {
  using node = const bench::node*;
  using error = errc;
  static error number(errc name) { return name; }
  static vfs::node_kind kind(node n) { return n->kind; }
  static basic_result<node, error> lookup(node directory, std::string_view name);
  static basic_result<node, error> parent(node n);
  static basic_result<usize, error> name_in_parent(node n, char* to, usize limit);
  static basic_result<usize, error> read_link(node n, char* to, usize limit);
  static basic_result<node, error> jump(node) { return node{}; }
  static basic_result<void, error> may_search(node);
  static bool is_opaque(node);
  static bool accepts_names(node) { return true; }
};
static_assert(vfs::tree<path_tree>);

using place = vfs::location<path_tree::node>;
/// Of which the first one has usr/lib/libc.so, and the second one that and etc/passwd.
place both_roots();

errc derived_lookup(std::string_view path, place& out);
errc hand_written_lookup(std::string_view path, place& out);

} // namespace bench
