// The one walk from a path to a file: both roots of a reroot policy are followed in step.
//
//   1. The preferred root is asked first, then the other one.
//   2. A directory of both roots stays both: names below it are looked up in both, in the same order. An opaque one of the
//      preferred root (a mount of pseudo files) stays alone.
//   3. Links are followed in the view of the process: an absolute one starts again at both roots.
//   4. `..` at a root stays there.
//   5. A path that begins with `/../` sees the native root only, links included.
//   6. A new name is made where its parent directory is, on the preferred side if that is on both.
//   7. Rules (core/lookup_rules.hpp) refuse steps. One that keeps the walk to a part of the tree is given that part's directory as root.
#pragma once

#include <polyabi/core/lookup_rules.hpp>
#include <polyabi/vfs/detail/counterpart.hpp>
#include <polyabi/vfs/location.hpp>
#include <polyabi/vfs/tree.hpp>

#include <cstring>

namespace polyabi::vfs {

/// How a lookup ends.
struct lookup_mode {
  bool follow_last = true;   ///< a link at the end of the path is followed
  bool may_be_absent = false; ///< the last name need not exist, its directory must
  lookup_rules rules{};
};
inline constexpr lookup_mode existing{}, existing_link{false, false, {}}, to_create{false, true, {}},
                             to_open_or_create{true, true, {}};

/// What the path ended in.
enum class ending : u8 { name, dot, dot_dot, root };

template <class Node>
struct found {
  location<Node> where;     ///< the file; none if it is absent and that was allowed
  location<Node> directory; ///< in which the last name stands (or would); none if the path ends in no name
  ending last = ending::root;
  bool trailing_slash = false;
  usize name_size = 0;
  char name_text[name_limit + 1]; ///< the last name, after links were followed
  std::string_view name() const { return {name_text, name_size}; }
};

/// Looks `path` up. `root` and `start` are the process' root and its current (or another) directory.
template <reroot_policy Policy, tree Tree>
basic_result<void, typename Tree::error> lookup(Tree& tree, const location<typename Tree::node>& root,
                                                const location<typename Tree::node>& start, std::string_view path,
                                                lookup_mode mode, found<typename Tree::node>& out);

/// The side of a directory in which a new name is to be made.
template <reroot_policy Policy, tree Tree>
const typename Tree::node& side_for_new_names(Tree& tree, const location<typename Tree::node>& directory) {
  const auto& preferred = front<Policy>(directory);
  if (!directory.merged() || tree.accepts_names(preferred)) return preferred;
  return Policy.emulation_first ? directory.native : directory.emulation;
}

namespace detail {

// Not string_view::find: it may become a call of memchr, which a freestanding kernel need not have.
constexpr usize leading_slashes(std::string_view text) {
  usize count = 0;
  while (count < text.size() && text[count] == '/') ++count;
  return count;
}

template <reroot_policy Policy, tree Tree>
class walk {
public:
  using node = typename Tree::node;
  using error = typename Tree::error;
  using place = location<node>;

  /// The root outlives the walk.
  walk(Tree& tree, const place& root) : tree_{tree}, root_{root} {}
  walk(Tree&, const place&&) = delete;

