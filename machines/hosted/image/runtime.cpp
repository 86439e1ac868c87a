// What the compiler expects of its run-time library, for an image without one.
#include "state.hpp"

namespace {

/// Up to this many bytes words are quicker than a string instruction.
constexpr std::size_t small = 128;

template <class Word>
[[gnu::always_inline]] inline void move_word(char* to, const char* from) {
  Word w;
  __builtin_memcpy(&w, from, sizeof w);
  __builtin_memcpy(to, &w, sizeof w);
}

template <class Word>
[[gnu::always_inline]] inline void copy_ends(char* to, const char* from, std::size_t size) {
  move_word<Word>(to, from);
  move_word<Word>(to + size - sizeof(Word), from + size - sizeof(Word));
}

/// The last words overlap what is before them.
[[gnu::always_inline]] inline void copy_small(char* to, const char* from, std::size_t size) {
  if (size >= 16) {
    std::size_t at = 0;
    for (; at + 16 < size; at += 16) {
      move_word<unsigned long>(to + at, from + at);
      move_word<unsigned long>(to + at + 8, from + at + 8);
      asm volatile("" : "+r"(at)); // keeps the loop from becoming a call of memcpy
    }
    copy_ends<unsigned long>(to + size - 16, from + size - 16, 16);
  } else if (size >= 8) {
    copy_ends<unsigned long>(to, from, size);
  } else if (size >= 4) {
    copy_ends<unsigned>(to, from, size);
  } else {
    for (std::size_t at = 0; at < size; ++at) {
      to[at] = from[at];
      asm volatile("" : "+r"(at));
    }
  }
}

[[gnu::always_inline]] inline void fill_small(char* to, unsigned long word, std::size_t size) {
  if (size < 8) {
    for (std::size_t at = 0; at < size; ++at) {
      to[at] = static_cast<char>(word);
      asm volatile("" : "+r"(at));
    }
    return;
  }
  for (std::size_t at = 0; at + 8 < size; at += 8) {
    __builtin_memcpy(to + at, &word, 8);
    asm volatile("" : "+r"(at));
  }
  __builtin_memcpy(to + size - 8, &word, 8);
}

} // namespace

extern "C" {

/// In one piece, as the others: what is split off for the sake of its callers costs each of these a call and a return.
[[gnu::noipa]] void* memcpy(void* __restrict to, const void* __restrict from, std::size_t size) {
  void* start = to;
  if (size <= small) {
    copy_small(static_cast<char*>(to), static_cast<const char*>(from), size);
    return start;
  }
  asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
  return start;
}

void* memmove(void* to, const void* from, std::size_t size) {
  const auto distance = polyabi::hosted::word(to) - polyabi::hosted::word(from);
  if (distance >= size && -distance >= size) return memcpy(to, from, size);
  void* start = to;
  if (distance >= size) {
    asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
    return start;
  }
  to = static_cast<char*>(to) + size - 1;
  from = static_cast<const char*>(from) + size - 1;
  asm volatile("std\n\trep movsb\n\tcld" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
  return start;
}

[[gnu::noipa]] void* memset(void* to, int value, std::size_t size) {
  void* start = to;
  if (size <= small) {
    fill_small(static_cast<char*>(to), 0x0101'0101'0101'0101 * static_cast<unsigned char>(value), size);
    return start;
  }
  asm volatile("rep stosb" : "+D"(to), "+c"(size) : "a"(value) : "memory");
  return start;
}

[[gnu::noipa]] int memcmp(const void* left, const void* right, std::size_t size) {
  const auto* a = static_cast<const unsigned char*>(left);
  const auto* b = static_cast<const unsigned char*>(right);
  if (size < 8) {
    for (std::size_t i = 0; i < size; ++i)
      if (a[i] != b[i]) return a[i] - b[i];
    return 0;
  }
  unsigned long in_a, in_b;
  for (std::size_t at = 0;; at += 8) { // the last word overlaps the one before
    if (at + 8 > size) at = size - 8;
    __builtin_memcpy(&in_a, a + at, 8);
    __builtin_memcpy(&in_b, b + at, 8);
    if (in_a != in_b) return __builtin_bswap64(in_a) < __builtin_bswap64(in_b) ? -1 : 1;
    if (at + 8 >= size) return 0;
  }
}

std::size_t strlen(const char* text) {
  std::size_t length = 0;
  while (text[length] != 0) {
    ++length;
    asm volatile("" : "+r"(length)); // keeps the loop from becoming a call of strlen
  }
  return length;
}

void* memchr(const void* memory, int value, std::size_t size) {
  const auto* bytes = static_cast<const unsigned char*>(memory);
  for (std::size_t i = 0; i < size; ++i)
    if (bytes[i] == static_cast<unsigned char>(value)) return const_cast<unsigned char*>(bytes + i);
  return nullptr;
}

void __cxa_pure_virtual() { polyabi::reference::machine::panic("a pure virtual function was called"); }

/// The kernel never ends by returning, so that destructors of its globals never run.
int __cxa_atexit(void (*)(void*), void*, void*) { return 0; }
void* __dso_handle = nullptr;
}

/// Virtual destructors refer to it; kernel objects are freed by `heap::destroy`.
void operator delete(void*) noexcept { polyabi::reference::machine::panic("operator delete was called"); }
void operator delete(void*, std::size_t) noexcept { polyabi::reference::machine::panic("operator delete was called"); }
void operator delete(void*, std::size_t, std::align_val_t) noexcept {
  polyabi::reference::machine::panic("operator delete was called");
}

namespace std {
/// libstdc++'s assertions, where a build turns them on.
void __glibcxx_assert_fail(const char*, int, const char*, const char*) noexcept {
  polyabi::reference::machine::panic("an assertion of the standard library failed");
}
/// string_view::substr and its like, beyond the end.
void __throw_out_of_range_fmt(const char*, ...) {
  polyabi::reference::machine::panic("a position is beyond the end of a string");
}
} // namespace std
