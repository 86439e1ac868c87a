/* Terminals. */
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

int tcgetattr(int fd, struct termios *to) { return ioctl(fd, TCGETS, to); }
int tcsetattr(int fd, int when, const struct termios *from) { return ioctl(fd, when, from); }
int isatty(int fd) {
  struct termios t;
  return tcgetattr(fd, &t) == 0;
}
pid_t tcgetpgrp(int fd) {
  pid_t group;
  return ioctl(fd, TIOCGPGRP, &group) < 0 ? -1 : group;
}
int tcsetpgrp(int fd, pid_t group) { return ioctl(fd, TIOCSPGRP, &group); }
