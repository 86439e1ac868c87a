// Calls of the host that touch nothing of the C library, not even errno: what the front end makes while the watchdog runs in the same
// memory. Each answers as the host does: below zero the negative error.
#pragma once

#include <polyabi/hosted/host_call.hpp>

#include <csignal>
#include <poll.h>
#include <span>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/types.h>

namespace polyabi::hosted::quiet {

inline i64 read(int descriptor, void* to, usize size) {
  return host_call(SYS_read, word(descriptor), word(to), size);
}
inline i64 write(int descriptor, const void* from, usize size) {
  return host_call(SYS_write, word(descriptor), word(from), size);
}
inline void close(int descriptor) {
  host_call(SYS_close, word(descriptor));
}
/// How many of them are ready.
inline int poll(std::span<pollfd> of, int milliseconds) {
  return static_cast<int>(host_call(SYS_poll, word(of.data()), of.size(), word(milliseconds)));
}
/// The process that has changed; 0 with WNOHANG if none has.
inline pid_t wait_for_child(int* status, int options) {
  return static_cast<pid_t>(host_call(SYS_wait4, word(-1), word(status), word(options)));
}
/// A descriptor, closed on exec, that is read without waiting.
inline int signal_descriptor(const sigset_t& of) {
  constexpr u64 kernels_size = 8; // of a set, which is smaller than the C library's
  return static_cast<int>(host_call(SYS_signalfd4, word(-1), word(&of), kernels_size, SFD_CLOEXEC | SFD_NONBLOCK));
}

} // namespace polyabi::hosted::quiet
