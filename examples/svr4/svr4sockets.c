/* Sockets as Solaris' libsocket makes them: so_socket and its kin, numbers 230 to 246. With `serve FILE` it writes its port to a file,
 * takes one connection and answers in capitals. */
#include "libc/sockets.h"

static const struct sockaddr_in loopback = {AF_INET, {0, 0}, {127, 0, 0, 1}, {0}};
static char text[4096];

static int socket_of(int family, int type) { return so_socket(family, type, 0, NULL, SOV_DEFAULT); }
static int integer_option(int fd, int level, int option) {
  int value = -1;
  uint size = sizeof value;
  return getsockopt(fd, level, option, &value, &size, SOV_DEFAULT) == 0 && size == sizeof value ? value : -1;
}
static int set_integer(int fd, int level, int option, int value) {
  return setsockopt(fd, level, option, &value, sizeof value, SOV_DEFAULT);
}
static struct sockaddr_un local_name(const char *path) {
  struct sockaddr_un name = {AF_UNIX, ""};
  memcpy(name.path, path, strlen(path) + 1);
  return name;
}

static void streams(void) {
  struct sockaddr_in name = loopback, peer;
  uint size = sizeof name;
  const int server = so_socket(AF_INET, SOCK_STREAM, 0, "/dev/tcp", SOV_DEFAULT);
  check(server >= 0 && integer_option(server, SOL_SOCKET, SO_TYPE) == SOCK_STREAM, "a stream is of type 2");
  check(bind(server, &name, sizeof name, SOV_SOCKBSD) == 0, "bind");
  check(getsockname(server, &name, &size, SOV_DEFAULT) == 0 && size == sizeof name && name.family == AF_INET &&
            (name.port[0] | name.port[1]) != 0 && name.address[0] == 127, "getsockname");
  check(listen(server, 2, SOV_DEFAULT) == 0 && integer_option(server, SOL_SOCKET, SO_ACCEPTCONN) != 0, "listen");
  const int client = socket_of(AF_INET, SOCK_STREAM);
  check_error(getpeername(client, &peer, &size, SOV_DEFAULT), ENOTCONN, "getpeername of no connection is ENOTCONN");
  check(connect(client, &name, sizeof name, SOV_XPG4_2) == 0, "connect");
  check_error(connect(client, &name, sizeof name, SOV_XPG4_2), EISCONN, "connect again is EISCONN");
  struct sockaddr_in from, own;
  uint from_size = sizeof from, own_size = sizeof own;
  const int accepted = accept(server, &from, &from_size, SOV_DEFAULT);
  check(accepted > client && from_size == sizeof from && from.family == AF_INET, "accept");
  check(getsockname(client, &own, &own_size, SOV_DEFAULT) == 0 && !memcmp(&own, &from, 8), "accept tells the peer's name");
  size = sizeof peer;
  check(getpeername(client, &peer, &size, SOV_DEFAULT) == 0 && !memcmp(&peer, &name, 8), "getpeername");
  size = 4;
  memset(&peer, 0x55, sizeof peer);
  check(getpeername(client, &peer, &size, SOV_DEFAULT) == 0 && size == sizeof peer && peer.port[0] == name.port[0] && peer.address[0] == 0x55,
        "a name is cut to its room");
  check(send(client, "hello, world", 12, 0) == 12, "send");
  check(recv(accepted, text, 5, MSG_PEEK | MSG_WAITALL) == 5 && recv(accepted, text, 12, MSG_WAITALL) == 12 && !memcmp(text, "hello, world", 12),
        "recv, having peeked");
  check_error(recv(accepted, text, 1, MSG_DONTWAIT), EAGAIN, "MSG_DONTWAIT is EAGAIN");
  check(write(accepted, "back", 4) == 4 && read(client, text, 100) == 4, "read and write do as well");
  check(send(client, "!", 1, MSG_OOB) == 1, "MSG_OOB");
  check(shutdown(client, SHUT_WR, SOV_DEFAULT) == 0 && recv(accepted, text, 100, 0) == 0, "shutdown");
  check_error(shutdown(client, 3, SOV_DEFAULT), EINVAL, "shutdown of a fourth kind is EINVAL");
  ssig(SIGPIPE, SIG_IGN);
  check_error(send(client, "x", 1, 0), EPIPE, "sending afterwards is EPIPE");
  const int refused = socket_of(AF_INET, SOCK_STREAM);
  struct sockaddr_in nobody = loopback;
  nobody.port[1] = 1;
  check_error(connect(refused, &nobody, sizeof nobody, SOV_DEFAULT), ECONNREFUSED, "nobody listens: ECONNREFUSED");
  const int same = socket_of(AF_INET, SOCK_STREAM);
  check_error(bind(same, &name, sizeof name, SOV_DEFAULT), EADDRINUSE, "an address that is taken is EADDRINUSE");
  close(client), close(accepted), close(server), close(refused), close(same);
}

