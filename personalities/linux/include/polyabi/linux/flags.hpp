// Flags and enumerations of Linux on x86. Both architectures share all values of this file (include/uapi/asm-generic/fcntl.h,
// mman-common.h, poll.h, arch/x86/include/uapi/asm/{mman,signal}.h, include/uapi/linux/{fcntl,wait,time,resource}.h).
#pragma once

#include <polyabi/core/flag_map.hpp>
#include <polyabi/core/number_map.hpp>

namespace polyabi::linux_abi {

/// open(2) ignores bits that it does not know.
struct open_flags : flag_map<open_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      choice(access_mode::rdonly, 3, 0), choice(access_mode::wronly, 3, 1),  choice(access_mode::rdwr, 3, 2),
      choice(access_mode::neither, 3, 3),
      bit(open_flag::creat, 0x40),       bit(open_flag::excl, 0x80),         bit(open_flag::noctty, 0x100),
      bit(open_flag::trunc, 0x200),      bit(open_flag::append, 0x400),      bit(open_flag::nonblock, 0x800),
      bit(open_flag::dsync, 0x1000),     bit(open_flag::sync, 0x101000),     bit(open_flag::async, 0x2000),
      bit(open_flag::direct, 0x4000),    bit(open_flag::largefile, 0x8000),  bit(open_flag::nofollow, 0x20000),
      bit(open_flag::noatime, 0x40000),  bit(open_flag::cloexec, 0x80000),   bit(open_flag::path, 0x200000),
      bit(open_flag::tmpfile, 0x410000), bit(open_flag::directory, 0x10000), without(open_flag::shlock),
      without(open_flag::exlock),
  });
};
static_assert(checked<open_flags>);

/// The bits of one of them, for what looks at open's flags before they are translated.
template <auto Name>
inline constexpr u64 open_bits = bits_of<open_flags, Name>;

/// openat2(2) refuses them.
struct open_how_flags : open_flags {
  static constexpr auto unknown = unknown_bits::reject;
};

struct pipe_flags : flag_map<open_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(open_flag::nonblock, 0x800), bit(open_flag::cloexec, 0x80000), bit(open_flag::direct, 0x4000),
      reject(0x80, errc::nopkg), // O_NOTIFICATION_PIPE in a kernel without watch queues
  });
};
static_assert(checked<pipe_flags>);

/// dup3(2).
struct dup_flags : flag_map<fd_flag> {
  static constexpr auto rows = std::to_array<flag_row>({bit(fd_flag::cloexec, 0x80000)});
};

/// fcntl(F_SETFD) looks at one bit.
struct fd_flags : flag_map<fd_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({bit(fd_flag::cloexec, 1)});
};

// The *at() calls take different sets, and AT_REMOVEDIR and AT_EACCESS are one bit.

struct stat_at_flags : flag_map<at_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(at_flag::symlink_nofollow, 0x100),
      bit(at_flag::no_automount, 0x800),
      bit(at_flag::empty_path, 0x1000),
  });
};
static_assert(checked<stat_at_flags>);

/// statx(2): whether to ask a remote server makes no difference here; both bits of the choice together are refused.
struct statx_at_flags : flag_map<at_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(at_flag::symlink_nofollow, 0x100),
      bit(at_flag::no_automount, 0x800),
      bit(at_flag::empty_path, 0x1000),
      hint(0x6000),
      reject_choice(0x6000, 0x6000, errc::inval),
  });
};
static_assert(checked<statx_at_flags>);

/// fchownat, utimensat, execveat, fchmodat2.
struct owner_at_flags : flag_map<at_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(at_flag::symlink_nofollow, 0x100),
      bit(at_flag::empty_path, 0x1000),
  });
};
static_assert(checked<owner_at_flags>);

struct unlink_at_flags : flag_map<at_flag> {
  static constexpr auto rows = std::to_array<flag_row>({bit(at_flag::removedir, 0x200)});
};

