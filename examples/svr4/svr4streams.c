/* Streams: pipes and their messages, bands, options, files in messages, names; what every ioctl says. */
#include "libc/stropts.h"

static char c_bytes[64], d_bytes[64];
static struct strbuf c, d;

/* Takes the next message; both parts as text. */
static int get(int fd, int wanted, int *flags) {
  c.maxlen = d.maxlen = sizeof c_bytes - 1;
  c.buf = c_bytes;
  d.buf = d_bytes;
  *flags = wanted;
  const int more = getmsg(fd, &c, &d, flags);
  if (c.len >= 0) c_bytes[c.len] = 0;
  if (d.len >= 0) d_bytes[d.len] = 0;
  return more;
}
static int put(int fd, const char *control, const char *data, int flags) {
  struct strbuf cc = {0, control ? (int)strlen(control) : -1, (void *)control};
  struct strbuf dd = {0, data ? (int)strlen(data) : -1, (void *)data};
  return putmsg(fd, &cc, &dd, flags);
}
static int is(const char *a, const char *b) { return strcmp(a, b) == 0; }

static void messages(int a, int b) {
  int flags, band;
  check(put(a, "control", "data", 0) == 0, "putmsg");
  check(get(b, 0, &flags) == 0 && is(c_bytes, "control") && is(d_bytes, "data") && flags == 0, "getmsg");
  check(put(a, "urgent", NULL, RS_HIPRI) == 0, "putmsg of high priority");
  struct pollfd p = {b, POLLIN | POLLPRI, 0};
  check(poll(&p, 1, 0) == 1 && p.revents == POLLPRI, "POLLPRI");
  check(get(b, RS_HIPRI, &flags) == 0 && flags == RS_HIPRI && c.len == 6 && d.len == -1, "getmsg of high priority");
  check_error(get(b, 7, &flags), EINVAL, "getmsg: wrong flags");
  check_error(put(a, NULL, "x", RS_HIPRI), EINVAL, "putmsg: high priority without a control part");
  check(putmsg(a, NULL, NULL, 0) == 0, "putmsg of nothing");

  struct strbuf dd = {0, 4, "band"};
  check(putpmsg(a, NULL, &dd, 5, MSG_BAND) == 0, "putpmsg");
  check(poll(&p, 1, 0) == 1 && p.revents == POLLIN, "POLLIN of a band");
  check(ioctl(b, I_GETBAND, &band) == 0 && band == 5, "I_GETBAND");
  check(ioctl(b, I_CKBAND, 5) == 1 && ioctl(b, I_CKBAND, 4) == 0, "I_CKBAND");
  band = 6;
  flags = MSG_BAND;
  fcntl(b, F_SETFL, O_RDWR | O_NONBLOCK);
  check_error(getpmsg(b, &c, &d, &band, &flags), EAGAIN, "getpmsg: no such band yet");
  band = 3;
  flags = MSG_BAND;
  check(getpmsg(b, &c, &d, &band, &flags) == 0 && band == 5 && flags == MSG_BAND && d.len == 4, "getpmsg");
  check_error(putpmsg(a, NULL, &dd, 1, MSG_HIPRI), EINVAL, "putpmsg: a band of high priority");
  check_error(putpmsg(a, NULL, &dd, 0, 0), EINVAL, "putpmsg: neither");
  fcntl(b, F_SETFL, O_RDWR);

  put(a, "control", "data", 0);
  d.maxlen = 2;
  c.maxlen = 3;
  flags = 0;
  check(getmsg(b, &c, &d, &flags) == (MORECTL | MOREDATA) && c.len == 3 && d.len == 2, "MORECTL and MOREDATA");
  check(get(b, 0, &flags) == 0 && is(c_bytes, "trol") && is(d_bytes, "ta"), "the rest");
  check_error(getmsg(b, &c, &d, (int *)8), EFAULT, "getmsg: EFAULT");
  check_error(getmsg(0x1000, &c, &d, &flags), EBADF, "getmsg: EBADF");
  const int file = creat("svr4streams.f", 0600);
  check_error(getmsg(file, &c, &d, &flags), ENOSTR, "getmsg: ENOSTR");
  check_error(ioctl(file, I_PUSH, "timod"), ENOTTY, "I_PUSH on a file");
  check(isastream(a) == 1 && isastream(file) == 0 && isastream(0x1000) == -1, "isastream");
  check(fcntl(a, F_ISSTREAM, 0) == 1 && fcntl(file, F_ISSTREAM, 0) == 0, "F_ISSTREAM");
  close(file);
  unlink("svr4streams.f");
}

