// The end of threads and processes, orphans, and zombies.
#include "table.hpp"

#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/terminal.hpp>
#include <polyabi/reference/timers.hpp>
#include <polyabi/reference/tracing.hpp>
#include <polyabi/reference/user_memory.hpp>

namespace polyabi::reference {

namespace {

using detail::table;

/// Nobody is interested in how this child ends.
bool reaps_itself(const process& parent) {
  const sigaction& action = parent.actions[signals::chld];
  return &parent == table.init || action.handler == handlers::ignore || (action.flags & sigaction_flags::nocldwait) != 0;
}

/// The nearest ancestor that adopts orphans, and in the end the kernel's own process.
process& adopter_of_orphans(const process& dead) {
  for (process* p = dead.parent; p != nullptr; p = p->parent)
    if (p->adopts_orphans && !p->exiting) return *p;
  return *table.init;
}

void give_children_away(process& parent) {
  process& adopter = adopter_of_orphans(parent);
  while (process* child = parent.children.pop_front()) {
    process_group* group = child->group;
    const bool was_orphaned = lifecycle::is_orphaned(*group);
    child->parent = &adopter;
    child->end_signal = signals::chld;
    child->parent_thread = adopter.threads.empty() ? 0 : adopter.threads.front()->id;
    adopter.children.push_back(*child);
    if (child->state == process::phase::zombie && !tracees::hides_end(*child))
      lifecycle::tell_of_end(*child);
    else if (!was_orphaned)
      lifecycle::hang_up_if_orphaned(*group);
  }
}

/// Everything but what wait(2) asks for.
void release_resources(process& p) {
  timers::cancel(p);
  lifecycle::end_attachments(p);
  p.descriptors = nullptr;
  p.paths.part();
  *p.paths = {};
  p.executable = nullptr;
  signals::clear(p.pending);
  if (p.memory != nullptr) p.memory->release();
  p.memory = nullptr;
}

i32 first_status = -1;

void become_zombie(process& p) {
  release_resources(p);
  session& s = *p.group->owner;
  if (s.leader == &p) {
    job_control::leader_exits(s);
    s.leader = nullptr;
  }
  const bool was_orphaned = lifecycle::is_orphaned(*p.group);
  give_children_away(p);
  p.state = process::phase::zombie;
  p.vfork_child = false;
  p.vfork_done.wake_all();
  if (!was_orphaned && lifecycle::is_orphaned(*p.group, &p)) lifecycle::hang_up_if_orphaned(*p.group);
  if (p.id == detail::first_program_id) first_status = p.exit_status;
  if (p.handle != nullptr) p.handle->ended.wake_all(poll_events::in | poll_events::rdnorm);

  tracees::tracer_ended(p, 0);
  if (tracees::process_ended(p)) lifecycle::tell_of_end(p);
}

} // namespace

i32 detail::first_program_status() {
  return first_status;
}

namespace lifecycle {

void tell_of_end(process& p) {
  const i32 killer = p.exit_status & 0x7f;
  if (killer != 0)
    notify_parent(p, (p.exit_status & wait_status::core) != 0 ? signal_codes::cld_dumped : signal_codes::cld_killed, killer);
  else
    notify_parent(p, signal_codes::cld_exited, p.exit_status >> 8 & 0xff);
  if (p.parent == table.init || (p.end_signal == signals::chld && reaps_itself(*p.parent))) reap(p);
}

void notify_parent(process& child, i32 code, i32 status) {
  process* parent = child.parent;
  if (parent == nullptr || parent == table.init) return;
  const bool is_end = code == signal_codes::cld_exited || code == signal_codes::cld_killed || code == signal_codes::cld_dumped;
  const i32 told_by = is_end ? child.end_signal : signals::chld;
  if (is_end ? told_by != 0 : (parent->actions[signals::chld].flags & sigaction_flags::nocldstop) == 0) {
    siginfo info = signals::from_kernel(told_by, code);
    info.pid = child.id;
    info.uid = child.identity.ruid;
    info.status = status;
    info.utime = child.user_time;
    info.stime = child.system_time;
    signals::send(*parent, info);
  }
  parent->child_changed.wake_all();
}

void begin_exit(process& p, i32 status_word) {
  if (p.exiting) return;
  p.exiting = true;
  p.exit_status = status_word;
  if (p.state == process::phase::stopped) p.state = process::phase::running;
  p.resumed.wake_all();
  tracees::end_exit_stops(p);
  signals::call_all(p);
}

void tell_children(process& p, thread& ends) {
  const thread* heir = p.threads.front() != &ends ? p.threads.front() : p.threads.next(ends);
  for (process* child = p.children.front(); child != nullptr; child = p.children.next(*child)) {
    if (child->parent_thread != ends.id) continue;
    child->parent_thread = heir != nullptr ? heir->id : 0;
    for (const thread* t = child->threads.front(); t != nullptr; t = child->threads.next(*t)) {
      if (t->parent_death_signal == 0) continue;
      siginfo info = signals::from_kernel(t->parent_death_signal, signal_codes::user);
      info.pid = p.id;
      info.uid = p.identity.ruid;
      signals::send(*child, info);
    }
  }
}

void set_filter(thread& t, call_filter* filter) {
  if (filter != nullptr) ++filter->references;
  call_filter* former = t.filter;
  __atomic_store_n(&t.filter, filter, __ATOMIC_RELEASE);
  if (former != nullptr && --former->references == 0) former->released(*former);
}

void end_calling_thread() {
  thread& self = current_thread();
  process& p = *self.owner;
  const auto status_now = [&] { return p.exiting ? p.exit_status : self.exit_status; };
  if (self.traced != nullptr) tracees::exits(self, status_now());
  const i32 status = status_now(); // its process may have begun to end while it stood
  tracees::tracer_ended(p, self.id);
  leave_memory(self);
  signals::clear(self.pending);
  const bool is_last = is_single(p);
  if (is_last) {
    p.exiting = true;
    tracing::process_ends(self, p.exit_status);
    const auto done = machine::own_work(false);
    p.user_time = done.user;
    p.system_time = done.system;
    p.work = done;
    release_resources(p); // while the thread can still sleep and be found
  }
  set_filter(self, nullptr);
  tell_children(p, self);
  tracees::thread_ended(self, status);
  p.threads.remove(self);
  table.threads.remove(self);
  self.state = thread_state::dead;
  self.frame = nullptr;
  p.threads_changed.wake_all();
  // What this thread was to take is for the others now.
  if ((p.pending.set.bits[0] | p.pending.set.bits[1]) != 0) signals::call_all(p);
  if (is_last) become_zombie(p);
  self.owner = nullptr;
  kernel_lock::release();
  machine::end_thread(self);
}

void bury(process& p, i32 status_word) {
  p.exiting = true;
  p.exit_status = status_word;
  release_resources(p);
  while (thread* t = p.threads.front()) {
    tell_children(p, *t);
    p.threads.remove(*t);
    table.threads.remove(*t);
    tracees::thread_ended(*t, status_word);
    signals::clear(t->pending);
    set_filter(*t, nullptr);
    t->state = thread_state::dead;
    t->owner = nullptr;
  }
  become_zombie(p);
}

result<> end_other_threads() {
  thread& self = current_thread();
  process& p = *self.owner;
  while (p.threads.front() != p.threads.back()) {
    for (thread* t = p.threads.front(); t != nullptr; t = p.threads.next(*t)) {
      if (t == &self || t->must_exit) continue;
      t->must_exit = true;
      signals::call(*t);
    }
    tracees::end_exit_stops(p);
    if (p.threads_changed.sleep_through_signals() == wakeup::interrupted) return error::intr;
  }
  return {};
}

void end_attachments(process& p, bool executed) {
  for (process_attachment* a = p.attachments.front(); a != nullptr;) {
    process_attachment* following = p.attachments.next(*a);
    if (auto* ends = executed ? a->executed : a->ended; ends != nullptr) {
      p.attachments.remove(*a);
      ends(*a);
    }
    a = following;
  }
}

void leave_memory(thread& self) {
  self.end_is_told = true;
  (void)service_functions::set_sequences(self, {}); // what it is told lies where others may make something else of it
  if (auto* told = std::exchange(self.at_end, nullptr); told != nullptr) {
    const kernel_lock::unlocked while_it_works;
    told(self);
  }
  const u64 word = std::exchange(self.clear_on_exit, 0);
  if (word == 0) return;
  constexpr u32 zero = 0;
  bool cleared;
  {
    const kernel_lock::unlocked while_copying;
    cleared = user_memory::copy_out(word, &zero, sizeof zero);
  }
  if (!cleared) return;
  wake_word(*self.owner, word, 1);
  if (service_functions::word_cleared != nullptr) service_functions::word_cleared(self, word);
}

result<> leave_sequences(u64 start, u64 end) {
  thread* self = machine::current();
  if (self == nullptr) return {};
  const auto lies_there = [&](const sequence_area& area) { return area.address < end && start < area.address + sequence_area_size; };
  if (lies_there(self->sequences)) (void)service_functions::set_sequences(*self, {});
  process& p = *self->owner;
  for (const thread* t = p.threads.front(); t != nullptr; t = p.threads.next(*t)) {
    if (t->sequences.address == 0 || !lies_there(t->sequences)) continue;
    begin_exit(p, signals::segv);
    return error::fault;
  }
  return {};
}

void reap(process& zombie) {
  process& parent = *zombie.parent;
  tracees::forget(zombie);
  forget_handle(zombie);
  parent.children_user_time += zombie.user_time + zombie.children_user_time;
  parent.children_system_time += zombie.system_time + zombie.children_system_time;
  parent.children_work.add(zombie.work);
  parent.children_work.add(zombie.children_work);
  parent.children.remove(zombie);
  detail::leave_group(zombie);
  table.processes.remove(zombie);
  --table.process_count;
  heap::destroy(&zombie);
}

} // namespace lifecycle

result<> process_operations::perform(op::exit, thread& caller, i32 status) {
  lifecycle::begin_exit(*caller.owner, (status & 0xff) << 8);
  return {};
}

namespace {
// The last thread's status is the process'.
void end_one_thread(thread& caller, i32 status_word) {
  process& p = *caller.owner;
  caller.must_exit = true;
  caller.exit_status = status_word;
  signals::call(caller);
  if (is_single(p)) p.exit_status = status_word;
}
} // namespace

result<> process_operations::perform(op::exit_thread, thread& caller, i32 status) {
  end_one_thread(caller, (status & 0xff) << 8);
  return {};
}

void service_functions::end_thread(thread& caller, i32 signo) { end_one_thread(caller, signo); }

} // namespace polyabi::reference
