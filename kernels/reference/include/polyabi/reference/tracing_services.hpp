// Tracing of processes by others (core/process_tracing.hpp), as personalities ask for it.
#pragma once

#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

struct tracing_services {
  using tracing_service_list = operation_list<service::process_tracing>;
  using tracee = reference::tracee;

  static result<> trace_me(thread&);
  static result<> trace(thread&, i32 thread_id, trace_options, bool seize);
  static result<tracee*> find_tracee(thread&, i32 thread_id, bool stands);
  static void resume(tracee&, trace_resumption, i32 signo);
  static void end_tracing(tracee&, i32 signo);
  static void interrupt(tracee&);
  static void kill(tracee&);
  static bool read_traced(const tracee&, u64 from, void* to, usize size);
  static bool write_traced(const tracee&, u64 to, const void* from, usize size);
  static filter_verdict stop_at_filter(thread& caller, u64 message) { return tracees::stop_at_filter(caller, message); }
  static bool pending_signal(const tracee&, bool of_process, usize index, siginfo&);
  static sigset mask_of(const tracee&);
  static void set_mask_of(tracee&, const sigset&);
};

} // namespace polyabi::reference