static void datagrams(void) {
  struct sockaddr_in alice = loopback, bob = loopback, from;
  uint size = sizeof alice;
  const int a = so_socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP, "/dev/udp", SOV_DEFAULT), b = socket_of(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK);
  check(bind(a, &alice, sizeof alice, SOV_DEFAULT) == 0 && bind(b, &bob, sizeof bob, SOV_DEFAULT) == 0, "bind of datagrams");
  getsockname(a, &alice, &size, SOV_DEFAULT), getsockname(b, &bob, &size, SOV_DEFAULT);
  check_error(recv(b, text, 10, 0), EAGAIN, "SOCK_NONBLOCK");
  check(sendto(a, "datagram", 8, 0, &bob, sizeof bob) == 8, "sendto");
  struct pollfd p = {b, POLLIN, 0};
  check(poll(&p, 1, 20000) == 1 && p.revents == POLLIN, "poll");
  size = sizeof from;
  check(recvfrom(b, text, sizeof text, 0, &from, &size) == 8 && size == sizeof from && !memcmp(&from, &alice, 8), "recvfrom");
  check_error(send(a, "x", 1, 0), EDESTADDRREQ, "send to nobody is EDESTADDRREQ");
  check(connect(a, &bob, sizeof bob, SOV_DEFAULT) == 0 && send(a, "connected", 9, 0) == 9, "connected datagrams");
  /* A message in parts; the new header tells that it was cut. */
  char one[4], two[3];
  struct iovec parts[2] = {{one, 4}, {two, 3}};
  struct msghdr m = {&from, sizeof from, parts, 2, NULL, 0, -1};
  poll(&p, 1, 20000);
  check(recvmsg(b, &m, MSG_XPG4_2) == 7 && !memcmp(one, "conn", 4) && !memcmp(two, "ect", 3), "recvmsg in parts");
  check(m.flags == MSG_TRUNC && m.namelen == sizeof from && !memcmp(&from, &alice, 8), "MSG_TRUNC");
  check(send(a, "connected", 9, 0) == 9 && poll(&p, 1, 20000) == 1, "again");
  m.flags = -1;
  check(recvmsg(b, &m, 0) == 7 && m.flags == -1, "the old header tells no flags");
  const struct sockaddr_in none = {AF_UNSPEC, {0}, {0}, {0}};
  check(connect(a, &none, sizeof none, SOV_DEFAULT) == 0, "connect to AF_UNSPEC");
  check_error(send(a, "x", 1, 0), EDESTADDRREQ, "and nobody is connected");
  m.iovlen = -1;
  check_error(recvmsg(b, &m, 0), EMSGSIZE, "a negative number of parts is EMSGSIZE");
  check_error(sendmsg(b, (void *)16, 0), EFAULT, "a bad header is EFAULT");
  close(a), close(b);
}

