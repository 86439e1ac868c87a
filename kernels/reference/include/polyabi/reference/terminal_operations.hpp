// Operations on terminals.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

struct terminal_operations {
  using provides = operation_list<op::terminal_get_attributes, op::terminal_set_attributes, op::terminal_get_window,
                                  op::terminal_set_window, op::terminal_get_foreground, op::terminal_set_foreground,
                                  op::terminal_get_session, op::terminal_set_controlling, op::terminal_drop_controlling,
                                  op::terminal_flush, op::terminal_flow, op::terminal_drain, op::terminal_send_break,
                                  op::terminal_output_queued, op::pseudo_terminal_number, op::pseudo_terminal_unlock,
                                  op::pseudo_terminal_set_packets, op::pseudo_terminal_has_packets>;

  static result<> perform(op::terminal_get_attributes, thread&, i32 descriptor, termios& out);
  static result<> perform(op::terminal_set_attributes, thread&, i32 descriptor, i32 when, const termios& attributes);
  static result<> perform(op::terminal_get_window, thread&, i32 descriptor, winsize& out);
  static result<> perform(op::terminal_set_window, thread&, i32 descriptor, const winsize& window);
  static result<i32> perform(op::terminal_get_foreground, thread&, i32 descriptor);
  static result<> perform(op::terminal_set_foreground, thread&, i32 descriptor, i32 group);
  static result<i32> perform(op::terminal_get_session, thread&, i32 descriptor);
  static result<> perform(op::terminal_set_controlling, thread&, i32 descriptor, bool steal);
  static result<> perform(op::terminal_drop_controlling, thread&, i32 descriptor);
  static result<> perform(op::terminal_flush, thread&, i32 descriptor, i32 queue);
  static result<> perform(op::terminal_flow, thread&, i32 descriptor, i32 action);
  static result<> perform(op::terminal_drain, thread&, i32 descriptor);
  static result<> perform(op::terminal_send_break, thread&, i32 descriptor);
  static result<i32> perform(op::terminal_output_queued, thread&, i32 descriptor);
  static result<i32> perform(op::pseudo_terminal_number, thread&, i32 descriptor);
  static result<> perform(op::pseudo_terminal_unlock, thread&, i32 descriptor, bool locked);
  static result<> perform(op::pseudo_terminal_set_packets, thread&, i32 descriptor, bool on);
  static result<i32> perform(op::pseudo_terminal_has_packets, thread&, i32 descriptor);
};

} // namespace polyabi::reference
