/* Local sockets: what each call answers, and what each mistake is called. */
#include "sockets.h"

static int caught;
static void catch (int signo) { caught = signo; }

static void making(void) {
  int s;
  SHOW_FD(s, socket(AF_UNIX, SOCK_STREAM, 0));
  SHOW_FD(s, socket(AF_UNIX, SOCK_STREAM, AF_UNIX));
  SHOW_FD(s, socket(AF_UNIX, SOCK_STREAM, 77));
  SHOW_FD(s, socket(AF_UNIX, SOCK_RDM, 0));
  SHOW_FD(s, socket(AF_UNIX, SOCK_RAW, 0));
  printf("type of raw: %d\n", number_option(s, SOL_SOCKET, SO_TYPE));
  SHOW_FD(s, socket(AF_UNIX, 0, 0));
  SHOW_FD(s, socket(AF_UNIX, 99, 0));
  SHOW_FD(s, socket(AF_UNIX, SOCK_STREAM | 0x4000, 0));
  SHOW_FD(s, socket(0, SOCK_STREAM, 0));
  SHOW_FD(s, socket(-1, SOCK_STREAM, 0));
  SHOW_FD(s, socket(99, SOCK_STREAM, 0));
  SHOW_FD(s, socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  printf("flags: %x %x\n", (unsigned)fcntl(s, F_GETFL) & ~0100000u, (unsigned)fcntl(s, F_GETFD));
  int pair[2];
  SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
  SHOW(socketpair(AF_UNIX, SOCK_RDM, 0, pair));
  SHOW(socketpair(AF_INET, SOCK_STREAM, 0, pair));
  SHOW(socketpair(AF_UNIX, SOCK_STREAM, 0, (int*)16));
  struct stat st;
  SHOW(fstat(s, &st));
  printf("mode %o\n", st.st_mode);
  SHOW(lseek(s, 0, SEEK_CUR));
  SHOW(pread(s, pair, 1, 0));
  SHOW(ftruncate(s, 0));
}

static void descriptors(void) {
  struct sockaddr_un a;
  socklen_t size = local_address(&a, "\0x", 2);
  int file = open("/dev/null", O_RDWR);
  SHOW(bind(-1, (struct sockaddr*)&a, size));
  SHOW(bind(file, (struct sockaddr*)&a, size));
  SHOW(bind(-1, (struct sockaddr*)16, size));
  SHOW(bind(file, (struct sockaddr*)16, 500));
  SHOW(connect(file, (struct sockaddr*)&a, size));
  SHOW(listen(file, 1));
  SHOW(accept(file, 0, 0));
  SHOW(getsockname(file, (struct sockaddr*)&a, &size));
  SHOW(getpeername(-1, (struct sockaddr*)&a, &size));
  SHOW(send(file, "x", 1, 0));
  SHOW(sendto(-1, "x", 1, 0, (struct sockaddr*)&a, size));
  SHOW(recv(file, &a, 1, 0));
  SHOW(sendmsg(file, (struct msghdr*)16, 0));
  SHOW(recvmsg(-1, (struct msghdr*)16, 0));
  SHOW(shutdown(file, SHUT_RD));
  SHOW(setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &size, sizeof size));
  SHOW(getsockopt(-1, SOL_SOCKET, SO_TYPE, &size, &size));
}

