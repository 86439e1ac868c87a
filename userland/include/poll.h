/* poll(2). */
#ifndef _POLL_H
#define _POLL_H
struct pollfd {
  int fd;
  short events, revents;
};
typedef unsigned int nfds_t;
#define POLLIN 0x1
#define POLLPRI 0x2
#define POLLOUT 0x4
#define POLLERR 0x8
#define POLLHUP 0x10
#define POLLNVAL 0x20
#define POLLRDNORM 0x40
#define POLLRDBAND 0x80
#define POLLWRBAND 0x100
int poll(struct pollfd *, nfds_t, int);
#endif
