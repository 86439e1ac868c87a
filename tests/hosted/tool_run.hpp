// Starting the tool from a test: with pipes or on a pseudo-terminal, and what is left when it has ended.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace hosted_test {

/// How a run ended: the tool's own wait status, and what it wrote.
struct ended {
  int status = -1; ///< of waitpid
  std::string output, errors;
  bool exited_with(int code) const;
  bool killed_by(int signal) const;
};

/// A tool that is running. Whatever still runs at the end of its life is killed.
class tool_run {
public:
  enum class streams { pipes, terminal };
  /// `prepare` runs in the child before the tool is executed.
  explicit tool_run(std::vector<std::string> arguments, streams = streams::pipes, void (*prepare)() = nullptr);
  ~tool_run();
  tool_run(const tool_run&) = delete;
  tool_run& operator=(const tool_run&) = delete;

  pid_t front_end() const { return pid_; }
  pid_t watchdog() const;
  /// Host processes of guests.
  std::vector<pid_t> guests() const;
  /// Whether all of these processes have ended (zombies count as ended).
  static bool all_gone(const std::vector<pid_t>&);

  void type(const std::string& text);
  /// Waits until the output contains the text; false after ten seconds, or whatever patience there is.
  bool shows(const std::string& text, std::chrono::milliseconds patience = std::chrono::seconds{10});
  /// Waits until it contains the character so many times.
  bool shows(char character, std::size_t times);
  /// Waits for a stop; false after ten seconds.
  bool stops();
  ended wait();
  bool terminal_is_raw() const;

private:
  bool pump(int milliseconds);
  pid_t pid_ = -1;
  int input_ = -1, output_ = -1, errors_ = -1, status_ = -1;
  bool is_terminal_ = false, has_ended_ = false;
  std::string text_, error_text_;
};

/// `polyabi run GUEST command`.
tool_run run_guest(const std::string& command, tool_run::streams = tool_run::streams::pipes);

} // namespace hosted_test