static void naming(void) {
  int s = socket(AF_UNIX, SOCK_STREAM, 0), other = socket(AF_UNIX, SOCK_STREAM, 0);
  struct sockaddr_un a;
  show_name("unbound", s, getsockname);
  show_name("no peer", s, getpeername);
  socklen_t size = local_address(&a, "\0compared", 9);
  a.sun_family = AF_INET;
  SHOW(bind(s, (struct sockaddr*)&a, size));
  a.sun_family = AF_UNIX;
  SHOW(bind(s, (struct sockaddr*)&a, 1));
  SHOW(bind(s, (struct sockaddr*)&a, 0));
  SHOW(bind(s, (struct sockaddr*)&a, 111));
  SHOW(bind(s, (struct sockaddr*)&a, 200));
  SHOW(bind(s, (struct sockaddr*)&a, (socklen_t)-1));
  SHOW(bind(s, (struct sockaddr*)16, size));
  SHOW(bind(s, (struct sockaddr*)&a, size));
  show_name("abstract", s, getsockname);
  SHOW(bind(s, (struct sockaddr*)&a, size));
  SHOW(bind(other, (struct sockaddr*)&a, size));
  SHOW(bind(s, (struct sockaddr*)&a, 2));
  int automatic = socket(AF_UNIX, SOCK_DGRAM, 0);
  SHOW(bind(automatic, (struct sockaddr*)&a, 2));
  size = sizeof a;
  SHOW(getsockname(automatic, (struct sockaddr*)&a, &size));
  printf("autobind: length %d, begins with %d\n", (int)size, a.sun_path[0]);

  int path = socket(AF_UNIX, SOCK_STREAM, 0);
  SHOW(bind_local(path, "a.socket", 8));
  show_name("path", path, getsockname);
  SHOW(bind_local(path, "a.socket", 8));
  SHOW(bind_local(path, "b.socket", 8));
  SHOW(bind_local(other, "a.socket", 8));
  SHOW(bind_local(other, "nowhere/a", 9));
  SHOW(bind_local(other, "a.socket/b", 10));
  struct stat st;
  SHOW(stat("a.socket", &st));
  printf("mode %o\n", st.st_mode);
  SHOW(open("a.socket", O_RDWR));
  SHOW(connect_local(other, "a.socket", 8));
  SHOW(connect_local(other, "nowhere", 7));
  SHOW(connect_local(other, "", 0));
  int long_name = socket(AF_UNIX, SOCK_STREAM, 0);
  char name[108];
  memset(name, 'n', sizeof name);
  SHOW(bind_local(long_name, name, 108));
  show_name("longest", long_name, getsockname);
  unlink("a.socket");
  char longest[110] = {0};
  memcpy(longest, name, 108);
  SHOW(unlink(longest));

  /* How much of a name is told. */
  size = 4;
  memset(&a, 0xee, sizeof a);
  SHOW(getsockname(s, (struct sockaddr*)&a, &size));
  printf("cut: length %d, bytes %x %x %x\n", (int)size, (unsigned char)a.sun_path[0], (unsigned char)a.sun_path[1],
         (unsigned char)a.sun_path[2]);
  size = (socklen_t)-1;
  SHOW(getsockname(s, (struct sockaddr*)&a, &size));
  size = 0;
  SHOW(getsockname(s, (struct sockaddr*)&a, &size));
  printf("length %d\n", (int)size);
  size = sizeof a;
  SHOW(getsockname(s, 0, &size));
  SHOW(getsockname(s, (struct sockaddr*)&a, 0));
  close(s);
  SHOW(connect_local(other, "\0compared", 9));
}

static void connecting(void) {
  int l = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0), s;
  SHOW(listen(l, 5));
  SHOW(accept(l, 0, 0));
  SHOW(bind_local(l, "\0listener", 9));
  SHOW(connect_local(c, "\0listener", 9));
  SHOW(listen(l, 1));
  printf("acceptconn %d\n", number_option(l, SOL_SOCKET, SO_ACCEPTCONN));
  show_events("listener", l);
  show_events("client before", c);
  SHOW(send(c, "x", 1, 0));
  SHOW(recv(c, &s, 1, 0));
  SHOW(shutdown(c, SHUT_RDWR));
  close(c);
  c = socket(AF_UNIX, SOCK_STREAM, 0);
  SHOW(connect_local(c, "\0listener", 9));
  SHOW(connect_local(c, "\0listener", 9));
  SHOW(listen(c, 1));
  SHOW(bind_local(c, "\0client", 7));
  show_events("listener", l);
  show_events("client", c);
  show_name("peer", c, getpeername);
  int second = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), third = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
  SHOW(connect_local(second, "\0listener", 9));
  SHOW(connect_local(third, "\0listener", 9));
  struct sockaddr_un a;
  memset(&a, 0xee, sizeof a);
  socklen_t size = sizeof a;
  SHOW_FD(s, accept4(l, (struct sockaddr*)&a, &size, SOCK_CLOEXEC | SOCK_NONBLOCK));
  printf("from: family %d length %d\n", a.sun_family, (int)size);
  printf("flags: %x %x\n", (unsigned)fcntl(s, F_GETFL) & ~0100000u, (unsigned)fcntl(s, F_GETFD));
  show_name("accepted", s, getsockname);
  show_name("its peer", s, getpeername);
  SHOW(accept4(l, 0, 0, 7));
  SHOW(send(c, "before", 6, 0));
  char text[100];
  show_text("received", text, recv(s, text, sizeof text, 0));
  SHOW(recv(s, text, sizeof text, 0));
  SHOW(accept(l, (struct sockaddr*)&a, (socklen_t*)16));
  fcntl(l, F_SETFL, O_NONBLOCK);
  SHOW(accept(l, 0, 0));
  SHOW(recv(second, text, sizeof text, 0));
  close(l);
  SHOW(recv(second, text, sizeof text, 0));
  show_events("second", second);
  struct ucred who;
  size = sizeof who;
  SHOW(getsockopt(s, SOL_SOCKET, SO_PEERCRED, &who, &size));
  printf("pid %d uid %d gid %d size %d\n", who.pid == getpid(), who.uid == getuid(), who.gid == getgid(), (int)size);
  size = 4;
  SHOW(getsockopt(s, SOL_SOCKET, SO_PEERCRED, &who, &size));
  int wrong = socket(AF_UNIX, SOCK_DGRAM, 0), packets = socket(AF_UNIX, SOCK_SEQPACKET, 0);
  l = socket(AF_UNIX, SOCK_STREAM, 0);
  bind_local(l, "\0again", 6);
  listen(l, 5);
  SHOW(connect_local(wrong, "\0again", 6));
  SHOW(connect_local(packets, "\0again", 6));
  SHOW(listen(wrong, 1));
  SHOW(accept(wrong, 0, 0));
  SHOW(connect_local(l, "\0again", 6));
  memset(&a, 0, sizeof a);
  SHOW(connect(wrong, (struct sockaddr*)&a, 2));
  SHOW(connect(s, (struct sockaddr*)&a, 2));
}

