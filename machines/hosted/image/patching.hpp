// Turning call sites into jumps.
#pragma once

#include "state.hpp"

namespace polyabi::hosted {

/// A call was dispatched by the host: the registers are behind it. After some from one site its calls jump to the kernel, if
/// it can be changed safely.
void patch_call_site(thread&, const registers&, gate);

} // namespace polyabi::hosted
