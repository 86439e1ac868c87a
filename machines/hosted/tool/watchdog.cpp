#include "watchdog.hpp"

#include "host_library.hpp"
#include "large_pages.hpp"

#include <polyabi/reference/interrupt.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <cerrno>
#include <climits>
#include <cpuid.h>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <grp.h>
#include <span>
#include <sys/auxv.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/rseq.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

namespace polyabi::hosted {

namespace {

/// What signal handlers and the kernel's callback reach.
const watchdog_setup* setup = nullptr;
u32 protection_key = 0;

const image_header& kernel() {
  return *setup->image.header;
}
shared_state& shared() {
  return setup->image.shared();
}

/// The front end is dead: the terminal gets its modes back, and this process' end is that of every guest.
void front_end_died(int) {
  // The host runs handlers with the kernel's memory closed.
  if (const u32 key = protection_key; key != 0) pkey_set(static_cast<int>(key), 0);
  if (*setup->raw) setup->terminal.restore();
  kernel().kill_all();
  _exit(1);
}

/// Kills and collects every guest. The kernel is not called any more: one of them may have held its lock.
[[noreturn]] void end_system() {
  shared().ending = 1;
  for (;;) {
    kernel().kill_all();
    const pid_t pid = waitpid(-1, nullptr, WNOHANG);
    if (pid < 0 && errno == ECHILD) _exit(0);
    if (pid == 0) {
      const timespec moment{0, 1'000'000};
      nanosleep(&moment, nullptr);
    }
  }
}

void collect_children() {
  constexpr u32 many = 8;
  static u32 ended = 0;
  int status = 0;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0;) {
    kernel().reaped(pid, WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    if (++ended == many) use_large_pages(setup->image);
  }
}

/// The C library's restartable-sequence area is about to disappear from the guests: the host must forget it.
void forget_restartable_sequences() {
#ifdef RSEQ_SIG
  char* area = static_cast<char*>(__builtin_thread_pointer()) + __rseq_offset;
  for (const unsigned size : {32u, __rseq_size})
    if (syscall(SYS_rseq, area, size, RSEQ_FLAG_UNREGISTER, RSEQ_SIG) == 0) return;
#endif
}

int checked(int descriptor, const char* what) {
  if (descriptor >= 0) return descriptor;
  fmt::print(stderr, "polyabi: {}: {}\n", what, std::strerror(errno));
  _exit(failed_status);
}

/// How large the XSAVE area is with all that the host has enabled, and what that is. False on a processor without XSAVE. CPUID is asked
/// no more than that takes: where a hypervisor answers, each time costs as much as some twenty system calls.
bool find_floating_point_state(shared_state& to) {
  unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
  constexpr unsigned legacy_size = 512, xsave_leaf = 0xd;
  to.floating_point_size = legacy_size;
  __cpuid(1, eax, ebx, ecx, edx);
  if ((ecx & bit_OSXSAVE) == 0) return false;
  __cpuid_count(xsave_leaf, 0, eax, ebx, ecx, edx);
  to.floating_point_size = ebx;
  if (to.protection_key != 0) {
    constexpr unsigned protection_keys = 9;
    __cpuid_count(xsave_leaf, protection_keys, eax, ebx, ecx, edx);
    to.rights_offset = ebx;
  }
  asm("xgetbv" : "=a"(eax), "=d"(edx) : "c"(0));
  to.floating_point_features = eax | u64{edx} << 32;
  return true;
}

void describe_host(shared_state& to) {
  to.watchdog = getpid();
  to.front_end = getppid();
  to.user = setup->options.superuser ? 0 : getuid();
  to.group = setup->options.superuser ? 0 : getgid();
  static_assert(sizeof(gid_t) == sizeof(u32));
  const int groups = getgroups(static_cast<int>(std::size(to.groups)), to.groups);
  to.group_count = groups > 0 ? static_cast<u32>(groups) : 0;
  utsname names{};
  uname(&names);
  static_assert(sizeof to.host_name == sizeof names.nodename);
  std::memcpy(to.host_name, names.nodename, sizeof to.host_name);
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  to.boot_time = static_cast<u64>(now.tv_sec) * 1'000'000'000 + static_cast<u64>(now.tv_nsec);
  constexpr unsigned long fsgsbase = 2; // HWCAP2_FSGSBASE of asm/hwcap2.h
  to.has_fsgsbase = (getauxval(AT_HWCAP2) & fsgsbase) != 0;
  const bool has_xsave = find_floating_point_state(to);
  to.entry = to.has_fsgsbase && has_xsave ? setup->options.entry : entry_mode::dispatch;
  find_host_library(to);
  to.first_status = -1;
}

std::vector<const char*> pointers(const std::vector<std::string>& strings) {
  std::vector<const char*> result;
  for (const std::string& s : strings) result.push_back(s.c_str());
  return result;
}

/// Paths where the program may be: as execvp(3), with the PATH of the program's own environment.
std::vector<std::string> candidates(const run_options& options) {
  if (options.program.find('/') != std::string::npos) return {options.program};
  std::string path = "/bin:/usr/bin";
  for (const std::string& variable : options.environment)
    if (variable.starts_with("PATH=")) path = variable.substr(5);
  std::vector<std::string> result;
  for (usize start = 0; start <= path.size();) {
    const usize end = std::min(path.find(':', start), path.size());
    const std::string folder = path.substr(start, end - start);
    result.push_back((folder.empty() ? "." : folder) + "/" + options.program);
    start = end + 1;
  }
  return result;
}

/// The event loop's sources.
enum class source : u32 { child, timer, watches, notice, ready, request, console, console_output };

class event_loop {
public:
  event_loop();
  void add(int descriptor, source what) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u64 = static_cast<u64>(what) << 32 | static_cast<u32>(descriptor);
    epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  }
  void drop(int descriptor) { epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, nullptr); }
  [[noreturn]] void run();

private:
  void handle(source, int descriptor);
  void read_requests();
  void read_console();
  void look_at_state();
  void look_at_first_program();
  bool ends_all(i32 status) const;
  void watch_console_output();

