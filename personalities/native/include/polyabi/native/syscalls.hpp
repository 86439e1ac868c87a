// The system calls of a kernel's own programs: one for each operation, in the order of the vocabulary, with the operation's own
// arguments. The numbering is this table's; numbers, flags and structures are the kernel's, whatever they are.
#pragma once

#include <polyabi/native/handlers.hpp>
#include <polyabi/native/signal_frame.hpp>
#include <polyabi/native/structures.hpp>

namespace polyabi::native_abi {

// clang-format off
template <class K>
struct tables {
  using s = structures<K>;
  template <class Name> using f = arguments::flags<kernel_map<K, Name>>;
  template <class Name> using n = arguments::one_of<kernel_map<K, Name>>;
  template <template <class> class S> using out = arguments::out<S>;
  template <template <class> class S> using in = arguments::in<S>;

  using fd = arguments::fd; using pid = arguments::pid; using int_ = arguments::int_; using uint_ = arguments::uint_;
  using address = arguments::address; using size = arguments::size; using path = arguments::path; using mode = arguments::file_mode;
  using dir = arguments::directory; using uid = arguments::user_id; using gid = arguments::group_id;
  using status = arguments::status; using count = arguments::count; using word = arguments::word; using new_fd = arguments::new_fd;

  using files = syscall_table<
      call<at{0}, "exit", status(int_), handlers::exit>,
      call<at{1}, "open", new_fd(dir, path, f<open_flag>, mode), op::open>,
      call<at{2}, "close", status(fd), op::close>,
      call<at{3}, "read", count(fd, arguments::buffer_out), op::read>,
      call<at{4}, "write", count(fd, arguments::buffer_in), op::write>,
      call<at{5}, "readv", count(fd, arguments::vector_out), op::read>,
      call<at{6}, "writev", count(fd, arguments::vector_in), op::write>,
      call<at{7}, "pread", count(fd, arguments::buffer_out, arguments::offset), op::pread>,
      call<at{8}, "pwrite", count(fd, arguments::buffer_in, arguments::offset), op::pwrite>,
      call<at{9}, "seek", count(fd, arguments::offset, n<seek_origin>), op::seek>,
      call<at{10}, "stat", status(dir, path, f<at_flag>, out<s::template stat>), op::stat>,
      call<at{11}, "fstat", status(fd, out<s::template stat>), op::fstat>,
      call<at{12}, "statfs", status(path, out<s::template statfs>), op::statfs>,
      call<at{13}, "fstatfs", status(fd, out<s::template statfs>), op::fstatfs>,
      call<at{14}, "access", status(dir, path, f<access_check>, f<at_flag>), op::access>,
      call<at{15}, "link", status(dir, path, dir, path, f<at_flag>), op::link>,
      call<at{16}, "symlink", status(path, dir, path), op::symlink>,
      call<at{17}, "readlink", count(dir, path, arguments::bytes_out), op::readlink>,
      call<at{18}, "unlink", status(dir, path, f<at_flag>), op::unlink>,
      call<at{19}, "rename", status(dir, path, dir, path), op::rename>,
      call<at{20}, "mkdir", status(dir, path, mode), op::mkdir>,
      call<at{21}, "mknod", status(dir, path, mode, address), op::mknod>,
      call<at{22}, "chmod", status(dir, path, mode, f<at_flag>), op::chmod>,
      call<at{23}, "fchmod", status(fd, mode), op::fchmod>,
      call<at{24}, "chown", status(dir, path, uid, gid, f<at_flag>), op::chown>,
      call<at{25}, "fchown", status(fd, uid, gid), op::fchown>,
      call<at{26}, "set_times", status(dir, path, arguments::in_or_null<s::template time_pair>, f<at_flag>), op::set_times>,
      call<at{27}, "fset_times", status(fd, arguments::in_or_null<s::template time_pair>), op::fset_times>,
      call<at{28}, "truncate", status(path, arguments::offset), op::truncate>,
      call<at{29}, "ftruncate", status(fd, arguments::offset), op::ftruncate>,
      call<at{30}, "chdir", status(path), op::chdir>,
      call<at{31}, "fchdir", status(fd), op::fchdir>,
      call<at{32}, "chroot", status(path), op::chroot>,
      call<at{33}, "getcwd", count(arguments::bytes_out), op::getcwd>,
      call<at{34}, "umask", word(mode), op::umask>,
      call<at{35}, "sync", status(), op::sync>,
      call<at{36}, "fsync", status(fd), op::fsync>,
      call<at{37}, "read_directory", count(fd, arguments::bytes_out), handlers::read_directory>,
      call<at{38}, "dup", new_fd(fd, int_, f<fd_flag>), op::dup>,
      call<at{39}, "dup_to", new_fd(fd, int_, f<fd_flag>), op::dup_to>,
      call<at{40}, "get_descriptor_flags", word(fd), op::get_descriptor_flags>,
      call<at{41}, "set_descriptor_flags", status(fd, f<fd_flag>), op::set_descriptor_flags>,
      call<at{42}, "get_status_flags", word(fd), op::get_status_flags>,
      call<at{43}, "set_status_flags", status(fd, f<open_flag>), op::set_status_flags>,
      call<at{44}, "get_lock", status(fd, arguments::inout<s::template flock>), op::get_lock>,
      call<at{45}, "set_lock", status(fd, in<s::template flock>, arguments::constant<false>), op::set_lock>,
      call<at{46}, "set_lock_wait", status(fd, in<s::template flock>, arguments::constant<true>), op::set_lock>,
      call<at{47}, "lock_file", status(fd, n<lock_kind>, arguments::constant<false>), op::lock_file>,
      call<at{48}, "lock_file_wait", status(fd, n<lock_kind>, arguments::constant<true>), op::lock_file>,
      call<at{49}, "pipe", arguments::two_new_fds(f<open_flag>), op::pipe>,
      call<at{50}, "poll", count(address, uint_, arguments::in_or_null<s::template timespec>, arguments::in_or_null<s::template sigset>), handlers::poll>>;

