// What facilities ask of the kernel, beside open files.
#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/signals.hpp>

namespace polyabi::reference {

result<> memory_object::resize(u64 size) {
  if (handle_ < 0) {
    const i32 made = machine::object::create();
    if (made < 0) return error::nomem;
    handle_ = made;
  }
  return machine::object::resize(handle_, size) < 0 ? error::nomem : error::none;
}

result<u64> service_functions::map_file(thread& caller, const file_ref& opened, u64 address, u64 size, u32 protection,
                                        u32 flags, u64 offset) {
  const kernel_lock::ensured lock;
  return memory_operations::map_backing(caller, opened, address, size, protection, flags, offset);
}

result<> service_functions::unmap(thread& caller, u64 address, u64 size) {
  const kernel_lock::ensured lock;
  return caller.owner->memory->unmap(address, size);
}

bool service_functions::mapping_from(thread& caller, u64 address, file_mapping<kernel>& out) {
  const kernel_lock::ensured lock;
  const address_space& memory = *caller.owner->memory;
  for (const region* r = memory.first(); r != nullptr; r = memory.next(*r)) {
    if (r->start < address || !r->backing()) continue;
    out = {r->start, r->end, r->offset, r->backing()};
    return true;
  }
  return false;
}

void service_functions::observe_process(thread& caller, process_observer& observer) {
  caller.owner->observers.push_back(observer);
}

process_observer* service_functions::process_observer_of(thread& caller, const void* kind) {
  process& self = *caller.owner;
  for (process_observer* o = self.observers.front(); o != nullptr; o = self.observers.next(*o))
    if (o->kind == kind) return o;
  return nullptr;
}

void service_functions::queue_signal(i32 id, const siginfo& info) {
  if (process* target = process_table::find(id); target != nullptr && target->state != process::phase::zombie)
    signals::send(*target, info);
}

} // namespace polyabi::reference
