// Text into a bounded buffer, without any library behind it.
#pragma once

#include <polyabi/core/types.hpp>

#include <concepts>
#include <span>
#include <string_view>

namespace polyabi::vfs {

/// A number in base 16 or 8, at least `width` digits.
struct hex { u64 value; usize width = 1; };
struct octal { u64 value; usize width = 1; };
/// A number in base 10, filled up to `width` from the left: with blanks, or with zeros.
struct padded { u64 value; usize width; char fill = ' '; };
/// Text filled up to `width` from the right with blanks.
struct left { std::string_view text; usize width; };

/// Takes text; what does not fit is only counted, so that the writer can be run again with a larger buffer.
class text_sink {
public:
  explicit text_sink(std::span<char> buffer) : buffer_{buffer} {}

  /// Bytes written to it, whether they fitted or not.
  usize needed() const { return needed_; }
  bool complete() const { return needed_ <= buffer_.size(); }
  std::string_view text() const { return {buffer_.data(), complete() ? needed_ : buffer_.size()}; }

  // Not inline: hundreds of writers put a few pieces each, and their loops would be most of what there is to compile.
  [[gnu::noinline]] text_sink& operator<<(char c) { return put(c); }
  [[gnu::noinline]] text_sink& operator<<(std::string_view text) {
    for (const char c : text) put(c);
    return *this;
  }
  [[gnu::noinline]] text_sink& operator<<(const char* text) {
    while (*text != '\0') put(*text++);
    return *this;
  }
  template <std::integral T>
    requires(!std::same_as<T, char> && !std::same_as<T, bool>)
  text_sink& operator<<(T value) {
    if constexpr (std::signed_integral<T>)
      return signed_number(value);
    else
      return number(value, 10, 1, '0');
  }
  text_sink& operator<<(hex h) { return number(h.value, 16, h.width, '0'); }
  text_sink& operator<<(octal o) { return number(o.value, 8, o.width, '0'); }
  text_sink& operator<<(padded p) { return number(p.value, 10, p.width, p.fill); }
  text_sink& operator<<(left l) {
    *this << l.text;
    return fill(l.width > l.text.size() ? l.width - l.text.size() : 0);
  }
  [[gnu::noinline]] text_sink& fill(usize count, char c = ' ') {
    while (count-- > 0) put(c);
    return *this;
  }

private:
  text_sink& put(char c) {
    if (needed_ < buffer_.size()) buffer_[needed_] = c;
    ++needed_;
    return *this;
  }
  [[gnu::noinline]] text_sink& signed_number(i64 value) {
    if (value < 0) put('-');
    return number(value < 0 ? u64{0} - static_cast<u64>(value) : static_cast<u64>(value), 10, 1, '0');
  }
  [[gnu::noinline]] text_sink& number(u64 value, u64 base, usize width, char filler) {
    char digits[24];
    usize count = 0;
    do {
      digits[count++] = "0123456789abcdef"[value % base];
      value /= base;
    } while (value != 0);
    fill(width > count ? width - count : 0, filler);
    while (count > 0) put(digits[--count]);
    return *this;
  }

  std::span<char> buffer_;
  usize needed_ = 0;
};

} // namespace polyabi::vfs
