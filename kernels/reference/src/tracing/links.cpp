// Who traces whom, from the beginning to the end.
#include "links.hpp"

#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/machine.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/kernel.hpp>

namespace polyabi::reference {

bool tracee::stands() const {
  return halt != nullptr && !halt->ended;
}
bool tracee::is_32_bit() const {
  return group->personality != nullptr && group->personality->arch == architecture::i386;
}
registers& tracee::frame() {
  return *of->frame;
}
call_progress tracee::progress() const {
  return of->progress;
}
u64 tracee::call_number() const {
  return of->progress == call_progress::being_made ? of->frame->rax : of->entry_rax;
}
bool tracee::restarts() const {
  return of->restart;
}

void tracee::drop_restart() {
  of->restart = false;
}
void tracee::leave_call(u64 answer) {
  leaves_call = true;
  left_with = *of->frame;
  left_with.rax = answer;
}

namespace tracees {

using namespace detail;

namespace {
/// Under the lock; a system call looks whether there is one without it.
void set_tracee(thread& of, tracee* one) {
  __atomic_store_n(&of.traced, one, __ATOMIC_RELAXED);
}
} // namespace

namespace detail {

tracee* link(process& tracer, i32 tracer_thread, thread& of, trace_options options, bool seized) {
  auto* made = heap::create<tracee>();
  if (made == nullptr) return nullptr;
  made->of = &of;
  made->group = of.owner;
  made->id = of.id;
  made->user = of.owner->identity.ruid;
  made->tracer = &tracer;
  made->tracer_thread = tracer_thread;
  made->options = options;
  made->seized = seized;
  set_tracee(of, made);
  ++of.owner->traced_threads;
  of.owner->was_traced = true;
  tracer.tracees.push_back(*made);
  return made;
}

void unlink(tracee& link, i32 signo) {
  if (thread* t = link.of; t != nullptr) {
    set_tracee(*t, nullptr);
    --link.group->traced_threads;
    if (link.halt != nullptr) {
      link.halt->delivers = signo;
      link.halt->ended = true;
    } else if (link.stepping && t->frame != nullptr) {
      t->frame->rflags &= ~trap_flag;
    }
    link.group->resumed.wake_all();
    signals::call(*t);
  }
  link.tracer->tracees.remove(link);
  heap::destroy(&link);
}

void notify(const tracee& of, i32 code, i32 status) {
  process& tracer = *of.tracer;
  const bool is_end = of.ended;
  if (is_end || (tracer.actions[signals::chld].flags & sigaction_flags::nocldstop) == 0) {
    siginfo info = signals::from_kernel(signals::chld, code);
    info.pid = of.id;
    info.uid = of.user;
    info.status = status;
    signals::send(tracer, info);
  }
  tracer.child_changed.wake_all();
}

} // namespace detail

namespace {

void end(tracee& link, i32 status_word) {
  if (link.of != nullptr) {
    set_tracee(*link.of, nullptr);
    --link.group->traced_threads;
    link.of = nullptr;
  }
  link.halt = nullptr;
  link.ended = true;
  link.end_status = status_word;
  const i32 killer = status_word & 0x7f;
  if (killer != 0)
    notify(link, (status_word & wait_status::core) != 0 ? signal_codes::cld_dumped : signal_codes::cld_killed, killer);
  else
    notify(link, signal_codes::cld_exited, status_word >> 8 & 0xff);
}

tracee* link_of(process& tracer, const process& group, i32 id) {
  for (tracee* link = tracer.tracees.front(); link != nullptr; link = tracer.tracees.next(*link))
    if (link->id == id && link->group == &group) return link;
  return nullptr;
}

} // namespace

bool hides_end(const process& p) {
  return p.end_hidden_by != nullptr;
}

// The end of the first thread is that of its process.
void thread_ended(thread& t, i32 status_word) {
  if (t.traced == nullptr) return;
  if (t.id != t.owner->id) return end(*t.traced, status_word);
  tracee& link = *t.traced;
  set_tracee(t, nullptr);
  --link.group->traced_threads;
  link.of = nullptr;
  link.halt = nullptr;
}

void took_first_id(thread& t) {
  process& p = *t.owner;
  if (!p.was_traced) return;
  for (process* tracer = process_table::next(0); tracer != nullptr; tracer = process_table::next(tracer->id))
    if (tracee* first = link_of(*tracer, p, p.id); first != nullptr && first != t.traced) unlink(*first, 0);
  if (t.traced != nullptr) t.traced->id = t.id;
}

bool process_ended(process& p) {
  if (!p.was_traced) return true;
  for (process* tracer = process_table::next(0); tracer != nullptr; tracer = process_table::next(tracer->id)) {
    tracee* link = link_of(*tracer, p, p.id);
    if (link == nullptr) continue;
    if (tracer == p.parent) { // it hears of its child
      unlink(*link, 0);
      return true;
    }
    p.end_hidden_by = link;
    end(*link, p.exit_status);
    return false;
  }
  return true;
}

void heard_of_end(tracee& link) {
  process& group = *link.group;
  const bool hid = group.end_hidden_by == &link;
  unlink(link, 0);
  if (!hid) return;
  group.end_hidden_by = nullptr;
  lifecycle::tell_of_end(group);
}

void tracer_ended(process& tracer, i32 thread_id) {
  for (tracee* link = tracer.tracees.front(); link != nullptr;) {
    tracee* following = tracer.tracees.next(*link);
    if (thread_id == 0 || link->tracer_thread == thread_id) {
      if (link->ended) {
        heard_of_end(*link);
        following = tracer.tracees.front(); // others may have gone with it
      } else {
        process* kills = link->options.end_with_tracer ? link->group : nullptr;
        unlink(*link, 0);
        if (kills != nullptr) signals::send(*kills, signals::from_kernel(signals::kill));
      }
    }
    link = following;
  }
}

void forget(process& reaped) {
  if (!reaped.was_traced) return;
  for (process* tracer = process_table::next(0); tracer != nullptr; tracer = process_table::next(tracer->id))
    for (tracee* link = tracer->tracees.front(); link != nullptr;) {
      tracee* following = tracer->tracees.next(*link);
      if (link->group == &reaped) unlink(*link, 0);
      link = following;
    }
}

namespace {

/// A tracee that stands tells anew, of what its group does now.
void tell_of_group(tracee& link) {
  const bool stopped = link.group->state == process::phase::stopped;
  link.listening = false;
  link.group_stop_told = stopped;
  link.halt->signal = stopped ? link.group->stop_signal : signals::trap;
  link.halt->told = false;
  notify(link, signal_codes::cld_trapped, link.halt->signal);
}

} // namespace

void group_resumed(process& p) {
  for (thread* t = p.threads.front(); t != nullptr; t = p.threads.next(*t)) {
    if (t->traced == nullptr) continue;
    tracee& link = *t->traced;
    link.group_stop_told = false;
    if (link.stands() && link.listening) tell_of_group(link);
  }
}

} // namespace tracees

using namespace tracees::detail;

result<> tracing_services::trace_me(thread& caller) {
  process& self = *caller.owner;
  if (caller.traced != nullptr) return error::perm;
  if (self.parent == nullptr || self.parent == process_table::init()) return {}; // nobody hears of it
  return link(*self.parent, 0, caller, {}, false) != nullptr ? result<>{} : result<>{error::nomem};
}

result<> tracing_services::trace(thread& caller, i32 thread_id, trace_options options, bool seize) {
  thread* t = process_table::find_thread(thread_id);
  if (t == nullptr || t->owner == nullptr || t->owner->id == 1 || t->owner->exiting) return error::srch;
  process& target = *t->owner;
  if (&target == caller.owner || t->traced != nullptr || t->state == thread_state::embryo) return error::perm;
  if (!may_inspect(*caller.owner, target)) return error::perm;
  if (link(*caller.owner, caller.id, *t, options, seize) == nullptr) return error::nomem;
  if (!seize) signals::send(*t, signals::from_kernel(signals::stop, signal_codes::user));
  target.resumed.wake_all(); // one that stood with its group stands for its tracer
  signals::call(*t);
  return {};
}

result<tracee*> tracing_services::find_tracee(thread& caller, i32 thread_id, bool stands) {
  process& self = *caller.owner;
  for (tracee* link = self.tracees.front(); link != nullptr; link = self.tracees.next(*link)) {
    if (link->id != thread_id || (link->tracer_thread != 0 && link->tracer_thread != caller.id)) continue;
    if (link->of == nullptr || (stands && (!link->stands() || link->listening))) return error::srch;
    return link;
  }
  return error::srch;
}

void tracing_services::resume(tracee& link, trace_resumption how, i32 signo) {
  if (how == trace_resumption::listen) {
    // What it is to hear of may have happened since it stopped.
    const bool stopped_with_group = link.halt->signal != signals::trap;
    if (stopped_with_group && !link.group_stop_told)
      tracees::tell_of_group(link);
    else
      link.listening = true;
    return;
  }
  link.how = how;
  link.stepping = steps(how);
  link.halt->delivers = signo;
  link.halt->ended = true;
  link.group->resumed.wake_all();
}

void tracing_services::end_tracing(tracee& link, i32 signo) {
  unlink(link, signo);
}

void tracing_services::interrupt(tracee& link) {
  if (link.stands() && link.listening) {
    link.listening = false;
    link.halt->told = false;
    notify(link, signal_codes::cld_trapped, link.halt->signal);
    return;
  }
  link.interrupted = true;
  signals::call(*link.of);
}

void tracing_services::kill(tracee& link) {
  signals::send(*link.group, signals::from_kernel(signals::kill, signal_codes::user));
}

bool tracing_services::read_traced(const tracee& link, u64 from, void* to, usize size) {
  return machine::copy_from(*link.group, to, from, size);
}

bool tracing_services::write_traced(const tracee& link, u64 to, const void* from, usize size) {
  if (link.group->memory != nullptr) link.group->memory->mark_written(to, size);
  return machine::copy_to_text(*link.group, to, from, size);
}

bool tracing_services::pending_signal(const tracee& link, bool of_process, usize index, siginfo& out) {
  const auto& queued = (of_process ? link.group->pending : link.of->pending).details;
  for (const struct pending_signal* s = queued.front(); s != nullptr; s = queued.next(*s)) {
    if (index-- != 0) continue;
    out = s->info;
    return true;
  }
  return false;
}

sigset tracing_services::mask_of(const tracee& link) {
  return link.of->restore_mask ? link.of->saved_mask : link.of->mask;
}

void tracing_services::set_mask_of(tracee& link, const sigset& mask) {
  signals::set_mask(*link.of, mask);
}

} // namespace polyabi::reference
