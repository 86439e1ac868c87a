// SCO UNIX 3.2 and OpenServer 5: Release 3.2 with symbolic links, sockets' error numbers in BSD's order, and modes of terminals
// of their own (termios.h and sys/errno.h of OpenServer).
#pragma once

#include <polyabi/svr4/handlers/wait.hpp>
#include <polyabi/svr4/ioctls.hpp>
#include <polyabi/svr4/variants/openserver_structures.hpp>
#include <polyabi/svr4/variants/xenix_calls.hpp>

namespace polyabi::svr4::variants {

/// Above 89 most numbers are not System V's.
struct openserver_errors : number_map<errc> {
  static constexpr auto rows = with_shared_rows(common_errors, std::to_array<row>({
      {errc::dotdot, 76}, {errc::inprogress, 91}, {errc::already, 92}, {errc::notsock, 93}, {errc::destaddrreq, 94},
      {errc::msgsize, 95}, {errc::prototype, 96}, {errc::protonosupport, 97}, {errc::socktnosupport, 98},
      {errc::opnotsupp, 99}, {errc::pfnosupport, 100}, {errc::afnosupport, 101}, {errc::addrinuse, 102},
      {errc::addrnotavail, 103}, {errc::netdown, 104}, {errc::netunreach, 105}, {errc::netreset, 106},
      {errc::connaborted, 107}, {errc::connreset, 108}, {errc::isconn, 110}, {errc::notconn, 111}, {errc::shutdown, 112},
      {errc::toomanyrefs, 113}, {errc::timedout, 114}, {errc::connrefused, 115}, {errc::hostdown, 116},
      {errc::hostunreach, 117}, {errc::noprotoopt, 118}, {errc::notempty, 145}, {errc::loop, 150}, {errc::restart, 152},
      {errc::strpipe, 153}, nearest(errc::nobufs, 63), nearest(errc::dquot, 28), nearest(errc::users, 22),
  }));
};
static_assert(checked<openserver_errors>);

// clang-format off
namespace openserver_requests {
using requests::drain, requests::flush, requests::group, requests::now;
/// POSIX' modes have codes of their own, in two generations.
consteval u32 extended(u32 number) { return static_cast<u32>('i') << 16 | group('X', number); }
using ioctls = ioctl_table<errc::notty,
    request<group('T', 118), "TIOCSPGRP", status(fd, value_at<i32>), op::terminal_set_foreground>,
    request<group('T', 119), "TIOCGPGRP", status(fd, store_result<i32>), op::terminal_get_foreground>,
    request<group('x', 1), "XCGETA", status(fd, out<sco_termios>), op::terminal_get_attributes>,
    request<group('x', 2), "XCSETA", status(fd, now, pointer<sco_termios>), handlers::set_attributes<sco_termios>>,
    request<group('x', 3), "XCSETAW", status(fd, drain, pointer<sco_termios>), handlers::set_attributes<sco_termios>>,
    request<group('x', 4), "XCSETAF", status(fd, flush, pointer<sco_termios>), handlers::set_attributes<sco_termios>>,
    request<extended(1), "XCGETA", status(fd, out<sco_termios>), op::terminal_get_attributes>,
    request<extended(2), "XCSETA", status(fd, now, pointer<sco_termios>), handlers::set_attributes<sco_termios>>,
    request<extended(3), "XCSETAW", status(fd, drain, pointer<sco_termios>), handlers::set_attributes<sco_termios>>,
    request<extended(4), "XCSETAF", status(fd, flush, pointer<sco_termios>), handlers::set_attributes<sco_termios>>>;
} // namespace openserver_requests

struct openserver {
  static constexpr std::string_view name = "svr4:openserver";
  static constexpr const brand_rules& brand = brands::openserver_images;
  static constexpr bool old_frames = true;
  using signals = svr4::signals;
  static constexpr variant facts{
      .identity = {.sysname = "SCO_SV", .release = "3.2", .version = "5.0.7", .machine = "i386", .architecture = "i386",
                   .provider = "SCO", .serial = "0"},
      .errors = errors_by_common_number<openserver_errors>};

  using not_here = missing<"a number that OpenServer does not have">;
  using xstat = families::family<syscall_table<
      call<at{1}, "xstat_r3", status(here, path, given<at_flag::none>, out<old_stat>), op::stat>,
      call<at{51}, "xstat", status(here, path, given<at_flag::none>, out<sco_stat>), op::stat>>>;
  using lxstat = families::family<syscall_table<
      call<at{1}, "lxstat_r3", status(here, path, given<at_flag::symlink_nofollow>, out<old_stat>), op::stat>,
      call<at{51}, "lxstat", status(here, path, given<at_flag::symlink_nofollow>, out<sco_stat>), op::stat>>>;
  using fxstat = families::family<syscall_table<
      call<at{1}, "fxstat_r3", status(fd, out<old_stat>), op::fstat>,
      call<at{51}, "fxstat", status(fd, out<sco_stat>), op::fstat>>>;
  using rows = concatenate<old_calls, xenix_calls<signals, old_sigset, old_sigaction>, syscall_table<
      call<at{7}, "wait", two_values(), handlers::wait_with<signals, old_wait_flags>>,
      call<at{54}, "ioctl", count(fd, ioctl_request, address), ioctl_of<openserver_requests::ioctls, requests::ioctls>>,
      call<at{88}, "nosys88", status(), not_here>,
      call<at{89}, "security", count(int_, address, address, address, address, address), refused<errc::inval, "SecureWare's accounts">>,
      call<at{90}, "symlink", status(path, here, path), op::symlink>,
      call<at{91}, "lstat", status(here, path, given<at_flag::symlink_nofollow>, out<old_stat>), op::stat>,
      call<at{92}, "readlink", count(here, path, bytes_out), op::readlink>,
      call<at{93}, "nosys93", status(), not_here>,
      call<at{94}, "nosys94", status(), not_here>,
      call<at{123}, "xstat", status(int_, address, address), xstat>,
      call<at{124}, "lxstat", status(int_, address, address), lxstat>,
      call<at{125}, "fxstat", status(int_, fd, address), fxstat>,
      call<at{140}, "socksys", count(address), missing<"sockets of SCO's kind are not there yet">>,
      call<at{171}, "gettimeofday", status(given<clock::realtime>, out<time_of_day>, unused), op::clock_get>,
      call<at{172}, "settimeofday", status(address, address), refused<errc::perm, "the host's clock is not set">>>>;
};
// clang-format on

} // namespace polyabi::svr4::variants
