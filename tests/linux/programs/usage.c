/* What is counted of processes and threads: memory, faults, waits and processor time, of one's own and of children. */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { megabyte = 1024 * 1024 };

static struct rusage of(int whom) {
  struct rusage u;
  memset(&u, 0x77, sizeof u);
  if (getrusage(whom, &u) != 0) perror("getrusage");
  return u;
}
static long milliseconds(const struct rusage* u) {
  return (u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000 + (u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1000;
}

static char* touch(size_t size) {
  char* const all = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (size_t i = 0; i < size; i += 4096) all[i] = 1;
  return all;
}

static long resident(void) {
  long all = 0, here = 0;
  FILE* f = fopen("/proc/self/statm", "r");
  if (f == NULL || fscanf(f, "%ld %ld", &all, &here) != 2) return -1;
  fclose(f);
  return here * 4;
}

static void* work(void* nothing) {
  struct timespec used;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  printf("a new thread has used nothing yet: %d\n", used.tv_sec == 0 && used.tv_nsec < 50000000);
  do clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  while (used.tv_sec == 0 && used.tv_nsec < 150000000);
  const struct rusage u = of(RUSAGE_THREAD);
  printf("a thread's own time: %d\n", milliseconds(&u) >= 100 && milliseconds(&u) < 1000);
  return nothing;
}

int main(void) {
  const struct rusage before = of(RUSAGE_SELF);
  printf("unused fields: %ld %ld %ld %ld %ld\n", before.ru_ixrss, before.ru_idrss, before.ru_isrss, before.ru_nswap, before.ru_nsignals);
  const long little = resident();
  char* const all = touch(64 * megabyte);
  const struct rusage after = of(RUSAGE_SELF);
  printf("memory: %d, faults: %d\n", after.ru_maxrss >= 64 * 1024, after.ru_minflt > before.ru_minflt);
  printf("resident: %d\n", resident() - little >= 60 * 1024);
  munmap(all, 64 * megabyte);
  printf("no more: %d, but at most: %d\n", resident() - little < 10 * 1024, of(RUSAGE_SELF).ru_maxrss >= 64 * 1024);
  const struct rusage waits = of(RUSAGE_SELF);
  usleep(2000);
  printf("waited: %d\n", of(RUSAGE_SELF).ru_nvcsw > waits.ru_nvcsw);
  printf("of children: %ld %ld\n", of(RUSAGE_CHILDREN).ru_maxrss, of(RUSAGE_CHILDREN).ru_minflt);
  fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    touch(128 * megabyte);
    const pid_t inner = fork();
    if (inner == 0) _exit(touch(160 * megabyte) == NULL);
    waitpid(inner, NULL, 0);
    _exit(0);
  }
  struct rusage told;
  int status;
  wait4(child, &status, 0, &told);
  printf("of the child: %d %d\n", told.ru_maxrss >= 128 * 1024, told.ru_minflt > 0);
  printf("with its own child: %d\n", told.ru_maxrss >= 160 * 1024);
  const struct rusage children = of(RUSAGE_CHILDREN);
  printf("of children: %d %d\n", children.ru_maxrss == told.ru_maxrss, children.ru_minflt == told.ru_minflt);
  const struct rusage own = of(RUSAGE_THREAD);
  struct timespec used;
  do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  while (used.tv_sec == 0 && used.tv_nsec < 200000000);
  pthread_t thread;
  pthread_create(&thread, NULL, work, NULL);
  pthread_join(thread, NULL);
  const struct rusage then = of(RUSAGE_THREAD), process = of(RUSAGE_SELF);
  printf("not of this thread: %d, but of the process: %d\n", milliseconds(&then) - milliseconds(&own) < 100,
         milliseconds(&process) - milliseconds(&waits) >= 100);
  struct rusage none;
  printf("nobody's: %d\n", getrusage(7, &none));
  return 0;
}
