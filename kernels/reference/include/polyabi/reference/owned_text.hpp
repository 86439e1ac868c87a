// A name that an object keeps.
#pragma once

#include <polyabi/core/types.hpp>

#include <string_view>

namespace polyabi::reference {

/// A copy of a text: a short one, as most names are, within the object, any other in the heap.
class owned_text {
public:
  owned_text() = default;
  owned_text(const owned_text&) = delete;
  owned_text& operator=(const owned_text&) = delete;
  ~owned_text();

  /// False: there is no memory, and this is as before. The text may be part of what is here.
  bool set(std::string_view text);
  std::string_view view() const { return {is_within() ? within_ : outside_, size_}; }

private:
  static constexpr usize within = 24;
  bool is_within() const { return size_ <= within; }

  usize size_ = 0;
  union {
    char within_[within];
    char* outside_;
  };
};

} // namespace polyabi::reference
