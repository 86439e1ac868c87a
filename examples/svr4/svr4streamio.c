/* Streams: signals for each event, poll by band, read modes, requests that drivers and modules answer, names with connld. And
 * terminals as streams: the master and slave of a pseudo-terminal, its modules, packet mode. */
#include "libc/tli.h"

static char c_bytes[64], d_bytes[64];
static struct strbuf c = {sizeof c_bytes, -1, c_bytes}, d = {sizeof d_bytes, -1, d_bytes};

static int get(int fd) {
  int flags = 0;
  return getmsg(fd, &c, &d, &flags);
}
static int put(int fd, const char *control, const char *data, int band) {
  struct strbuf cc = {0, control ? (int)strlen(control) : -1, (void *)control};
  struct strbuf dd = {0, data ? (int)strlen(data) : -1, (void *)data};
  return band < 0 ? putmsg(fd, &cc, &dd, RS_HIPRI) : putpmsg(fd, control ? &cc : NULL, &dd, band, MSG_BAND);
}
static int is(const char *a, const char *b) { return strcmp(a, b) == 0; }
static void set_nonblocking(int fd) { fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK); }
static void drain(int fd) {
  while (get(fd) >= 0 && (c.len > 0 || d.len > 0)) continue;
}
static short polled(int fd, short events) {
  struct pollfd p = {fd, events, 0};
  return poll(&p, 1, 0) < 0 ? -1 : p.revents;
}

/* --- SIGPOLL */

enum { POLL_IN = 1, POLL_OUT, POLL_MSG, POLL_ERR, POLL_PRI, POLL_HUP };
static int signal_seen, code_seen;
static void on_poll(int number, siginfo_t *info, ucontext_t *context) {
  signal_seen = number;
  code_seen = info->si_code;
  (void)context;
}
static int told(int number, int code) {
  const int right = signal_seen == number && code_seen == code;
  signal_seen = code_seen = 0;
  return right;
}

static void signals(void) {
  struct sigaction act = {SA_SIGINFO, handler_entry, {{0}}, {0}};
  int fds[2];
  handler_function = on_poll;
  sigaction(SIGPOLL, &act, NULL);
  sigaction(SIGURG, &act, NULL);
  pipe(fds);
  int a = fds[0], b = fds[1];
  set_nonblocking(a);
  set_nonblocking(b);
  check_error(ioctl(b, I_SETSIG, 0x8000), EINVAL, "I_SETSIG: no such event");
  ioctl(b, I_SETSIG, S_INPUT);
  put(a, NULL, "x", 0);
  check(told(SIGPOLL, POLL_IN), "S_INPUT");
  drain(b);
  ioctl(b, I_SETSIG, S_RDNORM);
  put(a, NULL, "x", 3);
  check(told(0, 0), "S_RDNORM, and a band");
  drain(b);
  put(a, NULL, "x", 0);
  check(told(SIGPOLL, POLL_IN), "S_RDNORM");
  drain(b);
  ioctl(b, I_SETSIG, S_RDBAND);
  put(a, NULL, "x", 0);
  check(told(0, 0), "S_RDBAND, and none");
  drain(b);
  put(a, NULL, "x", 3);
  check(told(SIGPOLL, POLL_IN), "S_RDBAND");
  drain(b);
  ioctl(b, I_SETSIG, S_RDBAND | S_BANDURG);
  put(a, NULL, "x", 3);
  check(signal_seen == SIGURG, "S_BANDURG");
  signal_seen = 0;
  drain(b);
  ioctl(b, I_SETSIG, S_HIPRI);
  put(a, "urgent", NULL, -1);
  check(told(SIGPOLL, POLL_PRI), "S_HIPRI");
  drain(b);
  ioctl(b, I_SETSIG, 0);

  ioctl(a, I_SETSIG, S_OUTPUT);
  while (write(a, d_bytes, sizeof d_bytes) > 0) continue;
  check(polled(a, POLLOUT) == 0 && ioctl(a, I_CANPUT, 0) == 0, "a full stream");
  signal_seen = 0;
  drain(b);
  check(told(SIGPOLL, POLL_OUT) && polled(a, POLLOUT) == POLLOUT, "S_OUTPUT");
  close(a);
  close(b);
  pipe(fds); /* whose only band is the one that is full */
  a = fds[0], b = fds[1];
  set_nonblocking(a);
  set_nonblocking(b);
  ioctl(a, I_SETSIG, S_WRBAND);
  while (put(a, NULL, "0123456789012345678901234567890123456789", 1) == 0) continue;
  check(ioctl(a, I_CANPUT, 1) == 0 && ioctl(a, I_CANPUT, 0) == 1, "a full band");
  check(polled(a, POLLWRBAND | POLLOUT) == POLLOUT, "no POLLWRBAND");
  signal_seen = 0;
  drain(b);
  check(told(SIGPOLL, POLL_OUT) && polled(a, POLLWRBAND) == POLLWRBAND, "S_WRBAND and POLLWRBAND");
  put(a, NULL, "x", 2);
  check(polled(b, POLLRDBAND | POLLRDNORM) == POLLRDBAND, "POLLRDBAND");
  drain(b);
  put(a, NULL, "x", 0);
  check(polled(b, POLLRDBAND | POLLRDNORM) == POLLRDNORM, "POLLRDNORM");
  drain(b);
  struct strsigset other = {getpid(), S_HANGUP};
  check(ioctl(a, I_ESETSIG, &other) == 0, "I_ESETSIG");
  close(b);
  check(told(SIGPOLL, POLL_HUP) && (polled(a, POLLIN) & POLLHUP), "S_HANGUP");
  close(a);

  const int fd = open("/dev/ticots", O_RDWR);
  ioctl(fd, I_SETSIG, S_ERROR | S_INPUT);
  const int data_req[2] = {3, 0};
  struct strbuf control = {0, sizeof data_req, (void *)data_req};
  putmsg(fd, &control, NULL, 0);
  check(told(SIGPOLL, POLL_ERR) && (polled(fd, POLLIN) & POLLERR), "S_ERROR");
  check_error(get(fd), EPROTO, "a stream that failed");
  check_error(get(fd), EPROTO, "and goes on failing");
  close(fd);
}

