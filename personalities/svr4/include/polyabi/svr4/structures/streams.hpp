// The structures of STREAMS' calls: sys/stropts.h; and struct netbuf of the transport library (sys/tiuser.h).
#pragma once

#include <polyabi/core/arguments.hpp>
#include <polyabi/core/fields.hpp>

namespace polyabi::svr4 {

using arguments::pointed_run;

/// One part of a message.
template <class M>
struct strbuf {
  typename M::i32 maxlen, len;
  typename M::pointer buf;
  POLYABI_FIELDS(strbuf, maxlen, len, buf)
  static constexpr pointed_run points_to[] = {{8, 4}};
};
static_assert(layout<strbuf<ilp32_i386>, 12> && offset_of<strbuf<ilp32_i386>, "buf"> == 8);

/// I_STR.
template <class M>
struct strioctl {
  typename M::i32 cmd, timout, len;
  typename M::pointer dp;
  POLYABI_FIELDS(strioctl, cmd, timout, len, dp)
  static constexpr pointed_run points_to[] = {{12, 8}};
};
static_assert(layout<strioctl<ilp32_i386>, 16>);

/// I_PEEK.
template <class M>
struct strpeek {
  strbuf<M> ctlbuf, databuf;
  typename M::i32 flags;
  POLYABI_FIELDS(strpeek, ctlbuf, databuf, flags)
  static constexpr pointed_run points_to[] = {{8, 4}, {sizeof(strbuf<M>) + 8, sizeof(strbuf<M>) + 4}};
};
static_assert(layout<strpeek<ilp32_i386>, 28> && offset_of<strpeek<ilp32_i386>, "databuf"> == 12);

/// I_FDINSERT.
template <class M>
struct strfdinsert {
  strbuf<M> ctlbuf, databuf;
  typename M::i32 flags, fildes, offset;
  POLYABI_FIELDS(strfdinsert, ctlbuf, databuf, flags, fildes, offset)
  static constexpr pointed_run points_to[] = {{8, 4}, {sizeof(strbuf<M>) + 8, sizeof(strbuf<M>) + 4}};
};
static_assert(layout<strfdinsert<ilp32_i386>, 36> && offset_of<strfdinsert<ilp32_i386>, "offset"> == 32);

/// I_RECVFD, and in SVR3's form with ids of 16 bits.
template <class M>
struct strrecvfd {
  typename M::i32 fd;
  typename M::u32 uid, gid;
  char fill[8];
  POLYABI_FIELDS(strrecvfd, fd, uid, gid)
};
static_assert(layout<strrecvfd<ilp32_i386>, 20>);
template <class M>
struct old_strrecvfd {
  typename M::i32 fd;
  typename M::u16 uid, gid;
  char fill[8];
  POLYABI_FIELDS(old_strrecvfd, fd, uid, gid)
};
static_assert(layout<old_strrecvfd<ilp32_i386>, 16>);

/// I_LIST.
template <class M>
struct str_mlist {
  char name[9];
  POLYABI_FIELDS(str_mlist, name)
};
template <class M>
struct str_list {
  typename M::i32 nmods;
  typename M::pointer modlist;
  POLYABI_FIELDS(str_list, nmods, modlist)
};
static_assert(layout<str_mlist<ilp32_i386>, 9> && layout<str_list<ilp32_i386>, 8>);

/// I_FLUSHBAND.
template <class M>
struct bandinfo {
  typename M::u8 pri;
  typename M::i32 flag;
  POLYABI_FIELDS(bandinfo, pri, flag)
};
static_assert(layout<bandinfo<ilp32_i386>, 8>);

/// I_ESETSIG, I_EGETSIG.
template <class M>
struct strsigset {
  typename M::i32 pid, events;
  POLYABI_FIELDS(strsigset, pid, events)
};
static_assert(layout<strsigset<ilp32_i386>, 8>);

/// An address of the transport library.
template <class M>
struct netbuf {
  typename M::u32 maxlen, len;
  typename M::pointer buf;
  POLYABI_FIELDS(netbuf, maxlen, len, buf)
  static constexpr pointed_run points_to[] = {{8, 4}};
};
static_assert(layout<netbuf<ilp32_i386>, 12>);

/// What mount(2) is given for a file system of one open file (fattach(3C)).
template <class M>
struct namefd {
  typename M::i32 fd;
  POLYABI_FIELDS(namefd, fd)
};
static_assert(layout<namefd<ilp32_i386>, 4>);

} // namespace polyabi::svr4
