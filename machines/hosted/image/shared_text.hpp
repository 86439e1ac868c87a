// One copy of a file's text for all processes, with the call sites changed that they use.
#pragma once

#include <polyabi/reference/process.hpp>

namespace polyabi::hosted {

/// A process, 64 bits, makes the first call from a site whose instruction ends at `after`, or so many (`often`) that it has changed the
/// site for itself: it is noted for a copy of this text, which may be made now. Under the kernel lock, for a process that is not traced.
void note_call_site(reference::process&, u64 after, bool often);

} // namespace polyabi::hosted
