// Timers of the kernel itself: a function called at a time of the monotonic clock.
#pragma once

#include <polyabi/core/waiting.hpp>
#include <polyabi/reference/intrusive_list.hpp>

namespace polyabi::reference {

/// A moment to come. Lies in what it is for; disarms itself when it goes. Under the kernel lock.
struct deadline {
  list_link link;
  u64 at = no_deadline; ///< ns
  void (*expired)(deadline&, u64 due) = nullptr;

  deadline() = default;
  deadline(const deadline&) = delete;
  deadline& operator=(const deadline&) = delete;
  ~deadline() { arm(no_deadline); }

  /// Arms, re-arms or (`no_deadline`) disarms it. One that has expired is disarmed; its function may arm it again.
  void arm(u64 when);
};

} // namespace polyabi::reference
