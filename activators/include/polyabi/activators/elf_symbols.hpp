// How many symbols an ELF file has: only its hash tables tell (System V gABI chapter 5; DT_GNU_HASH as the Linux Standard Base has it).
#pragma once

#include <polyabi/core/types.hpp>

#include <algorithm>
#include <optional>

namespace polyabi::activators::elf {

/// No file has more.
inline constexpr u64 most_symbols = 1 << 22;

/// By the table of DT_HASH. `word_at(offset)` is the 32-bit word there as std::optional<u32>, nothing where the file has none.
template <class Words>
constexpr u64 symbol_count_by_hash(const Words& word_at) {
  return word_at(4).value_or(0); // nchain
}

/// By the table of DT_GNU_HASH, which has no count: a header of buckets, first symbol, words of the filter and a shift; the filter, in
/// words of `word_size`; the buckets; and the chains, whose last members have their lowest bit set.
template <class Words>
constexpr u64 symbol_count_by_gnu_hash(const Words& word_at, usize word_size) {
  const u64 buckets = word_at(0).value_or(0), first = word_at(4).value_or(0), filter = word_at(8).value_or(0);
  const u64 table = 16 + filter * word_size;
  u64 last = 0;
  for (u64 i = 0; i < std::min(buckets, most_symbols); ++i) last = std::max<u64>(last, word_at(table + 4 * i).value_or(0));
  if (last < first) return first;
  const u64 chains = table + 4 * buckets;
  while (last < most_symbols) {
    const std::optional<u32> link = word_at(chains + 4 * (last - first));
    ++last;
    if (!link || (*link & 1) != 0) break;
  }
  return last;
}

} // namespace polyabi::activators::elf
