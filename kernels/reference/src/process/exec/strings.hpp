// The argument and environment strings of a new image while they are in the kernel.
#pragma once

#include <polyabi/activators/stack.hpp>
#include <polyabi/core/user_memory.hpp>
#include <polyabi/reference/structs.hpp>

#include <utility>

#include <string_view>

namespace polyabi::reference::exec {

/// Strings one after the other, each with its NUL, in memory that grows up to the limit of all strings of an image.
class string_store {
public:
  /// Strings and their pointers together, as on Linux with an 8 MiB stack.
  static constexpr usize limit = usize{2} << 20;

  string_store() = default;
  string_store(const string_store&) = delete;
  string_store& operator=(const string_store&) = delete;
  ~string_store();

  /// E2BIG or ENOMEM.
  result<> append(std::string_view text);
  /// A null-terminated user array; null: none.
  result<> copy_in(user_strings);
  /// Drops the first string, if there is one.
  void drop_first();
  void swap(string_store& other);

  usize count() const { return count_; }
  usize size() const { return size_ - start_; }
  std::string_view first() const;
  activators::string_block block() const { return {bytes_ + start_, size_ - start_, count_}; }

private:
  result<> grow(usize capacity);
  bool exceeds_limit(usize more) const { return size_ + more + (count_ + 1) * sizeof(u64) > limit; }

  char* bytes_ = nullptr;
  usize capacity_ = 0, start_ = 0, size_ = 0, count_ = 0;
};

} // namespace polyabi::reference::exec
