/* The Transport Library Interface: t_alloc, t_free, and errors in words. The rest of the library is examples/svr4/libc/tli.c. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiuser.h>

/* Where a structure has its buffers, which are in the order of T_ADDR, T_OPT, T_UDATA; and what of T_INFO says their size. */
enum { no_buffer = -1 };
static const struct {
  int size, addr, opt, udata;
  int connects, disconnects; /* its data go with a connection request, or its end */
} of[] = {
    [T_BIND] = {sizeof(struct t_bind), offsetof(struct t_bind, addr), no_buffer, no_buffer, 0, 0},
    [T_OPTMGMT] = {sizeof(struct t_optmgmt), no_buffer, offsetof(struct t_optmgmt, opt), no_buffer, 0, 0},
    [T_CALL] = {sizeof(struct t_call), offsetof(struct t_call, addr), offsetof(struct t_call, opt), offsetof(struct t_call, udata), 1, 1},
    [T_DIS] = {sizeof(struct t_discon), no_buffer, no_buffer, offsetof(struct t_discon, udata), 0, 1},
    [T_UNITDATA] = {sizeof(struct t_unitdata), offsetof(struct t_unitdata, addr), offsetof(struct t_unitdata, opt), offsetof(struct t_unitdata, udata), 0, 0},
    [T_UDERROR] = {sizeof(struct t_uderr), offsetof(struct t_uderr, addr), offsetof(struct t_uderr, opt), no_buffer, 0, 0},
    [T_INFO] = {sizeof(struct t_info), no_buffer, no_buffer, no_buffer, 0, 0},
};
static int is_structure(int structure) { return structure >= T_BIND && structure <= T_INFO; }

/* Gives a buffer room for what a transport tells; -1 is without limit, -2 is none. */
static int give_room(void *structure, int offset, int size) {
  enum { without_limit = 1024 };
  if (offset == no_buffer || size == -2) return 0;
  struct netbuf *const buffer = (struct netbuf *)((char *)structure + offset);
  const unsigned room = size < 0 ? without_limit : (unsigned)size;
  if (room == 0) return 0;
  buffer->buf = calloc(1, room);
  if (buffer->buf == NULL) return -1;
  buffer->maxlen = room;
  return 0;
}

void *t_alloc(int fd, int structure, int fields) {
  struct t_info info;
  if (!is_structure(structure)) {
    t_errno = TNOSTRUCTYPE;
    return NULL;
  }
  if (t_getinfo(fd, &info) < 0) return NULL;
  void *const made = calloc(1, (size_t)of[structure].size);
  int failed = made == NULL;
  int data = info.tsdu;
  if (of[structure].connects && of[structure].disconnects)
    data = info.connect > info.discon ? info.connect : info.discon;
  else if (of[structure].disconnects)
    data = info.discon;
  if (!failed && (fields & T_ADDR)) failed = give_room(made, of[structure].addr, info.addr) < 0;
  if (!failed && (fields & T_OPT)) failed = give_room(made, of[structure].opt, info.options) < 0;
  if (!failed && (fields & T_UDATA)) failed = give_room(made, of[structure].udata, data) < 0;
  if (!failed) return made;
  if (made != NULL) t_free(made, structure);
  t_errno = TSYSERR;
  errno = ENOMEM;
  return NULL;
}

static void free_buffer(void *structure, int offset) {
  if (offset != no_buffer) free(((struct netbuf *)((char *)structure + offset))->buf);
}
int t_free(void *structure, int type) {
  if (!is_structure(type)) {
    t_errno = TNOSTRUCTYPE;
    return -1;
  }
  free_buffer(structure, of[type].addr);
  free_buffer(structure, of[type].opt);
  free_buffer(structure, of[type].udata);
  free(structure);
  return 0;
}

const char *t_strerror(int error) {
  static const char *const texts[] = {
      [0] = "No error",
      [TBADADDR] = "The address is in a wrong format",
      [TBADOPT] = "The options are in a wrong format",
      [TACCES] = "No permission for this",
      [TBADF] = "The descriptor is no transport endpoint",
      [TNOADDR] = "No address could be chosen",
      [TOUTSTATE] = "The endpoint is in a wrong state",
      [TBADSEQ] = "No connection has this number",
      [TSYSERR] = "A system error",
      [TLOOK] = "Something has happened that must be looked at",
      [TBADDATA] = "The amount of data is wrong",
      [TBUFOVFLW] = "A buffer is too small",
      [TFLOW] = "There is no room now",
      [TNODATA] = "There are no data now",
      [TNODIS] = "There is no disconnection",
      [TNOUDERR] = "There is no datagram's error",
      [TBADFLAG] = "The flags are wrong",
      [TNOREL] = "There is no orderly release",
      [TNOTSUPPORT] = "The transport does not support this",
      [TSTATECHNG] = "The endpoint is changing its state",
      [TNOSTRUCTYPE] = "There is no such structure",
      [TBADNAME] = "There is no such transport",
      [TBADQLEN] = "The queue's length is zero",
      [TADDRBUSY] = "The address is in use",
      [TINDOUT] = "Other connections wait",
      [TPROVMISMATCH] = "The endpoints are of different transports",
      [TRESQLEN] = "The accepting endpoint has a queue",
      [TRESADDR] = "The accepting endpoint has another address",
      [TQFULL] = "The queue is full",
      [TPROTO] = "A protocol error",
  };
  return error >= 0 && (size_t)error < sizeof texts / sizeof *texts && texts[error] != NULL ? texts[error] : "Unknown error";
}
int t_error(const char *what) {
  fprintf(stderr, "%s: %s", what, t_strerror(t_errno));
  if (t_errno == TSYSERR) fprintf(stderr, ": %s", strerror(errno));
  fputc('\n', stderr);
  return 0;
}
