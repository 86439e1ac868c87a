/* The Transport Library Interface over TPI: what libnsl does with streams, in the shortest form. */
#include "tli.h"
#ifdef __SVR4
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#endif

enum { T_CONN_REQ, O_T_CONN_RES, T_DISCON_REQ, T_DATA_REQ, T_EXDATA_REQ, T_INFO_REQ, O_T_BIND_REQ, T_UNBIND_REQ, T_UNITDATA_REQ,
       T_SVR4_OPTMGMT_REQ, T_ORDREL_REQ, T_CONN_IND, T_CONN_CON, T_DISCON_IND, T_DATA_IND, T_EXDATA_IND, T_INFO_ACK, T_BIND_ACK,
       T_ERROR_ACK, T_OK_ACK, T_UNITDATA_IND, T_UDERROR_IND, T_OPTMGMT_ACK, T_ORDREL_IND, T_BIND_REQ = 26, T_OPTMGMT_REQ,
       T_CONN_RES };
enum { no_delay = 4 /* O_NDELAY, which not every <fcntl.h> has */ };
enum { TI_GETINFO = 'T' << 8 | 140, TI_OPTMGMT, TI_BIND, TI_UNBIND };

int t_errno;

/* The control part of the message in hand, and what is kept of one that was only looked at. */
static union { int words[256]; char bytes[1024]; } control;
static struct strbuf pending = {sizeof control, -1, &control};

static int fail(int error) {
  t_errno = error;
  return -1;
}
static int system_error(void) { return fail(TSYSERR); }

static int copy_out(struct netbuf *to, const void *from, int size) {
  if (to == NULL || to->maxlen == 0) return 0;
  to->len = (unsigned)size < to->maxlen ? (unsigned)size : to->maxlen;
  memcpy(to->buf, from, to->len);
  return (unsigned)size > to->maxlen ? -1 : 0;
}

/* An ioctl of timod's: the request in `control`, the answer there as well. */
static int request(int fd, int command, int size) {
  struct strioctl s = {command, -1, size, &control};
  const int answer = ioctl(fd, I_STR, &s);
  if (answer < 0) return system_error();
  if (answer > 0) {
    if ((answer & 0xff) == TSYSERR) errno = answer >> 8 & 0xff;
    return fail(answer & 0xff);
  }
  return 0;
}

/* The next message's control part into `control`, its data into `data`. Answers getmsg's value. */
static int receive(int fd, struct strbuf *data, int *flags) {
  pending.len = -1;
  pending.maxlen = sizeof control;
  return getmsg(fd, &pending, data, flags);
}
/* Waits for T_OK_ACK. */
static int acknowledged(int fd) {
  int flags = RS_HIPRI;
  if (receive(fd, NULL, &flags) < 0) return system_error();
  if (control.words[0] == T_OK_ACK) return 0;
  if (control.words[0] != T_ERROR_ACK) return fail(TSYSERR);
  if (control.words[2] == TSYSERR) errno = control.words[3];
  return fail(control.words[2]);
}

int t_getinfo(int fd, struct t_info *info) {
  control.words[0] = T_INFO_REQ;
  if (request(fd, TI_GETINFO, 4) < 0) return -1;
  if (info != NULL) {
    const int *w = control.words;
    const struct t_info got = {w[5], w[6], w[1], w[2], w[3], w[4], w[8]};
    *info = got;
  }
  return 0;
}

int t_open(const char *path, int flags, struct t_info *info) {
  const int fd = open(path, flags);
  if (fd < 0) return system_error();
  if (ioctl(fd, I_PUSH, "timod") < 0 || t_getinfo(fd, info) < 0) {
    close(fd);
    return system_error();
  }
  return fd;
}
int t_close(int fd) { return close(fd) < 0 ? system_error() : 0; }

