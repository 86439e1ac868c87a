// Open host files. Data goes straight between the host's file and the user's memory, without the kernel lock.
#include "host_vnode.hpp"

#include <polyabi/reference/user_memory.hpp>
#include <polyabi/reference/vnode_events.hpp>
#include <polyabi/reference/wait_queue.hpp>

namespace polyabi::reference {

namespace host = machine::host;

host_file::~host_file() {
  auto& of = static_cast<host_vnode&>(*node);
  if (of.put_off_close(descriptor, unchanged_since, position != 0 || !position_is_sure)) return;
  of.give_back(descriptor);
  host::close(descriptor);
}

result<ref<file>> host_file::make(ref<host_vnode> node, u32 open_flags, i32 descriptor) {
  auto* made = heap::create<host_file>(ref<vnode>{node.get()}, open_flags, descriptor);
  if (made == nullptr) {
    host::close(descriptor);
    return error::nomem;
  }
  node->lend(descriptor);
  if (host_open_how(open_flags) == host::open_how::read) made->unchanged_since = node->change_time();
  return ref<file>{made};
}

i32 host_file::unlocked_descriptor(file_use) const {
  return node->type == file_modes::reg && vnode_events::nobody_watches() ? descriptor : -1;
}

result<i64> host_file::move(user_vector parts, const i64* offset, transfer ask) {
  i64 total = 0;
  for (usize i = 0; i < parts.count; ++i) {
    const user_bytes part = parts.parts[i];
    if (part.size == 0) continue;
    i64 moved = -i64{static_cast<u16>(error::fault)};
    if (user_memory::in_range(part.address, part.size)) {
      const kernel_lock::unlocked while_the_host_works;
      moved = ask(descriptor, part.address, part.size, offset != nullptr ? *offset + total : -1);
    }
    if (moved < 0 && total == 0) return host_error(moved);
    if (moved <= 0) break;
    total += moved;
    if (static_cast<u64>(moved) < part.size) break;
  }
  // Only what /proc shows of it: the host has the position.
  if (offset == nullptr) position += total;
  return total;
}

result<i64> host_file::read(user_vector into, const i64* offset) {
  if (!readable()) return error::badf;
  return move(into, offset, &host::read);
}

result<i64> host_file::write(user_vector from, const i64* offset) {
  if (!writable()) return error::badf;
  auto written = move(from, offset, &host::write);
  if (written && offset == nullptr && (flags & open_flags::append) != 0) position = host::seek(descriptor, 0, seek_origins::current);
  return written;
}

result<i64> host_file::append(user_vector from, bool moves) {
  if (!writable()) return error::badf;
  if (moves) {
    auto written = move(from, nullptr, [](i32 to, u64 address, usize size, i64) { return host::append(to, address, size, true); });
    if (written) position = host::seek(descriptor, 0, seek_origins::current);
    return written;
  }
  const i64 stays = 0;
  return move(from, &stays, [](i32 to, u64 address, usize size, i64) { return host::append(to, address, size, false); });
}

result<i64> host_file::seek(i64 offset, i32 origin) {
  const i64 answer = host::seek(descriptor, offset, origin);
  if (answer < 0) return host_error(answer);
  position = answer;
  return answer;
}

/// A size is set by the open file: its name may allow no writing any more.
result<> host_file::change(const attribute_change& c) {
  if (c.which != attribute_change::size_bit) return vnode_file::change(c);
  if (const i64 answer = host::truncate(descriptor, static_cast<u64>(c.size)); answer < 0) return host_error(answer);
  return {};
}

result<> host_file::change_space(space_change what, i64 offset, i64 size) {
  i64 answer = 0;
  {
    const kernel_lock::unlocked while_the_host_works;
    answer = host::change_space(descriptor, what, offset, size);
  }
  if (answer < 0) return host_error(answer);
  return {};
}

result<> host_file::sync() {
  i64 answer = 0;
  {
    const kernel_lock::unlocked while_the_host_works;
    answer = host::sync(descriptor);
  }
  if (answer < 0) return host_error(answer);
  return {};
}

result<i32> host_file::bytes_readable() {
  const i64 here = host::seek(descriptor, 0, seek_origins::current);
  stat s{};
  if (auto got = node->attributes(s); !got) return got.error();
  if (here < 0 || s.size <= here) return 0;
  const i64 rest = s.size - here;
  return rest < 0x7fffffff ? static_cast<i32>(rest) : 0x7fffffff;
}

/// Appending is the host's doing, so that two who append never overwrite each other: a file that begins or ends to append is opened
/// anew, and takes the place of the one before, which those keep who are at it.
result<> host_file::flags_changed(u32 new_flags) {
  if (((new_flags ^ flags) & open_flags::append) == 0) return {};
  const i64 here = host::seek(descriptor, 0, seek_origins::current);
  const u32 wanted = (flags & open_flags::accmode) | (new_flags & open_flags::append) | (flags & open_flags::sync);
  const i32 opened = host::reopen(static_cast<host_vnode&>(*node).host_descriptor(), host_open_how(wanted));
  if (opened < 0) return host_error(opened);
  if (here > 0) (void)host::seek(opened, here, seek_origins::set);
  if (const i64 answer = host::exchange(descriptor, opened); answer < 0) return host_error(answer);
  unchanged_since = {};
  return {};
}

result<machine::mapping_source> host_file::map(u64 offset, u64, u32 protection, bool shared) {
  if (!readable() || (shared && (protection & protections::write) != 0 && !writable())) return error::acces;
  machine::mapping_source source;
  source.kind = machine::backing::host_file;
  source.shared = shared;
  source.handle = descriptor;
  source.offset = offset;
  return source;
}

} // namespace polyabi::reference
