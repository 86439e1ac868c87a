// Sending, taking and acting on signals. All under the kernel lock.
#pragma once

#include <polyabi/reference/process.hpp>

namespace polyabi::reference::signals {

/// Sends to a process (any of its threads that does not block it), to one thread, to a group. `info.signo` says which.
void send(process&, const siginfo&);
void send(thread&, const siginfo&);
void send(process_group&, const siginfo&);
/// A siginfo from the kernel itself.
siginfo from_kernel(i32 signo, i32 code = signal_codes::kernel);
/// EPERM unless the caller may signal the target.
result<> may_send(const process& sender, const process& target, i32 signo);

/// True if the thread must leave its sleep: a signal is pending, unblocked, and not ignored.
bool must_act(const thread&);
/// A synchronous fault of the calling thread: cannot be blocked or ignored, only handled.
void fault(thread&, const siginfo&);

/// Takes the next deliverable signal of the thread into `info`; false if there is none.
bool take(thread&, siginfo& info);
/// Takes one of `set`, for sigtimedwait.
bool take_of(thread&, const sigset& set, siginfo& info);

/// Called at every return to user code: acts on what is pending (stop, die, build handler frames, restart calls) until nothing is
/// left. May not return (death).
void return_to_user(thread&, registers&);

} // namespace polyabi::reference::signals
