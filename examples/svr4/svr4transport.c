/* The Transport Library Interface over the loopback transports: connections with and without orderly release, datagrams. */
#include "libc/tli.h"

static int is_error(int answer, int error) { return answer == -1 && t_errno == error; }
static struct netbuf address(const char *name) {
  struct netbuf n = {(uint)strlen(name), (uint)strlen(name), (void *)name};
  return n;
}

static void connections(const char *device, int orderly) {
  struct t_info info;
  char bytes[200];
  int flags = 0;
  const int server = t_open(device, O_RDWR, &info), by = t_open(device, O_RDWR, NULL);
  check(server >= 0 && info.servtype == (orderly ? T_COTS_ORD : T_COTS), device);
  check(t_getstate(server) == T_UNBND, "T_UNBND");
  struct t_bind wanted = {address("server"), 2}, got = {{sizeof bytes, 0, bytes}, 0};
  check(t_bind(server, &wanted, &got) == 0 && got.qlen == 2 && got.addr.len == 6 && !memcmp(bytes, "server", 6), "t_bind");
  check(is_error(t_bind(server, &wanted, NULL), TOUTSTATE), "TOUTSTATE");
  check(t_getstate(server) == T_IDLE, "T_IDLE");
  check(t_bind(by, NULL, &got) == 0 && got.addr.len == 4, "t_bind to any address");
  check(is_error(t_bind(t_open(device, O_RDWR, NULL), &wanted, NULL), TADDRBUSY), "TADDRBUSY");

  const int child = fork();
  if (child == 0) {
    const int fd = t_open(device, O_RDWR, NULL);
    t_bind(fd, NULL, NULL);
    struct t_call to = {address("nobody"), {0}, {0}, 0};
    if (!is_error(t_connect(fd, &to, NULL), TLOOK) || t_look(fd) != T_DISCONNECT) exit(1);
    struct t_discon why = {{0}, 0, 0};
    if (t_rcvdis(fd, &why) < 0 || why.reason != ECONNREFUSED) exit(2);
    to.addr = address("server");
    to.udata = address("hello");
    struct t_call from = {{sizeof bytes, 0, bytes}, {0}, {0}, 0};
    if (t_connect(fd, &to, &from) < 0 || from.addr.len != 6) exit(3);
    if (t_getstate(fd) != T_DATAXFER) exit(4);
    if (t_snd(fd, "question", 8, 0) != 8) exit(5);
    if (t_rcv(fd, bytes, sizeof bytes, &flags) != 6 || memcmp(bytes, "answer", 6)) exit(6);
    if (t_snd(fd, "!", 1, T_EXPEDITED) != 1) exit(7);
    if (orderly) {
      /* unless the other side has answered already: then its release is there to be received */
      if (t_sndrel(fd) < 0 || (t_getstate(fd) != T_OUTREL && t_look(fd) != T_ORDREL)) exit(8);
      struct pollfd p = {fd, POLLIN, 0};
      poll(&p, 1, -1);
      if (t_rcvrel(fd) < 0 || t_getstate(fd) != T_IDLE) exit(9);
    } else if (t_snddis(fd, NULL) < 0) {
      exit(10);
    }
    exit(0);
  }
  struct t_call call = {{sizeof bytes, 0, bytes}, {0}, {sizeof bytes - 100, 0, bytes + 100}, 0};
  check(t_listen(server, &call) == 0 && call.addr.len == 4, "t_listen");
  check(call.udata.len == 5 && !memcmp(bytes + 100, "hello", 5), "data with a connection request");
  call.udata.len = 0;
  check(t_accept(server, by, &call) == 0, "t_accept");
  check(t_getstate(by) == T_DATAXFER && t_getstate(server) == T_IDLE, "T_DATAXFER");
  check(t_rcv(by, bytes, 3, &flags) == 3 && (flags & T_MORE), "t_rcv of a part");
  check(t_rcv(by, bytes, sizeof bytes, &flags) == 5 && !(flags & T_MORE), "t_rcv of the rest");
  check(t_snd(by, "answer", 6, 0) == 6, "t_snd");
  struct pollfd p = {by, POLLIN | POLLRDBAND, 0};
  check(poll(&p, 1, -1) == 1, "poll");
  if (orderly) {
    check(t_rcv(by, bytes, sizeof bytes, &flags) == 1 && (flags & T_EXPEDITED), "expedited data");
    p.revents = 0;
    poll(&p, 1, -1);
    check(t_look(by) == T_ORDREL && is_error(t_rcv(by, bytes, 1, &flags), TLOOK), "TLOOK");
    check(t_rcvrel(by) == 0 && t_getstate(by) == T_INREL, "t_rcvrel");
    check(t_sndrel(by) == 0 && t_getstate(by) == T_IDLE, "t_sndrel");
  } else {
    int event;
    while ((event = t_look(by)) != T_DISCONNECT)
      if (event == T_EXDATA) t_rcv(by, bytes, sizeof bytes, &flags);
    check(t_rcvdis(by, NULL) == 0 && t_getstate(by) == T_IDLE, "t_rcvdis");
    check(is_error(t_rcvdis(by, NULL), TNODIS), "TNODIS");
  }
  int status = -1;
  waitpid(child, &status, 0);
  check(status == 0, "the client's side");
  check(t_unbind(by) == 0 && t_getstate(by) == T_UNBND, "t_unbind");
  struct t_optmgmt options = {{0}, T_NEGOTIATE}, set = {{0}, 0};
  check(t_optmgmt(server, &options, &set) == 0, "t_optmgmt");
  t_close(by);
  t_close(server);
}

