// Hashes of names and paths, a word at a time.
#pragma once

#include <polyabi/core/types.hpp>

#include <cstring>
#include <string_view>

namespace polyabi::reference {

inline u64 mix_word(u64 hash, u64 word) {
  hash = (hash ^ word) * 0x9e37'79b9'7f4a'7c15;
  return hash ^ hash >> 32;
}

/// The last word overlaps the one before.
inline u64 hash_of(std::string_view text, u64 hash = 0) {
  const auto word_at = [&](usize at, usize size) {
    u64 word = 0;
    std::memcpy(&word, text.data() + at, size);
    return word;
  };
  hash += text.size();
  if (text.size() < sizeof(u64)) return mix_word(hash, word_at(0, text.size()));
  for (usize at = 0; at + sizeof(u64) < text.size(); at += sizeof(u64)) hash = mix_word(hash, word_at(at, sizeof(u64)));
  return mix_word(hash, word_at(text.size() - sizeof(u64), sizeof(u64)));
}

} // namespace polyabi::reference
