// Life of processes and threads: each guest thread is a host thread.
#include "state.hpp"

#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/signals.hpp>

#include <ctime>
#include <optional>
#include <pthread.h>

namespace polyabi::simulated {

namespace {

/// Host threads of guests, joined when asked for.
struct runners {
  std::mutex mutex;
  std::vector<std::thread> threads;
};
runners& all_runners() {
  static runners all;
  return all;
}

void forget(reference::thread& ended) {
  delete ended.machine;
  ended.machine = nullptr;
  reference::interrupt::release_thread(ended);
}

} // namespace

void attach(reference::thread& t) {
  current_thread = &t;
  ::pthread_getcpuclockid(::pthread_self(), &t.machine->processor_clock);
}

void run_child(reference::thread& child) {
  const std::lock_guard lock{all_runners().mutex};
  all_runners().threads.emplace_back([&child] {
    attach(child);
    const auto program = child.machine->program;
    bool ended = false;
    guest self{child};
    self.user_registers() = child.machine->start;
    try {
      self.enter([&] { reference::trap::first_return(child, self.user_registers()); });
      if (program) program(self);
      self.system_call([](reference::thread& t) { (void)polyabi::perform<reference::kernel>(op::exit{}, t, 0); });
    } catch (const guest_ended&) {
      ended = true;
    }
    if (!ended) reference::machine::panic("simulated: a guest did not end");
    current_thread = nullptr;
    forget(child);
  });
}

void join_guests() {
  for (;;) {
    std::vector<std::thread> batch;
    {
      const std::lock_guard lock{all_runners().mutex};
      batch.swap(all_runners().threads);
    }
    if (batch.empty()) return;
    for (auto& t : batch) t.join();
  }
}

fresh_process::fresh_process() {
  reference::kernel_lock::acquire();
  reference::process* init = reference::lifecycle::make_init();
  reference::process* made = init != nullptr ? reference::lifecycle::make_process(init) : nullptr;
  if (made == nullptr) reference::machine::panic("simulated: no memory for a process");
  *made->paths = *init->paths;
  made->personality = &direct_personality;
  reference::thread& only = *made->threads.front();
  only.machine = new reference::machine_state;
  only.state = reference::thread_state::runnable;
  reference::kernel_lock::release();
  attach(only);
  guest_ = std::make_unique<guest>(only);
}

fresh_process::fresh_process(reference::thread& prepared) {
  if (prepared.machine == nullptr) prepared.machine = new reference::machine_state;
  attach(prepared);
  if (prepared.owner->personality == nullptr) prepared.owner->personality = &direct_personality;
  prepared.state = reference::thread_state::runnable;
  guest_ = std::make_unique<guest>(prepared);
}

bool fresh_process::run(const std::function<void(guest&)>& program) {
  try {
    program(*guest_);
    return true;
  } catch (const guest_ended&) {
    ended_ = true;
    return false;
  }
}

fresh_process::~fresh_process() {
  reference::thread& only = guest_->thread();
  if (!ended_) {
    // Whatever personality it was given: the end is the machine's own doing.
    only.owner->personality = &direct_personality;
    (void)run([](guest& g) {
      for (;;) g.system_call([](reference::thread& t) { (void)polyabi::perform<reference::kernel>(op::exit{}, t, 0); });
    });
  }
  current_thread = nullptr;
  join_guests();
  forget(only);
}

} // namespace polyabi::simulated

