/* Control messages: open files, credentials, times; where they fit and where they do not. */
#include "sockets.h"

static char control[1024];

/* Sends a byte with descriptors. */
static long send_files(int s, const int* files, int count) {
  char byte = 'f';
  struct iovec part = {&byte, 1};
  struct msghdr m = {0};
  m.msg_iov = &part;
  m.msg_iovlen = 1;
  m.msg_control = control;
  m.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)count);
  struct cmsghdr* c = CMSG_FIRSTHDR(&m);
  c->cmsg_level = SOL_SOCKET;
  c->cmsg_type = SCM_RIGHTS;
  c->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)count);
  memcpy(CMSG_DATA(c), files, sizeof(int) * (size_t)count);
  return sendmsg(s, &m, MSG_NOSIGNAL);
}

/* One message with two items: of one descriptor, and of two. */
static long send_files_apart(int s, const int* files) {
  char byte = 'a';
  struct iovec part = {&byte, 1};
  struct msghdr m = {0};
  m.msg_iov = &part;
  m.msg_iovlen = 1;
  m.msg_control = control;
  m.msg_controllen = CMSG_SPACE(sizeof(int)) + CMSG_SPACE(2 * sizeof(int));
  memset(control, 0, sizeof control);
  struct cmsghdr* c = CMSG_FIRSTHDR(&m);
  for (int count = 1; count <= 2; ++count, c = CMSG_NXTHDR(&m, c)) {
    c->cmsg_level = SOL_SOCKET;
    c->cmsg_type = SCM_RIGHTS;
    c->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)count);
    memcpy(CMSG_DATA(c), files, sizeof(int) * (size_t)count);
  }
  return sendmsg(s, &m, MSG_NOSIGNAL);
}

/* Receives, shows what came with it, and closes the files among it. */
static void receive(const char* what, int s, size_t room, int flags) {
  char text[100];
  struct iovec part = {text, sizeof text};
  struct msghdr m = {0};
  m.msg_iov = &part;
  m.msg_iovlen = 1;
  m.msg_control = room ? control : 0;
  m.msg_controllen = room;
  memset(control, 0xee, sizeof control);
  errno = 0;
  long size = recvmsg(s, &m, flags);
  if (size < 0) {
    printf("%s: %s\n", what, strerrorname_np(errno));
    return;
  }
  printf("%s: %ld bytes, flags %x, %s control", what, size, (unsigned)m.msg_flags, m.msg_controllen ? "some" : "no");
  if (m.msg_controllen != 0)
    for (struct cmsghdr* c = CMSG_FIRSTHDR(&m); c != 0; c = CMSG_NXTHDR(&m, c)) {
      printf(" {length %d level %d type %d", (int)(c->cmsg_len - CMSG_LEN(0)), c->cmsg_level, c->cmsg_type);
      if (c->cmsg_type == SCM_RIGHTS) {
        for (size_t i = 0; i < (c->cmsg_len - CMSG_LEN(0)) / sizeof(int); ++i) {
          int file;
          memcpy(&file, CMSG_DATA(c) + i * sizeof file, sizeof file);
          printf(" %s", fcntl(file, F_GETFD) & FD_CLOEXEC ? "cloexec" : "open");
          close(file);
        }
      } else if (c->cmsg_type == SCM_CREDENTIALS) {
        struct ucred who;
        memcpy(&who, CMSG_DATA(c), sizeof who);
        printf(" pid %s uid %s", who.pid == getpid() ? "own" : who.pid == 0 ? "none" : "other", who.uid == getuid() ? "own" : "other");
      }
      printf("}");
    }
  printf("\n");
}