  int epoll_ = checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  int signals_ = -1, ready_ = -1;
  bool reading_console_ = false, reported_stop_ = false, reported_end_ = false;
  std::bitset<128> passed_on_; ///< signals, native, that came from outside
};

/// Bits of `machine::host::readiness`.
u32 bits_of(u32 events) {
  constexpr std::array<u32, 6> in_order{EPOLLIN, EPOLLOUT, EPOLLERR, EPOLLHUP, EPOLLPRI, EPOLLRDHUP};
  u32 bits = 0;
  for (usize i = 0; i < in_order.size(); ++i)
    if ((events & in_order[i]) != 0) bits |= 1U << i;
  return bits;
}

event_loop::event_loop() {
  shared_state& s = shared();
  sigset_t children;
  sigemptyset(&children);
  sigaddset(&children, SIGCHLD);
  signals_ = checked(signalfd(-1, &children, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd");
  s.timer_descriptor = checked(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), "timerfd_create");
  s.watch_descriptor = checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  s.notice_descriptor = checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
  std::array<int, 2> ends{};
  checked(pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), "pipe2");
  ready_ = ends[0];
  s.ready_descriptor = ends[1];
  add(signals_, source::child);
  add(s.timer_descriptor, source::timer);
  add(s.watch_descriptor, source::watches);
  add(s.notice_descriptor, source::notice);
  add(ready_, source::ready);
  add(setup->requests, source::request);
}

void event_loop::run() {
  for (;;) {
    std::array<epoll_event, 16> events{};
    // Now and then without any reason: `noticed` takes the kernel's lock, and finds out if nobody can.
    constexpr int heartbeat = 5000;
    const int count = epoll_wait(epoll_, events.data(), events.size(), heartbeat);
    if (count == 0) kernel().noticed();
    for (int i = 0; i < count; ++i) {
      const u64 data = events[static_cast<usize>(i)].data.u64;
      handle(static_cast<source>(data >> 32), static_cast<int>(data & 0xffffffff));
    }
    look_at_state();
  }
}

