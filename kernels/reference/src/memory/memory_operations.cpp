// The memory calls.
#include "memory_checks.hpp"

#include <polyabi/reference/memory_operations.hpp>
#include <polyabi/reference/user_memory.hpp>

namespace polyabi::reference {

namespace {

constexpr u32 every_protection = protections::read | protections::write | protections::exec;

memory_limits limits_of(const thread& t) {
  return memory_limits::of(*t.owner);
}
address_space& memory_of(thread& t) {
  return *t.owner->memory;
}

} // namespace

result<u64> memory_operations::map_backing(thread& caller, ref<file> backing, u64 address, u64 size, u32 protection, u32 flags,
                                        u64 offset) {
  const bool shared = (flags & map_flags::shared) != 0, is_private = (flags & map_flags::private_) != 0;
  if (shared == is_private || (protection & ~every_protection) != 0) return error::inval;
  return memory_of(caller).map(limits_of(caller), address, size, protection, flags, std::move(backing), offset);
}

result<u64> memory_operations::perform(op::map, thread& caller, u64 address, u64 size, u32 protection, u32 flags,
                                       i32 descriptor, i64 offset) {
  ref<file> backing;
  if ((flags & map_flags::anonymous) == 0) {
    if (offset < 0) return error::overflow;
    auto found = caller.owner->descriptors->get(descriptor);
    if (!found) return found.error();
    if (((*found)->flags & open_flags::path) != 0) return error::badf;
    backing = std::move(*found);
  }
  return map_backing(caller, std::move(backing), address, size, protection, flags, static_cast<u64>(offset));
}

result<> memory_operations::perform(op::unmap, thread& caller, u64 address, u64 size) {
  return memory_of(caller).unmap(address, size);
}

result<> memory_operations::perform(op::protect, thread& caller, u64 address, u64 size, u32 protection) {
  if ((protection & ~(every_protection | protections::growsdown)) != 0) return error::inval;
  return memory_of(caller).protect(limits_of(caller), address, size, protection);
}

result<u64> memory_operations::perform(op::remap, thread& caller, u64 address, u64 size, u64 new_size, u32 flags,
                                       u64 new_address) {
  return memory_of(caller).remap(limits_of(caller), address, size, new_size, flags, new_address);
}

result<> memory_operations::perform(op::remap_file, thread& caller, u64 address, u64 size, u64 offset) {
  return memory_of(caller).remap_file(limits_of(caller), address, size, offset);
}

result<u64> memory_operations::perform(op::set_break, thread& caller, u64 address) {
  return memory_of(caller).set_break(limits_of(caller), address);
}

result<> memory_operations::perform(op::sync_memory, thread& caller, u64 address, u64 size, u32 flags) {
  constexpr u32 both = sync_flags::async | sync_flags::sync;
  if ((flags & both) == both) return error::inval;
  return memory_of(caller).sync(address, size, flags);
}

result<> memory_operations::perform(op::advise, thread& caller, u64 address, u64 size, i32 advice) {
  return memory_of(caller).advise(address, size, advice);
}

result<> memory_operations::perform(op::lock_memory, thread& caller, u64 address, u64 size, u32 flags) {
  return memory_of(caller).lock(limits_of(caller), address, size, (flags & lock_flags::on_fault) != 0);
}

result<> memory_operations::perform(op::unlock_memory, thread& caller, u64 address, u64 size) {
  return memory_of(caller).unlock(address, size);
}

result<> memory_operations::perform(op::lock_all_memory, thread& caller, u32 flags) {
  if (flags == lock_flags::on_fault) return error::inval;
  return memory_of(caller).lock_all(limits_of(caller), flags);
}

result<> memory_operations::perform(op::seal_memory, thread& caller, u64 address, u64 size) {
  return memory_of(caller).seal(address, size);
}

result<> memory_operations::perform(op::memory_residency, thread& caller, u64 address, u64 size, u64 into) {
  if (!is_page_aligned(address)) return error::inval;
  const address_space& memory = memory_of(caller);
  u64 end = 0;
  if (!end_of_range(address, size, end) || end > memory.limit()) return error::nomem;
  u8 pages[256];
  for (u64 at = address; at < end;) {
    const region* r = memory.find(at);
    if (r == nullptr) return error::nomem;
    u64 piece = (r->end < end ? r->end : end) - at;
    if (piece > sizeof pages * page_size) piece = sizeof pages * page_size;
    if (auto told = as_result(machine::resident(at, piece, pages)); !told) return told;
    bool copied;
    {
      const kernel_lock::unlocked while_copying;
      copied = user_memory::copy_out(into, pages, piece / page_size);
    }
    if (!copied) return error::fault;
    into += piece / page_size;
    at += piece;
  }
  return {};
}

result<> memory_operations::perform(op::memory_barrier, thread& caller, i32 command) {
  using namespace barriers;
  u32& registered = memory_of(caller).barriers;
  switch (command) {
  case global:
  case global_expedited: break;
  case register_global_expedited:
  case register_private_expedited:
  case register_sync_core: registered |= u32{1} << command; break;
  case private_expedited:
    if ((registered & u32{1} << register_private_expedited) == 0) return error::perm;
    break;
  case sync_core:
    if ((registered & u32{1} << register_sync_core) == 0) return error::perm;
    break;
  default: return error::inval;
  }
  const kernel_lock::unlocked while_others_pass;
  return static_cast<error>(machine::barrier(command));
}

} // namespace polyabi::reference
