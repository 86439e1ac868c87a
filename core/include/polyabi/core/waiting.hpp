// How long a thread waits, and why it stopped.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi {

/// Why a sleep ended.
enum class wakeup : u8 { woken, timed_out, interrupted };

/// In nanoseconds of the monotonic clock: for ever.
inline constexpr u64 no_deadline = ~u64{0};

} // namespace polyabi
