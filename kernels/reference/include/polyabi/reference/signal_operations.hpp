// Signals.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

/// Group of `kernel`: see operations.hpp for what each means.
struct signal_operations {
  static result<> perform(op::kill, thread&, i32 pid, i32 signal);
  static result<> perform(op::kill_thread, thread&, i32 process_id, i32 thread_id, i32 signal);
  static result<> perform(op::set_action, thread&, i32 signal, const sigaction* action, sigaction* old);
  static result<> perform(op::set_mask, thread&, i32 how, const sigset* set, sigset* old);
  static result<> perform(op::pending, thread&, sigset& out);
  static result<> perform(op::suspend, thread&, const sigset& mask);
  static result<> perform(op::alternate_stack, thread&, const sigstack* stack, sigstack* old);
  static result<i32> perform(op::wait_signal, thread&, const sigset& set, siginfo& info, const timespec* timeout);
  static result<> perform(op::queue_signal, thread&, i32 pid, i32 signal, const siginfo& info);
  static result<> perform(op::queue_thread_signal, thread&, i32 process_id, i32 thread_id, i32 signal, const siginfo& info);
  static result<> perform(op::return_from_handler, thread&, const sigset& mask);

  using provides = operation_list<op::kill, op::kill_thread, op::set_action, op::set_mask, op::pending, op::suspend,
                                  op::alternate_stack, op::wait_signal, op::queue_signal, op::queue_thread_signal, op::return_from_handler>;
};

} // namespace polyabi::reference
