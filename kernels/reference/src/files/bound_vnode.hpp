// A directory seen at a second place (mount(8): --bind). Its directories are vnodes of their own, so that each place has its own
// parents and mounts; all other files are the files themselves. What happens in a directory is told where it was done.
#pragma once

#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/open_files.hpp>

namespace polyabi::reference {

class bound_vnode final : public vnode {
public:
  /// What the vnodes of one mount share: those in use, so that a directory has one however it was found. Lives as long as they do.
  struct mount;

  /// A mount of `below` with its root. Null: out of memory.
  static ref<bound_vnode> make_root(ref<vnode> below);
  /// What stands for a file of the bound file system in this mount.
  result<ref<vnode>> seen(ref<vnode> below) { return seen_in(mount_, std::move(below)); }
  const ref<vnode>& below() const { return below_; }

  bound_vnode(mount&, ref<vnode> below);
  ~bound_vnode() override;
  void release() override;

  result<> attributes(stat& out) override { return below_->attributes(out); }
  result<> change(const attribute_change& c) override { return below_->change(c); }
  result<> permitted(const credentials& who, u32 access) override { return below_->permitted(who, access); }
  result<ref<vnode>> lookup(std::string_view name) override;
  result<ref<vnode>> parent() override;
  result<ref<vnode>> create(std::string_view name, u32 mode, const credentials& who) override { return below_->create(name, mode, who); }
  result<ref<vnode>> make_directory(std::string_view name, u32 mode, const credentials&) override;
  result<ref<vnode>> make_node(std::string_view name, u32 mode, u64 device, const credentials& who) override {
    return below_->make_node(name, mode, device, who);
  }
  result<> make_symbolic_link(std::string_view name, std::string_view target, const credentials& who) override {
    return below_->make_symbolic_link(name, target, who);
  }
  result<> link(std::string_view name, vnode& existing) override { return below_->link(name, existing); }
  result<> remove(std::string_view name, bool directory) override { return below_->remove(name, directory); }
  result<> rename(std::string_view name, vnode& new_directory, std::string_view new_name, renaming) override;
  result<> read_entries(i64 position, directory_visitor visitor) override { return below_->read_entries(position, visitor); }
  result<usize> name_in_parent(char* to, usize limit) override { return below_->name_in_parent(to, limit); }
  bool accepts_names() const override { return below_->accepts_names(); }
  bool is_opaque() const override { return below_->is_opaque(); }
  result<ref<file>> create_and_open(std::string_view name, u32 mode, u32 flags, const credentials& who) override {
    return below_->create_and_open(name, mode, flags, who);
  }
  result<ref<file>> create_unnamed(u32 mode, u32 flags, bool linkable, const credentials& who) override {
    return below_->create_unnamed(mode, flags, linkable, who);
  }
  result<> statistics(statfs& out) override { return below_->statistics(out); }
  result<usize> get_attribute(std::string_view name, std::span<char> to) override { return below_->get_attribute(name, to); }
  result<> set_attribute(std::string_view name, std::span<const char> value, attribute_rule rule) override {
    return below_->set_attribute(name, value, rule);
  }
  result<usize> list_attributes(const credentials& who, std::span<char> to) override { return below_->list_attributes(who, to); }
  result<> remove_attribute(std::string_view name) override { return below_->remove_attribute(name); }
  const void* file_system() const override { return &mount_; }
  i32 host_descriptor() const override { return below_->host_descriptor(); }
  i32 process_id() const override { return below_->process_id(); }
  u64 device() const override { return below_->device(); }
  u64 inode() const override { return below_->inode(); }

private:
  static result<ref<vnode>> seen_in(mount&, ref<vnode> below);

  mount& mount_;
  ref<vnode> below_;
  bound_vnode* next_ = nullptr; ///< in the mount
};

} // namespace polyabi::reference
