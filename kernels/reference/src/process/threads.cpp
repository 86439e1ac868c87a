// What threads have of their own: words to wait on, segment bases, names, and personalities' state.
#include <polyabi/reference/process_operations.hpp>
#include <polyabi/reference/time_conversions.hpp>
#include <polyabi/reference/user_memory.hpp>

namespace polyabi::reference {

result<> process_operations::perform(op::set_clear_on_exit, thread& caller, u64 address) {
  caller.clear_on_exit = address;
  return {};
}

// All sleepers of a process share one queue: each looks at whether its own word was meant. A sleeper is one before it looks at
// the word, so that whoever changes the word and wakes does not miss it.
result<> process_operations::perform(op::wait_word, thread& caller, u64 address, u32 expected, const timespec* timeout) {
  if (address % sizeof(u32) != 0) return error::inval;
  u64 deadline = no_deadline;
  if (timeout != nullptr) {
    const auto duration = to_nanoseconds(*timeout);
    if (!duration) return duration.error();
    deadline = deadline_after(machine::monotonic_time(), *duration);
  }
  caller.awaited_word = address;
  u32 value = 0;
  bool read;
  {
    const kernel_lock::unlocked while_copying;
    read = user_memory::copy_in(&value, address, sizeof value);
  }
  if (!read || value != expected) {
    caller.awaited_word = 0;
    return read ? error::again : error::fault;
  }
  wakeup reason = wakeup::woken;
  while (caller.awaited_word != 0 && reason == wakeup::woken) reason = caller.owner->word_changed.sleep(deadline);
  const bool was_woken = caller.awaited_word == 0;
  caller.awaited_word = 0;
  if (was_woken) return {};
  if (reason == wakeup::timed_out) return error::timedout;
  // A relative timeout that began anew would be too long.
  return timeout != nullptr ? error::intr : error::restart_call;
}

result<i32> process_operations::perform(op::wake_word, thread& caller, u64 address, u32 limit) {
  return lifecycle::wake_word(*caller.owner, address, limit);
}

i32 lifecycle::wake_word(process& p, u64 address, u32 limit) {
  i32 woken = 0;
  for (thread* t = p.threads.front(); t != nullptr && static_cast<u32>(woken) < limit; t = p.threads.next(*t)) {
    if (address == 0 || t->awaited_word != address) continue;
    t->awaited_word = 0;
    ++woken;
  }
  if (woken != 0) p.word_changed.wake_all();
  return woken;
}

result<> process_operations::perform(op::set_segment_base, thread&, u32 which, u64 base) {
  if (which > 1) return error::inval;
  if (base >= machine::user_limit(false)) return error::perm;
  machine::set_segment_base(which, base);
  return {};
}

result<u64> process_operations::perform(op::get_segment_base, thread&, u32 which) {
  if (which > 1) return error::inval;
  return machine::segment_base(which);
}

result<i32> process_operations::perform(op::set_thread_area, thread&, i32 entry, u32 base, u32 limit, u32 flags) {
  const i32 number = machine::set_thread_area(entry, base, limit, flags);
  if (number >= 0) return number;
  return entry == -1 ? error::srch : error::inval;
}

result<> process_operations::perform(op::get_thread_area, thread&, i32 entry, u32& base, u32& limit, u32& flags) {
  if (!machine::get_thread_area(entry, base, limit, flags)) return error::inval;
  return {};
}

result<> process_operations::perform(op::set_segment, thread&, u32 entry, u32 base, u32 limit, u32 flags) {
  if (const u16 failed = machine::set_segment(entry, base, limit, flags); failed != 0) return static_cast<error>(failed);
  return {};
}

result<usize> process_operations::perform(op::get_segments, thread&, std::span<unsigned char> out) {
  return machine::segments(out);
}

result<> process_operations::perform(op::set_process_name, thread& caller, std::string_view name) {
  process& self = *caller.owner;
  for (usize i = 0; i < sizeof self.name; ++i) self.name[i] = i < name.size() && i + 1 < sizeof self.name ? name[i] : '\0';
  return {};
}

result<std::string_view> process_operations::perform(op::get_process_name, thread& caller) {
  return std::string_view{caller.owner->name};
}

result<i32> process_operations::perform(op::get_parent_death_signal, thread& caller) {
  return caller.parent_death_signal;
}
result<> process_operations::perform(op::set_parent_death_signal, thread& caller, i32 signal) {
  if (signal < 0 || signal > signals::count) return error::inval;
  caller.parent_death_signal = signal;
  return {};
}

result<bool> process_operations::perform(op::get_inspectable, thread& caller) {
  return caller.owner->inspectable;
}
result<> process_operations::perform(op::set_inspectable, thread& caller, bool may) {
  caller.owner->inspectable = may;
  return {};
}

result<bool> process_operations::perform(op::get_adopts_orphans, thread& caller) {
  return caller.owner->adopts_orphans;
}
result<> process_operations::perform(op::set_adopts_orphans, thread& caller, bool does) {
  caller.owner->adopts_orphans = does;
  return {};
}

result<std::span<u64>> process_operations::perform(op::thread_words, thread& caller) {
  return std::span<u64>{caller.personality_words};
}

result<std::span<u64>> process_operations::perform(op::inherited_words, thread& caller) {
  return std::span<u64>{caller.inherited_words};
}

result<> process_operations::perform(op::get_inherited_words, thread& caller, i32 thread_id, std::span<u64> out) {
  const thread* of = thread_id == 0 ? &caller : process_table::find_thread(thread_id);
  if (of == nullptr) return error::srch;
  for (usize i = 0; i < out.size() && i < std::size(of->inherited_words); ++i) out[i] = of->inherited_words[i];
  return {};
}

result<std::span<u64>> process_operations::perform(op::process_words, thread& caller) {
  return std::span<u64>{caller.owner->personality_state};
}

result<u64> process_operations::perform(op::get_word_of, thread&, i32 pid, usize index) {
  const process* p = process_table::find(pid);
  if (p == nullptr || index >= std::size(p->personality_state)) return error::srch;
  return p->personality_state[index];
}
result<> process_operations::perform(op::set_word_of, thread&, i32 pid, usize index, u64 value) {
  process* p = process_table::find(pid);
  if (p == nullptr || index >= std::size(p->personality_state)) return error::srch;
  p->personality_state[index] = value;
  return {};
}

} // namespace polyabi::reference
