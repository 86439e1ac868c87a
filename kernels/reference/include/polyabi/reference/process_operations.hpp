// Processes, threads, identities, limits.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

/// Group of `kernel`: see operations.hpp for what each means.
struct process_operations {
  static result<new_child> perform(op::fork, thread&, bool share_memory);
  static result<> perform(op::exec, thread&, i32 directory, std::string_view path, user_strings arguments,
                          user_strings environment, u32 at_flags);
  static result<> perform(op::exit, thread&, i32 status);
  static result<> perform(op::exit_thread, thread&, i32 status);
  static result<i32> perform(op::wait, thread&, const wait_request& request, wait_report& report);
  static result<i32> perform(op::getpid, thread&);
  static result<i32> perform(op::getppid, thread&);
  static result<i32> perform(op::gettid, thread&);
  static result<i32> perform(op::getpgid, thread&, i32 pid);
  static result<> perform(op::setpgid, thread&, i32 pid, i32 group);
  static result<i32> perform(op::getsid, thread&, i32 pid);
  static result<i32> perform(op::setsid, thread&);
  static result<> perform(op::get_identity, thread&, identity& out);
  static result<> perform(op::setuid, thread&, u32 user);
  static result<> perform(op::setgid, thread&, u32 group);
  static result<> perform(op::setresuid, thread&, u32 real, u32 effective, u32 saved);
  static result<> perform(op::setresgid, thread&, u32 real, u32 effective, u32 saved);
  static result<i32> perform(op::getgroups, thread&, std::span<u32> out);
  static result<> perform(op::setgroups, thread&, std::span<const u32> groups);
  static result<> perform(op::set_privileges, thread&, u32 granted);
  static result<> perform(op::get_limit, thread&, i32 resource, rlimit& out);
  static result<> perform(op::set_limit, thread&, i32 resource, const rlimit& limit);
  static result<> perform(op::exchange_limit, thread&, i32 pid, i32 resource, const rlimit* changed, rlimit& before);
  static result<> perform(op::get_usage, thread&, i32 whose, rusage& out);
  static result<i32> perform(op::get_priority, thread&, i32 which, i32 who);
  static result<> perform(op::set_priority, thread&, i32 which, i32 who, i32 nice);
  static result<u32> perform(op::get_io_priority, thread&, i32 which, i32 who, u32 (*better)(u32, u32));
  static result<> perform(op::set_io_priority, thread&, i32 which, i32 who, u32 word);
  static result<u32> perform(op::get_scheduling, thread&, i32 thread_id);
  static result<> perform(op::set_scheduling, thread&, i32 thread_id, u32 word);
  static result<usize> perform(op::get_affinity, thread&, i32 thread_id, std::span<unsigned char> out);
  static result<> perform(op::set_affinity, thread&, i32 thread_id, std::span<const unsigned char> processors);
  static result<> perform(op::processor_of_caller, thread&, u32& processor, u32& node);
  static result<i32> perform(op::compare_objects, thread&, i32 pid, i32 other_pid, process_part part, i32 index, i32 other_index);
  static result<> perform(op::yield, thread&);
  static result<new_child> perform(op::create_thread, thread&);
  static result<> perform(op::set_clear_on_exit, thread&, u64 address);
  static result<> perform(op::wait_word, thread&, u64 address, u32 expected, const timespec* timeout);
  static result<i32> perform(op::wake_word, thread&, u64 address, u32 limit);
  static result<> perform(op::set_segment_base, thread&, u32 which, u64 base);
  static result<u64> perform(op::get_segment_base, thread&, u32 which);
  static result<i32> perform(op::set_thread_area, thread&, i32 entry, u32 base, u32 limit, u32 flags);
  static result<> perform(op::get_thread_area, thread&, i32 entry, u32& base, u32& limit, u32& flags);
  static result<> perform(op::set_segment, thread&, u32 entry, u32 base, u32 limit, u32 flags);
  static result<usize> perform(op::get_segments, thread&, std::span<unsigned char> out);
  static result<i32> perform(op::get_parent_death_signal, thread&);
  static result<> perform(op::set_parent_death_signal, thread&, i32 signal);
  static result<bool> perform(op::get_inspectable, thread&);
  static result<> perform(op::set_inspectable, thread&, bool);
  static result<bool> perform(op::get_adopts_orphans, thread&);
  static result<> perform(op::set_adopts_orphans, thread&, bool);
  static result<u64> perform(op::get_word_of, thread&, i32 pid, usize index);
  static result<> perform(op::set_word_of, thread&, i32 pid, usize index, u64 value);
  static result<> perform(op::set_process_name, thread&, std::string_view name);
  static result<std::string_view> perform(op::get_process_name, thread&);
  static result<std::span<u64>> perform(op::thread_words, thread&);
  static result<std::span<u64>> perform(op::process_words, thread&);
  static result<std::span<u64>> perform(op::inherited_words, thread&);
  static result<> perform(op::get_inherited_words, thread&, i32 thread_id, std::span<u64> out);

  using provides =
      operation_list<op::fork, op::exec, op::exit, op::exit_thread, op::wait, op::getpid, op::getppid, op::gettid, op::getpgid,
                     op::setpgid, op::getsid, op::setsid, op::get_identity, op::setuid, op::setgid, op::setresuid,
                     op::setresgid, op::getgroups, op::setgroups, op::set_privileges, op::get_limit, op::set_limit, op::exchange_limit, op::get_usage, op::get_priority,
                     op::set_priority, op::get_io_priority, op::set_io_priority, op::get_scheduling, op::set_scheduling,
                     op::get_affinity, op::set_affinity, op::processor_of_caller, op::compare_objects, op::yield, op::create_thread,
                     op::set_clear_on_exit, op::wait_word, op::wake_word, op::set_segment_base, op::get_segment_base,
                     op::set_thread_area, op::get_thread_area, op::set_segment, op::get_segments, op::set_process_name,
                     op::get_process_name, op::get_parent_death_signal, op::set_parent_death_signal, op::get_inspectable,
                     op::set_inspectable, op::get_adopts_orphans, op::set_adopts_orphans, op::thread_words, op::process_words,
                     op::get_word_of, op::set_word_of, op::inherited_words, op::get_inherited_words>;
};

} // namespace polyabi::reference
