// Signals (arch/x86/include/uapi/asm/signal.h; the kernel's layouts, not the C library's).
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/core/member_types.hpp>
#include <polyabi/core/operations.hpp>
#include <polyabi/linux/flags.hpp>
#include <polyabi/linux/signal_frame/siginfo.hpp>
#include <polyabi/linux/signals.hpp>

namespace polyabi::linux_abi {

/// sigset_t: 64 bits.
template <class M>
struct sigset : signal_set<typename M::ulong, 8 / M::word_size, signal_numbers> {
  using shape = polyabi::shape::sigset;
};
static_assert(sizeof(sigset<lp64>) == 8 && sizeof(sigset<ilp32_i386>) == 8);

/// old_sigset_t: one word.
template <class M>
struct old_sigset : signal_set<typename M::ulong, 1, signal_numbers> {
  using shape = polyabi::shape::sigset;
};

template <class M>
struct sigaction {
  using shape = polyabi::shape::sigaction;
  typename M::pointer handler;
  flag_word<typename M::ulong, sigaction_flags> flags;
  typename M::pointer restorer;
  sigset<M> mask;
  POLYABI_FIELDS(sigaction, handler, flags, restorer, mask)
};
static_assert(layout<sigaction<lp64>, 32> && layout<sigaction<ilp32_i386>, 20>);

/// i386's sigaction(67).
template <class M>
struct old_sigaction {
  using shape = polyabi::shape::sigaction;
  typename M::pointer handler;
  old_sigset<M> mask;
  flag_word<typename M::ulong, sigaction_flags> flags;
  typename M::pointer restorer;
  POLYABI_FIELDS(old_sigaction, handler, mask, flags, restorer)
};
static_assert(layout<old_sigaction<ilp32_i386>, 16>);

/// stack_t.
template <class M>
struct sigstack {
  using shape = polyabi::shape::sigstack;
  typename M::pointer sp;
  flag_word<typename M::u32, sigstack_flags> flags;
  typename M::ulong size;
  POLYABI_FIELDS(sigstack, sp, flags, size)
};
static_assert(layout<sigstack<lp64>, 24> && layout<sigstack<ilp32_i386>, 12>);

/// struct sigevent: whom a timer tells. The thread's id is a member of a union of 64 bytes in all.
template <class M>
struct sigevent {
  typename M::ulong value;
  typename M::i32 signo, notify, thread;
  u8 unused[64 - M::word_size - 12];
  POLYABI_FIELDS(sigevent, value, signo, notify, thread)
};
static_assert(sizeof(sigevent<lp64>) == 64 && sizeof(sigevent<ilp32_i386>) == 64);

static_assert(sizeof(siginfo<lp64>) == 128 && sizeof(siginfo<ilp32_i386>) == 128);

} // namespace polyabi::linux_abi