/* --- reading */

static void read_modes(void) {
  int fds[2], n;
  pipe(fds);
  const int a = fds[0], b = fds[1];
  ioctl(b, I_SRDOPT, RMSGD);
  write(a, "12345", 5);
  write(a, "678", 3);
  check(read(b, d_bytes, 2) == 2 && read(b, d_bytes, 20) == 3 && d_bytes[0] == '6', "RMSGD drops the rest");
  check(ioctl(b, I_SRDOPT, RMSGD | RPROTDIS) == 0 && ioctl(b, I_GRDOPT, &n) == 0 && n == (RMSGD | RPROTDIS), "I_GRDOPT");
  put(a, "control", "data", 0);
  check(read(b, d_bytes, 20) == 4 && d_bytes[0] == 'd', "RPROTDIS");
  ioctl(b, I_SRDOPT, RNORM | RPROTNORM);
  check_error(ioctl(b, I_SRDOPT, RPROTDAT | RPROTDIS), EINVAL, "I_SRDOPT: two ways of control parts");
  check(ioctl(b, I_SERROPT, 2 | 8) == 0 && ioctl(b, I_GERROPT, &n) == 0 && n == (2 | 8), "I_SERROPT");
  check_error(ioctl(b, I_SERROPT, 3), EINVAL, "I_SERROPT: both");
  check_error(ioctl(b, I_SWROPT, 0x40), EINVAL, "I_SWROPT: EINVAL");
  n = -5;
  check_error(ioctl(b, I_SETCLTIME, &n), EINVAL, "I_SETCLTIME: EINVAL");
  check_error(ioctl(b, I_FLUSH, 0), EINVAL, "I_FLUSH of nothing");
  struct bandinfo band = {7, FLUSHR};
  put(a, NULL, "seven", 7);
  put(a, NULL, "one", 1);
  check(ioctl(b, I_FLUSHBAND, &band) == 0 && ioctl(b, I_CKBAND, 7) == 0 && ioctl(b, I_CKBAND, 1) == 1, "I_FLUSHBAND of one band");
  check_error(ioctl(b, I_ATMARK, 0), EINVAL, "I_ATMARK: EINVAL");
  check_error(ioctl(b, I_CKBAND, 256), EINVAL, "I_CKBAND: EINVAL");
  close(a);
  close(b);
}

