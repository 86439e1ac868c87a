// Numbers of ptrace(2) (linux/ptrace.h, asm/ptrace-abi.h, linux/elf.h, linux/audit.h).
#pragma once

#include <polyabi/core/process_tracing.hpp>

namespace polyabi::linux_abi {

namespace trace_requests {
inline constexpr i64 trace_me = 0, peek_text = 1, peek_data = 2, peek_user = 3, poke_text = 4, poke_data = 5, poke_user = 6, cont = 7,
                     kill = 8, single_step = 9, get_registers = 12, set_registers = 13, get_floating_point = 14,
                     set_floating_point = 15, attach = 16, detach = 17, get_extended_floating_point = 18,
                     set_extended_floating_point = 19, system_call = 24, get_thread_area = 25, set_thread_area = 26, arch_prctl = 30,
                     emulate_calls = 31, emulate_calls_and_step = 32, set_options = 0x4200,
                     get_event_message = 0x4201, get_siginfo = 0x4202, set_siginfo = 0x4203, get_register_set = 0x4204,
                     set_register_set = 0x4205, seize = 0x4206, interrupt = 0x4207, listen = 0x4208, peek_siginfo = 0x4209, get_signal_mask = 0x420a,
                     set_signal_mask = 0x420b, get_call_information = 0x420e;
} // namespace trace_requests

/// A tracee stops, and its tracer hears of it by wait4(2), as `event << 16 | signal << 8 | 0x7f`. An event's number is also the bit of the option that asks for it (1 << number), as far as there is an option.
struct trace_event_row {
  trace_event name;
  u32 number;
};
inline constexpr trace_event_row trace_event_rows[] = {
    {trace_event::system_call, 0}, {trace_event::fork, 1},       {trace_event::vfork, 2}, {trace_event::clone, 3},
    {trace_event::exec, 4},        {trace_event::vfork_done, 5}, {trace_event::exit, 6},  {trace_event::filter, 7},
    {trace_event::stop, 128},
};
constexpr u32 trace_event_number(trace_event event) {
  for (const trace_event_row& row : trace_event_rows)
    if (row.name == event) return row.number;
  return 0;
}

namespace trace_option_bits {
inline constexpr u64 exit_kill = 1 << 20;
inline constexpr u64 all = 0xff | exit_kill;
} // namespace trace_option_bits

constexpr trace_options trace_options_of(u64 bits) {
  trace_options options;
  for (const trace_event_row& row : trace_event_rows)
    if (row.number < 32 && (bits >> row.number & 1) != 0) options.add(row.name);
  options.end_with_tracer = (bits & trace_option_bits::exit_kill) != 0;
  return options;
}

namespace register_sets {
inline constexpr u64 general = 1, floating_point = 2, extended_floating_point = 0x46e62b7f, extended_state = 0x202;
}

namespace traced_call_kinds {
inline constexpr u8 none = 0, entry = 1, exit = 2, filter = 3;
}

/// What a tracer sees as the answer of a call that will be made again (linux/errno.h): ERESTARTSYS. It may put back any of them.
inline constexpr i64 restart_answer = -512;
constexpr bool is_restart_answer(i64 value) {
  return value == -512 || value == -513 || value == -514 || value == -516;
}

} // namespace polyabi::linux_abi
