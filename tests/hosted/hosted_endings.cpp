// Whatever ends a run, nothing of it is left: no processes, and the terminal as it was.
#include "../reference/catch.hpp"
#include "tool_run.hpp"

#include <polyabi/hosted/image.hpp>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace hosted_test;

namespace {

struct family {
  pid_t front_end, watchdog;
  std::vector<pid_t> all;
};

/// Waits until the tree has its four processes.
family family_of(tool_run& run) {
  std::string lines;
  for (int i = 0; i < 4; ++i) lines += "up\n";
  REQUIRE(run.shows(lines));
  family f{run.front_end(), run.watchdog(), run.guests()};
  CHECK(f.all.size() == 4);
  f.all.push_back(f.watchdog);
  return f;
}

} // namespace

TEST_CASE("kill -9 of the front end, the watchdog or the first guest ends everything") {
  for (const char* victim : {"front end", "watchdog", "guest"}) {
    CAPTURE(victim);
    tool_run run{{"run", "--end-rest", HOSTED_GUEST_PATH, "tree"}};
    const family f = family_of(run);
    kill(victim[0] == 'f' ? f.front_end : victim[0] == 'w' ? f.watchdog : f.all.front(), SIGKILL);
    const ended end = run.wait();
    CHECK(tool_run::all_gone(f.all));
    if (victim[0] == 'w')
      CHECK(end.exited_with(125));
    else
      CHECK(end.killed_by(SIGKILL));
  }
}

TEST_CASE("a signal that ends the tool's program ends all") {
  tool_run run = run_guest("tree");
  const family f = family_of(run);
  kill(f.front_end, SIGTERM);
  CHECK(run.wait().killed_by(SIGTERM));
  CHECK(tool_run::all_gone(f.all));
}

