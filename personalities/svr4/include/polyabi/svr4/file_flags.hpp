// Flags and choices of the file calls: sys/fcntl.h, sys/unistd.h, sys/file.h.
#pragma once

#include <polyabi/core/flag_map.hpp>

namespace polyabi::svr4 {

/// O_*. Unknown bits are ignored, as by open(2) of every System V. O_NDELAY differs from O_NONBLOCK only in what an empty read
/// answers (0, not EAGAIN).
struct open_flags : flag_map<open_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({choice(access_mode::rdonly, 3, 0),
                                                        choice(access_mode::wronly, 3, 1),
                                                        choice(access_mode::rdwr, 3, 2),
                                                        reject_choice(3, 3, errc::inval), // neither reads nor writes
                                                        without(access_mode::neither),
                                                        without(open_flag::largefile), // taken, never shown
                                                        bit(open_flag::nonblock, 0x80),
                                                        bit(open_flag::append, 8),
                                                        bit(open_flag::sync, 0x10),
                                                        bit(open_flag::dsync, 0x40),
                                                        bit(open_flag::creat, 0x100),
                                                        bit(open_flag::trunc, 0x200),
                                                        bit(open_flag::excl, 0x400),
                                                        bit(open_flag::noctty, 0x800),
                                                        bit(open_flag::nonblock, 4), // O_NDELAY; the way back shows O_NONBLOCK
                                                        hint(0x1000), // O_PRIV: close-on-last-exec of an old security option
                                                        hint(0x2000), // O_LARGEFILE: files are large here
                                                        hint(0x8000), // O_RSYNC: reads are as synchronous as writes
                                                        reject(0x4000, errc::inval), // O_XATTR
                                                        bit(open_flag::nofollow, 0x20000),
                                                        fake(0x40000),                     // O_NOLINKS
                                                        bit(open_flag::cloexec, 0x800000), // illumos
                                                        without(open_flag::async),
                                                        without(open_flag::direct),
                                                        without(open_flag::directory),
                                                        without(open_flag::noatime),
                                                        without(open_flag::path),
                                                        without(open_flag::tmpfile),
                                                        without(open_flag::shlock),
                                                        without(open_flag::exlock)});
};
static_assert(checked<open_flags>);

struct fd_flags : flag_map<fd_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({bit(fd_flag::cloexec, 1)});
};
static_assert(checked<fd_flags>);

/// Flags of fsat(2)'s calls. AT_FDCWD is 0xffd19553.
struct at_flags : flag_map<at_flag> {
  static constexpr auto rows =
      std::to_array<flag_row>({bit(at_flag::removedir, 1), bit(at_flag::symlink_nofollow, 0x1000)});
};
static_assert(checked<at_flags>);

/// R_OK, W_OK, X_OK. EFF_ONLY_OK (8) and EX_OK (16) are refused.
struct access_checks : flag_map<access_check> {
  static constexpr auto rows =
      std::to_array<flag_row>({bit(access_check::x_ok, 1), bit(access_check::w_ok, 2), bit(access_check::r_ok, 4)});
};
static_assert(checked<access_checks>);

struct seek_origins : number_map<seek_origin> {
  static constexpr auto rows = std::to_array<row>({{seek_origin::set, 0}, {seek_origin::cur, 1}, {seek_origin::end, 2},
                                                   {seek_origin::data, 3}, {seek_origin::hole, 4}});
};
static_assert(checked<seek_origins>);

/// F_RDLCK, F_WRLCK, F_UNLCK; F_UNLKSYS (4) is for the lock manager of a network file system.
struct lock_kinds : number_map<lock_kind> {
  static constexpr auto rows = std::to_array<row>({{lock_kind::rdlck, 1}, {lock_kind::wrlck, 2}, {lock_kind::unlck, 3}});
};
static_assert(checked<lock_kinds>);

/// POLL*. POLLWRNORM is POLLOUT, POLLNORM is POLLRDNORM.
struct poll_events : flag_map<poll_event> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      bit(poll_event::in, 1),
      bit(poll_event::pri, 2),
      bit(poll_event::out, 4),
      bit(poll_event::err, 8),
      bit(poll_event::hup, 0x10),
      bit(poll_event::nval, 0x20),
      bit(poll_event::rdnorm, 0x40),
      bit(poll_event::rdband, 0x80),
      bit(poll_event::wrband, 0x100),
      hint(0x200),                 // POLLRDDATA
      hint(0x400),                 // POLLNOERR
      hint(0x800),                 // POLLREMOVE
      hint(0x8000),                // POLLCLOSED
      without(poll_event::wrnorm), // shown as POLLOUT, which always comes with it
      without(poll_event::rdhup),
  });
};
static_assert(checked<poll_events>);

} // namespace polyabi::svr4
