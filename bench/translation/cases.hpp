// The cases that are measured: the same registers for both sides.
#pragma once

#include "kernel.hpp"
#include "paths.hpp"

#include <sys/mman.h>

#include <string_view>

namespace bench {

struct sample {
  std::string_view name;
  void (*run)(bool derived);
};

inline thread caller;
/// User memory, where 32-bit programs have theirs, too.
inline auto* const user_buffer =
    static_cast<unsigned char*>(mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0));
inline u64 user(usize offset = 0) {
  return reinterpret_cast<u64>(user_buffer) + offset;
}
template <class T>
u64 put(const T& value, usize offset = 0) {
  __builtin_memcpy(user_buffer + offset, &value, sizeof value);
  return user(offset);
}

/// What the last call answered: both sides have to answer the same.
inline u64 answered;

using system_call_function = void (*)(thread&, registers&);
inline void system_call(bool derived, u64 number, u64 a = 0, u64 b = 0, u64 c = 0, u64 d = 0, u64 e = 0,
                        system_call_function way = &derived_system_call) {
  registers r{};
  r.rax = number;
  r.rdi = a;
  r.rsi = b;
  r.rdx = c;
  r.r10 = d;
  r.r8 = e;
  derived ? way(caller, r) : hand_written_system_call(caller, r);
  answered = r.rax;
}

inline void set_action(bool derived) {
  static const struct { u64 handler, flags, restorer, mask; } given{0x401000, 0x14000004, 0x402000, 0x10000 | 2};
  system_call(derived, 13, 10, put(given), user(64), 8);
}
inline void bind_address(bool derived) {
  static const struct {
    u16 family;
    u8 port[2], address[4], zero[8];
  } given{2, {0, 80}, {127, 0, 0, 1}, {}};
  system_call(derived, 49, 3, put(given), sizeof given, 0, 0, &derived_few);
}
inline void socket_name(bool derived) {
  system_call(derived, 51, 3, user(64), put(i32{128}));
}
inline void read_vector(bool derived) {
  static const struct {
    u64 base, size;
  } parts[8] = {{user(256), 16}, {user(256), 16}, {user(256), 16}, {user(256), 16},
                {user(256), 16}, {user(256), 16}, {user(256), 16}, {user(256), 16}};
  system_call(derived, 19, 3, put(parts), 8);
}
inline void get_message(bool derived) {
  static const struct {
    i32 room, length;
    u32 at;
  } control{64, 0, 0}, data{1024, 0, 0};
  const u32 stack[] = {0, 3, static_cast<u32>(put(control, 64)), static_cast<u32>(put(data, 96)),
                       static_cast<u32>(put(i32{0}, 128))};
  registers r{};
  r.rax = 85;
  r.rsp = put(stack);
  derived ? derived_get_message(caller, r) : hand_written_get_message(caller, r);
  answered = r.rax | (r.rflags & carry_flag) << 32;
}
inline void look_up(bool derived, std::string_view path) {
  static place out;
  const errc failed = derived ? derived_lookup(path, out) : hand_written_lookup(path, out);
  answered = failed != errc::none ? static_cast<u64>(failed)
                                  : reinterpret_cast<u64>(out.emulation) ^ reinterpret_cast<u64>(out.native);
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
  r.rsp = user(4096);
  signal_delivery<kernel> w = what;
  w.stack_pointer = r.rsp;
  answered = derived ? derived_signal(caller, r, w) : hand_written_signal(caller, r, w);
  answered += r.rsp;
}

inline constexpr sample samples[] = {
    {"empty call (getpid)", [](bool d) { system_call(d, 39); }},
    {"pass-through (close)", [](bool d) { system_call(d, 3, 3); }},
    {"flags (open)", [](bool d) { system_call(d, 2, reinterpret_cast<u64>("/etc/passwd"), 0x80000 | 0x800 | 0x241, 0644); }},
    {"errno (fchdir)", [](bool d) { system_call(d, 81, 3); }},
    {"stat (fstat)", [](bool d) { system_call(d, 5, 3, user()); }},
    {"statx",
     [](bool d) { system_call(d, 332, static_cast<u64>(-100), reinterpret_cast<u64>("/etc/passwd"), 0x100, 0xfff, user()); }},
    {"rt_sigaction", &set_action},
    {"sockaddr in (bind)", &bind_address},
    {"sockaddr out (getsockname)", &socket_name},
    {"termios out (TCGETS)", [](bool d) { system_call(d, 16, 3, 0x5401, user()); }},
    {"termios in (TCSETS)", [](bool d) { system_call(d, 16, 3, 0x5402, user()); }},
    {"16 epoll_events (epoll_wait)", [](bool d) { system_call(d, 232, 4, user(), 64, 0, 0, &derived_few); }},
    {"8 iovecs (readv)", &read_vector},
    {"signal frame", &signal_frame},
    {"path reroot, hit", [](bool d) { look_up(d, "/usr/lib/libc.so"); }},
    {"path reroot, miss", [](bool d) { look_up(d, "/etc/passwd"); }},
    {"STREAMS message (getmsg)", &get_message},
};

} // namespace bench