static void streams(void) {
  int p[2];
  char text[100];
  socketpair(AF_UNIX, SOCK_STREAM, 0, p);
  SHOW(send(p[0], "", 0, 0));
  SHOW(send(p[0], "abc", 3, 0));
  SHOW(write(p[0], "def", 3));
  int waiting = 0;
  SHOW(ioctl(p[1], FIONREAD, &waiting));
  printf("waiting %d\n", waiting);
  SHOW(ioctl(p[0], TIOCOUTQ, &waiting));
  printf("sent %d\n", waiting > 0);
  SHOW(recv(p[1], text, 2, MSG_PEEK));
  SHOW(recv(p[1], text, 4, 0));
  SHOW(recv(p[1], text, 0, MSG_DONTWAIT));
  SHOW(read(p[1], text, 0));
  SHOW(recv(p[1], text, 9, MSG_TRUNC));
  SHOW(recv(p[1], text, 9, MSG_DONTWAIT));
  SHOW(recv(p[1], text, 9, MSG_DONTWAIT | MSG_WAITALL));
  SHOW(recv(p[1], text, 9, MSG_ERRQUEUE | MSG_DONTWAIT));
  struct sockaddr_un to;
  socklen_t size = local_address(&to, "\0x", 2);
  SHOW(sendto(p[0], "x", 1, 0, (struct sockaddr*)&to, size));
  SHOW(send(p[0], (void*)16, 4, 0));
  SHOW(recv(p[1], text, 9, MSG_DONTWAIT));
  SHOW(send(p[0], "xyz", 3, 0));
  SHOW(recv(p[1], (void*)16, 9, 0));
  SHOW(recv(p[1], text, 9, MSG_DONTWAIT));
  show_events("open", p[0]);
  SHOW(send(p[1], "unread", 6, 0));
  SHOW(shutdown(p[1], SHUT_WR));
  SHOW(shutdown(p[1], 7));
  SHOW(shutdown(p[1], -1));
  show_events("half closed", p[0]);
  show_events("other half", p[1]);
  SHOW(send(p[1], "x", 1, 0));
  printf("signal %d\n", caught);
  caught = 0;
  SHOW(send(p[1], "x", 1, MSG_NOSIGNAL));
  printf("signal %d\n", caught);
  close(p[1]);
  show_events("closed", p[0]);
  SHOW(recv(p[0], text, 3, 0));
  SHOW(recv(p[0], text, 9, 0));
  SHOW(recv(p[0], text, 9, 0));
  SHOW(send(p[0], "x", 1, MSG_NOSIGNAL));

  socketpair(AF_UNIX, SOCK_STREAM, 0, p);
  send(p[0], "unread", 6, 0);
  close(p[1]);
  show_events("reset", p[0]);
  printf("error %s\n", strerrorname_np(number_option(p[0], SOL_SOCKET, SO_ERROR)));
  SHOW(recv(p[0], text, 9, 0));
  close(p[0]);

  socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, p);
  static char much[1000000];
  printf("some fit: %d\n", write(p[0], much, sizeof much) > 100000);
  SHOW(write(p[0], much, 1));
  show_events("full", p[0]);
  while (read(p[1], much, sizeof much) > 0) continue;
  show_events("emptied", p[0]);
  struct iovec parts[3] = {{"one", 3}, {0, 0}, {"three", 5}};
  SHOW(writev(p[0], parts, 3));
  struct iovec into[2] = {{text, 2}, {text + 10, 20}};
  SHOW(readv(p[1], into, 2));
  show_text("first", text, 2);
  show_text("second", text + 10, 6);
}