namespace polyabi::reference::machine {

namespace {

/// Every sleeper of the machine: plenty for tests.
struct sleepers {
  std::mutex mutex;
  std::condition_variable changed;
};
sleepers& all_sleepers() {
  static sleepers all;
  return all;
}

} // namespace

thread* current() {
  return simulated::current_thread;
}

void wait_on(u32* word, u32 expected, u64 deadline) {
  std::unique_lock lock{all_sleepers().mutex};
  const auto unchanged = [&] { return __atomic_load_n(word, __ATOMIC_ACQUIRE) == expected; };
  if (!unchanged()) return;
  if (deadline == ~u64{0}) {
    all_sleepers().changed.wait(lock);
    return;
  }
  const u64 now = monotonic_time();
  if (now < deadline) all_sleepers().changed.wait_for(lock, std::chrono::nanoseconds{deadline - now});
}

void wake(u32*, u32) {
  const std::lock_guard lock{all_sleepers().mutex};
  all_sleepers().changed.notify_all();
}

void yield() {
  std::this_thread::yield();
}

void interrupt(thread& t) {
  if (t.machine != nullptr) t.machine->attention = true;
}

// One processor, as far as guests can tell.
usize affinity(const thread&, std::span<u8> out) {
  if (out.size() < sizeof(u64)) return 0;
  for (usize i = 0; i < sizeof(u64); ++i) out[i] = i == 0;
  return sizeof(u64);
}

u16 set_affinity(const thread&, std::span<const u8> processors) {
  return !processors.empty() && (processors[0] & 1) != 0 ? u16{0} : static_cast<u16>(error::inval);
}

void processor(u32& number, u32& node) {
  number = node = 0;
}

// Nothing runs here that could be in a sequence.
u16 tell_of_processor(const sequence_area& area, bool tells) {
  sequence_words words;
  u32 number = 0, node = 0;
  processor(number, node);
  if (tells) {
    words.cpu_id_start = words.cpu_id = number;
    words.node_id = node;
  }
  return copy_out(area.address, &words, sizeof words) ? u16{0} : static_cast<u16>(error::fault);
}

bool create_process(thread& parent, thread& child, const registers& start, bool share_memory) {
  child.machine = new machine_state;
  child.machine->memory = share_memory ? parent.machine->memory : parent.machine->memory->copy();
  child.machine->start = start;
  child.machine->program = simulated::current_guest != nullptr ? simulated::current_guest->child_program : nullptr;
  for (usize i = 0; i < 2; ++i) child.machine->segment_bases[i] = parent.machine->segment_bases[i];
  return true;
}

bool create_thread(thread& parent, thread& child, const registers& start) {
  return create_process(parent, child, start, true);
}

void start(thread& child) {
  simulated::run_child(child);
}

void destroy(thread& never_started) {
  delete never_started.machine;
  never_started.machine = nullptr;
}

void end_thread(thread&) {
  simulated::end_current_guest();
  __builtin_unreachable();
}

void memory_is_back() {}

bool detach_memory(thread& t) {
  t.machine->memory = std::make_shared<simulated::memory>();
  return true;
}

// All of it counts as user time, and a test's own host thread brings along what it used before.
void processor_time(const process& of, u64& user, u64& system) {
  user = system = 0;
  for (const thread* t = of.threads.front(); t != nullptr; t = of.threads.next(*t)) {
    ::timespec used{};
    if (t->machine == nullptr || t->machine->processor_clock == 0 || ::clock_gettime(t->machine->processor_clock, &used) != 0)
      continue;
    user += static_cast<u64>(used.tv_sec) * 1'000'000'000 + static_cast<u64>(used.tv_nsec);
  }
}

work_done own_work(bool) {
  work_done done;
  if (const thread* self = current()) processor_time(*self->owner, done.user, done.system);
  return done;
}

bool memory_in_use(const process&, u64&, u64&) { return false; }

void set_segment_base(u32 which, u64 base) {
  current()->machine->segment_bases[which & 1] = base;
}
u64 segment_base(u32 which) {
  return current()->machine->segment_bases[which & 1];
}

namespace {

/// Which of the thread-local entries this is; none for another.
std::optional<usize> area_index(i32 entry) {
  const i32 index = entry - static_cast<i32>(thread_segments::first_area);
  if (index < 0 || index >= static_cast<i32>(thread_segments::area_count)) return {};
  return static_cast<usize>(index);
}

} // namespace

i32 set_thread_area(i32 entry, u32 base, u32 limit, u32 flags) {
  auto& areas = current()->machine->areas;
  if (entry == -1)
    for (u32 i = 0; i < thread_segments::area_count && entry == -1; ++i)
      if (!areas[i].used) entry = static_cast<i32>(thread_segments::first_area + i);
  const auto index = area_index(entry);
  if (!index) return -1;
  areas[*index] = {true, base, limit, flags};
  return entry;
}

void clear_thread_areas() {
  for (auto& area : current()->machine->areas) area = {};
}

u16 set_segment(u32, u32, u32, u32) {
  return static_cast<u16>(error::nosys);
}
usize segments(std::span<u8>) {
  return 0;
}
void clear_segments() {}

bool get_thread_area(i32 entry, u32& base, u32& limit, u32& flags) {
  const auto index = area_index(entry);
  if (!index) return false;
  const auto& area = current()->machine->areas[*index];
  base = area.base;
  limit = area.limit;
  flags = area.flags;
  return true;
}

} // namespace polyabi::reference::machine