/// Whoever told the tool to end means all of it.
bool event_loop::ends_all(i32 status) const {
  namespace native = reference::signals;
  const auto killer = static_cast<usize>(status & 0x7f);
  return (killer != 0 && passed_on_[killer]) || passed_on_[native::term] || passed_on_[native::int_] ||
         passed_on_[native::quit];
}

void event_loop::look_at_first_program() {
  const i32 status = shared().first_status;
  if (status == -1) return;
  if (setup->options.end_rest || shared().guest_count == 0 || ends_all(status)) end_system();
  if (!reported_end_) (void)!write(setup->reports, &report_first_ended, 1);
  reported_end_ = true;
}

void event_loop::watch_console_output() {
  epoll_event event{};
  event.events = EPOLLOUT | EPOLLONESHOT;
  event.data.u64 = static_cast<u64>(source::console_output) << 32;
  const int descriptor = shared().console_output;
  if (epoll_ctl(epoll_, EPOLL_CTL_MOD, descriptor, &event) != 0) epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
}

void event_loop::look_at_state() {
  if (shared().boot_error != 0) end_system();
  look_at_first_program();
  if (__atomic_exchange_n(&shared().console_waits, 0, __ATOMIC_ACQ_REL) != 0) watch_console_output();
  const bool stopped = __atomic_load_n(&shared().first_stopped, __ATOMIC_ACQUIRE) != 0;
  if (stopped && !reported_stop_) (void)!write(setup->reports, &report_first_stopped, 1);
  reported_stop_ = stopped;
}

void event_loop::handle(source what, int descriptor) {
  u64 count = 0;
  switch (what) {
  case source::child: {
    signalfd_siginfo info{};
    while (read(signals_, &info, sizeof info) > 0) continue;
    collect_children();
    break;
  }
  case source::timer:
    if (read(descriptor, &count, sizeof count) > 0) kernel().timer();
    break;
  case source::notice:
    if (read(descriptor, &count, sizeof count) > 0) kernel().noticed();
    break;
  case source::ready: {
    u64 cookie = 0;
    // What cannot be watched is always ready.
    while (read(ready_, &cookie, sizeof cookie) == sizeof cookie) kernel().host_ready(cookie, bits_of(EPOLLIN | EPOLLOUT));
    break;
  }
  case source::watches: kernel().host_watches(); break;
  case source::request: read_requests(); break;
  case source::console: read_console(); break;
  case source::console_output: kernel().console_writable(); break;
  }
}

void event_loop::read_requests() {
  request_message message{};
  const ssize_t size = read(setup->requests, &message, sizeof message);
  if (size == 0) front_end_died(0);
  if (size != sizeof message) return;
  const int console = setup->terminal.descriptor();
  switch (message.kind) {
  case request::signal:
    passed_on_.set(message.first & 0x7f);
    kernel().signal_first_process(static_cast<i32>(message.first));
    break;
  case request::end: end_system();
  case request::resize: kernel().console_resized(static_cast<u16>(message.first), static_cast<u16>(message.second)); break;
  case request::console:
    if (message.first != 0 && !reading_console_) add(console, source::console);
    if (message.first == 0 && reading_console_) drop(console);
    reading_console_ = message.first != 0;
    break;
  case request::type: {
    const char typed = static_cast<char>(message.first);
    kernel().console_input(&typed, 1);
    break;
  }
  case request::resume:
    shared().first_stopped = 0;
    reported_stop_ = false;
    kernel().signal_first_process(reference::signals::cont);
    break;
  }
}

void event_loop::read_console() {
  std::array<char, 4096> text;
  const ssize_t size = read(setup->terminal.descriptor(), text.data(), text.size());
  if (size > 0) {
    kernel().console_input(text.data(), static_cast<usize>(size));
  } else if (size == 0 || (errno != EINTR && errno != EAGAIN)) {
    drop(setup->terminal.descriptor());
    reading_console_ = false;
    kernel().console_hangup();
  }
}