/* --- modules and links */

static void modules(void) {
  int fds[2], status = -1;
  pipe(fds);
  const int a = fds[0], b = fds[1];
  enum { I_PUSH_NOCTTY = STR(047), I_MUXID2FD = STR(056), I_INSERT, I_REMOVE, I_GETPEERCRED, I_PLINK_LH };
  check(ioctl(a, I_PUSH_NOCTTY, "pipemod") == 0 && ioctl(a, I_ANCHOR, 0) == 0, "I_ANCHOR");
  check(ioctl(a, I_PUSH, "pipemod") == 0 && ioctl(a, I_POP, 0) == 0, "I_POP above the anchor");
  if (fork() == 0) {
    syscall(23, 100); /* setuid */
    exit(ioctl(a, I_POP, 0) == -1 && errno == EPERM && ioctl(a, I_LIST, NULL) == 2 ? 0 : 1);
  }
  wait(&status);
  check(status == 0, "I_POP of what is anchored: EPERM");
  check_error(ioctl(a, I_PUSH, (char *)8), EFAULT, "I_PUSH: EFAULT");
  check_error(ioctl(a, I_PUSH, "a name that is far too long"), EINVAL, "I_PUSH: a name too long");
  check_error(ioctl(a, I_FIND, "nonsense"), EINVAL, "I_FIND: no such module");
  int pushed = 0;
  while (pushed < 1000 && ioctl(b, I_PUSH, "pipemod") == 0) ++pushed;
  check(pushed == 9 && errno == EINVAL, "as many modules as NSTRPUSH");
  check_error(ioctl(a, I_PLINK, b), EINVAL, "I_PLINK");
  check_error(ioctl(a, I_UNLINK, -1), EINVAL, "I_UNLINK");
  check_error(ioctl(a, I_PUNLINK, -1), EINVAL, "I_PUNLINK");
  check_error(ioctl(a, I_LINK, 0x1000), EBADF, "I_LINK: EBADF");
  int nothing[8] = {0};
  check_error(ioctl(a, I_MUXID2FD, nothing), EINVAL, "_I_MUXID2FD");
  check_error(ioctl(a, I_INSERT, nothing), EINVAL, "_I_INSERT");
  check_error(ioctl(a, I_REMOVE, nothing), EINVAL, "_I_REMOVE");
  check_error(ioctl(a, I_GETPEERCRED, nothing), EINVAL, "_I_GETPEERCRED");
  check_error(ioctl(a, I_PLINK_LH, nothing), EINVAL, "_I_PLINK_LH");
  check_error(ioctl(a, STR(0x7f), nothing), ENOTTY, "a request that none is");
  check_error(ioctl(a, I_SENDFD, 0x1000), EBADF, "I_SENDFD: EBADF");
  close(b);
  check_error(ioctl(a, I_SENDFD, a), ENXIO, "I_SENDFD to nobody");
  check_error(ioctl(a, I_PUSH, "pipemod"), ENXIO, "I_PUSH after a hang-up");
  close(a);
}

/* --- a transport's requests */

