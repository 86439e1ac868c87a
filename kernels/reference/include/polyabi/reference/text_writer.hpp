// Text put together in a buffer of the caller's. What does not fit is cut.
#pragma once

#include <polyabi/core/types.hpp>

#include <string_view>

namespace polyabi::reference {

class text_writer {
public:
  text_writer(char* to, usize limit) : to_{to}, limit_{limit} {}
  usize size() const { return size_; }
  text_writer& add(char c) {
    if (size_ < limit_) to_[size_++] = c;
    return *this;
  }
  text_writer& add(std::string_view text) {
    for (const char c : text) add(c);
    return *this;
  }
  /// In decimal.
  text_writer& add_number(u64 number) {
    char digits[20];
    usize count = 0;
    do digits[count++] = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    while (count != 0) add(digits[--count]);
    return *this;
  }

private:
  char* to_;
  usize limit_;
  usize size_ = 0;
};

} // namespace polyabi::reference
