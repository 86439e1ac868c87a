// What the hosted machine keeps of a kernel thread, and how it finds it: at the bottom of the thread's kernel stack.
#pragma once

#include "host_call.hpp"

#include <polyabi/hosted/image.hpp>
#include <polyabi/reference/interrupt.hpp>

namespace polyabi::reference {

/// Lies at the lowest address of the thread's kernel stack, which is aligned to its size.
struct machine_state {
  static constexpr u64 valid = 0x6b63617473206b72;
  u64 magic = valid; ///< overwritten: the stack has overflowed
  thread* owner = nullptr;
  i32 host_process = 0, host_thread = 0;
  u32 go = 0;                           ///< futex word of a created thread: 0 waits, 3 waits asleep, 1 runs, 2 ends
  u32 alive = 1;                        ///< cleared by the host when a thread that is not its process' first has ended
  bool leader = false;                  ///< first thread of its host process
  bool shares_memory = false;           ///< vfork: runs in the parent's address space
  bool ended = false;                   ///< has called end_thread
  bool in_kernel = true;                ///< a fault now is the kernel's own
  u64 user_base = 0;                    ///< where the program's address 0 lies in the host process; see segments.cpp
  const u32* attention = nullptr;       ///< the thread's `attention`
  u64 user_stack = 0, exit_address = 0; ///< of a fast call: see fast_entry.S
  u64 call_stack = 0;                   ///< where the stack of a fast call begins
  bool user_has_gs_base = false;        ///< and the GS base is not this
  bool fresh_floating_point = false;    ///< the user is to begin with the initial state: until it has come back from there
  u32 closed_rights = 0;                   ///< the thread's PKRU while a user runs; 0: see protection.hpp
  hosted::host_context* context = nullptr; ///< the user's registers as the host saved them, while in the kernel
  registers initial{};                     ///< of a created thread
  u64 below_call[2] = {};                  ///< flags pass through here
  registers call{};                        ///< the user's of a fast call
  bool memory_is_lent = false; ///< the host does not copy it for new processes: see `detach_memory`
  bool has_large_text = false; ///< the kernel's text is in large pages, in this process
  u32 copies_known = 0; ///< of the copies of text that have been made: see shared_text.hpp
  u64 stack_canary = valid;
};

} // namespace polyabi::reference

namespace polyabi::hosted {

using reference::machine_state;
using reference::thread;

extern shared_state shared;

/// A file that the host's /proc has of a process; negative: an error.
i32 open_process_file(const reference::process& of, std::string_view name, u64 how);

/// The state of the stack this code runs on; null on a stack of the watchdog's own.
inline machine_state* own_state() {
  u64 here;
  asm("mov %%rsp, %0" : "=r"(here));
  if (here - arena_base >= stack_size * stack_count) return nullptr;
  return reinterpret_cast<machine_state*>(here & ~u64{stack_size - 1});
}
inline machine_state& state_of_slot(usize slot) {
  return *reinterpret_cast<machine_state*>(arena_base + slot * stack_size);
}
inline u64 stack_top(const machine_state& state) {
  return word(&state) + stack_size;
}

/// What a way out of the kernel that closes it takes the last registers from; a way in keeps some there.
struct open_words {
  u64 rax, rcx, rdx, exit_address;
};

// At the top of each stack lies what is never closed (protection.hpp), since the host puts a user's registers there and takes
// them from there: the open words, room for the floating-point state of a fast call, and the frame of a host signal, or one
// that looks like it. The kernel's own stack begins below.
inline constexpr u64 open_words_size = 64;
inline u64 landing_size() {
  constexpr u64 rest_of_frame = 1024; // siginfo, ucontext, alignment
  return (open_words_size + 2 * (shared.floating_point_size + rest_of_frame) + 4095) & ~u64{4095};
}
inline u64 landing(const machine_state& state) {
  return stack_top(state) - landing_size();
}
inline open_words& open_words_of(const machine_state& state) {
  return *reinterpret_cast<open_words*>(stack_top(state) - open_words_size);
}
inline u64 floating_point_area(const machine_state& state) {
  constexpr u64 alignment = 64;
  return (stack_top(state) - open_words_size - shared.floating_point_size - 4) & ~(alignment - 1);
}
/// Where a context that the host is to continue from lies, where no signal of the host's made one.
inline host_context* context_place(const machine_state& state) {
  return reinterpret_cast<host_context*>((floating_point_area(state) - sizeof(host_context)) & ~u64{63});
}
/// The host's alternate stack of a thread: all of it but the state at the bottom and what is kept free at the top.
inline host_stack alternate_stack(const machine_state& state) {
  return {word(&state) + sizeof state, 0, 0, floating_point_area(state) - word(&state) - sizeof state};
}

/// The host's address of a user's.
inline u64 host_address(u64 user) {
  const machine_state* state = own_state();
  return state != nullptr ? user + state->user_base : user;
}

/// A stack and the state on it, or null if there are too many threads.
machine_state* new_state(thread* owner);
void free_state(machine_state&);
/// Calls `visit(machine_state&)` for every state in use until it answers false.
template <class Visit>
void for_each_state(Visit visit);
bool slot_in_use(usize slot);
usize slots_ever_used();

template <class Visit>
void for_each_state(Visit visit) {
  for (usize slot = 0; slot < slots_ever_used(); ++slot)
    if (slot_in_use(slot) && !visit(state_of_slot(slot))) return;
}

/// A kernel error number for a negative answer of the host.
u16 error_of_host(i64 answer);

/// What every host process and thread of a guest does first.
void settle(machine_state&);
/// What depends on the program that it is to run.
void settle_segments(machine_state&);
/// Installs the signal handlers that are the kernel's entries.
void install_handlers();
/// Wakes the watchdog, to look at the shared state.
void notice();
/// The process in the middle of changing the page bitmap, or 0.
i32 page_lock_holder();
void load(const host_context&, registers&);
void store(host_context&, const registers&, machine_state&);
/// Bytes of an FXSAVE or XSAVE area of a signal frame: FP_XSTATE_MAGIC1 and the size are in its software bytes
/// (asm/sigcontext.h).
u32 floating_point_size(const u8* area);
/// Makes `state.context` a frame to start from, with a copy of this floating-point state (null: the initial one).
void prepare_start(machine_state&, const u8* floating_point);

[[noreturn]] void panic_with(const char* why, usize size, const host_context*, u64 fault_address);

// Defined in entry.S and kernel.ld: reached relative to the instruction, not through a table.
#pragma GCC visibility push(hidden)
extern "C" {
[[noreturn]] void image_resume(host_context*);
void image_signal_entry();
void image_signal_return();
i64 image_clone_onto(u64 flags, void* stack, void (*function)(void*), void* argument, u32* child_word);
i64 image_clone_and_leave(u64 flags, i32* process);
i64 image_call_32(u32 number, u32 argument);
bool image_copy(void* to, const void* from, usize size);
bool image_fill(void* to, u8 value, usize size);
i64 image_copy_string(char* to, const char* from, usize limit);
void image_clear(u64* word);
bool image_exchange(u32* word, u32 expected, u32 desired, u32* seen);
bool image_load_data_selectors(u32 ds, u32 es);
bool image_load_fs(u32 selector);
bool image_load_gs(u32 selector);
extern const char image_constants_end[], image_text_start[], image_text_end[], image_data_start[], image_data_end[];
}
#pragma GCC visibility pop

inline bool in_kernel_text(u64 address) {
  return address >= word(image_text_start) && address < word(image_text_end);
}

} // namespace polyabi::hosted
