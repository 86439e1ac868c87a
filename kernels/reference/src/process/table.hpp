// The process table's state, for the sources of this folder.
#pragma once

#include <polyabi/reference/process.hpp>

namespace polyabi::reference::detail {

struct table_state {
  intrusive_list<process, &process::in_table> processes; ///< in order of creation, zombies included
  intrusive_list<thread, &thread::in_table> threads;
  intrusive_list<process_group, &process_group::in_table> groups;
  process* init = nullptr;
  u32 process_count = 0;
  i32 last_id = 0;
};
extern constinit table_state table;

/// A number that no process, thread, group or session has; 0 if all are taken.
i32 new_id();

/// The first program and how it ended: -1 while it has not.
inline constexpr i32 first_program_id = 2;
i32 first_program_status();

/// The process leaves its group; empty groups and sessions go.
void leave_group(process&);

} // namespace polyabi::reference::detail
