#include <polyabi/reference/owned_text.hpp>

#include <polyabi/reference/heap.hpp>

#include <cstring>

namespace polyabi::reference {

owned_text::~owned_text() {
  if (!is_within()) heap::deallocate(outside_, size_);
}

bool owned_text::set(std::string_view text) {
  char* const before = is_within() ? nullptr : outside_;
  const usize size_before = size_;
  if (text.size() <= within) {
    std::memmove(within_, text.data(), text.size());
  } else {
    auto* const copy = static_cast<char*>(heap::allocate(text.size()));
    if (copy == nullptr) return false;
    std::memcpy(copy, text.data(), text.size());
    outside_ = copy;
  }
  size_ = text.size();
  if (before != nullptr) heap::deallocate(before, size_before);
  return true;
}

} // namespace polyabi::reference
