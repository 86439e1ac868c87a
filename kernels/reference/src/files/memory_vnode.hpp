// The file system in memory (tmpfs).
#pragma once

#include <polyabi/reference/claim.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/intrusive_list.hpp>
#include <polyabi/reference/machine.hpp>
#include <polyabi/reference/open_files.hpp>

namespace polyabi::reference {

class memory_vnode;

/// What the vnodes of one mount share. Lives as long as they do.
struct memory_mount {
  u64 id = 0;
  u64 last_inode = 0;
  u64 pages = 0;
  u32 vnodes = 0;
  bool frozen = false;
};

/// The bytes of a regular file: runs of pages, each at least as long as all before it together, so that there are few. Pages
/// that were given to a mapping never move and stay until the file goes; while a `transfer` lives, pages stay for it.
class page_store {
public:
  explicit page_store(memory_mount& mount) : mount_{mount} {}
  ~page_store() { free_all(); }
  page_store(const page_store&) = delete;
  page_store& operator=(const page_store&) = delete;

  /// Somebody copies to or from the pages, without the kernel lock.
  class transfer {
  public:
    explicit transfer(page_store& of) : of_{of} { ++of_.transfers_; }
    ~transfer() {
      if (--of_.transfers_ == 0) of_.idle_.wake_all();
    }
    transfer(const transfer&) = delete;
    transfer& operator=(const transfer&) = delete;

  private:
    page_store& of_;
  };
  /// Held by whoever writes: two who append do not overwrite each other.
  claim writing;

  /// Bytes from `offset` on that lie together in memory, at most `size`; null beyond what is stored (reads as zeros).
  char* at(u64 offset, u64& size) const;
  /// Makes room for bytes up to `end`. ENOSPC.
  result<> reserve(u64 end);
  /// The file ends at `size` now: what was stored behind it reads as zeros later. Waits for transfers.
  void cut(u64 size);
  /// All bytes in one run that will not move. ENODEV if a mapping holds them in several. Waits for transfers.
  result<const char*> pin(u64 end);
  u64 stored() const;

private:
  static constexpr usize run_limit = 40;
  struct run {
    char* pages;
    usize count;
  };
  void free_all();
  void wait_for_transfers();

  memory_mount& mount_;
  run runs_[run_limit]{};
  usize run_count_ = 0;
  bool pinned_ = false;
  u32 transfers_ = 0;
  wait_queue idle_;
};

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
  void release() override;

  result<> attributes(stat& out) override;
  result<> change(const attribute_change&) override;
  result<ref<vnode>> lookup(std::string_view name) override;
  result<ref<vnode>> parent() override;
  bool accepts_names() const override { return !mount_.frozen; }
  result<ref<vnode>> create(std::string_view name, u32 mode, const credentials&) override;
  result<ref<vnode>> make_directory(std::string_view name, u32 mode, const credentials&) override;
  result<ref<vnode>> make_node(std::string_view name, u32 mode, u64 device, const credentials&) override;
  result<> make_symbolic_link(std::string_view name, std::string_view target, const credentials&) override;
  result<> link(std::string_view name, vnode& existing) override;
  result<> remove(std::string_view name, bool directory) override;
  result<> rename(std::string_view name, vnode& new_directory, std::string_view new_name) override;
  result<> read_entries(i64 position, directory_visitor) override;
  result<usize> name_in_parent(char* to, usize limit) override;
  result<usize> read_link(char* to, usize limit) override;
  result<ref<file>> open(u32 flags) override;
  result<> statistics(statfs& out) override;
  result<ref<vnode>> add_mount_point(std::string_view name) override;
  const void* file_system() const override { return &mount_; }
  u64 device() const override { return mount_.id; }
  u64 inode() const override { return stat_.ino; }

  i64 size() const { return stat_.size; }
  void set_size(i64);
  void accessed();
  void modified();
  page_store bytes;

private:
  result<ref<vnode>> add(std::string_view name, u32 mode, const credentials&);
  memory_entry* find(std::string_view name) const;
  result<> enter(std::string_view name, memory_vnode&);
  void drop(memory_entry&);
  bool is_below(const memory_vnode& other) const;
  u64 directories() const;

  memory_mount& mount_;
  stat stat_{};
  intrusive_list<memory_entry, &memory_entry::link> entries_;
  i64 last_cookie_ = 0;
  memory_entry* place_ = nullptr; ///< one of the names it stands under; null at the root and when removed
  char* target_ = nullptr;        ///< of a symbolic link, `stat_.size` bytes
};

/// An open file in memory.
struct memory_file final : vnode_file {
  using vnode_file::vnode_file;
  void release() override { heap::destroy(this); }
  result<i64> read(user_vector into, const i64* offset) override;
  result<i64> write(user_vector from, const i64* offset) override;
  result<i64> seek(i64 offset, i32 origin) override;
  result<> sync() override { return {}; }
  result<i32> bytes_readable() override;
  result<machine::mapping_source> map(u64 offset, u64 size, u32 protection, bool shared) override;

private:
  memory_vnode& vnode_of() const { return static_cast<memory_vnode&>(*node); }
};

} // namespace polyabi::reference
