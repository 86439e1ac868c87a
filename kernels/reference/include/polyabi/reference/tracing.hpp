// Trace records that no system call writes. Nothing happens while nobody traces.
#pragma once

#include <polyabi/reference/process.hpp>

namespace polyabi::reference::tracing {

/// In `trace_record::flags` of a call's end: it was interrupted, and is made again unless a handler without SA_RESTART runs.
inline constexpr u32 restarts = 2;

/// A signal reaches a thread: its handler runs, or it acts by default.
void signal_comes(thread&, const siginfo&);
/// The last thread of a process is about to end.
void process_ends(thread& last, i32 status_word);

} // namespace polyabi::reference::tracing
