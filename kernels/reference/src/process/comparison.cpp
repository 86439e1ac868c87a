// Whether two processes have something in common.
#include <polyabi/reference/process_operations.hpp>

namespace polyabi::reference {

namespace {

/// What stands for the part of the process: the same pointer for the same thing.
result<const void*> part_of(const process& p, process_part part, i32 index) {
  switch (part) {
  case process_part::open_file: {
    auto open = p.descriptors ? p.descriptors->get(index) : result<ref<file>>{error::badf};
    if (!open) return open.error();
    return static_cast<const void*>(open->get());
  }
  case process_part::descriptors: return static_cast<const void*>(p.descriptors.get());
  case process_part::memory: return static_cast<const void*>(p.memory);
  case process_part::process: return static_cast<const void*>(&p);
  }
  return error::inval;
}

} // namespace

result<i32> process_operations::perform(op::compare_objects, thread& caller, i32 pid, i32 other_pid, process_part part, i32 index,
                                        i32 other_index) {
  const thread* one = process_table::find_thread(pid);
  const thread* other = process_table::find_thread(other_pid);
  if (one == nullptr || other == nullptr) return error::srch;
  if (!may_inspect(*caller.owner, *one->owner) || !may_inspect(*caller.owner, *other->owner)) return error::perm;
  auto first = part_of(*one->owner, part, index);
  if (!first) return first.error();
  auto second = part_of(*other->owner, part, other_index);
  if (!second) return second.error();
  return *first == *second ? 0 : *first < *second ? -1 : 1;
}

} // namespace polyabi::reference
