// Processes, threads, groups and sessions.
#pragma once

#include <polyabi/core/personality.hpp>
#include <polyabi/core/release.hpp>
#include <polyabi/core/restartable_sequences.hpp>
#include <polyabi/reference/deadline.hpp>
#include <polyabi/reference/file.hpp>
#include <polyabi/reference/in_common.hpp>
#include <polyabi/reference/path.hpp>
#include <polyabi/reference/tracee.hpp>

#include <array>

namespace polyabi::reference {

struct kernel;
struct machine_state; ///< defined by each machine
struct terminal;
struct process;
struct session;
struct process_group;
class address_space;

/// A queued signal. One with `left` belongs to whoever sent it, and tells when it is queued no more: taken, with the details that
/// its taker will see, or (null) dropped.
struct pending_signal {
  list_link link;
  siginfo info;
  void (*left)(pending_signal&, siginfo*) = nullptr;
};

/// What a facility keeps for a process; see core/services.hpp.
struct process_attachment {
  list_link link;
  const void* kind = nullptr;
  void (*ended)(process_attachment&) = nullptr;
  void (*executed)(process_attachment&) = nullptr;
};

/// A filter of calls; see service::call_filters.
struct call_filter {
  u32 references = 0;
  void (*released)(call_filter&) = nullptr;
};

/// A process as others hold it, also when it has ended. At most one for each process, made when somebody asks for it.
struct process_handle {
  u32 references = 0;
  process* of = nullptr; ///< null once it has been waited for
  wait_queue ended;
  void release();
};

/// Signals sent and not yet delivered: one bit each, and the details in order of arrival.
struct pending_signals {
  sigset set;
  intrusive_list<pending_signal, &pending_signal::link> details;
};

/// What a new thread does in its own context before it enters user code for the first time.
struct thread_start {
  registers frame{};
  u64 store_id_at = 0; ///< user word that receives the thread's id, 0 for none
  bool set_base[2]{};  ///< segment bases to be set: FS, GS
  u64 base[2]{};
  bool set_area = false; ///< a 32-bit thread-local descriptor to be set
  i32 area_entry = 0;
  u32 area_base = 0, area_limit = 0, area_flags = 0;
};

enum class thread_state : u8 { embryo, runnable, sleeping, stopped, dead };

inline constexpr sigstack no_alternate_stack{0, 0, sigstack_flags::disable};

struct thread {
  process* owner = nullptr;
  i32 id = 0;
  list_link in_process, in_table;
  thread_state state = thread_state::embryo;

  // --- signals
  sigset mask;
  sigset saved_mask;               ///< what sigsuspend and ppoll return to
  bool restore_mask = false;       ///< `saved_mask` is to be restored (or saved in the frame) at the return to the user
  const sigset* awaited = nullptr; ///< what sigtimedwait sleeps for
  pending_signals pending;
  sigstack alternate = no_alternate_stack;

  // --- the visit to the kernel in progress
  registers* frame = nullptr; ///< the user's registers, null while in user code
  gate entry_gate{};
  u64 entry_rax = 0, entry_rdx = 0, entry_flags = 0, entry_rip = 0; ///< to restart an interrupted call
  bool restart = false;                                             ///< the call answered restart_call
  call_progress progress = call_progress::none;
  u32 park_word = 0;                                                ///< the machine's wait word for `wait_queue`
  bool interruptible = false;                                       ///< sleeping so that signals wake it
  bool woken = false;                                               ///< by a queue it stands in
  u32 kernel_transfers = 0;                                         ///< see user_memory.hpp
  u32 lock_ranks = 0;            ///< ranks of the locks it holds, in builds with checks (lock.hpp)
  u32 attention = 1;             ///< something may be to do at the return to the user: see `signals::call`
  bool must_exit = false;        ///< this thread alone ends at its return to the user (exit_thread, exec by another thread)
  bool must_stand = false;       ///< does not go on in user code until another thread lets it (service::thread_suspension)
  bool stands = false;           ///< and has got there
  const thread_segments* segments = nullptr; ///< while it stands
  bool new_image = false;        ///< the call in progress replaced the image: its registers are not to be answered into
  thread_start* start = nullptr; ///< until it has run for the first time

  /// Linux' and others' clear-child-tid address, robust lists and such, one word each; zeroed at exec.
  u64 clear_on_exit = 0;
  i32 parent_death_signal = 0; ///< see op::set_parent_death_signal
  void (*at_end)(thread&) = nullptr; ///< a facility's: see service::user_words
  bool end_is_told = false; ///< those who asked have been told of its end: whoever asks from here on is not
  u64 awaited_word = 0; ///< what it sleeps on in `wait_word`; zeroed by the one who wakes it
  u64 personality_words[4]{};
  u64 inherited_words[8]{}; ///< see op::inherited_words
  i32 nice = 0;        ///< see op::set_priority
  u32 io_priority = 0; ///< see op::set_io_priority
  call_filter* filter = nullptr; ///< changed under the kernel lock; the thread itself reads it without
  u32 scheduling = 0;  ///< see op::set_scheduling
  sequence_area sequences; ///< where the machine tells it of its processor; see service::restartable_sequences

