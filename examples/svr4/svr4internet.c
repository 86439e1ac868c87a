/* The Transport Library Interface over the Internet's transports. Without arguments both sides are here; `server` says its port, takes
 * one connection, and answers what it gets there in capitals; `client PORT TEXT` sends a line and prints the answer. `udpserver` and
 * `udpclient PORT TEXT` do the same with one datagram each way. */
#include "libc/tli.h"

struct sockaddr_in { ushort family; uchar port[2], address[4], zero[8]; };
static const struct sockaddr_in loopback = {2, {0, 0}, {127, 0, 0, 1}, {0}};

static struct netbuf address_of(struct sockaddr_in *a) {
  struct netbuf n = {sizeof *a, sizeof *a, a};
  return n;
}
static int is_error(int answer, int error) { return answer == -1 && t_errno == error; }
static uint port_of(const struct sockaddr_in *a) { return a->port[0] * 256u + a->port[1]; }
static int bind_to(int fd, struct sockaddr_in *name, uint backlog) {
  struct t_bind wanted = {address_of(name), backlog}, got = {address_of(name), 0};
  return t_bind(fd, &wanted, &got);
}
static void until(int fd, short events) {
  struct pollfd p = {fd, events, 0};
  poll(&p, 1, 20000);
}

static void capitals(char *text, int size) {
  for (int i = 0; i < size; ++i)
    if (text[i] >= 'a' && text[i] <= 'z') text[i] = (char)(text[i] - 'a' + 'A');
}

static int serve(void) {
  struct sockaddr_in name = loopback, from;
  char text[200];
  int flags;
  const int server = t_open("/dev/tcp", O_RDWR, NULL), by = t_open("/dev/tcp", O_RDWR, NULL);
  if (bind_to(server, &name, 1) < 0) return 1;
  printf("%u\n", port_of(&name));
  struct t_call call = {address_of(&from), {0}, {0}, 0};
  if (t_listen(server, &call) < 0 || t_accept(server, by, &call) < 0) return 2;
  for (;;) {
    const int size = t_rcv(by, text, sizeof text, &flags);
    if (size < 0) break;
    capitals(text, size);
    if (t_snd(by, text, (uint)size, 0) != size) return 3;
  }
  if (t_errno != TLOOK || t_rcvrel(by) < 0 || t_sndrel(by) < 0) return 4;
  return 0;
}

static int ask(uint port, const char *text) {
  struct sockaddr_in to = loopback;
  char answer[200];
  int flags, size;
  const int fd = t_open("/dev/tcp", O_RDWR, NULL);
  to.port[0] = (uchar)(port >> 8), to.port[1] = (uchar)port;
  struct t_call call = {address_of(&to), {0}, {0}, 0};
  if (t_bind(fd, NULL, NULL) < 0 || t_connect(fd, &call, NULL) < 0) return 1;
  t_snd(fd, text, strlen(text), 0);
  t_snd(fd, "\n", 1, 0);
  if (t_sndrel(fd) < 0) return 2;
  while ((size = t_rcv(fd, answer, sizeof answer, &flags)) > 0) write(1, answer, (uint)size);
  return t_errno == TLOOK && t_rcvrel(fd) == 0 ? 0 : 3;
}

static int serve_datagrams(void) {
  struct sockaddr_in name = loopback, from;
  char text[200];
  int flags;
  const int fd = t_open("/dev/udp", O_RDWR, NULL);
  struct t_unitdata unit = {address_of(&from), {0}, {sizeof text, 0, text}};
  if (bind_to(fd, &name, 0) < 0) return 1;
  printf("%u\n", port_of(&name));
  if (t_rcvudata(fd, &unit, &flags) < 0) return 2;
  capitals(text, (int)unit.udata.len);
  return t_sndudata(fd, &unit) < 0 ? 3 : 0;
}

static int ask_by_datagram(uint port, const char *text) {
  struct sockaddr_in name = loopback, to = loopback;
  char answer[200];
  int flags;
  const int fd = t_open("/dev/udp", O_RDWR, NULL);
  to.port[0] = (uchar)(port >> 8), to.port[1] = (uchar)port;
  struct t_unitdata unit = {address_of(&to), {0}, {0, strlen(text), (char *)text}};
  if (bind_to(fd, &name, 0) < 0 || t_sndudata(fd, &unit) < 0) return 1;
  struct t_unitdata got = {address_of(&name), {0}, {sizeof answer, 0, answer}};
  until(fd, POLLIN);
  if (t_rcvudata(fd, &got, &flags) < 0) return 2;
  write(1, answer, got.udata.len);
  return port_of(&name) == port ? 0 : 3; /* the answer is the server's */
}

