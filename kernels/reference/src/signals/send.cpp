// Sending signals: what is queued, what is dropped, who is woken (POSIX "Signal Generation and Delivery").
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/signals.hpp>

namespace polyabi::reference::signals {

namespace {

constexpr bool is_stop(i32 signo) {
  return default_of(signo) == default_action::stop_process;
}

bool is_ignored(const process& p, i32 signo) {
  if (p.id == 1) return true;
  if (p.traced_threads != 0) return false; // its tracer hears of it
  const u64 handler = p.actions[signo].handler;
  return handler == handlers::ignore || (handler == handlers::default_ && default_of(signo) == default_action::ignore);
}

/// One that is queued no more and that nobody takes.
void let_go(pending_signal& s) {
  if (s.left != nullptr)
    s.left(s, nullptr);
  else
    heap::destroy(&s);
}

void drop(pending_signals& pending, i32 signo) {
  if (!pending.set.has(signo)) return;
  pending.set.remove(signo);
  for (pending_signal* s = pending.details.front(); s != nullptr;) {
    pending_signal* following = pending.details.next(*s);
    if (s->info.signo == signo) {
      pending.details.remove(*s);
      let_go(*s);
    }
    s = following;
  }
}

void drop_everywhere(process& p, i32 signo) {
  drop(p.pending, signo);
  for (thread* t = p.threads.front(); t != nullptr; t = p.threads.next(*t)) drop(t->pending, signo);
}

/// Ordinary signals are pending once; real-time ones as often as they were sent, up to the limit; one that lies in its source,
/// by itself.
void queue(pending_signals& pending, process& p, const siginfo& details, pending_signal* source = nullptr) {
  const bool first = !pending.set.has(details.signo);
  pending.set.add(details.signo);
  p.signals_arrived.wake_all(poll_events::in);
  if (source != nullptr) return pending.details.push_back(*source);
  if (!first && !is_realtime(details.signo)) return;
  u64 length = 0;
  for (const pending_signal* s = pending.details.front(); s != nullptr; s = pending.details.next(*s)) ++length;
  if (length >= p.limits[resources::sigpending].cur) return;
  auto* queued = heap::create<pending_signal>();
  if (queued == nullptr) return; // it stays pending, without details
  queued->info = details;
  pending.details.push_back(*queued);
}

void resume(process& p, bool report) {
  if (p.state != process::phase::stopped) return;
  p.state = process::phase::running;
  p.stop_reported = true;
  p.continue_reported = !report;
  p.resumed.wake_all();
  tracees::group_resumed(p);
  if (report) lifecycle::notify_parent(p, signal_codes::cld_continued, cont);
}

/// What a signal does at the moment it is sent, before anybody takes it.
void act_at_once(process& p, i32 signo) {
  if (signo == kill) resume(p, false);
  if (signo == cont) {
    for (const i32 stopper : {stop, tstp, ttin, ttou}) drop_everywhere(p, stopper);
    resume(p, true);
  }
  if (is_stop(signo)) drop_everywhere(p, cont);
}

bool is_wanted_by_wait(const thread& t, i32 signo) {
  return t.awaited != nullptr && t.awaited->has(signo);
}

/// The thread that is to take a signal of the process: one that does not block it, or waits for it; rather one that does not
/// stand still. Null: it stays pending.
thread* taker(process& p, i32 signo) {
  thread* standing = nullptr;
  for (thread* t = p.threads.front(); t != nullptr; t = p.threads.next(*t)) {
    if (t->must_exit || (t->mask.has(signo) && !is_wanted_by_wait(*t, signo))) continue;
    if (!t->must_stand) return t;
    standing = t;
  }
  return standing;
}

} // namespace

namespace {

bool send(process& p, const siginfo& details, pending_signal* source) {
  const i32 signo = details.signo;
  if (p.state == process::phase::zombie || p.threads.empty() || p.id == 1) return false;
  act_at_once(p, signo);
  thread* t = taker(p, signo);
  if (is_ignored(p, signo) && t != nullptr && !is_wanted_by_wait(*t, signo)) return false;
  queue(p.pending, p, details, source);
  if (signo == kill)
    call_all(p);
  else if (t != nullptr)
    call(*t);
  return true;
}

bool send(thread& t, const siginfo& details, pending_signal* source) {
  const i32 signo = details.signo;
  process& p = *t.owner;
  if (p.state == process::phase::zombie || t.must_exit || p.id == 1) return false;
  act_at_once(p, signo);
  if (is_ignored(p, signo) && !t.mask.has(signo) && !is_wanted_by_wait(t, signo)) return false;
  queue(t.pending, p, details, source);
  if (signo == kill)
    call_all(p);
  else
    call(t);
  return true;
}

} // namespace

void send(process& p, const siginfo& details) {
  (void)send(p, details, nullptr);
}

void send(thread& t, const siginfo& details) {
  (void)send(t, details, nullptr);
}

bool raise(process& p, i32 thread_id, pending_signal& source) {
  if (source.link.linked()) return false;
  if (thread_id == 0) return send(p, source.info, &source);
  for (thread* t = p.threads.front(); t != nullptr; t = p.threads.next(*t))
    if (t->id == thread_id) return send(*t, source.info, &source);
  return false;
}

void withdraw(process& p, pending_signal& source) {
  if (!source.link.linked()) return;
  const i32 signo = source.info.signo;
  const auto leave = [&](pending_signals& pending) {
    bool other = false, here = false;
    for (const pending_signal* s = pending.details.front(); s != nullptr; s = pending.details.next(*s)) {
      here |= s == &source;
      other |= s != &source && s->info.signo == signo;
    }
    if (!here) return;
    pending.details.remove(source);
    if (!other) pending.set.remove(signo);
  };
  leave(p.pending);
  for (thread* t = p.threads.front(); t != nullptr && source.link.linked(); t = p.threads.next(*t)) leave(t->pending);
}

void send(process_group& g, const siginfo& details) {
  for (process* p = g.members.front(); p != nullptr;) {
    process* following = g.members.next(*p);
    send(*p, details);
    p = following;
  }
}

siginfo from_kernel(i32 signo, i32 code) {
  siginfo details{};
  details.signo = signo;
  details.code = code;
  return details;
}

// kill(2): the sender's real or effective user is the target's real or saved one; SIGCONT within the session always.
result<> may_send(const process& sender, const process& target, i32 signo) {
  const credentials& from = sender.identity;
  const credentials& to = target.identity;
  if (from.ruid == to.ruid || from.ruid == to.suid || from.euid == to.ruid || from.euid == to.suid) return {};
  if (from.may(privileges::signal_anyone)) return {};
  if (signo == cont && sender.group->owner == target.group->owner) return {};
  return error::perm;
}

void discard_ignored(process& p, i32 signo) {
  if (is_ignored(p, signo)) drop_everywhere(p, signo);
}

void clear(pending_signals& pending) {
  while (pending_signal* s = pending.details.pop_front()) let_go(*s);
  pending.set = {};
}

void fault(thread& t, const siginfo& details) {
  process& p = *t.owner;
  sigaction& action = p.actions[details.signo];
  if (action.handler == handlers::ignore || t.mask.has(details.signo)) {
    action = {};
    t.mask.remove(details.signo);
  }
  queue(t.pending, p, details);
  call(t);
}

// Not even a thread in the kernel is told twice: it looks at its flag before it leaves. One that sleeps takes the kernel lock
// first.
void call(thread& t) {
  __atomic_store_n(&t.attention, 1, __ATOMIC_SEQ_CST);
  if (&t == machine::current()) return;
  unpark(t);
  if (t.state != thread_state::sleeping) machine::interrupt(t);
}

void call_all(process& p) {
  for (thread* t = p.threads.front(); t != nullptr; t = p.threads.next(*t)) call(*t);
}

void set_mask(thread& self, const sigset& mask) {
  self.mask = mask;
  self.mask.remove(kill);
  self.mask.remove(stop);
  for (usize i = 0; i < 2; ++i)
    if (((self.pending.set.bits[i] | self.owner->pending.set.bits[i]) & ~self.mask.bits[i]) != 0) call(self);
}

void set_mask_for_call(thread& self, const sigset& mask) {
  self.saved_mask = self.mask;
  self.restore_mask = true;
  set_mask(self, mask);
  call(self);
}

void end_mask_for_call(thread& self) {
  if (!self.restore_mask) return;
  self.restore_mask = false;
  set_mask(self, self.saved_mask);
}

} // namespace polyabi::reference::signals
