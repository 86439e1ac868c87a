/* Sockets of the Internet's families over loopback: connections, datagrams, options, errors. */
#include "sockets.h"

#include <net/if.h>
#include <sys/ioctl.h>

static int caught;
static void catch (int signo) { caught = signo; }

static struct sockaddr_in loopback(int port) {
  struct sockaddr_in a = {0};
  a.sin_family = AF_INET;
  a.sin_port = htons((unsigned short)port);
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return a;
}
static int port_of(int s) {
  struct sockaddr_in a;
  socklen_t size = sizeof a;
  return getsockname(s, (struct sockaddr*)&a, &size) < 0 ? -1 : ntohs(a.sin_port);
}
static int listener(void) {
  int s = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in a = loopback(0);
  if (bind(s, (struct sockaddr*)&a, sizeof a) < 0 || listen(s, 4) < 0) return -1;
  return s;
}

static void making(void) {
  int s;
  SHOW_FD(s, socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
  SHOW_FD(s, socket(AF_INET, SOCK_SEQPACKET, 0));
  SHOW_FD(s, socket(AF_INET, SOCK_STREAM, 4711));
  SHOW_FD(s, socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  printf("flags %x %x\n", (unsigned)fcntl(s, F_GETFL) & ~0100000u, (unsigned)fcntl(s, F_GETFD));
  printf("type %d domain %d protocol %d\n", number_option(s, SOL_SOCKET, SO_TYPE), number_option(s, SOL_SOCKET, SO_DOMAIN),
         number_option(s, SOL_SOCKET, SO_PROTOCOL));
  SHOW_FD(s, socket(AF_INET, SOCK_STREAM, 0));
  show_events("fresh", s);
  struct sockaddr_in a = loopback(0);
  socklen_t size = sizeof a;
  SHOW(getsockname(s, (struct sockaddr*)&a, &size));
  printf("family %d port %d address %x size %d\n", a.sin_family, a.sin_port, a.sin_addr.s_addr, (int)size);
  SHOW(getpeername(s, (struct sockaddr*)&a, &size));
  SHOW(accept(s, 0, 0));
  SHOW(send(s, "x", 1, MSG_NOSIGNAL));
  SHOW(recv(s, &a, 1, 0));
  SHOW(shutdown(s, SHUT_RDWR));
  a = loopback(0);
  SHOW(bind(s, (struct sockaddr*)&a, 8));
  SHOW(bind(s, (struct sockaddr*)&a, 200));
  a.sin_family = AF_UNIX;
  SHOW(bind(s, (struct sockaddr*)&a, sizeof a));
  a.sin_family = 99;
  SHOW(bind(s, (struct sockaddr*)&a, sizeof a));
  a.sin_family = AF_INET;
  a.sin_addr.s_addr = htonl(0x08080808);
  SHOW(bind(s, (struct sockaddr*)&a, sizeof a));
  SHOW(connect(s, (struct sockaddr*)&a, 1));
}

static void connection(void) {
  int l = listener(), c = socket(AF_INET, SOCK_STREAM, 0), s;
  struct sockaddr_in a = loopback(port_of(l)), from;
  socklen_t size = sizeof from;
  char text[100];
  show_events("listener", l);
  SHOW(connect(c, (struct sockaddr*)&a, sizeof a));
  SHOW(connect(c, (struct sockaddr*)&a, sizeof a));
  SHOW_FD(s, accept(l, (struct sockaddr*)&from, &size));
  printf("from the client %d size %d\n", ntohs(from.sin_port) == port_of(c), (int)size);
  SHOW(send(c, "hello", 5, 0));
  SHOW(recv(s, text, 3, MSG_PEEK));
  SHOW(recv(s, text, 5, MSG_WAITALL));
  show_events("client", c);
  SHOW(recv(s, text, 5, MSG_DONTWAIT));
  SHOW(send(c, "!", 1, MSG_OOB));
  show_events("urgent", s);
  int value = -1;
  SHOW(ioctl(s, SIOCATMARK, &value));
  printf("at the mark %d\n", value);
  SHOW(recv(s, text, 5, MSG_OOB));
  printf("urgent '%c'\n", text[0]);
  SHOW(send(c, "1234567", 7, 0));
  struct pollfd p = {s, POLLIN, 0};
  poll(&p, 1, 1000);
  SHOW(ioctl(s, FIONREAD, &value));
  printf("waiting %d\n", value);
  struct iovec into[2] = {{text, 2}, {text + 10, 20}};
  SHOW(readv(s, into, 2));
  struct tcp_info info;
  size = sizeof info;
  SHOW(getsockopt(s, IPPROTO_TCP, TCP_INFO, &info, &size));
  printf("state %d, mss %s\n", info.tcpi_state, info.tcpi_snd_mss > 500 ? "some" : "none");
  SHOW(shutdown(c, SHUT_WR));
  p.events = POLLRDHUP;
  poll(&p, 1, 1000);
  show_events("half closed", s);
  SHOW(recv(s, text, 5, 0));
  SHOW(send(c, "x", 1, 0));
  printf("signal %d\n", caught);
  caught = 0;
  SHOW(send(s, "back", 4, 0));
  SHOW(recv(c, text, 100, 0));
  close(s);
  p.fd = c;
  p.events = POLLIN;
  poll(&p, 1, 1000);
  show_events("closed", c);
  SHOW(recv(c, text, 5, 0));
  close(c);
  close(l);
  c = socket(AF_INET, SOCK_STREAM, 0);
  SHOW(connect(c, (struct sockaddr*)&a, sizeof a));
  struct sockaddr none = {AF_UNSPEC, {0}};
  SHOW(connect(c, &none, sizeof none));
  close(c);
}

static void without_waiting(void) {
  int l = listener(), c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), s;
  struct sockaddr_in a = loopback(port_of(l));
  char text[10];
  fcntl(l, F_SETFL, O_NONBLOCK);
  SHOW(accept(l, 0, 0));
  connect(c, (struct sockaddr*)&a, sizeof a);
  struct pollfd p = {c, POLLOUT, 0};
  SHOW(poll(&p, 1, 1000));
  printf("error %d\n", number_option(c, SOL_SOCKET, SO_ERROR));
  p.fd = l;
  p.events = POLLIN;
  SHOW(poll(&p, 1, 1000));
  SHOW_FD(s, accept4(l, 0, 0, SOCK_NONBLOCK));
  SHOW(recv(s, text, 5, 0));
  static char much[100000];
  long sent = 0, got = 0, one;
  while ((one = send(c, much, sizeof much, 0)) > 0) sent += one;
  printf("full: %s\n", strerrorname_np(errno));
  show_events("full", c);
  while (got < sent) {
    one = recv(s, much, sizeof much, 0);
    if (one > 0) got += one;
    p.fd = s;
    p.events = POLLIN;
    poll(&p, 1, 1000);
  }
  printf("all came %d\n", got == sent);
  struct timeval t = {0, 20000};
  fcntl(s, F_SETFL, 0);
  SHOW(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t));
  SHOW(recv(s, text, 5, 0));
  struct linger l0 = {1, 0};
  SHOW(setsockopt(c, SOL_SOCKET, SO_LINGER, &l0, sizeof l0));
  close(c);
  p.fd = s;
  p.events = POLLIN;
  poll(&p, 1, 1000);
  show_events("reset", s);
  SHOW(recv(s, text, 5, 0));
  close(s);
  close(l);
}

