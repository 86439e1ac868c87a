// Locks, polling, directory entries and argument blocks of file calls (include/uapi/asm-generic/fcntl.h, poll.h,
// include/linux/dirent.h, include/uapi/linux/{openat2,uio,eventpoll}.h).
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/core/member_types.hpp>
#include <polyabi/core/operations.hpp>
#include <polyabi/core/release.hpp>
#include <polyabi/linux/flags.hpp>

namespace polyabi::linux_abi {

template <class M>
struct flock {
  using shape = polyabi::shape::flock;
  number_word<typename M::i16, lock_kinds> type;
  number_word<typename M::i16, seek_origins> whence;
  typename M::slong start, len;
  typename M::i32 pid;
  POLYABI_FIELDS(flock, type, whence, start, len, pid)
};
static_assert(layout<flock<lp64>, 32> && layout<flock<ilp32_i386>, 16>);

/// F_SETOWN_EX, F_GETOWN_EX: F_OWNER_TID, F_OWNER_PID, F_OWNER_PGRP, and an id of that.
template <class M>
struct f_owner_ex {
  static constexpr i32 thread = 0, process = 1, group = 2;
  typename M::i32 type, id;
};
static_assert(sizeof(f_owner_ex<lp64>) == 8);

/// struct flock64, of i386's fcntl64.
template <class M>
struct flock64 {
  using shape = polyabi::shape::flock;
  number_word<typename M::i16, lock_kinds> type;
  number_word<typename M::i16, seek_origins> whence;
  typename M::i64 start, len;
  typename M::i32 pid;
  POLYABI_FIELDS(flock64, type, whence, start, len, pid)
};
static_assert(layout<flock64<ilp32_i386>, 24>);

template <class M>
struct pollfd {
  using shape = polyabi::shape::poll_record;
  typename M::i32 fd;
  flag_word<typename M::u16, poll_events> events, revents;
  POLYABI_FIELDS(pollfd, fd, events, revents)
};
static_assert(layout<pollfd<lp64>, 8> && layout<pollfd<ilp32_i386>, 8>);

/// struct linux_dirent: the name follows, then padding; the type is in the last byte of the record.
template <class M>
struct dirent {
  typename M::ulong ino, next;
  typename M::u16 reclen;
  POLYABI_FIELDS(dirent, ino, next, reclen)
  static constexpr usize name_at = 2 * M::word_size + 2;
};

/// struct linux_dirent64: the name follows the type.
template <class M>
struct dirent64 {
  typename M::u64 ino;
  typename M::i64 next;
  typename M::u16 reclen;
  typename M::u8 type;
  POLYABI_FIELDS(dirent64, ino, next, reclen, type)
  static constexpr usize name_at = 19;
};

/// i386's first readdir: one record, its name's length instead of its own.
template <class M>
struct old_dirent {
  typename M::ulong ino, position;
  typename M::u16 namlen;
  POLYABI_FIELDS(old_dirent, ino, position, namlen)
  static constexpr usize name_at = 2 * M::word_size + 2;
};

/// struct open_how (include/uapi/linux/openat2.h: OPEN_HOW_SIZE_VER0).
template <class M>
struct open_how {
  static constexpr grown growth[]{{24, {5, 6}}};
  typename M::u64 flags, mode, resolve;
  POLYABI_FIELDS(open_how, flags, mode, resolve)
};
static_assert(layout<open_how<lp64>, 24> && layout<open_how<ilp32_i386>, 24>);

template <class M>
struct iovec {
  typename M::pointer base;
  typename M::ulong len;
  POLYABI_FIELDS(iovec, base, len)
};
static_assert(layout<iovec<lp64>, 16> && layout<iovec<ilp32_i386>, 8>);

/// struct epoll_event, packed on x86-64 to be what i386 has.
template <class M>
struct epoll_event {
  typename M::u32 events;
  scalar<u64, M::byte_order, 4> data;
  POLYABI_FIELDS(epoll_event, events, data)
};
static_assert(layout<epoll_event<lp64>, 12> && layout<epoll_event<ilp32_i386>, 12>);

/// struct kcmp_epoll_slot (include/uapi/linux/kcmp.h): which of the files that a list watches by a descriptor.
template <class M>
struct kcmp_epoll_slot {
  typename M::u32 efd, tfd, toff;
  POLYABI_FIELDS(kcmp_epoll_slot, efd, tfd, toff)
};
static_assert(layout<kcmp_epoll_slot<lp64>, 12> && layout<kcmp_epoll_slot<ilp32_i386>, 12>);

/// The argument blocks of i386's first mmap and select.
template <class M>
struct mmap_arguments {
  typename M::ulong address, size, protection, flags, descriptor, position;
  POLYABI_FIELDS(mmap_arguments, address, size, protection, flags, descriptor, position)
};
template <class M>
struct select_arguments {
  typename M::slong count;
  typename M::pointer read, write, exceptional, timeout;
  POLYABI_FIELDS(select_arguments, count, read, write, exceptional, timeout)
};
static_assert(layout<mmap_arguments<ilp32_i386>, 24> && layout<select_arguments<ilp32_i386>, 20>);

/// The last argument of pselect6: a signal mask and its size.
template <class M>
struct sized_sigset {
  typename M::pointer mask;
  typename M::ulong size;
  POLYABI_FIELDS(sized_sigset, mask, size)
};
static_assert(layout<sized_sigset<lp64>, 16> && layout<sized_sigset<ilp32_i386>, 8>);

} // namespace polyabi::linux_abi
