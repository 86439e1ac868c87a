// What is told about mappings and mounts.
#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/information_operations.hpp>
#include <polyabi/reference/mount.hpp>
#include <polyabi/reference/record_locks.hpp>

namespace polyabi::reference {

result<bool> information_operations::perform(op::next_region, thread&, i32 pid, u64 address, region_info& out,
                                             std::span<char> path) {
  const process* p = process_table::find(pid);
  if (p == nullptr) return error::srch;
  if (p->memory == nullptr) return false;
  const region* r = p->memory->first();
  while (r != nullptr && r->end <= address) r = p->memory->next(*r);
  if (r == nullptr) return false;
  out = {};
  out.start = r->start;
  out.end = r->end;
  out.protection = r->protection;
  out.flags = r->flags;
  out.purpose = r->use == region::purpose::heap    ? region_purpose::heap
                : r->use == region::purpose::stack ? region_purpose::stack
                : r->backing()                     ? region_purpose::file
                                                   : region_purpose::anonymous;
  out.not_dumped = r->has(region_marks::not_dumped);
  out.changed = r->has(region_marks::was_writable);
  if (!r->backing()) return true;
  out.offset = r->offset;
  if (r->backing()->node) {
    out.device = r->backing()->node->device();
    out.inode = r->backing()->node->inode();
  }
  out.path_size = r->backing()->describe(path.data(), path.size());
  return true;
}

result<bool> information_operations::perform(op::next_lock, thread&, u32 index, lock_info& out) {
  return record_locks::describe(index, out);
}

result<bool> information_operations::perform(op::next_mount, thread& caller, u32 index, mount_info& out, std::span<char> path) {
  ref<vnode> tree;
  mounts::description about;
  if (!mounts::at(index, tree, about)) return false;
  out = {about.source, about.type, about.options, tree->device(), 0};
  const path_context& view = *caller.owner->paths;
  const auto size = namei::path_of(view, *tree, path.data(), path.size());
  if (!size) return true;
  // What the other root hides is not there for the caller.
  const auto found = namei::find(view, view.root, credentials{}, {path.data(), *size});
  if (found && front(*found) == tree) out.path_size = *size;
  return true;
}

} // namespace polyabi::reference