static void requests(int a, int b) {
  int n = -1;
  write(a, "12345", 5);
  write(a, "678", 3);
  check(ioctl(b, I_NREAD, &n) == 2 && n == 5, "I_NREAD");
  check(ioctl(b, FIONREAD, &n) == 0 && n == 8, "FIONREAD");
  struct strpeek peek = {{sizeof c_bytes, -1, c_bytes}, {sizeof d_bytes, -1, d_bytes}, 0};
  check(ioctl(b, I_PEEK, &peek) == 1 && peek.ctlbuf.len == -1 && peek.databuf.len == 5, "I_PEEK");
  peek.flags = RS_HIPRI;
  check(ioctl(b, I_PEEK, &peek) == 0, "I_PEEK of high priority");
  check(ioctl(b, I_SRDOPT, RMSGN) == 0 && ioctl(b, I_GRDOPT, &n) == 0 && n == (RMSGN | RPROTNORM), "I_SRDOPT and I_GRDOPT");
  check(read(b, d_bytes, 2) == 2 && read(b, d_bytes, 20) == 3 && read(b, d_bytes, 20) == 3, "RMSGN keeps the rest");
  check_error(ioctl(b, I_SRDOPT, RMSGD | RMSGN), EINVAL, "I_SRDOPT: both");
  ioctl(b, I_SRDOPT, RNORM);
  put(a, "control", "data", 0);
  check_error(read(b, d_bytes, 20), EBADMSG, "read of a control part");
  check(ioctl(b, I_SRDOPT, RPROTDAT) == 0 && read(b, d_bytes, 20) == 11, "RPROTDAT");
  ioctl(b, I_SRDOPT, RPROTNORM);
  check(ioctl(b, I_GWROPT, &n) == 0 && n == SNDPIPE, "I_GWROPT");
  check(ioctl(a, I_SWROPT, SNDZERO | SNDPIPE) == 0 && write(a, "", 0) == 0 && read(b, d_bytes, 20) == 0, "SNDZERO");
  check(ioctl(a, I_CANPUT, 0) == 1 && ioctl(a, I_CANPUT, 9) == 1, "I_CANPUT");
  check_error(ioctl(a, I_CANPUT, 300), EINVAL, "I_CANPUT: EINVAL");
  check_error(ioctl(b, I_GETBAND, &n), ENODATA, "I_GETBAND: ENODATA");
  check(ioctl(b, I_ATMARK, ANYMARK) == 0, "I_ATMARK");
  check(ioctl(b, I_GETCLTIME, &n) == 0 && n == 15000, "I_GETCLTIME");
  n = 100;
  check(ioctl(b, I_SETCLTIME, &n) == 0 && ioctl(b, I_GETCLTIME, &n) == 0 && n == 100, "I_SETCLTIME");
  check(ioctl(b, I_GERROPT, &n) == 0 && n == 5, "I_GERROPT");
  write(a, "flushed", 7);
  check(ioctl(b, I_FLUSH, FLUSHR) == 0 && ioctl(b, I_NREAD, &n) == 0, "I_FLUSH");
  struct bandinfo band = {0, FLUSHR};
  write(a, "flushed", 7);
  check(ioctl(b, I_FLUSHBAND, &band) == 0 && ioctl(b, I_NREAD, &n) == 0, "I_FLUSHBAND");

  char name[9];
  struct str_mlist names[4];
  struct str_list list = {4, names};
  check_error(ioctl(a, I_LOOK, name), EINVAL, "I_LOOK without a module");
  check_error(ioctl(a, I_PUSH, "nonsense"), EINVAL, "I_PUSH: no such module");
  check(ioctl(a, I_PUSH, "pipemod") == 0 && ioctl(a, I_LOOK, name) == 0 && is(name, "pipemod"), "I_PUSH and I_LOOK");
  check(ioctl(a, I_FIND, "pipemod") == 1 && ioctl(a, I_FIND, "timod") == 0, "I_FIND");
  check(ioctl(a, I_LIST, NULL) == 2 && ioctl(a, I_LIST, &list) == 0 && list.sl_nmods == 2 && is(names[0].l_name, "pipemod"), "I_LIST");
  check(ioctl(a, I_POP, 0) == 0 && ioctl(a, I_LIST, NULL) == 1, "I_POP");
  check_error(ioctl(a, I_POP, 0), EINVAL, "I_POP without a module");
  check_error(ioctl(a, I_LINK, b), EINVAL, "I_LINK on what leads to one stream");
  struct strioctl s = {0x1234, 1, 0, NULL};
  check_error(ioctl(a, I_STR, &s), EINVAL, "I_STR that nobody knows");
}

