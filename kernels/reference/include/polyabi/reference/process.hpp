// Processes, threads, groups and sessions.
#pragma once

#include <polyabi/core/personality.hpp>
#include <polyabi/reference/file.hpp>

namespace polyabi::reference {

struct kernel;
struct machine_state; ///< defined by each machine
struct terminal;
struct process;
struct session;
struct process_group;
class address_space;

/// Where a process looks up paths. Set at exec from the personality's emulation root, inherited by fork.
struct path_context {
  ref<vnode> root, current;
  ref<vnode> emulation_root; ///< null: the plain root only
  u32 umask = 022;
};

/// A queued signal.
struct pending_signal {
  list_link link;
  siginfo info;
};

/// Signals sent and not yet delivered: one bit each, and the details in order of arrival.
struct pending_signals {
  sigset set;
  intrusive_list<pending_signal, &pending_signal::link> details;
};

enum class thread_state : u8 { embryo, runnable, sleeping, stopped, dead };

struct thread {
  process* owner = nullptr;
  i32 id = 0;
  list_link in_process, in_table;
  thread_state state = thread_state::embryo;

  // --- signals
  sigset mask;
  sigset saved_mask;          ///< what sigsuspend and ppoll return to
  bool restore_mask = false;  ///< `saved_mask` is to be restored (or saved in the frame) at the return to the user
  pending_signals pending;
  sigstack alternate{0, 0, sigstack_flags::disable};

  // --- the visit to the kernel in progress
  registers* frame = nullptr; ///< the user's registers, null while in user code
  gate entry_gate{};
  u64 entry_rax = 0, entry_rdx = 0, entry_flags = 0, entry_rip = 0; ///< to restart an interrupted call
  bool restart = false;       ///< the call answered restart_call
  u32 park_word = 0;          ///< the machine's wait word for `wait_queue`
  bool interruptible = false; ///< sleeping so that signals wake it

  /// Linux' and others' clear-child-tid address, robust lists and such, one word each; zeroed at exec.
  u64 clear_on_exit = 0;
  u64 personality_words[4]{};

  machine_state* machine = nullptr; ///< belongs to the machine
};

struct process {
  i32 id = 0;
  u32 references = 0; ///< unused by lifetime; see process_table
  process* parent = nullptr;
  list_link sibling, in_group, in_table;
  intrusive_list<process, &process::sibling> children;
  intrusive_list<thread, &thread::in_process> threads;
  process_group* group = nullptr;
  credentials identity;
  path_context paths;
  ref<descriptor_table> descriptors;
  address_space* memory = nullptr;
  const abi<kernel>* personality = nullptr;

  sigaction actions[signals::count + 1]{}; ///< by native number
  pending_signals pending;
  rlimit limits[resources::count]{};
  i32 nice = 0;

  enum class phase : u8 { running, stopped, zombie } state = phase::running;
  i32 exit_status = 0;        ///< a wait status word (numbers.hpp)
  i32 stop_signal = 0;
  bool stop_reported = true, continue_reported = true;
  bool exiting = false, has_execed = false, vfork_child = false;
  wait_queue child_changed;   ///< waited on by the parent's wait(2): woken on *this* as the parent
  wait_queue vfork_done;
  wait_queue resumed;         ///< stopped threads sleep here

  u64 start_time = 0;         ///< monotonic ns
  u64 user_time = 0, system_time = 0, children_user_time = 0, children_system_time = 0; ///< ns; own ones filled at exit
  u64 alarm_deadline = ~u64{0}, alarm_interval = 0; ///< ITIMER_REAL, monotonic ns
  list_link in_alarms;

  // --- what /proc shows
  char name[16]{};            ///< last component of the program, or set by the program
  ref<vnode> executable;
  char executable_path[512]{};
  u64 arguments_start = 0, arguments_end = 0, environment_start = 0, environment_end = 0, stack_start = 0, entry = 0;
  /// Settings of the personality that children inherit (`--set linux.osrelease=...`).
  u64 personality_state[4]{};
};

struct process_group {
  i32 id = 0;
  session* owner = nullptr;
  list_link in_table;
  intrusive_list<process, &process::in_group> members;
};

struct session {
  i32 id = 0;
  u32 groups = 0;
  terminal* controlling = nullptr;
  process* leader = nullptr;
};

/// A forked child that does not run yet. Dropped uncommitted, it never existed.
class new_child {
public:
  new_child() = default;
  explicit new_child(thread* child) : child_{child} {}
  new_child(new_child&& other) noexcept : child_{std::exchange(other.child_, nullptr)} {}
  new_child& operator=(new_child&&) = delete;
  ~new_child();
  /// The child's registers, a copy of the parent's: the personality puts the child's return value into them.
  registers& frame();
  thread& first_thread() { return *child_; }
  i32 id() const { return child_->owner->id; }
  /// Lets it run. For vfork, waits until it has exec'ed or exited.
  i32 commit();

private:
  thread* child_ = nullptr;
};

/// All processes, by id. Process 1 is the kernel's own: it adopts orphans and reaps them.
namespace process_table {
process* find(i32 id);
thread* find_thread(i32 id);
process_group* find_group(i32 id);
/// The live process with the lowest id above `after`, for listings; null at the end.
process* next(i32 after);
process* init();
u32 count();
i32 last_id();
} // namespace process_table

/// The calling thread and its process. Panics in an interrupt.
thread& current_thread();
process& current_process();

} // namespace polyabi::reference
