// The tree at boot.
#include <polyabi/reference/devices.hpp>
#include <polyabi/reference/file_systems.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/mount.hpp>
#include <polyabi/vfs/pseudo.hpp>

#include "namei_tree.hpp"
#include "native_proc.hpp"

namespace polyabi::reference {

namespace {

/// Takes the next component of a path; empty at the end.
std::string_view next_component(std::string_view& path) {
  usize begin = 0;
  while (begin < path.size() && path[begin] == '/') ++begin;
  usize end = begin;
  while (end < path.size() && path[end] != '/') ++end;
  const std::string_view name = path.substr(begin, end - begin);
  path.remove_prefix(end);
  return name;
}

/// Mounts a tree at a path. Directories on the way that do not exist become skeletons: the first one is mounted over its name, so
/// that the file system underneath is not touched.
result<> mount_at(std::string_view path, ref<vnode> tree, const mounts::description& about) {
  namei::tree walk{namei::superuser};
  ref<vnode> here = mounts::root();
  std::string_view name = next_component(path);
  for (std::string_view next = next_component(path); !next.empty(); name = std::exchange(next, next_component(path))) {
    auto child = walk.lookup(here, name);
    if (!child && child.error() == error::noent) child = here->add_mount_point(name);
    if (!child && child.error() == error::rofs) {
      child = make_memory_file_system(0755, true);
      if (!child) return child.error();
      if (auto added = mounts::add(here, name, *child, {"none", "tmpfs", "ro"}); !added) return added;
    }
    if (!child) return child.error();
    if ((*child)->type != file_modes::dir) return error::notdir;
    here = std::move(*child);
  }
  (void)here->add_mount_point(name); // listed where that costs nothing
  return mounts::add(std::move(here), name, std::move(tree), about);
}

/// The host directory of a path, for the machine wants one name at a time.
result<i32> open_host_directory(std::string_view path) {
  using namespace machine::host::open_how;
  constexpr u32 how = path_only | directory | follow;
  i32 here = machine::host::duplicate(machine::host::root());
  if (here < 0) return static_cast<error>(-here);
  for (std::string_view name = next_component(path); !name.empty(); name = next_component(path)) {
    char text[name_limit + 1];
    if (name.size() > name_limit) {
      machine::host::close(here);
      return error::nametoolong;
    }
    for (usize i = 0; i < name.size(); ++i) text[i] = name[i];
    text[name.size()] = '\0';
    const i32 next = machine::host::open(here, text, how, 0);
    machine::host::close(here);
    if (next < 0) return static_cast<error>(-next);
    here = next;
  }
  return here;
}

struct joined_path {
  char text[256];
  usize size = 0;
  joined_path(std::string_view a, std::string_view b) {
    for (const std::string_view part : {a, b}) {
      for (usize i = 0; i < part.size() && size < sizeof text; ++i) text[size++] = part[i];
    }
  }
  std::string_view view() const { return {text, size}; }
};

result<> mount_personality(const abi<kernel>& personality, const boot_options& options) {
  if (!personality.emulation_root.empty()) {
    ref<vnode> tree;
    std::string_view source = "none";
    for (const auto& e : options.emulations) {
      if (e.personality != personality.name || e.directory.empty()) continue;
      auto directory = open_host_directory(e.directory);
      if (!directory) return directory.error();
      auto made = make_host_file_system(*directory);
      if (!made) return made.error();
      tree = std::move(*made);
      source = e.directory;
    }
    const bool is_host = static_cast<bool>(tree);
    if (!is_host) {
      auto made = make_memory_file_system(0755, true);
      if (!made) return made.error();
      tree = std::move(*made);
    }
    auto mounted = mount_at(personality.emulation_root, std::move(tree),
                            is_host ? mounts::description{source, "hostfs", "rw"} : mounts::description{"none", "tmpfs", "ro"});
    // The architectures of a personality share a root: the first one has mounted it.
    if (!mounted) return mounted.error() == error::busy ? result<>{} : mounted;
  }
  for (const auto& mount : personality.pseudo_mounts) {
    auto tree = make_pseudo_file_system(*mount.tree);
    if (!tree) return tree.error();
    const joined_path where{personality.emulation_root, mount.where};
    auto mounted = mount_at(where.view(), std::move(*tree), {mount.tree->type, mount.tree->type, "rw"});
    if (!mounted && mounted.error() != error::busy) return mounted;
  }
  return {};
}

} // namespace

result<> mount_all(const boot_options& options) {
  const i32 host_root = machine::host::root();
  const i32 root = host_root < 0 ? -1 : machine::host::duplicate(host_root);
  if (host_root >= 0 && root < 0) return static_cast<error>(-root);
  auto tree = root >= 0 ? make_host_file_system(root) : make_memory_file_system(0755);
  if (!tree) return tree.error();
  if (auto mounted = root >= 0 ? mounts::set_root(std::move(*tree), {options.host_root, "hostfs", "rw"})
                               : mounts::set_root(std::move(*tree), {"none", "tmpfs", "rw"});
      !mounted)
    return mounted;
  auto devices = device_root();
  auto shared_memory = make_memory_file_system(01777);
  if (!devices || !shared_memory) return error::nomem;
  if (auto mounted = mount_at("/dev", std::move(devices), {"devices", "devfs", "rw"}); !mounted) return mounted;
  if (auto mounted = mount_at("/dev/shm", std::move(*shared_memory), {"none", "tmpfs", "rw"}); !mounted) return mounted;
  for (const abi<kernel>* personality : linked_personalities()) {
    if (auto mounted = mount_personality(*personality, options); !mounted) return mounted;
  }
  // Unless the kernel's own personality has brought one.
  auto processes = make_pseudo_file_system(native_proc);
  if (!processes) return processes.error();
  if (auto mounted = mount_at("/proc", std::move(*processes), {"proc", "procfs", "rw"}); !mounted && mounted.error() != error::busy)
    return mounted;
  return {};
}

} // namespace polyabi::reference
