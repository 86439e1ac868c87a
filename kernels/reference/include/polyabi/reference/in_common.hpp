// What a process has for itself or, where clone says so, in common with others.
#pragma once

#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/reference_count.hpp>

namespace polyabi::reference {

/// A `T` of a process' own until another one joins it (CLONE_FS, CLONE_SIGHAND); then what one changes is changed for all that
/// have it in common. Under the kernel lock.
template <class T>
class in_common {
public:
  in_common() = default;
  in_common(const in_common&) = delete;
  in_common& operator=(const in_common&) = delete;

  T& operator*() { return common_ ? common_->value : own_; }
  const T& operator*() const { return common_ ? common_->value : own_; }
  T* operator->() { return &**this; }
  const T* operator->() const { return &**this; }
  auto& operator[](usize index) { return (**this)[index]; }
  const auto& operator[](usize index) const { return (**this)[index]; }

  /// Has what `other` has, from now on. False: out of memory.
  [[nodiscard]] bool join(in_common& other) {
    if (!other.common_) {
      other.common_ = ref<common>{heap::create<common>()};
      if (!other.common_) return false;
      other.common_->value = std::move(other.own_);
    }
    common_ = other.common_;
    return true;
  }
  /// Has a copy, and what others change in theirs is not seen here any more.
  void part() {
    if (!common_) return;
    own_ = common_->value;
    common_ = nullptr;
  }

private:
  struct common {
    u32 references = 0;
    T value{};
    void release() { heap::destroy(this); }
  };
  T own_{};
  ref<common> common_;
};

} // namespace polyabi::reference
