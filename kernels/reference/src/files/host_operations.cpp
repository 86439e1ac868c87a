// What host vnodes do by asking the host.
#include "host_vnode.hpp"

#include <polyabi/reference/devices.hpp>
#include <polyabi/reference/pipe.hpp>

#include <base/lock_turn.hpp>
#include <cstring>

namespace polyabi::reference {

namespace host = machine::host;

namespace {

result<> done_or_error(i64 answer) {
  if (answer < 0) return host_error(answer);
  return {};
}

timespec time_of(i64 seconds, u32 nanoseconds) { return {seconds, nanoseconds}; }

u32 nanoseconds_for_host(const timespec& t) {
  if (t.nsec == utime::now) return host::time_now;
  if (t.nsec == utime::omit) return host::time_omit;
  return static_cast<u32>(t.nsec);
}

/// linux_dirent64 of getdents64(2).
struct host_entry {
  u64 inode;
  i64 next;
  u16 size;
  u8 type;
  char name[1];
};

} // namespace

u32 host_open_how(u32 flags) {
  namespace how = host::open_how;
  u32 answer = 0;
  switch (flags & open_flags::accmode) {
  case open_flags::rdonly: answer = how::read; break;
  case open_flags::wronly: answer = how::write; break;
  default: answer = how::read | how::write; break;
  }
  if ((flags & open_flags::append) != 0) answer |= how::append;
  if ((flags & open_flags::trunc) != 0) answer |= how::truncate;
  if ((flags & (open_flags::sync | open_flags::dsync)) != 0) answer |= how::sync;
  return answer;
}

result<> host_vnode::attributes(stat& out) {
  host::attributes a{};
  if (const i64 answer = known_attributes(a); answer < 0) return host_error(answer);
  out = {.dev = device_,
         .ino = a.inode,
         .nlink = a.links,
         .mode = a.mode,
         .uid = a.user,
         .gid = a.group,
         .blksize = a.block_size,
         .rdev = a.rdevice,
         .atime = time_of(a.access_seconds, a.access_nanoseconds),
         .mtime = time_of(a.modify_seconds, a.modify_nanoseconds),
         .ctime = time_of(a.change_seconds, a.change_nanoseconds),
         .birthtime = time_of(a.birth_seconds, a.birth_nanoseconds),
         .size = static_cast<i64>(a.size),
         .blocks = static_cast<i64>(a.blocks)};
  return {};
}

result<> host_vnode::change(const attribute_change& c) {
  using change = attribute_change;
  kernel_lock::next_turn();
  if ((c.which & change::size_bit) != 0) {
    const i32 opened = host::reopen(descriptor_, host::open_how::write);
    if (opened < 0) return host_error(opened);
    const i64 answer = host::truncate(opened, static_cast<u64>(c.size));
    host::close(opened);
    if (answer < 0) return host_error(answer);
  }
  if ((c.which & (change::owner_bit | change::group_bit)) != 0) {
    const u32 user = (c.which & change::owner_bit) != 0 ? c.uid : ~0u, group = (c.which & change::group_bit) != 0 ? c.gid : ~0u;
    if (auto r = done_or_error(host::change_owner(descriptor_, user, group)); !r) return r;
  }
  if ((c.which & change::mode_bit) != 0) {
    if (auto r = done_or_error(host::change_mode(descriptor_, c.mode & 07777)); !r) return r;
  }
  if ((c.which & (change::access_time_bit | change::modify_time_bit)) != 0) {
    const bool access = (c.which & change::access_time_bit) != 0, modify = (c.which & change::modify_time_bit) != 0;
    return done_or_error(host::change_times(descriptor_, c.access.sec, access ? nanoseconds_for_host(c.access) : host::time_omit,
                                            c.modification.sec,
                                            modify ? nanoseconds_for_host(c.modification) : host::time_omit));
  }
  return {};
}

result<ref<vnode>> host_vnode::create(std::string_view name, u32 mode, const credentials&) {
  const i32 made = host::open(descriptor_, host_name{name}.text,
                              host::open_how::write | host::open_how::create | host::open_how::exclusive, mode & 07777);
  if (made < 0) return host_error(made);
  host::close(made);
  return lookup(name);
}

result<ref<file>> host_vnode::create_and_open(std::string_view name, u32 mode, u32 flags, const credentials&) {
  const i32 opened = host::open(descriptor_, host_name{name}.text,
                                host_open_how(flags) | host::open_how::create | host::open_how::exclusive, mode & 07777);
  if (opened < 0) return host_error(opened);
  auto node = lookup(name);
  if (!node) {
    host::close(opened);
    return node.error();
  }
  return host_file::make(ref<host_vnode>{static_cast<host_vnode*>(node->get())}, flags, opened);
}

result<ref<file>> host_vnode::create_unnamed(u32 mode, u32 flags, bool linkable, const credentials&) {
  const u32 how = host_open_how(flags) | host::open_how::unnamed | (linkable ? 0 : host::open_how::exclusive);
  const i32 opened = host::open(descriptor_, ".", how, mode & 07777);
  if (opened < 0) return host_error(opened);
  host::attributes a{};
  i64 answer = host::attributes_of(opened, a);
  // Its vnode holds it as it holds others.
  const i32 held = answer < 0 ? -1 : host::reopen(opened, host::open_how::path_only);
  if (answer >= 0 && held < 0) answer = held;
  auto node = answer < 0 ? result<ref<vnode>>{host_error(answer)} : make(mount_, held, a, nullptr, {});
  if (!node) {
    host::close(opened);
    return node.error();
  }
  return host_file::make(ref<host_vnode>{static_cast<host_vnode*>(node->get())}, flags, opened);
}

result<ref<vnode>> host_vnode::make_directory(std::string_view name, u32 mode, const credentials&) {
  if (const i64 answer = host::make_directory(descriptor_, host_name{name}.text, mode & 07777); answer < 0)
    return host_error(answer);
  return lookup(name);
}

result<ref<vnode>> host_vnode::make_node(std::string_view name, u32 mode, u64 device, const credentials&) {
  const i64 answer = host::make_node(descriptor_, host_name{name}.text, mode & (07777 | file_modes::type_mask), device);
  if (answer < 0) return host_error(answer);
  return lookup(name);
}

result<> host_vnode::make_symbolic_link(std::string_view name, std::string_view target, const credentials&) {
  auto* text = static_cast<char*>(heap::allocate(target.size() + 1));
  if (text == nullptr) return error::nomem;
  std::memcpy(text, target.data(), target.size());
  text[target.size()] = '\0';
  const i64 answer = host::make_symbolic_link(text, descriptor_, host_name{name}.text);
  heap::deallocate(text, target.size() + 1);
  return done_or_error(answer);
}

result<> host_vnode::link(std::string_view name, vnode& existing) {
  if (existing.file_system() != file_system()) return error::xdev;
  kernel_lock::next_turn();
  return done_or_error(
      host::make_link(static_cast<host_vnode&>(existing).descriptor_, descriptor_, host_name{name}.text));
}

result<> host_vnode::read_entries(i64 position, directory_visitor visitor) {
  if (type != file_modes::dir) return error::notdir;
  const i32 opened = host::open(descriptor_, ".", host::open_how::read | host::open_how::directory, 0);
  if (opened < 0) return host_error(opened);
  constexpr usize buffer_size = 16 * 1024;
  auto* buffer = static_cast<char*>(heap::allocate(buffer_size));
  i64 size = buffer == nullptr ? -i64{static_cast<u16>(error::nomem)} : 0;
  if (size == 0 && position != 0) {
    if (const i64 sought = host::seek(opened, position, seek_origins::set); sought < 0) size = sought;
  }
  bool more = size == 0;
  while (more && (size = host::read_entries(opened, buffer, buffer_size)) > 0) {
    for (i64 at = 0; more && at < size;) {
      const auto& entry = *reinterpret_cast<const host_entry*>(buffer + at);
      at += entry.size;
      usize length = 0;
      while (entry.name[length] != '\0') ++length;
      const std::string_view name{entry.name, length};
      if (name == "." || name == "..") continue;
      more = visitor.visit(visitor.state, {entry.inode, entry.next, entry.type, name});
    }
  }
  if (buffer != nullptr) heap::deallocate(buffer, buffer_size);
  host::close(opened);
  return done_or_error(size);
}

result<usize> host_vnode::read_link(char* to, usize limit) {
  const i64 size = host::read_link(descriptor_, to, limit);
  if (size < 0) return host_error(size);
  return static_cast<usize>(size);
}

result<usize> host_vnode::get_attribute(std::string_view name, std::span<char> to) {
  const i64 size = host::get_attribute(descriptor_, host_name{name}.text, to.data(), to.size());
  if (size < 0) return host_error(size);
  return static_cast<usize>(size);
}

result<> host_vnode::set_attribute(std::string_view name, std::span<const char> value, attribute_rule rule) {
  return done_or_error(host::set_attribute(descriptor_, host_name{name}.text, value.data(), value.size(), rule));
}

/// The host leaves out what it does not show its own user.
result<usize> host_vnode::list_attributes(const credentials&, std::span<char> to) {
  const i64 size = host::list_attributes(descriptor_, to.data(), to.size());
  if (size < 0) return host_error(size);
  return static_cast<usize>(size);
}

result<> host_vnode::remove_attribute(std::string_view name) {
  return done_or_error(host::remove_attribute(descriptor_, host_name{name}.text));
}

result<> host_vnode::statistics(statfs& out) {
  host::file_system f{};
  if (const i64 answer = host::statistics(descriptor_, f); answer < 0) return host_error(answer);
  out = {.type = f.type,
         .bsize = f.block_size,
         .frsize = f.fragment_size,
         .blocks = f.blocks,
         .bfree = f.free_blocks,
         .bavail = f.available_blocks,
         .files = f.files,
         .ffree = f.free_files,
         .favail = f.free_files,
         .fsid = f.id[0] | (f.id[1] << 32),
         .namelen = f.name_limit,
         .flags = f.flags};
  return {};
}

result<ref<file>> host_vnode::open(u32 flags) {
  const ref<host_vnode> self{this};
  switch (type) {
  case file_modes::dir: return vnode::open(flags);
  case file_modes::fifo: return open_fifo(ref<vnode>{this}, flags); // the kernel's own: both ends are its processes
  case file_modes::reg:
  case file_modes::blk: {
    const u32 how = host_open_how(flags);
    i32 opened = type == file_modes::reg ? open_by_name(how) : -1;
    if (opened < 0) opened = host::reopen(descriptor_, how);
    if (opened < 0) return host_error(opened);
    if ((flags & open_flags::trunc) != 0) kernel_lock::next_turn();
    return host_file::make(self, flags, opened);
  }
  case file_modes::chr: {
    host::attributes a{};
    if (const i64 answer = known_attributes(a); answer < 0) return host_error(answer);
    auto own = open_device(a.rdevice, flags);
    if (own || own.error() != error::nodev) return own;
    const i32 opened = host::reopen(descriptor_, host_open_how(flags & ~open_flags::trunc) | host::open_how::nonblock);
    if (opened < 0) return host_error(opened);
    auto stream = host_stream(opened, flags, true);
    if (!stream) return error::nomem;
    stream->node = ref<vnode>{this};
    return stream;
  }
  case file_modes::lnk: return error::loop;
  default: return error::nxio; // a socket
  }
}

} // namespace polyabi::reference
