// Words that the kernel keeps for this personality (op::process_words, op::thread_words).
#pragma once

#include <polyabi/core/scalar.hpp>

namespace polyabi::linux_abi::handlers {

/// Of the process; children inherit them.
namespace process_word {
inline constexpr usize modes = 0; ///< personality(2) in the low half, no_new_privs above
inline constexpr u64 no_new_privileges = u64{1} << 32;
} // namespace process_word

/// Of the thread.
namespace thread_word {
inline constexpr usize robust_list = 0, parent_death_signal = 1, memory_policy = 2;
}

} // namespace polyabi::linux_abi::handlers
