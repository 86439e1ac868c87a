// How long a call on a socket waits.
#pragma once

#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

/// The waits of one call: none if it must not block, or all together until the socket's time limit.
class patience {
public:
  /// `timeout` in ns, 0 for ever.
  patience(bool nonblocking, u64 timeout)
      : nonblocking_{nonblocking}, deadline_{timeout == 0 || nonblocking ? no_deadline : machine::monotonic_time() + timeout} {}

  /// EAGAIN where there is no time left. A wait with a limit that a signal ends is not begun again.
  result<> wait(wait_queue& queue) const {
    if (nonblocking_) return error::again;
    switch (queue.sleep(deadline_)) {
    case wakeup::woken: return {};
    case wakeup::timed_out: return error::again;
    default: return interrupted();
    }
  }
  bool nonblocking() const { return nonblocking_; }
  u64 until() const { return deadline_; }
  error interrupted() const { return deadline_ == no_deadline ? error::restart_call : error::intr; }

private:
  bool nonblocking_;
  u64 deadline_;
};

} // namespace polyabi::reference
