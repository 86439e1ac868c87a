// Between the sources of this folder.
#pragma once

#include <polyabi/reference/process.hpp>

namespace polyabi::reference::tracees::detail {

inline constexpr u64 trap_flag = 0x100;

/// Null: out of memory.
tracee* link(process& tracer, i32 tracer_thread, thread& of, trace_options, bool seized);
/// The thread is traced no more, and goes on with this signal if it stands.
void unlink(tracee&, i32 signo);
/// Tells the tracer of a stop or an end.
void notify(const tracee&, i32 code, i32 status);
/// What stands in watched memory now; tells (true) whether it, or the instruction that is next, is what is watched for.
bool look_at_watched(tracee&, const registers&);
bool watches(const tracee&);

} // namespace polyabi::reference::tracees::detail
