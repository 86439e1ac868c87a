// Sleeping, time, randomness, the log, the console, the trace ring, and panics.
#include "state.hpp"

namespace polyabi::hosted {

/// Set by the watchdog: looks after dead processes while the watchdog's own kernel code waits.
void (*while_waiting)() = nullptr;

namespace {

u64 nanoseconds(const host_timespec& time) {
  return static_cast<u64>(time.seconds) * 1'000'000'000 + static_cast<u64>(time.nanoseconds);
}

u64 now_by_call(u64 clock) {
  host_timespec time{};
  host_call(call::clock_gettime, clock, word(&time));
  return nanoseconds(time);
}

/// By the host's vDSO, without a call: clocks that it shows to everybody. Where it has to make the call itself after all, see
/// `answer_host_library`. The watchdog has it in another place.
u64 now(u64 clock) {
  const u64 function = shared.host_functions[static_cast<usize>(host_function::clock_gettime)];
  if (function == 0 || own_state() == nullptr) return now_by_call(clock);
  host_timespec time{};
  if (reinterpret_cast<i32 (*)(u64, host_timespec*)>(function)(clock, &time) != 0) return now_by_call(clock);
  return nanoseconds(time);
}

void write_all(i32 descriptor, const char* text, usize size) {
  while (size > 0) {
    const i64 done = host_call(call::write, word(descriptor), word(text), size);
    if (done > 0) {
      text += done;
      size -= static_cast<usize>(done);
    } else if (done == -errno_of_host::again) {
      struct {
        i32 descriptor;
        i16 events, happened;
      } wait{descriptor, 4, 0}; // POLLOUT
      host_call(call::poll, word(&wait), 1, word(-1));
    } else if (done != -errno_of_host::intr) {
      return;
    }
  }
}

void wait_futex(const u32* futex, u32 expected, u64 deadline) {
  const host_timespec time{static_cast<i64>(deadline / 1'000'000'000), static_cast<i64>(deadline % 1'000'000'000)};
  host_call(call::futex, word(futex), host_futex::wait_bitset, expected, deadline == ~u64{0} ? 0 : word(&time), 0,
            host_futex::match_any);
}

/// Processor time that the owner of the kernel lock has used since the watchdog began to wait for it: much of it means a loop.
/// Waiting (for a slow disk, or a terminal that does not take output) is no bug.
void look_for_loop() {
  constexpr u64 limit = 10'000'000'000;
  static i32 owner = 0;
  static u64 used_before = 0, last_asked = 0;
  const i32 holder = reference::kernel_lock::owner();
  u64 used = 0;
  for_each_state([&](machine_state& state) {
    if (state.owner == nullptr || state.owner->id != holder) return true;
    used = now_by_call(host_clock::of_process(state.host_process, 0));
    return false;
  });
  const u64 time = now(host_clock::monotonic);
  // Another owner, or another wait.
  if (holder != owner || time - last_asked > 200'000'000) {
    owner = holder;
    used_before = used;
  }
  last_asked = time;
  if (used > used_before + limit) panic_with("the kernel lock is not given back: a loop in the kernel", 55, nullptr, 0);
}

/// Tells the watchdog when the first program stops (^Z at its terminal), so that the tool stops as well.
void note_first_stop() {
  const thread* self = reference::machine::current();
  if (self->owner == nullptr || self->owner->id != 2) return;
  const u32 stopped = self->owner->state == reference::process::phase::stopped;
  if (__atomic_exchange_n(&shared.first_stopped, stopped, __ATOMIC_ACQ_REL) != stopped && stopped != 0) notice();
}

} // namespace

void notice() {
  const u64 one = 1;
  host_call(call::write, word(shared.notice_descriptor), word(&one), sizeof one);
}

void panic_with(const char* why, usize size, const host_context* context, u64 fault_address) {
  u32 absent = 0;
  if (__atomic_compare_exchange_n(&shared.panic.present, &absent, 1, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
    panic_report& report = shared.panic;
    report.host_process = static_cast<i32>(host_call(call::getpid));
    usize length = size < sizeof report.why - 1 ? size : sizeof report.why - 1;
    __builtin_memcpy(report.why, why, length);
    report.why[length] = 0;
    u64 frame = word(__builtin_frame_address(0));
    usize depth = 0;
    if (context != nullptr) {
      const u64 values[18] = {context->rax, context->rbx, context->rcx, context->rdx, context->rsi, context->rdi,
                              context->rbp, context->rsp, context->r8,  context->r9,  context->r10, context->r11,
                              context->r12, context->r13, context->r14, context->r15, context->rip, context->rflags};
      __builtin_memcpy(report.registers, values, sizeof values);
      report.has_registers = true;
      report.fault_address = fault_address;
      report.backtrace[depth++] = context->rip;
      frame = context->rbp;
    }
    // The kernel is compiled with frame pointers. Every frame lies above the one before, on this stack.
    u64 words[2];
    const u64 stack = word(__builtin_frame_address(0)) & ~u64{stack_size - 1};
    while (depth < 32 && frame - stack < stack_size - 16 && frame % 8 == 0 &&
           image_copy(words, reinterpret_cast<const void*>(frame), sizeof words)) {
      if (!in_kernel_text(words[1])) break;
      report.backtrace[depth++] = words[1];
      if (words[0] <= frame) break;
      frame = words[0];
    }
  }
  // The watchdog's death ends every process of the system; the front end sees it and prints the report.
  host_call(call::kill, word(shared.watchdog), word(host_signal::kill));
  for (;;) host_call(call::exit_group, 1);
}

} // namespace polyabi::hosted

namespace polyabi::reference::machine {

using namespace hosted;

void wait_on(u32* futex, u32 expected, u64 deadline) {
  if (current() != nullptr) {
    note_first_stop();
    wait_futex(futex, expected, deadline);
    return;
  }
  // The watchdog waits for the kernel lock. Its owner may be dead, which nobody but the watchdog can find out, or caught in a
  // loop.
  const u64 soon = monotonic_time() + 20'000'000;
  wait_futex(futex, expected, deadline < soon ? deadline : soon);
  if (while_waiting != nullptr) while_waiting();
  look_for_loop();
}

void wake(u32* futex, u32 count) {
  host_call(call::futex, word(futex), host_futex::wake, count);
}

void yield() {
  host_call(call::sched_yield);
}

u64 monotonic_time() {
  return now(host_clock::monotonic);
}
u64 real_time() {
  return now(host_clock::realtime);
}
u64 boot_time() {
  return shared.boot_time;
}
u64 own_processor_time() {
  return now_by_call(host_clock::of_own_thread);
}

void set_timer(u64 deadline) {
  // A deadline that has passed fires at once; all zeros would disarm. TFD_TIMER_ABSTIME is 1.
  struct {
    host_timespec interval, value;
  } setting{};
  if (deadline != ~u64{0}) {
    if (deadline == 0) deadline = 1;
    setting.value = {static_cast<i64>(deadline / 1'000'000'000), static_cast<i64>(deadline % 1'000'000'000)};
  }
  host_call(call::timerfd_settime, word(shared.timer_descriptor), 1, word(&setting), 0);
}

void random(void* to, usize size) {
  auto* bytes = static_cast<u8*>(to);
  while (size > 0) {
    const i64 done = host_call(call::getrandom, word(bytes), size, 0);
    if (done < 0 && done != -errno_of_host::intr) panic("the host has no random numbers");
    if (done > 0) {
      bytes += done;
      size -= static_cast<usize>(done);
    }
  }
}

void log(std::string_view line) {
  if (shared.log_descriptor < 0) return;
  write_all(shared.log_descriptor, line.data(), line.size());
  if (line.empty() || line.back() != '\n') write_all(shared.log_descriptor, "\n", 1);
}

namespace {

void copy_to_ring(u32 at, const void* from, usize size) {
  const ring& r = shared.trace;
  const u32 start = at & (r.capacity - 1);
  const usize until_end = r.capacity - start;
  const usize first = size < until_end ? size : until_end;
  __builtin_memcpy(r.data + start, from, first);
  __builtin_memcpy(r.data, static_cast<const u8*>(from) + first, size - first);
}

} // namespace

/// Under the trace lock, so that there is one writer. A record is its size in bytes and its bytes, padded to a multiple of
/// four.
void trace(const void* head, usize head_size, const void* rest, usize rest_size) {
  ring& r = shared.trace;
  const u32 size = static_cast<u32>(head_size + rest_size);
  const u32 whole = 4 + ((size + 3) & ~3u);
  if (r.capacity == 0 || whole > r.capacity) return;
  const u32 at = r.written;
  for (u32 read; at + whole - (read = __atomic_load_n(&r.read, __ATOMIC_ACQUIRE)) > r.capacity;)
    wait_futex(&r.read, read, ~u64{0});
  copy_to_ring(at, &size, sizeof size);
  copy_to_ring(at + 4, head, head_size);
  copy_to_ring(static_cast<u32>(at + 4 + head_size), rest, rest_size);
  __atomic_store_n(&r.written, at + whole, __ATOMIC_RELEASE);
  host_call(call::futex, word(&r.written), host_futex::wake, 1);
}

namespace {

constexpr u32 writable = 2; // of host::readiness
/// A terminal that says it can be written takes this much, or nearly.
constexpr usize small_write = 64;

} // namespace

void panic(std::string_view why) {
  panic_with(why.data(), why.size(), nullptr, 0);
}

usize console_write(const char* text, usize size) {
  if (shared.console_output < 0) return size;
  usize shown = 0;
  while (shown < size) {
    i64 done = -errno_of_host::again;
    usize part = size - shown;
    if (shared.console_may_block) part = part < small_write ? part : small_write;
    if (!shared.console_may_block || (host::readiness(shared.console_output) & writable) != 0)
      done = host_call(call::write, word(shared.console_output), word(text + shown), part);
    if (done > 0) {
      shown += static_cast<usize>(done);
    } else if (done == -errno_of_host::again) {
      __atomic_store_n(&shared.console_waits, 1, __ATOMIC_RELEASE);
      notice();
      return shown;
    } else if (done != -errno_of_host::intr) {
      return size; // nobody sees it any more
    }
  }
  return shown;
}

} // namespace polyabi::reference::machine
