// Hashes of names and paths, and whether two are the same, a word at a time.
#pragma once

#include <polyabi/core/types.hpp>

#include <cstring>
#include <string_view>

namespace polyabi::reference {

inline u64 mix_word(u64 hash, u64 word) {
  hash = (hash ^ word) * 0x9e37'79b9'7f4a'7c15;
  return hash ^ hash >> 32;
}

/// The bytes of a text that is shorter than a word, and no others.
inline u64 short_word(const char* text, usize size) {
  if (size >= sizeof(u32)) {
    u32 first, last;
    std::memcpy(&first, text, sizeof first);
    std::memcpy(&last, text + size - sizeof last, sizeof last);
    return first | u64{last} << 32;
  }
  if (size == 0) return 0;
  const auto byte = [text](usize at) { return u64{static_cast<u8>(text[at])}; };
  return byte(0) | byte(size / 2) << 8 | byte(size - 1) << 16;
}

inline u64 word_at(const char* text) {
  u64 word;
  std::memcpy(&word, text, sizeof word);
  return word;
}

/// The last word overlaps the one before.
inline u64 hash_of(std::string_view text, u64 hash = 0) {
  const usize size = text.size();
  hash += size;
  if (size < sizeof(u64)) return mix_word(hash, short_word(text.data(), size));
  for (usize at = 0; at + sizeof(u64) < size; at += sizeof(u64)) hash = mix_word(hash, word_at(text.data() + at));
  return mix_word(hash, word_at(text.data() + size - sizeof(u64)));
}

/// Whether two texts are the same: in place, where a call of memcmp would cost more than it does.
inline bool is_same_text(std::string_view a, std::string_view b) {
  const usize size = a.size();
  if (size != b.size()) return false;
  if (size < sizeof(u64)) return short_word(a.data(), size) == short_word(b.data(), size);
  for (usize at = 0; at + sizeof(u64) < size; at += sizeof(u64))
    if (word_at(a.data() + at) != word_at(b.data() + at)) return false;
  return word_at(a.data() + size - sizeof(u64)) == word_at(b.data() + size - sizeof(u64));
}

} // namespace polyabi::reference
