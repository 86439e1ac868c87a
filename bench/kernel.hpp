// A kernel for measuring: every operation is an empty function in another file, so that only translation is left to measure. Its
// numbers and structures are the reference kernel's.
#pragma once

#include <polyabi/core/instantiate.hpp>
#include <polyabi/reference/maps.hpp>
#include <polyabi/reference/structs.hpp>

namespace bench {

using namespace polyabi;

struct thread {
  i32 id = 7;
};
using reference::error;

class new_descriptor {
public:
  explicit new_descriptor(i32 number) : number_{number} {}
  new_descriptor() = default;
  i32 commit(commit_right) { return number_; }

private:
  i32 number_ = 0;
};

// Defined in operations.cpp: neither side of the comparison can see into them.
basic_result<i32, error> process_id(thread&);
basic_result<void, error> close(thread&, i32 descriptor);
basic_result<new_descriptor, error> open(thread&, i32 directory, std::string_view path, u32 flags, u32 mode);
basic_result<void, error> file_status(thread&, i32 descriptor, reference::stat& out);
basic_result<void, error> fail(thread&, i32 descriptor);

// User memory is the program's own, checked as a kernel checks it.
inline constexpr u64 user_end = 0x7fff'ffff'f000;
bool copy_in(void* to, u64 from, usize size);
bool copy_out(u64 to, const void* from, usize size);
i64 copy_in_string(char* to, u64 from, usize limit);

struct operations {
  static basic_result<i32, error> perform(op::getpid, thread& t) { return process_id(t); }
  static basic_result<void, error> perform(op::close, thread& t, i32 d) { return close(t, d); }
  static basic_result<new_descriptor, error> perform(op::open, thread& t, i32 at, std::string_view p, u32 f, u32 m) {
    return open(t, at, p, f, m);
  }
  static basic_result<void, error> perform(op::fstat, thread& t, i32 d, reference::stat& out) { return file_status(t, d, out); }
  static basic_result<void, error> perform(op::fchdir, thread& t, i32 d) { return fail(t, d); }
  using provides = operation_list<op::getpid, op::close, op::open, op::fstat, op::fchdir>;
};

struct kernel : kernel_of<operations> {
  using thread = bench::thread;
  using error = bench::error;
  using new_descriptor = bench::new_descriptor;
  template <class Name> using map = typename reference::detail::map_for<Name>::type;
  template <class Shape> using native = typename reference::detail::native_for<Shape>::type;
  static constexpr i32 current_directory = reference::at::current_directory;
  static constexpr error restart_call = error::restart_call;
  static void request_restart(thread&) {}
  static bool copy_in(thread&, void* to, u64 from, usize size) { return bench::copy_in(to, from, size); }
  static bool copy_out(thread&, u64 to, const void* from, usize size) { return bench::copy_out(to, from, size); }
  static i64 copy_in_string(thread&, char* to, u64 from, usize limit) { return bench::copy_in_string(to, from, limit); }
  static void unsupported(thread&, const unsupported_report&) {}
};

/// The two sides of the comparison: a Linux x86-64 system call for `kernel`.
void derived_system_call(thread&, registers&);
void hand_written_system_call(thread&, registers&);
bool derived_signal(thread&, registers&, const signal_delivery<kernel>&);
bool hand_written_signal(thread&, registers&, const signal_delivery<kernel>&);

} // namespace bench
