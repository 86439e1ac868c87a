// Processes and threads of the guest are host processes and threads: all of them children of the watchdog, with one table of
// host descriptors, and the kernel mapped in each.
#include "fast_entry.hpp"
#include "protection.hpp"

#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/kernel.hpp>

namespace polyabi::hosted {

namespace {

constexpr u64 process_flags = host_clone::files | host_clone::parent | static_cast<u64>(host_signal::chld);

/// The parent is about to say, on another processor; a thread that sleeps first costs both of them more.
void spin_for_start(const machine_state& state) {
  constexpr u32 turns = 400;
  for (u32 i = 0; i < turns && __atomic_load_n(&state.go, __ATOMIC_ACQUIRE) == 0; ++i) __builtin_ia32_pause();
}

void wait_for_start(machine_state& state) {
  spin_for_start(state);
  constexpr u32 asleep = 3;
  u32 go = 0;
  while (__atomic_compare_exchange_n(&state.go, &go, asleep, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE) || go == asleep) {
    host_call(call::futex, word(&state.go), host_futex::wait_bitset, asleep, 0, 0, host_futex::match_any);
    go = 0;
  }
  if (state.go == 2) {
    state.ended = true;
    host_call(call::exit);
  }
}

void let_go(machine_state& state, u32 how) {
  if (__atomic_exchange_n(&state.go, how, __ATOMIC_ACQ_REL) != 0) host_call(call::futex, word(&state.go), host_futex::wake, 1);
}

/// First code of a created thread, on its own stack.
void begin(void* argument) {
  auto& state = *static_cast<machine_state*>(argument);
  settle(state);
  wait_for_start(state);
  settle_segments(state); // one that is given up has no owner any more
  // The kernel may have changed the child's registers since; its floating-point state is its own copy.
  registers own = state.owner->start != nullptr ? state.owner->start->frame : state.initial;
  own.fpu = state.context->floating_point;
  own.fpu_size = own.fpu != nullptr ? floating_point_size(state.context->floating_point) : 0;
  reference::trap::first_return(*state.owner, own);
  store(*state.context, own, state);
  state.fresh_floating_point = false;
  state.in_kernel = false;
  image_resume(state.context);
}

/// The kernel's text is mapped from large pages, if the watchdog has made some: its children will not have to bring it in page by page.
void use_large_text() {
  machine_state& own = *own_state();
  const i32 file = __atomic_load_n(&shared.text_descriptor, __ATOMIC_ACQUIRE);
  if (file == 0 || own.has_large_text) return;
  own.has_large_text = true;
  const u64 text = word(image_text_start), end = whole_large_pages(word(image_text_end));
  constexpr u64 how = host_map::private_ | host_map::fixed;
  host_call(call::mmap, kernel_base, text - kernel_base, host_map::read, how, word(file), 0);
  host_call(call::mmap, text, end - text, host_map::read | host_map::execute, how, word(file), text - kernel_base);
}

bool create(thread& parent, thread& child, const registers& r, u64 flags) {
  if (shared.ending != 0) return false;
  machine_state* state = new_state(&child);
  if (state == nullptr) return false;
  const auto* floating_point = static_cast<const u8*>(parent.frame != nullptr ? parent.frame->floating_point() : nullptr);
  prepare_start(*state, floating_point);
  state->initial = r;
  state->leader = (flags & host_clone::thread) == 0;
  state->shares_memory = state->leader && (flags & host_clone::vm) != 0;
  state->user_base = own_state()->user_base; // the local descriptor table is copied, or shared
  if ((flags & host_clone::vm) != 0 && !open_landing(*state)) {
    free_state(*state);
    return false;
  }
  child.machine = state;
  const bool copies_memory = parent.owner != nullptr && parent.owner->memory != nullptr && (flags & host_clone::vm) == 0;
  if (state->leader) use_large_text();
  state->copies_known = own_state()->copies_known;
  state->has_large_text = own_state()->has_large_text;
  // A child begins on its own stack with the parent's alternate one, which a signal must not be put on before it has settled.
  const auto clone = [&] {
    const u64 all = ~u64{0};
    u64 before = 0;
    host_call(call::sigprocmask, host_signal::mask_set, word(&all), word(&before), sizeof all);
    const i64 id = image_clone_onto(flags, reinterpret_cast<void*>(state->call_stack), begin, state, &state->alive);
    host_call(call::sigprocmask, host_signal::mask_set, word(&before), 0, sizeof before);
    return id;
  };
  i64 id;
  if (copies_memory) {
    const reference::others_may_run while_it_copies{*parent.owner->memory};
    id = clone();
  } else if (state->leader && is_single(*parent.owner)) {
    const reference::kernel_lock::unlocked while_it_clones;
    id = clone();
  } else {
    id = clone();
  }
  if (id < 0) {
    child.machine = nullptr;
    free_state(*state);
    return false;
  }
  state->host_thread = static_cast<i32>(id);
  state->host_process = state->leader ? static_cast<i32>(id) : parent.machine->host_process;
  return true;
}

} // namespace

void prepare_start(machine_state& state, const u8* floating_point) {
  state.context = context_place(state);
  host_context& c = *state.context;
  c = {};
  c.flags = context_has_ss | context_strict_ss;
  c.stack = alternate_stack(state);
  if (floating_point == nullptr) return;
  c.floating_point = reinterpret_cast<u8*>(floating_point_area(state));
  __builtin_memcpy(c.floating_point, floating_point, floating_point_size(floating_point));
}

void settle(machine_state& state) {
  const i32 process = static_cast<i32>(host_call(call::getpid));
  state.host_process = process;
  state.host_thread = static_cast<i32>(host_call(call::gettid));
  // The watchdog's death ends every guest. It may have died before this line.
  if (state.leader) {
    host_call(call::prctl, host_prctl::set_pdeathsig, word(host_signal::kill));
    if (static_cast<i32>(host_call(call::getppid)) != shared.watchdog) host_call(call::exit_group, 1);
  }
  // Where the host restricts it (Yama), guests may look at each other's memory all the same, and nobody else may.
  static constinit bool is_restricted = true;
  if (state.leader && is_restricted && host_call(call::prctl, host_prctl::set_ptracer, word(shared.watchdog)) < 0)
    is_restricted = false;
  const host_stack stack = alternate_stack(state);
  host_call(call::sigaltstack, word(&stack));
  host_call(call::prctl, host_prctl::set_syscall_user_dispatch, host_prctl::dispatch_on, word(image_text_start),
            word(image_text_end) - word(image_text_start), 0);
  if (state.leader && !state.shares_memory) open_landing_alone(state);
}

void settle_segments(machine_state& state) {
  // Of 32-bit code the GS base belongs to a descriptor of the program's own.
  const reference::process* of = state.owner->owner;
  if (of == nullptr || of->personality == nullptr || of->personality->arch == architecture::x86_64) settle_gs_base(state);
}

} // namespace polyabi::hosted

