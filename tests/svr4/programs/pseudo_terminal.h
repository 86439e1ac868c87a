/* A pseudo-terminal pair, as grantpt(3C), unlockpt(3C) and ptsname(3C) make one (sys/ptms.h). */
#ifndef POLYABI_TESTS_PSEUDO_TERMINAL_H
#define POLYABI_TESTS_PSEUDO_TERMINAL_H
#include "stropts.h"

enum { ISPTM = 'P' << 8 | 1, UNLKPT = 'P' << 8 | 2 };

/* Opens both ends; the terminal becomes the controlling one of a session that has none. */
static inline int open_pair(int *master, int *terminal) {
  char name[] = "/dev/pts/00";
  struct old_stat now;
  *master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
  struct strioctl command = {UNLKPT, 0, 0, NULL};
  if (*master < 0 || ioctl(*master, I_STR, &command) < 0 || fxstat(1, *master, &now) < 0) return -1;
  const uint number = now.st_rdev & 0xff;
  name[9] = (char)('0' + number / 10);
  name[10] = (char)('0' + number % 10);
  if (number < 10) {
    name[9] = name[10];
    name[10] = 0;
  }
  *terminal = open(name, O_RDWR);
  return *terminal < 0 ? -1 : 0;
}

#endif
