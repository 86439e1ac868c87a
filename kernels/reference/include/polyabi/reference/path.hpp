// Paths in the reference kernel: where a process looks them up, and the lookup itself (namei).
#pragma once

#include <polyabi/core/lookup_rules.hpp>
#include <polyabi/reference/vnode.hpp>
#include <polyabi/vfs/location.hpp>

namespace polyabi::reference {

struct process;

/// A file or directory as a process sees it: a directory may stand in the emulation root and in the native one.
using location = vfs::location<ref<vnode>>;

/// The policy of all personalities that have an emulation root. One without simply has no emulation side in its root.
inline constexpr vfs::reroot_policy reroot = vfs::standard_reroot;

/// Where a process looks up paths. Set at exec from the personality's emulation root, inherited by fork.
struct path_context {
  location root, current;
  u32 umask = 022;
};

/// The side of a location that is opened, looked at or changed. A skeleton that only holds mounts never stands for a directory that
/// the other root has too.
inline const ref<vnode>& front(const location& where) {
  const ref<vnode>& preferred = vfs::front<reroot>(where);
  if (!where.merged() || preferred->accepts_names()) return preferred;
  return reroot.emulation_first ? where.native : where.emulation;
}

namespace namei {

/// What a lookup for a new or a removed name answers.
struct name_in_directory {
  location directory, where; ///< `where` is none if the name does not exist
  ref<vnode> side;           ///< the directory in which the name stands, or in which it is to be made
  bool trailing_slash = false;
  bool is_name = true;       ///< false: the path ended in ".", ".." or is the root; `where` is that directory
  bool ends_in_dot = false, ends_in_dot_dot = false;
  usize size = 0;
  char text[name_limit + 1]; ///< as much as there is
  std::string_view name() const { return {text, size}; }
};

/// The file a path names; relative paths start at the process' current directory. With credentials, search permission is checked
/// on the way.
result<location> find(const process&, std::string_view path, bool follow_last = true);
result<location> find(const path_context&, const location& start, const credentials&, std::string_view path,
                      bool follow_last = true);
/// The same, for what a program sees of that place.
result<ref<vnode>> find_front(const path_context&, const location& start, const credentials&, std::string_view path, bool follow_last);
/// The last name of a path and the directory it stands in. `follow_last`: a link there is followed (open with creat).
result<> find_name(const path_context&, const location& start, const credentials&, std::string_view path, bool follow_last,
                   name_in_directory& out, const lookup_rules& = {});

/// The directory a descriptor argument stands for: the current one for `at::current_directory`, EBADF or ENOTDIR otherwise.
result<location> directory_of(const process&, i32 descriptor);

/// The path of a file as the process sees it, without a NUL. ENOENT if it has none (removed, or outside the root), ERANGE if it does
/// not fit.
result<usize> path_of(const path_context&, const vnode&, char* to, usize limit);

/// Gives a process the emulation root at this path of the native tree (empty: none). For exec; the current directory is kept.
void enter_emulation(path_context&, std::string_view emulation_root);

} // namespace namei

} // namespace polyabi::reference
