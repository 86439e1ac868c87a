// Making processes and threads.
#include "table.hpp"

#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/signals.hpp>

namespace polyabi::reference::lifecycle {

namespace {

using detail::table;

void set_default_limits(process& p) {
  for (rlimit& l : p.limits) l = {resources::infinity, resources::infinity};
  p.limits[resources::stack] = {8U << 20, resources::infinity};
  p.limits[resources::core] = {0, resources::infinity};
  p.limits[resources::nofile] = {1024, open_max};
  p.limits[resources::memlock] = {8U << 20, 8U << 20};
  p.limits[resources::nproc] = {4096, 4096};
  p.limits[resources::sigpending] = {1024, 1024};
  p.limits[resources::msgqueue] = {819200, 819200};
  p.limits[resources::nice] = p.limits[resources::rtprio] = {0, 0};
}

/// What a child has from its parent, whatever made it.
void inherit(process& child, const process& parent) {
  child.identity = parent.identity;
  *child.paths = *parent.paths;
  child.personality = parent.personality;
  child.seen = parent.seen;
  for (i32 i = 0; i < resources::count; ++i) child.limits[i] = parent.limits[i];
  for (usize i = 0; i < sizeof child.name; ++i) child.name[i] = parent.name[i];
  for (usize i = 0; i < sizeof child.personality_state / sizeof child.personality_state[0]; ++i)
    child.personality_state[i] = parent.personality_state[i];
}

} // namespace

thread* make_thread(process& p) {
  const i32 id = p.threads.empty() ? p.id : detail::new_id();
  thread* made = id != 0 ? heap::create<thread>() : nullptr;
  if (made == nullptr) return nullptr;
  made->start = heap::create<thread_start>();
  if (made->start == nullptr) {
    heap::destroy(made);
    return nullptr;
  }
  made->owner = &p;
  made->id = id;
  p.threads.push_back(*made);
  table.threads.push_back(*made);
  return made;
}

process* make_process(process* parent) {
  process* made = heap::create<process>();
  if (made == nullptr) return nullptr;
  made->id = table.init == nullptr ? (table.last_id = 1) : detail::new_id();
  made->descriptors = descriptor_table::make();
  if (made->id == 0 || !made->descriptors || make_thread(*made) == nullptr) {
    heap::destroy(made);
    return nullptr;
  }
  made->start_time = machine::monotonic_time();
  table.processes.push_back(*made);
  ++table.process_count;
  if (parent == nullptr) {
    set_default_limits(*made);
    return made;
  }
  inherit(*made, *parent);
  made->parent = parent;
  parent->children.push_back(*made);
  made->group = parent->group;
  made->group->members.push_back(*made);
  return made;
}

process* make_init() {
  if (table.init != nullptr) return table.init;
  process* made = make_process(nullptr);
  session* own = heap::create<session>();
  if (made == nullptr || own == nullptr) return nullptr;
  own->id = made->id;
  own->leader = made;
  if (!join_group(*made, made->id, *own)) return nullptr;
  machine::host::identity(made->identity.ruid, made->identity.rgid);
  made->identity.euid = made->identity.suid = made->identity.ruid;
  made->identity.egid = made->identity.sgid = made->identity.rgid;
  constexpr usize most_groups = sizeof made->identity.groups / sizeof made->identity.groups[0];
  for (const u32 group : machine::host::groups())
    if (made->identity.group_count < most_groups) made->identity.groups[made->identity.group_count++] = group;
  __builtin_memcpy(made->name, "init", 5);
  table.init = made;
  return made;
}

void discard(thread& embryo) {
  process& p = *embryo.owner;
  p.threads.remove(embryo);
  table.threads.remove(embryo);
  set_filter(embryo, nullptr);
  heap::destroy(embryo.start);
  heap::destroy(&embryo);
  if (!p.threads.empty()) return;
  if (p.memory != nullptr) p.memory->release();
  forget_handle(p);
  if (p.parent != nullptr) p.parent->children.remove(p);
  detail::leave_group(p);
  table.processes.remove(p);
  --table.process_count;
  heap::destroy(&p);
}

} // namespace polyabi::reference::lifecycle
