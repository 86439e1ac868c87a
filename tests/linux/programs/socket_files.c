/* /proc/net: the sockets that this process has, as the files show them, without ports and numbers. */
#define _GNU_SOURCE
#include "tell.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <fcntl.h>
#include <linux/fib_rules.h>
#include <linux/inet_diag.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* The line of a file that has the inode of this socket in this column. */
static int find(const char* name, int fd, int column, char* line, size_t size) {
  struct stat st;
  fstat(fd, &st);
  FILE* f = fopen(name, "r");
  int found = 0;
  while (f != NULL && !found && fgets(line, (int)size, f) != NULL) {
    char copy[512];
    snprintf(copy, sizeof copy, "%s", line);
    int at = 0;
    for (char* word = strtok(copy, " \n"); word != NULL; word = strtok(NULL, " \n"), ++at)
      if (at == column && strtoul(word, NULL, 10) == st.st_ino) found = 1;
  }
  if (f != NULL) fclose(f);
  return found;
}

static void header(const char* name) {
  char line[512] = "";
  FILE* f = fopen(name, "r");
  if (f == NULL || fgets(line, sizeof line, f) == NULL) printf("%s: nothing\n", name);
  else printf("%s: %zu characters: %s", name, strlen(line), line);
  if (f != NULL) fclose(f);
}

static unsigned port_of(int fd, int peer) {
  struct sockaddr_storage a;
  socklen_t size = sizeof a;
  if ((peer ? getpeername : getsockname)(fd, (struct sockaddr*)&a, &size) != 0) return 0;
  return ntohs(((struct sockaddr_in*)&a)->sin_port);
}

/* Of the columns, those that say the same everywhere. */
static void internet(const char* what, const char* name, int fd) {
  char line[512];
  if (!find(name, fd, 9, line, sizeof line)) {
    printf("%s: is not in %s\n", what, name);
    return;
  }
  char here[64], there[64], queues[64];
  unsigned here_port, there_port, state, uid;
  const int parts = sscanf(line, " %*u: %[^:]:%X %[^:]:%X %X %s %*s %*s %u", here, &here_port, there, &there_port, &state, queues, &uid);
  printf("%s in %s: %zu characters, %d parts, from %s%s to %s%s, state %u, queues %s, of this user %d\n", what, name, strchr(name, '6') == NULL ? strlen(line) : 0, parts, here,
         here_port == port_of(fd, 0) ? "" : " (another port)", there, there_port == port_of(fd, 1) ? "" : " (another port)", state, queues,
         uid == getuid());
}

static int listener(int family) {
  int fd = socket(family, SOCK_STREAM, 0);
  struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  struct sockaddr_in four = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  struct sockaddr* address = family == AF_INET ? (struct sockaddr*)&four : (struct sockaddr*)&six;
  const socklen_t size = family == AF_INET ? sizeof four : sizeof six;
  if (bind(fd, address, size) != 0 || listen(fd, 5) != 0) printf("no listener: %s\n", error_name(errno));
  return fd;
}
static int connected_to(int to, int type) {
  struct sockaddr_storage a;
  socklen_t size = sizeof a;
  getsockname(to, (struct sockaddr*)&a, &size);
  int fd = socket(a.ss_family, type, 0);
  if (connect(fd, (struct sockaddr*)&a, size) != 0) printf("not connected: %s\n", error_name(errno));
  return fd;
}

static void local(const char* what, int fd) {
  char line[512];
  if (!find("/proc/net/unix", fd, 6, line, sizeof line)) {
    printf("%s: is not there\n", what);
    return;
  }
  unsigned references, protocol, flags, type, state;
  unsigned long inode;
  int end = 0;
  const int parts = sscanf(line, "%*[0-9a-fA-F]: %X %X %X %X %X %lu%n", &references, &protocol, &flags, &type, &state, &inode, &end);
  printf("%s: %d parts, references %d, protocol %u, flags %x, type %u, state %u, path%s", what, parts, references >= 2, protocol, flags, type,
         state, line + end);
}

