// A kernel for measuring: every operation is an empty function in another file, so that only translation is left to measure.
// Its numbers and structures are the reference kernel's.
#pragma once

#include <polyabi/core/instantiate.hpp>
#include <polyabi/facilities/interest/calls.hpp>
#include <polyabi/reference/maps.hpp>
#include <polyabi/reference/socket_maps.hpp>
#include <polyabi/reference/socket_structs.hpp>
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

struct kernel;
/// An open file. What stands behind it is a facility's, or nothing.
struct file {
  custom_file<kernel>* custom = nullptr;
};
struct file_ref {
  file* at = nullptr;
  explicit operator bool() const { return at != nullptr; }
  file& operator*() const { return *at; }
};

// Defined in operations.cpp: neither side of the comparison can see into them.
basic_result<i32, error> process_id(thread&);
basic_result<void, error> close(thread&, i32 descriptor);
basic_result<new_descriptor, error> open(thread&, i32 directory, std::string_view path, u32 flags, u32 mode);
basic_result<void, error> file_status(thread&, i32 descriptor, reference::stat& out);
basic_result<void, error> path_status(thread&, i32 directory, std::string_view path, u32 flags, reference::stat& out);
basic_result<void, error> fail(thread&, i32 descriptor);
basic_result<i64, error> read(thread&, i32 descriptor, user_vector into);
basic_result<void, error> set_action(thread&, i32 number, const reference::sigaction* action, reference::sigaction* old);
basic_result<void, error> bind(thread&, i32 descriptor, const socket_address<kernel>& address);
basic_result<void, error> socket_name(thread&, i32 descriptor, socket_address<kernel>& out);
basic_result<void, error> terminal_attributes(thread&, i32 descriptor, reference::termios& out);
basic_result<void, error> set_terminal_attributes(thread&, i32 descriptor, i32 when, const reference::termios& attributes);
basic_result<u32, error> status_flags(thread&, i32 descriptor);
basic_result<file_ref, error> file_of(thread&, i32 descriptor);

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
  static basic_result<void, error> perform(op::stat, thread& t, i32 at, std::string_view p, u32 f, reference::stat& out) {
    return path_status(t, at, p, f, out);
  }
  static basic_result<i64, error> perform(op::read, thread& t, i32 d, user_vector into) { return read(t, d, into); }
  static basic_result<void, error> perform(op::set_action, thread& t, i32 n, const reference::sigaction* a,
                                           reference::sigaction* old) {
    return set_action(t, n, a, old);
  }
  static basic_result<void, error> perform(op::bind, thread&, i32, const socket_address<kernel>&);
  static basic_result<void, error> perform(op::socket_name, thread&, i32, socket_address<kernel>&);
  static basic_result<void, error> perform(op::terminal_get_attributes, thread& t, i32 d, reference::termios& out) {
    return terminal_attributes(t, d, out);
  }
  static basic_result<void, error> perform(op::terminal_set_attributes, thread& t, i32 d, i32 when,
                                           const reference::termios& a) {
    return set_terminal_attributes(t, d, when, a);
  }
  static basic_result<u32, error> perform(op::get_status_flags, thread& t, i32 d) { return status_flags(t, d); }
  static basic_result<void, error> perform(op::terminal_get_window, thread&, i32, reference::winsize&) { return error::notty; }
  static basic_result<i32, error> perform(op::pseudo_terminal_number, thread&, i32) { return error::notty; }
  using provides = operation_list<op::getpid, op::close, op::open, op::fstat, op::fchdir, op::stat, op::read, op::set_action,
                                  op::bind, op::socket_name, op::terminal_get_attributes, op::terminal_set_attributes,
                                  op::get_status_flags, op::terminal_get_window, op::pseudo_terminal_number>;
};

struct kernel : kernel_of<operations> {
  using thread = bench::thread;
  using error = bench::error;
  using new_descriptor = bench::new_descriptor;
  template <class Name>
  using map = typename reference::detail::map_for<Name>::type;
  template <class Shape>
  using native = typename reference::detail::native_for<Shape>::type;
  static constexpr i32 current_directory = reference::at::current_directory;
  static constexpr error restart_call = error::restart_call;
  static void request_restart(thread&) {}
  static bool copy_in(thread&, void* to, u64 from, usize size) { return bench::copy_in(to, from, size); }
  static bool copy_out(thread&, u64 to, const void* from, usize size) { return bench::copy_out(to, from, size); }
  static i64 copy_in_string(thread&, char* to, u64 from, usize limit) { return bench::copy_in_string(to, from, limit); }
  static void unsupported(thread&, const unsupported_report&) {}

  // What the library's facilities ask. Nobody else is there, so a section keeps out nobody.
  using file = bench::file;
  using file_ref = bench::file_ref;
  struct section {
    section() {}
  };
  struct watch {};
  static basic_result<file_ref, error> file_of(thread& t, i32 descriptor) { return bench::file_of(t, descriptor); }
  static custom_file<kernel>* custom_of(file& f) { return f.custom; }
  static u64 monotonic_time() { return 0; }
};

inline basic_result<void, error> operations::perform(op::bind, thread& t, i32 d, const socket_address<kernel>& a) {
  return bind(t, d, a);
}
inline basic_result<void, error> operations::perform(op::socket_name, thread& t, i32 d, socket_address<kernel>& out) {
  return socket_name(t, d, out);
}

/// What is ready in an interest list: `index` counts from 0. False at the end.
bool next_ready(i32 index, facilities::ready_event& out);

} // namespace bench

/// Of the facility only what tells what is ready.
template <>
class polyabi::facilities::interest_list<bench::kernel> final : public custom_file<bench::kernel> {
public:
  static constexpr char kind_mark = 0;
  interest_list() : custom_file{&kind_mark} {}
  u16 poll(u16, bench::kernel::watch*) override { return 0; }
  void closed() override {}
  template <class Deliver>
  answer<bench::kernel, i32> wait(bench::thread&, i32 most, u64, Deliver deliver) {
    facilities::ready_event ready;
    i32 told = 0;
    for (; told < most && bench::next_ready(told, ready); ++told)
      if (!deliver(ready, told)) return bench::error::fault;
    return told;
  }
};

namespace bench {

/// The two sides of the comparison: a Linux x86-64 system call for `kernel`, a signal of it, and getmsg(2) of SVR4 on i386.
void derived_system_call(thread&, registers&);
void derived_few(thread&, registers&); ///< epoll_wait and bind
void hand_written_system_call(thread&, registers&);
bool derived_signal(thread&, registers&, const signal_delivery<kernel>&);
bool hand_written_signal(thread&, registers&, const signal_delivery<kernel>&);
void derived_get_message(thread&, registers&);
void hand_written_get_message(thread&, registers&);

} // namespace bench
