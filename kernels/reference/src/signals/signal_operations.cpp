// The signal calls.
#include <polyabi/reference/process_operations.hpp>
#include <polyabi/reference/signal_operations.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/time_conversions.hpp>

#include <limits>

namespace polyabi::reference {

namespace {

constexpr bool is_signal(i32 signo) {
  return signo > 0 && signo <= signals::realtime_last;
}
constexpr bool can_be_caught(i32 signo) {
  return signo != signals::kill && signo != signals::stop;
}

siginfo from_user(const process& sender, i32 signo, i32 code) {
  siginfo info = signals::from_kernel(signo, code);
  info.pid = sender.id;
  info.uid = sender.identity.ruid;
  return info;
}

sigset without_uncatchable(sigset set) {
  set.remove(signals::kill);
  set.remove(signals::stop);
  return set;
}

/// kill(2) to several: success if one of them may be signalled; ESRCH if there is none.
struct broadcast {
  process& sender;
  i32 signo;
  bool any = false, allowed = false;

  void to(process& target) {
    any = true;
    if (!signals::may_send(sender, target, signo)) return;
    allowed = true;
    if (signo != 0) signals::send(target, from_user(sender, signo, signal_codes::user));
  }
  result<> answer() const {
    if (allowed) return {};
    return any ? error::perm : error::srch;
  }
};

} // namespace

result<> signal_operations::perform(op::kill, thread& caller, i32 pid, i32 signo) {
  if (signo != 0 && !is_signal(signo)) return error::inval;
  process& self = *caller.owner;
  broadcast all{self, signo};
  if (pid > 0) {
    process* target = process_table::find(pid);
    if (target != nullptr) all.to(*target);
  } else if (pid == -1) {
    for (process* p = process_table::next(1); p != nullptr; p = process_table::next(p->id))
      if (p != &self) all.to(*p);
  } else if (pid != std::numeric_limits<i32>::min()) { // which is the number of no group
    process_group* group = pid == 0 ? self.group : process_table::find_group(-pid);
    if (group != nullptr)
      for (process* p = group->members.front(); p != nullptr; p = group->members.next(*p)) all.to(*p);
  }
  return all.answer();
}

result<> signal_operations::perform(op::kill_thread, thread& caller, i32 process_id, i32 thread_id, i32 signo) {
  if (signo != 0 && !is_signal(signo)) return error::inval;
  thread* target = process_table::find_thread(thread_id);
  if (target == nullptr || (process_id > 0 && target->owner->id != process_id)) return error::srch;
  const auto allowed = signals::may_send(*caller.owner, *target->owner, signo);
  if (!allowed || signo == 0) return allowed;
  signals::send(*target, from_user(*caller.owner, signo, signal_codes::lwp));
  return {};
}

namespace {

/// Queues a signal with the sender's own details for a process or a thread, whose process is `owner`.
template <class Target>
result<> queue(thread& caller, Target& target, process& owner, i32 signo, const siginfo& info) {
  const auto allowed = signals::may_send(*caller.owner, owner, signo);
  if (!allowed || signo == 0) return allowed;
  // The kernel's own origins cannot be forged, but a process may send itself anything.
  const bool forged = info.code == signal_codes::user || info.code == signal_codes::kernel || info.code == signal_codes::lwp;
  if (&owner != caller.owner && forged) return error::perm;
  u64 queued = 0;
  for (auto* s = target.pending.details.front(); s != nullptr; s = target.pending.details.next(*s)) ++queued;
  if (queued >= owner.limits[resources::sigpending].cur && signals::is_realtime(signo)) return error::again; // others come without details
  siginfo sent = info;
  sent.signo = signo;
  signals::send(target, sent);
  return {};
}

} // namespace

result<> signal_operations::perform(op::queue_signal, thread& caller, i32 pid, i32 signo, const siginfo& info) {
  if (signo != 0 && !is_signal(signo)) return error::inval;
  process* target = process_table::find(pid);
  if (target == nullptr) return error::srch;
  return queue(caller, *target, *target, signo, info);
}

result<> signal_operations::perform(op::queue_thread_signal, thread& caller, i32 process_id, i32 thread_id, i32 signo,
                                    const siginfo& info) {
  if (signo != 0 && !is_signal(signo)) return error::inval;
  thread* target = process_table::find_thread(thread_id);
  if (target == nullptr || target->owner->id != process_id) return error::srch;
  return queue(caller, *target, *target->owner, signo, info);
}

result<> signal_operations::perform(op::set_action, thread& caller, i32 signo, const sigaction* action, sigaction* old) {
  if (!is_signal(signo)) return error::inval;
  process& self = *caller.owner;
  if (old != nullptr) *old = self.actions[signo];
  if (action == nullptr) return {};
  if (!can_be_caught(signo)) return error::inval;
  self.actions[signo] = *action;
  self.actions[signo].mask = without_uncatchable(action->mask);
  signals::discard_ignored(self, signo);
  return {};
}

result<> signal_operations::perform(op::set_mask, thread& caller, i32 how, const sigset* set, sigset* old) {
  if (old != nullptr) *old = caller.mask;
  if (set == nullptr) return {};
  sigset mask = caller.mask;
  for (usize i = 0; i < 2; ++i) {
    switch (how) {
    case sigmask_hows::block: mask.bits[i] |= set->bits[i]; break;
    case sigmask_hows::unblock: mask.bits[i] &= ~set->bits[i]; break;
    case sigmask_hows::setmask: mask.bits[i] = set->bits[i]; break;
    default: return error::inval;
    }
  }
  signals::set_mask(caller, mask);
  return {};
}

result<> signal_operations::perform(op::pending, thread& caller, sigset& out) {
  for (usize i = 0; i < 2; ++i)
    out.bits[i] = (caller.pending.set.bits[i] | caller.owner->pending.set.bits[i]) & caller.mask.bits[i];
  return {};
}

result<> signal_operations::perform(op::suspend, thread& caller, const sigset& mask) {
  signals::set_mask_for_call(caller, mask);
  wait_queue nobody;
  while (nobody.sleep() != wakeup::interrupted) {}
  return error::intr;
}

result<> signal_operations::perform(op::alternate_stack, thread& caller, const sigstack* stack, sigstack* old) {
  const sigstack before = caller.alternate;
  const bool on_it = signals::is_on(before, caller.frame->rsp);
  if (stack != nullptr) {
    if (on_it) return error::perm;
    constexpr u32 modes = sigstack_flags::disable | sigstack_flags::onstack;
    const u32 mode = stack->flags & modes, kept = stack->flags & sigstack_flags::autodisarm;
    if (mode == modes || (stack->flags & ~(modes | sigstack_flags::autodisarm)) != 0) return error::inval;
    constexpr u64 smallest = 2048;
    if (mode == sigstack_flags::disable)
      caller.alternate = {0, 0, no_alternate_stack.flags | kept};
    else if (stack->size < smallest)
      return error::nomem;
    else
      caller.alternate = {stack->sp, stack->size, kept};
  }
  if (old != nullptr) {
    *old = before;
    if (on_it) old->flags |= sigstack_flags::onstack;
  }
  return {};
}

result<i32> signal_operations::perform(op::wait_signal, thread& caller, const sigset& set, siginfo& info,
                                       const timespec* timeout) {
  u64 deadline = no_deadline;
  if (timeout != nullptr) {
    const auto duration = to_nanoseconds(*timeout);
    if (!duration) return duration.error();
    deadline = deadline_after(machine::monotonic_time(), *duration);
  }
  const sigset wanted = without_uncatchable(set);
  wait_queue nobody;
  for (;;) {
    if (signals::take_of(caller, wanted, info)) return info.signo;
    // Signals of the set end the sleep although they are blocked.
    caller.awaited = &wanted;
    const wakeup reason = nobody.sleep(deadline);
    caller.awaited = nullptr;
    if (signals::take_of(caller, wanted, info)) return info.signo;
    if (reason == wakeup::timed_out) return error::again;
    if (reason == wakeup::interrupted) return error::intr;
  }
}

result<> signal_operations::perform(op::return_from_handler, thread& caller, const sigset& mask) {
  signals::set_mask(caller, mask);
  caller.restart = false;
  return {};
}

} // namespace polyabi::reference
