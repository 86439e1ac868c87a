// What is told about processes and their threads.
#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/information_operations.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/path.hpp>
#include <polyabi/reference/terminal.hpp>
#include <polyabi/reference/user_memory.hpp>

#include <cstring>

namespace polyabi::reference {

namespace {

process_state state_of(const process& p) {
  if (p.state == process::phase::zombie) return process_state::zombie;
  if (p.state == process::phase::stopped) return process_state::stopped;
  // The caller is in the kernel, but it runs: that is what it sees of itself.
  if (&p == machine::current()->owner) return process_state::running;
  bool sleeps = true;
  for (const thread* t = p.threads.front(); t != nullptr; t = p.threads.next(*t)) sleeps &= t->state == thread_state::sleeping;
  return sleeps ? process_state::sleeping : process_state::running;
}

void describe_signals(const process& p, process_info& out) {
  out.process_pending = p.pending.set;
  if (const thread* t = p.threads.front()) {
    out.pending = t->pending.set;
    out.blocked = t->mask;
    if (t->frame != nullptr) {
      out.stack_pointer = t->frame->rsp;
      out.instruction_pointer = t->frame->rip;
    }
  }
  for (i32 n = 1; n <= signals::count; ++n) {
    if (p.actions[n].handler == handlers::ignore)
      out.ignored.add(n);
    else if (p.actions[n].handler != handlers::default_)
      out.caught.add(n);
  }
}

void describe_memory(const process& p, process_info& out) {
  if (p.memory == nullptr) return;
  out.memory = p.memory->size();
  out.break_start = p.memory->break_start();
  out.break_end = p.memory->current_break();
  out.entry = p.entry;
  out.stack_start = p.stack_start;
  out.arguments_start = p.arguments_start;
  out.arguments_end = p.arguments_end;
  out.environment_start = p.environment_start;
  out.environment_end = p.environment_end;
}

void describe_times(const process& p, process_info& out) {
  const u64 booted = machine::boot_time();
  out.start_time = p.start_time > booted ? p.start_time - booted : 0;
  if (p.state == process::phase::zombie) {
    out.utime = p.user_time;
    out.stime = p.system_time;
  } else {
    machine::processor_time(p, out.utime, out.stime);
  }
  out.children_utime = p.children_user_time;
  out.children_stime = p.children_system_time;
}

} // namespace

result<> information_operations::perform(op::process_info, thread&, i32 pid, process_info& out) {
  const process* p = process_table::find(pid);
  if (p == nullptr) return error::srch;
  out = {};
  out.pid = p->id;
  out.ppid = p->parent != nullptr ? p->parent->id : 0;
  out.terminal_group = -1;
  if (p->group != nullptr) {
    out.pgid = p->group->id;
    if (const session* s = p->group->owner) {
      out.sid = s->id;
      if (s->controlling != nullptr) {
        out.terminal = s->controlling->device();
        out.terminal_group = s->controlling->foreground;
      }
    }
  }
  out.state = state_of(*p);
  const thread* first = p->threads.front();
  if (first != nullptr) out.nice = first->nice;
  if (first != nullptr && first->traced != nullptr) {
    out.tracer = first->traced->tracer->id;
    out.stands = first->traced->stands();
  }
  for (const thread* t = p->threads.front(); t != nullptr; t = p->threads.next(*t)) ++out.threads;
  out.exit_status = p->exit_status;
  out.stack_limit = p->limits[resources::stack].cur;
  const credentials& c = p->identity;
  out.ids = {c.ruid, c.euid, c.suid, c.rgid, c.egid, c.sgid};
  out.group_count = c.group_count;
  for (u32 i = 0; i < c.group_count; ++i) out.groups[i] = c.groups[i];
  out.umask = p->paths->umask;
  out.descriptors = p->descriptors ? static_cast<u32>(p->descriptors->size()) : 0;
  std::memcpy(out.name, p->name, sizeof out.name);
  describe_times(*p, out);
  describe_memory(*p, out);
  describe_signals(*p, out);
  return {};
}

result<> information_operations::perform(op::memory_use, thread&, i32 pid, u64& resident, u64& of_files) {
  const process* p = process_table::find(pid);
  if (p == nullptr) return error::srch;
  return machine::memory_in_use(*p, resident, of_files) ? error::none : error::noent;
}

result<> information_operations::perform(op::process_limit, thread&, i32 pid, i32 resource, rlimit& out) {
  const process* p = process_table::find(pid);
  if (p == nullptr) return error::srch;
  if (resource < 0 || resource >= resources::count) return error::inval;
  out = p->limits[resource];
  return {};
}

result<i32> information_operations::perform(op::next_process, thread&, i32 after) {
  const process* p = process_table::next(after);
  return p != nullptr ? p->id : 0;
}

result<i32> information_operations::perform(op::next_thread, thread&, i32 pid, i32 after) {
  const process* p = process_table::find(pid);
  if (p == nullptr) return error::srch;
  i32 lowest = 0;
  for (const thread* t = p->threads.front(); t != nullptr; t = p->threads.next(*t)) {
    if (t->id > after && (lowest == 0 || t->id < lowest)) lowest = t->id;
  }
  return lowest;
}

result<i32> information_operations::perform(op::next_descriptor, thread&, i32 pid, i32 after) {
  const process* p = process_table::find(pid);
  if (p == nullptr) return error::srch;
  if (!p->descriptors) return -1;
  for (i32 n = after + 1; n < p->descriptors->size(); ++n) {
    if (p->descriptors->get(n)) return n;
  }
  return -1;
}

result<> information_operations::perform(op::descriptor_info, thread&, i32 pid, i32 descriptor, i64& position, u32& flags,
                                          stat& status) {
  const process* p = process_table::find(pid);
  if (p == nullptr) return error::srch;
  if (!p->descriptors) return error::badf;
  auto open = p->descriptors->get(descriptor);
  if (!open) return open.error();
  position = (*open)->position;
  flags = (*open)->flags;
  status = {};
  (void)(*open)->attributes(status);
  return {};
}

void record_arguments(process& p) {
  const u64 size = p.arguments_end - p.arguments_start;
  p.arguments_size = size < sizeof p.arguments_text ? static_cast<u32>(size) : sizeof p.arguments_text;
  const kernel_lock::unlocked while_copying;
  if (!user_memory::copy_in(p.arguments_text, p.arguments_start, p.arguments_size)) p.arguments_size = 0;
}

namespace {

/// The vector lies on the first stack, behind the two lists of strings, and ends with a zero.
result<i64> auxiliary_vector_of(const process& self, const process& p, std::span<char> out) {
  if (p.state == process::phase::zombie || p.stack_start == 0 || p.personality == nullptr) return i64{0};
  if (&self != &p && !may_inspect(self, p)) return error::acces;
  const usize word = p.personality->arch == architecture::i386 ? 4 : 8;
  constexpr usize most_strings = 1 << 14;
  u64 at = p.stack_start + word; // behind the count
  for (usize ended = 0, seen = 0; ended < 2; at += word) {
    u64 value = 0;
    if (++seen > most_strings || !machine::copy_from(p, &value, at, word)) return i64{0};
    ended += value == 0;
  }
  usize size = 0;
  for (bool more = true; more && size + 2 * word <= out.size(); size += 2 * word) {
    if (!machine::copy_from(p, out.data() + size, at + size, 2 * word)) return i64{0};
    u64 key = 0;
    std::memcpy(&key, out.data() + size, word);
    more = key != 0;
  }
  return static_cast<i64>(size);
}

} // namespace

result<i64> information_operations::perform(op::process_text, thread& caller, i32 pid, polyabi::process_text which,
                                            std::span<char> out) {
  const process* p = process_table::find(pid);
  if (p == nullptr) return error::srch;
  if (which == polyabi::process_text::auxiliary_vector) return auxiliary_vector_of(*caller.owner, *p, out);
  u64 start = 0, end = 0;
  if (which == polyabi::process_text::arguments) {
    start = p->arguments_start;
    end = p->arguments_end;
  } else if (which == polyabi::process_text::environment) {
    start = p->environment_start;
    end = p->environment_end;
  }
  // The caller's own strings are where it has them, changed or not; of others only what exec recorded is at hand.
  if (p == caller.owner && end > start) {
    const usize size = end - start < out.size() ? static_cast<usize>(end - start) : out.size();
    const kernel_lock::unlocked while_copying;
    if (user_memory::copy_in(out.data(), start, size)) return static_cast<i64>(size);
  }
  if (which != polyabi::process_text::arguments || p->state == process::phase::zombie) return i64{0};
  const usize size = p->arguments_size < out.size() ? p->arguments_size : out.size();
  std::memcpy(out.data(), p->arguments_text, size);
  return static_cast<i64>(size);
}

result<i64> information_operations::perform(op::process_path, thread& caller, i32 pid, process_object which, i32 descriptor,
                                            std::span<char> out) {
  const process* p = process_table::find(pid);
  if (p == nullptr) return error::srch;
  const path_context& view = *caller.owner->paths;
  ref<vnode> node;
  switch (which) {
  case process_object::executable: {
    node = p->executable;
    if (!node) return error::noent;
    if (auto size = namei::path_of(view, *node, out.data(), out.size())) return static_cast<i64>(*size);
    usize size = 0;
    while (size < sizeof p->executable_path && p->executable_path[size] != '\0') ++size;
    if (size > out.size()) return error::range;
    std::memcpy(out.data(), p->executable_path, size);
    return static_cast<i64>(size);
  }
  case process_object::current_directory: node = front(p->paths->current); break;
  case process_object::root_directory: node = p->paths->root.native; break;
  case process_object::descriptor: {
    if (!p->descriptors) return error::noent;
    auto open = p->descriptors->get(descriptor);
    if (!open) return error::noent;
    const usize size = (*open)->describe(out.data(), out.size());
    if (size == 0) return error::noent;
    return static_cast<i64>(size);
  }
  }
  if (!node) return error::noent;
  auto size = namei::path_of(view, *node, out.data(), out.size());
  if (!size) return size.error();
  return static_cast<i64>(*size);
}

} // namespace polyabi::reference
