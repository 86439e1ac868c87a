// The user's terminal: its modes while the system runs, and their return.
#pragma once

#include <polyabi/core/types.hpp>
#include <polyabi/reference/structs.hpp>

#include <termios.h>

namespace polyabi::hosted {

/// The terminal among the standard streams. While the system has it, the host's terminal is raw and the kernel's own line
/// discipline does the rest. Fields are plain, so that the watchdog can restore the modes in a signal handler.
class host_terminal {
public:
  /// Looks at the standard streams.
  host_terminal();

  bool exists() const { return descriptor_ >= 0; }
  /// Standard input is the terminal: its modes are changed and the kernel reads it. Otherwise it only shows output.
  bool is_input() const { return is_input_; }
  int descriptor() const { return descriptor_; }
  u64 device() const { return device_; }
  bool in_foreground() const;

  void make_raw();
  /// Safe in a signal handler. Leaves modes alone that somebody else has set since.
  void restore() const;
  /// The modes as the user had them, for the kernel's console.
  reference::termios native_attributes() const;
  reference::winsize window() const;
  /// The character that types a signal (VINTR, ...) into this terminal.
  char character(int index) const { return static_cast<char>(saved_.c_cc[index]); }

private:
  int descriptor_ = -1;
  bool is_input_ = false, shows_output_ = false;
  u64 device_ = 0;
  ::termios saved_{}, raw_{};
};

} // namespace polyabi::hosted
