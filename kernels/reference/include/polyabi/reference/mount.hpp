// Mounts: file systems joined to one tree.
#pragma once

#include <polyabi/reference/path.hpp>

namespace polyabi::reference {

struct boot_options;

/// A mount covers a name in a directory, whether that name exists underneath or not. A name that does not is found by lookup, but
/// not listed in the directory. Under the kernel lock.
namespace mounts {

/// The root of everything; null before `mount_all`.
ref<vnode> root();

/// What the kernel shows of a mount.
struct description {
  std::string_view source, type, options;
};

/// The first mount.
result<> set_root(ref<vnode> tree, const description&);
/// Mounts `tree` over `name` in `directory`. EBUSY if there is a mount, ENOMEM.
result<> add(ref<vnode> directory, std::string_view name, ref<vnode> tree, const description&);
/// Every mount of this tree is shown with other options.
void set_options(const vnode& tree, std::string_view options);
/// Takes the mount over a name away again. EINVAL if there is none.
result<> remove(const vnode& directory, std::string_view name);
/// A mount goes from one name to another. EINVAL, EBUSY.
result<> move(const vnode& directory, std::string_view name, ref<vnode> new_directory, std::string_view new_name);
/// What is mounted over a name becomes the root, and the present root is mounted over another name. EINVAL, EBUSY, ENOMEM.
result<> exchange_root(const vnode& directory, std::string_view name, ref<vnode> old_directory, std::string_view old_name);
/// The tree mounted over a name, or null.
vnode* covering(const vnode& directory, std::string_view name);
/// Whether any of a directory's names is covered.
bool covers_in(const vnode& directory);
/// Whether a directory is the root of a mount, and if so where that is. The name is valid while the mount exists.
bool position(const vnode& tree, ref<vnode>& directory, std::string_view& name);
/// Mounts in order, for listings: false at the end. Index 0 is the root.
bool at(usize index, ref<vnode>& tree, description& out);
/// How often there was a change so far, and who waits for one (poll_event::err and pri). Null: out of memory.
u64 changes();
wait_queue* changed();
/// Takes everything away, the root too: for tests that look for leaks.
void clear();

} // namespace mounts

/// Builds the tree: the host's directory at the root, devices at /dev, every linked personality's pseudo files below its emulation
/// root, and the host directories of `emulations` at the emulation roots.
result<> mount_all(const boot_options&);

} // namespace polyabi::reference
