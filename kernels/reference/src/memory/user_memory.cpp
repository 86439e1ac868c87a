// Transfers to and from users, and the kernel's own reads of files.
#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/process.hpp>
#include <polyabi/reference/user_memory.hpp>

namespace polyabi::reference::user_memory {

namespace {

bool is_kernels() {
  const thread* self = machine::current();
  return self != nullptr && self->kernel_transfers != 0;
}

/// A stack that is not there yet where the user's address points grows. Without a lock.
bool grow(u64 address) {
  const thread* self = machine::current();
  if (self == nullptr || self->owner == nullptr) return false;
  const kernel_lock::locked lock;
  process& owner = *self->owner;
  return owner.memory != nullptr && owner.memory->grow_to(memory_limits::of(owner), address);
}

} // namespace

kernel_transfer::kernel_transfer() {
  ++current_thread().kernel_transfers;
}
kernel_transfer::~kernel_transfer() {
  --current_thread().kernel_transfers;
}

bool copy_in(void* to, u64 from, usize size) {
  expect_no_lock_held("a lock was held over a copy from user memory");
  if (!is_kernels()) return machine::copy_in(to, from, size) || (grow(from) && machine::copy_in(to, from, size));
  __builtin_memcpy(to, reinterpret_cast<const void*>(from), size);
  return true;
}

bool copy_out(u64 to, const void* from, usize size) {
  expect_no_lock_held("a lock was held over a copy to user memory");
  if (!is_kernels()) return machine::copy_out(to, from, size) || (grow(to) && machine::copy_out(to, from, size));
  __builtin_memcpy(reinterpret_cast<void*>(to), from, size);
  return true;
}

bool fill_out(u64 to, u8 value, usize size) {
  expect_no_lock_held("a lock was held over a fill of user memory");
  if (!is_kernels()) return machine::fill_out(to, value, size) || (grow(to) && machine::fill_out(to, value, size));
  __builtin_memset(reinterpret_cast<void*>(to), value, size);
  return true;
}

i64 copy_in_string(char* to, u64 from, usize limit) {
  expect_no_lock_held("a lock was held over a copy of a user's string");
  constexpr i64 fault = -1;
  const i64 length = machine::copy_in_string(to, from, limit);
  return length == fault && grow(from) ? machine::copy_in_string(to, from, limit) : length;
}

bool in_range(u64 address, u64 size) {
  if (is_kernels()) return true;
  const process& self = current_process();
  const u64 limit = self.memory != nullptr ? self.memory->limit() : machine::user_limit(false);
  if (size > limit || address > limit - size) return false;
  // The machine takes what is mapped: it does not ask back.
  if (self.memory != nullptr && self.memory->may_grow_to(address)) {
    const kernel_lock::ensured lock;
    (void)self.memory->grow_to(memory_limits::of(self), address);
  }
  return true;
}

result<u64> checked_size(user_vector v) {
  const u64 limit = machine::user_limit(false);
  for (usize i = 0; i < v.count && !is_kernels(); ++i)
    if (v.parts[i].size > limit || v.parts[i].address > limit - v.parts[i].size) return error::fault;
  return total_size(v);
}

} // namespace polyabi::reference::user_memory
