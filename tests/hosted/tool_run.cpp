#include "tool_run.hpp"

#include <algorithm>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <linux/close_range.h>
#include <poll.h>
#include <pty.h>
#include <sstream>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

namespace hosted_test {

namespace {

/// How many times longer than usual things may take, on an emulated machine.
const int slowness = [] {
  const char* said = std::getenv("POLYABI_TEST_SLOWNESS");
  return said != nullptr ? std::atoi(said) : 1;
}();
const auto patience = std::chrono::seconds{10} * slowness;
using clock = std::chrono::steady_clock;

std::vector<pid_t> children_of(pid_t parent) {
  std::ifstream list{"/proc/" + std::to_string(parent) + "/task/" + std::to_string(parent) + "/children"};
  std::vector<pid_t> result;
  for (pid_t pid; list >> pid;) result.push_back(pid);
  return result;
}

/// What whoever runs the tests has left open is not the program's: it has what `prepare` opens.
[[noreturn]] void execute(const std::vector<std::string>& arguments, void (*prepare)()) {
  close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
  if (prepare != nullptr) prepare();
  std::vector<char*> pointers;
  for (const std::string& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  execv(POLYABI_TOOL_PATH, pointers.data());
  _exit(99);
}

} // namespace

bool ended::exited_with(int code) const {
  return WIFEXITED(status) && WEXITSTATUS(status) == code;
}
bool ended::killed_by(int signal) const {
  return WIFSIGNALED(status) && WTERMSIG(status) == signal;
}

tool_run::tool_run(std::vector<std::string> arguments, streams how, void (*prepare)())
    : is_terminal_{how == streams::terminal} {
  arguments.insert(arguments.begin(), "polyabi");
  if (is_terminal_) {
    // The child leads a session on its own terminal, in a process group in the foreground: what a shell gives a job.
    pid_ = forkpty(&input_, nullptr, nullptr, nullptr);
    if (pid_ == 0) execute(arguments, prepare);
    output_ = input_;
    return;
  }
  std::array<std::array<int, 2>, 3> pipes{};
  for (auto& ends : pipes)
    if (pipe2(ends.data(), O_CLOEXEC) != 0) std::abort();
  pid_ = fork();
  if (pid_ == 0) {
    dup2(pipes[0][0], 0);
    dup2(pipes[1][1], 1);
    dup2(pipes[2][1], 2);
    execute(arguments, prepare);
  }
  close(pipes[0][0]);
  close(pipes[1][1]);
  close(pipes[2][1]);
  input_ = pipes[0][1];
  output_ = pipes[1][0];
  errors_ = pipes[2][0];
}

tool_run::~tool_run() {
  if (!has_ended_) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(input_);
  if (output_ != input_) close(output_);
  if (errors_ >= 0) close(errors_);
}

pid_t tool_run::watchdog() const {
  const auto children = children_of(pid_);
  return children.empty() ? -1 : children.front();
}

std::vector<pid_t> tool_run::guests() const {
  return children_of(watchdog());
}

bool tool_run::all_gone(const std::vector<pid_t>& processes) {
  const auto deadline = clock::now() + patience;
  for (const pid_t process : processes)
    for (;;) {
      std::ifstream file{"/proc/" + std::to_string(process) + "/stat"};
      std::string text{std::istreambuf_iterator<char>{file}, {}};
      const auto name_end = text.rfind(')');
      if (name_end == std::string::npos || text[name_end + 2] == 'Z' || text[name_end + 2] == 'X') break;
      if (clock::now() > deadline) return false;
      usleep(1000);
    }
  return true;
}

void tool_run::type(const std::string& text) {
  (void)!write(input_, text.data(), text.size());
}

bool tool_run::pump(int milliseconds) {
  std::array<pollfd, 2> sources{{{output_, POLLIN, 0}, {errors_, POLLIN, 0}}};
  if (poll(sources.data(), errors_ >= 0 ? 2 : 1, milliseconds) <= 0) return true;
  bool open = false;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    if (sources[i].fd < 0 || sources[i].revents == 0) {
      open = open || (sources[i].fd >= 0 && sources[i].revents == 0);
      continue;
    }
    std::array<char, 4096> buffer;
    const ssize_t size = read(sources[i].fd, buffer.data(), buffer.size());
    if (size > 0) (i == 0 ? text_ : error_text_).append(buffer.data(), static_cast<std::size_t>(size));
    open = open || size > 0;
  }
  return open;
}

bool tool_run::shows(const std::string& text, std::chrono::milliseconds patient) {
  const auto deadline = clock::now() + patient * slowness;
  while (text_.find(text) == std::string::npos) {
    if (clock::now() > deadline || !pump(100)) return text_.find(text) != std::string::npos;
  }
  return true;
}

bool tool_run::shows(char character, std::size_t times) {
  const auto deadline = clock::now() + patience;
  const auto enough = [&] { return static_cast<std::size_t>(std::count(text_.begin(), text_.end(), character)) >= times; };
  while (!enough()) {
    if (clock::now() > deadline || !pump(100)) return enough();
  }
  return true;
}

bool tool_run::stops() {
  const auto deadline = clock::now() + patience;
  while (clock::now() < deadline) {
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG | WUNTRACED) == pid_) {
      has_ended_ = !WIFSTOPPED(status);
      return WIFSTOPPED(status);
    }
    pump(10);
  }
  return false;
}

ended tool_run::wait() {
  const auto deadline = clock::now() + patience;
  while (!has_ended_ && clock::now() < deadline) {
    pump(5);
    has_ended_ = waitpid(pid_, &status_, WNOHANG) == pid_;
  }
  if (!has_ended_) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    has_ended_ = true;
    return {-1, text_, error_text_ + "(it did not end by itself)"};
  }
  while (pump(0)) {
    pollfd more{output_, POLLIN, 0};
    pollfd errors{errors_, POLLIN, 0};
    if (poll(&more, 1, 0) <= 0 && (errors_ < 0 || poll(&errors, 1, 0) <= 0)) break;
  }
  return {status_, text_, error_text_};
}

bool tool_run::terminal_is_raw() const {
  termios modes{};
  tcgetattr(input_, &modes);
  return (modes.c_lflag & (ICANON | ECHO | ISIG)) == 0;
}

tool_run run_guest(const std::string& command, tool_run::streams how) {
  return tool_run{{"run", HOSTED_GUEST_PATH, command}, how};
}

} // namespace hosted_test
