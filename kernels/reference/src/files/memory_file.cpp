// Open files in memory.
#include "memory_vnode.hpp"

#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/user_transfer.hpp>

namespace polyabi::reference {

namespace {
constexpr i64 largest_size = 0x7fffffffffffffff;
}

result<i64> memory_file::read(user_vector into, const i64* offset) {
  if (!readable()) return error::badf;
  memory_vnode& v = vnode_of();
  const i64 begin = offset != nullptr ? *offset : position;
  if (begin < 0) return error::inval;
  user_writer to{into};
  if (begin < v.size()) {
    const page_store::transfer holds_bytes{v.bytes};
    const u64 rest = static_cast<u64>(v.size() - begin);
    const auto copied = v.bytes.read(to, static_cast<u64>(begin), rest < to.remaining() ? rest : to.remaining());
    if (!copied && to.transferred() == 0) return copied.error();
  }
  v.accessed();
  if (offset == nullptr) position = begin + static_cast<i64>(to.transferred());
  return static_cast<i64>(to.transferred());
}

result<i64> memory_file::write(user_vector from, const i64* offset) {
  return put(from, offset, (flags & open_flags::append) != 0);
}

result<i64> memory_file::append(user_vector from, bool moves) {
  const i64 stays = 0;
  return put(from, moves ? nullptr : &stays, true);
}

result<i64> memory_file::put(user_vector from, const i64* offset, bool at_end) {
  if (!writable()) return error::badf;
  memory_vnode& v = vnode_of();
  const claim::holder alone{v.bytes.writing};
  const i64 begin = at_end ? v.size() : offset != nullptr ? *offset : position;
  if (begin < 0) return error::inval;
  user_reader source{from};
  if (source.remaining() > static_cast<u64>(largest_size - begin)) return error::fbig;
  if (source.remaining() != 0 && v.has_seal(file_seals<file_seal::write, file_seal::future_write>)) return error::perm;
  u64 allowed = source.remaining();
  if (allowed != 0 && v.has_seal(file_seals<file_seal::grow>) && static_cast<u64>(begin) + allowed > static_cast<u64>(v.size())) {
    // Page by page: a page that would make it longer is not written at all.
    const u64 end = page_round_down(static_cast<u64>(v.size()));
    if (end <= static_cast<u64>(begin)) return error::perm;
    allowed = end - static_cast<u64>(begin);
  }
  error failure = error::none;
  while (source.transferred() < allowed && failure == error::none) {
    // In steps, so that a bad size or address does not allocate it all at once.
    constexpr u64 step = 256 * page_size;
    const u64 rest = allowed - source.transferred();
    const u64 piece = rest < step ? rest : step;
    failure = v.bytes.write(source, static_cast<u64>(begin) + source.transferred(), piece).error();
  }
  if (source.transferred() == 0 && failure != error::none) return failure;
  if (source.transferred() != 0) v.modified();
  if (offset == nullptr) position = begin + static_cast<i64>(source.transferred());
  return static_cast<i64>(source.transferred());
}

/// What a memory file of Linux' can (mm/shmem.c, shmem_fallocate).
result<> memory_file::change_space(space_change what, i64 offset, i64 size) {
  memory_vnode& v = vnode_of();
  const claim::holder alone{v.bytes.writing};
  const i64 end = offset + size;
  switch (what) {
  case space_change::release: {
    if (v.has_seal(file_seals<file_seal::write, file_seal::future_write>)) return error::perm;
    const i64 last = end < v.size() ? end : v.size();
    if (offset >= last) return {};
    auto released = v.bytes.release(static_cast<u64>(offset), static_cast<u64>(last - offset));
    if (released) v.modified();
    return released;
  }
  case space_change::allocate:
  case space_change::reserve: {
    const bool grows = end > v.size();
    if (grows && v.has_seal(file_seals<file_seal::grow>)) return error::perm;
    if (auto reserved = v.bytes.reserve(static_cast<u64>(offset), static_cast<u64>(size)); !reserved) return reserved;
    if (what == space_change::reserve || !grows) return {};
    auto resized = v.bytes.resize(static_cast<u64>(end));
    if (resized) v.modified();
    return resized;
  }
  default: return error::opnotsupp;
  }
}

result<i64> memory_file::seek(i64 offset, i32 origin) {
  const i64 size = vnode_of().size();
  i64 base = 0;
  switch (origin) {
  case seek_origins::set: break;
  case seek_origins::current: base = position; break;
  case seek_origins::end: base = size; break;
  case seek_origins::data:
  case seek_origins::hole: {
    if (offset < 0) return error::nxio;
    const auto found = vnode_of().bytes.find(static_cast<u64>(offset), origin == seek_origins::data);
    if (!found) return found.error();
    offset = static_cast<i64>(*found);
    break;
  }
  default: return error::inval;
  }
  i64 target;
  if (__builtin_add_overflow(base, offset, &target)) return error::overflow;
  if (target < 0) return error::inval;
  position = target;
  return target;
}

result<i32> memory_file::bytes_readable() {
  const i64 rest = vnode_of().size() - position;
  if (rest <= 0) return 0;
  return rest < 0x7fffffff ? static_cast<i32>(rest) : 0x7fffffff;
}

void memory_file::mapped(const region& r) {
  if (r.is_shared() && (r.allowed & protections::write) != 0) ++vnode_of().writable_mappings;
}

void memory_file::unmapped(const region& r) {
  if (r.is_shared() && (r.allowed & protections::write) != 0) --vnode_of().writable_mappings;
}

u32 memory_file::mappable(bool shared) const {
  const bool sealed = shared && vnode_of().has_seal(file_seals<file_seal::write, file_seal::future_write>);
  return vnode_file::mappable(shared) & ~(sealed ? protections::write : 0);
}

usize memory_file::describe(char* to, usize limit) {
  const std::string_view label = vnode_of().label();
  if (label.empty()) return vnode_file::describe(to, limit);
  const usize size = label.size() < limit ? label.size() : limit;
  __builtin_memcpy(to, label.data(), size);
  return size;
}

result<machine::mapping_source> memory_file::map(u64 offset, u64 size, u32 protection, bool shared) {
  if (!readable()) return error::acces;
  if (shared && (protection & protections::write) != 0 &&
      vnode_of().has_seal(file_seals<file_seal::write, file_seal::future_write>))
    return error::perm;
  if (offset + size < offset) return error::overflow;
  const auto object = vnode_of().bytes.object();
  if (!object) return object.error();
  machine::mapping_source source;
  source.kind = machine::backing::object;
  source.shared = shared;
  source.handle = *object;
  source.offset = offset;
  return source;
}

} // namespace polyabi::reference
