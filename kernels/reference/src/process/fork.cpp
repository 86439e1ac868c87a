// New processes and threads.
#include "table.hpp"

#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/process_operations.hpp>
#include <polyabi/reference/timers.hpp>

namespace polyabi::reference {

namespace {

/// RLIMIT_NPROC counts the user's processes; who may exceed limits is exempt.
bool may_have_another(const process& p) {
  if (p.identity.may(privileges::exceed_limits)) return true;
  u64 count = 0;
  for (const process* other = process_table::next(0); other != nullptr; other = process_table::next(other->id))
    count += other->identity.ruid == p.identity.ruid;
  return count < p.limits[resources::nproc].cur;
}

/// Gives an unfinished child back.
struct unfinished {
  thread* child;
  ~unfinished() {
    if (child != nullptr) lifecycle::discard(*child);
  }
};

/// What fork alone inherits; the rest is in `lifecycle::make_process`.
result<> copy_image(process& child, process& parent, bool share_memory) {
  auto descriptors = parent.descriptors->copy();
  if (!descriptors) return descriptors.error();
  child.descriptors = std::move(*descriptors);
  if (parent.memory != nullptr) {
    if (!share_memory) machine::memory_to_be_copied(parent);
    child.memory = share_memory ? parent.memory->share() : parent.memory->copy();
    if (child.memory == nullptr) return error::nomem;
  }
  *child.actions = *parent.actions;
  child.executable = parent.executable;
  __builtin_memcpy(child.executable_path, parent.executable_path, sizeof child.executable_path);
  child.arguments_start = parent.arguments_start;
  child.arguments_end = parent.arguments_end;
  __builtin_memcpy(child.arguments_text, parent.arguments_text, parent.arguments_size);
  child.arguments_size = parent.arguments_size;
  child.environment_start = parent.environment_start;
  child.environment_end = parent.environment_end;
  child.stack_start = parent.stack_start;
  child.entry = parent.entry;
  child.returns = parent.returns;
  child.vfork_child = share_memory;
  return {};
}

/// What threads have from the one that makes them, in the same process or another.
void inherit(thread& child, const thread& maker) {
  child.nice = maker.nice;
  child.io_priority = maker.io_priority;
  lifecycle::set_filter(child, maker.filter);
  child.scheduling = maker.scheduling & 0xffff;
  for (usize i = 0; i < std::size(child.inherited_words); ++i) child.inherited_words[i] = maker.inherited_words[i];
}

} // namespace

new_child::~new_child() {
  if (child_ == nullptr) return;
  const kernel_lock::ensured lock;
  machine::destroy(*child_);
  lifecycle::discard(*child_);
}

void new_child::set_segment_base(u32 which, u64 base) {
  child_->start->set_base[which & 1] = true;
  child_->start->base[which & 1] = base;
}

void new_child::set_thread_area(i32 entry, u32 base, u32 limit, u32 flags) {
  thread_start& start = *child_->start;
  start.set_area = true;
  start.area_entry = entry;
  start.area_base = base;
  start.area_limit = limit;
  start.area_flags = flags;
}

void new_child::share_descriptors() {
  const kernel_lock::ensured lock;
  child_->owner->descriptors = current_process().descriptors;
}

bool new_child::share_paths() {
  const kernel_lock::ensured lock;
  return child_->owner->paths.join(current_process().paths);
}

bool new_child::share_actions() {
  const kernel_lock::ensured lock;
  return child_->owner->actions.join(current_process().actions);
}

void new_child::reset_handlers() {
  const kernel_lock::ensured lock;
  for (sigaction& action : *child_->owner->actions)
    if (action.handler != handlers::ignore) action = {};
}

i32 new_child::commit(commit_right right) {
  const kernel_lock::ensured lock;
  (void)descriptor_.commit(right);
  thread& child = *std::exchange(child_, nullptr);
  const i32 id = child.id;
  const bool must_wait = child.owner->vfork_child;
  thread& self = current_thread();
  const trace_event event = child.owner == self.owner ? trace_event::clone : must_wait ? trace_event::vfork : trace_event::fork;
  tracees::begins(self, child, event);
  child.state = thread_state::runnable;
  timers::watch_processor_time(*child.owner); // RLIMIT_CPU is inherited
  machine::start(child);
  tracees::has_begun(self, id, event);
  if (!must_wait) return id;
  for (;;) {
    process* p = process_table::find(id);
    if (p == nullptr || !p->vfork_child) break;
    if (p->vfork_done.sleep_through_signals() == wakeup::interrupted) break;
  }
  machine::memory_is_back();
  tracees::vfork_is_done(self, id);
  return id;
}

result<new_child> process_operations::perform(op::fork, thread& caller, bool share_memory) {
  process& parent = *caller.owner;
  if (!may_have_another(parent)) return error::again;
  process* made = lifecycle::make_process(&parent);
  if (made == nullptr) return error::again;
  thread& child = *made->threads.front();
  made->parent_thread = caller.id;
  made->inspectable = parent.inspectable;
  unfinished guard{&child};
  const auto copied = copy_image(*made, parent, share_memory);
  if (!copied) return copied.error();
  child.mask = caller.restore_mask ? caller.saved_mask : caller.mask;
  child.alternate = caller.alternate;
  inherit(child, caller);
  if (!share_memory) child.sequences = caller.sequences;
  child.start->frame = *caller.frame;
  if (!machine::create_process(caller, child, child.start->frame, share_memory)) return error::again;
  guard.child = nullptr;
  return new_child{&child};
}

result<new_child> process_operations::perform(op::create_thread, thread& caller) {
  if (!may_have_another(*caller.owner)) return error::again;
  thread* child = lifecycle::make_thread(*caller.owner);
  if (child == nullptr) return error::again;
  unfinished guard{child};
  child->mask = caller.mask;
  inherit(*child, caller);
  child->start->frame = *caller.frame;
  if (!machine::create_thread(caller, *child, child->start->frame)) return error::again;
  guard.child = nullptr;
  return new_child{child};
}

} // namespace polyabi::reference
