// The host's vDSO in this process, which the kernel calls and guests move.
#pragma once

#include <polyabi/hosted/image.hpp>

namespace polyabi::hosted {

/// Where the host's vDSO and its data are mapped, and those of its functions that leave the floating-point state alone, as all
/// of them do so far: the kernel calls them in the midst of the user's. Says nothing where there is none.
void find_host_library(shared_state& to);

} // namespace polyabi::hosted