  basic_result<void, error> run(const place& start, std::string_view path, lookup_mode mode, found<node>& out) {
    if (path.empty()) return Tree::number(errc::noent);
    if (path.size() >= path_limit) return Tree::number(errc::nametoolong);
    rest_ = path;
    here_ = start;
    rules_ = mode.rules;
    if (path.front() == '/') {
      if (rules_.beneath) return Tree::number(errc::xdev);
      native_only_ = Policy.real_root_escape && !rules_.in_root && (path.starts_with("/../") || path == "/..");
      here_ = top();
    }
    out.last = path.front() == '/' ? ending::root : ending::dot;
    for (;;) {
      const std::string_view name = next_component();
      if (name.empty()) break;
      const bool last = leading_slashes(rest_) == rest_.size();
      const bool slash = !rest_.empty();
      bool finished = false;
      if (auto stepped = step(name, last, slash, mode, out, finished); !stepped) return stepped;
      if (finished) return {};
    }
    out.where = std::move(here_);
    out.directory = {};
    out.name_size = 0;
    return {};
  }

private:
  /// Takes one component. `finished`: the lookup is over, with `out` filled.
  basic_result<void, error> step(std::string_view name, bool last, bool slash, lookup_mode mode, found<node>& out,
                                 bool& finished) {
    if (tree_.kind(front<Policy>(here_)) != node_kind::directory) return Tree::number(errc::notdir);
    if (name == "." || name == "..") {
      out.last = name == "." ? ending::dot : ending::dot_dot;
      if (auto may = tree_.may_search(front<Policy>(here_)); !may) return may;
      return name == "." ? basic_result<void, error>{} : go_up();
    }
    if (name.size() > name_limit) return Tree::number(errc::nametoolong);
    auto child = look(name);
    if (!child) {
      if (!last || !mode.may_be_absent || child.error() != Tree::number(errc::noent)) return child.error();
      finished = true;
      remember(out, name, slash);
      return {};
    }
    const node_kind kind = tree_.kind(front<Policy>(*child));
    if (kind == node_kind::link && (!last || slash || mode.follow_last)) {
      if (rules_.no_links) return Tree::number(errc::loop);
      auto jumped = tree_.jump(front<Policy>(*child));
      if (!jumped) return jumped.error();
      if (!*jumped) return follow(front<Policy>(*child));
      if (rules_.no_jumps) return Tree::number(errc::loop);
      if (rules_.scoped() || leaves_file_system(*jumped)) return Tree::number(errc::xdev);
      if (++links_ > link_limit) return Tree::number(errc::loop);
      *child = place{{}, std::move(*jumped)};
    }
    if (!last || slash) {
      if (tree_.kind(front<Policy>(*child)) != node_kind::directory) return Tree::number(errc::notdir);
    }
    if (!last) {
      here_ = std::move(*child);
      return {};
    }
    finished = true;
    remember(out, name, slash);
    out.where = std::move(*child);
    return {};
  }

  void remember(found<node>& out, std::string_view name, bool slash) {
    out.where = {};
    out.directory = here_;
    out.last = ending::name;
    out.trailing_slash = slash;
    out.name_size = name.size();
    std::memcpy(out.name_text, name.data(), name.size());
    out.name_text[name.size()] = '\0';
  }

  std::string_view next_component() {
    rest_.remove_prefix(leading_slashes(rest_));
    usize size = 0;
    while (size < rest_.size() && rest_[size] != '/') ++size;
    const std::string_view name = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return name;
  }

  /// The root, as far as this walk sees it.
  place top() const { return native_only_ ? place{{}, root_.native} : root_; }

  /// The name in the current directory, on the side that has it; a directory on both.
  basic_result<place, error> look(std::string_view name) {
    if (!here_.merged()) return on_one_side(here_, front<Policy>(here_), name);
    auto first = search(front<Policy>(here_), name);
    const node& second_directory = Policy.emulation_first ? here_.native : here_.emulation;
    if (!first) {
      if (first.error() != Tree::number(errc::noent)) return first.error();
      return on_one_side(here_, second_directory, name);
    }
    if (tree_.kind(*first) != node_kind::directory || tree_.is_opaque(*first)) return in_order(std::move(*first), node{});
    auto second = search(second_directory, name);
    if (!second) return in_order(std::move(*first), node{});
    if (tree_.kind(*second) == node_kind::link) second = through_link(second_directory, *second);
    if (!second || tree_.kind(*second) != node_kind::directory) return in_order(std::move(*first), node{});
    return in_order(std::move(*first), std::move(*second));
  }

  basic_result<node, error> search(const node& directory, std::string_view name) {
    if (auto may = tree_.may_search(directory); !may) return may.error();
    return tree_.lookup(directory, name);
  }

