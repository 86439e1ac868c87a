// struct utsname in both ages, struct rlimit (sys/utsname.h, sys/resource.h).
#pragma once

#include <polyabi/core/operations.hpp>
#include <polyabi/core/translate.hpp>

namespace polyabi::svr4 {

/// SYS_NMLN is 257.
template <class M>
struct utsname {
  char sysname[257], nodename[257], release[257], version[257], machine[257];
  POLYABI_FIELDS(utsname, sysname, nodename, release, version, machine)
};
static_assert(layout<utsname<ilp32_i386>, 1285>);

/// SVR3's, still what utssys(2) fills.
template <class M>
struct old_utsname {
  char sysname[9], nodename[9], release[9], version[9], machine[9];
  POLYABI_FIELDS(old_utsname, sysname, nodename, release, version, machine)
};
static_assert(layout<old_utsname<ilp32_i386>, 45>);

/// A resource limit. The vocabulary's "no limit" is the largest signed number; here it is `Infinity`, and what lies above
/// `Infinity - 2` has no finite meaning (RLIM_SAVED_MAX, RLIM_SAVED_CUR).
template <class Scalar, u64 Infinity>
struct limit_word {
  Scalar raw;
  static constexpr u64 no_limit = 0x7fffffffffffffff;
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    const auto value = static_cast<u64>(raw);
    out = value >= Infinity - 2 ? static_cast<N>(no_limit) : static_cast<N>(value);
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    const auto value = static_cast<u64>(in);
    raw = static_cast<typename Scalar::value_type>(value >= no_limit || value >= Infinity - 2 ? Infinity : value);
    return errc::none;
  }
};

template <class M>
struct rlimit {
  using shape = polyabi::shape::rlimit;
  limit_word<typename M::u32, 0x7fffffff> cur, max;
  POLYABI_FIELDS(rlimit, cur, max)
};
static_assert(layout<rlimit<ilp32_i386>, 8>);

/// RLIM64_INFINITY is -3, RLIM64_SAVED_MAX -2, RLIM64_SAVED_CUR -1.
template <class Scalar>
struct limit64_word {
  Scalar raw;
  static constexpr u64 no_limit = 0x7fffffffffffffff, infinity = ~u64{0} - 2;
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    out = static_cast<u64>(raw) >= no_limit ? static_cast<N>(no_limit) : static_cast<N>(static_cast<u64>(raw));
    return errc::none;
  }
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    raw = static_cast<u64>(in) >= no_limit ? infinity : static_cast<u64>(in);
    return errc::none;
  }
};
template <class M>
struct rlimit64 {
  using shape = polyabi::shape::rlimit;
  limit64_word<typename M::u64> cur, max;
  POLYABI_FIELDS(rlimit64, cur, max)
};
static_assert(layout<rlimit64<ilp32_i386>, 16> && layout<rlimit64<lp64>, 16>);

} // namespace polyabi::svr4