static void rights(int type) {
  int p[2], files[300];
  printf("type %d\n", type);
  socketpair(AF_UNIX, type, 0, p);
  for (int i = 0; i < 300; ++i) files[i] = 0;
  SHOW(send_files(p[0], files, 1));
  receive("one", p[1], sizeof control, 0);
  SHOW(send_files_apart(p[0], files));
  receive("three in two items", p[1], sizeof control, 0);
  SHOW(send_files(p[0], files, 3));
  receive("three, closed on exec", p[1], sizeof control, MSG_CMSG_CLOEXEC);
  SHOW(send_files(p[0], files, 3));
  receive("room for one", p[1], CMSG_LEN(sizeof(int)), 0);
  SHOW(send_files(p[0], files, 3));
  receive("room for two", p[1], CMSG_SPACE(2 * sizeof(int)), 0);
  SHOW(send_files(p[0], files, 2));
  receive("no room", p[1], 0, 0);
  SHOW(send_files(p[0], files, 2));
  receive("a little room", p[1], sizeof(struct cmsghdr), 0);
  SHOW(send_files(p[0], files, 1));
  receive("peeked", p[1], sizeof control, MSG_PEEK);
  receive("and taken", p[1], sizeof control, 0);
  SHOW(send_files(p[0], files, 0));
  receive("none", p[1], sizeof control, 0);
  files[1] = 999;
  SHOW(send_files(p[0], files, 2));
  files[1] = -1;
  SHOW(send_files(p[0], files, 2));
  receive("nothing was sent", p[1], sizeof control, MSG_DONTWAIT);
  SHOW(send_files(p[0], files, 1));
  char text[10];
  SHOW(read(p[1], text, sizeof text));
  close(p[0]);
  close(p[1]);
}

static void wrong(void) {
  int p[2];
  socketpair(AF_UNIX, SOCK_DGRAM, 0, p);
  char byte = 'x';
  struct iovec part = {&byte, 1};
  struct msghdr m = {0};
  m.msg_iov = &part;
  m.msg_iovlen = 1;
  m.msg_control = control;
  memset(control, 0, sizeof control);
  struct cmsghdr* c = (struct cmsghdr*)control;
  m.msg_controllen = CMSG_SPACE(4);
  c->cmsg_level = SOL_SOCKET;
  c->cmsg_type = 99;
  c->cmsg_len = CMSG_LEN(4);
  SHOW(sendmsg(p[0], &m, 0));
  c->cmsg_type = SCM_RIGHTS;
  c->cmsg_len = 3;
  SHOW(sendmsg(p[0], &m, 0));
  c->cmsg_len = 1000;
  SHOW(sendmsg(p[0], &m, 0));
  c->cmsg_len = CMSG_LEN(4);
  c->cmsg_level = 4711;
  SHOW(sendmsg(p[0], &m, 0));
  c->cmsg_level = SOL_SOCKET;
  c->cmsg_type = SCM_CREDENTIALS;
  SHOW(sendmsg(p[0], &m, 0));
  m.msg_control = (void*)16;
  SHOW(sendmsg(p[0], &m, 0));
  m.msg_control = 0;
  SHOW(sendmsg(p[0], &m, 0));
  m.msg_controllen = 4;
  m.msg_control = control;
  SHOW(sendmsg(p[0], &m, 0));
  m.msg_controllen = 0;
  m.msg_iovlen = 1025;
  SHOW(sendmsg(p[0], &m, 0));
  m.msg_iovlen = 1;
  m.msg_iov = (void*)16;
  SHOW(sendmsg(p[0], &m, 0));
  m.msg_iov = &part;
  m.msg_name = &part;
  m.msg_namelen = (socklen_t)-1;
  SHOW(sendmsg(p[0], &m, 0));
  SHOW(recvmsg(p[1], &m, MSG_DONTWAIT));
  m.msg_name = 0;
  m.msg_namelen = 77;
  SHOW(sendmsg(p[0], &m, 0));
  SHOW(sendmsg(p[0], (void*)16, 0));
  SHOW(recvmsg(p[1], (void*)16, 0));
}

