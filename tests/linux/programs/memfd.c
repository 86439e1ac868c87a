/* Files without a name and their seals: run on the host and under polyabi, and compared. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tell.h"

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x10
#endif
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8
#endif
#ifndef MFD_EXEC
#define MFD_EXEC 16
#endif
#ifndef F_SEAL_EXEC
#define F_SEAL_EXEC 0x20
#endif

static long map_and_forget(int f, int protection, int flags) {
  void *at = mmap(0, 4096, protection, flags, f, 0);
  if (at == MAP_FAILED) return -1;
  munmap(at, 4096);
  return 0;
}

static void plain(void) {
  puts("-- without seals");
  int f = memfd_create("a name", MFD_CLOEXEC);
  char text[128] = {0}, link[64];
  struct stat status;
  snprintf(link, sizeof link, "/proc/self/fd/%d", f);
  TELL(readlink(link, text, sizeof text - 1));
  printf("%s %d %#o\n", text, fcntl(f, F_GETFD), fcntl(f, F_GETFL) & O_ACCMODE);
  fstat(f, &status);
  printf("%#o %ld %d\n", status.st_mode, (long)status.st_size, (int)status.st_nlink);
  TELL(write(f, "text", 4));
  TELL(ftruncate(f, 10000));
  TELL(lseek(f, 0, SEEK_END));
  TELL(pread(f, text, 4, 0));
  TELL(fcntl(f, F_GET_SEALS));
  TELL(fcntl(f, F_ADD_SEALS, F_SEAL_GROW));
  char *at = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
  at[0] = 'T';
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    at[1] = 'E';
    _exit(0);
  }
  waitpid(child, 0, 0);
  pread(f, text, 4, 0);
  printf("%.4s\n", text);
  munmap(at, 4096);
  const int again = open(link, O_RDONLY);
  printf("opened again %d\n", again >= 0);
  pread(again, text, 2, 0);
  printf("%.2s\n", text);
  TELL(fcntl(again, F_ADD_SEALS, F_SEAL_GROW));
  close(again);
  close(f);
  TELL_OUTCOME(memfd_create("", 0));
  TELL_OUTCOME(memfd_create("with/slash", 0));
  TELL(memfd_create("n", 0x20));
  TELL(memfd_create((char *)8, 0));
  char name[300];
  memset(name, 'n', sizeof name);
  name[249] = 0;
  TELL_OUTCOME(memfd_create(name, 0));
  name[249] = 'n', name[250] = 0;
  TELL(memfd_create(name, 0));
  TELL(fcntl(0, F_GET_SEALS));
  TELL(fcntl(1000, F_GET_SEALS));
  TELL(fcntl(1000, F_ADD_SEALS, 1));
}

static void sealed(void) {
  puts("-- sealed");
  char page[4096];
  memset(page, 'p', sizeof page);
  int f = memfd_create("sealed", MFD_ALLOW_SEALING);
  TELL(fcntl(f, F_GET_SEALS));
  TELL(write(f, page, 100));
  TELL(fcntl(f, F_ADD_SEALS, F_SEAL_GROW));
  TELL(pwrite(f, page, 100, 0));
  TELL(pwrite(f, page, 100, 1));
  TELL(pwrite(f, page, 1, 100));
  TELL(ftruncate(f, 101));
  TELL(ftruncate(f, 99));
  TELL(fcntl(f, F_ADD_SEALS, F_SEAL_SHRINK));
  TELL(ftruncate(f, 98));
  TELL(ftruncate(f, 99));
  char *shared = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
  TELL(fcntl(f, F_ADD_SEALS, F_SEAL_WRITE));
  munmap(shared, 4096);
  shared = mmap(0, 4096, PROT_READ, MAP_SHARED, f, 0);
  TELL(fcntl(f, F_ADD_SEALS, F_SEAL_WRITE));
  munmap(shared, 4096);
  TELL(fcntl(f, F_ADD_SEALS, F_SEAL_WRITE));
  TELL(fcntl(f, F_GET_SEALS));
  TELL(pwrite(f, page, 1, 0));
  TELL(write(f, page, 0));
  TELL(map_and_forget(f, PROT_READ | PROT_WRITE, MAP_SHARED));
  TELL(map_and_forget(f, PROT_READ | PROT_WRITE, MAP_PRIVATE));
  TELL(map_and_forget(f, PROT_READ, MAP_SHARED));
  shared = mmap(0, 4096, PROT_READ, MAP_SHARED, f, 0);
  TELL(mprotect(shared, 4096, PROT_READ | PROT_WRITE));
  munmap(shared, 4096);
  TELL(fcntl(f, F_ADD_SEALS, F_SEAL_SEAL));
  TELL(fcntl(f, F_ADD_SEALS, F_SEAL_SEAL));
  TELL(fcntl(f, F_GET_SEALS));
  close(f);

  puts("-- future writes");
  f = memfd_create("future", MFD_ALLOW_SEALING);
  ftruncate(f, 8192);
  shared = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, f, 0);
  TELL(fcntl(f, F_ADD_SEALS, F_SEAL_FUTURE_WRITE));
  shared[0] = 'x';
  char seen = 0;
  pread(f, &seen, 1, 0);
  printf("%c\n", seen);
  TELL(pwrite(f, page, 1, 0));
  TELL(map_and_forget(f, PROT_READ | PROT_WRITE, MAP_SHARED));
  TELL(map_and_forget(f, PROT_READ, MAP_SHARED));
  munmap(shared, 4096);
  TELL(fcntl(f, F_ADD_SEALS, 0x1000));
  close(f);

  puts("-- whole pages");
  f = memfd_create("pages", MFD_ALLOW_SEALING);
  ftruncate(f, 6000);
  fcntl(f, F_ADD_SEALS, F_SEAL_GROW);
  TELL(pwrite(f, page, 4096, 4000));
  TELL(pwrite(f, page, 2000, 4096));
  TELL(pwrite(f, page, 1904, 4096));
  close(f);

  puts("-- execution");
  f = memfd_create("plain", MFD_NOEXEC_SEAL);
  struct stat status;
  fstat(f, &status);
  printf("%#o\n", status.st_mode);
  TELL(fcntl(f, F_GET_SEALS));
  TELL(fchmod(f, 0700));
  TELL(fchmod(f, 0600));
  close(f);
  TELL(memfd_create("both", MFD_NOEXEC_SEAL | MFD_EXEC));
  f = memfd_create("run", MFD_EXEC | MFD_ALLOW_SEALING);
  TELL(fcntl(f, F_ADD_SEALS, F_SEAL_EXEC));
  TELL(fcntl(f, F_GET_SEALS));
  close(f);
}

static void named(void) {
  puts("-- in /dev/shm");
  char path[64];
  snprintf(path, sizeof path, "/memfd-test-%d", getpid());
  const int f = shm_open(path, O_CREAT | O_RDWR | O_EXCL, 0600);
  printf("%d\n", f >= 0);
  TELL(ftruncate(f, 4096));
  TELL(fcntl(f, F_GET_SEALS));
  TELL(fcntl(f, F_ADD_SEALS, F_SEAL_WRITE));
  TELL(map_and_forget(f, PROT_READ | PROT_WRITE, MAP_SHARED));
  TELL(shm_open(path, O_CREAT | O_RDWR | O_EXCL, 0600));
  TELL(shm_unlink(path));
  TELL(shm_open(path, O_RDWR, 0));
  close(f);
}

int main(void) {
  setvbuf(stdout, 0, _IOFBF, 1 << 16);
  plain();
  sealed();
  named();
  return 0;
}