static void datagrams(void) {
  int a = socket(AF_INET, SOCK_DGRAM, 0), b = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in to = loopback(0), from;
  socklen_t size = sizeof from;
  char text[100];
  bind(b, (struct sockaddr*)&to, sizeof to);
  to = loopback(port_of(b));
  show_events("fresh", a);
  SHOW(send(a, "x", 1, 0));
  SHOW(sendto(a, "", 0, 0, (struct sockaddr*)&to, sizeof to));
  SHOW(sendto(a, "three", 5, 0, (struct sockaddr*)&to, sizeof to));
  SHOW(sendto(a, "x", 1, 0, (struct sockaddr*)&to, 8));
  to.sin_family = 99;
  SHOW(sendto(a, "x", 1, 0, (struct sockaddr*)&to, sizeof to));
  to.sin_family = AF_INET;
  SHOW(recvfrom(b, text, 9, 0, (struct sockaddr*)&from, &size));
  printf("from a %d size %d\n", ntohs(from.sin_port) == port_of(a), (int)size);
  SHOW(recv(b, text, 2, MSG_TRUNC | MSG_PEEK));
  SHOW(recv(b, text, 2, 0));
  SHOW(recv(b, text, 2, MSG_DONTWAIT));
  SHOW(connect(a, (struct sockaddr*)&to, sizeof to));
  SHOW(send(a, "c", 1, 0));
  SHOW(recv(b, text, 9, 0));
  static char much[70000];
  SHOW(send(a, much, sizeof much, 0));
  close(b);
  SHOW(send(a, "x", 1, 0));
  struct pollfd p = {a, POLLIN, 0};
  poll(&p, 1, 1000);
  SHOW(send(a, "x", 1, 0));
  SHOW(recv(a, text, 9, MSG_DONTWAIT));
  struct sockaddr none = {AF_UNSPEC, {0}};
  SHOW(connect(a, &none, sizeof none));
  SHOW(send(a, "x", 1, 0));
  SHOW(getpeername(a, (struct sockaddr*)&from, &size));
  close(a);

  /* What comes along. */
  a = socket(AF_INET, SOCK_DGRAM, 0);
  b = socket(AF_INET, SOCK_DGRAM, 0);
  to = loopback(0);
  bind(b, (struct sockaddr*)&to, sizeof to);
  to = loopback(port_of(b));
  connect(a, (struct sockaddr*)&to, sizeof to);
  SHOW(set_number(b, IPPROTO_IP, IP_PKTINFO, 1));
  SHOW(set_number(b, IPPROTO_IP, IP_RECVTTL, 1));
  SHOW(set_number(b, IPPROTO_IP, IP_RECVTOS, 1));
  SHOW(set_number(a, IPPROTO_IP, IP_TTL, 9));
  SHOW(set_number(b, SOL_SOCKET, SO_TIMESTAMP, 1));
  char control[256];
  struct iovec part = {text, sizeof text};
  struct msghdr m = {0};
  m.msg_iov = &part;
  m.msg_iovlen = 1;
  m.msg_control = control;
  m.msg_controllen = sizeof control;
  SHOW(send(a, "x", 1, 0));
  SHOW(recvmsg(b, &m, 0));
  for (struct cmsghdr* c = CMSG_FIRSTHDR(&m); c != 0; c = CMSG_NXTHDR(&m, c)) {
    printf("level %d type %d length %d", c->cmsg_level, c->cmsg_type, (int)(c->cmsg_len - CMSG_LEN(0)));
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL) printf(" ttl %d", *(int*)CMSG_DATA(c));
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
      printf(" to %x", ntohl(((struct in_pktinfo*)CMSG_DATA(c))->ipi_addr.s_addr));
    printf("\n");
  }
  /* And what is sent along. */
  m.msg_controllen = CMSG_SPACE(sizeof(int));
  m.msg_flags = 0;
  struct cmsghdr* c = CMSG_FIRSTHDR(&m);
  c->cmsg_level = IPPROTO_IP;
  c->cmsg_type = IP_TTL;
  c->cmsg_len = CMSG_LEN(sizeof(int));
  *(int*)CMSG_DATA(c) = 33;
  part.iov_len = 1;
  SHOW(sendmsg(a, &m, 0));
  m.msg_controllen = sizeof control;
  SHOW(recvmsg(b, &m, 0));
  for (c = CMSG_FIRSTHDR(&m); c != 0; c = CMSG_NXTHDR(&m, c))
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL) printf("ttl %d\n", *(int*)CMSG_DATA(c));
  /* Errors of the network, told by the queue of errors. */
  close(b);
  SHOW(set_number(a, IPPROTO_IP, IP_RECVERR, 1));
  SHOW(send(a, "x", 1, 0));
  struct pollfd wrong = {a, POLLERR, 0};
  poll(&wrong, 1, 1000);
  m.msg_controllen = sizeof control;
  SHOW(recvmsg(a, &m, MSG_ERRQUEUE));
  printf("flags %x\n", (unsigned)m.msg_flags);
  for (c = CMSG_FIRSTHDR(&m); c != 0; c = CMSG_NXTHDR(&m, c)) {
    unsigned char* e = CMSG_DATA(c);
    printf("level %d type %d length %d errno %u origin %d type %d code %d\n", c->cmsg_level, c->cmsg_type,
           (int)(c->cmsg_len - CMSG_LEN(0)), *(unsigned*)e, e[4], e[5], e[6]);
  }
  close(a);
}