static void credentials(void) {
  int p[2];
  socketpair(AF_UNIX, SOCK_DGRAM, 0, p);
  SHOW(send(p[0], "early", 5, 0));
  SHOW(set_number(p[1], SOL_SOCKET, SO_PASSCRED, 1));
  SHOW(send(p[0], "late", 4, 0));
  receive("early", p[1], sizeof control, 0);
  receive("late", p[1], sizeof control, 0);
  int file = 0;
  SHOW(send_files(p[0], &file, 1));
  receive("with a file", p[1], sizeof control, 0);
  SHOW(send_files(p[0], &file, 1));
  receive("little room", p[1], CMSG_LEN(4), 0);
  SHOW(send_files(p[0], &file, 1));
  receive("room for the first", p[1], CMSG_SPACE(sizeof(struct ucred)), 0);
  SHOW(send(p[0], "x", 1, 0));
  receive("without room", p[1], 0, 0);
  SHOW(set_number(p[1], SOL_SOCKET, SO_TIMESTAMP, 1));
  SHOW(send(p[0], "x", 1, 0));
  receive("with a time", p[1], sizeof control, 0);
  SHOW(set_number(p[1], SOL_SOCKET, SO_TIMESTAMPNS, 1));
  SHOW(send(p[0], "x", 1, 0));
  receive("with a finer one", p[1], sizeof control, 0);
  close(p[0]);
  close(p[1]);
  socketpair(AF_UNIX, SOCK_STREAM, 0, p);
  SHOW(set_number(p[1], SOL_SOCKET, SO_PASSCRED, 1));
  if (fork() == 0) {
    if (write(p[0], "child", 5) != 5) _exit(1);
    _exit(0);
  }
  wait(0);
  if (write(p[0], "own", 3) != 3) return;
  receive("of the child", p[1], sizeof control, 0);
  receive("of this process", p[1], sizeof control, 0);
}

static void many(void) {
  int p[2];
  socketpair(AF_UNIX, SOCK_DGRAM, 0, p);
  struct mmsghdr out[4], in[4];
  struct iovec parts[4], into[4];
  char text[4][8];
  memset(out, 0, sizeof out);
  memset(in, 0, sizeof in);
  const char* words[] = {"one", "three", "", "last"};
  for (int i = 0; i < 4; ++i) {
    parts[i].iov_base = (void*)words[i];
    parts[i].iov_len = strlen(words[i]);
    out[i].msg_hdr.msg_iov = &parts[i];
    out[i].msg_hdr.msg_iovlen = 1;
    into[i].iov_base = text[i];
    into[i].iov_len = sizeof text[i];
    in[i].msg_hdr.msg_iov = &into[i];
    in[i].msg_hdr.msg_iovlen = 1;
  }
  SHOW(sendmmsg(p[0], out, 4, 0));
  printf("lengths %u %u %u %u\n", out[0].msg_len, out[1].msg_len, out[2].msg_len, out[3].msg_len);
  SHOW(recvmmsg(p[1], in, 2, 0, 0));
  printf("lengths %u %u\n", in[0].msg_len, in[1].msg_len);
  SHOW(recvmmsg(p[1], in, 4, MSG_WAITFORONE, 0));
  printf("lengths %u %u\n", in[0].msg_len, in[1].msg_len);
  SHOW(recvmmsg(p[1], in, 4, MSG_DONTWAIT, 0));
  SHOW(recvmmsg(p[1], in, 0, MSG_DONTWAIT, 0));
  struct timespec none = {0, 1}, bad = {0, 2000000000};
  SHOW(sendmmsg(p[0], out, 2, 0));
  SHOW(recvmmsg(p[1], in, 4, 0, &none));
  SHOW(recvmmsg(p[1], in, 4, 0, &bad));
  parts[1].iov_base = (void*)16;
  SHOW(sendmmsg(p[0], out, 2, 0));
  SHOW(sendmmsg(p[0], out + 1, 1, 0));
  SHOW(sendmmsg(-1, out, 2, 0));
  SHOW(recvmmsg(0, in, 2, 0, 0));
}

int main(void) {
  setvbuf(stdout, 0, _IOLBF, 0);
  rights(SOCK_STREAM);
  rights(SOCK_DGRAM);
  rights(SOCK_SEQPACKET);
  wrong();
  credentials();
  many();
  return 0;
}
