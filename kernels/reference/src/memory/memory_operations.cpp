// The memory calls.
#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/memory_operations.hpp>

namespace polyabi::reference {

namespace {

constexpr u32 every_protection = protections::read | protections::write | protections::exec;

/// RLIMIT_AS.
bool fits_limit(const process& p, u64 more) {
  const u64 limit = p.limits[resources::as].cur;
  return more <= limit && p.memory->size() <= limit - more;
}

} // namespace

result<u64> memory_operations::perform(op::map, thread& caller, u64 address, u64 size, u32 protection, u32 flags,
                                       i32 descriptor, i64 offset) {
  process& self = *caller.owner;
  const bool shared = (flags & map_flags::shared) != 0, is_private = (flags & map_flags::private_) != 0;
  if (shared == is_private || (protection & ~every_protection) != 0 || offset < 0) return error::inval;
  if (!fits_limit(self, size)) return error::nomem;
  ref<file> backing;
  if ((flags & map_flags::anonymous) == 0) {
    auto found = self.descriptors->get(descriptor);
    if (!found) return found.error();
    if (((*found)->flags & open_flags::path) != 0) return error::badf;
    backing = std::move(*found);
  }
  if ((flags & map_flags::low32) != 0 && (flags & map_flags::fixed) == 0) {
    // Below 2 GiB (MAP_32BIT): the first gap from 1 GiB on that is low enough.
    for (u64 at = 0x40000000; size <= 0x80000000 && at <= 0x80000000 - size; at += u64{1} << 20)
      if (self.memory->is_free(at, at + size)) {
        address = at;
        break;
      }
  }
  return self.memory->map(address, size, protection, flags, std::move(backing), static_cast<u64>(offset));
}

result<> memory_operations::perform(op::unmap, thread& caller, u64 address, u64 size) {
  return caller.owner->memory->unmap(address, size);
}

result<> memory_operations::perform(op::protect, thread& caller, u64 address, u64 size, u32 protection) {
  if ((protection & ~every_protection) != 0) return error::inval;
  return caller.owner->memory->protect(address, size, protection);
}

result<u64> memory_operations::perform(op::remap, thread& caller, u64 address, u64 size, u64 new_size, bool may_move) {
  process& self = *caller.owner;
  if (new_size > size && !fits_limit(self, new_size - size)) return error::nomem;
  return self.memory->remap(address, size, new_size, may_move);
}

result<u64> memory_operations::perform(op::set_break, thread& caller, u64 address) {
  process& self = *caller.owner;
  if (address > self.memory->current_break() && !fits_limit(self, address - self.memory->current_break()))
    return self.memory->current_break();
  return self.memory->set_break(address, self.limits[resources::data].cur);
}

result<> memory_operations::perform(op::sync_memory, thread& caller, u64 address, u64 size) {
  if (address % page_size != 0) return error::inval;
  const u64 end = address + ((size + page_size - 1) & ~u64{page_size - 1});
  if (end < address || !caller.owner->memory->covers(address, end)) return error::nomem;
  return static_cast<error>(machine::sync(address, end - address));
}

result<> memory_operations::perform(op::discard, thread& caller, u64 address, u64 size) {
  if (address % page_size != 0) return error::inval;
  const u64 end = address + ((size + page_size - 1) & ~u64{page_size - 1});
  if (end < address || !caller.owner->memory->covers(address, end)) return error::nomem;
  if (end == address) return {};
  return static_cast<error>(machine::discard(address, end - address));
}

} // namespace polyabi::reference
