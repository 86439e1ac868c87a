// Copies between the kernel and whoever asked for a transfer: a user nearly always, the kernel itself when it reads a file for
// its own use (exec reads headers). The kernel uses these and not the machine's functions.
#pragma once

#include <polyabi/core/user_memory.hpp>
#include <polyabi/reference/machine.hpp>
#include <polyabi/reference/structs.hpp>
#include <polyabi/reference/user_transfer.hpp>

namespace polyabi::reference::user_memory {

/// While one of these lives, the addresses in the calling thread's transfers are the kernel's own.
class kernel_transfer {
public:
  kernel_transfer();
  ~kernel_transfer();
  kernel_transfer(const kernel_transfer&) = delete;
  kernel_transfer& operator=(const kernel_transfer&) = delete;
};

/// The caller holds no lock: a page of the user's may take long to come. False is a fault.
[[nodiscard]] bool copy_in(void* to, u64 from, usize size);
[[nodiscard]] bool copy_out(u64 to, const void* from, usize size);
[[nodiscard]] bool fill_out(u64 to, u8 value, usize size);
/// See `machine::copy_in_string`.
[[nodiscard]] i64 copy_in_string(char* to, u64 from, usize limit);
/// Whether the range lies below the user's limit (or this is a transfer of the kernel's). To be asked before an address goes to
/// `machine::host::read` or `write`, which take any address.
[[nodiscard]] bool in_range(u64 address, u64 size);
/// Bytes of all parts together. EFAULT: one of them ends above what any program may map, whatever is transferred; EINVAL: the sum does
/// not fit a transfer count. What is mapped of them is not asked.
result<u64> checked_size(user_vector);

} // namespace polyabi::reference::user_memory
