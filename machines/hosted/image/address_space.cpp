// The user's mappings, made by the host.
#include "state.hpp"

namespace polyabi::reference::machine {

using namespace hosted;

namespace {

u16 answer(i64 result) {
  return result >= -4095 && result < 0 ? error_of_host(result) : u16{0};
}

bool is_user_range(u64 address, u64 size) {
  return address < kernel_base && size <= kernel_base - address;
}

} // namespace

u16 map(u64 address, u64 size, u32 protection, const mapping_source& source) {
  if (!is_user_range(address, size)) return static_cast<u16>(error::nomem);
  u64 flags = host_map::fixed | (source.shared ? host_map::shared : host_map::private_);
  i32 descriptor = -1;
  u64 offset = 0;
  switch (source.kind) {
  case backing::anonymous: flags |= host_map::anonymous | host_map::noreserve; break;
  case backing::host_file:
  case backing::object:
    descriptor = source.handle;
    offset = source.offset;
    break;
  }
  // Protections have the host's values (1 read, 2 write, 4 execute).
  return answer(host_call(call::mmap, host_address(address), size, protection, flags, word(descriptor), offset));
}

u16 unmap(u64 address, u64 size) {
  if (!is_user_range(address, size)) return static_cast<u16>(error::inval);
  return answer(host_call(call::munmap, host_address(address), size));
}

u16 protect(u64 address, u64 size, u32 protection) {
  if (!is_user_range(address, size)) return static_cast<u16>(error::nomem);
  return answer(host_call(call::mprotect, host_address(address), size, protection));
}

u16 remap(u64 address, u64 size, u64 new_address, u64 new_size) {
  if (!is_user_range(address, size) || !is_user_range(new_address, new_size)) return static_cast<u16>(error::fault);
  if (address == new_address) return answer(host_call(call::mremap, host_address(address), size, new_size, 0));
  return answer(host_call(call::mremap, host_address(address), size, new_size, host_map::remap_may_move | host_map::remap_fixed,
                          host_address(new_address)));
}

u16 discard(u64 address, u64 size) {
  if (!is_user_range(address, size)) return static_cast<u16>(error::nomem);
  return answer(host_call(call::madvise, host_address(address), size, host_map::advice_dontneed));
}

u16 sync(u64 address, u64 size) {
  if (!is_user_range(address, size)) return static_cast<u16>(error::nomem);
  return answer(host_call(call::msync, host_address(address), size, host_map::sync_wait));
}

/// A new image follows: the processor state that belongs to the old one goes as well.
void unmap_all() {
  host_call(call::munmap, 0, kernel_base);
  set_segment_base(0, 0);
  set_segment_base(1, 0);
  if (machine_state* state = own_state()) state->fresh_floating_point = true;
}

} // namespace polyabi::reference::machine