  basic_result<place, error> on_one_side(const place& directory, const node& side, std::string_view name) {
    auto child = search(side, name);
    if (!child) return child.error();
    if (side == directory.emulation && directory.emulation) return place{std::move(*child), {}};
    return place{{}, std::move(*child)};
  }

  static place in_order(node first, node second) {
    if constexpr (Policy.emulation_first) return {std::move(first), std::move(second)};
    else return {std::move(second), std::move(first)};
  }

  /// The second side of a directory may be a link there (/bin -> usr/bin): where it leads, looked up on that side alone.
  basic_result<node, error> through_link(const node& directory, const node& link) {
    char target[path_limit];
    auto size = tree_.read_link(link, target, path_limit - 1);
    if (!size) return size.error();
    const place side_root{{}, Policy.emulation_first ? root_.native : root_.emulation};
    walk alone{tree_, side_root};
    alone.links_ = links_ + 1;
    alone.native_only_ = true;
    found<node> out;
    if (auto done = alone.run(place{{}, directory}, {target, *size}, existing, out); !done) return done.error();
    return out.where.native;
  }

  basic_result<void, error> follow(const node& link) {
    if (++links_ > link_limit) return Tree::number(errc::loop);
    // The target goes in front of the rest, which is moved to the end of the buffer first: it may stand in this buffer already.
    const usize rest_size = rest_.size();
    char* const rest_at = text_ + path_limit - rest_size;
    std::memmove(rest_at, rest_.data(), rest_size);
    const usize room = path_limit - rest_size;
    auto size = tree_.read_link(link, text_, room);
    if (!size) return size.error();
    if (*size == 0) return Tree::number(errc::noent);
    if (*size + rest_size >= path_limit) return Tree::number(errc::nametoolong);
    std::memmove(text_ + *size, rest_at, rest_size);
    rest_ = {text_, *size + rest_size};
    if (rest_.front() != '/') return {};
    if (rules_.beneath || leaves_file_system(front<Policy>(top()))) return Tree::number(errc::xdev);
    here_ = top();
    return {};
  }

  /// Steps from name to name are looked at by the tree.
  bool leaves_file_system(const node& to) const {
    if constexpr (requires { tree_.same_file_system(to, to); })
      return rules_.one_file_system && !tree_.same_file_system(front<Policy>(here_), to);
    else
      return false;
  }

  basic_result<void, error> go_up() {
    if (native_only_) {
      if (here_.native == root_.native) return {};
      auto up = tree_.parent(here_.native);
      if (!up) return up.error();
      here_ = place{{}, std::move(*up)};
      return {};
    }
    if ((here_.native && here_.native == root_.native) || (here_.emulation && here_.emulation == root_.emulation)) {
      if (rules_.beneath) return Tree::number(errc::xdev);
      here_ = root_;
      return {};
    }
    place above;
    if (here_.emulation) {
      auto up = tree_.parent(here_.emulation);
      if (!up) return up.error();
      above.emulation = std::move(*up);
    }
    if (here_.native) {
      auto up = tree_.parent(here_.native);
      if (!up) return up.error();
      above.native = std::move(*up);
    }
    const bool at_top = (above.emulation && above.emulation == root_.emulation) || (above.native && above.native == root_.native);
    here_ = at_top ? root_ : complete(tree_, root_, above);
    return {};
  }

  Tree& tree_;
  const place& root_;
  place here_;
  std::string_view rest_;
  lookup_rules rules_{};
  u32 links_ = 0;
  bool native_only_ = false;
  char text_[path_limit];
};

} // namespace detail

template <reroot_policy Policy, tree Tree>
basic_result<void, typename Tree::error> lookup(Tree& tree, const location<typename Tree::node>& root,
                                                const location<typename Tree::node>& start, std::string_view path,
                                                lookup_mode mode, found<typename Tree::node>& out) {
  return detail::walk<Policy, Tree>{tree, root}.run(start, path, mode, out);
}

} // namespace polyabi::vfs
