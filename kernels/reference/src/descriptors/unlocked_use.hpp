// Open files that are used without the kernel lock.
#pragma once

#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

/// A descriptor's open file, for a thread without the kernel lock, if its process has one thread and its descriptors to itself: nobody else
/// can close it then. Null if not so, or if it is not open.
inline file* own_open_file(const process& owner, i32 number) {
  constexpr u32 alone = 1;
  if (!is_single(owner) || owner.descriptors->references != alone) return nullptr;
  const descriptor* const entry = owner.descriptors->at(number);
  return entry != nullptr ? entry->open_file.get() : nullptr;
}

/// The same, if what it is used for is the host's alone.
class unlocked_use {
public:
  unlocked_use(const process& owner, i32 number, file_use what)
      : file_{own_open_file(owner, number)}, descriptor_{file_ != nullptr ? file_->unlocked_descriptor(what) : -1} {}
  unlocked_use(const unlocked_use&) = delete;
  unlocked_use& operator=(const unlocked_use&) = delete;

  explicit operator bool() const { return descriptor_ >= 0; }
  file* operator->() const { return file_; }
  /// The host's.
  i32 descriptor() const { return descriptor_; }
  /// What only /proc shows of the host's position.
  void moved(i64 by) const { __atomic_fetch_add(&file_->position, by, __ATOMIC_RELAXED); }
  void is_at(i64 place) const { __atomic_store_n(&file_->position, place, __ATOMIC_RELAXED); }

private:
  file* file_;
  i32 descriptor_;
};

} // namespace polyabi::reference
