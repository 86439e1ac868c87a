// Following another process from stop to stop: what ptrace(2) and the control files of /proc are made of. A tracer's tracees are threads;
// one of them stops before a signal reaches it, at system calls, and where its options ask for it, and stands until it is let go on.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/core/registers.hpp>

namespace polyabi {

/// Why a tracee stands, beside a signal.
enum class trace_event : u8 { none, system_call, fork, vfork, clone, exec, vfork_done, exit, filter, stop };

struct trace_options {
  u32 events = 0;               ///< see `trace_bit`; of `system_call`, that its stops are told from SIGTRAP
  bool end_with_tracer = false; ///< the tracees are killed when their tracer ends

  constexpr bool has(trace_event event) const { return (events >> static_cast<u32>(event) & 1) != 0; }
  constexpr void add(trace_event event) { events |= u32{1} << static_cast<u32>(event); }
};

/// How a tracee goes on: until something happens; until the next entry to or return from a system call; for one instruction; until the
/// next call, or until that or one instruction later, and the call is the tracer's to make; or not at all, but its tracer hears of the
/// end of its group's stop.
enum class trace_resumption : u8 { run, to_call, step, emulate_calls, emulate_or_step, listen };
constexpr bool emulates_calls(trace_resumption how) {
  return how == trace_resumption::emulate_calls || how == trace_resumption::emulate_or_step;
}
constexpr bool steps(trace_resumption how) {
  return how == trace_resumption::step || how == trace_resumption::emulate_or_step;
}

/// What a tracer said of a call that a filter told it of: there is nobody to be told, the call (maybe another one) may be made, or not.
enum class filter_verdict : u8 { nobody_asks, goes_on, is_not_made };

/// A 32-bit thread-local descriptor; see op::set_thread_area.
struct thread_area {
  u32 base = 0, limit = 0, flags = 0;
};
/// What the processor adds to addresses. `changed`: by a tracer, for the thread to take up.
struct thread_segments {
  static constexpr u32 first_area = 12, area_count = 3; ///< entries of the descriptor table
  u64 bases[2]{};                                       ///< of FS and GS
  thread_area areas[area_count]{};
  bool bases_changed = false, areas_changed = false;
};

/// In a wait status word of a stop (`signal << 8 | 0x7f`), where the event is.
inline constexpr u32 trace_event_shift = 16;

/// One stop. `Details` is the kernel's siginfo.
template <class Details>
struct trace_stop {
  trace_event event = trace_event::none;
  bool entering = false; ///< of a system call, or at a filter: it is about to be made
  bool emulates = false; ///< and will not be: the answer is the tracer's
  i32 signal = 0;        ///< native
  bool has_details = false;
  Details details{};     ///< the tracer may change them
  u64 message = 0; ///< the new process' or thread's number, the exit status, the thread's number before exec, a filter's value
  thread_segments segments;
  bool skips_call = false; ///< set at an entry: the call is not made, and the frame has its answer
  u64 answer = 0;          ///< of a call that the tracer emulates
};

/// Where the thread is with its system call: the frame has its number, or its answer.
enum class call_progress : u8 { none, being_made, made };

namespace service {

/// Tracing of processes. Inside the section.
struct process_tracing {
  template <class K>
  static constexpr bool present =
      requires(typename K::thread& t, typename K::tracee& tracee, trace_options options, i32 number, bool flag, u64 address,
               void* buffer, usize size, native<K, shape::siginfo>& details) {
        { K::trace_me(t) } -> std::same_as<answer<K>>; // by the parent
        // ESRCH, EPERM. Not `flag`: it is sent a SIGSTOP.
        { K::trace(t, number, options, flag) } -> std::same_as<answer<K>>;
        // The caller's; ESRCH. `flag`: it stands.
        { K::find_tracee(t, number, flag) } -> std::same_as<answer<K, typename K::tracee*>>;
        K::resume(tracee, trace_resumption::run, number); // with this signal, 0 for none
        K::end_tracing(tracee, number);
        K::interrupt(tracee);
        K::kill(tracee);
        // Its memory, whatever its protection, for pages that are its own. False: there is none.
        { K::read_traced(tracee, address, buffer, size) } -> std::same_as<bool>;
        { K::write_traced(tracee, address, static_cast<const void*>(buffer), size) } -> std::same_as<bool>;
        // By a filter, for the calling thread, with this message.
        { K::stop_at_filter(t, size) } -> std::same_as<filter_verdict>;
        // Signals that are pending, in order, for its process (`flag`) or itself; false at the end.
        { K::pending_signal(tracee, flag, size, details) } -> std::same_as<bool>;
        { K::mask_of(tracee) } -> std::same_as<native<K, shape::sigset>>;
        K::set_mask_of(tracee, native<K, shape::sigset>{});
        { tracee.options } -> std::same_as<trace_options&>;
        { tracee.seized } -> std::same_as<bool&>;
        { tracee.is_32_bit() } -> std::same_as<bool>;
        // Of one that stands.
        { tracee.stop() } -> std::same_as<trace_stop<native<K, shape::siginfo>>&>;
        { tracee.frame() } -> std::same_as<registers&>;
        { tracee.progress() } -> std::same_as<call_progress>;
        { tracee.call_number() } -> std::same_as<u64>;
        { tracee.restarts() } -> std::same_as<bool>; // the call will be made again
        tracee.drop_restart();
        tracee.leave_call(address); // it ends, and the registers are as they are now, with this answer
        { tracee.debug_registers } -> std::same_as<u64 (&)[8]>;
        { tracee.unmade_answer } -> std::same_as<u64&>; // of a call that its tracer is to emulate, unless it says another
      };
};

} // namespace service

} // namespace polyabi
