// A tiny tree in memory for the lookup: directories, files and links, written as paths.
#pragma once

#include <polyabi/vfs/lookup.hpp>

#include <map>
#include <memory>
#include <string>

namespace test {

using polyabi::basic_result;
using polyabi::errc;
using polyabi::usize;
namespace vfs = polyabi::vfs;

struct item {
  vfs::node_kind kind = vfs::node_kind::directory;
  std::string target; ///< of a link
  std::string name;
  item* parent = nullptr;
  bool searchable = true, accepts = true, opaque = false;
  item* object = nullptr; ///< where a link that is no text leads
  std::map<std::string, std::unique_ptr<item>, std::less<>> children;
};

/// Paths end in "/" for directories and say "-> target" for links.
struct memory_tree {
  using node = item*;
  using error = errc;

  item top;
  int lookups = 0;

  explicit memory_tree(std::initializer_list<std::string_view> paths) {
    for (const auto path : paths) add(path);
  }
  memory_tree(const memory_tree&) = delete;

  item* add(std::string_view path) {
    std::string target;
    if (const auto arrow = path.find(" -> "); arrow != path.npos) {
      target = path.substr(arrow + 4);
      path = path.substr(0, arrow);
    }
    item* here = &top;
    while (!path.empty() && path != "/") {
      path.remove_prefix(path.front() == '/');
      const auto end = path.find('/');
      const std::string name{path.substr(0, end)};
      auto& child = here->children[name];
      if (!child) {
        child = std::make_unique<item>();
        child->name = name;
        child->parent = here;
        if (end == path.npos) child->kind = target.empty() ? vfs::node_kind::other : vfs::node_kind::link;
        child->target = target;
      }
      here = child.get();
      path.remove_prefix(end == path.npos ? path.size() : end);
    }
    return here;
  }

  item* at(std::string_view path) { return add(path); }

  static error number(errc name) { return name; }
  vfs::node_kind kind(const node& n) const { return n->kind; }
  basic_result<node, error> lookup(const node& n, std::string_view name) {
    ++lookups;
    const auto found = n->children.find(name);
    if (found == n->children.end()) return errc::noent;
    return found->second.get();
  }
  basic_result<node, error> parent(const node& n) { return n->parent != nullptr ? n->parent : n; }
  basic_result<usize, error> name_in_parent(const node& n, char* to, usize limit) {
    return n->name.copy(to, limit);
  }
  basic_result<usize, error> read_link(const node& n, char* to, usize limit) { return n->target.copy(to, limit); }
  basic_result<node, error> jump(const node& n) { return n->object; }
  basic_result<void, error> may_search(const node& n) {
    if (!n->searchable) return errc::acces;
    return {};
  }
  bool is_opaque(const node& n) const { return n->opaque; }
  bool accepts_names(const node& n) const { return n->accepts; }
};
static_assert(vfs::tree<memory_tree>);

/// The path of an item from the top of the tree.
inline std::string path_of(const item* n) {
  if (n == nullptr) return "none";
  if (n->parent == nullptr) return "/";
  const std::string above = path_of(n->parent);
  return (above == "/" ? "" : above) + "/" + n->name;
}

} // namespace test
