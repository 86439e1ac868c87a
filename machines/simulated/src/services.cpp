// Time, randomness, the log, the console, and the personality of guests.
#include "state.hpp"

#include <polyabi/reference/interrupt.hpp>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>

namespace polyabi::simulated {

namespace {

constexpr usize unlimited = ~usize{0};

struct texts {
  std::mutex mutex;
  std::string console, log, trace;
  usize console_room = unlimited;
};
texts& all_texts() {
  static texts all;
  return all;
}

/// Calls `interrupt::timer` from a host thread of its own, as hardware would.
class timer {
public:
  ~timer() {
    {
      const std::lock_guard lock{mutex_};
      stop_ = true;
    }
    changed_.notify_all();
    if (runner_.joinable()) runner_.join();
  }
  void set(u64 deadline) {
    const std::lock_guard lock{mutex_};
    deadline_ = deadline;
    if (!runner_.joinable() && deadline != ~u64{0}) runner_ = std::thread{[this] { run(); }};
    changed_.notify_all();
  }

private:
  void run() {
    std::unique_lock lock{mutex_};
    while (!stop_) {
      const u64 now = reference::machine::monotonic_time();
      if (deadline_ == ~u64{0}) {
        changed_.wait(lock);
      } else if (now < deadline_) {
        // Not for as long as it takes: that may be more than the host's clock can hold, and the wait would end at once, for ever.
        constexpr u64 an_hour = 3'600'000'000'000;
        changed_.wait_for(lock, std::chrono::nanoseconds{std::min(deadline_ - now, an_hour)});
      } else {
        deadline_ = ~u64{0};
        lock.unlock();
        reference::interrupt::timer();
        lock.lock();
      }
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  u64 deadline_ = ~u64{0};
  bool stop_ = false;
  std::thread runner_;
};

u64 host_clock(clockid_t which) {
  ::timespec now{};
  ::clock_gettime(which, &now);
  return static_cast<u64>(now.tv_sec) * 1'000'000'000 + static_cast<u64>(now.tv_nsec);
}

} // namespace

settings& configuration() {
  static settings current;
  return current;
}

void configure(const settings& s) {
  configuration() = s;
}

std::string take_console_output() {
  const std::lock_guard lock{all_texts().mutex};
  return std::exchange(all_texts().console, {});
}

void set_console_room(usize room) {
  {
    const std::lock_guard lock{all_texts().mutex};
    all_texts().console_room = room;
  }
  reference::interrupt::console_writable();
}

std::string take_log() {
  const std::lock_guard lock{all_texts().mutex};
  return std::exchange(all_texts().log, {});
}

std::string take_trace() {
  const std::lock_guard lock{all_texts().mutex};
  return std::exchange(all_texts().trace, {});
}

namespace {
usize no_auxiliary_vector(const image_start&, std::span<auxiliary_entry>) {
  return 0;
}
void no_initial_registers(registers&) {}
} // namespace

constinit const abi<reference::kernel> direct_personality{"direct",
                                                          architecture::x86_64,
                                                          "x86_64",
                                                          {},
                                                          {},
                                                          &direct_system_call,
                                                          &direct_deliver,
                                                          nullptr,
                                                          &no_auxiliary_vector,
                                                          &no_initial_registers,
                                                          {}};

} // namespace polyabi::simulated

/// A test that links real personalities defines its own.
__attribute__((weak)) std::span<const polyabi::abi<polyabi::reference::kernel>* const>
polyabi::reference::linked_personalities() {
  static constexpr const abi<kernel>* all[]{&simulated::direct_personality};
  return all;
}

namespace polyabi::reference::machine {

u64 monotonic_time() {
  return simulated::host_clock(CLOCK_MONOTONIC);
}
u64 real_time() {
  return simulated::host_clock(CLOCK_REALTIME);
}

u64 own_processor_time() {
  return simulated::host_clock(CLOCK_THREAD_CPUTIME_ID);
}
u64 boot_time() {
  static const u64 at = monotonic_time();
  return at;
}

void set_timer(u64 deadline) {
  static simulated::timer only;
  only.set(deadline);
}

void random(void* to, usize size) {
  static std::random_device source;
  auto* bytes = static_cast<u8*>(to);
  for (usize i = 0; i < size; ++i) bytes[i] = static_cast<u8>(source());
}

void trace(const void* head, usize head_size, const void* rest, usize rest_size) {
  const std::lock_guard lock{simulated::all_texts().mutex};
  simulated::all_texts().trace.append(static_cast<const char*>(head), head_size);
  simulated::all_texts().trace.append(static_cast<const char*>(rest), rest_size);
}

void log(std::string_view line) {
  const std::lock_guard lock{simulated::all_texts().mutex};
  simulated::all_texts().log.append(line).push_back('\n');
}

void panic(std::string_view why) {
  std::fprintf(stderr, "kernel panic: %.*s\n", static_cast<int>(why.size()), why.data());
  std::abort();
}

usize console_write(const char* text, usize size) {
  auto& texts = simulated::all_texts();
  const std::lock_guard lock{texts.mutex};
  const usize shown = std::min(size, texts.console_room);
  texts.console.append(text, shown);
  if (texts.console_room != simulated::unlimited) texts.console_room -= shown;
  return shown;
}

} // namespace polyabi::reference::machine
