// Calls of the host that touch nothing of the C library, not even errno: what the front end makes while the watchdog runs in the same
// memory. Each answers as the host does: below zero the negative error.
#pragma once

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <poll.h>
#include <span>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/types.h>

namespace polyabi::hosted::quiet {

inline long call(long number, long a = 0, long b = 0, long c = 0, long d = 0) {
  register long fourth asm("r10") = d;
  long result;
  asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth) : "rcx", "r11", "memory");
  return result;
}
inline long word(const void* pointer) {
  return reinterpret_cast<long>(pointer);
}

inline long read(int descriptor, void* to, std::size_t size) {
  return call(SYS_read, descriptor, word(to), static_cast<long>(size));
}
inline long write(int descriptor, const void* from, std::size_t size) {
  return call(SYS_write, descriptor, word(from), static_cast<long>(size));
}
inline void close(int descriptor) {
  call(SYS_close, descriptor);
}
/// How many of them are ready.
inline int poll(std::span<pollfd> of, int milliseconds) {
  return static_cast<int>(call(SYS_poll, word(of.data()), static_cast<long>(of.size()), milliseconds));
}
/// The process that has changed; 0 with WNOHANG if none has.
inline pid_t wait_for_child(int* status, int options) {
  return static_cast<pid_t>(call(SYS_wait4, -1, word(status), options));
}
/// A descriptor, closed on exec, that is read without waiting.
inline int signal_descriptor(const sigset_t& of) {
  constexpr long kernels_size = 8; // of a set, which is smaller than the C library's
  return static_cast<int>(call(SYS_signalfd4, -1, word(&of), kernels_size, SFD_CLOEXEC | SFD_NONBLOCK));
}

} // namespace polyabi::hosted::quiet