static void transport(void) {
  char name[20];
  struct { uint maxlen, len; void *buf; } own = {sizeof name, 0, name};
  enum { TI_GETMYNAME = 'T' << 8 | 144, TI_GETPEERNAME };
  const int fd = t_open("/dev/ticots", O_RDWR | O_NONBLOCK, NULL), other = t_open("/dev/ticots", O_RDWR, NULL);
  struct t_bind wanted = {{6, 6, "myself"}, 0};
  check_error(ioctl(fd, TI_GETPEERNAME, &own), 134 /* ENOTCONN */, "TI_GETPEERNAME: ENOTCONN");
  t_bind(fd, &wanted, NULL);
  check(ioctl(fd, TI_GETMYNAME, &own) == 0 && own.len == 6 && memcmp(name, "myself", 6) == 0, "TI_GETMYNAME");
  /* What is looked at has the same error numbers as what is taken. */
  struct t_call call = {{6, 6, "nobody"}, {0}, {0}, 0};
  t_connect(fd, &call, NULL);
  int words[8];
  struct strpeek peek = {{sizeof words, -1, words}, {-1, -1, NULL}, 0};
  check(ioctl(fd, I_PEEK, &peek) == 1 && words[0] == 13 && words[1] == ECONNREFUSED, "I_PEEK of T_DISCON_IND");
  struct t_discon why = {{0}, 0, 0};
  check(t_rcvdis(fd, &why) == 0 && why.reason == ECONNREFUSED, "t_rcvdis");
  struct strfdinsert insert = {{0, 20, words}, {0, -1, NULL}, 0, other, 3};
  check_error(ioctl(fd, I_FDINSERT, &insert), EINVAL, "I_FDINSERT: an offset that is none");
  insert.offset = 20;
  check_error(ioctl(fd, I_FDINSERT, &insert), EINVAL, "I_FDINSERT: an offset behind the end");
  insert.offset = 4;
  insert.fildes = 0x1000;
  check_error(ioctl(fd, I_FDINSERT, &insert), EBADF, "I_FDINSERT: EBADF");
  check_error(ioctl(fd, I_SENDFD, other), EINVAL, "I_SENDFD on what is no pipe");
  check(isastream(fd) == 1 && ioctl(fd, I_FIND, "timod") == 1, "an endpoint is a stream");
  close(fd);
  close(other);
}

/* --- names */

static void names(void) {
  enum { openers = 3 };
  int fds[2], answered = 0, status, all_good = 1;
  char name[] = "/tmp/svr4streamio.00000"; /* where any user may go */
  for (int at = (int)strlen(name) - 1, n = getpid(); n != 0; n /= 10) name[at--] = (char)('0' + n % 10);
  close(creat(name, 0666));
  chmod(name, 0666);
  pipe(fds);
  const int file = open("/dev/null", O_RDWR);
  check_error(fattach(file, name), EINVAL, "fattach of what is no stream");
  check_error(fattach(fds[1], "nowhere"), ENOENT, "fattach: ENOENT");
  check(ioctl(fds[1], I_PUSH, "connld") == 0 && fattach(fds[1], name) == 0, "connld is attached");
  for (int i = 0; i < openers; ++i)
    if (fork() == 0) {
      char own = (char)('0' + i), answer[2] = "";
      syscall(46, 10 + i);  /* setgid */
      syscall(23, 100 + i); /* setuid */
      const int fd = open(name, O_RDWR);
      if (fd < 0 || isastream(fd) != 1 || write(fd, &own, 1) != 1 || read(fd, answer, 2) != 2) exit(1);
      exit(answer[0] == own && answer[1] == 'x' ? 0 : 2);
    }
  for (int i = 0; i < openers; ++i) {
    struct strrecvfd got = {-1, 0, 0, ""};
    char who[2] = "?x";
    if (ioctl(fds[0], I_RECVFD, &got) < 0 || read(got.fd, who, 1) != 1) break;
    const uint number = (uint)(who[0] - '0');
    all_good = all_good && number < openers && (geteuid() != 0 || (got.uid == 100 + number && got.gid == 10 + number));
    answered += write(got.fd, who, 2) == 2;
    close(got.fd);
  }
  check(answered == openers && all_good, "each open is a pipe of its own, and says whose");
  int ended = 0;
  for (int i = 0; i < openers; ++i) ended += wait(&status) > 0 && status == 0;
  check(ended == openers, "and carries its own bytes");
  check(fdetach(name) == 0, "fdetach");
  unlink(name);
  close(fds[0]);
  close(fds[1]);
}

/* --- pseudo-terminals */

