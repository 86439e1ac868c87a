// What happens at the return to the user: stopping, dying, handlers, and restarted calls.
#include <polyabi/reference/core_dumps.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/tracing.hpp>

namespace polyabi::reference::signals {

namespace {

/// Puts the registers back to before the call, so that the user makes it again.
void rewind_call(thread& t, registers& frame) {
  frame.rip = t.entry_rip - instruction_length(t.entry_gate);
  frame.rax = t.entry_rax;
  frame.rdx = t.entry_rdx;
  frame.rflags = t.entry_flags;
  t.restart = false;
}

/// A traced thread stands for its tracer, who may let it go on before its group.
bool must_stay(const thread& t) {
  const bool with_group = t.owner->state == process::phase::stopped && t.traced == nullptr;
  return (with_group || t.must_stand) && !must_die(t);
}

void stay_stopped(thread& t) {
  process& p = *t.owner;
  thread_segments segments;
  while (must_stay(t)) {
    if (t.must_stand && !t.stands) {
      // Others may want to see what only the thread itself can reach.
      (void)t.frame->floating_point();
      segments = tracees::segments_of(t);
      t.segments = &segments;
      t.stands = true;
      p.threads_changed.wake_all();
    }
    p.resumed.sleep_through_signals();
  }
  t.stands = false;
  t.segments = nullptr;
}

void add_all(sigset& mask, const sigset& more) {
  for (usize i = 0; i < 2; ++i) mask.bits[i] |= more.bits[i];
  mask.remove(kill);
  mask.remove(stop);
}

/// Builds the frame, without the kernel lock, and leaves the registers at the handler. False if the stack cannot take it.
bool run_handler(thread& t, registers& frame, const siginfo& details) {
  sigaction& in_force = t.owner->actions[details.signo];
  const sigaction action = in_force;
  if ((action.flags & sigaction_flags::resethand) != 0) {
    in_force.handler = handlers::default_;
    in_force.flags &= ~sigaction_flags::siginfo;
  }
  if (t.restart && (action.flags & sigaction_flags::restart) != 0) rewind_call(t, frame);
  t.restart = false;

  signal_delivery<kernel> what{};
  what.info = details;
  what.action = action;
  what.old_mask = t.restore_mask ? t.saved_mask : t.mask;
  what.stack = t.alternate;
  what.stack_pointer = frame.rsp;
  what.returns = t.owner->returns;
  if (is_on(t.alternate, frame.rsp)) {
    what.stack.flags = sigstack_flags::onstack;
  } else if ((action.flags & sigaction_flags::onstack) != 0 && (t.alternate.flags & sigstack_flags::disable) == 0) {
    what.stack_pointer = t.alternate.sp + t.alternate.size;
  }
  t.restore_mask = false;
  (void)frame.floating_point(); // the frame will want it
  if (t.traced != nullptr) tracees::before_handler(t, frame);
  {
    const kernel_lock::unlocked while_it_writes;
    if (!t.owner->personality->deliver_signal(t, frame, what)) return false;
  }
  if (t.traced != nullptr) tracees::after_handler(t, frame);
  if ((t.alternate.flags & sigstack_flags::autodisarm) != 0) t.alternate = no_alternate_stack;
  add_all(t.mask, what.action.mask);
  if ((what.action.flags & sigaction_flags::nodefer) == 0) {
    sigset own{};
    own.add(details.signo);
    add_all(t.mask, own);
  }
  return true;
}

/// The user's stack cannot hold a frame: SIGSEGV, and death if that has no better place or is what failed.
void frame_failed(thread& t, const registers& frame, i32 signo) {
  if (signo == segv) t.owner->actions[segv] = {};
  siginfo details = from_kernel(segv, signal_codes::segv_maperr);
  details.address = frame.rsp;
  fault(t, details);
}

void act(thread& t, registers& frame, const siginfo& details) {
  process& p = *t.owner;
  tracing::signal_comes(t, details);
  const u64 handler = p.actions[details.signo].handler;
  if (handler == handlers::ignore) return;
  if (handler != handlers::default_) {
    if (!run_handler(t, frame, details)) frame_failed(t, frame, details.signo);
    return;
  }
  switch (default_of(details.signo)) {
  case default_action::terminate: lifecycle::begin_exit(p, details.signo); return;
  case default_action::dump:
    if (p.leaves_core) return stay_stopped(t); // it ends with the one that is at it
    lifecycle::begin_exit(p, details.signo | (core_dumps::leave(t, details) ? wait_status::core : 0));
    return;
  case default_action::stop_process: stop_process(p, details.signo); return;
  case default_action::ignore:
  case default_action::resume: return;
  }
}

} // namespace

void stop_process(process& p, i32 signo) {
  // A stop from the terminal would leave an orphaned group stopped for ever (POSIX, "Orphaned Process Group").
  if (signo != stop && lifecycle::is_orphaned(*p.group)) return;
  p.state = process::phase::stopped;
  p.stop_signal = signo;
  p.stop_reported = false;
  p.continue_reported = true;
  for (thread* t = p.threads.front(); t != nullptr; t = p.threads.next(*t))
    if (t->traced != nullptr) t->traced->group_stop_told = false;
  call_all(p);
  lifecycle::notify_parent(p, signal_codes::cld_stopped, signo);
}

bool stop_in_place(thread& t) {
  if (t.traced != nullptr && tracees::stop_in_sleep(t)) return true;
  process& p = *t.owner;
  for (const i32 signo : {stop, tstp, ttin, ttou}) {
    const bool is_pending = t.pending.set.has(signo) || p.pending.set.has(signo);
    if (!is_pending || t.mask.has(signo) || p.actions[signo].handler != handlers::default_) continue;
    sigset only{};
    only.add(signo);
    siginfo details;
    if (take_of(t, only, details)) stop_process(p, signo);
  }
  if (!must_stay(t)) return false;
  stay_stopped(t);
  return true;
}

void return_to_user(thread& t, registers& frame) {
  process& p = *t.owner;
  for (;;) {
    __atomic_store_n(&t.attention, 0, __ATOMIC_RELAXED);
    if (t.must_exit || p.exiting) {
      if (!p.exiting && is_single(p)) p.exiting = true;
      lifecycle::end_calling_thread();
    }
    stay_stopped(t);
    if (t.traced != nullptr) (void)tracees::look(t);
    siginfo details;
    if (take(t, details)) {
      if (t.traced == nullptr || tracees::passes(t, details)) act(t, frame, details);
    } else if (t.restore_mask) {
      t.mask = t.saved_mask;
      t.restore_mask = false;
    } else if (!must_stay(t) && !must_die(t) && !tracees::wants_to_stop(t)) {
      break;
    }
  }
  if (t.restart) rewind_call(t, frame);
}

} // namespace polyabi::reference::signals