  using terminals = syscall_table<
      call<at{60}, "terminal_get_attributes", status(fd, out<s::template termios>), op::terminal_get_attributes>,
      call<at{61}, "terminal_set_attributes", status(fd, n<set_attributes_when>, in<s::template termios>), op::terminal_set_attributes>,
      call<at{62}, "terminal_get_window", status(fd, out<s::template winsize>), op::terminal_get_window>,
      call<at{63}, "terminal_set_window", status(fd, in<s::template winsize>), op::terminal_set_window>,
      call<at{64}, "terminal_get_foreground", count(fd), op::terminal_get_foreground>,
      call<at{65}, "terminal_set_foreground", status(fd, pid), op::terminal_set_foreground>,
      call<at{66}, "terminal_get_session", count(fd), op::terminal_get_session>,
      call<at{67}, "terminal_set_controlling", status(fd, int_), handlers::with_truth<op::terminal_set_controlling>>,
      call<at{68}, "terminal_drop_controlling", status(fd), op::terminal_drop_controlling>,
      call<at{69}, "terminal_flush", status(fd, n<flush_queue>), op::terminal_flush>,
      call<at{70}, "terminal_flow", status(fd, n<flow_action>), op::terminal_flow>,
      call<at{71}, "terminal_drain", status(fd), op::terminal_drain>,
      call<at{72}, "terminal_send_break", status(fd), op::terminal_send_break>,
      call<at{73}, "terminal_output_queued", count(fd), op::terminal_output_queued>,
      call<at{74}, "pseudo_terminal_number", count(fd), op::pseudo_terminal_number>,
      call<at{75}, "pseudo_terminal_unlock", status(fd, int_), handlers::with_truth<op::pseudo_terminal_unlock>>,
      call<at{76}, "bytes_readable", count(fd), op::bytes_readable>,
      call<at{77}, "set_nonblocking", status(fd, int_), handlers::with_truth<op::set_nonblocking>>>;

  using processes = syscall_table<
      call<at{80}, "fork", arguments::child(arguments::constant<false>), op::fork>,
      call<at{81}, "vfork", arguments::child(arguments::constant<true>), op::fork>,
      call<at{82}, "exec", arguments::registers_set(dir, path, arguments::strings, arguments::strings, f<at_flag>), op::exec>,
      call<at{83}, "exit_thread", status(int_), op::exit_thread>,
      call<at{84}, "wait", count(in<s::template wait_request>, out<s::template wait_report>), op::wait>,
      call<at{85}, "getpid", count(), op::getpid>,
      call<at{86}, "getppid", count(), op::getppid>,
      call<at{87}, "gettid", count(), op::gettid>,
      call<at{88}, "getpgid", count(pid), op::getpgid>,
      call<at{89}, "setpgid", status(pid, pid), op::setpgid>,
      call<at{90}, "getsid", count(pid), op::getsid>,
      call<at{91}, "setsid", count(), op::setsid>,
      call<at{92}, "get_identity", status(out<s::template identity>), op::get_identity>,
      call<at{93}, "setuid", status(uid), op::setuid>,
      call<at{94}, "setgid", status(gid), op::setgid>,
      call<at{95}, "setresuid", status(uid, uid, uid), op::setresuid>,
      call<at{96}, "setresgid", status(gid, gid, gid), op::setresgid>,
      call<at{97}, "getgroups", count(address, uint_), handlers::getgroups>,
      call<at{98}, "setgroups", status(address, uint_), handlers::setgroups>,
      call<at{99}, "get_limit", status(n<resource>, out<s::template rlimit>), op::get_limit>,
      call<at{100}, "set_limit", status(n<resource>, in<s::template rlimit>), op::set_limit>,
      call<at{101}, "get_usage", status(n<usage_of>, out<s::template rusage>), op::get_usage>,
      call<at{102}, "get_priority", count(int_, int_), op::get_priority>,
      call<at{103}, "set_priority", status(int_, int_, int_), op::set_priority>,
      call<at{104}, "yield", status(), op::yield>,
      call<at{105}, "create_thread", arguments::child(), op::create_thread>,
      call<at{106}, "set_clear_on_exit", status(address), op::set_clear_on_exit>,
      call<at{107}, "wait_word", status(address, uint_, arguments::in_or_null<s::template timespec>), op::wait_word>,
      call<at{108}, "wake_word", count(address, uint_), op::wake_word>,
      call<at{109}, "set_segment_base", status(uint_, address), op::set_segment_base>,
      call<at{110}, "get_segment_base", word(uint_), op::get_segment_base>,
      call<at{111}, "set_process_name", status(arguments::string<16, errc::inval>), op::set_process_name>>;