static void passing(int a, int b) {
  int fds[2];
  pipe(fds);
  check(ioctl(a, I_SENDFD, fds[0]) == 0, "I_SENDFD");
  struct strrecvfd got = {-1, 1, 1, ""};
  struct o_strrecvfd old = {-1, 1, 1, ""};
  check(ioctl(b, I_RECVFD, &got) == 0 && got.fd >= 0 && got.uid == (uint)geteuid(), "I_RECVFD");
  write(got.fd, "through", 7);
  check(read(fds[1], d_bytes, 20) == 7, "a descriptor that passed");
  ioctl(a, I_SENDFD, fds[0]);
  check(ioctl(b, I_O_RECVFD, &old) == 0 && old.fd >= 0, "I_RECVFD in SVR3's form");
  write(a, "x", 1);
  check_error(ioctl(b, I_RECVFD, &got), EBADMSG, "I_RECVFD of bytes");
  read(b, d_bytes, 1);
  close(fds[0]);
  close(fds[1]);
  close(got.fd);
  close(old.fd);
}

static int polled;
static void on_poll(int number, siginfo_t *info, ucontext_t *context) {
  polled += number == SIGPOLL && info->si_code == 1;
  (void)context;
}
static void signals(int a, int b) {
  struct sigaction act = {SA_SIGINFO, handler_entry, {{0}}, {0}};
  int events = 0;
  handler_function = on_poll;
  sigaction(SIGPOLL, &act, NULL);
  check_error(ioctl(b, I_GETSIG, &events), EINVAL, "I_GETSIG: none");
  check(ioctl(b, I_SETSIG, S_INPUT | S_HIPRI) == 0 && ioctl(b, I_GETSIG, &events) == 0 && events == 3, "I_SETSIG");
  write(a, "x", 1);
  check(polled == 1, "SIGPOLL");
  read(b, d_bytes, 1);
  check(ioctl(b, I_SETSIG, 0) == 0, "I_SETSIG: none");
  write(a, "x", 1);
  check(polled == 1, "no SIGPOLL");
  read(b, d_bytes, 1);
  struct strsigset set = {getpid(), S_RDNORM};
  check(ioctl(b, I_ESETSIG, &set) == 0 && ioctl(b, I_EGETSIG, &set) == 0 && set.ss_events == S_RDNORM, "I_ESETSIG");
  set.ss_events = 0;
  ioctl(b, I_ESETSIG, &set);
  set.ss_pid = 29999;
  set.ss_events = 1;
  check_error(ioctl(b, I_ESETSIG, &set), ESRCH, "I_ESETSIG: ESRCH");
}

static void names(void) {
  int fds[2], flags;
  pipe(fds);
  close(creat("svr4streams.n", 0600));
  check(fattach(fds[1], "svr4streams.n") == 0, "fattach");
  int opened = open("svr4streams.n", O_RDWR);
  write(fds[0], "by name", 7);
  check(read(opened, d_bytes, 20) == 7, "a pipe that was opened by its name");
  close(opened);
  check(fdetach("svr4streams.n") == 0, "fdetach");
  check_error(fdetach("svr4streams.n"), EINVAL, "fdetach: EINVAL");
  opened = open("svr4streams.n", O_RDWR);
  check(isastream(opened) == 0, "the file is there again");
  close(opened);

  check(ioctl(fds[1], I_PUSH, "connld") == 0 && fattach(fds[1], "svr4streams.n") == 0, "connld");
  const int child = fork();
  if (child == 0) {
    opened = open("svr4streams.n", O_RDWR);
    write(opened, "mine", 4);
    exit(read(opened, d_bytes, 20) == 5 ? 0 : 1);
  }
  struct strrecvfd got;
  check(ioctl(fds[0], I_RECVFD, &got) == 0, "an open is received");
  check(read(got.fd, d_bytes, 20) == 4, "a pipe of its own");
  write(got.fd, "yours", 5);
  int status = -1;
  waitpid(child, &status, 0);
  check(status == 0, "both ways");
  fdetach("svr4streams.n");
  unlink("svr4streams.n");
  close(fds[0]);
  check(get(fds[1], 0, &flags) == 0 && c.len == 0 && d.len == 0, "the end of a pipe");
  ssig(SIGPIPE, SIG_IGN);
  check_error(write(fds[1], "x", 1), EPIPE, "writing to nobody");
}

int main(void) {
  int fds[2];
  struct stat st;
  pipe(fds);
  xstat(2, ".", &st);
  check(fxstat(2, fds[0], &st) == 0 && (st.st_mode & S_IFMT) == S_IFIFO, "a pipe is a FIFO");
  messages(fds[0], fds[1]);
  messages(fds[1], fds[0]);
  requests(fds[0], fds[1]);
  passing(fds[0], fds[1]);
  signals(fds[0], fds[1]);
  names();
  return failures;
}