int t_getstate(int fd) {
  static const char of[] = {T_UNBND, 0, 0, T_IDLE, 0, 0, T_OUTCON, T_INCON, 0, T_DATAXFER, T_OUTREL, T_INREL};
  control.words[0] = T_INFO_REQ;
  if (request(fd, TI_GETINFO, 4) < 0) return -1;
  const unsigned state = (unsigned)control.words[9];
  return state < sizeof of && of[state] ? of[state] : fail(TSTATECHNG);
}
int t_sync(int fd) { return t_getstate(fd); }

int t_bind(int fd, const struct t_bind *wanted, struct t_bind *got) {
  const unsigned size = wanted != NULL ? wanted->addr.len : 0;
  control.words[0] = T_BIND_REQ;
  control.words[1] = (int)size;
  control.words[2] = 16;
  control.words[3] = wanted != NULL ? (int)wanted->qlen : 0;
  if (size > sizeof control - 16) return fail(TBUFOVFLW);
  if (size != 0) memcpy(control.bytes + 16, wanted->addr.buf, size);
  if (request(fd, TI_BIND, 16 + (int)size) < 0) return -1;
  if (got == NULL) return 0;
  got->qlen = (unsigned)control.words[3];
  return copy_out(&got->addr, control.bytes + control.words[2], control.words[1]) < 0 ? fail(TBUFOVFLW) : 0;
}
int t_unbind(int fd) {
  control.words[0] = T_UNBIND_REQ;
  return request(fd, TI_UNBIND, 4);
}
int t_optmgmt(int fd, const struct t_optmgmt *wanted, struct t_optmgmt *got) {
  control.words[0] = T_OPTMGMT_REQ;
  control.words[1] = (int)wanted->opt.len;
  control.words[2] = 16;
  control.words[3] = wanted->flags;
  if (wanted->opt.len > sizeof control - 16) return fail(TBUFOVFLW);
  if (wanted->opt.len != 0) memcpy(control.bytes + 16, wanted->opt.buf, wanted->opt.len);
  if (request(fd, TI_OPTMGMT, 16 + (int)wanted->opt.len) < 0) return -1;
  got->flags = control.words[3];
  return copy_out(&got->opt, control.bytes + control.words[2], control.words[1]) < 0 ? fail(TBUFOVFLW) : 0;
}

/* What is at the head, without taking it. */
int t_look(int fd) {
  struct strpeek peek = {{sizeof control, -1, &control}, {0, -1, NULL}, 0};
  peek.databuf.maxlen = -1;
  const int there = ioctl(fd, I_PEEK, &peek);
  if (there < 0) return system_error();
  if (there == 0) return 0;
  if (peek.ctlbuf.len < 4) return T_DATA;
  switch (control.words[0]) {
  case T_CONN_IND: return T_LISTEN;
  case T_CONN_CON: return T_CONNECT;
  case T_DISCON_IND: return T_DISCONNECT;
  case T_DATA_IND:
  case T_UNITDATA_IND: return T_DATA;
  case T_EXDATA_IND: return T_EXDATA;
  case T_UDERROR_IND: return T_UDERR;
  case T_ORDREL_IND: return T_ORDREL;
  default: return fail(TSTATECHNG);
  }
}
/* Waits until there is something. */
static int wait_for_event(int fd) {
  struct pollfd p = {fd, POLLIN | POLLPRI | POLLRDBAND, 0};
  for (;;) {
    const int event = t_look(fd);
    if (event != 0) return event;
    if (poll(&p, 1, -1) < 0) return system_error();
    if (p.revents & (POLLERR | POLLHUP)) return system_error();
  }
}

/* What is there, or will be: a message that is not what a function wants has to stay. */
static int event_of(int fd) {
  const int event = t_look(fd);
  if (event != 0) return event;
  return fcntl(fd, F_GETFL, 0) & (O_NONBLOCK | no_delay) ? fail(TNODATA) : wait_for_event(fd);
}

