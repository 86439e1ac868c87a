// Call sites that became jumps: what a call leaves alone, and signals that come at any instruction of the way in and out.
#include "../reference/catch.hpp"
#include "tool_run.hpp"

#include <polyabi/hosted/image.hpp>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <sched.h>
#include <string>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <thread>
#include <unordered_map>
#include <utility>

using namespace hosted_test;

namespace {

/// A guest and how many shapes of sites it calls from.
struct entry_guest {
  std::string path;
  int shape_count;
};
const entry_guest wide{ENTRY_GUEST_PATH, 5}, compat{COMPAT_GUEST_PATH, 4};

/// The same from a site that is too short for a jump, with a gap beside it, in text that many processes have had.
std::vector<std::string> beside_gap(const std::string& command) {
  const std::string guest = wide.path, shape = std::to_string(wide.shape_count);
  return {POLYABI_BUSYBOX, "sh", "-c",
          "for i in $(seq 12); do " + guest + " registers " + shape + " >/dev/null || exit; done; exec " + guest + " " +
              command + " " + shape};
}

tool_run run_beside_gap(const std::string& command) {
  auto line = beside_gap(command);
  line.insert(line.begin(), {"run", "--entry", "patched"});
  return tool_run{std::move(line)};
}

tool_run run_entry_guest(const entry_guest& guest, const std::string& command, int shape, const std::string& mode = "patched") {
  return tool_run{{"run", "--entry", mode, guest.path, command, std::to_string(shape)}};
}

void expect_success(const entry_guest& guest, const std::string& command, int shape, const std::string& mode) {
  CAPTURE(guest.path, command, shape, mode);
  tool_run run = run_entry_guest(guest, command, shape, mode);
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
    // A step wakes two processes: on one processor that is many times quicker.
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(static_cast<unsigned>(sched_getcpu()), &here);
    use_processors(here);
  }
  ~traced() {
    use_processors(all_);
    ptrace(PTRACE_DETACH, pid_, nullptr, deliver());
  }
  traced(const traced&) = delete;
  traced& operator=(const traced&) = delete;

  /// One instruction; a signal that the host has for the guest is delivered with it.
  void step() {
    if (popped_flags()) return;
    REQUIRE(ptrace(PTRACE_SINGLESTEP, pid_, nullptr, deliver()) == 0);
    wait();
  }
  /// In the kernel, or on the way between it and the program, as is a jump that the kernel has put into the program's text.
  bool left_the_program() const {
    if (!is_of_program(registers_.rip)) return true;
    const long code = ptrace(PTRACE_PEEKTEXT, pid_, registers_.rip, nullptr);
    constexpr long jump = 0xe9, jump_size = 5;
    return (code & 0xff) == jump &&
           !is_of_program(registers_.rip + jump_size + static_cast<std::uint64_t>(static_cast<std::int32_t>(code >> 8)));
  }

private:
  /// The guest is linked between these.
  static bool is_of_program(std::uint64_t address) { return address >= 0x8000000 && address < 0x9000000; }

  /// Does a `popfq` for the guest. Linux lets it go with a trap flag that nobody owns if a signal comes just before a
  /// single-stepped `popfq`: a plain program that pops flags in a loop and is stepped, signalled and let go dies of SIGTRAP.
  bool popped_flags() {
    constexpr unsigned long long trap_flag = 0x100;
    if (!stands_at_popfq()) return false;
    registers_.eflags = static_cast<unsigned long long>(ptrace(PTRACE_PEEKDATA, pid_, registers_.rsp, nullptr)) & ~trap_flag;
    registers_.rsp += sizeof(long);
    registers_.rip += 1;
    REQUIRE(ptrace(PTRACE_SETREGS, pid_, nullptr, &registers_) == 0);
    return true;
  }
  /// The kernel's text is always the same: each of its instructions is looked at once.
  bool stands_at_popfq() const {
    constexpr unsigned long long kernel_text = 0x7ff800000000; // README.md of the machine
    constexpr long popfq = 0x9d;
    const auto look = [&] { return (ptrace(PTRACE_PEEKTEXT, pid_, registers_.rip, nullptr) & 0xff) == popfq; };
    if (registers_.rip < kernel_text) return look();
    static std::unordered_map<unsigned long long, bool> known;
    const auto [at, is_new] = known.try_emplace(registers_.rip, false);
    if (is_new) at->second = look();
    return at->second;
  }
  void use_processors(const cpu_set_t& which) const {
    for (const pid_t of : {pid_t{0}, pid_}) sched_setaffinity(of, sizeof which, &which);
  }
  static cpu_set_t own_processors() {
    cpu_set_t all;
    REQUIRE(sched_getaffinity(0, sizeof all, &all) == 0);
    return all;
  }
  void* deliver() { return reinterpret_cast<void*>(static_cast<std::intptr_t>(std::exchange(signal_, 0))); }
  void wait() {
    int status = 0;
    REQUIRE(waitpid(pid_, &status, __WALL) == pid_);
    REQUIRE(WIFSTOPPED(status));
    // A stop of the tracer's own, or a signal on its way: SIGTRAP is the step's.
    if (WSTOPSIG(status) != SIGTRAP && status >> 16 == 0) signal_ = WSTOPSIG(status);
    REQUIRE(ptrace(PTRACE_GETREGS, pid_, nullptr, &registers_) == 0);
  }

  pid_t pid_;
  int signal_ = 0;
  user_regs_struct registers_{};
  const cpu_set_t all_ = own_processors();
};

} // namespace

