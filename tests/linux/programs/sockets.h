/* What the socket programs share. They run on the host and under polyabi, and their output is compared: it names no ids, ports or
   times. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

/* SHOW(call): the call, and what it answered or how it failed. */
#define SHOW(call)                                                                                                             \
  do {                                                                                                                         \
    errno = 0;                                                                                                                 \
    long answer_ = (long)(call);                                                                                               \
    if (answer_ < 0) printf("%s = %s\n", #call, strerrorname_np(errno));                                                       \
    else printf("%s = %ld\n", #call, answer_);                                                                                 \
  } while (0)
/* The same where a success is a descriptor, whose number does not matter. */
#define SHOW_FD(variable, call)                                                                                                \
  do {                                                                                                                         \
    errno = 0;                                                                                                                 \
    variable = (call);                                                                                                         \
    printf("%s = %s\n", #call, variable < 0 ? strerrorname_np(errno) : "a descriptor");                                        \
  } while (0)

static inline void show_events(const char* what, int fd) {
  struct pollfd p = {fd, POLLIN | POLLOUT | POLLPRI | POLLRDHUP | POLLRDNORM | POLLWRNORM, 0};
  poll(&p, 1, 0);
  printf("%s:%s%s%s%s%s%s%s%s\n", what, p.revents & POLLIN ? " IN" : "", p.revents & POLLOUT ? " OUT" : "",
         p.revents & POLLPRI ? " PRI" : "", p.revents & POLLRDHUP ? " RDHUP" : "", p.revents & POLLHUP ? " HUP" : "",
         p.revents & POLLERR ? " ERR" : "", p.revents & POLLRDNORM ? " RDNORM" : "", p.revents & POLLWRNORM ? " WRNORM" : "");
}

static inline void show_text(const char* what, const char* text, long size) {
  printf("%s: %ld \"", what, size);
  for (long i = 0; i < size; ++i) {
    if (text[i] >= ' ' && text[i] <= '~') putchar(text[i]);
    else printf("\\%o", (unsigned char)text[i]);
  }
  printf("\"\n");
}

static inline socklen_t local_address(struct sockaddr_un* a, const char* path, int size) {
  memset(a, 0, sizeof *a);
  a->sun_family = AF_UNIX;
  memcpy(a->sun_path, path, (size_t)size);
  return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)size);
}
static inline int bind_local(int s, const char* path, int size) {
  struct sockaddr_un a;
  socklen_t length = local_address(&a, path, size);
  return bind(s, (struct sockaddr*)&a, length);
}
static inline int connect_local(int s, const char* path, int size) {
  struct sockaddr_un a;
  socklen_t length = local_address(&a, path, size);
  return connect(s, (struct sockaddr*)&a, length);
}
static inline void show_name(const char* what, int s, int (*ask)(int, struct sockaddr*, socklen_t*)) {
  struct sockaddr_un a;
  memset(&a, 0xee, sizeof a);
  socklen_t size = sizeof a;
  if (ask(s, (struct sockaddr*)&a, &size) < 0) {
    printf("%s: %s\n", what, strerrorname_np(errno));
    return;
  }
  printf("%s: family %d length %d ", what, a.sun_family, (int)size);
  show_text("path", a.sun_path, (long)size - (long)offsetof(struct sockaddr_un, sun_path));
}

static inline int number_option(int s, int level, int option) {
  int value = -1;
  socklen_t size = sizeof value;
  if (getsockopt(s, level, option, &value, &size) < 0) {
    printf("%d/%d: %s\n", level, option, strerrorname_np(errno));
    return -1;
  }
  return value;
}
static inline int set_number(int s, int level, int option, int value) {
  return setsockopt(s, level, option, &value, sizeof value);
}
