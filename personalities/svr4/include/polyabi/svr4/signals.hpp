// Signal numbers, and what goes with them: sys/signal.h, sys/siginfo.h.
#pragma once

#include <polyabi/core/flag_map.hpp>

namespace polyabi::svr4 {

struct signals : number_map<signal> {
  static constexpr i32 realtime_first = 41, realtime_last = 48;
  static constexpr auto rows = std::to_array<row>({
      {signal::hup, 1},     {signal::int_, 2},      {signal::quit, 3},    {signal::ill, 4},     {signal::trap, 5},
      {signal::abrt, 6},    {signal::emt, 7},       {signal::fpe, 8},     {signal::kill, 9},    {signal::bus, 10},
      {signal::segv, 11},   {signal::sys, 12},      {signal::pipe, 13},   {signal::alrm, 14},   {signal::term, 15},
      {signal::usr1, 16},   {signal::usr2, 17},     {signal::chld, 18},   {signal::pwr, 19},    {signal::winch, 20},
      {signal::urg, 21},    {signal::io, 22},       {signal::stop, 23},   {signal::tstp, 24},   {signal::cont, 25},
      {signal::ttin, 26},   {signal::ttou, 27},     {signal::vtalrm, 28}, {signal::prof, 29},   {signal::xcpu, 30},
      {signal::xfsz, 31},   {signal::waiting, 32},  {signal::lwp, 33},    {signal::freeze, 34}, {signal::thaw, 35},
      {signal::cancel, 36}, {signal::lost, 37},     {signal::xres, 38},   {signal::jvm1, 39},   {signal::jvm2, 40},
      absent(signal::info), absent(signal::stkflt),
  });
};
static_assert(checked<signals>);

/// SA_*. Bits that it does not know are ignored by Solaris' sigaction(2).
struct sigaction_flags : flag_map<sigaction_flag> {
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      bit(sigaction_flag::onstack, 1),
      bit(sigaction_flag::resethand, 2),
      bit(sigaction_flag::restart, 4),
      bit(sigaction_flag::siginfo, 8),
      bit(sigaction_flag::nodefer, 0x10),
      bit(sigaction_flag::nocldwait, 0x10000),
      bit(sigaction_flag::nocldstop, 0x20000),
      without(sigaction_flag::restorer),
  });
};
static_assert(checked<sigaction_flags>);

struct sigmask_hows : number_map<sigmask_how> {
  static constexpr auto rows =
      std::to_array<row>({{sigmask_how::block, 1}, {sigmask_how::unblock, 2}, {sigmask_how::setmask, 3}});
};
static_assert(checked<sigmask_hows>);

struct sigstack_flags : flag_map<sigstack_flag> {
  static constexpr auto rows = std::to_array<flag_row>({bit(sigstack_flag::onstack, 1), bit(sigstack_flag::disable, 2), without(sigstack_flag::autodisarm)});
};
static_assert(checked<sigstack_flags>);

/// What a handler's address may be instead of an address.
inline constexpr u64 sig_default = 0, sig_ignore = 1, sig_hold = 2;

} // namespace polyabi::svr4
