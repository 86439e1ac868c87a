// What the kernel asks of a machine whose host has descriptors that threads wait at.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi::reference::machine {

/// As `wait_on`, and until one of these bits of `host::readiness` holds of a host descriptor. Who changes the word calls `interrupt`
/// and not `wake`.
void wait_at_descriptor(u32* word, u32 expected, u64 deadline, i32 descriptor, u32 bits);

} // namespace polyabi::reference::machine
