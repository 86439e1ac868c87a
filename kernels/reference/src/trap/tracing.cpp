// What the kernel tells a tracer beside the calls themselves: who makes them, signals, and the ends of processes.
#include <polyabi/core/trace.hpp>
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/tracing.hpp>

namespace polyabi::reference {

void kernel::trace_identity(thread& caller, trace_record& head) {
  const process& p = *caller.owner;
  head.process = p.id;
  head.thread = caller.id;
  head.time = machine::monotonic_time();
  if (caller.restart) head.flags |= tracing::restarts;
  const auto linked = linked_personalities();
  for (usize i = 0; i < linked.size(); ++i)
    if (linked[i] == p.personality) head.abi = static_cast<u8>(i);
}

void kernel::trace_write(thread&, const trace_record& head, const void* payload, usize size) {
  const lock::holder one_writer{trace_lock};
  machine::trace(&head, sizeof head, payload, size);
}

namespace tracing {

namespace {

void write(thread& about, trace_kind kind, u32 number, const void* payload, usize size) {
  trace_record head;
  head.kind = kind;
  head.number = number;
  kernel::trace_identity(about, head);
  head.flags = 0;
  head.size = static_cast<u32>(sizeof head + size);
  kernel::trace_write(about, head, payload, size);
}

} // namespace

void signal_comes(thread& to, const siginfo& details) {
  if (kernel::tracing) write(to, trace_kind::signal, static_cast<u32>(details.signo), &details, sizeof details);
}

void process_ends(thread& last, i32 status_word) {
  if (kernel::tracing) write(last, trace_kind::exited, static_cast<u32>(status_word), nullptr, 0);
}

} // namespace tracing

} // namespace polyabi::reference
