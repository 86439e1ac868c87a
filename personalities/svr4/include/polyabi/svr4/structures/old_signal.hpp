// Signals of System V Release 3 with POSIX' calls, as SCO, INTERACTIVE and MWC added them: a set is one word (sys/signal.h of
// iBCS2).
#pragma once

#include <polyabi/svr4/structures/signal.hpp>

namespace polyabi::svr4 {

struct old_sigaction_flags : flag_map<sigaction_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      bit(sigaction_flag::nocldstop, 1),
      without(sigaction_flag::onstack), without(sigaction_flag::restart), without(sigaction_flag::resethand),
      without(sigaction_flag::nodefer), without(sigaction_flag::nocldwait), without(sigaction_flag::siginfo),
      without(sigaction_flag::restorer),
  });
};
static_assert(checked<old_sigaction_flags>);

struct old_sigmask_hows : number_map<sigmask_how> {
  static constexpr auto rows =
      std::to_array<row>({{sigmask_how::setmask, 0}, {sigmask_how::block, 1}, {sigmask_how::unblock, 2}});
};
static_assert(checked<old_sigmask_hows>);

template <class M, class Signals>
struct old_sigset_of : signal_set<typename M::u32, 1, Signals> {
  using shape = polyabi::shape::sigset;
};
template <class M>
struct old_sigset : old_sigset_of<M, signals> {};
static_assert(layout<old_sigset<ilp32_i386>, 4>);

template <class M, class Signals>
struct old_sigaction_of {
  using shape = polyabi::shape::sigaction;
  typename M::pointer handler;
  old_sigset_of<M, Signals> mask;
  flag_word<typename M::u32, old_sigaction_flags> flags;
  POLYABI_FIELDS(old_sigaction_of, handler, mask, flags)
};
template <class M>
struct old_sigaction : old_sigaction_of<M, signals> {};
static_assert(layout<old_sigaction<ilp32_i386>, 12>);
static_assert(offset_of<old_sigaction_of<ilp32_i386, signals>, "flags"> == 8);

} // namespace polyabi::svr4
