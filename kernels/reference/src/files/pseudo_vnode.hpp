// Pseudo files: the tables of vfs/pseudo.hpp as vnodes.
#pragma once

#include <polyabi/reference/claim.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/mount.hpp>
#include <polyabi/reference/open_files.hpp>
#include <polyabi/vfs/pseudo.hpp>

namespace polyabi::reference {

/// What the vnodes of one mount share. Lives as long as they do.
struct pseudo_mount_state {
  u64 id = 0, type = file_system_types::proc;
  bool merges = false; ///< see pseudo_tree
  u32 vnodes = 0;
};

/// An open file of a process' memory. EACCES unless the caller may look into it.
result<ref<file>> open_process_memory(ref<vnode>, i32 process, u32 flags);

/// A row of a table, seen for one process, thread or descriptor.
class pseudo_vnode final : public vnode {
public:
  using entry = pseudo_entry<kernel>;
  /// Of whom the row speaks.
  struct subject {
    i32 process = 0, thread = 0, descriptor = -1;
    i32 number = -1, outer = -1; ///< of `each_number`, and of the one around it
  };

  pseudo_vnode(pseudo_mount_state&, const entry*, std::span<const entry>, subject, pseudo_vnode* parent, u32 file_type);
  ~pseudo_vnode() override;
  void release() override;

  result<> attributes(stat& out) override;
  result<ref<vnode>> lookup(std::string_view name) override;
  result<ref<vnode>> parent() override;
  bool accepts_names() const override { return false; }
  bool is_opaque() const override { return !mount_.merges; }
  // Nobody makes names here; what is not in the tables does not exist, and never will.
  result<ref<vnode>> create(std::string_view, u32, const credentials&) override { return error::noent; }
  result<ref<vnode>> make_directory(std::string_view, u32, const credentials&) override { return error::noent; }
  result<ref<vnode>> make_node(std::string_view, u32, u64, const credentials&) override { return error::noent; }
  result<> make_symbolic_link(std::string_view, std::string_view, const credentials&) override { return error::noent; }
  result<> remove(std::string_view, bool) override { return error::perm; }
  result<> read_entries(i64 position, directory_visitor) override;
  result<usize> name_in_parent(char* to, usize limit) override;
  result<usize> read_link(char* to, usize limit) override;
  result<ref<vnode>> jump(const credentials&) override;
  result<ref<file>> open(u32 flags) override;
  result<> statistics(statfs& out) override;
  i32 process_id() const override { return row_ != nullptr && row_->kind == pseudo_kind::each_process ? about_.process : 0; }
  const void* file_system() const override { return &mount_; }
  u64 device() const override { return mount_.id; }
  u64 inode() const override { return inode_of(row_, about_); }

  // Formatters ask the kernel as personalities do: these two drop the kernel lock.
  /// Writes the row's text. ESRCH if what it speaks of is gone.
  result<> render(vfs::text_sink&);
  /// Whether it is a listing of mounts.
  bool is_of_mounts() const { return row_ != nullptr && row_->is_of_mounts; }
  /// Hands text that a user wrote to the row.
  result<> store(std::string_view text);

private:
  result<ref<file>> open_device(u32 flags);
  result<ref<vnode>> make_child(const entry&, subject);
  pseudo_context<kernel> context() const;
  /// Writes the name of a row's directory for what it is about.
  static void write_name(vfs::text_sink&, const entry&, const subject&);
  /// The row's directory for this id, if there is one.
  bool has_subject(const entry&, i32 number, subject&) const;
  i32 next_subject(const entry&, i32 after) const;
  u64 inode_of(const entry*, const subject&) const;
  /// Those in it, which its number of links tells: programs count threads so.
  u32 directories() const;

  pseudo_mount_state& mount_;
  const entry* row_; ///< null at the root
  std::span<const entry> rows_;
  subject about_;
  ref<pseudo_vnode> parent_;
};

/// A text that was made when it was opened.
struct pseudo_file final : vnode_file {
  using vnode_file::vnode_file;
  ~pseudo_file() override { drop(); }
  void release() override { heap::destroy(this); }
  /// Makes the text.
  result<> fill();
  result<i64> read(user_vector into, const i64* offset) override;
  result<i64> write(user_vector from, const i64* offset) override;
  result<i64> seek(i64 offset, i32 origin) override;
  /// A change of the mounts is told once.
  u16 poll(u16 events, waiter* place) override;
  bool has_readiness() const override { return vnode_of().is_of_mounts(); }

private:
  pseudo_vnode& vnode_of() const { return static_cast<pseudo_vnode&>(*node); }
  void drop();
  char* text_ = nullptr;
  usize size_ = 0, capacity_ = 0;
  bool was_read_ = false;
  u64 seen_changes_ = mounts::changes();
  claim reading_; ///< of the text
};

/// Stands for an open file without a name (a pipe), so that its number's link under /proc can be followed: opening it shares
/// it.
class open_file_vnode final : public vnode {
public:
  open_file_vnode(ref<file> of, u32 file_type) : vnode{file_type}, file_{std::move(of)} {}
  void release() override { heap::destroy(this); }
  result<> attributes(stat& out) override { return file_->attributes(out); }
  result<ref<file>> open(u32 flags) override;
  u64 device() const override;
  u64 inode() const override;

private:
  ref<file> file_;
};

} // namespace polyabi::reference