/* The rules by which routes are looked up, of a family. */
static void rules(unsigned char family) {
  struct {
    struct nlmsghdr head;
    struct fib_rule_hdr rule;
  } request = {{sizeof request, RTM_GETRULE, NLM_F_REQUEST | NLM_F_DUMP, 1, 0}, {.family = family}};
  int s = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  TELL(send(s, &request, sizeof request, 0) == sizeof request);
  static char answers[16384] __attribute__((aligned(8)));
  for (int more = 1; more;) {
    long left = recv(s, answers, sizeof answers, 0);
    for (struct nlmsghdr* m = (struct nlmsghdr*)answers; NLMSG_OK(m, left); m = NLMSG_NEXT(m, left)) {
      more = m->nlmsg_type == RTM_NEWRULE;
      if (!more) break;
      const struct fib_rule_hdr* rule = NLMSG_DATA(m);
      printf("rule of %u: table %u action %u flags %x:", rule->family, rule->table, rule->action, rule->flags);
      long rest = (long)(m->nlmsg_len - NLMSG_LENGTH(sizeof *rule));
      for (struct rtattr* a = (struct rtattr*)(rule + 1); RTA_OK(a, rest); a = RTA_NEXT(a, rest)) {
        unsigned value = 0;
        memcpy(&value, RTA_DATA(a), RTA_PAYLOAD(a) < 4 ? RTA_PAYLOAD(a) : 4);
        printf(" %u=%u", a->rta_type, value);
      }
      printf("\n");
    }
    if (left < 0) break;
  }
  close(s);
}

/* What is told of one socket to who asks for all. */
static void diagnosed(const char* what, unsigned char family, unsigned char protocol, unsigned states, int fd) {
  struct stat st;
  fstat(fd, &st);
  union {
    struct nlmsghdr head;
    struct {
      struct nlmsghdr head;
      struct inet_diag_req_v2 body;
    } internet;
    struct {
      struct nlmsghdr head;
      struct unix_diag_req body;
    } local;
  } request;
  memset(&request, 0, sizeof request);
  request.head = (struct nlmsghdr){sizeof request.internet, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, 1, 0};
  request.internet.body = (struct inet_diag_req_v2){.sdiag_family = family, .sdiag_protocol = protocol, .idiag_states = states};
  if (family == AF_UNIX) {
    request.head.nlmsg_len = sizeof request.local;
    request.local.body = (struct unix_diag_req){.sdiag_family = AF_UNIX, .udiag_states = states, .udiag_show = UDIAG_SHOW_NAME};
  }
  int s = socket(AF_NETLINK, SOCK_RAW, NETLINK_SOCK_DIAG), found = 0, error = 0;
  if (send(s, &request, request.head.nlmsg_len, 0) < 0) printf("%s: %s\n", what, strerror(errno));
  static char answers[65536] __attribute__((aligned(8)));
  for (int more = 1; more;) {
    long left = recv(s, answers, sizeof answers, 0);
    if (left <= 0) break;
    for (struct nlmsghdr* m = (struct nlmsghdr*)answers; NLMSG_OK(m, left); m = NLMSG_NEXT(m, left)) {
      more = m->nlmsg_type == SOCK_DIAG_BY_FAMILY;
      if (m->nlmsg_type == NLMSG_ERROR) error = ((struct nlmsgerr*)NLMSG_DATA(m))->error;
      if (!more) break;
      const struct inet_diag_msg* internet = NLMSG_DATA(m);
      const struct unix_diag_msg* local = NLMSG_DATA(m);
      if (family == AF_UNIX && local->udiag_ino == st.st_ino) {
        printf("%s: family %u type %u state %u", what, local->udiag_family, local->udiag_type, local->udiag_state);
        long rest = (long)(m->nlmsg_len - NLMSG_LENGTH(sizeof *local));
        for (struct rtattr* a = (struct rtattr*)(local + 1); RTA_OK(a, rest); a = RTA_NEXT(a, rest))
          if (a->rta_type == UNIX_DIAG_NAME) printf(" name of %u", (unsigned)RTA_PAYLOAD(a));
        printf("\n");
        found = 1;
      } else if (family != AF_UNIX && internet->idiag_inode == st.st_ino) {
        struct sockaddr_storage name;
        socklen_t size = sizeof name;
        getsockname(fd, (struct sockaddr*)&name, &size);
        printf("%s: family %u state %u port %d rqueue %u\n", what, internet->idiag_family, internet->idiag_state,
               internet->id.idiag_sport == ((struct sockaddr_in*)&name)->sin_port, internet->idiag_rqueue);
        found = 1;
      }
    }
  }
  if (!found) printf("%s: nothing, error %d\n", what, error);
  close(s);
}