  using memory = syscall_table<
      call<at{120}, "map", word(address, size, f<protection>, f<map_flag>, fd, arguments::offset), op::map>,
      call<at{121}, "unmap", status(address, size), op::unmap>,
      call<at{122}, "protect", status(address, size, f<protection>), op::protect>,
      call<at{123}, "remap", word(address, size, size, f<remap_flag>, address), op::remap>,
      call<at{124}, "remap_file", status(address, size, arguments::number<u64>), op::remap_file>,
      call<at{125}, "set_break", word(address), op::set_break>,
      call<at{126}, "sync_memory", status(address, size, f<sync_flag>), op::sync_memory>,
      call<at{127}, "advise", status(address, size, n<memory_advice>), op::advise>,
      call<at{128}, "lock_memory", status(address, size, f<lock_flag>), op::lock_memory>,
      call<at{129}, "unlock_memory", status(address, size), op::unlock_memory>,
      call<at{130}, "lock_all_memory", status(f<lock_flag>), op::lock_all_memory>,
      call<at{131}, "memory_residency", status(address, size, address), op::memory_residency>,
      call<at{132}, "seal_memory", status(address, size), op::seal_memory>,
      call<at{133}, "memory_barrier", status(n<barrier_command>), op::memory_barrier>>;

  using signal_calls = syscall_table<
      call<at{140}, "kill", status(pid, arguments::signal_number), op::kill>,
      call<at{141}, "kill_thread", status(pid, pid, arguments::signal_number), op::kill_thread>,
      call<at{142}, "set_action", status(arguments::signal_number, arguments::in_or_null<s::template sigaction>, arguments::out_or_null<s::template sigaction>), op::set_action>,
      call<at{143}, "set_mask", status(n<sigmask_how>, arguments::in_or_null<s::template sigset>, arguments::out_or_null<s::template sigset>), op::set_mask>,
      call<at{144}, "pending", status(out<s::template sigset>), op::pending>,
      call<at{145}, "suspend", status(in<s::template sigset>), op::suspend>,
      call<at{146}, "alternate_stack", status(arguments::in_or_null<s::template sigstack>, arguments::out_or_null<s::template sigstack>), op::alternate_stack>,
      call<at{147}, "wait_signal", count(in<s::template sigset>, out<s::template siginfo>, arguments::in_or_null<s::template timespec>), op::wait_signal>,
      call<at{148}, "queue_signal", status(pid, arguments::signal_number, in<s::template siginfo>), op::queue_signal>,
      call<at{149}, "return_from_handler", arguments::registers_set(address), handlers::return_from_handler>>;

  using times = syscall_table<
      call<at{160}, "clock_get", status(n<clock>, out<s::template timespec>), op::clock_get>,
      call<at{161}, "clock_set", status(n<clock>, in<s::template timespec>), op::clock_set>,
      call<at{162}, "clock_resolution", status(n<clock>, out<s::template timespec>), op::clock_resolution>,
      call<at{163}, "sleep", status(n<clock>, arguments::constant<false>, in<s::template timespec>, arguments::no<shape::timespec>), op::sleep>,
      call<at{164}, "sleep_until", status(n<clock>, arguments::constant<true>, in<s::template timespec>, arguments::no<shape::timespec>), op::sleep>,
      call<at{165}, "get_timer", status(n<interval_timer>, out<s::template itimerval>), op::get_timer>,
      call<at{166}, "set_timer", status(n<interval_timer>, in<s::template itimerval>, out<s::template itimerval>), op::set_timer>>;

  using system = syscall_table<
      call<at{180}, "system_names", status(out<s::template system_names>), op::system_names>,
      call<at{181}, "set_host_name", status(arguments::string<65, errc::inval>), op::set_host_name>,
      call<at{182}, "system_status", status(out<s::template system_status>), op::system_status>,
      call<at{183}, "random", count(arguments::bytes_out), op::random>>;

  using syscalls = concatenate<files, terminals, processes, memory, signal_calls, times, system>;
};
// clang-format on

} // namespace polyabi::native_abi
