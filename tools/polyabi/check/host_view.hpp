// The files that a foreign program sees, by their place in the host: the personality's emulation root over the host's own tree,
// walked by the same lookup and under the same policy as in the kernel.
#pragma once

#include <polyabi/vfs/lookup.hpp>

#include <optional>
#include <string>

namespace polyabi::check {

/// The host's files as a tree for `vfs::lookup`. A node is a path without links, the root's is "/".
struct host_tree {
  struct node {
    std::string path;
    explicit operator bool() const { return !path.empty(); }
    bool operator==(const node&) const = default;
    std::string below(std::string_view name) const;
  };
  using error = errc;

  static error number(errc name) { return name; }
  vfs::node_kind kind(const node&) const;
  basic_result<node, error> lookup(const node&, std::string_view name) const;
  basic_result<node, error> parent(const node&) const;
  basic_result<usize, error> name_in_parent(const node&, char* to, usize limit) const;
  basic_result<usize, error> read_link(const node&, char* to, usize limit) const;
  basic_result<node, error> jump(const node&) const { return node{}; }
  basic_result<void, error> may_search(const node&) const;
  bool accepts_names(const node&) const { return true; }
  bool is_opaque(const node&) const { return false; }
};

class host_view {
public:
  /// `emulation_root`: the directory of the host that stands for the personality's root; empty: none.
  explicit host_view(const std::string& emulation_root);

  /// Where a path of the program's leads in the host; nothing if nowhere.
  std::optional<std::string> find(std::string_view path) const;

private:
  vfs::location<host_tree::node> root_, here_;
};

} // namespace polyabi::check
