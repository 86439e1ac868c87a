// Walking the parts of a user vector.
#include <polyabi/reference/lock.hpp>
#include <polyabi/reference/user_memory.hpp>
#include <polyabi/reference/user_transfer.hpp>

namespace polyabi::reference {

namespace {
constexpr u64 transfer_limit = 0x7fffffffffffffff;
}

result<u64> total_size(user_vector v) {
  u64 sum = 0;
  for (usize i = 0; i < v.count; ++i) {
    if (v.parts[i].size > transfer_limit - sum) return error::inval;
    sum += v.parts[i].size;
  }
  return sum;
}

user_cursor::user_cursor(user_vector v) : vector_{v} {
  const auto sum = total_size(v);
  remaining_ = sum ? *sum : 0;
  advance(0);
}

void user_cursor::advance(u64 size) {
  offset_ += size;
  remaining_ -= size;
  transferred_ += size;
  while (part_ < vector_.count && offset_ == vector_.parts[part_].size) {
    ++part_;
    offset_ = 0;
  }
}

bool user_writer::write(const void* from, usize size) {
  const kernel_lock::unlocked while_copying;
  const char* at = static_cast<const char*>(from);
  while (size != 0) {
    const user_bytes to = current();
    const usize piece = size < to.size ? size : to.size;
    if (!user_memory::copy_out(to.address, at, piece)) return false;
    advance(piece);
    at += piece;
    size -= piece;
  }
  return true;
}

bool user_writer::fill(u8 value, u64 size) {
  const kernel_lock::unlocked while_copying;
  while (size != 0) {
    const user_bytes to = current();
    const usize piece = size < to.size ? size : to.size;
    if (!user_memory::fill_out(to.address, value, piece)) return false;
    advance(piece);
    size -= piece;
  }
  return true;
}

bool user_reader::read(void* to, usize size) {
  const kernel_lock::unlocked while_copying;
  char* at = static_cast<char*>(to);
  while (size != 0) {
    const user_bytes from = current();
    const usize piece = size < from.size ? size : from.size;
    if (!user_memory::copy_in(at, from.address, piece)) return false;
    advance(piece);
    at += piece;
    size -= piece;
  }
  return true;
}

} // namespace polyabi::reference
