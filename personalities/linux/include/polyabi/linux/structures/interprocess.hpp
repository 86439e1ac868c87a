// What System V's interprocess communication reads and writes: linux/ipc.h, sem.h, shm.h, msg.h and asm-generic/*buf.h. i386 has a
// first generation of each, with identifiers of 16 bits, beside the present one (IPC_64).
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/linux/interprocess_flags.hpp>
#include <polyabi/linux/structures/devices.hpp>

namespace polyabi::linux_abi {

/// A mode of an object: nine bits, and marks.
template <class Scalar>
struct object_mode {
  Scalar raw;
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    out = static_cast<N>(raw & 0777);
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    using table = flag_table<facilities::system_v::segment_mark_bits, segment_marks>;
    raw = static_cast<typename Scalar::value_type>((in & 0777) | table::convert(in & ~N{0777}));
    return errc::none;
  }
};

/// struct ipc64_perm. The kernel's mode_t of i386 has 16 bits.
template <class M>
struct ipc64_perm {
  typename M::i32 key;
  typename M::u32 uid, gid, cuid, cgid;
  object_mode<typename M::u32> mode;
  truncating<typename M::u16> seq;
  zero<typename M::u16> pad2;
  zero<typename M::ulong> unused[2];
  POLYABI_FIELDS(ipc64_perm, key, uid, gid, cuid, cgid, mode, seq)
};
template <>
struct ipc64_perm<ilp32_i386> {
  using M = ilp32_i386;
  M::i32 key;
  M::u32 uid, gid, cuid, cgid;
  object_mode<M::u16> mode;
  zero<M::u16> pad1;
  truncating<M::u16> seq;
  zero<M::u16> pad2;
  zero<M::ulong> unused[2];
  POLYABI_FIELDS(ipc64_perm, key, uid, gid, cuid, cgid, mode, seq)
};
static_assert(layout<ipc64_perm<lp64>, 48> && layout<ipc64_perm<ilp32_i386>, 36>);

/// struct semid64_ds. Times have 64 bits everywhere; x86-64 leaves a word free behind each.
template <class M>
struct semid64_ds {
  ipc64_perm<M> perm;
  typename M::i64 otime;
  zero<typename M::ulong> unused1;
  typename M::i64 ctime;
  zero<typename M::ulong> unused2;
  typename M::ulong nsems;
  zero<typename M::ulong> unused3[2];
  POLYABI_FIELDS(semid64_ds, perm, otime, ctime, nsems)
};
template <>
struct semid64_ds<ilp32_i386> {
  using M = ilp32_i386;
  ipc64_perm<M> perm;
  M::i64 otime, ctime;
  M::ulong nsems;
  zero<M::ulong> unused[2];
  POLYABI_FIELDS(semid64_ds, perm, otime, ctime, nsems)
};
static_assert(layout<semid64_ds<lp64>, 104> && layout<semid64_ds<ilp32_i386>, 64>);

/// struct shmid64_ds
template <class M>
struct shmid64_ds {
  ipc64_perm<M> perm;
  typename M::ulong segsz;
  typename M::i64 atime, dtime, ctime;
  typename M::i32 cpid, lpid;
  typename M::ulong nattch;
  zero<typename M::ulong> unused[2];
  POLYABI_FIELDS(shmid64_ds, perm, segsz, atime, dtime, ctime, cpid, lpid, nattch)
};
static_assert(layout<shmid64_ds<lp64>, 112> && layout<shmid64_ds<ilp32_i386>, 84>);

/// struct msqid64_ds
template <class M>
struct msqid64_ds {
  ipc64_perm<M> perm;
  typename M::i64 stime, rtime, ctime;
  typename M::ulong cbytes, qnum, qbytes;
  typename M::i32 lspid, lrpid;
  zero<typename M::ulong> unused[2];
  POLYABI_FIELDS(msqid64_ds, perm, stime, rtime, ctime, cbytes, qnum, qbytes, lspid, lrpid)
};
static_assert(layout<msqid64_ds<lp64>, 120> && layout<msqid64_ds<ilp32_i386>, 88>);

/// struct ipc_perm: the first generation.
template <class M>
struct ipc_perm {
  typename M::i32 key;
  short_id<typename M::u16> uid, gid, cuid, cgid;
  object_mode<typename M::u16> mode;
  truncating<typename M::u16> seq;
  POLYABI_FIELDS(ipc_perm, key, uid, gid, cuid, cgid, mode, seq)
};
static_assert(layout<ipc_perm<ilp32_i386>, 16>);