TEST_CASE("guests killed at any moment leave a system that goes on or panics, and never one that hangs") {
  for (int round = 0; round < 5; ++round) {
    tool_run run{{"run", "--end-rest", HOSTED_GUEST_PATH, "work"}};
    std::vector<pid_t> guests;
    for (int i = 0; i < 200 && guests.size() < 8; ++i) {
      usleep(10'000);
      guests = run.guests();
    }
    const std::vector<pid_t> others{guests.begin() + 1, guests.end()};
    const pid_t watchdog = run.watchdog();
    for (const pid_t guest : others) {
      usleep(static_cast<useconds_t>(1000 + 700 * round));
      kill(guest, SIGKILL);
    }
    kill(guests.front(), SIGKILL);
    const ended end = run.wait();
    guests.push_back(watchdog);
    CHECK(tool_run::all_gone(guests));
    CAPTURE(end.errors, end.status);
    CHECK((end.killed_by(SIGKILL) || (end.exited_with(125) && end.errors.find("kernel panic") != std::string::npos)));
  }
}

namespace {

/// Damages the kernel as a bug would: overwrites a word of the state at the bottom of the guest's kernel stack.
bool damage_kernel(pid_t guest, off_t word_offset, std::uint64_t value) {
  const int memory = open(("/proc/" + std::to_string(guest) + "/mem").c_str(), O_RDWR | O_CLOEXEC);
  bool found = false;
  for (std::uint64_t slot = 0; slot < 16 && !found; ++slot) {
    const auto stack = static_cast<off_t>(polyabi::hosted::arena_base + slot * polyabi::hosted::stack_size);
    std::int32_t process = 0; // behind the mark and the thread
    if (pread(memory, &process, sizeof process, stack + 16) != sizeof process || process != guest) continue;
    found = pwrite(memory, &value, sizeof value, stack + word_offset) == sizeof value;
  }
  close(memory);
  return found;
}

} // namespace

TEST_CASE("a bug in the kernel is a panic with a readable report") {
  struct {
    const char* what;
    off_t offset;
    std::uint64_t value;
    const char* report;
  } const bugs[] = {{"a wild pointer", 8, 0x10, "kernel panic: segmentation fault in the kernel"},
                    {"a stack that has overflowed", 0, 0, "kernel panic: kernel stack overflow"}};
  for (const auto& bug : bugs) {
    CAPTURE(bug.what);
    tool_run run = run_guest("spin"); // it is in user code
    REQUIRE(run.shows("up\n"));
    const std::vector<pid_t> all{run.guests().at(0), run.watchdog()};
    REQUIRE(damage_kernel(all[0], bug.offset, bug.value));
    kill(all[0], SIGURG); // any entry will do
    const ended end = run.wait();
    CHECK(end.exited_with(125));
    CHECK(end.errors.find(bug.report) != std::string::npos);
    CHECK(end.errors.find("handle_signal") != std::string::npos);
    CHECK(tool_run::all_gone(all));
  }
}

TEST_CASE("the terminal's modes come back, however the run ends") {
  for (const char* end : {"by itself", "front end", "watchdog", "guest", "interrupt"}) {
    CAPTURE(end);
    tool_run run = run_guest("line", tool_run::streams::terminal);
    REQUIRE(run.shows("ready"));
    CHECK(run.terminal_is_raw());
    const std::vector<pid_t> all{run.watchdog(), run.guests().at(0)};
    switch (end[0]) {
    case 'b': run.type("\r"); break;
    case 'f': kill(run.front_end(), SIGKILL); break;
    case 'w': kill(all[0], SIGKILL); break;
    case 'g': kill(all[1], SIGKILL); break;
    case 'i': run.type("\x03"); break;
    }
    const ended how = run.wait();
    CHECK(tool_run::all_gone(all));
    CHECK_FALSE(run.terminal_is_raw());
    if (end[0] == 'i') CHECK(how.killed_by(SIGINT));
  }
}

TEST_CASE("^Z stops the tool, with the terminal as it was; to continue it takes the terminal again") {
  // Catch runs in no session with the terminal, so that the tool leads one: its group is orphaned to the host, which discards
  // the stop that the tool sends to its whole group, but not the one of its own.
  tool_run run = run_guest("line", tool_run::streams::terminal);
  REQUIRE(run.shows("ready"));
  run.type("\x1a");
  REQUIRE(run.stops());
  CHECK_FALSE(run.terminal_is_raw());
  kill(run.front_end(), SIGCONT);
  for (int i = 0; i < 1000 && !run.terminal_is_raw(); ++i) usleep(1000);
  CHECK(run.terminal_is_raw());
  run.type("again\r");
  const ended end = run.wait();
  CHECK(end.exited_with(0));
  CHECK(end.output.find("again\r\nagain\r\n") != std::string::npos);
}

TEST_CASE("a host that lacks something is told in one line") {
  // prctl(PR_SET_SYSCALL_USER_DISPATCH) is refused, as old kernels and sandboxes refuse it.
  const auto forbid = [] {
    sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 157 /* prctl */, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[0])),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 59, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 22),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog program{sizeof code / sizeof code[0], code};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
  };
  const ended no_dispatch = tool_run{{"run", HOSTED_GUEST_PATH, "exit"}, tool_run::streams::pipes, forbid}.wait();
  CHECK(no_dispatch.exited_with(125));
  CHECK(no_dispatch.errors.find("Syscall User Dispatch") != std::string::npos);
  CHECK(no_dispatch.errors.find('\n') == no_dispatch.errors.size() - 1);

  const auto forbid_keys = [] {
    sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 330 /* pkey_alloc */, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 28),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog program{sizeof code / sizeof code[0], code};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
  };
  const ended no_keys =
      tool_run{{"run", "--protect", "on", HOSTED_GUEST_PATH, "exit"}, tool_run::streams::pipes, forbid_keys}.wait();
  CHECK(no_keys.exited_with(125));
  CHECK(no_keys.errors == "polyabi: this machine cannot protect the kernel's memory: it has no protection keys\n");
  for (const char* const when : {"auto", "off"}) {
    CAPTURE(when);
    const ended does_without =
        tool_run{{"run", "--protect", when, HOSTED_GUEST_PATH, "exit"}, tool_run::streams::pipes, forbid_keys}.wait();
    CHECK(does_without.errors == "");
    CHECK(does_without.exited_with(42));
  }

#if !defined(__SANITIZE_ADDRESS__) // which needs terabytes of address space itself
  const auto little_space = [] {
    const rlimit limit{1U << 30, 1U << 30};
    setrlimit(RLIMIT_AS, &limit);
  };
  const ended no_space = tool_run{{"run", HOSTED_GUEST_PATH, "exit"}, tool_run::streams::pipes, little_space}.wait();
  CHECK(no_space.exited_with(125));
  CHECK(no_space.errors.find('\n') == no_space.errors.size() - 1);
#endif
}