static void options(void) {
  int s = socket(AF_INET, SOCK_STREAM, 0), d = socket(AF_INET, SOCK_DGRAM, 0), six = socket(AF_INET6, SOCK_STREAM, 0);
  const struct {
    int level, option;
    const char* name;
  } numbers[] = {
      {SOL_SOCKET, SO_REUSEADDR, "SO_REUSEADDR"}, {SOL_SOCKET, SO_KEEPALIVE, "SO_KEEPALIVE"},
      {SOL_SOCKET, SO_BROADCAST, "SO_BROADCAST"}, {SOL_SOCKET, SO_OOBINLINE, "SO_OOBINLINE"},
      {SOL_SOCKET, SO_DONTROUTE, "SO_DONTROUTE"}, {SOL_SOCKET, SO_REUSEPORT, "SO_REUSEPORT"},
      {SOL_SOCKET, SO_RCVLOWAT, "SO_RCVLOWAT"}, {SOL_SOCKET, SO_SNDLOWAT, "SO_SNDLOWAT"}, {SOL_SOCKET, SO_PRIORITY, "SO_PRIORITY"},
      {SOL_SOCKET, SO_TYPE, "SO_TYPE"}, {SOL_SOCKET, SO_ERROR, "SO_ERROR"}, {SOL_SOCKET, SO_ACCEPTCONN, "SO_ACCEPTCONN"},
      {SOL_SOCKET, SO_SNDBUF, "SO_SNDBUF"}, {SOL_SOCKET, SO_RCVBUF, "SO_RCVBUF"}, {SOL_SOCKET, SO_TIMESTAMP, "SO_TIMESTAMP"},
      {SOL_SOCKET, SO_RXQ_OVFL, "SO_RXQ_OVFL"}, {SOL_SOCKET, SO_BINDTODEVICE, "SO_BINDTODEVICE"}, {SOL_SOCKET, SO_PEEK_OFF, "SO_PEEK_OFF"},
      {IPPROTO_IP, IP_TOS, "IP_TOS"}, {IPPROTO_IP, IP_TTL, "IP_TTL"}, {IPPROTO_IP, IP_MTU_DISCOVER, "IP_MTU_DISCOVER"},
      {IPPROTO_IP, IP_MTU, "IP_MTU"}, {IPPROTO_IP, IP_RECVERR, "IP_RECVERR"}, {IPPROTO_IP, IP_FREEBIND, "IP_FREEBIND"},
      {IPPROTO_IP, IP_MULTICAST_TTL, "IP_MULTICAST_TTL"}, {IPPROTO_IP, IP_MULTICAST_LOOP, "IP_MULTICAST_LOOP"},
      {IPPROTO_TCP, TCP_NODELAY, "TCP_NODELAY"}, {IPPROTO_TCP, TCP_CORK, "TCP_CORK"}, {IPPROTO_TCP, TCP_KEEPIDLE, "TCP_KEEPIDLE"},
      {IPPROTO_TCP, TCP_KEEPINTVL, "TCP_KEEPINTVL"}, {IPPROTO_TCP, TCP_KEEPCNT, "TCP_KEEPCNT"}, {IPPROTO_TCP, TCP_SYNCNT, "TCP_SYNCNT"},
      {IPPROTO_TCP, TCP_DEFER_ACCEPT, "TCP_DEFER_ACCEPT"}, {IPPROTO_TCP, TCP_USER_TIMEOUT, "TCP_USER_TIMEOUT"},
      {IPPROTO_TCP, TCP_QUICKACK, "TCP_QUICKACK"}, {IPPROTO_UDP, UDP_CORK, "UDP_CORK"}, {IPPROTO_IPV6, IPV6_V6ONLY, "IPV6_V6ONLY"},
      {IPPROTO_IPV6, IPV6_UNICAST_HOPS, "IPV6_UNICAST_HOPS"}, {4711, 1, "4711"},
  };
  const int sockets[] = {s, d, six};
  const char* kinds[] = {"stream", "datagram", "six"};
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; ++i)
    for (int k = 0; k < 3; ++k) {
      if (sockets[k] < 0) continue;
      int before = -1, after = -1, one = 1;
      socklen_t size = sizeof before;
      int got = getsockopt(sockets[k], numbers[i].level, numbers[i].option, &before, &size);
      const char* why = got < 0 ? strerrorname_np(errno) : "";
      errno = 0;
      int set = setsockopt(sockets[k], numbers[i].level, numbers[i].option, &one, sizeof one);
      const char* why_not = set < 0 ? strerrorname_np(errno) : "";
      size = sizeof after;
      getsockopt(sockets[k], numbers[i].level, numbers[i].option, &after, &size);
      printf("%s %s: %d%s %d, set %d%s, then %d\n", kinds[k], numbers[i].name, before, why, (int)size, set, why_not, after);
    }
  unsigned char byte = 5;
  socklen_t size = 1;
  SHOW(setsockopt(s, IPPROTO_IP, IP_TTL, &byte, 1));
  byte = 0;
  SHOW(getsockopt(s, IPPROTO_IP, IP_TTL, &byte, &size));
  printf("ttl %d size %d\n", byte, (int)size);
  SHOW(setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &byte, 1));
  char text[32] = "";
  size = sizeof text;
  SHOW(getsockopt(s, IPPROTO_TCP, TCP_CONGESTION, text, &size));
  printf("congestion '%s' %d\n", text, (int)size);
  SHOW(setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, "nonsense", 8));
  struct ip_mreqn group = {{htonl(0xe0000105)}, {htonl(INADDR_LOOPBACK)}, 0};
  SHOW(setsockopt(d, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group));
  SHOW(setsockopt(d, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, 8));
  SHOW(setsockopt(d, IPPROTO_IP, IP_DROP_MEMBERSHIP, &group, 8));
  SHOW(setsockopt(d, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, 4));
  SHOW(setsockopt(d, IPPROTO_IP, IP_MULTICAST_IF, &group.imr_address, 4));
  struct in_addr interface = {0};
  size = sizeof interface;
  SHOW(getsockopt(d, IPPROTO_IP, IP_MULTICAST_IF, &interface, &size));
  printf("interface %x %d\n", ntohl(interface.s_addr), (int)size);
}

