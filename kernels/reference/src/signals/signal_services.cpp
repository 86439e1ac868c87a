// Signals that facilities send.
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/signals.hpp>

#include <limits>

namespace polyabi::reference {

result<signal_target> service_functions::find_signal_target(thread& caller, i32 id) {
  if (id < 0) {
    if (id == std::numeric_limits<i32>::min()) return error::srch; // the number of no group
    const process_group* group = process_table::find_group(-id);
    if (group == nullptr) return error::srch;
    const process* member = group->members.front();
    if (member == nullptr) return error::srch;
    if (auto may = signals::may_send(*caller.owner, *member, signals::io); !may) return may.error();
    return signal_target{id, 0};
  }
  const process* target = id == 0 ? caller.owner : process_table::find(id);
  if (target == nullptr) return error::srch;
  if (auto may = signals::may_send(*caller.owner, *target, signals::io); !may) return may.error();
  return signal_target{target->id, target->start_time};
}

bool service_functions::signal(const signal_target& target, const siginfo& info) {
  if (target.id < 0) {
    process_group* group = process_table::find_group(-target.id);
    if (group == nullptr) return false;
    signals::send(*group, info);
    return true;
  }
  process* p = process_table::find(target.id);
  if (p == nullptr || p->start_time != target.started || p->state == process::phase::zombie) return false;
  if (info.signo != 0) signals::send(*p, info);
  return true;
}

void service_functions::signal_caller(thread& caller, const siginfo& info) {
  signals::send(caller, info);
}

void service_functions::force_signal(thread& caller, const siginfo& info, bool fatal) {
  if (fatal) {
    caller.owner->actions[info.signo] = {};
    caller.mask.remove(info.signo);
  }
  signals::fault(caller, info);
}

} // namespace polyabi::reference