static void datagrams(int type) {
  int p[2];
  char text[100];
  printf("type %d\n", type);
  socketpair(AF_UNIX, type, 0, p);
  SHOW(send(p[0], "", 0, 0));
  SHOW(send(p[0], "one", 3, MSG_EOR));
  SHOW(send(p[0], "three", 5, 0));
  int waiting = 0;
  SHOW(ioctl(p[1], FIONREAD, &waiting));
  printf("waiting %d\n", waiting);
  SHOW(recv(p[1], text, 9, 0));
  struct iovec part = {text, 2};
  struct msghdr m = {0};
  m.msg_iov = &part;
  m.msg_iovlen = 1;
  SHOW(recvmsg(p[1], &m, MSG_PEEK));
  printf("flags %x\n", (unsigned)m.msg_flags);
  SHOW(recvmsg(p[1], &m, MSG_TRUNC));
  printf("flags %x\n", (unsigned)m.msg_flags);
  SHOW(recv(p[1], text, 9, MSG_DONTWAIT));
  SHOW(recv(p[1], text, 9, MSG_DONTWAIT));
  SHOW(send(p[0], "lost", 4, 0));
  SHOW(recv(p[1], (void*)16, 9, 0));
  SHOW(recv(p[1], text, 9, MSG_DONTWAIT));
  static char much[300000];
  SHOW(send(p[0], much, sizeof much, 0));
  SHOW(shutdown(p[1], SHUT_RD));
  SHOW(send(p[0], "x", 1, 0));
  printf("signal %d\n", caught);
  caught = 0;
  SHOW(recv(p[1], text, 9, MSG_DONTWAIT));
  SHOW(recv(p[1], text, 9, 0));
  show_events("shut", p[1]);
  SHOW(shutdown(p[1], SHUT_RDWR));
  show_events("shut", p[1]);
  show_events("other", p[0]);
  close(p[1]);
  show_events("closed", p[0]);
  SHOW(send(p[0], "x", 1, 0));
  printf("signal %d\n", caught);
  caught = 0;
  SHOW(send(p[0], "x", 1, 0));
  SHOW(recv(p[0], text, 9, MSG_DONTWAIT));
  close(p[0]);
}

static void addressed(void) {
  int a = socket(AF_UNIX, SOCK_DGRAM, 0), b = socket(AF_UNIX, SOCK_DGRAM, 0), c = socket(AF_UNIX, SOCK_DGRAM, 0);
  struct sockaddr_un to_b, to_a, from;
  socklen_t size_b = local_address(&to_b, "\0bee", 4), size_a = local_address(&to_a, "\0a", 2), size;
  char text[100];
  SHOW(send(a, "x", 1, 0));
  SHOW(sendto(a, "x", 1, 0, (struct sockaddr*)&to_b, size_b));
  bind(b, (struct sockaddr*)&to_b, size_b);
  SHOW(sendto(a, "x", 1, 0, (struct sockaddr*)&to_b, size_b));
  size = sizeof from;
  memset(&from, 0xee, sizeof from);
  SHOW(recvfrom(b, text, 9, 0, (struct sockaddr*)&from, &size));
  printf("from nobody: length %d\n", (int)size);
  bind(a, (struct sockaddr*)&to_a, size_a);
  SHOW(sendto(a, "yy", 2, 0, (struct sockaddr*)&to_b, size_b));
  size = sizeof from;
  SHOW(recvfrom(b, text, 9, 0, (struct sockaddr*)&from, &size));
  show_text("from", from.sun_path, (long)size - 2);
  SHOW(sendto(a, "z", 1, 0, (struct sockaddr*)&to_b, 1));
  SHOW(sendto(a, "z", 1, 0, (struct sockaddr*)16, size_b));
  SHOW(sendto(a, "z", 1, 0, (struct sockaddr*)&to_b, 500));
  to_b.sun_family = AF_INET;
  SHOW(sendto(a, "z", 1, 0, (struct sockaddr*)&to_b, size_b));
  to_b.sun_family = 99;
  SHOW(sendto(a, "z", 1, 0, (struct sockaddr*)&to_b, size_b));
  SHOW(connect(a, (struct sockaddr*)&to_b, size_b));
  to_b.sun_family = AF_UNIX;
  SHOW(connect(a, (struct sockaddr*)&to_b, size_b));
  SHOW(send(a, "c", 1, 0));
  SHOW(sendto(c, "x", 1, 0, (struct sockaddr*)&to_a, size_a));
  SHOW(connect(c, (struct sockaddr*)&to_a, size_a));
  SHOW(sendto(b, "back", 4, 0, (struct sockaddr*)&to_a, size_a));
  SHOW(recv(a, text, 9, 0));
  int sent = 0;
  while (send(a, "x", 1, MSG_DONTWAIT) == 1) ++sent;
  printf("fit %d, then %s\n", sent, strerrorname_np(errno));
  show_events("full", a);
  recv(b, text, 9, 0);
  show_events("room", a);
  close(b);
  show_events("gone", a);
  SHOW(send(a, "x", 1, 0));
  SHOW(send(a, "x", 1, 0));
}

