/* Strings and structures that end where memory does, or one byte beyond it: a copy by words looks at no more than a copy by bytes. */
#define _GNU_SOURCE
#include "tell.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

static char* edge; /* the first byte that is not there */

static void of_paths(void) {
  for (int size = 0; size < 40; ++size) { /* "/./././etc" and so on, with and without its NUL */
    char path[64] = "";
    for (int i = 0; i < size; ++i) path[i] = i % 2 == 0 ? '/' : '.';
    char* const whole = edge - size - 1;
    memcpy(whole, path, size + 1);
    const int found = access(whole, F_OK), error = errno;
    memcpy(edge - size, path, size);
    errno = 0;
    const int cut = access(edge - size, F_OK);
    printf("%d bytes: %d %s, without their NUL %d %s\n", size, found, found < 0 ? error_name(error) : "", cut, error_name(errno));
  }
  char* const longest = edge - PATH_MAX;
  memset(longest, '/', PATH_MAX);
  TELL(access(longest, F_OK));
  edge[-1] = 0;
  TELL(access(longest, F_OK));
  memset(longest - 1, '/', PATH_MAX);
  TELL(access(longest - 1, F_OK));
}

static void of_pages(void) { /* a string over the edge between two pages that are there */
  char* const between = edge - 4096;
  for (int before = 0; before < 12; ++before) {
    strcpy(between - before, "/dev/../dev/null");
    TELL(access(between - before, R_OK));
  }
}

static void of_bytes(void) {
  int ends[2];
  if (pipe(ends) != 0) exit(1);
  for (int size = 1; size < 300; size += size < 40 ? 1 : 37) {
    char seen[512] = "";
    for (int i = 0; i < size; ++i) edge[i - size] = (char)(size + i);
    const long out = write(ends[1], edge - size, size), in = read(ends[0], seen, sizeof seen);
    const int same = memcmp(seen, edge - size, size) == 0;
    for (int i = 0; i < size; ++i) seen[i] = (char)(size * 3 + i);
    write(ends[1], seen, size);
    const long back = read(ends[0], edge - size, size);
    printf("%d bytes: %ld %ld %d, %ld %d\n", size, out, in, same, back, memcmp(seen, edge - size, size) == 0);
  }
}

#ifdef __x86_64__
enum { status_call = SYS_newfstatat, status_size = 144 };
#else
enum { status_call = SYS_fstatat64, status_size = 96 };
#endif

static void of_structures(void) {
  TELL(syscall(status_call, AT_FDCWD, "/dev/null", edge - status_size, 0));
  TELL(syscall(status_call, AT_FDCWD, "/dev/null", edge - status_size + 1, 0));
  TELL(syscall(SYS_uname, edge - sizeof(struct utsname)));
  TELL(syscall(SYS_uname, edge - sizeof(struct utsname) + 1));
  TELL(syscall(SYS_clock_getres, CLOCK_MONOTONIC, edge - sizeof(struct timespec)));
  TELL(syscall(SYS_clock_getres, CLOCK_MONOTONIC, edge - sizeof(struct timespec) + 1));
  TELL(syscall(SYS_nanosleep, edge - sizeof(struct timespec) + 1, NULL));
  TELL(syscall(SYS_getresuid, edge - 12, edge - 8, edge - 4));
  TELL(syscall(SYS_getresuid, edge - 12, edge - 8, edge - 3));
  TELL(syscall(SYS_getresuid, edge - 12, edge - 8, edge));
}

int main(void) {
  enum { size = 16 * 4096 };
  char* const memory = mmap(NULL, size + 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  edge = memory + size;
  if (memory == MAP_FAILED || mprotect(edge, 4096, PROT_NONE) != 0) return 1;
  of_paths();
  of_pages();
  of_bytes();
  of_structures();
  return 0;
}
