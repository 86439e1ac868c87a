// The vnodes of the device file system.
#pragma once

#include <polyabi/reference/device_numbers.hpp>
#include <polyabi/reference/pseudo_terminal.hpp>

namespace polyabi::reference {

/// One row for each name in /dev.
struct device_row {
  enum class kind : u8 { null, zero, full, random, tty, console, ptmx, tunnel, directory, slaves, network, link };
  std::string_view name;
  kind is;
  u64 device = 0;
  u32 mode = 0666;
  std::string_view target = {}; ///< of a link
};

/// Attributes that every node of the file system has.
struct device_vnode : vnode {
  u64 serial; ///< inode
  u32 permissions;
  u32 uid = 0, gid = 0;
  timespec accessed, modified;

  device_vnode(u32 file_type, u64 inode_number, u32 mode);
  result<> attributes(stat& out) override;
  result<> change(const attribute_change&) override;
  result<> statistics(statfs& out) override;
  u64 device() const override { return file_system_ids::devices; }
  u64 inode() const override { return serial; }
};

/// Applies a change to anything that keeps these attributes.
void apply(const attribute_change&, u32& mode, u32& uid, u32& gid, timespec& accessed, timespec& modified);
timespec device_time();

inline constexpr u64 root_inode = 1, first_row_inode = 2, first_slave_inode = 1000;

/// Nodes below the root; null if memory is exhausted.
ref<vnode> make_device_node(const device_row&, u64 inode);
ref<vnode> make_device_link(const device_row&, u64 inode);

} // namespace polyabi::reference
