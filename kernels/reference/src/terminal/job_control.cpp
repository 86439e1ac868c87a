// Sessions and their terminals.
#include <polyabi/reference/process.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/terminal.hpp>

namespace polyabi::reference::job_control {

terminal* controlling(const process& p) {
  return p.group != nullptr ? p.group->owner->controlling : nullptr;
}

result<> check(terminal& t, const thread& caller, i32 signo) {
  const process& p = *caller.owner;
  if (controlling(p) != &t || t.foreground == 0 || p.group->id == t.foreground) return {};
  if (caller.mask.has(signo) || p.actions[signo].handler == handlers::ignore) {
    if (signo == signals::ttin) return error::io;
    return {};
  }
  if (lifecycle::is_orphaned(*p.group)) return error::io;
  signals::send(*p.group, signals::from_kernel(signo));
  return error::restart_call;
}

void acquire(terminal& t, session& s, i32 foreground) {
  if (t.owner != nullptr) release(*t.owner, false);
  if (s.controlling != nullptr) release(s, false);
  t.owner = &s;
  t.foreground = foreground;
  s.controlling = ref<terminal>{&t}.leak();
}

void acquire_at_open(terminal& t, const process& p) {
  if (p.group == nullptr) return;
  session& s = *p.group->owner;
  if (s.leader == &p && s.controlling == nullptr && t.owner == nullptr && !t.hung_up) acquire(t, s, p.group->id);
}

void release(session& s, bool hang_up) {
  if (s.controlling == nullptr) return;
  const auto t = ref<terminal>::adopt(s.controlling);
  process_group* group = process_table::find_group(t->foreground);
  s.controlling = nullptr;
  t->owner = nullptr;
  t->foreground = 0;
  if (!hang_up || group == nullptr) return;
  signals::send(*group, signals::from_kernel(signals::hup));
  signals::send(*group, signals::from_kernel(signals::cont));
}

void leader_exits(session& s) {
  release(s, true);
}

} // namespace polyabi::reference::job_control
