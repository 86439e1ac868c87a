/* /proc/net: the sockets that this process has, as the files show them, without ports and numbers. */
#define _GNU_SOURCE
#include "tell.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <fcntl.h>
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

int main(void) {
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
