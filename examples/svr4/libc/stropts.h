/* What programs need of <stropts.h>, as its documents give it: streams, their messages and their ioctls. It is the userland's <stropts.h>
 * as well, where the C library has what is asked of errno, poll and fcntl. */
#ifndef POLYABI_EXAMPLES_STROPTS_H
#define POLYABI_EXAMPLES_STROPTS_H
#ifdef __SVR4
#include <sys/ioctl.h>
#include <poll.h>
#else
#include "svr4.h"
enum { POLLPRI = 2, POLLERR = 8, POLLRDBAND = 0x80, POLLWRBAND = 0x100 };
enum { ENOSTR = 60, ENODATA = 61, ETIME = 62, ENOSR = 63, EPROTO = 71, EBADMSG = 77, ECONNREFUSED = 146, ERANGE = 34 };
#endif

#define STR(n) ('S' << 8 | (n))
enum { I_NREAD = STR(01), I_PUSH, I_POP, I_LOOK, I_FLUSH, I_SRDOPT, I_GRDOPT, I_STR, I_SETSIG, I_GETSIG, I_FIND, I_LINK, I_UNLINK,
       I_RECVFD, I_PEEK, I_FDINSERT, I_SENDFD, I_O_RECVFD, I_SWROPT, I_GWROPT, I_LIST, I_PLINK, I_PUNLINK, I_ANCHOR,
       I_FLUSHBAND = STR(034), I_CKBAND, I_GETBAND, I_ATMARK, I_SETCLTIME, I_GETCLTIME, I_CANPUT, I_SERROPT, I_GERROPT,
       I_ESETSIG, I_EGETSIG };
enum { RS_HIPRI = 1, MSG_HIPRI = 1, MSG_ANY = 2, MSG_BAND = 4, MORECTL = 1, MOREDATA = 2 };
enum { RNORM, RMSGD, RMSGN, RPROTDAT = 4, RPROTDIS = 8, RPROTNORM = 0x10 };
enum { SNDZERO = 1, SNDPIPE = 2, FLUSHR = 1, FLUSHW = 2, FLUSHRW = 3, ANYMARK = 1, LASTMARK = 2 };
enum { S_INPUT = 1, S_HIPRI = 2, S_OUTPUT = 4, S_MSG = 8, S_ERROR = 0x10, S_HANGUP = 0x20, S_RDNORM = 0x40, S_RDBAND = 0x80,
       S_WRBAND = 0x100, S_BANDURG = 0x200 };
enum { F_ISSTREAM = 13, MS_DATA = 4 };

struct strbuf { int maxlen, len; void *buf; };
struct strioctl { int ic_cmd, ic_timout, ic_len; void *ic_dp; };
struct strpeek { struct strbuf ctlbuf, databuf; int flags; };
struct strfdinsert { struct strbuf ctlbuf, databuf; int flags, fildes, offset; };
struct strrecvfd { int fd; unsigned uid, gid; char fill[8]; };
struct o_strrecvfd { int fd; unsigned short uid, gid; char fill[8]; };
struct str_mlist { char l_name[9]; };
struct str_list { int sl_nmods; struct str_mlist *sl_modlist; };
struct bandinfo { unsigned char bi_pri; int bi_flag; };
struct strsigset { int ss_pid, ss_events; };

int getmsg(int, struct strbuf *, struct strbuf *, int *), putmsg(int, const struct strbuf *, const struct strbuf *, int);
int getpmsg(int, struct strbuf *, struct strbuf *, int *, int *);
int putpmsg(int, const struct strbuf *, const struct strbuf *, int, int);
int mount(const char *, const char *, int, const char *, void *, int), umount(const char *);

/* <stropts.h>'s functions. */
int isastream(int), fattach(int, const char *), fdetach(const char *);

#endif