int main(void) {
  rules(AF_INET);
  rules(AF_INET6);
  static const char* const files[] = {"tcp", "tcp6", "udp", "udp6", "raw", "raw6", "icmp", "icmp6", "unix", "netlink", "packet"};
  for (size_t i = 0; i < sizeof files / sizeof files[0]; ++i) {
    char name[64];
    snprintf(name, sizeof name, "/proc/net/%s", files[i]);
    if (strcmp(files[i], "netlink") != 0 && strcmp(files[i], "packet") != 0) header(name);
  }

  int four = listener(AF_INET), client = connected_to(four, SOCK_STREAM), server = accept(four, NULL, NULL);
  int unused = socket(AF_INET, SOCK_STREAM, 0);
  if (write(server, "12345", 5) != 5) return 1;
  usleep(20000);
  internet("a listener", "/proc/net/tcp", four);
  internet("a client", "/proc/net/tcp", client);
  internet("a server", "/proc/net/tcp", server);
  internet("an unused one", "/proc/net/tcp", unused);
  int six = listener(AF_INET6);
  diagnosed("a listener", AF_INET, IPPROTO_TCP, ~0u, four);
  diagnosed("a client", AF_INET, IPPROTO_TCP, ~0u, client);
  diagnosed("a server with input", AF_INET, IPPROTO_TCP, 1u << 1, server);
  diagnosed("not among listeners", AF_INET, IPPROTO_TCP, 1u << 10, server);
  diagnosed("an unused one", AF_INET, IPPROTO_TCP, ~0u, unused);
  diagnosed("a listener of six", AF_INET6, IPPROTO_TCP, ~0u, six);
  diagnosed("of no protocol", AF_INET, 200, ~0u, six);
  int two[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, two) == 0) diagnosed("one of a pair", AF_UNIX, 0, ~0u, two[0]);
  internet("a listener", "/proc/net/tcp6", six);
  internet("a listener", "/proc/net/tcp", six);

  int datagrams = socket(AF_INET, SOCK_DGRAM, 0);
  internet("an unbound one", "/proc/net/udp", datagrams);
  struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
  if (bind(datagrams, (struct sockaddr*)&here, sizeof here) != 0) return 1;
  internet("a bound one", "/proc/net/udp", datagrams);
  int sender = connected_to(datagrams, SOCK_DGRAM);
  internet("a connected one", "/proc/net/udp", sender);
  int copy = dup(sender);
  internet("its copy", "/proc/net/udp", copy);

  char place[] = "/tmp/polyabi-sockets-XXXXXX";
  if (mkdtemp(place) == NULL || chdir(place) != 0) return 1;
  int named = socket(AF_UNIX, SOCK_STREAM, 0), abstract = socket(AF_UNIX, SOCK_DGRAM, 0), pair[2], packets[2];
  struct sockaddr_un path = {.sun_family = AF_UNIX, .sun_path = "name"}, hidden = {.sun_family = AF_UNIX, .sun_path = "\0hidden"};
  bind(named, (struct sockaddr*)&path, sizeof path);
  local("bound", named);
  listen(named, 1);
  local("listens", named);
  bind(abstract, (struct sockaddr*)&hidden, offsetof(struct sockaddr_un, sun_path) + 7);
  local("abstract", abstract);
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  local("a pair's", pair[0]);
  close(pair[1]);
  local("a pair's, alone", pair[0]);
  socketpair(AF_UNIX, SOCK_SEQPACKET, 0, packets);
  local("of packets", packets[1]);
  int other = socket(AF_UNIX, SOCK_STREAM, 0);
  local("new", other);
  connect(other, (struct sockaddr*)&path, sizeof path);
  local("connected", other);
  unlink("name");
  chdir("/");
  rmdir(place);
  return 0;
}