int t_connect(int fd, const struct t_call *to, struct t_call *from) {
  struct strbuf ctl = {0, 20 + (int)to->addr.len, &control}, data = {0, (int)to->udata.len, to->udata.buf};
  const int header[] = {T_CONN_REQ, (int)to->addr.len, 20, 0, 0};
  memcpy(&control, header, sizeof header);
  memcpy(control.bytes + 20, to->addr.buf, to->addr.len);
  if (putmsg(fd, &ctl, to->udata.len != 0 ? &data : NULL, 0) < 0) return system_error();
  if (acknowledged(fd) < 0) return -1;
  return t_rcvconnect(fd, from);
}
int t_rcvconnect(int fd, struct t_call *from) {
  char bytes[1024];
  struct strbuf data = {sizeof bytes, -1, bytes};
  int flags = 0;
  if (wait_for_event(fd) != T_CONNECT) return fail(TLOOK);
  if (receive(fd, &data, &flags) < 0) return system_error();
  if (from == NULL) return 0;
  if (copy_out(&from->addr, control.bytes + control.words[2], control.words[1]) < 0) return fail(TBUFOVFLW);
  return data.len > 0 && copy_out(&from->udata, bytes, data.len) < 0 ? fail(TBUFOVFLW) : 0;
}
int t_listen(int fd, struct t_call *call) {
  char bytes[1024];
  struct strbuf data = {sizeof bytes, -1, bytes};
  int flags = 0;
  if (receive(fd, &data, &flags) < 0) return errno == EAGAIN ? fail(TNODATA) : system_error();
  if (control.words[0] != T_CONN_IND) return fail(TLOOK);
  call->sequence = control.words[5];
  call->udata.len = 0;
  if (copy_out(&call->addr, control.bytes + control.words[2], control.words[1]) < 0) return fail(TBUFOVFLW);
  return data.len > 0 && copy_out(&call->udata, bytes, data.len) < 0 ? fail(TBUFOVFLW) : 0;
}
int t_accept(int fd, int by, const struct t_call *call) {
  const int header[] = {T_CONN_RES, 0, 0, 0, call->sequence};
  struct strfdinsert insert = {{0, sizeof header, (void *)header}, {0, -1, NULL}, 0, by, 4};
  if (call->udata.len != 0) {
    insert.databuf.len = (int)call->udata.len;
    insert.databuf.buf = call->udata.buf;
  }
  if (ioctl(fd, I_FDINSERT, &insert) < 0) return system_error();
  return acknowledged(fd);
}

int t_snd(int fd, const void *from, unsigned size, int flags) {
  int header[] = {flags & T_EXPEDITED ? T_EXDATA_REQ : T_DATA_REQ, flags & T_MORE};
  unsigned sent = 0;
  do {
    unsigned piece = size - sent < 8192 ? size - sent : 8192;
    struct strbuf ctl = {0, sizeof header, header}, data = {0, (int)piece, (char *)from + sent};
    header[1] = sent + piece < size || (flags & T_MORE);
    if (putmsg(fd, &ctl, &data, 0) < 0) {
      if (sent != 0) return (int)sent;
      return errno == EAGAIN ? fail(TFLOW) : system_error();
    }
    sent += piece;
  } while (sent < size);
  return (int)sent;
}
int t_rcv(int fd, void *to, unsigned size, int *flags) {
  struct strbuf data = {(int)size, -1, to};
  int got = 0;
  const int event = event_of(fd);
  if (event < 0) return -1;
  if (event == T_DISCONNECT || event == T_ORDREL) return fail(TLOOK);
  control.words[0] = T_DATA_IND; /* the rest of a message has no control part */
  control.words[1] = 0;
  const int more = receive(fd, &data, &got);
  if (more < 0) return errno == EAGAIN ? fail(TNODATA) : system_error();
  if (pending.len > 0 && control.words[0] != T_DATA_IND && control.words[0] != T_EXDATA_IND) return fail(TLOOK);
  *flags = (control.words[0] == T_EXDATA_IND ? T_EXPEDITED : 0) | ((more & MOREDATA) || control.words[1] ? T_MORE : 0);
  return data.len < 0 ? 0 : data.len;
}