  i32 exit_status = 0;             ///< its own, for whoever traces it
  struct tracee* traced = nullptr; ///< while another process traces it

  machine_state* machine = nullptr; ///< belongs to the machine
};

/// A timer that counts a process' own processor time, in ns.
struct cpu_timer {
  u64 deadline = ~u64{0}, interval = 0;
};

/// A timer of real time that sends a signal to its process.
struct alarm_timer : deadline {
  process* owner = nullptr;
  u64 interval = 0; ///< ns; 0: it expires once
};

struct process {
  i32 id = 0;
  process* parent = nullptr;
  i32 parent_thread = 0; ///< which of the parent's made it
  list_link sibling, in_group, in_table;
  intrusive_list<process, &process::sibling> children;
  intrusive_list<thread, &thread::in_process> threads;
  process_group* group = nullptr;
  credentials identity;
  in_common<path_context> paths;
  ref<descriptor_table> descriptors;
  address_space* memory = nullptr;
  const abi<kernel>* personality = nullptr;
  release seen; ///< of the personality's system, by its setting; none: no choice

  in_common<std::array<sigaction, signals::count + 1>> actions; ///< by native number
  pending_signals pending;
  wait_queue signals_arrived; ///< woken by whatever begins to be pending for one of its threads
  rlimit limits[resources::count]{};

  enum class phase : u8 { running, stopped, zombie } state = phase::running;
  i32 exit_status = 0; ///< a wait status word (numbers.hpp)
  i32 stop_signal = 0;
  bool stop_reported = true, continue_reported = true;
  bool exiting = false, has_execed = false, vfork_child = false;
  bool inspectable = true;      ///< see op::set_inspectable
  bool adopts_orphans = false;  ///< see op::set_adopts_orphans
  i32 end_signal = signals::chld; ///< what its parent is sent when it ends, 0 for nothing
  bool leaves_core = false;     ///< one of its threads is at it
  wait_queue child_changed; ///< waited on by the parent's wait(2): woken on *this* as the parent
  wait_queue vfork_done;
  wait_queue resumed;         ///< stopped threads sleep here
  wait_queue threads_changed; ///< woken when one of its threads ends, or has come to stand
  wait_queue word_changed;    ///< threads in `wait_word`

  intrusive_list<tracee, &tracee::in_tracer> tracees; ///< threads that it traces
  u32 traced_threads = 0;                             ///< of its own
  bool was_traced = false;
  struct tracee* end_hidden_by = nullptr;             ///< has to be told of its end before the parent is

  process_handle* handle = nullptr;
  intrusive_list<process_attachment, &process_attachment::link> attachments;

  u64 start_time = 0;                                                                   ///< monotonic ns
  u64 user_time = 0, system_time = 0, children_user_time = 0, children_system_time = 0; ///< ns; own ones filled at exit
  machine::work_counts work, children_work;                                             ///< its own is filled at exit
  alarm_timer alarm;                                                                    ///< ITIMER_REAL
  cpu_timer virtual_timer, profiling_timer; ///< ITIMER_VIRTUAL, ITIMER_PROF; see timers.hpp
  u64 cpu_limit_warning = 0;                ///< processor seconds at which the next SIGXCPU is sent
  list_link in_cpu_timers;

