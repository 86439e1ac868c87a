// ioctl requests (sys/termios.h, sys/filio.h, sys/stropts.h) and fcntl commands (sys/fcntl.h), which are one table each.
#pragma once

#include <polyabi/core/ioctl_table.hpp>
#include <polyabi/svr4/handlers/files.hpp>
#include <polyabi/svr4/handlers/old_terminal.hpp>
#include <polyabi/svr4/handlers/terminal.hpp>
#include <polyabi/svr4/process_requests.hpp>
#include <polyabi/svr4/stream_requests.hpp>
#include <polyabi/svr4/structures/file.hpp>

namespace polyabi::svr4 {

// clang-format off
namespace requests {

using namespace arguments;

/// A group's letter stands above the number; groups that BSD began carry a direction and a size as well.
consteval u32 group(char letter, u32 number) { return static_cast<u32>(letter) << 8 | number; }
consteval u32 plain(char letter, u32 number) { return 0x20000000u | group(letter, number); }
consteval u32 reads(char letter, u32 number, u32 size) { return 0x40000000u | size << 16 | group(letter, number); }
consteval u32 writes(char letter, u32 number, u32 size) { return 0x80000000u | size << 16 | group(letter, number); }

using now = given<set_attributes_when::now>;
using drain = given<set_attributes_when::drain>;
using flush = given<set_attributes_when::flush>;

/// A request that a driver without that ability refuses.
template <u32 Number, fixed_string Name, fixed_string Reason>
using refusal = request<Number, Name, status(fd, address), refused<errc::inval, Reason>>;
using plain_ioctls = ioctl_table<errc::notty,
    // 'T': termio and termios
    request<group('T', 1), "TCGETA", status(fd, out<termio>), op::terminal_get_attributes>,
    request<group('T', 2), "TCSETA", status(fd, now, pointer<termio>), handlers::set_attributes<termio>>,
    request<group('T', 3), "TCSETAW", status(fd, drain, pointer<termio>), handlers::set_attributes<termio>>,
    request<group('T', 4), "TCSETAF", status(fd, flush, pointer<termio>), handlers::set_attributes<termio>>,
    request<group('T', 5), "TCSBRK", status(fd, int_), handlers::send_break>,
    request<group('T', 6), "TCXONC", status(fd, one_of<flow_actions>), op::terminal_flow>,
    request<group('T', 7), "TCFLSH", status(fd, one_of<flush_queues>), op::terminal_flush>,
    refusal<group('T', 8), "TIOCKBON", "no keyboard of its own">,
    refusal<group('T', 9), "TIOCKBOF", "no keyboard of its own">,
    refusal<group('T', 10), "KBENABLED", "no keyboard of its own">,
    request<group('T', 13), "TCGETS", status(fd, out<termios>), op::terminal_get_attributes>,
    request<group('T', 14), "TCSETS", status(fd, now, pointer<termios>), handlers::set_attributes<termios>>,
    request<group('T', 15), "TCSETSW", status(fd, drain, pointer<termios>), handlers::set_attributes<termios>>,
    request<group('T', 16), "TCSETSF", status(fd, flush, pointer<termios>), handlers::set_attributes<termios>>,
    request<group('T', 103), "TIOCSWINSZ", status(fd, in<winsize>), op::terminal_set_window>,
    request<group('T', 104), "TIOCGWINSZ", status(fd, out<winsize>), op::terminal_get_window>,
    refusal<group('T', 105), "TIOCGSOFTCAR", "no modem lines">,
    refusal<group('T', 106), "TIOCSSOFTCAR", "no modem lines">,
    // 't': job control, and what BSD and Version 7 left
    refusal<group('t', 0), "TIOCGETD", "one line discipline">,
    refusal<group('t', 1), "TIOCSETD", "one line discipline">,
    request<group('t', 8), "TIOCGETP", status(fd, pointer<sgttyb>), handlers::get_old_modes<ttold_bits>>,
    request<group('t', 9), "TIOCSETP", status(fd, pointer<sgttyb>), handlers::set_old_modes<ttold_bits, set_attributes_when::flush>>,
    request<group('t', 10), "TIOCSETN", status(fd, pointer<sgttyb>), handlers::set_old_modes<ttold_bits, set_attributes_when::now>>,
    refusal<group('t', 13), "TIOCEXCL", "terminals are not opened exclusively">,
    refusal<group('t', 14), "TIOCNXCL", "terminals are not opened exclusively">,
    request<group('t', 16), "TIOCFLUSH", status(fd, scalars<ilp32_i386::i32>), handlers::flush_old>,
    request<group('t', 17), "TIOCSETC", status(fd, pointer<tchars>), handlers::set_old_characters<tchars>>,
    request<group('t', 18), "TIOCGETC", status(fd, pointer<tchars>), handlers::get_old_characters<tchars>>,
    request<group('t', 20), "TIOCGPGRP", status(fd, store_result<i32>), op::terminal_get_foreground>,
    request<group('t', 21), "TIOCSPGRP", status(fd, value_at<i32>), op::terminal_set_foreground>,
    request<group('t', 22), "TIOCGSID", status(fd, store_result<i32>), op::terminal_get_session>,
    refusal<group('t', 23), "TIOCSTI", "input is not simulated">,
    refusal<group('t', 26), "TIOCMSET", "no modem lines">,
    refusal<group('t', 27), "TIOCMBIS", "no modem lines">,
    refusal<group('t', 28), "TIOCMBIC", "no modem lines">,
    refusal<group('t', 29), "TIOCMGET", "no modem lines">,
    request<group('t', 110), "TIOCSTART", status(fd, given<flow_action::oon>), op::terminal_flow>,
    request<group('t', 111), "TIOCSTOP", status(fd, given<flow_action::ooff>), op::terminal_flow>,
    request<group('t', 113), "TIOCNOTTY", status(fd), op::terminal_drop_controlling>,
    request<group('t', 115), "TIOCOUTQ", status(fd, store_result<i32>), op::terminal_output_queued>,
    request<group('t', 116), "TIOCGLTC", status(fd, pointer<ltchars>), handlers::get_old_characters<ltchars>>,
    request<group('t', 117), "TIOCSLTC", status(fd, pointer<ltchars>), handlers::set_old_characters<ltchars>>,
    request<group('t', 132), "TIOCSCTTY", status(fd, constant<false>), op::terminal_set_controlling>,
    // 'f': any file
    request<plain('f', 1), "FIOCLEX", status(fd, given<fd_flag::cloexec>), op::set_descriptor_flags>,
    request<plain('f', 2), "FIONCLEX", status(fd, given<fd_flag::none>), op::set_descriptor_flags>,
    request<group('f', 3), "FIORDCHK", count(fd), op::bytes_readable>,
    refusal<reads('f', 123, 4), "FIOGETOWN", "no asynchronous input">,
    refusal<writes('f', 124, 4), "FIOSETOWN", "no asynchronous input">,
    refusal<writes('f', 125, 4), "FIOASYNC", "no asynchronous input">,
    request<writes('f', 126, 4), "FIONBIO", status(fd, value_at<i32>), handlers::set_nonblocking>,
    request<reads('f', 127, 4), "FIONREAD", status(fd, store_result<i32>), op::bytes_readable>>;

struct ioctls : named<ioctls, concatenate_ioctls<plain_ioctls, process_ioctls, stream_ioctls>> {};
/// /proc has 32-bit programs' structures alone.
struct ioctls_of_64_bits : named<ioctls_of_64_bits, concatenate_ioctls<plain_ioctls, stream_ioctls>> {};

struct fcntls : named<fcntls, ioctl_table<errc::inval,
    request<0, "F_DUPFD", new_fd(fd, int_, given<fd_flag::none>), op::dup>,
    request<1, "F_GETFD", flags_answer<fd_flags>(fd), op::get_descriptor_flags>,
    request<2, "F_SETFD", status(fd, flags<fd_flags>), op::set_descriptor_flags>,
    request<3, "F_GETFL", flags_answer<open_flags>(fd), op::get_status_flags>,
    request<4, "F_SETFL", status(fd, flags<open_flags>), op::set_status_flags>,
    request<5, "F_O_GETLK", status(fd, inout<old_flock>), op::get_lock>,
    request<6, "F_SETLK", status(fd, in<flock>, constant<false>), op::set_lock>,
    request<7, "F_SETLKW", status(fd, in<flock>, constant<true>), op::set_lock>,
    request<8, "F_CHKFL", status(fd), handlers::descriptor_check>,
    request<9, "F_DUP2FD", new_fd(fd, int_, given<fd_flag::none>), op::dup_to>,
    refusal<10, "F_ALLOCSP", "space is not reserved">,
    request<11, "F_FREESP", status(fd, pointer<flock>), handlers::free_space<flock>>,
    request<13, "F_ISSTREAM", count(fd), handlers::is_stream>,
    request<14, "F_GETLK", status(fd, inout<flock>), op::get_lock>,
    refusal<17, "F_QUOTACTL", "no quotas">,
    refusal<23, "F_GETOWN", "no asynchronous input">,
    refusal<24, "F_SETOWN", "no asynchronous input">,
    refusal<25, "F_REVOKE", "descriptors of others are not revoked">,
    request<26, "F_HASREMOTELOCKS", status(fd), handlers::descriptor_check>,
    request<27, "F_FREESP64", status(fd, pointer<flock64>), handlers::free_space<flock64>>,
    refusal<28, "F_ALLOCSP64", "space is not reserved">,
    request<33, "F_GETLK64", status(fd, inout<flock64>), op::get_lock>,
    request<34, "F_SETLK64", status(fd, in<flock64>, constant<false>), op::set_lock>,
    request<35, "F_SETLKW64", status(fd, in<flock64>, constant<true>), op::set_lock>,
    request<36, "F_DUP2FD_CLOEXEC", new_fd(fd, int_, given<fd_flag::cloexec>), op::dup_to>, // illumos
    request<37, "F_DUPFD_CLOEXEC", new_fd(fd, int_, given<fd_flag::cloexec>), op::dup>,     // illumos
    refusal<40, "F_SHARE", "no share reservations">,
    refusal<41, "F_UNSHARE", "no share reservations">,
    refusal<42, "F_SETLK_NBMAND", "no mandatory locks">,
    refusal<43, "F_SHARE_NBMAND", "no share reservations">,
    refusal<44, "F_SETLK64_NBMAND", "no mandatory locks">,
    request<45, "F_GETXFL", flags_answer<open_flags>(fd), op::get_status_flags>,
    refusal<46, "F_BADFD", "descriptors are not poisoned">>> {};

} // namespace requests
// clang-format on

/// The size and the direction that a BSD-style number carries.
struct ioctl_encoding {
  static constexpr usize size_of(u32 number) { return (number & 0xc0000000) != 0 ? (number >> 16 & 0xff) : 0; }
  static constexpr ioctl_direction direction_of(u32 number) {
    return static_cast<ioctl_direction>((number >> 31 & 1) | (number >> 29 & 2));
  }
};

} // namespace polyabi::svr4
