// Clocks, sleeping and timers.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

/// Group of `kernel`: see operations.hpp for what each means.
struct time_operations {
  static result<> perform(op::clock_get, thread&, i32 clock, timespec& out);
  static result<> perform(op::clock_set, thread&, i32 clock, const timespec& time);
  static result<> perform(op::clock_resolution, thread&, i32 clock, timespec& out);
  static result<> perform(op::sleep, thread&, i32 clock, bool absolute, const timespec& request, timespec* remaining);
  static result<> perform(op::get_timer, thread&, i32 which, itimerval& out);
  static result<> perform(op::set_timer, thread&, i32 which, const itimerval& value, itimerval& old);

  using provides = operation_list<op::clock_get, op::clock_set, op::clock_resolution, op::sleep, op::get_timer, op::set_timer>;
};

} // namespace polyabi::reference
