// Sending, taking and acting on signals. All under the kernel lock.
#pragma once

#include <polyabi/reference/process.hpp>

namespace polyabi::reference::signals {

/// Sends to a process (any of its threads that does not block it), to one thread, to a group. `info.signo` says which.
void send(process&, const siginfo&);
void send(thread&, const siginfo&);
void send(process_group&, const siginfo&);
/// Queues a signal that lies in its source, to a thread of the process or (0) to the process. False if it is not queued now: it was
/// already, is ignored, or there is no such thread.
bool raise(process&, i32 thread_id, pending_signal& source);
/// Takes it back without a word to its source.
void withdraw(process&, pending_signal& source);
/// A siginfo from the kernel itself.
siginfo from_kernel(i32 signo, i32 code = signal_codes::kernel);
/// EPERM unless the caller may signal the target.
result<> may_send(const process& sender, const process& target, i32 signo);

/// Whether a stack pointer is on an alternate stack. Never on one that is none while handlers run.
constexpr bool is_on(const sigstack& stack, u64 stack_pointer) {
  constexpr u32 no = sigstack_flags::disable | sigstack_flags::autodisarm;
  return (stack.flags & no) == 0 && stack_pointer > stack.sp && stack_pointer - stack.sp <= stack.size;
}

/// True if the thread must leave its sleep: a signal is pending, unblocked, and not ignored.
bool must_act(const thread&);
/// True if the thread ends at its return to the user whatever signals say.
bool must_die(const thread&);
/// Stops the calling thread for as long as its process is stopped, or a pending stop signal with its default action says so.
/// False if there was no reason to stop.
bool stop_in_place(thread&);
/// These queue, the others are pending once.
constexpr bool is_realtime(i32 signo) {
  return signo >= realtime_first && signo <= realtime_last;
}
/// The default action of a stop signal: the process stands until it is continued.
void stop_process(process&, i32 signo);
/// The default action of a signal.
enum class default_action : u8 { terminate, dump, ignore, stop_process, resume };
constexpr default_action default_of(i32 signo) {
  switch (signo) {
  case quit:
  case ill:
  case trap:
  case abrt:
  case emt:
  case fpe:
  case bus:
  case segv:
  case sys:
  case xcpu:
  case xfsz:
  case xres: return default_action::dump;
  case urg:
  case chld:
  case io:
  case winch:
  case info:
  case waiting:
  case lwp:
  case freeze:
  case thaw:
  case cancel: return default_action::ignore;
  case stop:
  case tstp:
  case ttin:
  case ttou: return default_action::stop_process;
  case cont: return default_action::resume;
  default: return default_action::terminate;
  }
}
/// For `sigaction`: drops what is pending and would now be ignored.
void discard_ignored(process&, i32 signo);
/// Gives the thread's or process' queued details back to the heap.
void clear(pending_signals&);
/// A synchronous fault of the calling thread: cannot be blocked or ignored, only handled.
void fault(thread&, const siginfo&);

/// Takes the next deliverable signal of the thread into `info`; false if there is none.
bool take(thread&, siginfo& info);
/// Whether one of `set` is pending for the thread.
bool is_pending(const thread&, const sigset& set);
/// Takes one of `set`, for sigtimedwait.
bool take_of(thread&, const sigset& set, siginfo& info);

/// Makes a thread look at its signals and its end soon, wherever it is: out of its sleep, and at its next return to the user.
void call(thread&);
/// The same for all threads of a process.
void call_all(process&);
/// The calling thread's mask is this one from now on, without the signals that cannot be blocked.
void set_mask(thread& self, const sigset& mask);
/// The same for the length of a call (sigsuspend, ppoll): the old one is back at the return to the user, and a handler's frame
/// saves it.
void set_mask_for_call(thread& self, const sigset& mask);
/// Before the return to the user: for a call that no signal has ended.
void end_mask_for_call(thread& self);

/// Whether `return_to_user` has something to do. Without any lock: who gives a thread something to do calls it afterwards.
inline bool has_work(const thread& self) {
  return __atomic_load_n(&self.attention, __ATOMIC_RELAXED) != 0 || self.restart;
}
/// Acts on what is pending at a return to user code (stop, die, build handler frames, restart calls) until nothing is left. May
/// not return (death).
void return_to_user(thread&, registers&);

} // namespace polyabi::reference::signals

namespace polyabi::reference {
/// Makes a sleeping thread look again at why it sleeps.
void unpark(thread&);
} // namespace polyabi::reference
