// The simulated machine: the reference kernel inside an ordinary program, for tests and fuzzers. User memory is pages that the
// machine keeps, a guest is a C++ function that makes calls, and nothing runs that was not called. Works under the sanitizers.
#pragma once

#include <polyabi/reference/kernel.hpp>

#include <csetjmp>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace polyabi::simulated {

/// Users' addresses end here: below every address of the program itself, so that the two are never mixed up.
inline constexpr u64 user_limit = 0x1000'0000'0000;

/// Thrown in a guest's code when its thread has ended in the kernel.
struct guest_ended {};

/// A handler of a guest runs: what the kernel gave the personality to build the frame from.
using delivery = signal_delivery<reference::kernel>;

/// A thread of user code. Tests are its program: they make calls for it. Used by one host thread.
class guest {
public:
  explicit guest(reference::thread&);
  ~guest();
  guest(const guest&) = delete;
  guest& operator=(const guest&) = delete;

  reference::thread& thread() { return thread_; }
  reference::process& process() { return *thread_.owner; }
  i32 id() const { return id_; }
  registers& user_registers() { return registers_; }

  /// A system call whose meaning is `work(thread)`, run in the kernel as a personality's code is: without the kernel lock,
  /// which `polyabi::perform` takes for each operation. Signals are acted on as at any return to the user, handlers run, and an
  /// interrupted call is restarted if the kernel says so. Answers what `work` answers.
  template <class Work>
  auto call(Work work) -> decltype(work(std::declval<reference::thread&>())) {
    using answer_type = decltype(work(std::declval<reference::thread&>()));
    std::unique_ptr<answer_type> answer;
    system_call([&](reference::thread& t) {
      answer = std::make_unique<answer_type>(work(t));
      note(*answer);
    });
    return std::move(*answer);
  }
  /// The same without an answer.
  void system_call(std::function<void(reference::thread&)> work);
  /// A real system call of the process' personality, with the registers as they are.
  void system_call(gate);
  /// A processor fault.
  void fault(i32 signal_number, i32 code, u64 address);
  /// User code that runs for a moment: enters the kernel if it was asked to.
  void run();

  /// What a child of this guest, made by fork or create_thread, is to do. Must be set before the child is committed.
  std::function<void(guest&)> child_program;
  /// Handlers by address; what is not here returns at once.
  std::map<u64, std::function<void(guest&, const delivery&)>> handlers;
  /// Signals delivered to handlers, in order.
  std::vector<delivery> delivered;

  // --- user memory, from outside: throws std::out_of_range on a fault
  /// Fresh zeroed pages, readable and writable.
  u64 allocate(usize size);
  void write(u64 address, const void* from, usize size);
  void read(u64 address, void* to, usize size) const;
  template <class T>
  u64 put(const T& value) {
    const u64 address = allocate(sizeof(T));
    write(address, &value, sizeof(T));
    return address;
  }
  template <class T>
  T get(u64 address) const {
    T value{};
    read(address, &value, sizeof(T));
    return value;
  }
  u64 put_text(std::string_view text);
  std::string get_text(u64 address, usize size) const;
  user_strings put_strings(const std::vector<std::string>& strings);

private:
  friend void direct_system_call(reference::thread&, registers&, gate);
  friend bool direct_deliver(reference::thread&, registers&, const delivery&);
  friend void end_current_guest();
  friend void run_child(reference::thread&);

  struct frame {
    registers saved;
    delivery what;
  };
  void enter(std::function<void()> into_kernel);
  void run_handlers();
  template <class T, class E>
  void note(basic_result<T, E>& answer) {
    if constexpr (std::is_same_v<E, reference::error>)
      if (!answer && answer.error() == reference::error::restart_call) {
        thread_.restart = true;
        answer = reference::error::intr;
      }
  }
  template <class T>
  void note(T&) {}

  reference::thread& thread_;
  i32 id_;
  registers registers_{};
  std::function<void(reference::thread&)> work_;
  std::vector<frame> frames_;
  std::jmp_buf way_out_;
};

/// How the host's part of the machine is set up.
struct settings {
  std::string host_root; ///< host directory that is the root of the host file system; empty: there is no host
  i32 standard[3] = {-1, -1, -1};
  std::vector<i32> inherited{}; ///< other host descriptors that a system gets at its boot, and closes
};
void configure(const settings&);

/// Runs `work` in the calling host thread's next copy to user memory, before its first byte: what happens while a copy lasts.
void during_next_copy_out(std::function<void()> work);

/// What the kernel wrote to the console and to its log so far; taken away by reading.
std::string take_console_output();
/// How many more bytes the console takes; without a call, any number. More room is an interrupt.
void set_console_room(usize);
std::string take_log();
/// The bytes of all trace records since the last time.
std::string take_trace();

/// A process of its own, child of process 1, attached to the calling host thread: tests begin with one. It exits when it goes
/// out of scope, unless it has ended.
class fresh_process {
public:
  fresh_process();
  explicit fresh_process(reference::thread& prepared); ///< one that `reference::boot` answered
  ~fresh_process();
  guest* operator->() { return guest_.get(); }
  guest& operator*() { return *guest_; }
  bool ended() const { return ended_; }
  /// Runs `program`; true if it came to its end, false if the thread ended in the kernel.
  bool run(const std::function<void(guest&)>& program);

private:
  std::unique_ptr<guest> guest_;
  bool ended_ = false;
};

/// Waits until every host thread of a guest other than the caller's has ended.
void join_guests();

/// The personality of simulated processes: `guest::call` is its system call.
extern const abi<reference::kernel> direct_personality;

} // namespace polyabi::simulated
