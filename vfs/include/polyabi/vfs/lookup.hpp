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
                                                const lookup_mode& mode, found<typename Tree::node>& out);

/// The side of a directory in which a new name is to be made.
template <reroot_policy Policy, tree Tree>
const typename Tree::node& side_for_new_names(Tree& tree, const location<typename Tree::node>& directory) {
  const auto& preferred = front<Policy>(directory);
  if (!directory.merged() || tree.accepts_names(preferred)) return preferred;
  return Policy.emulation_first ? directory.native : directory.emulation;
}

namespace detail {

// Not string_view::find: it may become a call of memchr, which a freestanding kernel need not have.
constexpr const char* behind_slashes(const char* at, const char* end) {
  while (at != end && *at == '/') ++at;
  return at;
}
constexpr const char* behind_name(const char* at, const char* end) {
  while (at != end && *at != '/') ++at;
  return at;
}

template <reroot_policy Policy, tree Tree>
class walk {
public:
  using node = typename Tree::node;
  using error = typename Tree::error;
  using place = location<node>;

  /// The root and the mode outlive the walk.
  walk(Tree& tree, const place& root, const place& start, const lookup_mode& mode)
      : tree_{tree}, root_{root}, here_{start}, mode_{mode} {}
  walk(Tree&, const place&&, const place&, const lookup_mode&) = delete;

  basic_result<void, error> run(std::string_view path, found<node>& out) {
    if (path.empty()) return Tree::number(errc::noent);
    if (path.size() >= path_limit) return Tree::number(errc::nametoolong);
    out.last = ending::dot;
    if (path.front() == '/') {
      if (rules().beneath) return Tree::number(errc::xdev);
      if constexpr (Policy.real_root_escape)
        native_only_ = native_only_ || (!rules().in_root && (path.starts_with("/../") || path == "/.."));
      here_ = top();
      out.last = ending::root;
    }
    // Where the walk is in the path is locals of this loop, as few as fit into registers.
    const char *rest = path.data(), *end = rest + path.size();
    rest = behind_slashes(rest, end);
    while (rest != end) {
      const char* const begin = rest;
      rest = behind_name(rest, end);
      const std::string_view name{begin, static_cast<usize>(rest - begin)};
      rest = behind_slashes(rest, end);
      const auto is_last = [&] { return rest == end; };
      const auto has_slash = [&] { return rest != name.data() + name.size(); };
      if (tree_.kind(front<Policy>(here_)) != node_kind::directory) return Tree::number(errc::notdir);
      if (name == "." || name == "..") {
        out.last = name == "." ? ending::dot : ending::dot_dot;
        if (auto may = tree_.may_search(front<Policy>(here_)); !may) return may;
        if (name == "..")
          if (auto up = go_up(); !up) return up;
        continue;
      }
      if (name.size() > name_limit) return Tree::number(errc::nametoolong);
      place child;
      if (auto looked = look(name, child); !looked) {
        if (!is_last() || !mode_.may_be_absent || looked.error() != Tree::number(errc::noent)) return looked;
        out.where = {};
        remember(out, name, has_slash());
        return {};
      }
      node_kind kind = tree_.kind(front<Policy>(child));
      if (kind == node_kind::link && (has_slash() || mode_.follow_last)) {
        const char* const behind = name.data() + name.size();
        const auto text = follow(child, {behind, static_cast<usize>(end - behind)});
        if (!text) return text.error();
        if (!text->empty()) {
          end = text->data() + text->size();
          rest = behind_slashes(text->data(), end);
          continue;
        }
        kind = tree_.kind(front<Policy>(child));
      }
      if (has_slash() && kind != node_kind::directory) return Tree::number(errc::notdir);
      if (is_last()) {
        remember(out, name, has_slash());
        out.where = std::move(child);
        return {};
      }
      here_ = std::move(child);
    }
    out.where = std::move(here_);
    out.directory = {};
    out.name_size = 0;
    return {};
  }

private:
  const lookup_rules& rules() const { return mode_.rules; }

  void remember(found<node>& out, std::string_view name, bool slash) {
    out.directory = here_;
    out.last = ending::name;
    out.trailing_slash = slash;
    out.name_size = name.size();
    std::memcpy(out.name_text, name.data(), name.size());
    out.name_text[name.size()] = '\0';
  }

  /// The root, as far as this walk sees it.
  place top() const { return native_only_ ? place{{}, root_.native} : root_; }

  /// One side of a place: the preferred one, or the other.
  static node& side(place& of, bool preferred) { return Policy.emulation_first == preferred ? of.emulation : of.native; }

