// Call sites that became jumps: what a call leaves alone, and signals that come at any instruction of the way in and out.
#include "../reference/catch.hpp"
#include "tool_run.hpp"

#include <polyabi/hosted/image.hpp>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <string>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <utility>

using namespace hosted_test;

namespace {

tool_run run_entry_guest(const std::string& command, const std::string& mode = "patched") {
  return tool_run{{"run", "--entry", mode, ENTRY_GUEST_PATH, command}};
}

void expect_success(const std::string& command, const std::string& mode) {
  CAPTURE(command, mode);
  tool_run run = run_entry_guest(command, mode);
  const ended end = run.wait();
  CHECK(end.output == "ok\n");
  CHECK(end.errors == "");
  CHECK(end.exited_with(0));
}

/// A guest's host process, stopped by this one between two instructions.
class traced {
public:
  explicit traced(pid_t of) : pid_{of} {
    const long seized = ptrace(PTRACE_SEIZE, pid_, nullptr, nullptr);

    REQUIRE(seized == 0);
    REQUIRE(ptrace(PTRACE_INTERRUPT, pid_, nullptr, nullptr) == 0);
    wait();
  }
  ~traced() { ptrace(PTRACE_DETACH, pid_, nullptr, deliver()); }
  traced(const traced&) = delete;
  traced& operator=(const traced&) = delete;

  /// One instruction; a signal that the host has for the guest is delivered with it.
  void step() {
    REQUIRE(ptrace(PTRACE_SINGLESTEP, pid_, nullptr, deliver()) == 0);
    wait();
  }
  bool in_kernel() const {
    user_regs_struct r{};
    ptrace(PTRACE_GETREGS, pid_, nullptr, &r);
    return r.rip >= polyabi::hosted::kernel_base && r.rip < polyabi::hosted::kernel_end;
  }

private:
  void* deliver() { return reinterpret_cast<void*>(static_cast<std::intptr_t>(std::exchange(signal_, 0))); }
  void wait() {
    int status = 0;
    REQUIRE(waitpid(pid_, &status, __WALL) == pid_);
    REQUIRE(WIFSTOPPED(status));
    // A stop of the tracer's own, or a signal on its way: SIGTRAP is the step's.
    if (WSTOPSIG(status) != SIGTRAP && status >> 16 == 0) signal_ = WSTOPSIG(status);
  }

  pid_t pid_;
  int signal_ = 0;
};

} // namespace

TEST_CASE("a call changes nothing but its answer, however it enters the kernel") {
  for (const std::string mode : {"dispatch", "patched"})
    for (const std::string command : {"registers", "alignment", "gs", "jump"}) expect_success(command, mode);
}

TEST_CASE("a signal may come at every instruction of a call") {
  tool_run run = run_entry_guest("entries");
  REQUIRE(run.shows("up\n"));
  const auto guests = run.guests();
  REQUIRE(guests.size() == 2);
  // From the first instruction in the kernel's text to the last: each time one further, until the call is over before that.
  bool left = false;
  std::size_t position = 0;
  for (; !left; ++position) {
    CAPTURE(position);
    {
      traced target{guests.front()};
      while (target.in_kernel()) target.step();
      while (!target.in_kernel()) target.step();
      for (std::size_t i = 0; i < position && !left; ++i) {
        target.step();
        left = !target.in_kernel();
      }
      // The other guest sends the signal while this one stands here.
      run.type("x");
      REQUIRE(run.shows('s', position + 1));
    }
    REQUIRE(run.shows('h', position + 1));
    if (run.shows("failed", std::chrono::milliseconds{0})) FAIL(run.wait().output);
  }
  CHECK(position > 100);
  CHECK_FALSE(run.shows("failed", std::chrono::milliseconds{100}));
}