  // --- what /proc shows
  char name[16]{}; ///< last component of the program, or set by the program
  ref<vnode> executable;
  char executable_path[512]{};
  u64 arguments_start = 0, arguments_end = 0, environment_start = 0, environment_end = 0, stack_start = 0, entry = 0;
  handler_returns returns; ///< of the machine's library
  char arguments_text[4096]{}; ///< see `record_arguments`; inherited by fork
  u32 arguments_size = 0;
  /// Settings of the personality that children inherit (`--set linux.osrelease=...`).
  u64 personality_state[4]{};
};

/// Whether it has one thread only.
inline bool is_single(const process& p) { return p.threads.front() == p.threads.back(); }

/// Descriptor numbers end here for a process (RLIMIT_NOFILE).
inline i32 descriptor_limit(const process& p) {
  const u64 limit = p.limits[resources::nofile].cur;
  return limit < static_cast<u64>(open_max) ? static_cast<i32>(limit) : open_max;
}

struct process_group {
  i32 id = 0;
  session* owner = nullptr;
  list_link in_table;
  intrusive_list<process, &process::in_group> members;
};

/// Lives as long as it has groups.
struct session {
  i32 id = 0;
  u32 groups = 0; ///< how many groups are in it
  terminal* controlling = nullptr;
  process* leader = nullptr;
};

/// A forked child that does not run yet. Dropped uncommitted, it never existed.
class new_child {
public:
  new_child() = default;
  explicit new_child(thread* child) : child_{child} {}
  new_child(new_child&& other) noexcept
      : child_{std::exchange(other.child_, nullptr)}, descriptor_{std::move(other.descriptor_)} {}
  new_child& operator=(new_child&&) = delete;
  ~new_child();
  /// The child's registers, a copy of the parent's: the personality puts the child's return value into them.
  registers& frame() { return child_->start->frame; }
  thread& first_thread() { return *child_; }
  /// The child's process id, or the new thread's id: what the caller is answered.
  i32 id() const { return child_->id; }
  /// The child's id is stored at this word of its own memory before it runs (CLONE_CHILD_SETTID). A fault there is ignored.
  void store_id_at(u64 address) { child_->start->store_id_at = address; }
  /// See `op::set_clear_on_exit` (CLONE_CHILD_CLEARTID).
  void clear_on_exit_at(u64 address) { child_->clear_on_exit = address; }
  /// The child begins with this segment base (which: 0 FS, 1 GS) or thread-local descriptor (CLONE_SETTLS).
  void set_segment_base(u32 which, u64 base);
  void set_thread_area(i32 entry, u32 base, u32 limit, u32 flags);
  /// Whether the parent waits until the child, a process, has exec'ed or exited: without this, if they share memory.
  void parent_waits(bool waits) { child_->owner->vfork_child = waits; }
  /// The child, a process, has the parent's descriptors, and not a copy of them, until one of the two execs.
  void share_descriptors();
  /// Likewise its root and current directory and its umask (also after an exec), or its signal actions. False: out of memory.
  [[nodiscard]] bool share_paths();
  [[nodiscard]] bool share_actions();
  /// What the parent is sent when the child, a process, ends; 0 for nothing. A wait tells one that does not send SIGCHLD apart.
  void end_signal(i32 signal) { child_->owner->end_signal = signal; }
  /// Where the parent has a handler, the child, a process, begins with the default action (CLONE_CLEAR_SIGHAND).
  void reset_handlers();
  /// The caller gets this descriptor as well, in the same step.
  void comes_with(new_descriptor&& descriptor) { descriptor_ = std::move(descriptor); }
  /// Lets it run. If the parent waits, answers when the child has exec'ed or exited.
  i32 commit(commit_right);

private:
  thread* child_ = nullptr;
  new_descriptor descriptor_;
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

/// Making and ending processes and threads; the rest of the kernel rarely needs it.
namespace lifecycle {
/// Makes process 1, the kernel's own, if it is not there yet. Null: out of memory.
process* make_init();
/// An empty process with one embryo thread of the same id, in its parent's group; in the table. Null: out of memory or ids.
process* make_process(process* parent);
thread* make_thread(process&);
/// Takes back what `make_thread` and, for a first thread, `make_process` did.
void discard(thread& embryo);
/// The process ends with this wait status as soon as each of its threads reaches its return to the user.
void begin_exit(process&, i32 status_word);
/// The calling thread ends here; with the last one the process becomes a zombie. Gives the kernel lock back.
[[noreturn]] void end_calling_thread();
/// Ends a process whose threads run no more, from outside: what it held is given back, and it is a zombie as if killed.
void bury(process&, i32 status_word);
/// The object by which others hold the process, made if there is none. Null: out of memory.
ref<process_handle> handle_of(process&);
void forget_handle(process&);
/// What facilities keep for it goes, with the process or (`executed`) with the program if it does not outlive it.
void end_attachments(process&, bool executed = false);
/// The calling thread is about to lose its memory, by its end or by exec: those who wait for that are told.
void leave_memory(thread&);
/// The pages of [start, end) are about to go, or cannot be written any more. The caller gives up what it is told there; a process one of
/// whose other threads would be told there ends, which is all that this can come to: EFAULT.
result<> leave_sequences(u64 start, u64 end);
/// Every thread but the caller ends; waits for it. EINTR if the caller has to die itself.
result<> end_other_threads();
/// The parent hears of a zombie, which goes if it is not interested.
void tell_of_end(process& zombie);
/// What is left of a zombie goes: adds its times to the parent's.
void reap(process& zombie);
/// Moves a process to a group, which is made if it is not there. ENOMEM.
result<> join_group(process&, i32 group_id, session&);
/// Called when the relation of `p` to its parent is about to change or has changed: groups that became orphaned while they have
/// stopped members get SIGHUP and SIGCONT (POSIX _exit).
void hang_up_if_orphaned(process_group&);
bool is_orphaned(const process_group&, const process* leaving = nullptr);
/// See `op::wake_word`.
i32 wake_word(process&, u64 address, u32 limit);
/// A thread has this filter (null: none) and no longer the one it had.
void set_filter(thread&, call_filter*);
/// Children hear that the thread which made them ends, if they asked to.
void tell_children(process&, thread& ends);
/// Tells the parent about a stop, a continuation or the end.
void notify_parent(process& child, i32 code, i32 status);
} // namespace lifecycle

/// Whether one may look into the other, as ptrace(2) has it: all ids of the other are the caller's real ones, and it allows it.
bool may_inspect(const process& self, const process& other);

/// The calling thread and its process. Panics in an interrupt.
thread& current_thread();
process& current_process();

} // namespace polyabi::reference
