// What guests may rely on, and how their ends become the tool's.
#include "../reference/catch.hpp"
#include "tool_run.hpp"

#include <csignal>

using namespace hosted_test;

TEST_CASE("the tool exits with the guest's status") {
  const ended end = run_guest("exit").wait();
  CHECK(end.exited_with(42));
  CHECK(end.errors.empty());
}

TEST_CASE("the tool dies by the guest's signal") {
  CHECK(run_guest("fault").wait().killed_by(SIGSEGV));
  CHECK(run_guest("abort").wait().killed_by(SIGABRT));
}

TEST_CASE("a signal for the tool reaches the first program") {
  for (const int signal : {SIGTERM, SIGHUP, SIGUSR1, SIGALRM}) {
    tool_run run = run_guest("line");
    REQUIRE(run.shows("ready"));
    kill(run.front_end(), signal);
    CHECK(run.wait().killed_by(signal));
  }
}

TEST_CASE("a program that cannot run") {
  const ended absent = tool_run{{"run", "/no/such/program"}}.wait();
  CHECK(absent.exited_with(127));
  CHECK(absent.errors == "polyabi: /no/such/program: not found\n");
  CHECK(tool_run{{"run", "/etc/hostname"}}.wait().exited_with(126));
  CHECK(tool_run{{"run", "/"}}.wait().exited_with(126));
}

TEST_CASE("hostile pointers are EFAULT") {
  const ended end = run_guest("hostile").wait();
  CHECK(end.output.empty());
  CHECK(end.exited_with(0));
}

TEST_CASE("floating point survives calls and fork") {
  const ended end = run_guest("floating").wait();
  CHECK(end.output.empty());
  CHECK(end.exited_with(0));
}

TEST_CASE("fork copies memory, vfork shares it") {
  const ended end = run_guest("memory").wait();
  CHECK(end.output.empty());
  CHECK(end.exited_with(0));
}

TEST_CASE("many short children") {
  const ended end = run_guest("children").wait();
  CHECK(end.output.empty());
  CHECK(end.exited_with(0));
}

TEST_CASE("input and output pass through") {
  tool_run run = run_guest("line");
  REQUIRE(run.shows("ready"));
  run.type("hello\n");
  const ended end = run.wait();
  CHECK(end.output == "ready\nhello\n");
  CHECK(end.exited_with(0));
}
