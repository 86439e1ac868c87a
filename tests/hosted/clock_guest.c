// A guest that finds its vDSO as debuggers and C libraries do, and compares the times that it tells with those of calls.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <link.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static void check(int holds, const char* what) {
  if (holds) return;
  printf("failed: %s\n", what);
  exit(1);
}

static long long nanoseconds(const struct timespec* t) { return t->tv_sec * 1000000000ll + t->tv_nsec; }

static int seen;
static int object(struct dl_phdr_info* info, size_t size, void* data) {
  (void)size;
  if (info->dlpi_addr != *(const ElfW(Addr)*)data) return 0;
  check(info->dlpi_phnum >= 2, "its program headers");
  ++seen;
  return 0;
}

int main(void) {
  const ElfW(Addr) at = getauxval(AT_SYSINFO_EHDR);
  check(at != 0 && memcmp((const void*)at, ELFMAG, SELFMAG) == 0, "AT_SYSINFO_EHDR");
  dl_iterate_phdr(object, (void*)&at);
  check(seen == 1, "dl_iterate_phdr shows it once");
  void* library = dlopen("linux-vdso.so.1", RTLD_LAZY | RTLD_NOLOAD);
  check(library != NULL, "its name");
  int (*clock)(clockid_t, struct timespec*);
  int (*resolution)(clockid_t, struct timespec*);
  int (*day)(struct timeval*, struct timezone*);
  time_t (*seconds)(time_t*);
  long (*processor)(unsigned*, unsigned*, void*);
  *(void**)&clock = dlvsym(library, "__vdso_clock_gettime", "LINUX_2.6");
  *(void**)&resolution = dlvsym(library, "__vdso_clock_getres", "LINUX_2.6");
  *(void**)&day = dlvsym(library, "__vdso_gettimeofday", "LINUX_2.6");
  *(void**)&seconds = dlvsym(library, "__vdso_time", "LINUX_2.6");
  *(void**)&processor = dlvsym(library, "__vdso_getcpu", "LINUX_2.6");
  check(clock && resolution && day && seconds && processor, "its functions");

  for (clockid_t id = 0; id < 12; ++id) {
    struct timespec before, told, after, step, step_by_call;
    const long by_call = syscall(SYS_clock_gettime, id, &before);
    const int by_library = clock(id, &told);
    check(by_library == (by_call == 0 ? 0 : -EINVAL), "the same clocks");
    check(resolution(id, &step) == (by_call == 0 ? 0 : -EINVAL), "their steps");
    if (by_call != 0) continue;
    syscall(SYS_clock_gettime, id, &after);
    syscall(SYS_clock_getres, id, &step_by_call);
    check(nanoseconds(&step) == nanoseconds(&step_by_call), "the same steps");
    // Coarse clocks lag by a tick of the host's, 10 ms at most.
    const long long lag = id == CLOCK_REALTIME_COARSE || id == CLOCK_MONOTONIC_COARSE ? 10000000 : 0;
    check(nanoseconds(&told) >= nanoseconds(&before) - lag && nanoseconds(&told) <= nanoseconds(&after), "the same time");
  }
  struct timespec now;
  struct timeval today;
  time_t stored = 0;
  syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
  check(day(&today, NULL) == 0 && today.tv_sec * 1000000ll + today.tv_usec >= nanoseconds(&now) / 1000, "gettimeofday");
  const time_t told = seconds(&stored);
  check(told == stored && told >= now.tv_sec - 1 && told <= now.tv_sec + 60, "time");
  unsigned number = ~0u, node = ~0u;
  check(processor(&number, &node, NULL) == 0 && number < 4096 && node < 4096, "getcpu");
  printf("ok\n");
  return 0;
}