static int control_of(int fd, int command) {
  struct strioctl s = {command, 0, 0, NULL};
  return ioctl(fd, I_STR, &s);
}
static void number_to(char *to, int n) {
  if (n >= 10) *to++ = (char)('0' + n / 10 % 10);
  *to++ = (char)('0' + n % 10);
  *to = 0;
}
static void terminals(void) {
  enum { ISPTM = 'P' << 8 | 1, UNLKPT, OWNERPT = 'P' << 8 | 5 };
  char slave_name[20] = "/dev/pts/";
  struct str_mlist list_names[8];
  struct str_list list = {8, list_names};
  struct winsize size = {33, 99, 0, 0}, there = {0, 0, 0, 0};
  struct termios modes;
  const int master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
  check(master >= 0 && isastream(master) == 1, "/dev/ptmx is a stream");
  const int number = control_of(master, ISPTM);
  check(number >= 0 && control_of(master, OWNERPT) == 0 && control_of(master, UNLKPT) == 0, "ptsname, grantpt, unlockpt");
  number_to(slave_name + 9, number);
  const int slave = open(slave_name, O_RDWR | O_NOCTTY);
  check(slave >= 0 && isastream(slave) == 1, "its slave");
  check_error(control_of(slave, ISPTM), EINVAL, "a slave is no master");
  check(ioctl(slave, I_LIST, &list) == 0 && list.sl_nmods == 4 && is(list_names[0].l_name, "ttcompat") &&
            is(list_names[1].l_name, "ldterm") && is(list_names[2].l_name, "ptem"), "the modules of a terminal");
  char top[9];
  check(ioctl(slave, I_LOOK, top) == 0 && is(top, "ttcompat") && ioctl(slave, I_FIND, "ldterm") == 1, "I_LOOK, I_FIND");
  check(ioctl(slave, I_PUSH, "ptem") == 0 && ioctl(slave, I_PUSH, "ldterm") == 0 && ioctl(slave, I_PUSH, "ttcompat") == 0 &&
            ioctl(slave, I_LIST, NULL) == 7, "pushing them");
  check(ioctl(slave, I_POP, 0) == 0 && ioctl(slave, I_POP, 0) == 0 && ioctl(slave, I_POP, 0) == 0, "popping them");
  check_error(ioctl(master, I_PUSH, "ldterm"), ENXIO, "a line discipline over a master");
  check(ioctl(master, TIOCSWINSZ, &size) == 0 && ioctl(slave, TIOCGWINSZ, &there) == 0 && there.ws_row == 33 && there.ws_col == 99,
        "TIOCSWINSZ");
  check(ioctl(slave, TCGETS, &modes) == 0 && (modes.c_lflag & (ICANON | ECHO)) == (ICANON | ECHO), "TCGETS");
  write(master, "line\rrest", 9);
  check(read(slave, d_bytes, sizeof d_bytes) == 5 && memcmp(d_bytes, "line\n", 5) == 0, "a line");
  const int echoed = read(master, d_bytes, sizeof d_bytes);
  check(echoed == 10 && memcmp(d_bytes, "line\r\nrest", 10) == 0, "its echo");
  check(ioctl(slave, I_FLUSH, FLUSHRW) == 0, "I_FLUSH");
  modes.c_lflag &= ~(uint)(ICANON | ECHO);
  modes.c_iflag &= ~(uint)ICRNL;
  modes.c_oflag &= ~(uint)OPOST;
  modes.c_cc[VMIN] = 1, modes.c_cc[VTIME] = 0;
  check(ioctl(slave, TCSETSF, &modes) == 0, "TCSETSF");
  write(master, "raw\r", 4);
  int n = 0;
  check(ioctl(slave, I_NREAD, &n) == 1 && n == 4, "I_NREAD");
  check(get(slave) == 0 && d.len == 4 && c.len == -1 && memcmp(d_bytes, "raw\r", 4) == 0, "getmsg");
  struct strbuf data = {0, 3, "out"};
  check(putmsg(slave, NULL, &data, 0) == 0 && read(master, d_bytes, sizeof d_bytes) == 3, "putmsg");
  check(ioctl(master, I_PUSH, "pckt") == 0 && write(slave, "packet", 6) == 6, "pckt");
  check(get(master) == 0 && c.len == 1 && c_bytes[0] == 0 && d.len == 6 && memcmp(d_bytes, "packet", 6) == 0, "a packet is M_DATA");
  check(ioctl(master, I_POP, 0) == 0, "without packets");
  close(slave);
  struct pollfd p = {master, POLLIN, 0};
  poll(&p, 1, 1000);
  check((p.revents & POLLHUP) != 0 || read(master, d_bytes, 1) <= 0, "the slave has gone");
  close(master);
}

int main(void) {
  signals();
  read_modes();
  modules();
  transport();
  names();
  terminals();
  return failures;
}
