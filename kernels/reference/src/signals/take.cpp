// Taking pending signals, and what their default actions are.
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/signals.hpp>

namespace polyabi::reference::signals {

namespace {

/// Those that the processor raises come before all others, so that their handlers see the state that caused them.
constexpr i32 synchronous[]{segv, bus, ill, trap, fpe, sys};

sigset deliverable(const thread& t) {
  sigset set = t.pending.set;
  for (usize i = 0; i < 2; ++i) set.bits[i] = (set.bits[i] | t.owner->pending.set.bits[i]) & ~t.mask.bits[i];
  return set;
}

/// The first signal of a set in order of urgency, 0 if it is empty.
i32 most_urgent(const sigset& set) {
  if (set.has(kill)) return kill;
  for (const i32 signo : synchronous)
    if (set.has(signo)) return signo;
  for (usize i = 0; i < 2; ++i)
    if (set.bits[i] != 0) return static_cast<i32>(i * 64) + __builtin_ctzll(set.bits[i]) + 1;
  return 0;
}

void take_from(pending_signals& pending, i32 signo, siginfo& details) {
  details = from_kernel(signo, signal_codes::user);
  pending.set.remove(signo);
  bool found = false;
  for (pending_signal* s = pending.details.front(); s != nullptr;) {
    pending_signal* following = pending.details.next(*s);
    if (s->info.signo == signo) {
      if (found) {
        pending.set.add(signo); // one more of the same
        return;
      }
      found = true;
      details = s->info;
      pending.details.remove(*s);
      if (s->left != nullptr)
        s->left(*s, &details);
      else
        heap::destroy(s);
    }
    s = following;
  }
}

bool take_one(thread& t, const sigset& set, siginfo& details) {
  // What was sent to the thread comes before what was sent to its process, but for the end.
  for (pending_signals* pending : {&t.pending, &t.owner->pending}) {
    sigset here{};
    for (usize i = 0; i < 2; ++i) here.bits[i] = pending->set.bits[i] & set.bits[i];
    if (const i32 signo = most_urgent(here); signo != 0 && (signo == kill || !set.has(kill) || pending == &t.owner->pending)) {
      take_from(*pending, signo, details);
      return true;
    }
  }
  return false;
}

} // namespace

bool take(thread& t, siginfo& details) {
  return take_one(t, deliverable(t), details);
}

bool is_pending(const thread& t, const sigset& set) {
  for (usize i = 0; i < 2; ++i)
    if (((t.pending.set.bits[i] | t.owner->pending.set.bits[i]) & set.bits[i]) != 0) return true;
  return false;
}

bool take_of(thread& t, const sigset& set, siginfo& details) {
  sigset wanted = t.pending.set;
  for (usize i = 0; i < 2; ++i) wanted.bits[i] = (wanted.bits[i] | t.owner->pending.set.bits[i]) & set.bits[i];
  return take_one(t, wanted, details);
}

bool must_die(const thread& t) {
  return t.must_exit || t.owner->exiting || t.pending.set.has(kill) || t.owner->pending.set.has(kill);
}

bool must_act(const thread& t) {
  if (must_die(t) || (t.traced != nullptr && t.traced->leaves_call)) return true;
  const sigset set = deliverable(t);
  for (usize i = 0; i < 2; ++i) {
    if (t.awaited != nullptr && ((t.pending.set.bits[i] | t.owner->pending.set.bits[i]) & t.awaited->bits[i]) != 0) return true;
    for (u64 bits = set.bits[i]; bits != 0; bits &= bits - 1) {
      const i32 signo = static_cast<i32>(i * 64) + __builtin_ctzll(bits) + 1;
      const u64 handler = t.owner->actions[signo].handler;
      if (handler == handlers::ignore) continue;
      if (handler != handlers::default_) return true;
      const default_action action = default_of(signo);
      if (action == default_action::terminate || action == default_action::dump) return true;
    }
  }
  return false;
}

} // namespace polyabi::reference::signals