namespace polyabi::reference::machine {

using namespace hosted;

thread* current() {
  machine_state* state = own_state();
  return state != nullptr ? state->owner : nullptr;
}

bool create_process(thread& parent, thread& child, const registers& r, bool share_memory) {
  return create(parent, child, r, process_flags | (share_memory ? host_clone::vm : 0));
}

bool create_thread(thread& parent, thread& child, const registers& r) {
  // What a change of text needs once there are several threads; the host would wait for all processors then.
  const auto& threads = parent.owner->threads;
  const bool is_second = threads.next(*threads.front()) == threads.back();
  if (is_second && shared.entry == entry_mode::patched)
    host_call(call::membarrier, host_barrier::register_private_sync_core);
  return create(parent, child, r,
                host_clone::vm | host_clone::fs | host_clone::files | host_clone::sighand | host_clone::thread |
                    host_clone::sysvsem | host_clone::child_cleartid);
}

void start(thread& child) {
  let_go(*child.machine, 1);
}

/// The thread's stack is released by the watchdog once the host has ended it.
void destroy(thread& never_started) {
  machine_state* state = never_started.machine;
  if (state == nullptr) return;
  never_started.machine = nullptr;
  state->owner = nullptr;
  state->ended = true;
  let_go(*state, 2);
  if (!state->leader) notice();
}

void end_thread(thread& self) {
  machine_state& state = *self.machine;
  state.ended = true;
  // What is left of a thread is released with others', or with the process.
  constexpr u32 at_a_time = 8;
  if (!state.leader && __atomic_add_fetch(&shared.ended_threads, 1, __ATOMIC_RELAXED) % at_a_time == 0) notice();
  host_call(call::exit, 0);
  __builtin_unreachable();
}

namespace {

/// Whether a child that is about to leave its parent's memory can tell the host not to copy any of it: its parent is still there and
/// waits, and nobody else is there who could fork meanwhile. What the program has told the host about that itself, it would not be told
/// again.
bool is_lent_whole(const process& child) {
  if (child.parent->memory != child.memory || !reference::runs_alone(child)) return false;
  for (const region* r = child.memory->first(); r != nullptr; r = child.memory->next(*r))
    if (r->has(reference::region_marks::not_in_children)) return false;
  return true;
}

} // namespace

bool detach_memory(thread& self) {
  machine_state& state = *self.machine;
  if (!state.shares_memory) return true;
  if (shared.ending != 0) return false;
  if (is_lent_whole(*self.owner)) {
    self.owner->parent->threads.front()->machine->memory_is_lent = true;
    host_call(call::madvise, 0, kernel_base, host_map::advice_dontfork);
  }
  // The host would copy all of the parent's memory, and end it again. Who looks for this thread meanwhile, to interrupt it, may find
  // either host process: it looks for signals itself before it returns to the program.
  const reference::kernel_lock::unlocked while_it_copies;
  if (image_clone_and_leave(process_flags | host_clone::parent_settid, &state.host_process) < 0) return false;
  // From here on this is another host process, on the same stack.
  state.shares_memory = false;
  settle(state);
  settle_segments(state);
  unmap_all();
  return true;
}

void memory_is_back() {
  if (!std::exchange(own_state()->memory_is_lent, false)) return;
  // It says that there are gaps, and has done all; at what is a device's it stops.
  const i64 done = host_call(call::madvise, 0, kernel_base, host_map::advice_dofork);
  if (done == 0 || done == -errno_of_host::nomem) return;
  const address_space& memory = *current()->owner->memory;
  for (const region* r = memory.first(); r != nullptr; r = memory.next(*r))
    host_call(call::madvise, host_address(r->start), r->size(), host_map::advice_dofork);
}

void interrupt(thread& target) {
  const machine_state* state = target.machine;
  if (state == nullptr || state->host_process == 0) return;
  host_call(call::tgkill, word(state->host_process), word(state->host_thread), word(host_signal::urg));
}

// The host does all of it: a guest's thread is its thread, in the same memory, and is interrupted by nobody else.
u16 tell_of_processor(const sequence_area& area, bool tells) {
  constexpr u64 unregister = 1;
  const i64 done = host_call(call::rseq, host_address(area.address), sequence_area_size, tells ? 0 : unregister, area.signature);
  return done < 0 ? error_of_host(done) : u16{0};
}

usize affinity(const thread& of, std::span<u8> out) {
  const i32 host_thread = of.machine != nullptr ? of.machine->host_thread : shared.watchdog; // the first process runs nowhere
  const i64 size = host_call(call::sched_getaffinity, word(host_thread), out.size(), word(out.data()));
  return size > 0 ? static_cast<usize>(size) : 0;
}

u16 set_affinity(const thread& of, std::span<const u8> processors) {
  if (of.machine == nullptr) return static_cast<u16>(error::srch);
  const i64 done = host_call(call::sched_setaffinity, word(of.machine->host_thread), processors.size(), word(processors.data()));
  return done < 0 ? static_cast<u16>(error::inval) : u16{0};
}

void processor(u32& number, u32& node) {
  host_call(call::getcpu, word(&number), word(&node), 0);
}

void processor_time(const process& of, u64& user, u64& system) {
  user = system = 0;
  const thread* first = of.threads.front();
  // A process that is about to end has no threads any more, but asks itself.
  if (const thread* self = current(); first == nullptr && self != nullptr && self->owner == &of) first = self;
  if (first == nullptr || first->machine == nullptr) return;
  const i32 id = first->machine->host_process;
  host_timespec both{}, users{};
  if (host_call(call::clock_gettime, host_clock::of_process(id, 0), word(&both)) < 0) return;
  if (host_call(call::clock_gettime, host_clock::of_process(id, 1), word(&users)) < 0) return;
  const auto nanoseconds = [](const host_timespec& t) { return static_cast<u64>(t.seconds * 1'000'000'000 + t.nanoseconds); };
  user = nanoseconds(users);
  system = nanoseconds(both) > user ? nanoseconds(both) - user : 0;
}

namespace {

/// Without what the host counts of the kernel's memory: large pages as a whole. Of the others there are few.
u64 without_kernel(u64 resident, const machine_state& state) {
  const u64 kernels = shared.large_data + (state.has_large_text ? shared.large_text : 0);
  return resident > kernels + page_size ? resident - kernels : page_size;
}

} // namespace

work_done own_work(bool of_thread) {
  constexpr u64 of_process = 0, thread_alone = 1; // RUSAGE_SELF, RUSAGE_THREAD
  host_usage all{};
  work_done done;
  if (host_call(call::getrusage, of_thread ? thread_alone : of_process, word(&all)) < 0) return done;
  const auto nanoseconds = [](i64 seconds, i64 microseconds) { return static_cast<u64>(seconds * 1'000'000'000 + microseconds * 1000); };
  done.user = nanoseconds(all.user_seconds, all.user_microseconds);
  done.system = nanoseconds(all.system_seconds, all.system_microseconds);
  done.largest = without_kernel(static_cast<u64>(all.largest) * 1024, *own_state()) / 1024;
  done.minor_faults = static_cast<u64>(all.minor_faults);
  done.major_faults = static_cast<u64>(all.major_faults);
  done.blocks_read = static_cast<u64>(all.blocks_read);
  done.blocks_written = static_cast<u64>(all.blocks_written);
  done.waits = static_cast<u64>(all.waits);
  done.preemptions = static_cast<u64>(all.preemptions);
  return done;
}

/// The host counts pages of the kernel that the process has touched as well.
bool memory_in_use(const process& of, u64& resident, u64& of_files) {
  const i32 file = open_process_file(of, "/statm", host_open::rdonly);
  if (file < 0) return false;
  char text[96];
  const i64 size = host_call(call::pread64, word(file), word(text), sizeof text, 0);
  host_call(call::close, word(file));
  // size, resident and shared pages (proc(5))
  u64 numbers[3]{};
  usize which = 0;
  for (i64 i = 0; i < size && which < 3; ++i) {
    if (text[i] < '0' || text[i] > '9') ++which;
    else numbers[which] = numbers[which] * 10 + static_cast<u64>(text[i] - '0');
  }
  resident = without_kernel(numbers[1] * page_size, *of.threads.front()->machine);
  of_files = without_kernel(numbers[2] * page_size, *of.threads.front()->machine);
  return which == 3;
}

} // namespace polyabi::reference::machine
