// /proc/sysvipc and the limits in /proc/sys: what ipcs(1) reads.
#pragma once

#include <polyabi/facilities/message_queues/calls.hpp>
#include <polyabi/facilities/system_v/calls.hpp>
#include <polyabi/linux/interprocess_flags.hpp>
#include <polyabi/linux/pseudo/common.hpp>

namespace polyabi::linux_abi::proc {

namespace ipc_detail {

using vfs::octal;
using vfs::padded;

/// A signed number filled up to ten characters.
inline void key(text_sink& to, i32 value) {
  char digits[16];
  text_sink text{digits};
  text << value;
  to.fill(text.needed() < 10 ? 10 - text.needed() : 0) << text.text();
}
inline void mode(text_sink& to, u32 bits) {
  using table = flag_table<system_v::segment_mark_bits, segment_marks>;
  const u64 shown = (bits & 0777) | table::convert(bits & ~u32{0777});
  char digits[16];
  text_sink text{digits};
  text << octal{shown};
  to.fill(text.needed() < 4 ? 4 - text.needed() : 0) << text.text();
}
inline padded wide(u64 value, usize width) {
  return {value, width};
}
inline padded id(i64 value) {
  return {static_cast<u64>(value), 5};
}
inline padded time(i64 seconds) {
  return {static_cast<u64>(seconds), 10};
}
inline void beginning(text_sink& to, const system_v::permission& p, i32 number) {
  key(to, p.key);
  to << ' ' << wide(static_cast<u64>(number), 10) << "  ";
  mode(to, p.mode);
}
inline void owners(text_sink& to, const system_v::permission& p) {
  to << ' ' << id(p.uid) << ' ' << id(p.gid) << ' ' << id(p.cuid) << ' ' << id(p.cgid);
}

} // namespace ipc_detail

// A line tells what the reader may read.

template <class K>
bool semaphore_sets(const pseudo_context<K>& c, text_sink& to) {
  if constexpr (polyabi::detail::provides_all<K, system_v::semaphore_needs>::value()) {
    using namespace ipc_detail;
    const auto who = system_v::caller_of<K>(c.reader);
    to << "       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n";
    system_v::semaphore_status s{};
    for (i32 index = 0, number = 0; system_v::semaphores<K>::next(index, number, s);) {
      if (!who.may(s.perm, system_v::wanted::read)) continue;
      beginning(to, s.perm, number);
      to << ' ' << wide(s.nsems, 10);
      owners(to, s.perm);
      to << ' ' << time(s.otime) << ' ' << time(s.ctime) << '\n';
    }
    return true;
  } else {
    return false;
  }
}

template <class K>
bool memory_segments(const pseudo_context<K>& c, text_sink& to) {
  if constexpr (polyabi::detail::provides_all<K, system_v::segment_needs>::value()) {
    using namespace ipc_detail;
    const auto who = system_v::caller_of<K>(c.reader);
    to << "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid"
          "      atime      dtime      ctime                   rss                  swap\n";
    system_v::segment_status s{};
    for (i32 index = 0, number = 0; system_v::segments<K>::next(index, number, s);) {
      if (!who.may(s.perm, system_v::wanted::read)) continue;
      beginning(to, s.perm, number);
      to << ' ' << wide(s.segsz, 21) << ' ' << id(s.cpid) << ' ' << id(s.lpid) << "  " << wide(s.nattch, 5);
      owners(to, s.perm);
      to << ' ' << time(s.atime) << ' ' << time(s.dtime) << ' ' << time(s.ctime) << ' ' << wide(s.stored, 21) << ' '
         << wide(0, 21) << '\n';
    }
    return true;
  } else {
    return false;
  }
}

template <class K>
bool message_queues(const pseudo_context<K>& c, text_sink& to) {
  if constexpr (polyabi::detail::provides_all<K, system_v::queue_needs>::value()) {
    using namespace ipc_detail;
    const auto who = system_v::caller_of<K>(c.reader);
    to << "       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid      stime      rtime      ctime\n";
    system_v::queue_status s{};
    for (i32 index = 0, number = 0; system_v::message_queues<K>::next(index, number, s);) {
      if (!who.may(s.perm, system_v::wanted::read)) continue;
      beginning(to, s.perm, number);
      to << "  " << wide(s.cbytes, 10) << ' ' << wide(s.qnum, 10) << ' ' << id(s.lspid) << ' ' << id(s.lrpid);
      owners(to, s.perm);
      to << ' ' << time(s.stime) << ' ' << time(s.rtime) << ' ' << time(s.ctime) << '\n';
    }
    return true;
  } else {
    return false;
  }
}

/// One of the limits, by what `--set linux.NAME=NUMBER` calls it.
template <class K, u64 system_v::limits::* Limit>
bool ipc_limit(const pseudo_context<K>& c, text_sink& to) {
  to << system_v::limits_of<K>(c.reader, "linux").*Limit << '\n';
  return true;
}
template <class K>
bool semaphore_limits(const pseudo_context<K>& c, text_sink& to) {
  const auto most = system_v::limits_of<K>(c.reader, "linux");
  to << most.semmsl << '\t' << most.semmns << '\t' << most.semopm << '\t' << most.semmni << '\n';
  return true;
}

} // namespace polyabi::linux_abi::proc