static void stamps(void) {
  struct sockaddr_in name = loopback;
  uint size = sizeof name;
  const int fd = socket_of(AF_INET, SOCK_DGRAM);
  bind(fd, &name, sizeof name, SOV_DEFAULT), getsockname(fd, &name, &size, SOV_DEFAULT);
  check(set_integer(fd, SOL_SOCKET, SO_TIMESTAMP, 1) == 0, "SO_TIMESTAMP");
  sendto(fd, "now", 3, 0, &name, sizeof name);
  char buffer[100];
  struct { struct cmsghdr head; struct timeval at; } got;
  struct iovec part = {buffer, sizeof buffer};
  struct msghdr m = {NULL, 0, &part, 1, &got, sizeof got, 0};
  check(recvmsg(fd, &m, MSG_XPG4_2) == 3 && m.controllen == sizeof got && got.head.len == sizeof got &&
            got.head.level == SOL_SOCKET && got.head.type == SO_TIMESTAMP, "SCM_TIMESTAMP");
  const int apart = time() - got.at.tv_sec;
  check(apart >= 0 && apart < 60, "the stamp is of now");
  close(fd);
}

static void internet6(void) {
  struct sockaddr_in6 name = {AF_INET6, {0}, {0}, {0}, 0, 7};
  uint size = sizeof name;
  name.address[15] = 1;
  const int fd = socket_of(AF_INET6, SOCK_DGRAM);
  check(fd >= 0 && set_integer(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1) == 0, "a socket of AF_INET6 (26)");
  if (bind(fd, &name, sizeof name, SOV_DEFAULT) == 0)
    check(getsockname(fd, &name, &size, SOV_DEFAULT) == 0 && size == 32 && name.family == AF_INET6 && name.address[15] == 1 &&
              name.source_id == 0, "its names have 32 bytes");
  else
    check(errno == 126, "its names have 32 bytes"); /* EADDRNOTAVAIL: a host without the family */
  check(set_integer(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 9) == 0 && integer_option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS) == 9, "IPV6_UNICAST_HOPS");
  check_error(bind(fd, &name, 24, SOV_DEFAULT), EINVAL, "a short name is EINVAL");
  close(fd);
}

static void local(void) {
  struct sockaddr_un name = local_name("socket"), got;
  uint size = sizeof got;
  const int server = socket_of(AF_UNIX, SOCK_STREAM), client = socket_of(AF_UNIX, SOCK_STREAM);
  check(bind(server, &name, sizeof name, SOV_DEFAULT) == 0 && access("socket", 0) == 0, "bind makes a file");
  check(getsockname(server, &got, &size, SOV_DEFAULT) == 0 && got.family == AF_UNIX && !strcmp(got.path, "socket"), "its name");
  check(listen(server, 5, SOV_DEFAULT) == 0 && connect(client, &name, sizeof name, SOV_DEFAULT) == 0, "connect to a path");
  const int accepted = accept(server, NULL, NULL, SOV_DEFAULT);
  check(send(client, "local", 5, 0) == 5 && recv(accepted, text, 10, 0) == 5, "local streams");
  const struct sockaddr_un absent = local_name("absent");
  check_error(connect(socket_of(AF_UNIX, SOCK_STREAM), &absent, sizeof absent, SOV_DEFAULT), ENOENT, "connect to nothing is ENOENT");
  close(client), close(accepted), close(server);
  unlink("socket");
}

/* What socketpair(3SOCKET) does. */
static int pair_of(int type, int *pair) {
  int made[2] = {socket_of(AF_UNIX, type), socket_of(AF_UNIX, type)};
  pair[0] = made[0], pair[1] = made[1];
  if (so_socketpair(pair) < 0) return -1;
  if (pair[0] != made[0]) close(made[0]);
  return 0;
}

