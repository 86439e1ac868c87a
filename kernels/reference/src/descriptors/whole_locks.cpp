// flock(2): one lock for a whole file, owned by the open file, so that dup and fork share it.
#include <descriptors/lock_table.hpp>

#include <polyabi/reference/process.hpp>

namespace polyabi::reference::record_locks {

namespace {

whole_lock* own(lock_table& table, const file& f) {
  for (whole_lock* l = table.whole.front(); l != nullptr; l = table.whole.next(*l))
    if (l->owner == &f) return l;
  return nullptr;
}

bool obstructed(const lock_table& table, const whole_lock& wanted) {
  for (const whole_lock* l = table.whole.front(); l != nullptr; l = table.whole.next(*l))
    if (l->owner != wanted.owner && l->key == wanted.key && (l->kind == lock_kinds::wrlck || wanted.kind == lock_kinds::wrlck))
      return true;
  return false;
}

bool release_whole(lock_table& table, const file& f) {
  whole_lock* held = own(table, f);
  if (held == nullptr) return false;
  table.whole.remove(*held);
  heap::destroy(held);
  return true;
}

void unlock_whole(const file& f) {
  lock_table* table = existing_locks();
  if (table != nullptr && release_whole(*table, f)) table->changed.wake_all();
}

} // namespace

void released(const file& f) {
  lock_table* table = existing_locks();
  if (table == nullptr) return;
  bool any = f.has_range_locks && drop(&f, nullptr);
  if (release_whole(*table, f)) any = true;
  if (any) table->changed.wake_all();
}

result<> lock_whole(file& f, i32 kind, bool wait) {
  if (kind != lock_kinds::rdlck && kind != lock_kinds::wrlck && kind != lock_kinds::unlck) return error::inval;
  // A file without a name is nobody else's to lock.
  if (!f.node) return {};
  if (f.whole_lock == kind) return {};
  // Changing the kind is no atomic step: flock(2), "Converting a lock".
  if (f.whole_lock != 0) {
    unlock_whole(f);
    f.whole_lock = 0;
  }
  if (kind == lock_kinds::unlck) return {};
  lock_table* table = locks();
  whole_lock* wanted = heap::create<whole_lock>();
  if (table == nullptr || wanted == nullptr) {
    heap::destroy(wanted);
    return error::nolck;
  }
  wanted->key = key_of(f);
  wanted->owner = &f;
  wanted->kind = kind;
  wanted->pid = current_process().id;
  error why = error::none;
  while (why == error::none && obstructed(*table, *wanted)) {
    if (!wait)
      why = error::again;
    else if (table->changed.sleep() == wakeup::interrupted)
      why = error::restart_call;
  }
  if (why != error::none) {
    heap::destroy(wanted);
    return why;
  }
  unlock_whole(f); // another thread may have locked it through this open file meanwhile
  table->whole.push_back(*wanted);
  f.whole_lock = static_cast<u8>(kind);
  return {};
}

} // namespace polyabi::reference::record_locks