static void datagrams(void) {
  struct t_info info;
  char from[100], text[100];
  int flags;
  const int a = t_open("/dev/ticlts", O_RDWR, &info), b = t_open("/dev/ticlts", O_RDWR, NULL);
  check(a >= 0 && info.servtype == T_CLTS, "/dev/ticlts");
  struct t_bind name = {address("alice"), 0};
  t_bind(a, &name, NULL);
  name.addr = address("bob");
  t_bind(b, &name, NULL);
  struct t_unitdata unit = {address("bob"), {0}, address("hello")};
  struct t_unitdata got = {{sizeof from, 0, from}, {0}, {sizeof text, 0, text}};
  check(t_sndudata(a, &unit) == 0, "t_sndudata");
  check(t_rcvudata(b, &got, &flags) == 0 && got.udata.len == 5 && got.addr.len == 5 && !memcmp(from, "alice", 5), "t_rcvudata");
  unit.addr = address("nobody");
  t_sndudata(a, &unit);
  check(is_error(t_rcvudata(a, &got, &flags), TLOOK), "TLOOK of a datagram that was lost");
  struct t_uderr error = {{sizeof from, 0, from}, {0}, 0};
  check(t_rcvuderr(a, &error) == 0 && error.error == ECONNREFUSED && error.addr.len == 6, "t_rcvuderr");
  fcntl(b, F_SETFL, O_RDWR | O_NONBLOCK);
  check(is_error(t_rcvudata(b, &got, &flags), TNODATA), "TNODATA");

  /* All of many datagrams arrive, in order, by poll and getmsg. */
  enum { count = 100000 };
  if (fork() == 0) {
    struct t_unitdata one = {address("bob"), {0}, {sizeof(int), sizeof(int), NULL}};
    for (int i = 0; i < count; ++i) {
      one.udata.buf = &i;
      if (t_sndudata(a, &one) < 0) exit(1);
    }
    exit(0);
  }
  int received = 0, in_order = 0;
  struct pollfd p = {b, POLLIN, 0};
  while (received < count && poll(&p, 1, 100000) == 1)
    while (t_rcvudata(b, &got, &flags) == 0) {
      int number;
      memcpy(&number, text, sizeof number);
      in_order += number == received;
      ++received;
    }
  check(received == count && in_order == count, "100000 datagrams");
  int status = -1;
  wait(&status);
  check(status == 0, "their sender");
}

/* read and write on a connection. */
static void bytes_only(void) {
  char text[100];
  const int server = t_open("/dev/ticotsord", O_RDWR, NULL), by = t_open("/dev/ticotsord", O_RDWR, NULL);
  struct t_bind wanted = {address("bytes"), 1};
  t_bind(server, &wanted, NULL);
  t_bind(by, NULL, NULL);
  const int child = fork();
  if (child == 0) {
    const int fd = t_open("/dev/ticotsord", O_RDWR, NULL);
    struct t_call to = {address("bytes"), {0}, {0}, 0};
    t_bind(fd, NULL, NULL);
    if (t_connect(fd, &to, NULL) < 0 || ioctl(fd, I_POP, 0) < 0 || ioctl(fd, I_PUSH, "tirdwr") < 0) exit(1);
    if (write(fd, "plain", 5) != 5 || read(fd, text, sizeof text) != 5) exit(2);
    exit(0);
  }
  struct t_call call = {{sizeof text, 0, text}, {0}, {0}, 0};
  t_listen(server, &call);
  check(t_accept(server, by, &call) == 0 && ioctl(by, I_PUSH, "tirdwr") == 0, "tirdwr");
  check(read(by, text, sizeof text) == 5, "read on a connection");
  check(write(by, "bytes", 5) == 5, "write on a connection");
  check(read(by, text, sizeof text) == 0, "the connection has ended");
  check_error(write(by, "x", 1), ENXIO, "nobody to write to");
  int status = -1;
  waitpid(child, &status, 0);
  check(status == 0, "its other side");
}

int main(void) {
  connections("/dev/ticotsord", 1);
  connections("/dev/ticots", 0);
  datagrams();
  bytes_only();
  return failures;
}