static void pairs(void) {
  int pair[2];
  check(pair_of(SOCK_STREAM, pair) == 0, "so_socketpair");
  check(write(pair[0], "one", 3) == 3 && read(pair[1], text, 10) == 3 && write(pair[1], "two!", 4) == 4 && read(pair[0], text, 10) == 4,
        "a pair of streams, both ways");
  close(pair[0]);
  check(read(pair[1], text, 10) == 0, "and its end");
  close(pair[1]);
  check(pair_of(SOCK_DGRAM, pair) == 0, "so_socketpair of datagrams");
  check(send(pair[0], "a", 1, 0) == 1 && send(pair[0], "bc", 2, 0) == 2 && recv(pair[1], text, 10, 0) == 1 && recv(pair[1], text, 10, 0) == 2 &&
            send(pair[1], "d", 1, 0) == 1 && recv(pair[0], text, 10, 0) == 1,
        "a pair of datagrams, both ways");
  close(pair[0]), close(pair[1]);
  int wrong[2] = {0, 99};
  check_error(so_socketpair(wrong), ENOTSOCK, "so_socketpair of other files is ENOTSOCK");
  wrong[0] = socket_of(AF_INET, SOCK_STREAM), wrong[1] = socket_of(AF_INET, SOCK_STREAM);
  check_error(so_socketpair(wrong), EOPNOTSUPP, "of the Internet it is EOPNOTSUPP");
  close(wrong[1]);
  wrong[1] = socket_of(AF_INET, SOCK_DGRAM);
  check_error(so_socketpair(wrong), EINVAL, "of two kinds it is EINVAL");
  check_error(so_socketpair((int *)16), EFAULT, "a bad pointer is EFAULT");
  close(wrong[0]), close(wrong[1]);
}

static void descriptors(void) {
  int pair[2], pipes[2];
  char buffer[10];
  struct { struct cmsghdr head; int fd[2]; } control = {{sizeof control, SOL_SOCKET, SCM_RIGHTS}, {0, 0}};
  struct iovec part = {"x", 1};
  struct msghdr m = {NULL, 0, &part, 1, &control, sizeof control, 0};
  pair_of(SOCK_STREAM, pair), pipe(pipes);
  control.fd[0] = pipes[0], control.fd[1] = pipes[1];
  check(sendmsg(pair[0], &m, MSG_XPG4_2) == 1, "sendmsg passes descriptors");
  memset(&control, 0, sizeof control);
  part.iov_base = buffer, part.iov_len = sizeof buffer, m.flags = -1;
  check(recvmsg(pair[1], &m, MSG_XPG4_2) == 1 && m.flags == 0 && m.controllen == sizeof control && control.head.len == sizeof control &&
            control.head.level == SOL_SOCKET && control.head.type == SCM_RIGHTS, "recvmsg gets them");
  check(control.fd[0] > pipes[1] && write(control.fd[1], "through", 7) == 7 && read(pipes[0], text, 10) == 7, "they are the same files");
  close(control.fd[0]), close(control.fd[1]);
  /* The older way: an array, and no flags. */
  struct { void *name; uint namelen; struct iovec *iov; int iovlen; int *rights; int rights_size; int behind; } old =
      {NULL, 0, &part, 1, &pipes[1], 4, 77};
  part.iov_len = 1;
  check(sendmsg(pair[0], (struct msghdr *)&old, 0) == 1, "msg_accrights");
  int received[4] = {-1, -1, -1, -1};
  old.rights = received, old.rights_size = sizeof received;
  check(recvmsg(pair[1], (struct msghdr *)&old, 0) == 1 && old.rights_size == 4 && received[0] > 0 && received[1] == -1 && old.behind == 77,
        "are received");
  check(write(received[0], "again", 5) == 5 && read(pipes[0], text, 10) == 5, "and are the same file");
  close(received[0]);
  /* No room for what comes. */
  old.rights = &pipes[1], old.rights_size = 4;
  sendmsg(pair[0], (struct msghdr *)&old, 0);
  m.controllen = sizeof control.head;
  check(recvmsg(pair[1], &m, MSG_XPG4_2) == 1 && (m.flags & MSG_CTRUNC) != 0, "MSG_CTRUNC");
  old.rights_size = 3;
  check_error(sendmsg(pair[0], (struct msghdr *)&old, 0), EINVAL, "a part of a descriptor is EINVAL");
  old.rights_size = 4;
  int bad = 99;
  old.rights = &bad;
  check_error(sendmsg(pair[0], (struct msghdr *)&old, 0), EBADF, "a bad descriptor is EBADF");
  control.head.len = 4, m.controllen = sizeof control;
  check_error(sendmsg(pair[0], &m, MSG_XPG4_2), EINVAL, "a short control message is EINVAL");
  close(pair[0]), close(pair[1]), close(pipes[0]), close(pipes[1]);
}

