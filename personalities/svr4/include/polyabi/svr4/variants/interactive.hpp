// INTERACTIVE UNIX System V/386 Release 3.2: POSIX' calls behind one number, and three signals in another order.
#pragma once

#include <polyabi/svr4/handlers/signals.hpp>
#include <polyabi/svr4/handlers/wait.hpp>
#include <polyabi/svr4/ioctls.hpp>
#include <polyabi/svr4/variants/xenix_calls.hpp>

namespace polyabi::svr4 {

struct interactive_signals : number_map<signal> {
  static constexpr auto rows = std::to_array<row>({
      {signal::hup, 1},   {signal::int_, 2},   {signal::quit, 3},    {signal::ill, 4},   {signal::trap, 5},  {signal::abrt, 6},
      {signal::emt, 7},   {signal::fpe, 8},    {signal::kill, 9},    {signal::bus, 10},  {signal::segv, 11}, {signal::sys, 12},
      {signal::pipe, 13}, {signal::alrm, 14},  {signal::term, 15},   {signal::usr1, 16}, {signal::usr2, 17}, {signal::chld, 18},
      {signal::pwr, 19},  {signal::winch, 20}, {signal::io, 22},     {signal::cont, 23}, {signal::stop, 24}, {signal::tstp, 25},
      {signal::ttin, 26}, {signal::ttou, 27},  {signal::vtalrm, 28}, {signal::prof, 29}, {signal::xcpu, 30}, {signal::xfsz, 31},
  });
};
static_assert(checked<interactive_signals>);

template <class M>
struct interactive_sigset : old_sigset_of<M, interactive_signals> {};
template <class M>
struct interactive_sigaction : old_sigaction_of<M, interactive_signals> {};

namespace variants {

// clang-format off
namespace interactive_requests {
using requests::group;
using ioctls = ioctl_table<errc::notty,
    request<group('T', 20), "TCSETPGRP", status(fd, int_), op::terminal_set_foreground>,
    request<group('T', 21), "TCGETPGRP", status(fd, store_result<i32>), op::terminal_get_foreground>>;
} // namespace interactive_requests

struct interactive {
  static constexpr std::string_view name = "svr4:interactive";
  static constexpr const brand_rules& brand = brands::interactive_images;
  static constexpr bool old_frames = true;
  using signals = interactive_signals;
  static constexpr variant facts{
      .identity = {.release = "3.2", .version = "2", .machine = "i386", .architecture = "i386",
                   .provider = "INTERACTIVE Systems Corporation", .serial = "0"}};

  using sysisc = families::family<syscall_table<
      call<at{1}, "setostype", status(int_), faked<0, "one kind of system calls">>,
      call<at{2}, "rename", status(here, path, here, path), op::rename>,
      call<at{3}, "sigaction", status(signal_of<signals>, in_or_null<interactive_sigaction>, out_or_null<interactive_sigaction>), handlers::old_sigaction>,
      call<at{4}, "sigprocmask", status(int_, in_or_null<interactive_sigset>, out_or_null<interactive_sigset>), handlers::old_sigprocmask>,
      call<at{5}, "sigpending", status(out<interactive_sigset>), op::pending>,
      call<at{6}, "getgroups", count(int_, scalars<ilp32_i386::u16>), handlers::old_getgroups>,
      call<at{7}, "setgroups", status(int_, scalars<ilp32_i386::u16>), handlers::old_setgroups>,
      call<at{8}, "pathconf", count(path, int_), handlers::old_pathconf>,
      call<at{9}, "fpathconf", count(fd, int_), handlers::old_fpathconf>,
      call<at{10}, "sysconf", count(int_), handlers::old_sysconf>,
      call<at{11}, "waitpid", count(pid, scalars<ilp32_i386::i32>, int_), handlers::waitpid_with<signals, old_wait_flags>>,
      call<at{12}, "setsid", count(), op::setsid>,
      call<at{13}, "setpgid", status(pid, pid), op::setpgid>,
      call<at{14}, "adduser", status(int_), refused<errc::perm, "licences for users">>,
      call<at{15}, "setuser", status(int_), refused<errc::perm, "licences for users">>,
      call<at{16}, "sysconf_b", count(int_), handlers::old_sysconf>,
      call<at{17}, "sigsuspend", status(in<interactive_sigset>), op::suspend>,
      call<at{18}, "symlink", status(path, here, path), op::symlink>,
      call<at{19}, "readlink", count(here, path, bytes_out), op::readlink>,
      call<at{20}, "getmajor", count(path), refused<errc::inval, "devices have no drivers' names">>>>;
  using rows = concatenate<old_calls, xenix_calls<signals, interactive_sigset, interactive_sigaction>, syscall_table<
      call<at{7}, "wait", two_values(), handlers::wait_with<signals, old_wait_flags>>,
      call<at{37}, "kill", status(pid, signal_of<signals>), op::kill>,
      call<at{48}, "signal", count(uint_, address), handlers::ssig_with<signals>>,
      call<at{54}, "ioctl", count(fd, ioctl_request, address), ioctl_of<interactive_requests::ioctls, requests::ioctls>>,
      call<at{105}, "sysisc", count(int_, address, address, address), sysisc>>>;
};
// clang-format on

} // namespace variants
} // namespace polyabi::svr4
