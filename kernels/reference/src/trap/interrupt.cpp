// Interrupts: what reaches the kernel from outside any user's call. (Consoles and host descriptors: devices/.)
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/timers.hpp>
#include <process/table.hpp>

namespace polyabi::reference::interrupt {

void timer() {
  const kernel_lock::locked lock;
  timers::expire(machine::monotonic_time());
}

void release_thread(thread& t) {
  const kernel_lock::locked lock;
  heap::destroy(t.start);
  heap::destroy(&t);
}

void lost_process(thread& t, i32 signal_number) {
  if (holds_a_lock(t.id)) machine::panic("a process died in the kernel");
  const kernel_lock::locked lock;
  if (t.owner == nullptr) return; // it had ended already
  lifecycle::bury(*t.owner, signal_number);
}

void signal_first_process(i32 signal_number) {
  const kernel_lock::locked lock;
  process* first = process_table::find(detail::first_program_id);
  if (first == nullptr) return;
  const siginfo info = signals::from_kernel(signal_number, signal_codes::user);
  // To continue means the job, as a shell's fg does it.
  if (signal_number == signals::cont)
    signals::send(*first->group, info);
  else
    signals::send(*first, info);
}

} // namespace polyabi::reference::interrupt