static void options(void) {
  const int fd = socket_of(AF_INET, SOCK_STREAM), datagram = socket_of(AF_INET, SOCK_DGRAM);
  struct linger linger = {1, 5}, got = {0, 0};
  struct timeval limit = {0, 50000}, limit_got = {9, 9};
  uint size = sizeof got;
  check(set_integer(fd, SOL_SOCKET, SO_REUSEADDR, 1) == 0 && integer_option(fd, SOL_SOCKET, SO_REUSEADDR) != 0, "SO_REUSEADDR");
  check(set_integer(fd, SOL_SOCKET, SO_KEEPALIVE, 1) == 0 && integer_option(fd, SOL_SOCKET, SO_KEEPALIVE) != 0, "SO_KEEPALIVE");
  check(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger, SOV_DEFAULT) == 0 &&
            getsockopt(fd, SOL_SOCKET, SO_LINGER, &got, &size, SOV_DEFAULT) == 0 && size == 8 && got.onoff != 0 && got.seconds == 5, "SO_LINGER");
  check(set_integer(fd, SOL_SOCKET, SO_RCVBUF, 20000) == 0 && integer_option(fd, SOL_SOCKET, SO_RCVBUF) >= 20000, "SO_RCVBUF");
  check(integer_option(fd, SOL_SOCKET, SO_ERROR) == 0 && integer_option(datagram, SOL_SOCKET, SO_TYPE) == SOCK_DGRAM &&
            integer_option(fd, SOL_SOCKET, SO_DOMAIN) == AF_INET && integer_option(datagram, SOL_SOCKET, SO_PROTOTYPE) == IPPROTO_UDP,
        "SO_ERROR, SO_TYPE, SO_DOMAIN, SO_PROTOTYPE");
  check(set_integer(fd, IPPROTO_TCP, TCP_NODELAY, 1) == 0 && integer_option(fd, IPPROTO_TCP, TCP_NODELAY) != 0, "TCP_NODELAY");
  check(set_integer(fd, IPPROTO_TCP, TCP_KEEPALIVE_THRESHOLD, 90000) == 0 && integer_option(fd, IPPROTO_TCP, TCP_KEEPALIVE_THRESHOLD) == 90000,
        "TCP_KEEPALIVE_THRESHOLD is in milliseconds");
  check(set_integer(fd, IPPROTO_IP, IP_TTL, 44) == 0 && integer_option(fd, IPPROTO_IP, IP_TTL) == 44, "IP_TTL");
  uchar byte = 3;
  check(setsockopt(datagram, IPPROTO_IP, IP_MULTICAST_TTL, &byte, 1, SOV_DEFAULT) == 0, "IP_MULTICAST_TTL is a byte");
  byte = 0, size = 1;
  check(getsockopt(datagram, IPPROTO_IP, IP_MULTICAST_TTL, &byte, &size, SOV_DEFAULT) == 0 && size == 1 && byte == 3, "both ways");
  check(set_integer(fd, SOL_SOCKET, SO_USELOOPBACK, 1) == 0, "SO_USELOOPBACK");
  struct sockaddr_in name = loopback;
  bind(datagram, &name, sizeof name, SOV_DEFAULT);
  size = sizeof limit_got;
  check(setsockopt(datagram, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit, SOV_DEFAULT) == 0 &&
            getsockopt(datagram, SOL_SOCKET, SO_RCVTIMEO, &limit_got, &size, SOV_DEFAULT) == 0 && limit_got.tv_sec == 0 &&
            limit_got.tv_usec >= 50000, "SO_RCVTIMEO");
  check_error(recv(datagram, text, 1, 0), EAGAIN, "and the wait ends");
  check_error(set_integer(fd, SOL_SOCKET, SO_RECVUCRED, 1), ENOPROTOOPT, "an option that is not had is ENOPROTOOPT");
  check_error(set_integer(fd, SOL_SOCKET, 0x7777, 1), ENOPROTOOPT, "an unknown option is ENOPROTOOPT");
  check_error(set_integer(fd, 77, 1, 1), ENOPROTOOPT, "an unknown level is ENOPROTOOPT");
  check_error(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &size, 2, SOV_DEFAULT), EINVAL, "a short value is EINVAL");
  check_error(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, (void *)16, 4, SOV_DEFAULT), EFAULT, "a bad value is EFAULT");
  close(fd), close(datagram);
}

