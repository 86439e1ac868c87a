/* <dirent.h>: what getdents fills. */
#ifndef _SYS_DIRENT_H
#define _SYS_DIRENT_H
#include <sys/types.h>

struct dirent {
  unsigned int d_ino;
  int d_off;
  unsigned short d_reclen;
  char d_name[1];
};

typedef struct {
  int fd, size, at;
  char buffer[4096];
} DIR;
#endif