  /// The name in the current directory, on the side that has it; a directory on both. `child` is empty before.
  [[gnu::always_inline]] basic_result<void, error> look(std::string_view name, place& child) {
    const node &first_directory = side(here_, true), &second_directory = side(here_, false);
    if (first_directory) {
      auto first = search(first_directory, name);
      if (first) {
        side(child, true) = std::move(*first);
        return second_directory ? look_behind(second_directory, name, child) : basic_result<void, error>{};
      }
      if (!second_directory || first.error() != Tree::number(errc::noent)) return first.error();
    }
    auto second = search(second_directory, name);
    if (!second) return second.error();
    side(child, false) = std::move(*second);
    return {};
  }

  /// The same name on the second side, if it is a directory on both.
  basic_result<void, error> look_behind(const node& second_directory, std::string_view name, place& child) {
    const node& first = side(child, true);
    if (tree_.kind(first) != node_kind::directory || tree_.is_opaque(first)) return {};
    auto second = search(second_directory, name);
    if (second && tree_.kind(*second) == node_kind::link) second = through_link(second_directory, *second);
    if (second && tree_.kind(*second) == node_kind::directory) side(child, false) = std::move(*second);
    return {};
  }

  basic_result<node, error> search(const node& directory, std::string_view name) {
    if (auto may = tree_.may_search(directory); !may) return may.error();
    return tree_.lookup(directory, name);
  }

  /// The second side of a directory may be a link there (/bin -> usr/bin): where it leads, looked up on that side alone.
  basic_result<node, error> through_link(const node& directory, const node& link) {
    char target[path_limit];
    auto size = tree_.read_link(link, target, path_limit - 1);
    if (!size) return size.error();
    const place side_root{{}, Policy.emulation_first ? root_.native : root_.emulation};
    walk alone{tree_, side_root, place{{}, directory}, existing};
    alone.links_ = links_ + 1;
    alone.native_only_ = true;
    found<node> out;
    if (auto done = alone.run({target, *size}, out); !done) return done.error();
    return out.where.native;
  }

  /// Through a link, with `rest` behind it. What is left of the path then; nothing if the link is no text, and `child` what it
  /// leads to.
  basic_result<std::string_view, error> follow(place& child, std::string_view rest) {
    const node& link = front<Policy>(child);
    if (rules().no_links) return Tree::number(errc::loop);
    auto jumped = tree_.jump(link);
    if (!jumped) return jumped.error();
    if (*jumped) {
      if (rules().no_jumps) return Tree::number(errc::loop);
      if (rules().scoped() || leaves_file_system(*jumped)) return Tree::number(errc::xdev);
    }
    if (++links_ > link_limit) return Tree::number(errc::loop);
    if (*jumped) {
      child = place{{}, std::move(*jumped)};
      return std::string_view{};
    }
    // The target goes in front of the rest, which is moved to the end of the buffer first: it may stand in this buffer already.
    char* const rest_at = text_ + path_limit - rest.size();
    std::memmove(rest_at, rest.data(), rest.size());
    auto size = tree_.read_link(link, text_, path_limit - rest.size());
    if (!size) return size.error();
    if (*size == 0) return Tree::number(errc::noent);
    if (*size + rest.size() >= path_limit) return Tree::number(errc::nametoolong);
    std::memmove(text_ + *size, rest_at, rest.size());
    if (text_[0] == '/') {
      if (rules().beneath || leaves_file_system(front<Policy>(top()))) return Tree::number(errc::xdev);
      here_ = top();
    }
    return std::string_view{text_, *size + rest.size()};
  }

  /// Steps from name to name are looked at by the tree.
  bool leaves_file_system(const node& to) const {
    if constexpr (requires { tree_.same_file_system(to, to); })
      return rules().one_file_system && !tree_.same_file_system(front<Policy>(here_), to);
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
      if (rules().beneath) return Tree::number(errc::xdev);
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
  const lookup_mode& mode_;
  u32 links_ = 0;
  bool native_only_ = false;
  char text_[path_limit];
};

} // namespace detail

template <reroot_policy Policy, tree Tree>
basic_result<void, typename Tree::error> lookup(Tree& tree, const location<typename Tree::node>& root,
                                                const location<typename Tree::node>& start, std::string_view path,
                                                const lookup_mode& mode, found<typename Tree::node>& out) {
  return detail::walk<Policy, Tree>{tree, root, start, mode}.run(path, out);
}

} // namespace polyabi::vfs