struct access_at_flags : flag_map<at_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(at_flag::symlink_nofollow, 0x100),
      bit(at_flag::eaccess, 0x200),
      bit(at_flag::empty_path, 0x1000),
  });
};
static_assert(checked<access_at_flags>);

struct link_at_flags : flag_map<at_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(at_flag::symlink_follow, 0x400),
      bit(at_flag::empty_path, 0x1000),
  });
};
static_assert(checked<link_at_flags>);

struct access_checks : flag_map<access_check> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(access_check::x_ok, 1),
      bit(access_check::w_ok, 2),
      bit(access_check::r_ok, 4),
  });
};
static_assert(checked<access_checks>);

struct seek_origins : number_map<seek_origin> {
  static constexpr auto rows = std::to_array<row>(
      {{seek_origin::set, 0}, {seek_origin::cur, 1}, {seek_origin::end, 2}, {seek_origin::data, 3}, {seek_origin::hole, 4}});
};
static_assert(checked<seek_origins>);

/// mmap(2) ignores protection bits that it does not know; PROT_SEM means nothing on x86.
struct map_protections : flag_map<protection> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      bit(protection::read, 1), bit(protection::write, 2), bit(protection::exec, 4), hint(8),
      hint(0x03000000), // PROT_GROWSDOWN and PROT_GROWSUP are for mprotect only
  });
};
static_assert(checked<map_protections>);

/// mprotect(2) refuses them.
struct protect_protections : flag_map<protection> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(protection::read, 1),
      bit(protection::write, 2),
      bit(protection::exec, 4),
      hint(8),
      bit(protection::growsdown, 0x01000000),
      bit(protection::growsup, 0x02000000),
  });
};
static_assert(checked<protect_protections>);

/// MAP_TYPE is the low nibble; MAP_SHARED_VALIDATE is shared for everything but the bits it would refuse.
struct map_flags : flag_map<map_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      choice(map_flag::shared, 0xf, 1),
      choice(map_flag::private_, 0xf, 2),
      choice(map_flag::shared, 0xf, 3),
      bit(map_flag::fixed, 0x10),
      bit(map_flag::anonymous, 0x20),
      bit(map_flag::low32, 0x40),
      hint(0x80), // MAP_ABOVE4G
      bit(map_flag::growsdown, 0x100),
      bit(map_flag::denywrite, 0x800),
      bit(map_flag::executable, 0x1000),
      bit(map_flag::locked, 0x2000),
      bit(map_flag::noreserve, 0x4000),
      bit(map_flag::populate, 0x8000),
      bit(map_flag::nonblock, 0x10000),
      bit(map_flag::stack, 0x20000),
      bit(map_flag::hugetlb, 0x40000),
      hint(0x80000), // MAP_SYNC counts with MAP_SHARED_VALIDATE only
      bit(map_flag::fixed_noreplace, 0x100000),
      hint(0xfc000000), // MAP_UNINITIALIZED and the page size of MAP_HUGETLB
  });
};
static_assert(checked<map_flags>);

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
      bit(poll_event::wrnorm, 0x100),
      bit(poll_event::wrband, 0x200),
      bit(poll_event::msg, 0x400),
      bit(poll_event::remove, 0x1000),
      bit(poll_event::rdhup, 0x2000),
  });
};
static_assert(checked<poll_events>);

/// Unknown bits are ignored. SA_INTERRUPT is the historical default.
struct sigaction_flags : flag_map<sigaction_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      bit(sigaction_flag::nocldstop, 1),
      bit(sigaction_flag::nocldwait, 2),
      bit(sigaction_flag::siginfo, 4),
      bit(sigaction_flag::unsupported, 0x400),
      bit(sigaction_flag::expose_tagbits, 0x800),
      bit(sigaction_flag::restorer, 0x04000000),
      bit(sigaction_flag::onstack, 0x08000000),
      bit(sigaction_flag::restart, 0x10000000),
      hint(0x20000000),
      bit(sigaction_flag::nodefer, 0x40000000),
      bit(sigaction_flag::resethand, 0x80000000),
  });
};
static_assert(checked<sigaction_flags>);