static void sixth(void) {
  int l = socket(AF_INET6, SOCK_STREAM, 0), c;
  if (l < 0) {
    printf("no IPv6: %s\n", strerrorname_np(errno));
    return;
  }
  struct sockaddr_in6 a = {0};
  a.sin6_family = AF_INET6;
  SHOW(bind(l, (struct sockaddr*)&a, 20));
  SHOW(bind(l, (struct sockaddr*)&a, sizeof a));
  SHOW(listen(l, 1));
  socklen_t size = sizeof a;
  SHOW(getsockname(l, (struct sockaddr*)&a, &size));
  printf("family %d size %d\n", a.sin6_family, (int)size);
  struct sockaddr_in four = loopback(ntohs(a.sin6_port));
  c = socket(AF_INET, SOCK_STREAM, 0);
  SHOW(connect(c, (struct sockaddr*)&four, sizeof four));
  size = sizeof a;
  int s = accept(l, (struct sockaddr*)&a, &size);
  printf("mapped %d\n", s >= 0 && IN6_IS_ADDR_V4MAPPED(&a.sin6_addr));
}

/* What the requests about an interface write, and what they leave alone (netdevice(7)). */
static void ask(int s, const char* what, unsigned long request, const char* name, int value) {
  struct ifreq r;
  memset(&r, 0x55, sizeof r);
  strncpy(r.ifr_name, name, sizeof r.ifr_name);
  if (value != 0) r.ifr_ifindex = value;
  const int answer = ioctl(s, request, &r);
  printf("%s of %s: %d %s", what, name, answer, answer < 0 ? strerrorname_np(errno) : r.ifr_name);
  const unsigned char* bytes = (const unsigned char*)&r.ifr_addr;
  if (answer >= 0)
    for (unsigned i = 0; i < sizeof(struct sockaddr); ++i) printf(" %02x", bytes[i]);
  printf("\n");
}
static void interfaces(void) {
  int s = socket(AF_INET, SOCK_DGRAM, 0);
  for (int i = 0; i < 2; ++i) {
    const char* name = i == 0 ? "lo" : "nowhere";
    ask(s, "index", SIOCGIFINDEX, name, 0);
    ask(s, "flags", SIOCGIFFLAGS, name, 0);
    ask(s, "metric", SIOCGIFMETRIC, name, 0);
    ask(s, "mtu", SIOCGIFMTU, name, 0);
    ask(s, "queue", SIOCGIFTXQLEN, name, 0);
    ask(s, "address", SIOCGIFADDR, name, 0);
    ask(s, "mask", SIOCGIFNETMASK, name, 0);
    ask(s, "broadcast", SIOCGIFBRDADDR, name, 0);
    ask(s, "destination", SIOCGIFDSTADDR, name, 0);
    ask(s, "hardware", SIOCGIFHWADDR, name, 0);
  }
  ask(s, "name", SIOCGIFNAME, "other", 1);
  ask(s, "name", SIOCGIFNAME, "other", 9999);
  close(s);
}

int main(void) {
  setvbuf(stdout, 0, _IOLBF, 0);
  signal(SIGPIPE, catch);
  making();
  connection();
  without_waiting();
  datagrams();
  options();
  sixth();
  interfaces();
  return 0;
}
