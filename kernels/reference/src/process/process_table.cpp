// All processes and threads by id. They share one number space with groups and sessions.
#include "table.hpp"

#include <polyabi/reference/heap.hpp>

namespace polyabi::reference {

constinit detail::table_state detail::table;

namespace process_table {

using detail::table;

process* find(i32 id) {
  for (process* p = table.processes.front(); p != nullptr; p = table.processes.next(*p))
    if (p->id == id) return p;
  return nullptr;
}

thread* find_thread(i32 id) {
  for (thread* t = table.threads.front(); t != nullptr; t = table.threads.next(*t))
    if (t->id == id) return t;
  return nullptr;
}

process_group* find_group(i32 id) {
  for (process_group* g = table.groups.front(); g != nullptr; g = table.groups.next(*g))
    if (g->id == id) return g;
  return nullptr;
}

process* next(i32 after) {
  process* lowest = nullptr;
  for (process* p = table.processes.front(); p != nullptr; p = table.processes.next(*p))
    if (p->id > after && (lowest == nullptr || p->id < lowest->id)) lowest = p;
  return lowest;
}

process* init() {
  return table.init;
}
u32 count() {
  return table.process_count;
}
i32 last_id() {
  return table.last_id;
}

} // namespace process_table

i32 detail::new_id() {
  constexpr i32 highest = 32767;
  for (i32 tries = 0; tries < highest; ++tries) {
    table.last_id = table.last_id < highest ? table.last_id + 1 : 2;
    const i32 id = table.last_id;
    bool taken = process_table::find(id) != nullptr || process_table::find_thread(id) != nullptr;
    for (process_group* g = table.groups.front(); g != nullptr && !taken; g = table.groups.next(*g))
      taken = g->id == id || g->owner->id == id;
    if (!taken) return id;
  }
  return 0;
}

thread& current_thread() {
  thread* self = machine::current();
  if (self == nullptr) machine::panic("an interrupt asked for its thread");
  return *self;
}

process& current_process() {
  return *current_thread().owner;
}

} // namespace polyabi::reference
