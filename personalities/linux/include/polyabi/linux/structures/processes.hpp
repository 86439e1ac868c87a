// Limits, usage, scheduling, and what clone takes (include/uapi/linux/{resource,sched,sysinfo,utsname}.h, asm/ldt.h).
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/core/release.hpp>
#include <polyabi/linux/structures/time.hpp>

namespace polyabi::linux_abi {

/// One limit; all bits set is "no limit", and what a word cannot hold is no limit either.
template <class Scalar>
struct limit_word {
  static constexpr auto infinity = static_cast<typename Scalar::value_type>(~typename Scalar::value_type{0});
  Scalar raw;
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    out = raw == infinity || static_cast<u64>(raw) >= K::unlimited ? K::unlimited : static_cast<N>(raw);
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    raw = in >= K::unlimited || in >= infinity ? infinity : static_cast<typename Scalar::value_type>(in);
    return errc::none;
  }
};

/// struct sock_filter (linux/filter.h): an instruction of a packet filter's program.
template <class M>
struct sock_filter {
  typename M::u16 code;
  typename M::u8 jt, jf;
  typename M::u32 k;
  POLYABI_FIELDS(sock_filter, code, jt, jf, k)
};
static_assert(layout<sock_filter<lp64>, 8> && layout<sock_filter<ilp32_i386>, 8>);

template <class M>
struct sock_fprog {
  typename M::u16 len;
  typename M::pointer filter;
  POLYABI_FIELDS(sock_fprog, len, filter)
};
static_assert(layout<sock_fprog<lp64>, 16> && layout<sock_fprog<ilp32_i386>, 8>);

/// Sizes of the structures that a supervisor of calls would use (linux/seccomp.h).
template <class M>
struct seccomp_notif_sizes {
  typename M::u16 notif, notif_resp, data;
  POLYABI_FIELDS(seccomp_notif_sizes, notif, notif_resp, data)
};
static_assert(layout<seccomp_notif_sizes<lp64>, 6>);

template <class M>
struct rlimit {
  using shape = polyabi::shape::rlimit;
  limit_word<typename M::ulong> cur, max;
  POLYABI_FIELDS(rlimit, cur, max)
};
static_assert(layout<rlimit<lp64>, 16> && layout<rlimit<ilp32_i386>, 8>);

template <class M>
struct rlimit64 {
  using shape = polyabi::shape::rlimit;
  limit_word<typename M::u64> cur, max;
  POLYABI_FIELDS(rlimit64, cur, max)
};
static_assert(layout<rlimit64<lp64>, 16> && layout<rlimit64<ilp32_i386>, 16>);

/// i386's first getrlimit: signed words, so no limit is the largest positive one.
template <class M>
struct old_rlimit {
  using shape = polyabi::shape::rlimit;
  struct word {
    typename M::ulong raw;
    template <class K, class N>
    constexpr errc to_native(N& out) const {
      out = raw >= 0x7fffffff ? K::unlimited : static_cast<N>(raw);
      return errc::none;
    }
    template <class K, class N>
    constexpr errc from_native(const N& in) {
      raw = static_cast<typename M::ulong::value_type>(in > 0x7fffffff ? 0x7fffffff : in);
      return errc::none;
    }
  };
  word cur, max;
  POLYABI_FIELDS(old_rlimit, cur, max)
};
static_assert(layout<old_rlimit<ilp32_i386>, 8>);

template <class M>
struct rusage {
  using shape = polyabi::shape::rusage;
  timeval<M> utime, stime;
  typename M::slong maxrss, ixrss, idrss, isrss, minflt, majflt, nswap, inblock, oublock, msgsnd, msgrcv, nsignals, nvcsw,
      nivcsw;
  POLYABI_FIELDS(rusage, utime, stime, maxrss, ixrss, idrss, isrss, minflt, majflt, nswap, inblock, oublock, msgsnd, msgrcv,
                 nsignals, nvcsw, nivcsw)
};
static_assert(layout<rusage<lp64>, 144> && layout<rusage<ilp32_i386>, 72>);

/// sysinfo(2). Memory is counted in units that grow until the largest number fits into a word.
template <class M>
struct sysinfo {
  using shape = polyabi::shape::system_status;
  typename M::slong uptime;
  typename M::ulong loads[3], totalram, freeram, sharedram, bufferram, totalswap, freeswap;
  typename M::u16 procs, pad;
  typename M::ulong totalhigh, freehigh;
  typename M::u32 mem_unit;
  unsigned char rest[20 - 2 * M::word_size - 4 == 0 ? 4 : 20 - 2 * M::word_size - 4];
  POLYABI_FIELDS(sysinfo, uptime, loads, totalram, freeram, sharedram, bufferram, totalswap, freeswap, procs, totalhigh,
                 freehigh, mem_unit)

