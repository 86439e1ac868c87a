// What a process leaves of itself: the other threads come to stand, so that their registers are at hand, and the personality
// writes.
#include <polyabi/reference/core_dumps.hpp>
#include <polyabi/reference/kernel.hpp>

namespace polyabi::reference::core_dumps {

namespace {

/// One that cannot be called out of its sleep does not get past it.
bool stands_still(const thread& t) {
  const bool sleeps_on = t.state == thread_state::sleeping && !t.interruptible;
  return t.stands || t.must_exit || sleeps_on || t.state == thread_state::embryo || (t.traced != nullptr && t.traced->stands());
}

void stop_others(thread& self) {
  process& p = *self.owner;
  constexpr u64 patience = 2'000'000'000;
  const u64 end = machine::monotonic_time() + patience;
  for (bool all = false; !all;) {
    all = true;
    for (thread* t = p.threads.front(); t != nullptr; t = p.threads.next(*t)) {
      if (t == &self) continue;
      if (!std::exchange(t->must_stand, true)) signals::call(*t);
      all &= stands_still(*t);
    }
    if (!all && p.threads_changed.sleep_through_signals(end) != wakeup::woken) return;
  }
}

/// What a tracer would see of it.
void show(thread& t, void (*visit)(tracee&, void* to), void* to) {
  trace_halt halt;
  if (t.segments != nullptr)
    halt.segments = *t.segments;
  else if (t.traced != nullptr && t.traced->stands())
    halt.segments = t.traced->halt->segments;
  tracee seen;
  seen.of = &t;
  seen.group = t.owner;
  seen.id = t.id;
  seen.halt = &halt;
  const kernel_lock::unlocked while_it_works;
  visit(seen, to);
}

} // namespace

bool leave(thread& self, const siginfo& details) {
  process& p = *self.owner;
  if (p.personality == nullptr || p.personality->leave_core == nullptr || !p.inspectable ||
      p.limits[resources::core].cur < page_size || signals::must_die(self))
    return false;
  p.leaves_core = true;
  stop_others(self);
  (void)self.frame->floating_point();
  const thread_segments own = tracees::segments_of(self);
  self.segments = &own;
  bool written;
  {
    const kernel_lock::unlocked while_it_writes;
    written = p.personality->leave_core(self, details);
  }
  self.segments = nullptr;
  return written;
}

void each_standing(thread& caller, void (*visit)(tracee&, void* to), void* to) {
  const kernel_lock::locked lock;
  show(caller, visit, to);
  // Who stands stays in the list.
  process& p = *caller.owner;
  for (thread* t = p.threads.front(); t != nullptr; t = p.threads.next(*t))
    if (t != &caller && t->frame != nullptr && !t->must_exit && stands_still(*t)) show(*t, visit, to);
}

} // namespace polyabi::reference::core_dumps
