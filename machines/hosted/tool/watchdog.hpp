// The watchdog: parent of every guest process, and the source of the kernel's interrupts.
#pragma once

#include "host_terminal.hpp"
#include "image_loader.hpp"

#include <polyabi/hosted/system.hpp>

#include <sys/types.h>

namespace polyabi::hosted {

/// What the watchdog tells the front end.
inline constexpr char report_first_stopped = 's', report_first_ended = 'e';

/// What the front end hands to it.
struct watchdog_setup {
  const run_options& options;
  const loaded_image& image;
  host_terminal& terminal;
  int requests; ///< read end of `request_message`s; its end of file is the front end's death
  int reports;  ///< write end: a byte when the first program stops, or has ended and others have not
  bool* raw;    ///< shared with the front end: the terminal is in our modes
  pid_t front_end;
};

/// Runs in a child of the front end, until the system has ended.
[[noreturn]] void run_watchdog(const watchdog_setup&);

} // namespace polyabi::hosted