int t_sndrel(int fd) {
  control.words[0] = T_ORDREL_REQ;
  struct strbuf ctl = {0, 4, &control};
  return putmsg(fd, &ctl, NULL, 0) < 0 ? system_error() : 0;
}
int t_rcvrel(int fd) {
  int flags = 0;
  if (t_look(fd) != T_ORDREL) return fail(TNOREL);
  return receive(fd, NULL, &flags) < 0 ? system_error() : 0;
}
int t_snddis(int fd, const struct t_call *call) {
  const int header[] = {T_DISCON_REQ, call != NULL ? call->sequence : -1};
  struct strbuf ctl = {0, sizeof header, (void *)header}, data = {0, -1, NULL};
  if (call != NULL && call->udata.len != 0) {
    data.len = (int)call->udata.len;
    data.buf = call->udata.buf;
  }
  if (putmsg(fd, &ctl, data.len > 0 ? &data : NULL, 0) < 0) return system_error();
  return acknowledged(fd);
}
int t_rcvdis(int fd, struct t_discon *why) {
  char bytes[1024];
  struct strbuf data = {sizeof bytes, -1, bytes};
  int flags = 0;
  if (t_look(fd) != T_DISCONNECT) return fail(TNODIS);
  if (receive(fd, &data, &flags) < 0) return system_error();
  if (why == NULL) return 0;
  why->reason = control.words[1];
  why->sequence = control.words[2];
  why->udata.len = 0;
  return data.len > 0 && copy_out(&why->udata, bytes, data.len) < 0 ? fail(TBUFOVFLW) : 0;
}

int t_sndudata(int fd, const struct t_unitdata *unit) {
  struct strbuf ctl = {0, 20 + (int)unit->addr.len, &control}, data = {0, (int)unit->udata.len, unit->udata.buf};
  const int header[] = {T_UNITDATA_REQ, (int)unit->addr.len, 20, 0, 0};
  memcpy(&control, header, sizeof header);
  memcpy(control.bytes + 20, unit->addr.buf, unit->addr.len);
  if (putmsg(fd, &ctl, &data, 0) < 0) return errno == EAGAIN ? fail(TFLOW) : errno == ERANGE ? fail(TBADDATA) : system_error();
  return 0;
}
int t_rcvudata(int fd, struct t_unitdata *unit, int *flags) {
  struct strbuf data = {(int)unit->udata.maxlen, -1, unit->udata.buf};
  int got = 0;
  const int event = event_of(fd);
  if (event < 0) return -1;
  if (event == T_UDERR) return fail(TLOOK);
  const int more = receive(fd, &data, &got);
  if (more < 0) return errno == EAGAIN ? fail(TNODATA) : system_error();
  unit->udata.len = data.len < 0 ? 0 : (unsigned)data.len;
  unit->addr.len = unit->opt.len = 0;
  *flags = more & MOREDATA ? T_MORE : 0;
  if (pending.len < 20) return 0; /* the rest of one */
  if (control.words[0] != T_UNITDATA_IND) return fail(TLOOK);
  return copy_out(&unit->addr, control.bytes + control.words[2], control.words[1]) < 0 ? fail(TBUFOVFLW) : 0;
}
int t_rcvuderr(int fd, struct t_uderr *error) {
  int flags = 0;
  if (t_look(fd) != T_UDERR) return fail(TNOUDERR);
  if (receive(fd, NULL, &flags) < 0) return system_error();
  if (error == NULL) return 0;
  error->error = control.words[5];
  return copy_out(&error->addr, control.bytes + control.words[2], control.words[1]) < 0 ? fail(TBUFOVFLW) : 0;
}
