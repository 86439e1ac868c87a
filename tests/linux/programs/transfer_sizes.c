/* read(2) and its like with sizes and addresses that no program's memory has: what is looked at first. */
#define _GNU_SOURCE
#include "tell.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define KERNELS ((void*)(intptr_t)-0x10000000)
static char bytes[64];

static void of_files(void) {
  const int file = open("/etc/passwd", O_RDONLY), null = open("/dev/null", O_RDWR), directory = open("/", O_RDONLY);
  TELL(syscall(SYS_read, 1000, bytes, -1L));
  TELL(syscall(SYS_write, file, bytes, -1L));
  TELL(syscall(SYS_read, file, bytes, 0L));
  TELL(syscall(SYS_read, null, 0L, 1L));
  TELL(syscall(SYS_write, null, 0L, 1L));
  TELL(syscall(SYS_read, directory, bytes, 10L));
  if (sizeof(long) == 4) return; /* below, the top of memory is another for programs of 32 bits */
  TELL(syscall(SYS_read, file, bytes, -1L));
  TELL(syscall(SYS_read, null, bytes, -1L));
  TELL(syscall(SYS_write, null, bytes, -1L));
  TELL(syscall(SYS_read, file, bytes, 1L << 46));
  TELL(syscall(SYS_read, directory, bytes, -1L));
  TELL(syscall(SYS_read, null, KERNELS, 1L));
  TELL(syscall(SYS_read, file, KERNELS, 0L));
  TELL(syscall(SYS_write, null, KERNELS, 1L));
  TELL(syscall(SYS_pread64, file, bytes, -1L, 0L));
  TELL(syscall(SYS_pread64, file, bytes, 10L, -1L));
  TELL(syscall(SYS_pwrite64, null, bytes, -1L, 0L));
}

static void of_pipes_and_sockets(void) {
  int ends[2], pair[2];
  pipe(ends);
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  write(ends[1], "abc", 3);
  write(pair[0], "abc", 3);
  if (sizeof(long) == 4) return;
  TELL(syscall(SYS_read, ends[0], bytes, -1L));
  TELL(syscall(SYS_write, ends[1], bytes, -1L));
  TELL(syscall(SYS_read, pair[1], bytes, -1L));
  TELL(syscall(SYS_recvfrom, pair[1], bytes, -1L, 0L, 0L, 0L));
}

static void of_vectors(void) {
  const int file = open("/etc/passwd", O_RDONLY);
  struct iovec parts[2] = {{bytes, (size_t)-1}, {bytes, 1}};
  TELL(readv(file, parts, 2));
  if (sizeof(long) == 4) return;
  parts[0] = (struct iovec){KERNELS, 1};
  TELL(readv(file, parts, 2));
  parts[0] = (struct iovec){bytes, 1};
  parts[1] = (struct iovec){KERNELS, 1};
  TELL(readv(file, parts, 2));
  parts[1] = (struct iovec){bytes, (size_t)1 << 62};
  TELL(readv(file, parts, 2));
}

static void of_random_bytes(void) {
  char* end = (char*)sbrk(0);
  printf("some of too many: %d\n", syscall(SYS_getrandom, end - 600, 10000000L, 0L) >= 256);
  TELL(syscall(SYS_getrandom, 0L, 10L, 0L));
}

int main(void) {
  of_files();
  of_pipes_and_sockets();
  of_vectors();
  sbrk(4096);
  of_random_bytes();
  return 0;
}
