/* Pipes of packets (O_DIRECT), their sizes and how many fit. */
#define _GNU_SOURCE
#include "tell.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

static char page[3 * 4096];

static void take(int fd, size_t size) {
  char text[65] = "";
  const ssize_t got = read(fd, text, size < 64 ? size : 64);
  printf("read %zd %s\n", got, got < 0 ? error_name(errno) : text);
}

int main(void) {
  int p[2], plain[2], left = 0;
  setvbuf(stdout, NULL, _IOLBF, 0);
  TELL(pipe2(p, O_DIRECT | O_NONBLOCK));
  printf("flags %#x %#x\n", fcntl(p[0], F_GETFL), fcntl(p[1], F_GETFL));
  TELL(write(p[1], "abc", 3));
  TELL(write(p[1], "defgh", 5));
  TELL(write(p[1], "", 0));
  TELL(write(p[1], "ij", 2));
  TELL(ioctl(p[0], FIONREAD, &left));
  printf("queued %d\n", left);
  take(p[0], 64);
  take(p[0], 2);
  take(p[0], 64);
  take(p[0], 64);

  /* What is longer than a page is several. */
  memset(page, 'p', sizeof page);
  TELL(write(p[1], page, 4096 + 10));
  TELL(read(p[0], page, sizeof page));
  TELL(read(p[0], page, sizeof page));
  TELL(read(p[0], page, sizeof page));

  /* A few small ones fill it. */
  int count = 0;
  while (write(p[1], "x", 1) == 1) ++count;
  printf("%d fit, then %s\n", count, error_name(errno));
  struct pollfd both[2] = {{p[0], POLLIN, 0}, {p[1], POLLOUT, 0}};
  TELL(poll(both, 2, 0));
  printf("%#x %#x\n", both[0].revents, both[1].revents);
  take(p[0], 64);
  TELL(write(p[1], "y", 1));
  TELL(write(p[1], "z", 1));
  while (read(p[0], page, sizeof page) > 0) --count;
  printf("none are left: %d\n", count == 0);

  /* Both sorts in one pipe. */
  TELL(write(p[1], "packet", 6));
  TELL(fcntl(p[1], F_SETFL, O_NONBLOCK));
  TELL(write(p[1], "plain", 5));
  TELL(write(p[1], "more", 4));
  take(p[0], 3);
  take(p[0], 3);
  TELL(fcntl(p[1], F_SETFL, O_NONBLOCK | O_DIRECT));
  TELL(write(p[1], "packet", 6));
  take(p[0], 64);
  take(p[0], 64);

  /* A writer that waits for room. */
  TELL(pipe2(plain, O_DIRECT));
  fflush(stdout);
  if (fork() == 0) {
    for (int i = 0; i < 40; ++i)
      if (write(plain[1], "0123456789", (size_t)(1 + i % 10)) < 0) _exit(1);
    _exit(0);
  }
  close(plain[1]);
  int packets = 0, bytes = 0;
  for (ssize_t got; (got = read(plain[0], page, sizeof page)) > 0; ++packets) bytes += (int)got;
  printf("%d packets, %d bytes\n", packets, bytes);
  int status = -1;
  wait(&status);
  printf("the writer ended with %d\n", status);
  TELL(pipe2(p, O_DIRECT | 1));
  return 0;
}
