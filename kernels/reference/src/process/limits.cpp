// Resource limits, usage and priorities.
#include "usage.hpp"

#include <polyabi/reference/process_operations.hpp>
#include <polyabi/reference/time_conversions.hpp>
#include <polyabi/reference/timers.hpp>

namespace polyabi::reference {

namespace {

bool is_resource(i32 number) { return number >= 0 && number < resources::count; }

} // namespace

result<> process_operations::perform(op::get_limit, thread& caller, i32 resource, rlimit& out) {
  if (!is_resource(resource)) return error::inval;
  out = caller.owner->limits[resource];
  return {};
}

namespace {

result<> change_limit(const credentials& who, process& of, i32 resource, const rlimit& limit) {
  if (limit.cur > limit.max) return error::inval;
  rlimit& now = of.limits[resource];
  if (limit.max > now.max && !who.may(privileges::exceed_limits)) return error::perm;
  if (resource == resources::nofile && limit.max > static_cast<u64>(open_max) && limit.max > now.max) return error::perm;
  now = limit;
  if (resource == resources::cpu) timers::watch_processor_time(of);
  return {};
}

} // namespace

result<> process_operations::perform(op::set_limit, thread& caller, i32 resource, const rlimit& limit) {
  if (!is_resource(resource)) return error::inval;
  return change_limit(caller.owner->identity, *caller.owner, resource, limit);
}

result<> process_operations::perform(op::exchange_limit, thread& caller, i32 pid, i32 resource, const rlimit* changed,
                                     rlimit& before) {
  if (!is_resource(resource)) return error::inval;
  process* of = pid != 0 ? process_table::find(pid) : caller.owner;
  if (of == nullptr) return error::srch;
  const credentials& own = caller.owner->identity;
  if (of != caller.owner && !own.is_same_as(of->identity) && !own.may(privileges::exceed_limits)) return error::perm;
  before = of->limits[resource];
  return changed != nullptr ? change_limit(own, *of, resource, *changed) : result<>{};
}

result<> process_operations::perform(op::get_usage, thread& caller, i32 whose, rusage& out) {
  const process& self = *caller.owner;
  switch (whose) {
  case usages::self:
  case usages::thread: {
    const auto done = machine::own_work(whose == usages::thread);
    out = to_rusage(done.user, done.system, done);
    return {};
  }
  case usages::children:
    out = to_rusage(self.children_user_time, self.children_system_time, self.children_work);
    return {};
  default: return error::inval;
  }
}

namespace {

enum class priority_of : i32 { process, group, user, thread };

bool is_meant(const process& p, const process& self, i32 which, i32 who) {
  switch (static_cast<priority_of>(which)) {
  case priority_of::process: return p.id == (who != 0 ? who : self.id);
  case priority_of::group: return p.group != nullptr && p.group->id == (who != 0 ? who : self.group->id);
  case priority_of::user: return p.identity.ruid == (who != 0 ? static_cast<u32>(who) : self.identity.ruid);
  case priority_of::thread: return true;
  }
  return false;
}

/// Calls `f` with each thread that is meant, until it answers false.
template <class F>
void each_meant(thread& caller, i32 which, i32 who, F f) {
  const bool by_thread = static_cast<priority_of>(which) == priority_of::thread;
  for (process* p = process_table::next(0); p != nullptr; p = process_table::next(p->id)) {
    if (!is_meant(*p, *caller.owner, which, who)) continue;
    for (thread* t = p->threads.front(); t != nullptr; t = p->threads.next(*t)) {
      if (by_thread && t->id != (who != 0 ? who : caller.id)) continue;
      if (!f(*t)) return;
    }
  }
}

} // namespace

result<i32> process_operations::perform(op::get_priority, thread& caller, i32 which, i32 who) {
  if (which < 0 || which > static_cast<i32>(priority_of::thread)) return error::inval;
  bool found = false;
  i32 highest = 19;
  each_meant(caller, which, who, [&](const thread& t) {
    if (t.nice < highest) highest = t.nice;
    return found = true;
  });
  if (!found) return error::srch;
  return highest;
}

result<> process_operations::perform(op::set_priority, thread& caller, i32 which, i32 who, i32 nice) {
  if (which < 0 || which > static_cast<i32>(priority_of::thread)) return error::inval;
  nice = nice < -20 ? -20 : nice > 19 ? 19 : nice;
  const credentials& own = caller.owner->identity;
  auto answer = error::srch;
  each_meant(caller, which, who, [&](thread& t) {
    const credentials& its = t.owner->identity;
    const bool privileged = own.may(privileges::priorities);
    if (!privileged && own.euid != its.euid && own.euid != its.ruid) {
      answer = error::perm;
    } else if (!privileged && nice < t.nice) {
      answer = error::acces;
    } else {
      t.nice = nice;
      if (answer == error::srch) answer = error::none;
    }
    return true;
  });
  return answer;
}

namespace {

/// The caller, or a thread of this number. ESRCH.
result<thread*> thread_meant(thread& caller, i32 id) {
  thread* found = id == 0 ? &caller : process_table::find_thread(id);
  return found != nullptr ? result<thread*>{found} : error::srch;
}
result<thread*> thread_to_change(thread& caller, i32 id) {
  auto found = thread_meant(caller, id);
  if (!found) return found;
  const credentials &own = caller.owner->identity, &its = (*found)->owner->identity;
  return own.may(privileges::priorities) || own.euid == its.euid || own.euid == its.ruid ? found : error::perm;
}

} // namespace

result<u32> process_operations::perform(op::get_scheduling, thread& caller, i32 thread_id) {
  auto found = thread_meant(caller, thread_id);
  if (!found) return found.error();
  return (*found)->scheduling;
}

result<> process_operations::perform(op::set_scheduling, thread& caller, i32 thread_id, u32 word) {
  auto found = thread_to_change(caller, thread_id);
  if (!found) return found.error();
  (*found)->scheduling = word;
  return {};
}

result<usize> process_operations::perform(op::get_affinity, thread& caller, i32 thread_id, std::span<unsigned char> out) {
  auto found = thread_meant(caller, thread_id);
  if (!found) return found.error();
  const usize size = machine::affinity(**found, out);
  return size != 0 ? result<usize>{size} : error::inval;
}

result<> process_operations::perform(op::set_affinity, thread& caller, i32 thread_id, std::span<const unsigned char> processors) {
  auto found = thread_to_change(caller, thread_id);
  if (!found) return found.error();
  if (const u16 failed = machine::set_affinity(**found, processors); failed != 0) return static_cast<error>(failed);
  return {};
}

result<> process_operations::perform(op::processor_of_caller, thread&, u32& processor, u32& node) {
  machine::processor(processor, node);
  return {};
}

result<> process_operations::perform(op::yield, thread&) {
  machine::yield();
  return {};
}

namespace {

/// What is asked of a process concerns one thread.
i32 with_threads(i32 which) {
  constexpr auto process = static_cast<i32>(priority_of::process), thread = static_cast<i32>(priority_of::thread);
  return which == process ? thread : which;
}

} // namespace

result<u32> process_operations::perform(op::get_io_priority, thread& caller, i32 which, i32 who, u32 (*better)(u32, u32)) {
  if (which < 0 || which > static_cast<i32>(priority_of::user)) return error::inval;
  bool found = false;
  u32 best = 0;
  each_meant(caller, with_threads(which), who, [&](const thread& t) {
    best = found ? better(best, t.io_priority) : t.io_priority;
    return found = true;
  });
  if (!found) return error::srch;
  return best;
}

result<> process_operations::perform(op::set_io_priority, thread& caller, i32 which, i32 who, u32 word) {
  if (which < 0 || which > static_cast<i32>(priority_of::user)) return error::inval;
  const credentials& own = caller.owner->identity;
  auto answer = error::srch;
  each_meant(caller, with_threads(which), who, [&](thread& t) {
    const credentials& its = t.owner->identity;
    const bool may = own.may(privileges::priorities) || own.euid == its.ruid || own.ruid == its.ruid;
    if (may) t.io_priority = word;
    answer = may ? error::none : error::perm;
    return may;
  });
  return answer;
}

} // namespace polyabi::reference