static void connections(void) {
  enum { size = 300000 };
  static char data[size], got[size];
  struct t_info info;
  struct sockaddr_in name = loopback, from;
  int flags, status = -1;
  const int server = t_open("/dev/tcp", O_RDWR, &info), by = t_open("/dev/tcp", O_RDWR, NULL);
  check(server >= 0 && info.servtype == T_COTS_ORD && info.addr == 16 && info.tsdu == 0, "/dev/tcp");
  check(bind_to(server, &name, 2) == 0 && port_of(&name) != 0 && name.address[0] == 127, "t_bind to any port");
  check(t_getstate(server) == T_IDLE, "T_IDLE");
  struct sockaddr_in same = name;
  struct t_bind taken = {address_of(&same), 1};
  check(is_error(t_bind(t_open("/dev/tcp", O_RDWR, NULL), &taken, NULL), TADDRBUSY), "TADDRBUSY");
  for (int i = 0; i < size; ++i) data[i] = (char)(i * 7 + i / 251);
  if (fork() == 0) {
    const int fd = t_open("/dev/tcp", O_RDWR, NULL);
    struct sockaddr_in to = loopback;
    struct t_call call = {address_of(&to), {0}, {0}, 0};
    to.port[1] = 1; /* nobody listens at tcpmux */
    if (t_bind(fd, NULL, NULL) < 0) exit(1);
    if (!is_error(t_connect(fd, &call, NULL), TLOOK) || t_look(fd) != T_DISCONNECT) exit(2);
    struct t_discon why = {{0}, 0, 0};
    if (t_rcvdis(fd, &why) < 0 || why.reason != 146 || t_getstate(fd) != T_IDLE) exit(3);
    to = name;
    if (t_connect(fd, &call, NULL) < 0 || t_getstate(fd) != T_DATAXFER) exit(4);
    if (t_snd(fd, data, size, 0) != size) exit(5);
    if (t_sndrel(fd) < 0) exit(6);
    int all = 0, more;
    while (all < size && (more = t_rcv(fd, got + all, size - (uint)all, &flags)) > 0) all += more;
    if (all != size || memcmp(data, got, size)) exit(7);
    until(fd, POLLIN);
    exit(t_rcvrel(fd) == 0 && t_getstate(fd) == T_IDLE ? 0 : 8);
  }
  struct t_call call = {address_of(&from), {0}, {0}, 0};
  until(server, POLLIN);
  check(t_look(server) == T_LISTEN, "T_LISTEN");
  check(t_listen(server, &call) == 0 && from.family == 2 && from.address[0] == 127, "t_listen");
  check(t_accept(server, by, &call) == 0 && t_getstate(by) == T_DATAXFER && t_getstate(server) == T_IDLE, "t_accept");
  int all = 0, more;
  while ((more = t_rcv(by, got + all, size - (uint)all, &flags)) > 0) all += more;
  check(all == size && !memcmp(data, got, size), "all data arrive");
  check(t_errno == TLOOK && t_look(by) == T_ORDREL && t_rcvrel(by) == 0 && t_getstate(by) == T_INREL, "t_rcvrel");
  check(t_snd(by, data, size, 0) == size, "all data are sent");
  check(t_sndrel(by) == 0 && t_getstate(by) == T_IDLE, "t_sndrel");
  wait(&status);
  check(status == 0, "the client's side");
  if (status) printf("status %x\n", (uint)status);
}

static void datagrams(void) {
  struct t_info info;
  struct sockaddr_in alice = loopback, bob = loopback, from;
  char text[100];
  int flags;
  const int a = t_open("/dev/udp", O_RDWR, &info), b = t_open("/dev/udp", O_RDWR | O_NONBLOCK, NULL);
  check(a >= 0 && info.servtype == T_CLTS, "/dev/udp");
  check(bind_to(a, &alice, 0) == 0 && bind_to(b, &bob, 0) == 0 && port_of(&bob) != 0, "t_bind");
  struct t_unitdata got = {address_of(&from), {0}, {sizeof text, 0, text}}, unit = {address_of(&bob), {0}, {5, 5, "hello"}};
  check(is_error(t_rcvudata(b, &got, &flags), TNODATA), "TNODATA");
  check(t_sndudata(a, &unit) == 0, "t_sndudata");
  until(b, POLLIN);
  check(t_rcvudata(b, &got, &flags) == 0 && got.udata.len == 5 && !memcmp(text, "hello", 5), "t_rcvudata");
  check(port_of(&from) == port_of(&alice), "who sent it");

  /* All of many datagrams arrive, in order, by poll and getmsg: as many at a time as the socket has room for. */
  enum { count = 100000, at_once = 50 };
  int received = 0, in_order = 0, sent = 0;
  while (received < count) {
    for (; sent < count && sent < received + at_once; ++sent) {
      unit.udata.len = unit.udata.maxlen = sizeof sent, unit.udata.buf = &sent;
      if (t_sndudata(a, &unit) < 0) break;
    }
    struct pollfd p = {b, POLLIN, 0};
    if (poll(&p, 1, 20000) != 1) break;
    while (t_rcvudata(b, &got, &flags) == 0) {
      int number;
      memcpy(&number, text, sizeof number);
      in_order += number == received;
      ++received;
    }
  }
  check(received == count && in_order == count, "100000 datagrams");
}

static uint number_of(const char *s) {
  uint n = 0;
  while (*s) n = n * 10 + (uint)(*s++ - '0');
  return n;
}

int main(int argc, char **argv) {
  const int by_datagram = argc > 1 && argv[1][0] == 'u';
  if (argc == 2) return by_datagram ? serve_datagrams() : serve();
  if (argc == 4) return (by_datagram ? ask_by_datagram : ask)(number_of(argv[2]), argv[3]);
  connections();
  datagrams();
  return failures != 0;
}
