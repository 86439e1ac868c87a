// What system calls cost here: one static program, run by the host and by polyabi alike. Prints "name nanoseconds" lines.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int turns;

#define MEASURE(name, divisor, statement)                                                                                     \
  do {                                                                                                                        \
    const int n = turns / (divisor) > 0 ? turns / (divisor) : 1;                                                              \
    const double start = now();                                                                                               \
    for (int i = 0; i < n; ++i) statement;                                                                                    \
    printf("%s %.1f\n", name, (now() - start) / n);                                                                           \
    fflush(stdout);                                                                                                           \
  } while (0)

static void open_and_close(const char* path) {
  const int d = open(path, O_RDONLY);
  if (d < 0) exit(3);
  close(d);
}

static int there[2], back[2];

static void ping_pong(void) {
  char c = 'x';
  if (write(there[1], &c, 1) != 1 || read(back[0], &c, 1) != 1) exit(4);
}

static void fork_and_wait(char** again) {
  const pid_t child = fork();
  if (child == 0) {
    if (again != NULL) execv(again[0], again);
    _exit(0);
  }
  int status;
  if (waitpid(child, &status, 0) != child || status != 0) exit(5);
}

int main(int argc, char** argv) {
  if (argc > 1 && strcmp(argv[1], "--nothing") == 0) return 0;
  turns = argc > 1 ? atoi(argv[1]) : 20000;
  struct stat status;
  char byte;
  const int zero = open("/dev/zero", O_RDONLY), null = open("/dev/null", O_WRONLY);

  MEASURE("getpid", 1, syscall(SYS_getpid));
  MEASURE("fstat", 1, fstat(zero, &status));
  MEASURE("read_zero", 1, (void)!read(zero, &byte, 1));
  MEASURE("write_null", 1, (void)!write(null, "x", 1));
  MEASURE("stat_host", 4, stat("/etc/passwd", &status));
  MEASURE("open_close_host", 8, open_and_close("/etc/passwd"));

  if (pipe(there) != 0 || pipe(back) != 0) return 2;
  const pid_t other = fork();
  if (other == 0) {
    char c;
    close(there[1]);
    while (read(there[0], &c, 1) == 1)
      if (write(back[1], &c, 1) != 1) break;
    _exit(0);
  }
  MEASURE("pipe_ping_pong", 10, ping_pong());
  close(there[1]);
  waitpid(other, NULL, 0);

  MEASURE("fork_wait", 100, fork_and_wait(NULL));
  char* again[] = {argv[0], "--nothing", NULL};
  MEASURE("fork_exec_wait", 100, fork_and_wait(again));
  return 0;
}