TEST_CASE("a call changes nothing but its answer, however it enters the kernel") {
  for (const std::string mode : {"dispatch", "patched"}) {
    for (int shape = 0; shape < wide.shape_count; ++shape)
      for (const std::string command : {"registers", "gs"}) expect_success(wide, command, shape, mode);
    for (const std::string command : {"alignment", "jump", "fault", "xor", "exec"}) expect_success(wide, command, 0, mode);
    for (int shape = 0; shape < compat.shape_count; ++shape)
      for (const std::string command : {"registers", "visits"}) expect_success(compat, command, shape, mode);
    for (const std::string command : {"jump", "fault"}) expect_success(compat, command, 0, mode);
  }
}

namespace {

struct entry_count {
  unsigned jumps = 0, sites = 0, short_sites = 0, dispatched = 0;
};

/// How the calls of a program have come in.
entry_count entries(std::vector<std::string> program) {
  program.insert(program.begin(), {"trace", "-c", "--entry", "patched"});
  const ended end = tool_run{std::move(program)}.wait();
  const auto at = end.errors.find("Entries: ");
  REQUIRE(at != std::string::npos);
  entry_count count;
  const int read = std::sscanf(end.errors.c_str() + at,
                               "Entries: %u by a jump from one of %u changed call sites (%u by a short instruction), %u dispatched",
                               &count.jumps, &count.sites, &count.short_sites, &count.dispatched);
  REQUIRE(read == 4);
  return count;
}

entry_count entries(const entry_guest& guest, const std::string& command, int shape) {
  return entries({guest.path, command, std::to_string(shape)});
}

} // namespace

TEST_CASE("call sites that only later programs use are changed for those that come after them") {
  const auto sites = [](const std::string& line) { return entries({POLYABI_BUSYBOX, "sh", "-c", line}).sites; };
  const std::string first = "for i in $(seq 12); do " POLYABI_BUSYBOX " true; done;";
  CHECK(sites(first + "for i in $(seq 200); do " POLYABI_BUSYBOX " stat -t / >/dev/null; done") > sites(first) + 8);
}

TEST_CASE("a call site that is too short for a jump leads to one in a gap, in text that many processes have") {
  const unsigned before = entries(beside_gap("nothing")).jumps;
  const unsigned calls = 8 * 9; // of "registers"
  CHECK(entries(beside_gap("registers")).jumps >= before + calls);
  tool_run run = run_beside_gap("registers");
  const ended end = run.wait();
  CHECK(end.output == "ok\n");
  CHECK(end.exited_with(0));
}

TEST_CASE("every shape of call site is changed, and counted") {
  const auto others = entries(wide, "nothing", 0); // the program's own
  for (int shape = 0; shape < wide.shape_count; ++shape) {
    CAPTURE(shape);
    const auto count = entries(wide, "registers", shape);
    CHECK(count.jumps > others.jumps + 20);
    CHECK(count.sites == others.sites + 1);
    CHECK(count.short_sites == others.short_sites + (shape >= 1 && shape <= 3));
  }
  CHECK(entries(wide, "xor", 0).short_sites == others.short_sites + 1);
  const auto others_of_32_bits = entries(compat, "nothing", 0);
  for (int shape = 0; shape < compat.shape_count; ++shape) {
    CAPTURE(shape);
    const auto count = entries(compat, "registers", shape);
    CHECK(count.jumps > others_of_32_bits.jumps + 20);
    CHECK(count.sites == others_of_32_bits.sites + 1);
    CHECK(count.short_sites == others_of_32_bits.short_sites + (shape == 1));
  }
}

TEST_CASE("a program finds its vDSO, and the time there is that of calls") {
  for (const std::string mode : {"dispatch", "patched"}) {
    CAPTURE(mode);
    tool_run run{{"run", "--entry", mode, CLOCK_GUEST_PATH}};
    const ended end = run.wait();
    CHECK(end.output == "ok\n");
    CHECK(end.exited_with(0));
  }
}

namespace {

void send_at_every_instruction(tool_run run) {
  REQUIRE(run.shows("up\n"));
  auto guests = run.guests();
  for (int i = 0; i < 100 && guests.size() > 2; ++i) { // others are just ending
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
    guests = run.guests();
  }
  REQUIRE(guests.size() == 2);
  // From the first instruction outside the program to the last: each time one further, until the call is over before that.
  bool left = false;
  std::size_t position = 0;
  for (; !left; ++position) {
    CAPTURE(position);
    {
      traced target{guests.front()};
      while (target.left_the_program()) target.step();
      while (!target.left_the_program()) target.step();
      for (std::size_t i = 0; i < position && !left; ++i) {
        target.step();
        left = !target.left_the_program();
      }
      // The other guest sends the signal while this one stands here.
      run.type("x");
      REQUIRE(run.shows('s', position + 1));
    }
    if (!run.shows('h', position + 1)) {
      const ended end = run.wait();
      FAIL("no signal arrives: " << end.output << end.errors);
    }
    if (run.shows("failed", std::chrono::milliseconds{0})) FAIL(run.wait().output);
  }
  CHECK(position > 100);
  CHECK_FALSE(run.shows("failed", std::chrono::milliseconds{100}));
}

} // namespace

TEST_CASE("a signal may come at every instruction of a call") {
  for (int shape = 0; shape < wide.shape_count; ++shape) DYNAMIC_SECTION("shape " << shape) {
      send_at_every_instruction(run_entry_guest(wide, "entries", shape));
    }
}

TEST_CASE("a signal may come at every instruction of a call by way of a gap") {
  send_at_every_instruction(run_beside_gap("entries"));
}

TEST_CASE("a signal may come at every instruction of a 32-bit program's call") {
  for (int shape = 0; shape < compat.shape_count; ++shape) DYNAMIC_SECTION("shape " << shape) {
      send_at_every_instruction(run_entry_guest(compat, "entries", shape));
    }
}
