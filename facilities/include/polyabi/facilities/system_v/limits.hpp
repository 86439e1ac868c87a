// How much of System V's interprocess communication there may be. Each limit may be set from outside, for each personality: a setting
// `linux.shmmax`, `svr4.semmni` and so on.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/core/number_text.hpp>

namespace polyabi::facilities::system_v {

struct limits {
  u64 shmmax = ~u64{0} - (u64{1} << 24); ///< bytes of a segment
  u64 shmall = ~u64{0} - (u64{1} << 24); ///< pages of all segments
  u64 shmmni = 4096;                     ///< segments
  u64 semmsl = 32000;                    ///< semaphores of a set
  u64 semmns = 1024000000;               ///< semaphores of all sets
  u64 semopm = 500;                      ///< operations of a call
  u64 semmni = 32000;                    ///< sets
  u64 msgmax = 8192;                     ///< bytes of a message
  u64 msgmnb = 16384;                    ///< bytes of a queue
  u64 msgmni = 32000;                    ///< queues
};

/// The largest value of a semaphore, and of an adjustment at exit.
inline constexpr i32 largest_semaphore_value = 32767, largest_adjustment = 32767;
/// The least size of a segment, and what its address is a multiple of.
inline constexpr u64 smallest_segment = 1, segment_alignment = page_size;

/// A setting that is a number; left alone if it was not given. Outside the section.
template <class K>
void read_setting([[maybe_unused]] typename K::thread& thread, std::string_view personality, std::string_view name,
                  [[maybe_unused]] u64& value) {
  char whole[64];
  if (personality.size() + 1 + name.size() > sizeof whole) return;
  usize size = 0;
  for (const char c : personality) whole[size++] = c;
  whole[size++] = '.';
  for (const char c : name) whole[size++] = c;
  if constexpr (provides<K, op::setting>())
    if (const auto text = polyabi::perform<K>(op::setting{}, thread, std::string_view{whole, size}); text)
      (void)parse_number(*text, value);
}

/// The limits of a personality. Outside the section.
template <class K>
limits limits_of(typename K::thread& thread, std::string_view personality) {
  limits all;
  const struct {
    std::string_view name;
    u64& value;
  } rows[] = {{"shmmax", all.shmmax}, {"shmall", all.shmall}, {"shmmni", all.shmmni}, {"semmsl", all.semmsl},
              {"semmns", all.semmns}, {"semopm", all.semopm}, {"semmni", all.semmni}, {"msgmax", all.msgmax},
              {"msgmnb", all.msgmnb}, {"msgmni", all.msgmni}};
  for (const auto& row : rows) read_setting<K>(thread, personality, row.name, row.value);
  return all;
}

} // namespace polyabi::facilities::system_v
