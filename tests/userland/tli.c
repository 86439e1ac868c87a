/* A program of the userland with the Transport Library Interface: <tiuser.h> beside a C library. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <tiuser.h>
#include <unistd.h>

static int failures;
static void check(int holds, const char *what) {
  printf("%s %s\n", holds ? "ok" : "FAIL", what);
  if (!holds) t_error(what), ++failures;
}
static void say(struct netbuf *to, const char *text) {
  to->len = strlen(text);
  memcpy(to->buf, text, to->len);
}
static int is(const struct netbuf *b, const char *text) {
  return b->len == strlen(text) && memcmp(b->buf, text, b->len) == 0;
}

static int call_and_ask(void) {
  char answer[20];
  int flags;
  const int fd = t_open("/dev/ticotsord", O_RDWR, NULL);
  struct t_call *to = t_alloc(fd, T_CALL, T_ALL);
  struct t_discon *why = t_alloc(fd, T_DIS, T_ALL);
  if (t_bind(fd, NULL, NULL) < 0) return 1;
  say(&to->addr, "nobody");
  if (t_connect(fd, to, NULL) != -1 || t_errno != TLOOK || t_look(fd) != T_DISCONNECT) return 2;
  if (t_rcvdis(fd, why) < 0 || why->reason != ECONNREFUSED) return 3;
  say(&to->addr, "tli server");
  say(&to->udata, "hello");
  if (t_connect(fd, to, NULL) < 0 || t_snd(fd, "question", 8, 0) != 8) return 4;
  if (t_rcv(fd, answer, sizeof answer, &flags) != 6 || memcmp(answer, "answer", 6) != 0) return 5;
  if (t_sndrel(fd) < 0) return 6;
  while (t_look(fd) == 0) continue;
  if (t_rcvrel(fd) < 0 || t_getstate(fd) != T_IDLE) return 7;
  if (t_free(to, T_CALL) < 0 || t_free(why, T_DIS) < 0) return 8;
  return t_close(fd) < 0 ? 9 : 0;
}

static void connections(void) {
  struct t_info info;
  char text[20];
  int flags, status = -1;
  const int fd = t_open("/dev/ticotsord", O_RDWR, &info), by = t_open("/dev/ticotsord", O_RDWR, NULL);
  check(fd >= 0 && by >= 0 && info.servtype == T_COTS_ORD && isastream(fd) == 1, "t_open");
  check(t_getinfo(fd, &info) == 0 && info.addr > 0 && t_sync(fd) == T_UNBND, "t_getinfo, t_sync");
  struct t_bind *name = t_alloc(fd, T_BIND, T_ALL), *got = t_alloc(fd, T_BIND, T_ADDR);
  check(name != NULL && name->addr.maxlen == (unsigned)info.addr && name->addr.len == 0, "t_alloc");
  say(&name->addr, "tli server");
  name->qlen = 3;
  check(t_bind(fd, name, got) == 0 && is(&got->addr, "tli server") && got->qlen == 3, "t_bind");
  check(t_bind(fd, name, NULL) == -1 && t_errno == TOUTSTATE, "TOUTSTATE");
  check(t_bind(by, name, NULL) == -1 && t_errno == TADDRBUSY, "TADDRBUSY");
  check(t_alloc(fd, 77, T_ALL) == NULL && t_errno == TNOSTRUCTYPE, "TNOSTRUCTYPE");
  fflush(stdout);
  const int child = fork();
  if (child == 0) _exit(call_and_ask());
  struct t_call *call = t_alloc(fd, T_CALL, T_ALL);
  check(t_listen(fd, call) == 0 && is(&call->udata, "hello"), "t_listen");
  call->udata.len = 0;
  check(t_accept(fd, by, call) == 0 && t_getstate(by) == T_DATAXFER, "t_accept");
  check(t_rcv(by, text, sizeof text, &flags) == 8 && memcmp(text, "question", 8) == 0 && flags == 0, "t_rcv");
  check(t_snd(by, "answer", 6, 0) == 6, "t_snd");
  check(t_rcv(by, text, sizeof text, &flags) == -1 && t_errno == TLOOK && t_look(by) == T_ORDREL, "TLOOK");
  check(t_rcvrel(by) == 0 && t_sndrel(by) == 0, "t_rcvrel, t_sndrel");
  waitpid(child, &status, 0);
  check(WIFEXITED(status) && WEXITSTATUS(status) == 0, "the caller's side");
  check(t_unbind(fd) == 0 && t_getstate(fd) == T_UNBND, "t_unbind");
  check(t_snddis(fd, NULL) == -1 && t_errno == TOUTSTATE, "t_snddis of nothing");
  check(t_free(name, T_BIND) == 0 && t_free(got, T_BIND) == 0 && t_free(call, T_CALL) == 0, "t_free");
  check(t_close(fd) == 0 && t_close(by) == 0, "t_close");
}

static void datagrams(void) {
  int flags;
  const int fd = t_open("/dev/ticlts", O_RDWR | O_NONBLOCK, NULL);
  struct t_bind *name = t_alloc(fd, T_BIND, T_ALL);
  struct t_unitdata *unit = t_alloc(fd, T_UNITDATA, T_ALL);
  struct t_uderr *lost = t_alloc(fd, T_UDERROR, T_ADDR);
  struct t_optmgmt *options = t_alloc(fd, T_OPTMGMT, T_OPT), empty = {{0, 0, NULL}, T_NEGOTIATE};
  say(&name->addr, "myself");
  check(t_bind(fd, name, NULL) == 0 && t_optmgmt(fd, &empty, options) == 0, "t_optmgmt");
  say(&unit->addr, "myself");
  say(&unit->udata, "a datagram");
  check(t_sndudata(fd, unit) == 0, "t_sndudata");
  unit->udata.len = 0;
  check(t_rcvudata(fd, unit, &flags) == 0 && is(&unit->udata, "a datagram") && is(&unit->addr, "myself"), "t_rcvudata");
  check(t_rcvudata(fd, unit, &flags) == -1 && t_errno == TNODATA, "TNODATA");
  say(&unit->addr, "nobody");
  check(t_sndudata(fd, unit) == 0 && t_look(fd) == T_UDERR, "T_UDERR");
  check(t_rcvuderr(fd, lost) == 0 && is(&lost->addr, "nobody") && lost->error == ECONNREFUSED, "t_rcvuderr");
  check(t_connect(fd, (struct t_call[]){{{6, 6, "nobody"}, {0}, {0}, 0}}, NULL) == -1 && t_errno == TNOTSUPPORT, "TNOTSUPPORT");
  t_free(name, T_BIND), t_free(unit, T_UNITDATA), t_free(lost, T_UDERROR), t_free(options, T_OPTMGMT);
  t_close(fd);
}

int main(void) {
  connections();
  datagrams();
  check(t_open("/dev/nothing", O_RDWR, NULL) == -1 && t_errno == TSYSERR && errno == ENOENT, "TSYSERR");
  dup2(1, 2);
  fflush(stdout);
  t_error("t_open");
  t_errno = TOUTSTATE;
  t_error("t_bind");
  printf("%s\n", t_strerror(0));
  return failures;
}
