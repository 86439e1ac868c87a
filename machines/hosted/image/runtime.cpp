// What the compiler expects of its run-time library, for an image without one.
#include "state.hpp"

extern "C" {

void* memcpy(void* __restrict to, const void* __restrict from, std::size_t size) {
  void* start = to;
  asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
  return start;
}

void* memmove(void* to, const void* from, std::size_t size) {
  if (polyabi::hosted::word(to) - polyabi::hosted::word(from) >= size) return memcpy(to, from, size);
  void* start = to;
  to = static_cast<char*>(to) + size - 1;
  from = static_cast<const char*>(from) + size - 1;
  asm volatile("std\n\trep movsb\n\tcld" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
  return start;
}

void* memset(void* to, int value, std::size_t size) {
  void* start = to;
  asm volatile("rep stosb" : "+D"(to), "+c"(size) : "a"(value) : "memory");
  return start;
}

int memcmp(const void* left, const void* right, std::size_t size) {
  const auto* a = static_cast<const unsigned char*>(left);
  const auto* b = static_cast<const unsigned char*>(right);
  for (std::size_t i = 0; i < size; ++i)
    if (a[i] != b[i]) return a[i] - b[i];
  return 0;
}

std::size_t strlen(const char* text) {
  std::size_t length = 0;
  while (text[length] != 0) {
    ++length;
    asm volatile("" : "+r"(length)); // keeps the loop from becoming a call of strlen
  }
  return length;
}

const void* memchr(const void* memory, int value, std::size_t size) {
  const auto* bytes = static_cast<const unsigned char*>(memory);
  for (std::size_t i = 0; i < size; ++i)
    if (bytes[i] == static_cast<unsigned char>(value)) return bytes + i;
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
