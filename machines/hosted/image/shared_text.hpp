// One copy of a file's text for all processes, with the call sites changed that they use.
#pragma once

#include <polyabi/reference/process.hpp>

namespace polyabi::hosted {

/// A process, 64 bits, calls from a site whose instruction ends at `after`: it is noted for a copy of this text, which may be made now.
/// `calls` have been dispatched since it was noted last; 1: this is the first. `often`: the process has changed the site for itself.
/// Under the kernel lock, for a process that is not traced.
void note_call_site(reference::process&, u64 after, u32 calls, bool often = false);

} // namespace polyabi::hosted
