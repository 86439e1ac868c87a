/* The Transport Library Interface: <tiuser.h>, as its documents give it. It is the userland's as well, with the functions at the end. */
#ifndef POLYABI_EXAMPLES_TLI_H
#define POLYABI_EXAMPLES_TLI_H
#ifdef __SVR4
#include <stropts.h>
#else
#include "stropts.h"
#endif

struct netbuf { unsigned maxlen, len; void *buf; };
struct t_info { int addr, options, tsdu, etsdu, connect, discon, servtype; };
struct t_bind { struct netbuf addr; unsigned qlen; };
struct t_call { struct netbuf addr, opt, udata; int sequence; };
struct t_unitdata { struct netbuf addr, opt, udata; };
struct t_optmgmt { struct netbuf opt; int flags; };
struct t_discon { struct netbuf udata; int reason, sequence; };
struct t_uderr { struct netbuf addr, opt; int error; };

enum { TBADADDR = 1, TBADOPT, TACCES, TBADF, TNOADDR, TOUTSTATE, TBADSEQ, TSYSERR, TLOOK, TBADDATA, TBUFOVFLW, TFLOW, TNODATA,
       TNODIS, TNOUDERR, TBADFLAG, TNOREL, TNOTSUPPORT, TSTATECHNG, TNOSTRUCTYPE, TBADNAME, TBADQLEN, TADDRBUSY,
       TINDOUT, TPROVMISMATCH, TRESQLEN, TRESADDR, TQFULL, TPROTO };
enum { T_LISTEN = 1, T_CONNECT = 2, T_DATA = 4, T_EXDATA = 8, T_DISCONNECT = 0x10, T_UDERR = 0x40, T_ORDREL = 0x80 };
enum { T_COTS = 1, T_COTS_ORD, T_CLTS };
enum { T_UNINIT, T_UNBND, T_IDLE, T_OUTCON, T_INCON, T_DATAXFER, T_OUTREL, T_INREL };
enum { T_MORE = 1, T_EXPEDITED = 2, T_NEGOTIATE = 4, T_CHECK = 8, T_DEFAULT = 0x10 };

extern int t_errno;
int t_open(const char *path, int flags, struct t_info *), t_close(int);
int t_getinfo(int, struct t_info *), t_getstate(int), t_sync(int), t_look(int);
int t_bind(int, const struct t_bind *wanted, struct t_bind *got), t_unbind(int);
int t_optmgmt(int, const struct t_optmgmt *wanted, struct t_optmgmt *got);
int t_connect(int, const struct t_call *to, struct t_call *from), t_rcvconnect(int, struct t_call *);
int t_listen(int, struct t_call *), t_accept(int, int by, const struct t_call *);
int t_snd(int, const void *, unsigned, int flags), t_rcv(int, void *, unsigned, int *flags);
int t_sndrel(int), t_rcvrel(int), t_snddis(int, const struct t_call *), t_rcvdis(int, struct t_discon *);
int t_sndudata(int, const struct t_unitdata *), t_rcvudata(int, struct t_unitdata *, int *flags), t_rcvuderr(int, struct t_uderr *);

#ifdef __SVR4
/* Structures with their buffers, of the sizes that the transport tells; what went wrong, in words. */
enum { T_BIND = 1, T_OPTMGMT, T_CALL, T_DIS, T_UNITDATA, T_UDERROR, T_INFO };
enum { T_ADDR = 1, T_OPT = 2, T_UDATA = 4, T_ALL = 7 };
void *t_alloc(int fd, int structure, int fields);
int t_free(void *, int structure), t_error(const char *);
const char *t_strerror(int);
#endif

#endif