/// The kernel must not wait for the terminal. The user's own open file is shared with others and stays as it is; where the
/// terminal cannot be opened once more, it belongs to somebody else.
void open_console_output() {
  const int terminal = setup->terminal.descriptor();
  const std::string name = fmt::format("/proc/self/fd/{}", terminal);
  shared().console_output = open(name.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
  shared().console_may_block = shared().console_output < 0;
  if (shared().console_may_block) shared().console_output = checked(fcntl(terminal, F_DUPFD_CLOEXEC, 3), "dup");
}

void boot() {
  const run_options& o = setup->options;
  shared_state& s = shared();
  describe_host(s);
  s.root_descriptor = checked(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), "/");
  s.log_descriptor =
      o.log.empty() ? -1 : checked(open(o.log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666), o.log.c_str());
  s.console_output = -1;
  s.boot_error = 0;
  if (setup->terminal.exists()) {
    open_console_output();
    s.console_device = setup->terminal.device();
  }

  std::vector<std::string> names;
  usize length = 0;
  for (usize i = 0; const char* name = kernel().personality_name(i, length); ++i) names.emplace_back(name, length);
  std::vector<reference::boot_options::emulation> emulations;
  const std::string root = o.root.empty() ? "" : std::filesystem::absolute(o.root).lexically_normal().string();
  if (!root.empty())
    for (const std::string& name : names) emulations.push_back({name, root});

  std::error_code none;
  const std::string folder = std::filesystem::current_path(none).string();
  reference::boot_options options;
  options.emulations = emulations;
  options.personality = o.personality;
  options.fallback_brand = o.fallback_brand;
  options.working_directory = folder;
  options.umask = umask(0); // the kernel's own, from here on: the host must not take bits away once more
  options.console_is_terminal = setup->terminal.exists();
  if (setup->terminal.exists()) {
    options.window = setup->terminal.window();
    options.console_attributes = setup->terminal.native_attributes();
  }
  options.trace = static_cast<bool>(o.trace);
  std::vector<reference::boot_options::setting> settings;
  for (const auto& [name, value] : o.settings) settings.push_back({name, value});
  options.settings = settings;

  const std::vector<std::string> paths = candidates(o);
  const std::vector<const char*> path_pointers = pointers(paths), arguments = pointers(o.arguments),
                                 environment = pointers(o.environment);
  const program_request program{path_pointers.data(), path_pointers.size(), arguments.data(),
                                arguments.size(),     environment.data(),   environment.size()};
  if (const u32 error = kernel().boot(options, program); error != 0) {
    s.boot_error = error;
    end_system();
  }
}

/// All processes share one table of the host's descriptors. It grows now, while this is the only process that has it: one that is
/// shared grows by waiting until each processor has left the kernel (expand_fdtable, fs/file.c), which takes 10 to 20 milliseconds, with
/// the kernel lock held.
void make_room_for_descriptors() {
  constexpr rlim_t many = 4096;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  const int last = fcntl(setup->requests, F_DUPFD_CLOEXEC, static_cast<int>(std::min(files.rlim_cur, many)) - 1);
  if (last >= 0) close(last);
}

} // namespace

void run_watchdog(const watchdog_setup& with) {
  setup = &with;
  protection_key = shared().protection_key;
  setsid(); // signals of the terminal are the front end's business
  struct sigaction died {};
  died.sa_handler = front_end_died;
  sigaction(SIGTERM, &died, nullptr);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  sigset_t blocked;
  sigfillset(&blocked);
  sigdelset(&blocked, SIGTERM);
  sigprocmask(SIG_SETMASK, &blocked, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  make_room_for_descriptors();
  const rlimit no_core{0, 0}; // a guest that dups core does so in the kernel's own way
  setrlimit(RLIMIT_CORE, &no_core);
  forget_restartable_sequences();
  event_loop loop;
  kernel().guard_watchdog();
  *kernel().while_waiting = collect_children;
  boot();
  loop.run();
}

} // namespace polyabi::hosted