  template <class K, class N>
  constexpr errc from_native(const N& in) {
    using word = typename M::ulong::value_type;
    u32 shift = 0;
    while (shift < 12 && (in.totalram >> shift > word(~word{0}) || in.totalswap >> shift > word(~word{0}))) ++shift;
    const auto scaled = [&](u64 bytes) { return static_cast<word>(bytes >> shift); };
    uptime = static_cast<typename M::slong::value_type>(in.uptime / 1'000'000'000);
    for (int i = 0; i < 3; ++i) loads[i] = static_cast<word>(in.loads[i]);
    totalram = scaled(in.totalram);
    freeram = scaled(in.freeram);
    sharedram = scaled(in.sharedram);
    bufferram = scaled(in.bufferram);
    totalswap = scaled(in.totalswap);
    freeswap = scaled(in.freeswap);
    procs = static_cast<u16>(in.procs);
    mem_unit = u32{1} << shift;
    return errc::none;
  }
};
static_assert(layout<sysinfo<lp64>, 112> && layout<sysinfo<ilp32_i386>, 64>);

/// struct new_utsname, old_utsname and oldold_utsname: fixed-size strings.
template <usize Size, usize Count>
struct system_name_fields {
  char text[Count][Size];
};
using utsname = system_name_fields<65, 6>;
using old_utsname = system_name_fields<65, 5>;
using oldold_utsname = system_name_fields<9, 5>;
static_assert(sizeof(utsname) == 390 && sizeof(old_utsname) == 325 && sizeof(oldold_utsname) == 45);

/// struct user_desc of set_thread_area and modify_ldt; the flags are bit fields in C.
template <class M>
struct user_desc {
  typename M::u32 entry_number, base_addr, limit, flags;
  POLYABI_FIELDS(user_desc, entry_number, base_addr, limit, flags)
};
static_assert(layout<user_desc<ilp32_i386>, 16>);

/// struct clone_args (include/uapi/linux/sched.h: CLONE_ARGS_SIZE_VER0 to VER2).
template <class M>
struct clone_args {
  static constexpr grown growth[]{{64, {5, 3}}, {80, {5, 5}}, {88, {5, 7}}};
  typename M::u64 flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
  POLYABI_FIELDS(clone_args, flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size,
                 cgroup)
};
static_assert(layout<clone_args<lp64>, 88> && layout<clone_args<ilp32_i386>, 88>);

template <class M>
struct robust_list_head {
  typename M::pointer list;
  typename M::slong futex_offset;
  typename M::pointer list_op_pending;
  POLYABI_FIELDS(robust_list_head, list, futex_offset, list_op_pending)
};
static_assert(layout<robust_list_head<lp64>, 24> && layout<robust_list_head<ilp32_i386>, 12>);

/// struct futex_waitv
template <class M>
struct futex_waiter {
  typename M::u64 value, address;
  typename M::u32 flags, reserved;
  POLYABI_FIELDS(futex_waiter, value, address, flags, reserved)
};
static_assert(layout<futex_waiter<lp64>, 24> && layout<futex_waiter<ilp32_i386>, 24>);

template <class M>
struct sched_param {
  typename M::i32 priority;
  POLYABI_FIELDS(sched_param, priority)
};
static_assert(layout<sched_param<lp64>, 4>);

/// struct sched_attr (include/uapi/linux/sched/types.h: SCHED_ATTR_SIZE_VER0 and VER1).
template <class M>
struct sched_attr {
  static constexpr grown growth[]{{48, {3, 14}}, {56, {5, 3}}};
  typename M::u32 size, policy;
  typename M::u64 flags;
  typename M::i32 nice;
  typename M::u32 priority;
  typename M::u64 runtime, deadline, period;
  typename M::u32 util_min, util_max;
  POLYABI_FIELDS(sched_attr, size, policy, flags, nice, priority, runtime, deadline, period, util_min, util_max)
};
static_assert(layout<sched_attr<lp64>, 56> && layout<sched_attr<ilp32_i386>, 56>);

/// capget's and capset's header and one of its data records.
template <class M>
struct capability_header {
  typename M::u32 version;
  typename M::i32 pid;
  POLYABI_FIELDS(capability_header, version, pid)
};
template <class M>
struct capability_data {
  typename M::u32 effective, permitted, inheritable;
  POLYABI_FIELDS(capability_data, effective, permitted, inheritable)
};
static_assert(layout<capability_header<lp64>, 8> && layout<capability_data<lp64>, 12>);

} // namespace polyabi::linux_abi
