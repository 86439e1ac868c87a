// Words that the kernel keeps for this personality (op::process_words, op::thread_words).
#pragma once

#include <polyabi/core/kernel.hpp>

namespace polyabi::linux_abi::handlers {

/// Of the process; children inherit them.
namespace process_word {
inline constexpr usize modes = 0;  ///< personality(2) in the low half, no_new_privs above
inline constexpr usize tuning = 1; ///< see `process_tuning`
inline constexpr u64 no_new_privileges = u64{1} << 32;
} // namespace process_word

/// Of the thread.
namespace thread_word {
inline constexpr usize robust_list = 0, memory_policy = 2;
}

/// Of the thread; those that it makes begin with them, and exec keeps them.
namespace inherited_word {
inline constexpr usize effective_set = 0, permitted_set = 1, inheritable_set = 2, bounding_set = 3, ambient_set = 4, security = 5,
                       slack = 6, usual_slack = 7, count = 8;
/// In `security`: the secure bits, whether the sets are kept, and the thread to which the slack of `usual_slack` is the usual one.
inline constexpr u64 sets_are_kept = u64{1} << 16;
inline constexpr u32 slack_owner_shift = 32;
} // namespace inherited_word

/// What /proc/PID/oom_score_adj and coredump_filter say of a process.
struct process_tuning {
  i16 memory_score = 0, least_memory_score = 0;
  u32 core_filter = usual_core_filter;

  /// Private and shared anonymous memory, first pages of files (MMF_DUMP_FILTER_DEFAULT of core(5), but for huge pages of files).
  static constexpr u32 usual_core_filter = 0x33;

  constexpr u64 word() const {
    return u64{core_filter ^ usual_core_filter} << 32 | u64{static_cast<u16>(least_memory_score)} << 16 | static_cast<u16>(memory_score);
  }
  static constexpr process_tuning of_word(u64 word) {
    return {static_cast<i16>(static_cast<u16>(word)), static_cast<i16>(static_cast<u16>(word >> 16)),
            static_cast<u32>(word >> 32) ^ usual_core_filter};
  }

  template <class K>
  static process_tuning of(typename K::thread& caller, i32 pid) {
    if constexpr (provides<K, op::get_word_of>())
      if (const auto word = polyabi::perform<K>(op::get_word_of{}, caller, pid, process_word::tuning)) return of_word(*word);
    return {};
  }
  template <class K>
  errc keep(typename K::thread& caller, i32 pid) const {
    if constexpr (provides<K, op::set_word_of>())
      return polyabi::perform<K>(op::set_word_of{}, caller, pid, process_word::tuning, word()) ? errc::none : errc::srch;
    return errc::perm;
  }
};

} // namespace polyabi::linux_abi::handlers
