// Process groups and sessions (POSIX general concepts: "Process Group", "Orphaned Process Group").
#include "table.hpp"

#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/process_operations.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/terminal.hpp>

namespace polyabi::reference {

using detail::table;

void detail::leave_group(process& p) {
  process_group* g = p.group;
  if (g == nullptr) return;
  g->members.remove(p);
  p.group = nullptr;
  if (!g->members.empty()) return;
  session* s = g->owner;
  table.groups.remove(*g);
  heap::destroy(g);
  if (--s->groups != 0) return;
  job_control::release(*s, false);
  heap::destroy(s);
}

namespace lifecycle {

result<> join_group(process& p, i32 group_id, session& s) {
  process_group* g = process_table::find_group(group_id);
  if (g == p.group && g != nullptr) return {};
  if (g == nullptr) {
    g = heap::create<process_group>();
    if (g == nullptr) return error::nomem;
    g->id = group_id;
    g->owner = &s;
    ++s.groups;
    table.groups.push_back(*g);
  }
  detail::leave_group(p);
  p.group = g;
  g->members.push_back(p);
  return {};
}

bool is_orphaned(const process_group& g, const process* leaving) {
  for (const process* p = g.members.front(); p != nullptr; p = g.members.next(*p)) {
    if (p == leaving || p->state == process::phase::zombie || p->parent == nullptr || p->parent == leaving) continue;
    const process& parent = *p->parent;
    // Whoever runs the system does job control for the first program.
    if (p->id == detail::first_program_id) return false;
    // A kernel-made parent does no job control: what only it looks after is orphaned.
    if (&parent != table.init && parent.group != p->group && parent.group->owner == g.owner) return false;
  }
  return true;
}

void hang_up_if_orphaned(process_group& g) {
  bool has_stopped = false;
  for (process* p = g.members.front(); p != nullptr; p = g.members.next(*p))
    has_stopped = has_stopped || p->state == process::phase::stopped;
  if (!has_stopped || !is_orphaned(g)) return;
  signals::send(g, signals::from_kernel(signals::hup));
  signals::send(g, signals::from_kernel(signals::cont));
}

} // namespace lifecycle

namespace {

/// The process that an id of getpgid and getsid names; 0 is the caller's.
result<process*> named(thread& caller, i32 pid) {
  process* p = pid == 0 ? caller.owner : process_table::find(pid);
  if (p == nullptr || p->group == nullptr) return error::srch;
  return p;
}

} // namespace

result<i32> process_operations::perform(op::getpgid, thread& caller, i32 pid) {
  const auto p = named(caller, pid);
  if (!p) return p.error();
  return (*p)->group->id;
}

result<i32> process_operations::perform(op::getsid, thread& caller, i32 pid) {
  const auto p = named(caller, pid);
  if (!p) return p.error();
  return (*p)->group->owner->id;
}

// setpgid(2): the caller or a child of it that has not exec'ed yet, within the session, not the session's leader.
result<> process_operations::perform(op::setpgid, thread& caller, i32 pid, i32 group) {
  process& self = *caller.owner;
  if (group < 0) return error::inval;
  process* target = pid == 0 ? &self : process_table::find(pid);
  if (target == nullptr || target->state == process::phase::zombie) return error::srch;
  if (target != &self && target->parent != &self) return error::srch;
  session& s = *self.group->owner;
  if (target->group->owner != &s) return error::perm;
  if (target != &self && target->has_execed) return error::acces;
  if (s.id == target->id) return error::perm;
  if (group == 0) group = target->id;
  if (group != target->id) {
    const process_group* existing = process_table::find_group(group);
    if (existing == nullptr || existing->owner != &s) return error::perm;
  }
  process_group* before = target->group;
  const bool leaves_others = before->members.front() != before->members.back();
  auto joined = lifecycle::join_group(*target, group, s);
  if (!joined) return joined;
  if (leaves_others) lifecycle::hang_up_if_orphaned(*before);
  return {};
}

result<i32> process_operations::perform(op::setsid, thread& caller) {
  process& self = *caller.owner;
  if (process_table::find_group(self.id) != nullptr) return error::perm;
  session* made = heap::create<session>();
  if (made == nullptr) return error::nomem;
  made->id = self.id;
  made->leader = &self;
  const auto joined = lifecycle::join_group(self, self.id, *made);
  if (!joined) {
    heap::destroy(made);
    return joined.error();
  }
  return self.id;
}

} // namespace polyabi::reference
