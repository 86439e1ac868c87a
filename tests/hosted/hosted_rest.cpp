// What the first program gets besides its arguments, what it leaves behind, and a terminal that takes no output.
#include "../reference/catch.hpp"
#include "tool_run.hpp"

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

using namespace hosted_test;

namespace {

std::vector<std::string> shell(const std::string& line, std::vector<std::string> options = {}) {
  options.insert(options.begin(), "run");
  options.insert(options.end(), {POLYABI_BUSYBOX, "sh", "-c", line});
  return options;
}

/// A pipe that the tool inherits, at the descriptors 5 (to read) and 6 (to write).
struct inherited_pipe {
  static inline std::array<int, 2> ends{-1, -1};
  inherited_pipe() { REQUIRE(pipe2(ends.data(), O_CLOEXEC) == 0); }
  ~inherited_pipe() {
    for (const int end : ends) close(end);
  }
  static void give() {
    // The ends may themselves be 5 or 6.
    const int reader = fcntl(ends[0], F_DUPFD_CLOEXEC, 10), writer = fcntl(ends[1], F_DUPFD_CLOEXEC, 10);
    dup2(reader, 5);
    dup2(writer, 6);
  }
};

} // namespace

TEST_CASE("the run lasts until what the program left behind has ended; its status is the program's") {
  const ended end = tool_run{shell("(sleep 0.3; echo late) & echo early; exit 3")}.wait();
  CHECK(end.output == "early\nlate\n");
  CHECK(end.exited_with(3));
}

TEST_CASE("--end-rest ends what the program left behind") {
  const ended end = tool_run{shell("sleep 1000 & echo early; exit 3", {"--end-rest"})}.wait();
  CHECK(end.output == "early\n");
  CHECK(end.exited_with(3));
}

TEST_CASE("a signal that asks the tool to end ends what the program left behind") {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    tool_run run{shell("sleep 1000 & echo $$; exit 3")};
    REQUIRE(run.shows("\n"));
    for (int i = 0; i < 1000 && run.guests().size() > 1; ++i) usleep(1000);
    const auto left = run.guests();
    REQUIRE(left.size() == 1);
    usleep(50'000);
    kill(run.front_end(), signal);
    CHECK(run.wait().exited_with(3));
    CHECK(tool_run::all_gone(left));
  }
}

TEST_CASE("a program that a signal to the tool has ended takes all with it") {
  tool_run run{shell("trap 'exit 4' TERM; echo ready; sleep 1000 & wait")};
  REQUIRE(run.shows("ready"));
  const auto all = run.guests();
  kill(run.front_end(), SIGTERM);
  CHECK(run.wait().exited_with(4));
  CHECK(tool_run::all_gone(all));
}

TEST_CASE("on a terminal one is told why there is no prompt, and an interrupt ends it") {
  tool_run run{shell("trap '' HUP; sleep 1000 & echo early"), tool_run::streams::terminal};
  REQUIRE(run.shows("processes that it started have not"));
  CHECK_FALSE(run.terminal_is_raw());
  run.type("\x03");
  CHECK(run.wait().exited_with(0));
}

TEST_CASE("descriptors that the user has opened are the program's, under the same numbers") {
  inherited_pipe pipe;
  const ended end = tool_run{shell("echo passed >&6; read line <&5; echo $line; ls /proc/self/fd | grep -c '^[56]$'"),
                             tool_run::streams::pipes, &inherited_pipe::give}
                        .wait();
  CHECK(end.output == "passed\n2\n");
  CHECK(end.exited_with(0));
}

/// In that one of the tool's programs which has shared libraries, so that one can be preloaded.
std::vector<std::string> shell_in_check(const std::string& line) {
  return {"check", "--trace", "--output", "/dev/null", POLYABI_BUSYBOX, "sh", "-c", line};
}

TEST_CASE("where something of the tool's own lies in the kernel's place, it starts again, and nobody sees that") {
  inherited_pipe pipe;
  const auto prepare = [] {
    inherited_pipe::give();
    setenv("LD_PRELOAD", TAKEN_PLACE_PATH, 1);
  };
  const ended end = tool_run{shell_in_check("echo passed >&6; read line <&5; echo $line; env | grep -c POLYABI_STARTED; :"),
                             tool_run::streams::pipes, prepare}
                        .wait();
  CHECK(end.output == "passed\n0\n");
  CHECK(end.errors == "");
  CHECK(end.exited_with(0));
}

TEST_CASE("it does not try for ever") {
  const auto prepare = [] {
    setenv("LD_PRELOAD", TAKEN_PLACE_PATH, 1);
    setenv("TAKEN_PLACE_ALWAYS", "", 1);
  };
  const ended end = tool_run{shell_in_check("echo no"), tool_run::streams::pipes, prepare}.wait();
  CHECK(end.output == "");
  CHECK(end.errors.find("the kernel's place in the address space is taken") != std::string::npos);
  CHECK(end.exited_with(125));
}

TEST_CASE("the other end sees it when the program closes such a descriptor") {
  inherited_pipe pipe;
  tool_run run{shell("exec 5<&- 6>&-; echo closed; exec sleep 1000"), tool_run::streams::pipes, &inherited_pipe::give};
  close(pipe.ends[1]);
  REQUIRE(run.shows("closed"));
  pollfd reader{pipe.ends[0], POLLIN, 0};
  CHECK(poll(&reader, 1, 5000) == 1);
  CHECK((reader.revents & POLLHUP) != 0);
  kill(run.front_end(), SIGTERM);
  (void)run.wait();
}

TEST_CASE("a terminal that takes no output holds up its writers only") {
  const std::string file = "/tmp/polyabi-silent-" + std::to_string(getpid());
  tool_run run{shell("yes & sleep 1; echo alive >" + file + "; kill $!"), tool_run::streams::terminal};
  // Nobody reads the terminal's output: it is full long before the second has gone by.
  bool alive = false;
  for (int i = 0; i < 100 && !alive; ++i) {
    usleep(100'000);
    alive = access(file.c_str(), F_OK) == 0;
  }
  CHECK(alive);
  CHECK(run.wait().exited_with(0));
  std::remove(file.c_str());
}
