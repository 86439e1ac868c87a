// Intrusive reference counting. Counts change only under the kernel lock.
#pragma once

#include <polyabi/core/types.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>

namespace polyabi::reference {

/// Holds one reference to a `T`, which has `u32 references` and `void release()`: called when the last one goes. One that has
/// `bool ending()` hears of it before, and may stay: it answers whether it is to be released.
template <class T>
class ref {
public:
  constexpr ref() = default;
  constexpr ref(std::nullptr_t) {}
  /// Takes a new reference.
  explicit ref(T* object) : object_{object} { if (object_ != nullptr) ++object_->references; }
  /// Takes over a reference that somebody else counted.
  static ref adopt(T* object) { ref r; r.object_ = object; return r; }
  ref(const ref& other) : ref{other.object_} {}
  ref(ref&& other) noexcept : object_{std::exchange(other.object_, nullptr)} {}
  template <class U>
    requires std::is_convertible_v<U*, T*>
  ref(ref<U> other) : object_{other.leak()} {}
  ref& operator=(ref other) noexcept { std::swap(object_, other.object_); return *this; }
  ~ref() {
    if (object_ != nullptr && --object_->references == 0) end(*object_);
  }

  T* get() const { return object_; }
  T* operator->() const { return object_; }
  T& operator*() const { return *object_; }
  explicit operator bool() const { return object_ != nullptr; }
  bool operator==(const ref& other) const { return object_ == other.object_; }
  /// Gives the reference away uncounted.
  T* leak() { return std::exchange(object_, nullptr); }

private:
  // Apart: references are let go of in many places, and few of them are ever the last.
  [[gnu::noinline]] static void end(T& object) {
    if constexpr (requires { object.ending(); })
      if (!object.ending()) return;
    object.release();
  }

  T* object_ = nullptr;
};

} // namespace polyabi::reference
