// The cases that are measured: the same registers for both sides.
#pragma once

#include "kernel.hpp"

#include <array>
#include <string_view>

namespace bench {

struct sample {
  std::string_view name;
  void (*run)(bool derived);
};

inline thread caller;
inline unsigned char user_buffer[4096];

inline void system_call(bool derived, u64 number, u64 a = 0, u64 b = 0, u64 c = 0) {
  registers r{};
  r.rax = number;
  r.rdi = a;
  r.rsi = b;
  r.rdx = c;
  derived ? derived_system_call(caller, r) : hand_written_system_call(caller, r);
}

inline void signal_frame(bool derived) {
  static const auto what = [] {
    signal_delivery<kernel> w{};
    w.info.signo = reference::signals::usr1;
    w.info.code = reference::signal_codes::user;
    w.info.pid = 42;
    w.action.handler = 0x401000;
    w.action.restorer = 0x402000;
    w.action.flags = reference::sigaction_flags::restorer | reference::sigaction_flags::siginfo;
    w.old_mask.add(reference::signals::chld);
    w.stack.flags = reference::sigstack_flags::disable;
    return w;
  }();
  registers r{};
  r.rsp = reinterpret_cast<u64>(user_buffer) + sizeof user_buffer;
  signal_delivery<kernel> w = what;
  w.stack_pointer = r.rsp;
  derived ? (void)derived_signal(caller, r, w) : (void)hand_written_signal(caller, r, w);
}

inline const std::array<sample, 6> samples{{
    {"empty call (getpid)", [](bool d) { system_call(d, 39); }},
    {"pass-through (close)", [](bool d) { system_call(d, 3, 3); }},
    {"stat (fstat)", [](bool d) { system_call(d, 5, 3, reinterpret_cast<u64>(user_buffer)); }},
    {"flags (open)", [](bool d) { system_call(d, 2, reinterpret_cast<u64>("/etc/passwd"), 0x80000 | 0x800 | 0x241, 0644); }},
    {"errno (fchdir)", [](bool d) { system_call(d, 81, 3); }},
    {"signal frame", [](bool d) { signal_frame(d); }},
}};

} // namespace bench
