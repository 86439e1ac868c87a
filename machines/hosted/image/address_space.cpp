// The user's mappings, made by the host; segment bases and 32-bit thread-local descriptors.
#include "state.hpp"

namespace polyabi::reference::machine {

using namespace hosted;

namespace {

u16 answer(i64 result) { return result >= -4095 && result < 0 ? error_of_host(result) : u16{0}; }

bool is_user_range(u64 address, u64 size) { return address < kernel_base && size <= kernel_base - address; }

} // namespace

u16 map(u64 address, u64 size, u32 protection, const mapping_source& source) {
  if (!is_user_range(address, size)) return static_cast<u16>(error::nomem);
  u64 flags = host_map::fixed | (source.shared ? host_map::shared : host_map::private_);
  i32 descriptor = -1;
  u64 offset = 0;
  switch (source.kind) {
  case backing::anonymous:
    flags |= host_map::anonymous | host_map::noreserve;
    break;
  case backing::host_file:
    descriptor = source.host_descriptor;
    offset = source.offset;
    break;
  case backing::kernel_pages:
    if (word(source.pages) - arena_base < arena_size) {
      descriptor = shared.arena_descriptor;
      offset = word(source.pages) - arena_base;
    } else if (word(source.pages) >= word(image_data_start) && word(source.pages) < word(image_data_end)) {
      descriptor = shared.data_descriptor;
      offset = word(source.pages) - word(image_data_start);
    } else {
      return static_cast<u16>(error::inval);
    }
    break;
  }
  // Protections have the host's values (1 read, 2 write, 4 execute).
  return answer(host_call(call::mmap, address, size, protection, flags, word(descriptor), offset));
}

u16 unmap(u64 address, u64 size) {
  if (!is_user_range(address, size)) return static_cast<u16>(error::inval);
  return answer(host_call(call::munmap, address, size));
}

u16 protect(u64 address, u64 size, u32 protection) {
  if (!is_user_range(address, size)) return static_cast<u16>(error::nomem);
  return answer(host_call(call::mprotect, address, size, protection));
}

u16 remap(u64 address, u64 size, u64 new_address, u64 new_size) {
  if (!is_user_range(address, size) || !is_user_range(new_address, new_size)) return static_cast<u16>(error::fault);
  if (address == new_address) return answer(host_call(call::mremap, address, size, new_size, 0));
  return answer(host_call(call::mremap, address, size, new_size, host_map::remap_may_move | host_map::remap_fixed, new_address));
}

u16 discard(u64 address, u64 size) {
  if (!is_user_range(address, size)) return static_cast<u16>(error::nomem);
  return answer(host_call(call::madvise, address, size, host_map::advice_dontneed));
}

u16 sync(u64 address, u64 size) {
  if (!is_user_range(address, size)) return static_cast<u16>(error::nomem);
  return answer(host_call(call::msync, address, size, host_map::sync_wait));
}

/// A new image follows: the processor state that belongs to the old one goes as well.
void unmap_all() {
  host_call(call::munmap, 0, kernel_base);
  set_segment_base(0, 0);
  set_segment_base(1, 0);
  if (machine_state* state = own_state()) state->fresh_floating_point = true;
}

// arch_prctl's numbers, for processors or hosts without the fsgsbase instructions (asm/prctl.h).
void set_segment_base(u32 which, u64 base) {
  if (base >= kernel_base) return;
  if (!shared.has_fsgsbase)
    host_call(call::arch_prctl, which == 0 ? 0x1002 : 0x1001, base);
  else if (which == 0)
    asm volatile("wrfsbase %0" : : "r"(base));
  else
    asm volatile("wrgsbase %0" : : "r"(base));
}

u64 segment_base(u32 which) {
  u64 base = 0;
  if (!shared.has_fsgsbase)
    host_call(call::arch_prctl, which == 0 ? 0x1003 : 0x1004, word(&base));
  else if (which == 0)
    asm volatile("rdfsbase %0" : "=r"(base));
  else
    asm volatile("rdgsbase %0" : "=r"(base));
  return base;
}

namespace {

/// struct user_desc of asm/ldt.h; the flags word has its bit fields' layout.
struct user_descriptor {
  u32 entry, base, limit, flags;
};

/// The 32-bit calls take a 32-bit address: the descriptor goes through a page low in the user's space, mapped for the moment.
i64 call_with_descriptor(u32 number, user_descriptor& descriptor) {
  const i64 page = host_call(call::mmap, 0, page_size, host_map::read | host_map::write,
                             host_map::private_ | host_map::anonymous | host_map::low_2_gib, word(-1), 0);
  if (page < 0) return page;
  auto* copy = reinterpret_cast<volatile user_descriptor*>(page);
  copy->entry = descriptor.entry;
  copy->base = descriptor.base;
  copy->limit = descriptor.limit;
  copy->flags = descriptor.flags;
  const i64 result = image_call_32(number, static_cast<u32>(page));
  descriptor.entry = copy->entry;
  descriptor.base = copy->base;
  descriptor.limit = copy->limit;
  descriptor.flags = copy->flags;
  host_call(call::munmap, static_cast<u64>(page), page_size);
  return result;
}

} // namespace

i32 set_thread_area(i32 entry, u32 base, u32 limit, u32 flags) {
  user_descriptor descriptor{static_cast<u32>(entry), base, limit, flags};
  return call_with_descriptor(call::set_thread_area_32, descriptor) == 0 ? static_cast<i32>(descriptor.entry) : -1;
}

void clear_thread_areas() {
  constexpr u32 empty = 8 | 32; // read_exec_only and seg_not_present: what Linux takes for an empty entry
  for (u32 entry = 12; entry <= 14; ++entry) {
    user_descriptor descriptor{entry, 0, 0, empty};
    call_with_descriptor(call::set_thread_area_32, descriptor);
  }
}

bool get_thread_area(i32 entry, u32& base, u32& limit, u32& flags) {
  user_descriptor descriptor{static_cast<u32>(entry), 0, 0, 0};
  if (call_with_descriptor(call::get_thread_area_32, descriptor) != 0) return false;
  base = descriptor.base;
  limit = descriptor.limit;
  flags = descriptor.flags;
  return true;
}

} // namespace polyabi::reference::machine
