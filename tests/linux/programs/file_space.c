/* fallocate(2) on files of the host's, in memory and of other kinds; what an access mode of 3 allows; where writes with flags go. */
#define _GNU_SOURCE
#include "tell.h"

#include <fcntl.h>
#include <linux/falloc.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/uio.h>
#include <unistd.h>

static void show(int fd) {
  struct stat s;
  fstat(fd, &s);
  printf("size %ld, blocks %ld\n", (long)s.st_size, (long)s.st_blocks);
}

/* The bytes at some places, of a file whose page number n is full of 'a' + n. */
static void pages(int fd) {
  struct stat s;
  fstat(fd, &s);
  for (off_t at = 0; at < s.st_size; at += 4096) {
    char byte = '?';
    if (pread(fd, &byte, 1, at) != 1) byte = '!';
    putchar(byte != 0 ? byte : '0');
  }
  putchar('\n');
}

static void fill(int fd, int count) {
  char page[4096];
  ftruncate(fd, 0);
  for (int i = 0; i < count; ++i) {
    memset(page, 'a' + i, sizeof page);
    if (pwrite(fd, page, sizeof page, i * 4096) != sizeof page) perror("write");
  }
}

static void space(int fd) {
  TELL(fallocate(fd, 0, 0, 0));
  TELL(fallocate(fd, 0, -1, 5));
  TELL(fallocate(fd, 0, 0, 10000));
  show(fd);
  TELL(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 100000));
  show(fd);
  fill(fd, 6);
  TELL(fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 4096));
  TELL(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 4096, 8192));
  pages(fd);
  show(fd);
  TELL(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 5 * 4096, 1 << 20));
  pages(fd);
  show(fd);
  TELL(lseek(fd, 0, SEEK_HOLE));
  TELL(lseek(fd, 4096, SEEK_DATA));
  TELL(fallocate(fd, FALLOC_FL_ZERO_RANGE, 3 * 4096, 4096));
  TELL(fallocate(fd, FALLOC_FL_ZERO_RANGE | FALLOC_FL_KEEP_SIZE, 6 * 4096, 4096));
  pages(fd);
  fill(fd, 6);
  TELL(fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 4096, 4096));
  TELL(fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 0, 100));
  pages(fd);
  TELL(fallocate(fd, FALLOC_FL_INSERT_RANGE, 4096, 4096));
  TELL(fallocate(fd, FALLOC_FL_INSERT_RANGE | FALLOC_FL_KEEP_SIZE, 4096, 4096));
  pages(fd);
  TELL(fallocate(fd, 0x80, 0, 10));
  TELL(fallocate(fd, FALLOC_FL_COLLAPSE_RANGE | FALLOC_FL_KEEP_SIZE, 0, 4096));
  TELL(fallocate(fd, FALLOC_FL_ZERO_RANGE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096));
  struct rlimit limit = {100000, RLIM_INFINITY};
  setrlimit(RLIMIT_FSIZE, &limit);
  TELL(fallocate(fd, 0, 0, 100001));
  TELL(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 100001));
  limit.rlim_cur = RLIM_INFINITY;
  setrlimit(RLIMIT_FSIZE, &limit);
}

static void flags(const char* name, int fd) {
  char text[64] = {0};
  struct iovec part = {"abc", 3}, into = {text, 3};
  ftruncate(fd, 10);
  lseek(fd, 2, SEEK_SET);
  TELL(pwritev2(fd, &part, 1, 0, RWF_APPEND));
  TELL(lseek(fd, 0, SEEK_CUR));
  TELL(pwritev2(fd, &part, 1, -1, RWF_APPEND));
  TELL(lseek(fd, 0, SEEK_CUR));
  TELL(pwritev2(fd, &part, 1, 1, RWF_DSYNC | RWF_SYNC | RWF_HIPRI));
  TELL(lseek(fd, 0, SEEK_END));
  TELL(preadv2(fd, &into, 1, 10, 0));
  printf("%s: %s\n", name, text);
  TELL(preadv2(fd, &into, 1, 0, 0x10000));
}

