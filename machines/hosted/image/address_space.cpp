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

} // namespace polyabi::reference::machine

namespace polyabi::hosted {

i32 open_process_file(const reference::process& of, std::string_view name, u64 how) {
  const thread* first = of.threads.front();
  if (first == nullptr || first->machine == nullptr) return -1;
  char path[32] = "/proc/";
  usize length = 6;
  char digits[12];
  usize count = 0;
  for (u32 rest = static_cast<u32>(first->machine->host_process); rest != 0; rest /= 10)
    digits[count++] = static_cast<char>('0' + rest % 10);
  while (count != 0) path[length++] = digits[--count];
  __builtin_memcpy(path + length, name.data(), name.size());
  return static_cast<i32>(host_call(call::openat, host_at::working_directory, word(path), how | host_open::cloexec, 0));
}

} // namespace polyabi::hosted

namespace polyabi::reference::machine {

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

u16 remap(u64 address, u64 size, u64 new_address, u64 new_size, remapping how) {
  if (!is_user_range(address, size) || !is_user_range(new_address, new_size)) return static_cast<u16>(error::fault);
  if (address == new_address) return answer(host_call(call::mremap, host_address(address), size, new_size, 0));
  const u64 flags = host_map::remap_may_move | host_map::remap_fixed | (how == remapping::keep ? host_map::remap_dontunmap : 0);
  return answer(host_call(call::mremap, host_address(address), size, new_size, flags, host_address(new_address)));
}

u16 show(u64 address, u64 size, u64 offset) {
  if (!is_user_range(address, size)) return static_cast<u16>(error::inval);
  return answer(host_call(call::remap_file_pages, host_address(address), size, 0, offset / page_size, 0));
}

u16 advise(u64 address, u64 size, advice which) {
  if (!is_user_range(address, size)) return static_cast<u16>(error::nomem);
  u64 number = 0;
  switch (which) {
  case advice::discard: number = host_map::advice_dontneed; break;
  case advice::release: number = host_map::advice_free; break;
  case advice::remove: number = host_map::advice_remove; break;
  case advice::not_in_children: number = host_map::advice_dontfork; break;
  case advice::in_children: number = host_map::advice_dofork; break;
  case advice::zero_in_children: number = host_map::advice_wipeonfork; break;
  case advice::copied_in_children: number = host_map::advice_keeponfork; break;
  case advice::bring_in: number = host_map::advice_populate_read; break;
  case advice::bring_in_to_write: number = host_map::advice_populate_write; break;
  }
  const u16 refused = answer(host_call(call::madvise, host_address(address), size, number));
  // Hosts before Linux 5.14 bring nothing in before it is touched.
  const bool is_newer = which == advice::bring_in || which == advice::bring_in_to_write;
  return is_newer && refused == static_cast<u16>(error::inval) ? u16{0} : refused;
}

u16 sync(u64 address, u64 size) {
  if (!is_user_range(address, size)) return static_cast<u16>(error::nomem);
  return answer(host_call(call::msync, host_address(address), size, host_map::sync_wait));
}

u16 resident(u64 address, u64 size, u8* to) {
  if (!is_user_range(address, size)) return static_cast<u16>(error::nomem);
  return answer(host_call(call::mincore, host_address(address), size, word(to)));
}

u16 barrier(i32 kind) {
  u64 command = 0;
  switch (kind) {
  case barriers::global: command = host_barrier::global; break;
  case barriers::global_expedited: command = host_barrier::global_expedited; break;
  case barriers::register_global_expedited: command = host_barrier::register_global_expedited; break;
  case barriers::private_expedited: command = host_barrier::private_expedited; break;
  case barriers::register_private_expedited: command = host_barrier::register_private_expedited; break;
  case barriers::sync_core: command = host_barrier::private_sync_core; break;
  case barriers::register_sync_core: command = host_barrier::register_private_sync_core; break;
  }
  return answer(host_call(call::membarrier, command));
}

namespace {

/// Of process_vm_readv(2).
struct part {
  u64 address, size;
};

bool move(i64 number, const process& of, u64 theirs, u64 here, usize size) {
  const thread* first = of.threads.front();
  if (first == nullptr || first->machine == nullptr) return false;
  const machine_state& its = *first->machine;
  const u64 end = its.user_base != 0 ? based_user_end : kernel_base;
  if (theirs >= end || size > end - theirs) return false;
  const part mine{here, size}, other{theirs + its.user_base, size};
  return host_call(number, word(its.host_process), word(&mine), 1, word(&other), 1, 0) == static_cast<i64>(size);
}

} // namespace

bool copy_from(const process& of, void* to, u64 from, usize size) {
  return move(call::process_vm_readv, of, from, word(to), size);
}

bool copy_to(const process& of, u64 to, const void* from, usize size) {
  return move(call::process_vm_writev, of, to, word(from), size);
}

/// Through the file of its memory, which writes to private pages whatever their protection (proc(5)).
bool copy_to_text(const process& of, u64 to, const void* from, usize size) {
  const thread* first = of.threads.front();
  if (first == nullptr || first->machine == nullptr) return false;
  const machine_state& its = *first->machine;
  const u64 end = its.user_base != 0 ? based_user_end : kernel_base;
  if (to >= end || size > end - to) return false;
  const i32 file = open_process_file(of, "/mem", host_open::rdwr);
  if (file < 0) return false;
  const i64 written = host_call(call::pwrite64, word(file), word(from), size, to + its.user_base);
  host_call(call::close, word(file));
  return written == static_cast<i64>(size);
}

/// A new image follows: the processor state that belongs to the old one goes as well.
void unmap_all() {
  host_call(call::munmap, 0, kernel_base);
  set_segment_base(0, 0);
  set_segment_base(1, 0);
  if (machine_state* state = own_state()) state->fresh_floating_point = true;
}

} // namespace polyabi::reference::machine