static void options(void) {
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  struct timeval t = {1, 500000};
  socklen_t size = sizeof t;
  printf("type %d domain %d protocol %d error %d\n", number_option(s, SOL_SOCKET, SO_TYPE), number_option(s, SOL_SOCKET, SO_DOMAIN),
         number_option(s, SOL_SOCKET, SO_PROTOCOL), number_option(s, SOL_SOCKET, SO_ERROR));
  SHOW(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
  t.tv_sec = 0;
  SHOW(getsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, &size));
  printf("%ld.%06ld %d\n", (long)t.tv_sec, (long)t.tv_usec, (int)size);
  t.tv_usec = 1000000;
  SHOW(setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t));
  SHOW(setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &t, 4));
  SHOW(set_number(s, SOL_SOCKET, SO_SNDBUF, 10000));
  printf("sndbuf %d\n", number_option(s, SOL_SOCKET, SO_SNDBUF));
  SHOW(set_number(s, SOL_SOCKET, SO_SNDBUF, 0));
  printf("smallest %d\n", number_option(s, SOL_SOCKET, SO_SNDBUF));
  SHOW(set_number(s, SOL_SOCKET, SO_RCVBUF, 0));
  printf("smallest %d\n", number_option(s, SOL_SOCKET, SO_RCVBUF));
  struct linger l = {1, 5};
  SHOW(setsockopt(s, SOL_SOCKET, SO_LINGER, &l, sizeof l));
  size = sizeof l;
  l.l_linger = 0;
  SHOW(getsockopt(s, SOL_SOCKET, SO_LINGER, &l, &size));
  printf("linger %d %d\n", l.l_onoff, l.l_linger);
  const int names[] = {SO_REUSEADDR, SO_KEEPALIVE, SO_BROADCAST, SO_OOBINLINE, SO_PASSCRED, SO_RCVLOWAT, SO_SNDLOWAT,
                       SO_PRIORITY, SO_TIMESTAMP, SO_REUSEPORT, SO_PEEK_OFF};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i) {
    errno = 0;
    const int before = number_option(s, SOL_SOCKET, names[i]);
    const int set = set_number(s, SOL_SOCKET, names[i], 2);
    printf("option %d: %d, set %d %s, then %d\n", names[i], before, set, set < 0 ? strerrorname_np(errno) : "",
           number_option(s, SOL_SOCKET, names[i]));
  }
  int value = 1;
  size = 4;
  SHOW(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &value, 3));
  SHOW(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &value, (socklen_t)-1));
  SHOW(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, (void*)16, 4));
  SHOW(setsockopt(s, SOL_SOCKET, 12345, &value, 4));
  SHOW(getsockopt(s, SOL_SOCKET, 12345, &value, &size));
  SHOW(setsockopt(s, SOL_SOCKET, SO_TYPE, &value, 4));
  SHOW(getsockopt(s, SOL_SOCKET, SO_TYPE, &value, (void*)16));
  SHOW(getsockopt(s, SOL_SOCKET, SO_TYPE, (void*)16, &size));
  size = 2;
  value = -1;
  SHOW(getsockopt(s, SOL_SOCKET, SO_TYPE, &value, &size));
  printf("cut: %x %d\n", (unsigned)value, (int)size);
  size = (socklen_t)-1;
  SHOW(getsockopt(s, SOL_SOCKET, SO_TYPE, &value, &size));
  SHOW(setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &value, 4));
  SHOW(setsockopt(s, 4711, 1, &value, 4));
}

int main(void) {
  char directory[] = "/tmp/polyabi-sockets-XXXXXX";
  setvbuf(stdout, 0, _IOLBF, 0);
  signal(SIGPIPE, catch);
  umask(022);
  if (mkdtemp(directory) == 0 || chdir(directory) != 0) return 1;
  making();
  descriptors();
  naming();
  connecting();
  streams();
  datagrams(SOCK_DGRAM);
  datagrams(SOCK_SEQPACKET);
  addressed();
  options();
  return chdir("/") != 0 || rmdir(directory) != 0;
}
