// System V interprocess communication: struct ipc_perm, semid_ds, shmid_ds, msqid_ds, sembuf (sys/ipc.h, sem.h, shm.h, msg.h), and
// the forms of Release 3, with ids of 16 bits, that commands of its time mean.
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/facilities/system_v/calls.hpp>
#include <polyabi/facilities/system_v/original_flags.hpp>

namespace polyabi::svr4 {

namespace system_v = facilities::system_v;

using ipc_get_flags = system_v::original::get_flags;
using semaphore_flags = system_v::original::semaphore_flags;

struct attach_flags : flag_map<system_v::attach_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      system_v::original::read_only,
      system_v::original::round,
      hint(040000),  // SHM_SHARE_MMU: page tables are the kernel's own business
      hint(0100000), // SHM_PAGEABLE
      without(system_v::attach_flag::remap),
      without(system_v::attach_flag::execute),
  });
};
static_assert(checked<attach_flags>);

struct ipc_message_flags : flag_map<system_v::message_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      system_v::original::message_nowait,
      system_v::original::no_error,
      without(system_v::message_flag::except),
      without(system_v::message_flag::copy),
  });
};
static_assert(checked<ipc_message_flags>);

/// An object's mode: nine bits, IPC_ALLOC, and for a segment SHM_DEST.
template <class Scalar>
struct object_mode {
  static constexpr u32 allocated = 0100000, removed = 02000;
  Scalar raw;
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    out = static_cast<N>(raw & 0777);
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    const bool goes = (in & native_number<K, system_v::segment_mark::removed>) != 0;
    raw = static_cast<typename Scalar::value_type>((in & 0777) | allocated | (goes ? removed : 0));
    return errc::none;
  }
};

template <class M>
struct ipc_perm {
  typename M::u32 uid, gid, cuid, cgid;
  object_mode<typename M::u32> mode;
  typename M::u32 seq;
  typename M::i32 key;
  zero<typename M::i32> pad[4];
  POLYABI_FIELDS(ipc_perm, uid, gid, cuid, cgid, mode, seq, key)
};
static_assert(layout<ipc_perm<ilp32_i386>, 44>);

template <class M>
struct semid_ds {
  ipc_perm<M> perm;
  zero<typename M::pointer> base;
  saturating<typename M::u16> nsems;
  zero<typename M::u16> pad;
  truncating<typename M::slong> otime;
  zero<typename M::slong> pad1;
  truncating<typename M::slong> ctime;
  zero<typename M::slong> pad2, binary, pad3[3];
  POLYABI_FIELDS(semid_ds, perm, nsems, otime, ctime)
};
static_assert(layout<semid_ds<ilp32_i386>, 84> && offset_of<semid_ds<ilp32_i386>, "nsems"> == 48);
static_assert(offset_of<semid_ds<ilp32_i386>, "otime"> == 52 && offset_of<semid_ds<ilp32_i386>, "ctime"> == 60);

template <class M>
struct shmid_ds {
  ipc_perm<M> perm;
  saturating<typename M::i32> segsz;
  zero<typename M::pointer> amp;
  zero<typename M::u16> lkcnt, pad;
  typename M::i32 lpid, cpid;
  truncating<typename M::u32> nattch;
  zero<typename M::u32> cnattch;
  truncating<typename M::slong> atime;
  zero<typename M::slong> pad1;
  truncating<typename M::slong> dtime;
  zero<typename M::slong> pad2;
  truncating<typename M::slong> ctime;
  zero<typename M::slong> pad3, pad4[4];
  POLYABI_FIELDS(shmid_ds, perm, segsz, lpid, cpid, nattch, atime, dtime, ctime)
};
static_assert(layout<shmid_ds<ilp32_i386>, 112> && offset_of<shmid_ds<ilp32_i386>, "lpid"> == 56);
static_assert(offset_of<shmid_ds<ilp32_i386>, "atime"> == 72 && offset_of<shmid_ds<ilp32_i386>, "ctime"> == 88);

template <class M>
struct msqid_ds {
  ipc_perm<M> perm;
  zero<typename M::pointer> first, last;
  saturating<typename M::u32> cbytes, qnum, qbytes;
  typename M::i32 lspid, lrpid;
  truncating<typename M::slong> stime;
  zero<typename M::slong> pad1;
  truncating<typename M::slong> rtime;
  zero<typename M::slong> pad2;
  truncating<typename M::slong> ctime;
  zero<typename M::slong> pad3;
  zero<typename M::u16> cv, qnum_cv;
  zero<typename M::slong> pad4[3];
  POLYABI_FIELDS(msqid_ds, perm, cbytes, qnum, qbytes, lspid, lrpid, stime, rtime, ctime)
};
static_assert(layout<msqid_ds<ilp32_i386>, 112> && offset_of<msqid_ds<ilp32_i386>, "cbytes"> == 52);
static_assert(offset_of<msqid_ds<ilp32_i386>, "stime"> == 72 && offset_of<msqid_ds<ilp32_i386>, "ctime"> == 88);

// --- Release 3's

template <class M>
struct old_ipc_perm {
  saturating<typename M::u16> uid, gid, cuid, cgid;
  object_mode<typename M::u16> mode;
  truncating<typename M::u16> seq;
  typename M::i32 key;
  POLYABI_FIELDS(old_ipc_perm, uid, gid, cuid, cgid, mode, seq, key)
};
static_assert(layout<old_ipc_perm<ilp32_i386>, 16>);

template <class M>
struct old_semid_ds {
  old_ipc_perm<M> perm;
  zero<typename M::pointer> base;
  saturating<typename M::u16> nsems;
  zero<typename M::u16> pad;
  truncating<typename M::slong> otime, ctime;
  POLYABI_FIELDS(old_semid_ds, perm, nsems, otime, ctime)
};
static_assert(layout<old_semid_ds<ilp32_i386>, 32>);

template <class M>
struct old_shmid_ds {
  old_ipc_perm<M> perm;
  saturating<typename M::i32> segsz;
  zero<typename M::pointer> region;
  zero<typename M::u32> pad;
  truncating<typename M::u16> lpid, cpid, nattch;
  zero<typename M::u16> cnattch;
  truncating<typename M::slong> atime, dtime, ctime;
  POLYABI_FIELDS(old_shmid_ds, perm, segsz, lpid, cpid, nattch, atime, dtime, ctime)
};
static_assert(layout<old_shmid_ds<ilp32_i386>, 48>);

template <class M>
struct old_msqid_ds {
  old_ipc_perm<M> perm;
  zero<typename M::pointer> first, last;
  saturating<typename M::u16> cbytes, qnum, qbytes;
  truncating<typename M::u16> lspid, lrpid;
  zero<typename M::u16> pad;
  truncating<typename M::slong> stime, rtime, ctime;
  POLYABI_FIELDS(old_msqid_ds, perm, cbytes, qnum, qbytes, lspid, lrpid, stime, rtime, ctime)
};
static_assert(layout<old_msqid_ds<ilp32_i386>, 48>);

template <class M>
struct sembuf {
  typename M::u16 num;
  typename M::i16 op;
  flag_word<typename M::i16, semaphore_flags> flg;
  POLYABI_FIELDS(sembuf, num, op, flg)
};
static_assert(layout<sembuf<ilp32_i386>, 6>);

} // namespace polyabi::svr4