static void errors(void) {
  struct sockaddr_in name = loopback;
  uint size = sizeof name;
  const int fd = socket_of(AF_INET, SOCK_STREAM);
  check_error(socket_of(AF_NS, SOCK_STREAM), EAFNOSUPPORT, "so_socket of another family is EAFNOSUPPORT");
  check_error(socket_of(AF_INET, 3), EPROTOTYPE, "so_socket of type 3 is EPROTOTYPE");
  check_error(so_socket(AF_INET, SOCK_STREAM, IPPROTO_UDP, NULL, SOV_DEFAULT), EPROTONOSUPPORT, "so_socket of another protocol is EPROTONOSUPPORT");
  check_error(so_socket(AF_INET, SOCK_STREAM, 0, NULL, 9), EINVAL, "so_socket of a later version is EINVAL");
  check_error(so_socket(AF_INET, SOCK_STREAM, 0, (char *)16, SOV_DEFAULT), EFAULT, "so_socket of a bad path is EFAULT");
  check_error(bind(1, &name, sizeof name, SOV_DEFAULT), ENOTSOCK, "bind of a file is ENOTSOCK");
  check_error(bind(99, &name, sizeof name, SOV_DEFAULT), EBADF, "bind of nothing is EBADF");
  check_error(bind(fd, &name, 3, SOV_DEFAULT), EINVAL, "bind to a short name is EINVAL");
  check_error(bind(fd, (void *)16, sizeof name, SOV_DEFAULT), EFAULT, "bind to a bad name is EFAULT");
  name.family = AF_NS;
  check_error(connect(fd, &name, sizeof name, SOV_DEFAULT), EAFNOSUPPORT, "connect of another family is EAFNOSUPPORT");
  check_error(listen(socket_of(AF_INET, SOCK_DGRAM), 1, SOV_DEFAULT), EOPNOTSUPP, "listen with datagrams is EOPNOTSUPP");
  check_error(accept(fd, NULL, NULL, SOV_DEFAULT), EINVAL, "accept without listen is EINVAL");
  check_error(getsockname(fd, &name, (uint *)16, SOV_DEFAULT), EFAULT, "getsockname without a size is EFAULT");
  size = (uint)-1;
  check_error(getsockname(fd, &name, &size, SOV_DEFAULT), EINVAL, "a negative size is EINVAL");
}

static int serve(const char *file) {
  struct sockaddr_in name = loopback;
  uint size = sizeof name;
  const int server = socket_of(AF_INET, SOCK_STREAM);
  if (bind(server, &name, sizeof name, SOV_DEFAULT) < 0 || listen(server, 1, SOV_DEFAULT) < 0) return 1;
  getsockname(server, &name, &size, SOV_DEFAULT);
  char digits[6] = "00000";
  for (uint port = name.port[0] * 256u + name.port[1], i = 5; i-- > 0; port /= 10) digits[i] = (char)('0' + port % 10);
  const int fd = creat(file, 0600);
  write(fd, digits, 5);
  close(fd);
  const int by = accept(server, NULL, NULL, SOV_DEFAULT);
  for (int got; (got = recv(by, text, sizeof text, 0)) > 0; send(by, text, (uint)got, 0))
    for (int i = 0; i < got; ++i)
      if (text[i] >= 'a' && text[i] <= 'z') text[i] = (char)(text[i] - 'a' + 'A');
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 3) return serve(argv[2]);
  streams();
  datagrams();
  stamps();
  internet6();
  local();
  pairs();
  descriptors();
  options();
  errors();
  return failures != 0;
}
