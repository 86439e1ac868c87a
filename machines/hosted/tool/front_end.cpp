// The process that the user started: keeps the terminal's modes, passes signals on, waits, and ends as the guest ended.
#include "host_terminal.hpp"
#include "image_loader.hpp"
#include "quiet_calls.hpp"
#include "watchdog.hpp"

#include <polyabi/hosted/system.hpp>
#include <polyabi/reference/numbers.hpp>
#include <polyabi/reference/unsupported.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/futex.h>
#include <optional>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace polyabi::hosted {

namespace {

namespace native = reference::signals;

/// Signals of both sides that are not faults of the tool itself.
constexpr struct {
  int host;
  i32 native;
} signal_pairs[] = {{SIGHUP, native::hup},   {SIGINT, native::int_},      {SIGQUIT, native::quit}, {SIGILL, native::ill},
                    {SIGTRAP, native::trap}, {SIGABRT, native::abrt},     {SIGBUS, native::bus},   {SIGFPE, native::fpe},
                    {SIGKILL, native::kill}, {SIGUSR1, native::usr1},     {SIGSEGV, native::segv}, {SIGUSR2, native::usr2},
                    {SIGPIPE, native::pipe}, {SIGALRM, native::alrm},     {SIGTERM, native::term}, {SIGSTKFLT, native::stkflt},
                    {SIGCHLD, native::chld}, {SIGCONT, native::cont},     {SIGSTOP, native::stop}, {SIGTSTP, native::tstp},
                    {SIGTTIN, native::ttin}, {SIGTTOU, native::ttou},     {SIGURG, native::urg},   {SIGXCPU, native::xcpu},
                    {SIGXFSZ, native::xfsz}, {SIGVTALRM, native::vtalrm}, {SIGPROF, native::prof}, {SIGWINCH, native::winch},
                    {SIGIO, native::io},     {SIGPWR, native::pwr},       {SIGSYS, native::sys}};

i32 native_signal(int host) {
  for (const auto& pair : signal_pairs)
    if (pair.host == host) return pair.native;
  return 0;
}

/// A signal that only the guest's system has ends the tool as SIGKILL would: it has no other way to say it.
int host_signal(i32 number) {
  for (const auto& pair : signal_pairs)
    if (pair.native == number) return pair.host;
  if (number >= native::realtime_first && number <= native::realtime_last) return SIGRTMIN + (number - native::realtime_first);
  return SIGKILL;
}

/// Throws unless the host has what only a call can tell.
void check_host() {
  constexpr int set_syscall_user_dispatch = 59, off = 0; // linux/prctl.h
  if (prctl(set_syscall_user_dispatch, off, 0, 0, 0) != 0)
    throw unsupported_host(
        fmt::format("this machine cannot run it: no Syscall User Dispatch, which needs Linux 5.11 on x86-64 and "
                    "no sandbox that hides it ({})",
                    std::strerror(errno)));
}

/// Reads the kernel's trace records until the system has ended.
class trace_reader {
public:
  trace_reader(ring& from, const std::function<void(std::span<const u8>)>& to) : ring_{from}, to_{to} {
    if (to_) thread_ = std::thread{[this] { run(); }};
  }
  ~trace_reader() {
    if (!to_) return;
    __atomic_store_n(&ended_, true, __ATOMIC_RELEASE);
    syscall(SYS_futex, &ring_.written, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
    thread_.join();
  }
  trace_reader(const trace_reader&) = delete;
  trace_reader& operator=(const trace_reader&) = delete;

private:
  void run() {
    std::vector<u8> record;
    for (;;) {
      const bool ended = __atomic_load_n(&ended_, __ATOMIC_ACQUIRE);
      const u32 written = __atomic_load_n(&ring_.written, __ATOMIC_ACQUIRE);
      if (written == ring_.read) {
        if (ended) return;
        const timespec moment{0, 100'000'000};
        syscall(SYS_futex, &ring_.written, FUTEX_WAIT, written, &moment, nullptr, 0);
        continue;
      }
      u32 at = ring_.read;
      u32 size = 0;
      copy(at, &size, sizeof size);
      record.resize(size);
      copy(at + 4, record.data(), size);
      at += 4 + ((size + 3) & ~3u);
      __atomic_store_n(&ring_.read, at, __ATOMIC_RELEASE);
      syscall(SYS_futex, &ring_.read, FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
      to_(record);
    }
  }
  void copy(u32 at, void* to, u32 size) const {
    for (u32 i = 0; i < size; ++i) static_cast<u8*>(to)[i] = ring_.data[(at + i) & (ring_.capacity - 1)];
  }

  ring& ring_;
  const std::function<void(std::span<const u8>)>& to_;
  std::thread thread_;
  bool ended_ = false;
};

/// Sanitizers know of one stack in a process of one thread.
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
constexpr bool has_sanitizer = true;
#elif defined __has_feature
constexpr bool has_sanitizer = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
constexpr bool has_sanitizer = false;
#endif

class front_end {
public:
  explicit front_end(const run_options& options) : options_{options}, image_{load_image()} {}

  outcome run() {
    start();
    trace_reader reader{image_.shared().trace, options_.trace};
    take_terminal();
    while (!collect()) wait_for_event();
    give_terminal_back();
    outcome how = judge();
    collect_unsupported(how);
    return how;
  }

private:
  void start();
  bool shares_memory() const;
  pid_t create_watchdog();
  [[noreturn]] void be_watchdog();
  bool collect();
  void wait_for_event();
  void handle(const signalfd_siginfo&);
  void handle_afterwards(int number);
  void read_report();
  void stop_with_first_program();
  void wait_for_rest();
  void take_terminal();
  void give_terminal_back();
  outcome judge() const;
  outcome ending() const;
  void collect_unsupported(outcome&) const;
  std::string panic_text() const;
  void send(request kind, u32 first = 0, u32 second = 0) const {
    const request_message message{kind, first, second};
    quiet::write(requests_, &message, sizeof message);
  }

  const run_options& options_;
  loaded_image image_;
  host_terminal terminal_;
  bool* raw_ = nullptr; ///< seen by the watchdog
  bool first_ended_ = false, told_ = false;
  int requests_ = -1, reports_ = -1, signals_ = -1;
  std::optional<watchdog_setup> setup_;
  sigset_t old_mask_{};
  pid_t watchdog_ = -1;
  int watchdog_status_ = 0;
};

void front_end::start() {
  image_.shared().trace.capacity = options_.trace ? trace_capacity : 0;
  if (options_.protect != protection::off && !close_image(image_) && options_.protect == protection::on)
    throw unsupported_host("this machine cannot protect the kernel's memory: it has no protection keys");
  raw_ = static_cast<bool*>(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  if (raw_ == MAP_FAILED) throw unsupported_host("out of memory");
  prctl(PR_SET_CHILD_SUBREAPER, 1); // guests outlive the watchdog for a moment when it dies
  sigset_t all;
  sigfillset(&all);
  for (const int fault : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS}) sigdelset(&all, fault);
  sigprocmask(SIG_SETMASK, &all, &old_mask_);
  std::array<int, 2> requests{}, reports{};
  if (pipe2(requests.data(), O_CLOEXEC) != 0 || pipe2(reports.data(), O_CLOEXEC) != 0)
    throw unsupported_host(fmt::format("pipe: {}", std::strerror(errno)));
  requests_ = requests[1];
  reports_ = reports[0];
  setup_.emplace(watchdog_setup{options_, image_, terminal_, requests[0], reports[1], raw_, getpid()});
  watchdog_ = create_watchdog();
  if (watchdog_ < 0) throw unsupported_host(fmt::format("the watchdog cannot be started: {}", std::strerror(errno)));
  quiet::close(requests[0]);
  quiet::close(reports[1]);
  // Theirs is the system's alone, so that the other end of a pipe sees it close.
  for (u32 i = 0; i < image_.shared().inherited_count; ++i) quiet::close(image_.shared().inherited[i]);
  signals_ = quiet::signal_descriptor(all);
}

/// Whether the watchdog runs in the memory of this process, which saves a quarter of a millisecond of each start: the host copies
/// nothing, and nothing is brought in twice. Both use the C library then, which knows of one thread; so from the watchdog's start to its
/// end this process makes its calls without it (`quiet`), and where it has more to do, with a terminal or a trace, there are two memories.
bool front_end::shares_memory() const {
  return !has_sanitizer && !options_.trace && !terminal_.exists();
}

pid_t front_end::create_watchdog() {
  if (shares_memory()) {
    constexpr usize stack_size = 1 << 20, guard = 4096;
    void* stack = mmap(nullptr, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED || mprotect(stack, guard, PROT_NONE) != 0) return -1;
    const auto begin = [](void* self) -> int { static_cast<front_end*>(self)->be_watchdog(); };
    const pid_t created = clone(begin, static_cast<char*>(stack) + stack_size, CLONE_VM | SIGCHLD, this);
    if (created >= 0 || errno != EINVAL) return created; // EINVAL: what passes for the host knows no such child
  }
  const pid_t created = fork();
  if (created == 0) be_watchdog();
  return created;
}

void front_end::be_watchdog() {
  close(requests_);
  close(reports_);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != setup_->front_end) _exit(1);
  run_watchdog(*setup_);
}

/// True once the watchdog and every guest have ended.
bool front_end::collect() {
  int status = 0;
  bool watchdog_ended = false;
  for (pid_t pid; (pid = quiet::wait_for_child(&status, WNOHANG | __WALL)) > 0;)
    if (pid == watchdog_) {
      watchdog_ended = true;
      watchdog_status_ = status;
    }
  if (!watchdog_ended) return false;
  for (pid_t pid = 1; pid > 0 || pid == -EINTR;) pid = quiet::wait_for_child(nullptr, __WALL);
  return true;
}

void front_end::wait_for_event() {
  std::array<pollfd, 2> events{{{signals_, POLLIN, 0}, {reports_, POLLIN, 0}}};
  // In the background of its shell the tool leaves the terminal alone. Becoming the foreground job raises no signal of its own.
  const bool in_background = terminal_.exists() && terminal_.is_input() && !*raw_ && !first_ended_;
  const bool will_tell = first_ended_ && !told_;
  if (quiet::poll(events, in_background ? 200 : will_tell ? 1000 : -1) == 0) {
    if (in_background)
      take_terminal();
    else
      wait_for_rest();
  }
  signalfd_siginfo info{};
  while (quiet::read(signals_, &info, sizeof info) == sizeof info) handle(info);
  if ((events[1].revents & POLLIN) != 0) read_report();
  if ((events[1].revents & (POLLHUP | POLLIN)) == POLLHUP) {
    quiet::close(reports_); // the watchdog is ending
    reports_ = -1;
  }
}

void front_end::read_report() {
  char report = 0;
  if (quiet::read(reports_, &report, 1) != 1) return;
  if (report == report_first_stopped) stop_with_first_program();
  if (report == report_first_ended) {
    give_terminal_back();
    first_ended_ = true;
  }
}

/// Some time after the end of the program: whoever sits before the terminal wants to know why there is no prompt.
void front_end::wait_for_rest() {
  told_ = true;
  if (terminal_.exists() && terminal_.in_foreground() && isatty(STDERR_FILENO))
    fmt::print(stderr, "polyabi: the program has ended, processes that it started have not; an interrupt ends them\n");
}

/// A signal for the tool when there is no first program any more to pass it on to.
void front_end::handle_afterwards(int number) {
  switch (number) {
  case SIGHUP:
  case SIGINT:
  case SIGQUIT:
  case SIGTERM: return send(request::end);
  case SIGTSTP: raise(SIGSTOP); return;
  }
}

void front_end::handle(const signalfd_siginfo& info) {
  const int number = static_cast<int>(info.ssi_signo);
  if (first_ended_) return handle_afterwards(number);
  switch (number) {
  case SIGCHLD: return;
  case SIGPIPE:
    // The tool's own write to a watchdog that has ended; passing it on would be another such write, for ever.
    if (info.ssi_pid == static_cast<u32>(getpid())) return;
    break;
  case SIGWINCH: {
    const reference::winsize window = terminal_.window();
    send(request::resize, window.row, window.col);
    return;
  }
  case SIGCONT: take_terminal(); return;
  case SIGTTIN:
  case SIGTTOU: return;
  case SIGINT:
  case SIGQUIT:
  case SIGTSTP:
    // Typed at a terminal that is not in raw mode: the kernel's own terminal decides whom it reaches.
    if (info.ssi_code == SI_KERNEL && terminal_.exists()) {
      const int index = number == SIGINT ? VINTR : number == SIGQUIT ? VQUIT : VSUSP;
      send(request::type, static_cast<u8>(terminal_.character(index)));
      return;
    }
    break;
  }
  if (const i32 translated = native_signal(number); translated != 0) send(request::signal, static_cast<u32>(translated));
}

/// ^Z at the first program: the whole job stops, as if the host's terminal had done it.
void front_end::stop_with_first_program() {
  const bool had_terminal = *raw_;
  give_terminal_back();
  if (had_terminal) {
    // The rest of the pipeline stops as well; the tool itself does so for certain.
    ::kill(0, SIGTSTP);
    sigset_t pending;
    sigemptyset(&pending);
    sigaddset(&pending, SIGTSTP);
    const timespec none{};
    sigtimedwait(&pending, nullptr, &none);
  }
  raise(SIGSTOP);
  take_terminal();
  send(request::resume);
}

void front_end::take_terminal() {
  if (!terminal_.exists() || !terminal_.is_input() || *raw_ || !terminal_.in_foreground()) return;
  *raw_ = true;
  terminal_.make_raw();
  const reference::winsize window = terminal_.window();
  send(request::resize, window.row, window.col);
  send(request::console, 1);
}

void front_end::give_terminal_back() {
  if (!*raw_) return;
  if (terminal_.in_foreground()) terminal_.restore();
  *raw_ = false;
  send(request::console, 0);
}

std::string front_end::panic_text() const {
  const panic_report& report = image_.shared().panic;
  std::string text = fmt::format("kernel panic: {} (process {})\n", report.why, report.host_process);
  if (report.has_registers) {
    constexpr const char* names[] = {"rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "rsp", "r8",
                                     "r9",  "r10", "r11", "r12", "r13", "r14", "r15", "rip", "flags"};
    for (usize i = 0; i < 18; ++i)
      text += fmt::format("  {:5} {:016x}{}", names[i], report.registers[i], i % 3 == 2 ? "\n" : "");
    text += fmt::format("  address of the fault {:#x}\n", report.fault_address);
  }
  for (const u64 address : report.backtrace)
    if (address != 0) text += fmt::format("  {}\n", describe_address(address));
  return text;
}

outcome front_end::judge() const {
  outcome how = ending();
  how.calls = image_.shared().counts;
  return how;
}

outcome front_end::ending() const {
  const shared_state& s = image_.shared();
  if (s.panic.present != 0) return {outcome::kind::panicked, failed_status, 0, panic_text(), {}};
  if (WIFSIGNALED(watchdog_status_))
    return {outcome::kind::panicked,
            failed_status,
            0,
            fmt::format("the system's watchdog was killed (signal {})", WTERMSIG(watchdog_status_)),
            {}};
  if (s.boot_error != 0) {
    using reference::error;
    const auto why = static_cast<error>(s.boot_error);
    const bool absent = why == error::noent || why == error::notdir;
    const char* text = absent                 ? "not found"
                       : why == error::acces  ? "permission denied"
                       : why == error::noexec ? "not an executable that any personality knows"
                       : why == error::isdir  ? "is a directory"
                       : why == error::toobig ? "argument list too long"
                       : why == error::nomem  ? "out of memory"
                                              : nullptr;
    return {outcome::kind::not_started,
            absent ? 127 : 126,
            0,
            fmt::format("{}: {}", options_.program,
                        text != nullptr ? text : fmt::format("cannot be started (error {})", s.boot_error)),
            {}};
  }
  if (s.first_status == -1)
    return {outcome::kind::panicked, failed_status, 0, fmt::format("the system ended early (status {:#x})", watchdog_status_), {}};
  const i32 killed_by = s.first_status & 0x7f;
  if (killed_by == 0) return {outcome::kind::ended, s.first_status >> 8 & 0xff, 0, {}, {}};
  return {outcome::kind::killed, 128 + host_signal(killed_by), host_signal(killed_by), {}, {}};
}

void front_end::collect_unsupported(outcome& to) const {
  std::vector<const reference::unsupported_record*> records;
  for (usize i = 0; i < reference::unsupported_capacity; ++i)
    if (const auto* record = image_.header->unsupported_at(i)) records.push_back(record);
  std::sort(records.begin(), records.end(), [](const auto* a, const auto* b) { return a->order < b->order; });
  for (const auto* record : records)
    to.unsupported.push_back({std::string{record->personality}, std::string{record->call}, std::string{record->what}, record->value,
                              record->program, record->count});
  to.unsupported_lost = image_.header->unsupported_lost();
}

} // namespace

outcome run(const run_options& options) {
  try {
    check_host();
    return front_end{options}.run();
  } catch (const unsupported_host& why) {
    return {outcome::kind::not_started, failed_status, 0, why.what(), {}};
  }
}

void end_as(const outcome& how) {
  if (how.how == outcome::kind::killed) {
    const rlimit no_core{0, 0}; // a core file would be the tool's, not the guest's
    setrlimit(RLIMIT_CORE, &no_core);
    ::signal(how.signal, SIG_DFL);
    sigset_t only;
    sigemptyset(&only);
    sigaddset(&only, how.signal);
    sigprocmask(SIG_UNBLOCK, &only, nullptr);
    raise(how.signal);
  }
  std::fflush(nullptr);
  std::_Exit(how.status); // all that is left is memory
}

std::vector<std::string> personalities() {
  const loaded_image image = load_image();
  std::vector<std::string> names;
  usize length = 0;
  for (usize i = 0; const char* name = image.header->personality_name(i, length); ++i) names.emplace_back(name, length);
  return names;
}

std::vector<linked_personality> linked_personalities() {
  const loaded_image image = load_image();
  std::vector<linked_personality> all;
  usize length = 0;
  u32 arch = 0;
  for (usize i = 0; const char* name = image.header->linked_personality(i, length, arch); ++i)
    all.push_back({std::string{name, length}, static_cast<architecture>(arch)});
  return all;
}

} // namespace polyabi::hosted
