// Turning call sites into jumps.
#pragma once

#include "state.hpp"

namespace polyabi::hosted {

/// A call was dispatched by the host: the next one from this site jumps to the kernel, if the site can be changed safely.
void patch_call_site(machine_state&, const registers&, const host_siginfo&);

} // namespace polyabi::hosted
