// Names that stand for open files of facilities (fattach): a mount of one file over another.
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/mount.hpp>

#include "paths.hpp"

namespace polyabi::reference {

namespace {

/// Covers the file that had the name: its owner and permissions are those of the covered one.
struct attached_vnode final : vnode {
  ref<file> behind;
  ref<vnode> covered;

  attached_vnode(ref<file> f, ref<vnode> over, u32 file_type)
      : vnode{file_type}, behind{std::move(f)}, covered{std::move(over)} {}
  void release() override { heap::destroy(this); }

  result<> attributes(stat& out) override {
    if (auto known = covered->attributes(out); !known) return known;
    out.mode = type | (out.mode & ~u32{file_modes::type_mask});
    return {};
  }
  result<> change(const attribute_change& c) override { return covered->change(c); }
  result<ref<file>> open(u32 flags) override {
    const ref<vnode> self{this};
    result<ref<file>> opened = error::nxio;
    {
      const kernel_lock::unlocked in_the_facility;
      opened = service_functions::custom_of(*behind)->reopened(current_thread(), flags);
    }
    if (opened && !(*opened)->node) (*opened)->node = self;
    return opened;
  }
  u64 device() const override { return covered->device(); }
  u64 inode() const override { return covered->inode(); }
};

result<> attach_to(thread& t, std::string_view path, ref<file> opened) {
  if (service_functions::custom_of(*opened) == nullptr) return error::inval;
  process& self = *t.owner;
  namei::name_in_directory name;
  if (auto found = paths::find_name(t, at::current_directory, path, name, true); !found) return found;
  if (!name.where) return error::noent;
  if (!name.is_name) return error::busy; // a root, or a directory by "."
  const ref<vnode> covered = front(name.where);
  if (covered->type == file_modes::dir) return error::isdir;
  if (auto owns = paths::may_own(self, *covered); !owns) return owns;
  if (auto may = covered->permitted(self.identity, access_modes::write); !may) return may;
  stat about{};
  if (auto known = opened->attributes(about); !known) return known;
  auto* made = heap::create<attached_vnode>(std::move(opened), covered, about.mode & file_modes::type_mask);
  if (made == nullptr) return error::nomem;
  const ref<vnode> tree{made};
  return mounts::add(name.side, name.name(), tree, {"none", "namefs", "rw"});
}

result<> detach_from(thread& t, std::string_view path) {
  namei::name_in_directory name;
  if (auto found = paths::find_name(t, at::current_directory, path, name, false); !found) return found;
  if (!name.where) return error::noent;
  vnode* tree = name.is_name ? mounts::covering(*name.side, name.name()) : nullptr;
  if (tree == nullptr || tree->type == file_modes::dir) return error::inval; // other mounts are not this call's
  if (auto owns = paths::may_own(*t.owner, *tree); !owns) return owns;
  return mounts::remove(*name.side, name.name());
}

} // namespace

result<> service_functions::attach(thread& t, std::string_view path, file_ref opened) {
  const kernel_lock::locked lock;
  return attach_to(t, path, std::move(opened));
}
result<> service_functions::detach(thread& t, std::string_view path) {
  const kernel_lock::locked lock;
  return detach_from(t, path);
}

} // namespace polyabi::reference
