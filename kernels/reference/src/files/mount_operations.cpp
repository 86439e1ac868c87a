// Mounts made and taken away by programs.
#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/file_systems.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/mount.hpp>
#include <polyabi/reference/mount_operations.hpp>
#include <polyabi/reference/vnode_events.hpp>
#include <polyabi/vfs/pseudo.hpp>

#include "bound_vnode.hpp"
#include "namei_tree.hpp"
#include "paths.hpp"

namespace polyabi::reference {

using paths::process_of;

namespace {

/// Takes the first option off "a=1,b,c=2".
std::string_view next_option(std::string_view& options) {
  const usize end = options.find(',');
  const std::string_view one = options.substr(0, end);
  options = end == std::string_view::npos ? std::string_view{} : options.substr(end + 1);
  return one;
}

/// The value of an option; empty if it is not there.
std::string_view option(std::string_view options, std::string_view name) {
  while (!options.empty()) {
    const std::string_view one = next_option(options);
    if (one.size() > name.size() && one.starts_with(name) && one[name.size()] == '=') return one.substr(name.size() + 1);
  }
  return {};
}

/// Whether there is an option without a value.
bool has_option(std::string_view options, std::string_view name) {
  while (!options.empty())
    if (next_option(options) == name) return true;
  return false;
}

/// EINVAL for what is no octal number of a mode.
result<u32> mode_of(std::string_view text) {
  u32 mode = 0;
  for (const char c : text) {
    if (c < '0' || c > '7' || mode > 0777) return error::inval;
    mode = mode * 8 + static_cast<u32>(c - '0');
  }
  return mode;
}

/// Memory, or the pseudo files of the caller's personality.
result<ref<vnode>> make_file_system(const process& p, std::string_view type, std::string_view options) {
  if (type == "tmpfs" || type == "ramfs") {
    const std::string_view given = option(options, "mode");
    const auto mode = given.empty() ? result<u32>{01777} : mode_of(given);
    if (!mode) return mode.error();
    return make_memory_file_system(*mode, false, option(options, "size"));
  }
  for (const auto& mount : p.personality->pseudo_mounts) {
    if (mount.tree->type == type) return make_pseudo_file_system(*mount.tree);
  }
  return error::nodev;
}

bool is_in(const vnode& v, const vnode& tree) {
  if (tree.type != file_modes::dir) return &v == &tree; // a file bound over another
  return tree.file_system() != nullptr ? v.file_system() == tree.file_system() : v.device() == tree.device();
}
bool is_in(const location& where, const vnode& tree) {
  return (where.native && is_in(*where.native, tree)) || (where.emulation && is_in(*where.emulation, tree));
}

bool uses(const process& p, const vnode& tree) {
  if (is_in(p.paths->current, tree) || is_in(p.paths->root, tree) || (p.executable && is_in(*p.executable, tree))) return true;
  for (i32 i = 0; p.descriptors && i < p.descriptors->size(); ++i) {
    auto open = p.descriptors->get(i);
    if (!open) continue;
    if ((*open)->node && is_in(*(*open)->node, tree)) return true;
    if ((*open)->name && (*open)->name->directory && is_in(*(*open)->name->directory, tree)) return true; // files of bound directories
  }
  if (p.memory == nullptr) return false;
  for (const region* r = p.memory->first(); r != nullptr; r = p.memory->next(*r)) {
    if (r->backing() && r->backing()->node && is_in(*r->backing()->node, tree)) return true;
  }
  return false;
}

bool is_used(const vnode& tree) {
  for (const process* p = process_table::next(0); p != nullptr; p = process_table::next(p->id)) {
    if (uses(*p, tree)) return true;
  }
  return false;
}

/// What is mounted there already becomes read only, or can be written again.
result<> remount(thread& t, std::string_view path, bool read_only) {
  auto found = paths::find_location(t, at::current_directory, path);
  if (!found) return found.error();
  const ref<vnode> tree = front(*found);
  ref<vnode> directory;
  std::string_view name;
  if (!mounts::position(*tree, directory, name)) return error::inval;
  if (auto set = set_read_only(*tree, read_only); !set) return set;
  mounts::set_options(*tree, read_only ? "ro" : "rw");
  return {};
}

} // namespace

// Of the options that mount(8) has for all file systems, there are "ro", "rw" and "remount".
result<> mount_operations::perform(op::mount, thread& t, std::string_view source, std::string_view path, std::string_view type,
                                   std::string_view options) {
  const process& p = process_of(t);
  if (!p.identity.may(privileges::administer)) return error::perm;
  const bool read_only = has_option(options, "ro");
  if (has_option(options, "remount")) return remount(t, path, read_only);
  namei::name_in_directory name;
  if (auto found = paths::find_name(t, at::current_directory, path, name, true); !found) return found;
  if (!name.where) return error::noent;
  if (!name.is_name) return error::busy; // a root, or a directory by "."
  if (front(name.where)->type != file_modes::dir) return error::notdir;
  auto tree = make_file_system(p, type, options);
  if (!tree) return tree.error();
  if (read_only)
    if (auto set = set_read_only(**tree, true); !set) return set;
  return mounts::add(name.side, name.name(), std::move(*tree), {source.empty() ? "none" : source, type, read_only ? "ro" : "rw"});
}

result<> mount_operations::perform(op::unmount, thread& t, std::string_view path, bool detach, u32 at_flags) {
  namei::name_in_directory name;
  const bool follow = (at_flags & at::symlink_nofollow) == 0;
  if (auto found = paths::find_name(t, at::current_directory, path, name, follow); !found) return found;
  if (!name.where) return error::noent;
  if (!process_of(t).identity.may(privileges::administer)) return error::perm;
  vnode* covering = name.is_name ? mounts::covering(*name.side, name.name()) : nullptr;
  if (covering == nullptr) return error::inval;
  const ref<vnode> tree{covering};
  name.where = {};
  if (!detach && is_used(*tree)) return error::busy;
  if (auto removed = mounts::remove(*name.side, name.name()); !removed) return removed;
  if (tree->type == file_modes::dir) vnode_events::unmounted(tree->file_system());
  return {};
}

namespace {

/// A place for a mount: an existing file that stands under a name.
result<> find_place(thread& t, std::string_view path, namei::name_in_directory& out) {
  if (auto found = paths::find_name(t, at::current_directory, path, out, true); !found) return found;
  if (!out.where) return error::noent;
  return out.is_name ? result<>{} : error::busy; // a root, or a directory by "."
}

/// Whether a directory is `tree` or stands somewhere below it, mounts included.
bool stands_in(ref<vnode> directory, const vnode& tree) {
  namei::tree walk{namei::superuser};
  for (;;) {
    if (directory.get() == &tree) return true;
    auto up = walk.parent(directory);
    if (!up || *up == directory) return false;
    directory = std::move(*up);
  }
}

/// The mount whose tree a path leads to.
result<> find_mount(thread& t, std::string_view path, ref<vnode>& tree, ref<vnode>& directory, std::string_view& name) {
  auto found = paths::find_location(t, at::current_directory, path);
  if (!found) return found.error();
  tree = front(*found);
  return mounts::position(*tree, directory, name) ? result<>{} : error::inval;
}

/// What is mounted below a bound directory, and in turn below that, is bound as well.
result<> bind_mounts_below(const ref<vnode>& below, bound_vnode& seen) {
  ref<vnode> tree;
  mounts::description about;
  for (usize index = 0; mounts::at(index, tree, about); ++index) {
    ref<vnode> directory;
    std::string_view name;
    if (!mounts::position(*tree, directory, name) || tree->type != file_modes::dir) continue;
    ref<vnode> up = directory;
    while (up && !(up == below)) {
      auto next = up->parent();
      up = next && !(*next == up) ? std::move(*next) : ref<vnode>{}; // the root of some file systems is its own
    }
    if (!up) continue;
    auto here = seen.seen(directory);
    if (!here) return here.error();
    const ref<bound_vnode> made = bound_vnode::make_root(tree);
    if (!made) return error::nomem;
    if (auto added = mounts::add(std::move(*here), name, ref<vnode>{made.get()}, about); !added) return added;
    if (auto more = bind_mounts_below(tree, *made); !more) return more;
  }
  return {};
}

} // namespace

result<> mount_operations::perform(op::bind_mount, thread& t, std::string_view source, std::string_view path, bool recursive) {
  if (!process_of(t).identity.may(privileges::administer)) return error::perm;
  auto from = paths::find_location(t, at::current_directory, source);
  if (!from) return from.error();
  namei::name_in_directory name;
  if (auto found = find_place(t, path, name); !found) return found;
  const ref<vnode> below = front(*from);
  if ((below->type == file_modes::dir) != (front(name.where)->type == file_modes::dir)) return error::notdir;
  if (below->type != file_modes::dir) return mounts::add(name.side, name.name(), below, {source, "bind", "rw"});
  const ref<bound_vnode> root = bound_vnode::make_root(below);
  if (!root) return error::nomem;
  // What is mounted below is looked at first: not this mount itself.
  if (recursive)
    if (auto bound = bind_mounts_below(below, *root); !bound) return bound;
  return mounts::add(name.side, name.name(), ref<vnode>{root.get()}, {source, "bind", "rw"});
}

result<> mount_operations::perform(op::move_mount, thread& t, std::string_view source, std::string_view path) {
  if (!process_of(t).identity.may(privileges::administer)) return error::perm;
  ref<vnode> tree, directory;
  std::string_view old_name;
  if (auto found = find_mount(t, source, tree, directory, old_name); !found) return found;
  namei::name_in_directory name;
  if (auto found = find_place(t, path, name); !found) return found;
  if ((tree->type == file_modes::dir) != (front(name.where)->type == file_modes::dir)) return error::notdir;
  if (stands_in(name.side, *tree)) return error::loop;
  return mounts::move(*directory, old_name, name.side, name.name());
}

result<> mount_operations::perform(op::pivot_root, thread& t, std::string_view new_root, std::string_view old_root) {
  if (!process_of(t).identity.may(privileges::administer)) return error::perm;
  ref<vnode> tree, directory;
  std::string_view name;
  const ref<vnode> present = mounts::root();
  auto found_root = paths::find_location(t, at::current_directory, new_root);
  if (!found_root) return found_root.error();
  if (front(*found_root)->type != file_modes::dir) return error::notdir;
  namei::name_in_directory place;
  if (auto found = paths::find_name(t, at::current_directory, old_root, place, true); !found) return found;
  if (!place.where) return error::noent;
  if (front(place.where)->type != file_modes::dir) return error::notdir;
  if (front(*found_root) == present) return error::busy;
  if (auto found = find_mount(t, new_root, tree, directory, name); !found) return found;
  if (!place.is_name || !stands_in(place.side, *tree)) return error::inval;
  if (!(process_of(t).paths->root.native == present)) return error::inval;
  if (auto exchanged = mounts::exchange_root(*directory, name, place.side, place.name()); !exchanged) return exchanged;
  for (process* p = process_table::next(0); p != nullptr; p = process_table::next(p->id)) {
    if (p->paths->root.native == present) p->paths->root.native = tree;
    if (p->paths->current.native == present) p->paths->current.native = tree;
  }
  return {};
}

} // namespace polyabi::reference
