// What facilities ask of the kernel, beside open files.
#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/user_memory.hpp>

namespace polyabi::reference {

void* service_functions::allocate(usize size) {
  const kernel_lock::ensured lock;
  return heap::allocate(size);
}

void service_functions::deallocate(void* memory, usize size) {
  const kernel_lock::ensured lock;
  heap::deallocate(memory, size);
}

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

namespace {
/// What is behind a word (`user_word_key::space`); files of file systems have their device's number there.
enum class word_space : u64 { own = ~u64{0}, anonymous = own - 1, facility = own - 2 };

user_word_key key_in(word_space space, u64 object, u64 offset) {
  return {static_cast<u64>(space), object, offset};
}
} // namespace

result<user_word_key> service_functions::word_key(thread& caller, u64 address, bool shared) {
  if (address % sizeof(u32) != 0) return error::inval;
  const address_space& memory = *caller.owner->memory;
  if (address > memory.limit() - sizeof(u32)) return error::fault;
  const region* r = shared ? memory.find(address) : nullptr;
  if (shared && r == nullptr) return error::fault;
  if (r == nullptr || !r->is_shared()) return key_in(word_space::own, reinterpret_cast<std::uintptr_t>(&memory), address);
  const u64 offset = r->offset + (address - r->start);
  if (!r->backing()) return key_in(word_space::anonymous, r->shared_id, offset);
  file& shown = *r->backing();
  if (shown.node) return user_word_key{shown.node->device(), shown.node->inode(), offset};
  custom_file<kernel>* custom = custom_of(shown);
  const void* object = custom != nullptr ? static_cast<const void*>(custom->memory()) : &shown;
  return key_in(word_space::facility, reinterpret_cast<std::uintptr_t>(object), offset);
}

bool service_functions::exchange_user_word(thread&, u64 address, u32 expected, u32 desired, u32& seen) {
  if (machine::exchange_user_word(address, expected, desired, seen)) return true;
  // A stack may have to grow there.
  u32 value = 0;
  return user_memory::copy_in(&value, address, sizeof value) && machine::exchange_user_word(address, expected, desired, seen);
}

bool service_functions::at_thread_end(i32 thread_id, void (*function)(thread&)) {
  thread* found = process_table::find_thread(thread_id);
  if (found == nullptr || found->state == thread_state::dead || found->end_is_told) return false;
  if (found->at_end == nullptr) found->at_end = function;
  return true;
}

result<> service_functions::set_sequences(thread& caller, const sequence_area& area) {
  constexpr u64 in_none = 0;
  if (area.address != 0 && !user_memory::copy_out(area.address + sequence_word_offset, &in_none, sizeof in_none))
    return error::fault;
  const kernel_lock::ensured lock;
  const sequence_area before = std::exchange(caller.sequences, {});
  if (before.address != 0) (void)machine::tell_of_processor(before, false);
  if (area.address == 0) return {};
  const auto told = static_cast<error>(machine::tell_of_processor(area, true));
  if (told == error::none) caller.sequences = area;
  return told;
}

namespace {
thread* thread_of(const process& p, i32 thread_id) {
  thread* found = process_table::find_thread(thread_id);
  return found != nullptr && found->owner == &p ? found : nullptr;
}
} // namespace

bool service_functions::suspend_thread(thread& caller, i32 thread_id) {
  thread* target = thread_of(*caller.owner, thread_id);
  if (target == nullptr) return false;
  target->must_stand = true;
  if (target->state != thread_state::embryo) signals::call(*target);
  return true;
}

bool service_functions::resume_thread(thread& caller, i32 thread_id) {
  thread* target = thread_of(*caller.owner, thread_id);
  if (target == nullptr) return false;
  target->must_stand = false;
  caller.owner->resumed.wake_all();
  return true;
}

bool service_functions::is_suspended(thread& caller, i32 thread_id) {
  const thread* target = thread_of(*caller.owner, thread_id);
  return target != nullptr && target->stands;
}

void service_functions::queue_signal(i32 id, const siginfo& info) {
  if (process* target = process_table::find(id); target != nullptr && target->state != process::phase::zombie)
    signals::send(*target, info);
}

} // namespace polyabi::reference
