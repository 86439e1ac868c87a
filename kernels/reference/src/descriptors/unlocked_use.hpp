// Open files that are used without the kernel lock.
#pragma once

#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

/// A descriptor's open file, if what it is used for is the host's alone: for a thread without the kernel lock, of a process of one thread
/// that has its descriptors to itself. Nobody else can close it then.
class unlocked_use {
public:
  unlocked_use(const process& owner, i32 number, file_use what) {
    constexpr u32 alone = 1;
    if (!is_single(owner) || owner.descriptors->references != alone) return;
    const reference::descriptor* const entry = owner.descriptors->at(number);
    if (entry == nullptr) return;
    file_ = entry->open_file.get();
    descriptor_ = file_->unlocked_descriptor(what);
  }
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
  file* file_ = nullptr;
  i32 descriptor_ = -1;
};

} // namespace polyabi::reference
