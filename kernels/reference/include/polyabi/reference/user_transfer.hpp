// Moves bytes between kernel memory and the parts of a user vector, remembering how far it got. Called under the kernel lock,
// which is dropped while bytes are copied: the kernel memory must be the caller's own (a buffer on its stack, or held by a
// claim).
#pragma once

#include <polyabi/core/user_memory.hpp>
#include <polyabi/reference/machine.hpp>
#include <polyabi/reference/structs.hpp>

namespace polyabi::reference {

/// Bytes of all parts together; EINVAL if the sum does not fit a transfer count.
result<u64> total_size(user_vector);

/// A position in a user vector. Every user byte is touched once.
class user_cursor {
public:
  explicit user_cursor(user_vector v);
  u64 remaining() const { return remaining_; }
  u64 transferred() const { return transferred_; }
  /// The rest of the current part, not empty while something remains. For transfers straight to or from user memory.
  user_bytes current() const { return {vector_.parts[part_].address + offset_, vector_.parts[part_].size - offset_}; }
  /// `size` bytes of the current part are done.
  void advance(u64 size);

protected:
  user_vector vector_;
  usize part_ = 0;
  u64 offset_ = 0, remaining_ = 0, transferred_ = 0;
};

/// Copies kernel bytes to the user. `size` is at most `remaining()`. False on a fault.
struct user_writer : user_cursor {
  using user_cursor::user_cursor;
  [[nodiscard]] bool write(const void* from, usize size);
  [[nodiscard]] bool fill(u8 value, u64 size);
};

/// Copies user bytes to the kernel.
struct user_reader : user_cursor {
  using user_cursor::user_cursor;
  [[nodiscard]] bool read(void* to, usize size);
};

} // namespace polyabi::reference
