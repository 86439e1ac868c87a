// Restartable sequences: instructions of a program's that begin anew at a place of its choice when they were interrupted, by another
// thread, another processor or a signal (Linux' rseq(2), include/uapi/linux/rseq.h). The thread says in memory of its own which
// sequence it is in, and is told there which processor it runs on.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/core/scalar.hpp>

#include <concepts>

namespace polyabi {

/// Where a thread has this memory, and the word before each place where a sequence is given up; without an address, it has none.
struct sequence_area {
  u64 address = 0;
  u32 size = 0, signature = 0;
};

/// What lies there: struct rseq, which is the same for programs of 32 bits. Those that are not told of memory nodes know the first
/// four members; the structure's size has been 32 from the beginning.
struct sequence_words {
  static constexpr u32 unknown_processor = ~u32{0};
  le<u32> cpu_id_start = 0, cpu_id = unknown_processor;
  le<u64> rseq_cs = 0; ///< the sequence's description
  le<u32> flags = 0, node_id = 0, mm_cid = 0, unused = 0;
};
inline constexpr u32 sequence_area_size = 32;
inline constexpr u64 sequence_word_offset = 8; ///< of rseq_cs
static_assert(sizeof(sequence_words) == sequence_area_size);

namespace service {

/// They, for the calling thread. A kernel whose machine does not know when it interrupts a thread answers ENOSYS.
struct restartable_sequences {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, const sequence_area& area) {
    { K::sequences_of(t) } -> std::same_as<sequence_area>;
    // Instead of the one it had. EFAULT if it cannot be written.
    { K::set_sequences(t, area) } -> std::same_as<answer<K>>;
  };
};

} // namespace service

} // namespace polyabi