struct sigmask_hows : number_map<sigmask_how> {
  static constexpr auto rows =
      std::to_array<row>({{sigmask_how::block, 0}, {sigmask_how::unblock, 1}, {sigmask_how::setmask, 2}});
};
static_assert(checked<sigmask_hows>);

struct sigstack_flags : flag_map<sigstack_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(sigstack_flag::onstack, 1),
      bit(sigstack_flag::disable, 2),
      bit(sigstack_flag::autodisarm, 0x80000000),
  });
};
static_assert(checked<sigstack_flags>);

/// wait4(2) and waitpid(2): WEXITED is implied and may not be given.
struct wait_flags : flag_map<wait_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(wait_flag::nohang, 1),
      bit(wait_flag::untraced, 2),
      bit(wait_flag::continued, 8),
      bit(wait_flag::nothread, 0x20000000),
      bit(wait_flag::all, 0x40000000),
      bit(wait_flag::clone, 0x80000000),
  });
};
static_assert(checked<wait_flags>);

struct waitid_flags : flag_map<wait_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(wait_flag::nohang, 1),
      bit(wait_flag::untraced, 2),
      bit(wait_flag::exited, 4),
      bit(wait_flag::continued, 8),
      bit(wait_flag::nowait, 0x01000000),
      bit(wait_flag::nothread, 0x20000000),
      bit(wait_flag::all, 0x40000000),
      bit(wait_flag::clone, 0x80000000),
  });
};
static_assert(checked<waitid_flags>);

struct wait_targets : number_map<wait_target> {
  static constexpr auto rows =
      std::to_array<row>({{wait_target::all, 0}, {wait_target::pid, 1}, {wait_target::pgid, 2}, {wait_target::pidfd, 3}});
};
static_assert(checked<wait_targets>);

struct resources : number_map<resource> {
  static constexpr auto rows = std::to_array<row>({
      {resource::cpu, 0},
      {resource::fsize, 1},
      {resource::data, 2},
      {resource::stack, 3},
      {resource::core, 4},
      {resource::rss, 5},
      {resource::nproc, 6},
      {resource::nofile, 7},
      {resource::memlock, 8},
      {resource::as, 9},
      {resource::locks, 10},
      {resource::sigpending, 11},
      {resource::msgqueue, 12},
      {resource::nice, 13},
      {resource::rtprio, 14},
      {resource::rttime, 15},
  });
};
static_assert(checked<resources>);

struct clocks : number_map<clock> {
  static constexpr auto rows = std::to_array<row>({
      {clock::realtime, 0},
      {clock::monotonic, 1},
      {clock::process_cputime_id, 2},
      {clock::thread_cputime_id, 3},
      {clock::monotonic_raw, 4},
      {clock::realtime_coarse, 5},
      {clock::monotonic_coarse, 6},
      {clock::boottime, 7},
      {clock::realtime_alarm, 8},
      {clock::boottime_alarm, 9},
      {clock::tai, 11},
  });
};
static_assert(checked<clocks>);

struct interval_timers : number_map<interval_timer> {
  static constexpr auto rows =
      std::to_array<row>({{interval_timer::real, 0}, {interval_timer::virtual_, 1}, {interval_timer::prof, 2}});
};
static_assert(checked<interval_timers>);

struct lock_kinds : number_map<lock_kind> {
  static constexpr auto rows = std::to_array<row>({{lock_kind::rdlck, 0}, {lock_kind::wrlck, 1}, {lock_kind::unlck, 2}});
};
static_assert(checked<lock_kinds>);

struct usages : number_map<usage_of> {
  static constexpr auto rows = std::to_array<row>({{usage_of::self, 0}, {usage_of::children, -1}, {usage_of::thread, 1}});
};
static_assert(checked<usages>);

} // namespace polyabi::linux_abi
