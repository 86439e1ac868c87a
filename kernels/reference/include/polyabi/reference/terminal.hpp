// Terminals: a line discipline, the session it controls, and a device behind it (the console, or a pseudo-terminal's master).
#pragma once

#include <polyabi/reference/file.hpp>
#include <polyabi/reference/line_discipline.hpp>

namespace polyabi::reference {

struct session;
struct process;
struct thread;
struct boot_options;
struct pseudo_terminal;

/// Under the kernel lock. A session that it controls holds a reference to it.
struct terminal : line_observer {
  u32 references = 0;
  line_discipline line{*this};
  session* owner = nullptr; ///< the session it controls
  i32 foreground = 0;       ///< process group
  winsize window{};
  bool hung_up = false;
  u32 open_files = 0;
  wait_queue readers, writers;
  // what stat shows of the device
  u32 mode = 0620, uid = 0, gid = 0;
  timespec accessed{}, modified{};

  virtual void release() = 0;
  virtual u64 device() const = 0;
  virtual usize describe(char* to, usize limit) const = 0;
  virtual pseudo_terminal* as_pseudo_terminal() { return nullptr; }
  /// Whether written bytes leave by themselves, so that a drain can wait for them. A master may be the one who waits.
  virtual bool drains() const { return true; }
  /// The last open file of the program's side is closed.
  virtual void last_close() {}

  result<i64> read(user_vector into, bool nonblocking);
  result<i64> write(user_vector from, bool nonblocking);
  u16 poll(u16 events, waiter* place);

  /// Waits until everything written has been shown.
  result<> drain();
  void set_window(const winsize&);
  /// Nothing can be read or written any more. SIGHUP and SIGCONT go to the session's leader and the foreground group.
  void hang_up();

  // line_observer
  void output_room() override { writers.wake_all(poll_events::out); }
  void input_ready() override { readers.wake_all(poll_events::in | poll_events::rdnorm); }
  void input_room() override {}
  void signal(i32 signo) override;

protected:
  ~terminal() = default;
};

/// Which process may use which terminal for what (termios(4), "Terminal access control").
namespace job_control {
/// The controlling terminal of the caller's process, or null.
terminal* controlling(const process&);
/// A background process that reads gets SIGTTIN, one that writes or changes gets SIGTTOU: restart_call. EIO if nobody could
/// continue it.
result<> check(terminal&, const thread&, i32 signo);
/// The terminal becomes the session's, with this group in the foreground.
void acquire(terminal&, session&, i32 foreground);
/// What opening a terminal does for a session leader that has none, if the terminal has no session either.
void acquire_at_open(terminal&, const process&);
/// The session gives its terminal up. With `hang_up`, the foreground group gets SIGHUP and SIGCONT.
void release(session&, bool hang_up);
/// To be called when a session's leader exits: SIGHUP and SIGCONT to the foreground group, and the terminal is free.
void leader_exits(session&);
} // namespace job_control

/// An open file of the terminal. `flags` are native open flags; nothing is acquired.
result<ref<file>> open_terminal(ref<terminal>, ref<vnode> node, u32 flags);

/// The console. Made at the first call; null if memory is exhausted.
terminal* console();
/// Sets the modes and window size that the system boots with.
void set_up_console(const boot_options&);

} // namespace polyabi::reference
