// Device files and links, and their attributes.
#include <devices/character_devices.hpp>
#include <devices/device_nodes.hpp>
#include <network/tunnel_file.hpp>

#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/process.hpp>
#include <polyabi/reference/text_writer.hpp>

namespace polyabi::reference {

timespec device_time() {
  const u64 now = machine::real_time();
  return {static_cast<i64>(now / 1'000'000'000), static_cast<i64>(now % 1'000'000'000)};
}

void apply(const attribute_change& c, u32& mode, u32& uid, u32& gid, timespec& accessed, timespec& modified) {
  if ((c.which & attribute_change::mode_bit) != 0) mode = c.mode & ~file_modes::type_mask;
  if ((c.which & attribute_change::owner_bit) != 0) uid = c.uid;
  if ((c.which & attribute_change::group_bit) != 0) gid = c.gid;
  if ((c.which & attribute_change::access_time_bit) != 0) accessed = c.access;
  if ((c.which & attribute_change::modify_time_bit) != 0) modified = c.modification;
}

device_vnode::device_vnode(u32 file_type, u64 inode_number, u32 mode)
    : vnode{file_type}, serial{inode_number}, permissions{mode}, accessed{device_time()}, modified{accessed} {}

result<> device_vnode::attributes(stat& out) {
  out = {};
  out.dev = device();
  out.ino = serial;
  out.nlink = (type & file_modes::type_mask) == file_modes::dir ? 2 : 1;
  out.mode = type | permissions;
  out.uid = uid;
  out.gid = gid;
  out.blksize = page_size;
  out.atime = accessed;
  out.mtime = out.ctime = out.birthtime = modified;
  return {};
}

/// A size means nothing to a device: `open` with truncation is no error.
result<> device_vnode::change(const attribute_change& c) {
  apply(c, permissions, uid, gid, accessed, modified);
  return {};
}

result<> device_vnode::statistics(statfs& out) {
  out = {};
  out.type = file_system_types::devices;
  out.bsize = out.frsize = page_size;
  out.namelen = name_limit;
  return {};
}

namespace {

struct device_node final : device_vnode {
  const device_row& row;

  device_node(const device_row& r, u64 inode_number) : device_vnode{file_modes::chr, inode_number, r.mode}, row{r} {}
  void release() override { heap::destroy(this); }

  result<> attributes(stat& out) override {
    if (auto known = device_vnode::attributes(out); !known) return known;
    out.rdev = row.device;
    return {};
  }

  result<ref<file>> open(u32 flags) override {
    const ref<vnode> self{this};
    using kind = device_row::kind;
    switch (row.is) {
    case kind::null: return open_memory_device(memory_device::null, self, row.name, flags);
    case kind::zero: return open_memory_device(memory_device::zero, self, row.name, flags);
    case kind::full: return open_memory_device(memory_device::full, self, row.name, flags);
    case kind::random: return open_memory_device(memory_device::random, self, row.name, flags);
    case kind::tunnel: return network::open_tunnel(self, flags);
    case kind::ptmx: return pseudo_terminal::open_master(self, flags);
    case kind::tty: {
      terminal* t = job_control::controlling(current_process());
      if (t == nullptr) return error::nxio;
      return open_terminal(ref<terminal>{t}, self, flags);
    }
    case kind::console: {
      terminal* t = reference::console();
      if (t == nullptr) return error::nomem;
      if (t->hung_up) return error::io;
      auto opened = open_terminal(ref<terminal>{t}, self, flags);
      if (opened && (flags & open_flags::noctty) == 0) job_control::acquire_at_open(*t, current_process());
      return opened;
    }
    default: return error::nxio;
    }
  }
};

struct device_link final : device_vnode {
  const device_row& row;

  device_link(const device_row& r, u64 inode_number) : device_vnode{file_modes::lnk, inode_number, 0777}, row{r} {}
  void release() override { heap::destroy(this); }
  result<> attributes(stat& out) override {
    if (auto known = device_vnode::attributes(out); !known) return known;
    out.size = static_cast<i64>(row.target.size());
    return {};
  }
  result<usize> read_link(char* to, usize limit) override { return text_writer{to, limit}.add(row.target).size(); }
};

} // namespace

ref<vnode> make_device_node(const device_row& row, u64 inode) {
  return ref<vnode>{heap::create<device_node>(row, inode)};
}
ref<vnode> make_device_link(const device_row& row, u64 inode) {
  return ref<vnode>{heap::create<device_link>(row, inode)};
}

} // namespace polyabi::reference
