// The file system in memory (tmpfs).
#pragma once

#include "memory_attributes.hpp"
#include "page_store.hpp"

#include <polyabi/core/memory_files.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/intrusive_list.hpp>
#include <polyabi/reference/open_files.hpp>

namespace polyabi::reference {

class memory_vnode;

/// A name in a directory.
struct memory_entry {
  list_link link;
  ref<memory_vnode> node;
  i64 cookie = 0;
  u32 hash = 0;
  usize size = 0;
  memory_vnode* directory = nullptr;
  char* text() { return reinterpret_cast<char*>(this + 1); }
  std::string_view name() const { return {reinterpret_cast<const char*>(this + 1), size}; }
};

class memory_vnode final : public vnode {
public:
  memory_vnode(memory_mount&, u32 mode, u32 user, u32 group);
  ~memory_vnode() override;
  /// A mount that holds as many bytes as a setting says. It goes with its last file. Null: out of memory.
  static memory_mount* make_mount(std::string_view size_setting);
  void release() override;

  result<> attributes(stat& out) override;
  result<> permitted(const credentials&, u32 access) override;
  result<> change(const attribute_change&) override;
  result<ref<vnode>> lookup(std::string_view name) override;
  result<ref<vnode>> parent() override;
  bool accepts_names() const override { return !mount_.frozen; }
  result<ref<vnode>> create(std::string_view name, u32 mode, const credentials&) override;
  result<ref<file>> create_unnamed(u32 mode, u32 flags, bool linkable, const credentials&) override;
  result<ref<vnode>> make_directory(std::string_view name, u32 mode, const credentials&) override;
  result<ref<vnode>> make_node(std::string_view name, u32 mode, u64 device, const credentials&) override;
  result<> make_symbolic_link(std::string_view name, std::string_view target, const credentials&) override;
  result<> link(std::string_view name, vnode& existing) override;
  result<> remove(std::string_view name, bool directory) override;
  result<> rename(std::string_view name, vnode& new_directory, std::string_view new_name, renaming) override;
  result<> read_entries(i64 position, directory_visitor) override;
  result<usize> name_in_parent(char* to, usize limit) override;
  result<usize> read_link(char* to, usize limit) override;
  result<ref<file>> open(u32 flags) override;
  result<> statistics(statfs& out) override;
  result<usize> get_attribute(std::string_view name, std::span<char> to) override;
  result<> set_attribute(std::string_view name, std::span<const char> value, attribute_rule) override;
  result<usize> list_attributes(const credentials&, std::span<char> to) override;
  result<> remove_attribute(std::string_view name) override;
  result<ref<vnode>> add_mount_point(std::string_view name) override;
  const void* file_system() const override { return &mount_; }
  u64 device() const override { return mount_.id; }
  u64 inode() const override { return stat_.ino; }
  bool is_in_memory() const override { return true; }

  i64 size() const { return type == file_modes::reg ? static_cast<i64>(bytes.size()) : stat_.size; }
  /// Of the whole mount. EBUSY while a file is open to be written.
  result<> set_read_only(bool);
  void has_writer(bool opened) { mount_.writers += opened ? 1u : ~0u; }
  void accessed();
  void modified();
  page_store bytes;
  u32 writable_mappings = 0; ///< regions that are shared and may be given the right to write
  u32 seals = file_seals<file_seal::seal>; ///< file_seal; a file with a name takes none
  bool has_seal(u32 any) const { return (seals & any) != 0; }
  bool is_executable() const { return (stat_.mode & 0111) != 0; }
  /// What listings show of a file that never had a name. False: out of memory.
  bool set_label(std::string_view);
  std::string_view label() const { return type == file_modes::reg && target_ != nullptr ? std::string_view{target_, label_size_} : std::string_view{}; }

private:
  result<ref<memory_vnode>> make_here(u32 mode, const credentials&);
  result<ref<vnode>> add(std::string_view name, u32 mode, const credentials&);
  memory_entry* find(std::string_view name) const;
  result<> enter(std::string_view name, memory_vnode&);
  void drop(memory_entry&);
  result<> exchange(memory_entry& mine, memory_vnode& other_directory, memory_entry& other);
  bool is_below(const memory_vnode& other) const;
  u64 directories() const;

  memory_mount& mount_;
  stat stat_{};
  intrusive_list<memory_entry, &memory_entry::link> entries_;
  memory_attributes attributes_;
  i64 last_cookie_ = 0;
  memory_entry* place_ = nullptr; ///< one of the names it stands under; null at the root and when removed
  char* target_ = nullptr;        ///< of a symbolic link, `stat_.size` bytes; or a label
  usize label_size_ = 0;
  bool awaits_name_ = false; ///< it never had one, and may be given one
};

/// An open file in memory.
struct memory_file final : vnode_file {
  memory_file(ref<vnode> of, u32 open_flags) : vnode_file{std::move(of), open_flags} {
    if (writable()) vnode_of().has_writer(true);
  }
  ~memory_file() override {
    if (writable()) vnode_of().has_writer(false);
  }
  void release() override { heap::destroy(this); }
  result<i64> read(user_vector into, const i64* offset) override;
  result<i64> write(user_vector from, const i64* offset) override;
  result<i64> append(user_vector from, bool moves) override;
  result<i64> seek(i64 offset, i32 origin) override;
  result<> change_space(space_change, i64 offset, i64 size) override;
  result<> sync() override { return {}; }
  result<i32> bytes_readable() override;
  result<machine::mapping_source> map(u64 offset, u64 size, u32 protection, bool shared) override;
  u32 mappable(bool shared) const override;
  usize describe(char* to, usize limit) override;
  void mapped(const region&) override;
  void unmapped(const region&) override;

private:
  memory_vnode& vnode_of() const { return static_cast<memory_vnode&>(*node); }
  /// `offset` null: at the position; `at_end`: there, whatever the offset.
  result<i64> put(user_vector from, const i64* offset, bool at_end);
};

} // namespace polyabi::reference
