// The image's header, and what the tool calls through it: booting, and looking after host processes.
#include "state.hpp"

#include <polyabi/reference/unsupported.hpp>

namespace polyabi::hosted {

constinit shared_state shared{};
extern void (*while_waiting)();
const char* personality_name(usize index, usize& length);
const char* linked_personality(usize index, usize& length, u32& arch);

namespace {

namespace interrupt = reference::interrupt;
namespace machine = reference::machine;
using reference::error;

extern "C" [[gnu::visibility("hidden")]] void (*const image_init_array_start[])();
extern "C" [[gnu::visibility("hidden")]] void (*const image_init_array_end[])();

u8 trace_bytes[trace_capacity];

void initialise() {
  shared.trace.data = trace_bytes;
  for (auto constructor = image_init_array_start; constructor < image_init_array_end; ++constructor) (*constructor)();
}

/// The first program's strings, copied to kernel memory before the tool's own memory goes.
struct program {
  std::span<const std::string_view> candidates, arguments, environment;
};
constinit program first_program;

char* strings;
usize strings_left;

std::span<const std::string_view> copy_strings(const char* const* from, usize count) {
  auto* views = reinterpret_cast<std::string_view*>(strings);
  const usize table = count * sizeof(std::string_view);
  strings += table;
  strings_left -= table;
  for (usize i = 0; i < count; ++i) {
    const usize length = __builtin_strlen(from[i]);
    __builtin_memcpy(strings, from[i], length + 1);
    ::new (&views[i]) std::string_view{strings, length};
    const usize step = (length + 8) & ~usize{7};
    strings += step;
    strings_left -= step;
  }
  return {views, count};
}

usize size_of_strings(const char* const* from, usize count) {
  usize size = 0;
  for (usize i = 0; i < count; ++i) size += sizeof(std::string_view) + ((__builtin_strlen(from[i]) + 8) & ~usize{7});
  return size;
}

bool copy_program(const program_request& from) {
  const usize size = size_of_strings(from.candidates, from.candidate_count) +
                     size_of_strings(from.arguments, from.argument_count) +
                     size_of_strings(from.environment, from.environment_count);
  strings_left = size + reference::page_size;
  strings = static_cast<char*>(machine::allocate_pages(strings_left / reference::page_size + 1));
  if (strings == nullptr) return false;
  first_program.candidates = copy_strings(from.candidates, from.candidate_count);
  first_program.arguments = copy_strings(from.arguments, from.argument_count);
  first_program.environment = copy_strings(from.environment, from.environment_count);
  return true;
}

/// As execvp(3): the next candidate if this one is not there, or may not be executed; the latter is the better reason to give.
error load_first_program(thread& self, registers& r) {
  error why = error::noent;
  for (const std::string_view path : first_program.candidates) {
    const auto loaded = reference::boot_program(self, r, path, first_program.arguments, first_program.environment);
    if (loaded) return error::none;
    if (loaded.error() != error::noent && loaded.error() != error::notdir && loaded.error() != error::acces)
      return loaded.error();
    if (loaded.error() == error::acces) why = error::acces;
  }
  return why;
}

/// The host's vDSO goes above the kernel. Where the host holds it in its place (mseal(2)), it is above all users already.
void place_host_library() {
  const std::span<const address_range> parts{shared.host_library_parts, shared.host_library_part_count};
  if (parts.empty()) return;
  address_range& whole = shared.host_library;
  whole = {parts.front().start, parts.back().end};
  const u64 distance = host_library_base - whole.start;
  for (const auto& [start, end] : parts) {
    constexpr u64 flags = host_map::remap_may_move | host_map::remap_fixed;
    if (host_call(call::mremap, start, end - start, end - start, flags, start + distance) >= 0) continue;
    if (start == whole.start && start >= kernel_end) return;
    machine::panic("the host does not let its vDSO be moved");
  }
  whole = {whole.start + distance, whole.end + distance};
  for (u64& function : shared.host_functions)
    if (function != 0) function += distance;
}

/// Of the watchdog's memory a guest keeps the kernel, and the host's vDSO.
void leave_tool_behind() {
  place_host_library();
  machine::unmap_all();
  const address_range library =
      shared.host_library.start != 0 ? shared.host_library : address_range{host_user_end, host_user_end};
  const address_range nothing[] = {{word(image_text_end), word(image_data_start)},
                                   {whole_large_pages(word(image_data_end)), arena_base},
                                   {arena_base + arena_size, library.start},
                                   {library.end, host_user_end}};
  for (const auto& [start, end] : nothing) host_call(call::munmap, start, end - start);
}

/// First code of the first program's process: a copy of the watchdog, of which only the kernel is to remain.
void begin_first(void* argument) {
  auto& state = *static_cast<machine_state*>(argument);
  settle(state);
  settle_segments(state);
  // The watchdog's handlers point into the tool, which a guest does not have.
  constexpr host_sigaction plain{};
  for (i32 number = 1; number <= 64; ++number) host_call(call::sigaction, word(number), word(&plain), 0, 8);
  install_handlers();
  leave_tool_behind();
  registers r{};
  r.cs = selector::user64;
  r.ss = selector::data;
  r.rflags = 0x202;
  if (const error why = load_first_program(*state.owner, r); why != error::none) {
    shared.boot_error = static_cast<u32>(why);
    notice();
    host_call(call::exit_group, 127);
  }
  if (state.owner->start != nullptr) state.owner->start->frame = r; // what `first_return` begins with
  reference::trap::first_return(*state.owner, r);
  store(*state.context, r, state);
  state.fresh_floating_point = false;
  state.in_kernel = false;
  image_resume(state.context);
}

u32 boot(const reference::boot_options& options, const program_request& request) {
  if (!copy_program(request)) return static_cast<u32>(error::nomem);
  const auto booted = reference::boot(options);
  if (!booted) return static_cast<u32>(booted.error());
  thread* first = *booted;
  machine_state* state = new_state(first);
  if (state == nullptr) return static_cast<u32>(error::nomem);
  first->machine = state;
  state->leader = true;
  prepare_start(*state, nullptr);
  const i64 id = image_clone_onto(host_clone::files | static_cast<u64>(host_signal::chld),
                                  reinterpret_cast<void*>(state->call_stack), begin_first, state, nullptr);
  if (id < 0) return error_of_host(id);
  state->host_process = state->host_thread = static_cast<i32>(id);
  return 0;
}

/// The watchdog gets an alternate stack with a state of its own, without a thread: its faults are the kernel's own.
void guard_watchdog() {
  machine_state* state = new_state(nullptr);
  if (state == nullptr) return;
  const host_stack stack{word(state) + sizeof *state, 0, 0, stack_size - sizeof *state};
  host_call(call::sigaltstack, word(&stack));
  install_handlers();
}

/// Releases what a host thread that is gone has left.
void release(machine_state& state) {
  thread* owner = state.owner;
  free_state(state);
  if (owner != nullptr) interrupt::release_thread(*owner);
}

/// What the watchdog wants to know after each end.
void look_at_ends() {
  u32 count = 0;
  for_each_state([&](machine_state& state) {
    count += state.owner != nullptr ? 1 : 0;
    return true;
  });
  shared.guest_count = count;
  shared.first_status = reference::first_program_status();
}

void noticed() {
  { const reference::kernel_lock::locked lock; }
  bool again = false;
  for_each_state([&](machine_state& state) {
    // A thread of a process has said that it ends: the host clears the word when nothing runs on the stack any more. For the last
    // one in its address space it does not (mm_release of kernel/fork.c): `reaped` releases that one, so nobody waits for it here.
    if (state.ended && !state.leader) {
      if (__atomic_load_n(&state.alive, __ATOMIC_ACQUIRE) == 0) release(state);
      else again = true;
    }
    return true;
  });
  look_at_ends();
  if (again) {
    host_call(call::sched_yield);
    notice();
  }
}

void reaped(i32 pid, bool for_a_fault) {
  if (page_lock_holder() == pid) machine::panic("a process died while it allocated kernel memory");
  // No thread has the id of a vfork child that moved to a process of its own.
  for_each_state([&](machine_state& state) {
    if (state.host_process != pid) return true;
    thread* owner = state.owner;
    // The host itself ends a program for what it says of its sequences (rseq(2)).
    if (!state.ended && owner != nullptr && shared.boot_error == 0)
      interrupt::lost_process(*owner, for_a_fault ? reference::signals::segv : reference::signals::kill);
    release(state);
    return true;
  });
  look_at_ends();
}

void kill_all() {
  for_each_state([](machine_state& state) {
    if (state.host_process != 0) host_call(call::kill, word(state.host_process), word(host_signal::kill));
    return true;
  });
}

} // namespace

extern "C" [[gnu::section(".image_header"), gnu::used]] const image_header polyabi_image_header{
    image_magic,
    &shared,
    reinterpret_cast<u64>(image_text_start),
    reinterpret_cast<u64>(image_text_end),
    reinterpret_cast<u64>(image_constants_end),
    initialise,
    boot,
    guard_watchdog,
    reaped,
    kill_all,
    noticed,
    interrupt::timer,
    interrupt::console_input,
    interrupt::console_writable,
    interrupt::console_resized,
    interrupt::console_hangup,
    interrupt::host_ready,
    interrupt::host_watches,
    interrupt::signal_first_process,
    personality_name,
    linked_personality,
    reference::unsupported_at,
    reference::unsupported_lost,
    &while_waiting,
};

} // namespace polyabi::hosted
