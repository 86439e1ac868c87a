// The kernel's vnodes and mounts as the tree that vfs/lookup.hpp walks.
#pragma once

#include <polyabi/reference/mount.hpp>
#include <polyabi/vfs/lookup.hpp>

namespace polyabi::reference::namei {

/// For lookups of the kernel's own.
inline constexpr credentials superuser{};

struct tree {
  using node = ref<vnode>;
  using error = reference::error;

  const credentials& who;
  bool one_file_system = false; ///< a mount that begins or ends is EXDEV

  static error number(errc name);
  vfs::node_kind kind(const node& n) const {
    return n->type == file_modes::dir   ? vfs::node_kind::directory
           : n->type == file_modes::lnk ? vfs::node_kind::link
                                        : vfs::node_kind::other;
  }
  result<node> lookup(const node&, std::string_view name);
  result<node> parent(const node&);
  result<usize> name_in_parent(const node&, char* to, usize limit);
  result<usize> read_link(const node& n, char* to, usize limit) { return n->read_link(to, limit); }
  result<node> jump(const node& n) { return n->jump(who); }
  result<> may_search(const node& n) { return n->permitted(who, access_modes::exec); }
  bool is_opaque(const node& n) const { return n->is_opaque(); }
  bool accepts_names(const node& n) const { return n->accepts_names(); }
  /// Of the host's mounts all that is known is that their files are of other devices.
  static bool same_file_system(const node& a, const node& b) {
    return a->file_system() == b->file_system() && a->device() == b->device();
  }
};

/// One walk of `find_name`, which may have presumed things (presumption.hpp): the caller asks whether they hold.
result<> walk_to_name(const path_context&, const location& start, const credentials&, std::string_view path, bool follow_last,
                      name_in_directory& out, const lookup_rules& = {});

} // namespace polyabi::reference::namei
