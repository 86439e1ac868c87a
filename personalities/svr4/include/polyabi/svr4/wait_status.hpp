// Status words of wait(2): a code in the second byte, or a signal in the first. Kernels of the UNIX family build them alike;
// the signal numbers in them, and what stands for "continued", differ.
#pragma once

#include <polyabi/core/member_types.hpp>
#include <polyabi/svr4/signals.hpp>

namespace polyabi::svr4 {

/// What a kernel's status word says: the code is one of si_code's for SIGCLD.
struct child_news {
  signal_code what;
  i32 value; ///< exit code or native signal
  bool dumped;
};

constexpr child_news news_of(i32 native_status) {
  const i32 low = native_status & 0xff, high = native_status >> 8 & 0xff;
  if (low == 0xff) return {signal_code::cld_continued, high, false};
  if (low == 0x7f) return {signal_code::cld_stopped, high, false};
  if ((low & 0x7f) == 0) return {signal_code::cld_exited, high, false};
  return {(low & 0x80) != 0 ? signal_code::cld_dumped : signal_code::cld_killed, low & 0x7f, (low & 0x80) != 0};
}

/// The kernel's signal number as System V's. One that it does not have is shown as SIGKILL: the process ended by force.
template <class K, class Signals = signals>
constexpr i32 foreign_signal(i32 native) {
  const i32 n = number_table<kernel_map<K, signal>, Signals>::convert(native);
  return n > 0 ? n : 9;
}

/// What waitsys(2) gives as si_status: the code, or System V's signal number.
template <class K>
constexpr i32 news_value(const child_news& news) {
  if (news.what == signal_code::cld_exited) return news.value;
  if (news.what == signal_code::cld_continued) return 25;
  return foreign_signal<K>(news.value);
}

/// System V's status word (sys/wait.h).
template <class K, class Signals = signals>
constexpr u32 status_word(i32 native_status) {
  const child_news news = news_of(native_status);
  switch (news.what) {
  case signal_code::cld_exited: return static_cast<u32>(news.value) << 8;
  case signal_code::cld_continued: return 0xffff;
  case signal_code::cld_stopped: return static_cast<u32>(foreign_signal<K, Signals>(news.value)) << 8 | 0x7f;
  default: return static_cast<u32>(foreign_signal<K, Signals>(news.value)) | (news.dumped ? 0x80u : 0u);
  }
}

} // namespace polyabi::svr4
