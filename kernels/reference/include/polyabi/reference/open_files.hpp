// Open files of vnodes: what the file systems' own kinds have in common, directories, and files opened for their path alone.
#pragma once

#include <polyabi/reference/claim.hpp>
#include <polyabi/reference/file.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/path.hpp>

namespace polyabi::reference {

/// An open file of a vnode. Answers the vnode's path.
struct vnode_file : file {
  vnode_file(ref<vnode> of, u32 open_flags);
  usize describe(char* to, usize limit) override;

protected:
  bool readable() const { return open_flags::reads(flags); }
  bool writable() const { return open_flags::writes(flags); }
  bool path_only() const { return (flags & open_flags::path) != 0; }
};

/// An open directory: lists the entries of both roots' directories, each name once, with "." and "..".
/// The list is made when it is read from the beginning, so that positions stay meaningful while the directory changes.
/// Every open file whose `node` is a directory is one of these.
struct directory_file final : vnode_file {
  location where;

  directory_file(location at, u32 open_flags);
  ~directory_file() override;
  static result<ref<file>> make(location, u32 open_flags);
  void release() override { heap::destroy(this); }

  result<i64> read(user_vector, const i64*) override;
  result<i64> write(user_vector, const i64*) override;
  result<i64> seek(i64 offset, i32 origin) override;
  result<> sync() override;
  result<> read_entries(directory_visitor) override;

private:
  struct record; ///< one entry in the list, its name behind it
  result<> make_list();
  result<> add(u64 inode, u8 type, std::string_view name);
  bool listed(std::string_view name) const;
  result<> add_side(vnode& directory, bool second);
  void drop_list();
  const record* at(usize offset) const;

  claim reading_; ///< of the list: visitors run without the kernel lock
  char* list_ = nullptr;
  usize list_size_ = 0, list_capacity_ = 0;
  i64 cached_index_ = 0; ///< the entry that begins at `cached_offset_`
  usize cached_offset_ = 0;
};

/// A file opened with open_flags::path: a handle for the *at() calls and fstat, no more.
struct path_file final : vnode_file {
  using vnode_file::vnode_file;
  static result<ref<file>> make(ref<vnode>, u32 open_flags);
  void release() override { heap::destroy(this); }
  result<i64> read(user_vector, const i64*) override { return error::badf; }
  result<i64> write(user_vector, const i64*) override { return error::badf; }
  result<i64> seek(i64, i32) override { return error::badf; }
  result<> change(const attribute_change&) override { return error::badf; }
  u16 poll(u16, waiter*) override { return poll_events::nval; }
};

} // namespace polyabi::reference
