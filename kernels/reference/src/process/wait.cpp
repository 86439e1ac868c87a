// wait(2) and its relatives.
#include "usage.hpp"

#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/process_operations.hpp>
#include <polyabi/reference/time_conversions.hpp>

namespace polyabi::reference {

namespace {

bool is_asked_for(const process& child, const wait_request& request, const process& self) {
  switch (request.target) {
  case wait_targets::pid: return child.id == request.id;
  case wait_targets::group: return child.group->id == (request.id != 0 ? request.id : self.group->id);
  default: return true;
  }
}

/// Children that end without a SIGCHLD are waited for by those who ask for them.
bool is_of_kind(const process& child, u32 flags) {
  if ((flags & wait_flags::all) != 0) return true;
  return (child.end_signal != signals::chld) == ((flags & wait_flags::clone) != 0);
}

/// With that of the children that it has waited for.
rusage usage_of(const process& p) {
  machine::work_counts all = p.work;
  all.add(p.children_work);
  return to_rusage(p.user_time + p.children_user_time, p.system_time + p.children_system_time, all);
}

/// Ends are reported if they are asked for, or if no kind of news is named.
constexpr bool wants_ends(u32 flags) {
  return (flags & wait_flags::exited) != 0 ||
         (flags & (wait_flags::untraced | wait_flags::continued | wait_flags::trapped)) == 0;
}

/// Fills the report if the child has something to say that the caller wants to hear.
bool has_news(process& child, u32 flags, wait_report& report) {
  const bool take = (flags & wait_flags::nowait) == 0;
  i32 status = 0;
  if (child.state == process::phase::zombie) {
    if (!wants_ends(flags) || tracees::hides_end(child)) return false;
    status = child.exit_status;
  } else if (child.state == process::phase::stopped && !child.stop_reported && (flags & wait_flags::untraced) != 0) {
    status = child.stop_signal << 8 | wait_status::stopped;
    if (take) child.stop_reported = true;
  } else if (child.state == process::phase::running && !child.continue_reported && (flags & wait_flags::continued) != 0) {
    status = wait_status::continued;
    if (take) child.continue_reported = true;
  } else {
    return false;
  }
  report = {child.id, status, child.identity.ruid, usage_of(child)};
  if (take && child.state == process::phase::zombie) lifecycle::reap(child);
  return true;
}

bool is_asked_for(const tracee& of, const wait_request& request, const process& self) {
  return request.target == wait_targets::pid ? of.id == request.id : is_asked_for(*of.group, request, self);
}

/// The same of a thread that the caller traces. Its stops need not be asked for.
bool has_news(tracee& of, u32 flags, wait_report& report) {
  if (of.ended ? !wants_ends(flags) : !of.stands() || of.halt->told) return false;
  report = {of.id, tracees::status_of(of), of.user, {}};
  if (of.ended) report.usage = usage_of(*of.group);
  if ((flags & wait_flags::nowait) != 0) return true;
  if (of.ended)
    tracees::heard_of_end(of);
  else
    of.halt->told = true;
  return true;
}

/// A stop of a child that the caller traces itself is told once.
bool is_traced_by(const process& child, const process& self) {
  for (const thread* t = child.threads.front(); t != nullptr; t = child.threads.next(*t))
    if (t->traced != nullptr && t->traced->tracer == &self) return true;
  return false;
}

} // namespace

result<i32> process_operations::perform(op::wait, thread& caller, const wait_request& request, wait_report& report) {
  process& self = *caller.owner;
  for (;;) {
    bool found = false;
    for (tracee* of = self.tracees.front(); of != nullptr; of = self.tracees.next(*of)) {
      if (!is_asked_for(*of, request, self)) continue;
      found = true;
      if (has_news(*of, request.flags, report)) return report.pid;
    }
    for (process* child = self.children.front(); child != nullptr; child = self.children.next(*child)) {
      if (!is_asked_for(*child, request, self) || !is_of_kind(*child, request.flags)) continue;
      found = true;
      if (child->state != process::phase::zombie && is_traced_by(*child, self)) continue;
      if (has_news(*child, request.flags, report)) return report.pid;
    }
    if (!found) return error::child;
    if ((request.flags & wait_flags::nohang) != 0) {
      report = {};
      return 0;
    }
    if (self.child_changed.sleep() == wakeup::interrupted) return error::restart_call;
  }
}

} // namespace polyabi::reference
