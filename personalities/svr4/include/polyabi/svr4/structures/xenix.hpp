// Structures of XENIX' calls (sys/timeb.h, sys/utsname.h of SCO).
#pragma once

#include <polyabi/core/operations.hpp>
#include <polyabi/core/translate.hpp>

namespace polyabi::svr4 {

/// ftime(2).
template <class M>
struct timeb {
  typename M::i32 time;
  typename M::u16 milliseconds;
  typename M::i16 timezone, daylight; ///< minutes west; whether summer time is kept
  POLYABI_FIELDS(timeb, time, milliseconds, timezone, daylight)
};
static_assert(offset_of<timeb<ilp32_i386>, "daylight"> == 8);

/// The names and licences of the system: struct scoutsname.
template <class M>
struct scoutsname {
  char sysname[9], nodename[9], release[16], kernelid[20], machine[9], bustype[9], serial[10];
  typename M::u16 origin, oem;
  char users[9];
  typename M::u16 processors;
  POLYABI_FIELDS(scoutsname, sysname, nodename, release, kernelid, machine, bustype, serial, origin, oem, users, processors)
};
static_assert(layout<scoutsname<ilp32_i386>, 98>);
static_assert(offset_of<scoutsname<ilp32_i386>, "origin"> == 82 && offset_of<scoutsname<ilp32_i386>, "processors"> == 96);

} // namespace polyabi::svr4
