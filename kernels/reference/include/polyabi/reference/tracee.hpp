// Threads that another process traces (core/process_tracing.hpp). All under the kernel lock.
#pragma once

#include <polyabi/core/process_tracing.hpp>
#include <polyabi/reference/intrusive_list.hpp>
#include <polyabi/reference/structs.hpp>

namespace polyabi::reference {

struct thread;
struct process;

/// A stop, on the kernel stack of the thread that stands.
struct trace_halt : trace_stop<siginfo> {
  bool told = false;  ///< the tracer has waited for it
  bool ended = false; ///< the thread goes on
  i32 delivers = 0;   ///< the signal with which it does
};

/// The link between a tracer and a thread. It may outlive the thread, until the tracer has heard of its end.
struct tracee {
  list_link in_tracer;
  thread* of = nullptr; ///< null once it has ended
  process* group = nullptr;
  i32 id = 0;
  u32 user = 0;
  process* tracer = nullptr;
  i32 tracer_thread = 0; ///< 0: any of the tracer's
  trace_options options;
  bool seized = false;
  trace_halt* halt = nullptr; ///< while it stands
  trace_resumption how = trace_resumption::run;
  bool stepping = false;        ///< the trap flag in its registers is the tracer's
  bool listening = false;       ///< it stands, but only for the end of its group's stop
  bool interrupted = false;     ///< it is to stop soon
  bool group_stop_told = false; ///< that it stopped with its group
  bool leaves_call = false;     ///< the one in progress ends, with these registers
  registers left_with{};
  bool in_call = false;         ///< the tracer has heard of the entry to the call in progress
  i32 passed = 0;               ///< a signal that the tracer has seen already
  bool text_restored = false;   ///< see machine::restore_text
  bool ended = false;
  i32 end_status = 0;
  u64 unmade_answer = 0; ///< of a call that its tracer is to emulate
  /// The processor's, as the tracer sees them: 0 to 3 are addresses, 6 tells which was reached, 7 what is watched.
  u64 debug_registers[8]{};
  u64 watched[4]{}; ///< what was there when it was looked at last

  bool stands() const;
  bool is_32_bit() const;
  trace_stop<siginfo>& stop() { return *halt; }
  registers& frame();
  call_progress progress() const;
  u64 call_number() const;
  bool restarts() const;
  void drop_restart();
  void leave_call(u64 answer);
};

namespace tracees {

/// Whether somebody else has to wait for the end of this process before its parent may.
bool hides_end(const process&);
/// The caller's tracee with news.
struct news {
  tracee* of = nullptr;
  i32 status = 0;
};

/// The calling thread's.
thread_segments segments_of(const thread& self);

// --- from the calling thread, which is traced
/// Interrupts and stops of its group: whether there was one.
bool look(thread&);
bool wants_to_stop(const thread&);
/// A signal is about to reach it. False: the tracer does not let it.
bool passes(thread&, siginfo&);
/// In a sleep that signals can end: whatever its tracer has to hear of and that does not end the sleep. False: there was nothing.
bool stop_in_sleep(thread&);
/// False: the call is not to be made.
bool call_begins(thread&);
void call_ends(thread&);
/// A filter of the thread's wants its tracer to hear of the call that it is about to make.
filter_verdict stop_at_filter(thread&, u64 message);
/// It has the number of its process' first thread, which is no more.
void took_first_id(thread&);
void executed(thread&, i32 old_id);
/// A new process or thread, before it runs, and after.
void begins(thread& parent, thread& child, trace_event);
void has_begun(thread& parent, i32 child, trace_event);
void vfork_is_done(thread& parent, i32 child);
/// The trap flag's trap: false if it is to be a signal.
bool is_own_step(thread&, registers&);
void before_handler(thread&, registers&);
void after_handler(thread&, registers&);
void exits(thread&, i32 status_word);
/// Those that stand at their end do so no longer.
void end_exit_stops(process&);

// --- ends
void thread_ended(thread&, i32 status_word);
/// False: the parent may hear of it.
bool process_ended(process&);
void tracer_ended(process&, i32 thread_id); ///< 0: all threads
void forget(process& reaped);
/// The stop of a group is over.
void group_resumed(process&);
/// The tracer has heard of the end.
void heard_of_end(tracee&);
i32 status_of(const tracee&);
} // namespace tracees

} // namespace polyabi::reference
