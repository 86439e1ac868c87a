// Messages whose bytes lie behind them, of any kind of queue.
#pragma once

#include <polyabi/core/services.hpp>

#include <new>
#include <utility>

namespace polyabi::facilities {

/// A message that belongs to a call. `Message` begins with its link, its kind (a type or a priority) and its size.
template <class K, class Message>
class owned_message {
public:
  owned_message() = default;
  explicit owned_message(Message* of) : of_{of} {}
  owned_message(owned_message&& other) noexcept : of_{std::exchange(other.of_, nullptr)} {}
  owned_message& operator=(owned_message&& other) noexcept {
    std::swap(of_, other.of_);
    return *this;
  }
  ~owned_message() {
    if (of_ != nullptr) K::deallocate(of_, sizeof(Message) + of_->size);
  }
  /// Without contents; null if there is no memory.
  template <class Kind>
  static owned_message make(Kind kind, usize size) {
    void* memory = K::allocate(sizeof(Message) + size);
    return owned_message{memory != nullptr ? ::new (memory) Message{{}, kind, size} : nullptr};
  }
  explicit operator bool() const { return of_ != nullptr; }
  Message* operator->() const { return of_; }
  Message& operator*() const { return *of_; }
  Message* take() { return std::exchange(of_, nullptr); }

private:
  Message* of_ = nullptr;
};

} // namespace polyabi::facilities
