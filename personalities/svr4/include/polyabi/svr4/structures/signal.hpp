// sigset_t, struct sigaction, stack_t (sys/signal.h).
#pragma once

#include <polyabi/core/operations.hpp>
#include <polyabi/core/translate.hpp>
#include <polyabi/svr4/signals.hpp>

namespace polyabi::svr4 {

/// Four words, of which two are used.
template <class M>
struct sigset : signal_set<typename M::u32, 4, signals> {
  using shape = polyabi::shape::sigset;
};
static_assert(layout<sigset<ilp32_i386>, 16>);

template <class M>
struct sigaction {
  using shape = polyabi::shape::sigaction;
  flag_word<typename M::u32, sigaction_flags> flags;
  typename M::pointer handler;
  sigset<M> mask;
  typename M::u32 reserved[2];
  POLYABI_FIELDS(sigaction, flags, handler, mask)
};
static_assert(layout<sigaction<ilp32_i386>, 32>);
static_assert(at_offset<sigaction<ilp32_i386>, "mask", 8>);

/// Of 64-bit programs: nothing is reserved (sys/signal.h, _LP64).
template <>
struct sigaction<lp64> {
  using shape = polyabi::shape::sigaction;
  flag_word<lp64::u32, sigaction_flags> flags;
  lp64::u32 pad;
  lp64::pointer handler;
  sigset<lp64> mask;
  POLYABI_FIELDS(sigaction, flags, handler, mask)
};
static_assert(layout<sigaction<lp64>, 32>);
static_assert(at_offset<sigaction<lp64>, "handler", 8> && at_offset<sigaction<lp64>, "mask", 16>);

template <class M>
struct sigstack {
  using shape = polyabi::shape::sigstack;
  typename M::pointer sp;
  typename M::ulong size;
  flag_word<typename M::u32, sigstack_flags> flags;
  POLYABI_FIELDS(sigstack, sp, size, flags)
};
static_assert(layout<sigstack<ilp32_i386>, 12> && layout<sigstack<lp64>, 24>);

/// struct sigevent: how a timer tells (sys/siginfo.h).
template <class M>
struct sigevent {
  typename M::i32 notify, signo;
  typename M::ulong value;
  typename M::pointer function, attributes;
  typename M::i32 padding;
  POLYABI_FIELDS(sigevent, notify, signo, value, function, attributes)
};
static_assert(layout<sigevent<ilp32_i386>, 24>);

/// procset_t: two sets of processes by id type, and how they are combined (sys/procset.h).
template <class M>
struct procset {
  typename M::i32 operation, left_type, left, right_type, right;
  POLYABI_FIELDS(procset, operation, left_type, left, right_type, right)
};
static_assert(layout<procset<ilp32_i386>, 20>);

} // namespace polyabi::svr4