/// struct semid_ds
template <class M>
struct semid_ds {
  ipc_perm<M> perm;
  truncating<typename M::slong> otime, ctime;
  zero<typename M::pointer> base, pending, pending_last, undo;
  saturating<typename M::u16> nsems;
  POLYABI_FIELDS(semid_ds, perm, otime, ctime, base, pending, pending_last, undo, nsems)
};
static_assert(layout<semid_ds<ilp32_i386>, 44>);

/// struct shmid_ds
template <class M>
struct shmid_ds {
  ipc_perm<M> perm;
  saturating<typename M::i32> segsz;
  truncating<typename M::slong> atime, dtime, ctime;
  truncating<typename M::u16> cpid, lpid, nattch;
  zero<typename M::u16> unused;
  zero<typename M::pointer> unused2, unused3;
  POLYABI_FIELDS(shmid_ds, perm, segsz, atime, dtime, ctime, cpid, lpid, nattch, unused, unused2, unused3)
};
static_assert(layout<shmid_ds<ilp32_i386>, 48>);

/// struct msqid_ds. Its counters stand in it twice: in 16 bits, and in a word.
template <class M>
struct msqid_ds {
  ipc_perm<M> perm;
  zero<typename M::pointer> first, last;
  truncating<typename M::slong> stime, rtime, ctime;
  ignored<typename M::ulong> lcbytes, lqbytes;
  saturating<typename M::u16> cbytes, qnum, qbytes;
  truncating<typename M::u16> lspid, lrpid;
  POLYABI_FIELDS(msqid_ds, perm, first, last, stime, rtime, ctime, lcbytes, lqbytes, cbytes, qnum, qbytes, lspid, lrpid)

  template <class Status>
  void complete(const Status& status) {
    lcbytes.raw = static_cast<typename M::ulong::value_type>(status.cbytes);
    lqbytes.raw = static_cast<typename M::ulong::value_type>(status.qbytes);
  }
  u64 limit() const { return qbytes.raw != 0 ? u64{qbytes.raw} : u64{lqbytes.raw}; }
};
static_assert(layout<msqid_ds<ilp32_i386>, 56>);

/// struct mq_attr
template <class M>
struct mq_attr {
  typename M::slong flags, maxmsg, msgsize, curmsgs;
  zero<typename M::slong> reserved[4];
  POLYABI_FIELDS(mq_attr, flags, maxmsg, msgsize, curmsgs)
};
static_assert(layout<mq_attr<lp64>, 64> && layout<mq_attr<ilp32_i386>, 32>);

/// struct sembuf
template <class M>
struct sembuf {
  typename M::u16 num;
  typename M::i16 op;
  flag_word<typename M::i16, semaphore_flags> flg;
  POLYABI_FIELDS(sembuf, num, op, flg)
};
static_assert(layout<sembuf<lp64>, 6>);

/// struct seminfo
template <class M>
struct seminfo {
  typename M::i32 semmap, semmni, semmns, semmnu, semmsl, semopm, semume, semusz, semvmx, semaem;
  POLYABI_FIELDS(seminfo, semmap, semmni, semmns, semmnu, semmsl, semopm, semume, semusz, semvmx, semaem)
};
static_assert(layout<seminfo<lp64>, 40>);

/// struct shminfo64, and struct shminfo of the first generation.
template <class M>
struct shminfo64 {
  typename M::ulong shmmax, shmmin, shmmni, shmseg, shmall;
  zero<typename M::ulong> unused[4];
  POLYABI_FIELDS(shminfo64, shmmax, shmmin, shmmni, shmseg, shmall)
};
static_assert(layout<shminfo64<lp64>, 72> && layout<shminfo64<ilp32_i386>, 36>);
template <class M>
struct shminfo {
  typename M::i32 shmmax, shmmin, shmmni, shmseg, shmall;
  POLYABI_FIELDS(shminfo, shmmax, shmmin, shmmni, shmseg, shmall)
};
static_assert(layout<shminfo<ilp32_i386>, 20>);

/// struct shm_info
template <class M>
struct shm_info {
  typename M::i32 used_ids;
  typename M::ulong tot, rss, swp, swap_attempts, swap_successes;
  POLYABI_FIELDS(shm_info, used_ids, tot, rss, swp, swap_attempts, swap_successes)
};
static_assert(layout<shm_info<lp64>, 48> && layout<shm_info<ilp32_i386>, 24>);

/// struct msginfo
template <class M>
struct msginfo {
  typename M::i32 msgpool, msgmap, msgmax, msgmnb, msgmni, msgssz, msgtql;
  typename M::u16 msgseg;
  typename M::u16 pad;
  POLYABI_FIELDS(msginfo, msgpool, msgmap, msgmax, msgmnb, msgmni, msgssz, msgtql, msgseg)
};
static_assert(layout<msginfo<lp64>, 32>);

} // namespace polyabi::linux_abi
