// The reference kernel as the framework sees it: a type that provides operations in groups.
#pragma once

#include <polyabi/core/environment.hpp>
#include <polyabi/core/kernel.hpp>
#include <polyabi/reference/attribute_operations.hpp>
#include <polyabi/reference/descriptor_operations.hpp>
#include <polyabi/reference/device_numbers.hpp>
#include <polyabi/reference/file_operations.hpp>
#include <polyabi/reference/file_services.hpp>
#include <polyabi/reference/information_operations.hpp>
#include <polyabi/reference/machine.hpp>
#include <polyabi/reference/maps.hpp>
#include <polyabi/reference/memory_file_services.hpp>
#include <polyabi/reference/memory_operations.hpp>
#include <polyabi/reference/mount_operations.hpp>
#include <polyabi/reference/network_operations.hpp>
#include <polyabi/reference/process_operations.hpp>
#include <polyabi/reference/service_functions.hpp>
#include <polyabi/reference/signal_operations.hpp>
#include <polyabi/reference/socket_maps.hpp>
#include <polyabi/reference/socket_operations.hpp>
#include <polyabi/reference/socket_services.hpp>
#include <polyabi/reference/system_operations.hpp>
#include <polyabi/reference/terminal_operations.hpp>
#include <polyabi/reference/time_operations.hpp>
#include <polyabi/reference/tracing_services.hpp>
#include <polyabi/reference/user_memory.hpp>

namespace polyabi {
struct trace_record;
}

namespace polyabi::reference {

constexpr device_row device_row_of(special_device name, u64 number) {
  return {name, device_major(number), device_minor(number)};
}

/// Every group is one header here and one folder of sources.
using operation_groups =
    kernel_of<file_operations, attribute_operations, mount_operations, descriptor_operations, terminal_operations, process_operations, memory_operations,
              signal_operations, time_operations, system_operations, information_operations, socket_operations, network_operations>;

/// Meets the framework's `kernel` concept.
struct kernel : operation_groups, service_functions, socket_services, file_services, memory_file_services, tracing_services {
  template <class Operation>
  static constexpr bool provides =
      operation_groups::provides<Operation> || services::contains<Operation> || socket_service_list::contains<Operation> ||
      file_service_list::contains<Operation> || memory_file_service_list::contains<Operation> || tracing_service_list::contains<Operation>;
  using thread = reference::thread;
  using error = reference::error;
  template <class Shape>
  using native = typename detail::native_for<Shape>::type;
  using new_descriptor = reference::new_descriptor;
  using new_descriptor_pair = reference::new_descriptor_pair;
  using new_child = reference::new_child;
  using new_descriptors = reference::new_descriptors;
  /// The kernel's numbers for a vocabulary enumeration.
  template <class Name>
  using map = typename detail::map_for<Name>::type;

  /// Operations run under the kernel lock, but those that look only at what belongs to the calling thread, or at constants, and
  /// those that take it themselves, if they need it.
  struct under_lock : kernel_lock::locked {
    explicit under_lock(thread&) {}
  };
  struct without_lock {
    explicit constexpr without_lock(thread&) {}
  };
  using unbracketed = operation_list<op::getpid, op::gettid, op::clock_get, op::yield, op::thread_words, op::inherited_words, op::set_segment_base,
                                   op::get_segment_base, op::set_thread_area, op::get_thread_area, op::processor_of_caller, op::random, op::setting,
                                   op::open, op::stat, op::fstat, op::access, op::read, op::write, op::pread, op::pwrite, op::seek>;
  template <class Operation>
  using bracket = std::conditional_t<unbracketed::contains<Operation>, without_lock, under_lock>;

  /// What the thread's process runs under.
  static const abi<kernel>& personality_of(const thread& t) { return *t.owner->personality; }
  /// The release of it that was chosen; none: no choice.
  static release release_of(const thread& t) { return t.owner->seen; }

  static constexpr i32 current_directory = at::current_directory;
  /// Control items of messages are aligned as 4.4BSD's are.
  static constexpr usize control_alignment = 8;
  /// No limit, in an rlimit.
  static constexpr u64 unlimited = resources::infinity;
  /// Nanoseconds in a time_pair that mean the present time, or leave the time alone.
  static constexpr i64 time_now = utime::now, time_omit = utime::omit;

  /// The number that stands for an interrupted call which may be restarted; the derived entry notes it in the thread.
  static constexpr error restart_call = error::restart_call;
  static void request_restart(thread& caller) { caller.restart = true; }

  static constexpr u64 make_device(u32 major, u32 minor) { return reference::make_device(major, minor); }
  static constexpr u32 device_major(u64 device) { return reference::device_major(device); }
  static constexpr u32 device_minor(u64 device) { return reference::device_minor(device); }

  static constexpr device_row devices[] = {
      device_row_of(special_device::console, device_numbers::console),
      device_row_of(special_device::tty, device_numbers::tty),
      device_row_of(special_device::null, device_numbers::null),
      device_row_of(special_device::zero, device_numbers::zero),
      device_row_of(special_device::full, device_numbers::full),
      device_row_of(special_device::random, device_numbers::random),
      device_row_of(special_device::urandom, device_numbers::urandom),
      device_row_of(special_device::ptmx, device_numbers::ptmx),
      device_row_of(special_device::tunnel, device_numbers::tunnel),
      {special_device::slave, device_numbers::slave_major, 0, true},
  };

  // User memory of the calling thread.
  [[nodiscard]] static bool copy_in(thread&, void* to, u64 from, usize size) { return user_memory::copy_in(to, from, size); }
  [[nodiscard]] static bool copy_out(thread&, u64 to, const void* from, usize size) {
    return user_memory::copy_out(to, from, size);
  }
  [[nodiscard]] static i64 copy_in_string(thread&, char* to, u64 from, usize limit) {
    return user_memory::copy_in_string(to, from, limit);
  }

  /// Whether `unsupported` logs; set by the machine before the first process runs.
  inline static bool log_unsupported = true;
  /// Logs, once for each (call, what, value), what a program asked for and did not get.
  static void unsupported(thread&, const unsupported_report&);

  /// Whether calls are traced; set at boot, before the first process runs.
  inline static bool tracing = false;
  static bool traced(thread&) { return tracing; }
  /// Fills in who a record is about and when.
  static void trace_identity(thread&, trace_record&);
  static void trace_write(thread&, const trace_record&, const void* payload, usize size);
};

} // namespace polyabi::reference