static void neither(const char* what, const char* path) {
  char byte = 'x';
  int count = 0;
  const int fd = open(path, 3);
  printf("%s\n", what);
  if (fd < 0) {
    printf("%s\n", error_name(errno));
    return;
  }
  printf("access %d\n", fcntl(fd, F_GETFL) & O_ACCMODE);
  TELL(read(fd, &byte, 1));
  TELL(write(fd, &byte, 1));
  TELL(ftruncate(fd, 0));
  TELL(lseek(fd, 1, SEEK_SET));
  TELL(mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0) == MAP_FAILED ? -1 : 0);
  TELL(ioctl(fd, FIONBIO, &count));
  TELL(fallocate(fd, 0, 0, 10));
  struct flock lock = {.l_type = F_RDLCK};
  TELL(fcntl(fd, F_SETLK, &lock));
  close(fd);
}

static void told_of(const char* what, int fd) {
  struct statfs s;
  printf("%s: %x\n", what, fstatfs(fd, &s) == 0 ? (unsigned)s.f_type : 0);
}

static void told_at(const char* path) {
  struct statfs s;
  printf("%s: %x\n", path, statfs(path, &s) == 0 ? (unsigned)s.f_type : 0);
}

int main(void) {
  char name[] = "/tmp/polyabi-space-XXXXXX";
  setvbuf(stdout, NULL, _IOLBF, 0);
  signal(SIGXFSZ, SIG_IGN);
  const int file = mkstemp(name), memory = memfd_create("space", MFD_ALLOW_SEALING), reading = open(name, O_RDONLY);
  const int appending = open(name, O_RDWR | O_APPEND), directory = open("/tmp", O_RDONLY);
  int p[2], s[2];
  if (file < 0 || memory < 0 || pipe(p) != 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, s) != 0) return 1;
  printf("a file\n");
  space(file);
  printf("in memory\n");
  space(memory);
  TELL(fallocate(reading, 0, 0, 10));
  TELL(fallocate(appending, 0, 0, 10));
  TELL(fallocate(appending, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096));
  TELL(fallocate(p[0], 0, 0, 10));
  TELL(fallocate(p[1], 0, 0, 10));
  TELL(fallocate(p[1], 0, 0, 0));
  TELL(fallocate(s[0], 0, 0, 10));
  TELL(fallocate(directory, 0, 0, 10));
  TELL(fallocate(open("/dev/null", O_WRONLY), 0, 0, 10));
  TELL(fallocate(open(name, O_PATH), 0, 0, 10));
  TELL(fallocate(-1, 0, 0, 10));
  if (sizeof(off_t) == 8) TELL(fallocate(file, 0, (off_t)(~0UL >> 1), 10));
  TELL(fcntl(memory, F_ADD_SEALS, F_SEAL_GROW));
  TELL(fallocate(memory, 0, 0, 1 << 20));
  TELL(fallocate(memory, 0, 0, 100));

  const int plain = memfd_create("plain", 0);
  flags("a file", file);
  flags("in memory", plain);
  char byte;
  struct iovec into = {&byte, 1};
  TELL(preadv2(p[0], &into, 1, -1, RWF_NOWAIT));
  TELL(preadv2(p[0], &into, 1, 0, RWF_NOWAIT));
  TELL(write(p[1], "x", 1));
  TELL(preadv2(p[0], &into, 1, -1, RWF_NOWAIT));
  TELL(preadv2(-1, &into, 1, -1, RWF_NOWAIT));

  neither("a file", name);
  neither("a device", "/dev/null");
  neither("a directory", "/tmp");

  told_of("a pipe", p[0]);
  told_of("a socket", s[0]);
  told_of("a file in memory", memory);
  told_at("/proc");
  told_at("/dev/pts");
  told_at("/dev/null");
  TELL(posix_fadvise(p[0], 0, 0, 0));
  TELL(posix_fadvise(reading, 0, 0, 9));
  TELL(readahead(reading, 0, 10));
  TELL(readahead(open(name, O_WRONLY), 0, 10));
  TELL(readahead(p[0], 0, 10));
  TELL(readahead(open(name, O_PATH), 0, 10));
  TELL(sync_file_range(reading, 0, 0, 7));
  TELL(sync_file_range(reading, 0, 0, 8));
  TELL(sync_file_range(p[1], 0, 0, 1));
  TELL(fsync(open(name, O_PATH)));
  TELL(fsync(p[0]));
  unlink(name);
  return 0;
}
