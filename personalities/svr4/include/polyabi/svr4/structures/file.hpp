// struct flock in its three forms, struct pollfd, the heads of directory entries (sys/fcntl.h, sys/poll.h, sys/dirent.h).
#pragma once

#include <polyabi/core/operations.hpp>
#include <polyabi/core/translate.hpp>
#include <polyabi/svr4/file_flags.hpp>

namespace polyabi::svr4 {

/// Commands 6, 7 and 14. The system is this one (l_sysid 0).
template <class M>
struct flock {
  using shape = polyabi::shape::flock;
  number_word<typename M::i16, lock_kinds> type;
  number_word<typename M::i16, seek_origins> whence;
  typename M::slong start, len;
  typename M::i32 sysid;
  out_only<typename M::i32> pid;
  typename M::slong pad[4];
  POLYABI_FIELDS(flock, type, whence, start, len, pid)
};
static_assert(layout<flock<ilp32_i386>, 36>);
static_assert(layout<flock<lp64>, 64> && at_offset<flock<lp64>, "start", 8> && at_offset<flock<lp64>, "pid", 28>);
static_assert(at_offset<flock<ilp32_i386>, "start", 4> && at_offset<flock<ilp32_i386>, "pid", 16>);

/// Commands 33 to 35: on i386 without a hole before l_start.
template <class M>
struct flock64 {
  using shape = polyabi::shape::flock;
  number_word<typename M::i16, lock_kinds> type;
  number_word<typename M::i16, seek_origins> whence;
  typename M::i64 start, len;
  typename M::i32 sysid;
  out_only<typename M::i32> pid;
  typename M::i32 pad[4];
  POLYABI_FIELDS(flock64, type, whence, start, len, pid)
};
static_assert(layout<flock64<ilp32_i386>, 44>);
static_assert(at_offset<flock64<ilp32_i386>, "start", 4> && at_offset<flock64<ilp32_i386>, "pid", 24>);

/// SVR3's, command 5.
template <class M>
struct old_flock {
  using shape = polyabi::shape::flock;
  number_word<typename M::i16, lock_kinds> type;
  number_word<typename M::i16, seek_origins> whence;
  typename M::i32 start, len;
  typename M::i16 sysid;
  out_only<truncating<typename M::i16>> pid;
  POLYABI_FIELDS(old_flock, type, whence, start, len, pid)
};
static_assert(layout<old_flock<ilp32_i386>, 16>);
static_assert(at_offset<old_flock<ilp32_i386>, "pid", 14>);

template <class M>
struct pollfd {
  using shape = polyabi::shape::poll_record;
  typename M::i32 fd;
  flag_word<typename M::i16, poll_events> events;
  out_only<flag_word<typename M::i16, poll_events>> revents;
  POLYABI_FIELDS(pollfd, fd, events, revents)
};
static_assert(layout<pollfd<ilp32_i386>, 8>);

/// struct dirent without its name; `next` is the cookie of the entry after it.
template <class M>
struct dirent {
  typename M::u32 inode;
  typename M::i32 next;
  typename M::u16 record_size;
  static constexpr usize name_at = 10, alignment = 4;
};
template <class M>
struct dirent64 {
  typename M::u64 inode;
  typename M::i64 next;
  typename M::u16 record_size;
  static constexpr usize name_at = 18, alignment = 8;
};
static_assert(layout<dirent<ilp32_i386>, 12> && layout<dirent64<ilp32_i386>, 20> && layout<dirent64<lp64>, 24>);

/// aclent_t: an entry of an access control list (sys/acl.h).
template <class M>
struct aclent {
  typename M::i32 type;
  typename M::u32 id;
  typename M::u16 permissions;
  unsigned char padding[2];
  POLYABI_FIELDS(aclent, type, id, permissions)
};
static_assert(layout<aclent<ilp32_i386>, 12>);

} // namespace polyabi::svr4
