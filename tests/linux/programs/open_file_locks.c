/* Locks on ranges that belong to open files (F_OFD_SETLK), beside those of processes. */
#define _GNU_SOURCE
#include "tell.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef SYS_fcntl64
#define SYS_fcntl_of_files SYS_fcntl64
#else
#define SYS_fcntl_of_files SYS_fcntl
#endif

static int lock(int fd, int command, int type, off_t start, off_t size) {
  struct flock how = {.l_type = (short)type, .l_start = start, .l_len = size};
  const int answer = fcntl(fd, command, &how);
  if (answer == 0 && (command == F_GETLK || command == F_OFD_GETLK))
    printf("type %d from %ld, %ld bytes, of %s: ", how.l_type, (long)how.l_start, (long)how.l_len,
           how.l_pid == getpid() ? "me" : how.l_pid == getppid() ? "my parent" : how.l_pid == -1 ? "nobody" : how.l_pid == 0 ? "0" : "?");
  return answer;
}

static void nothing(int signal) { (void)signal; }

static void child_ends(pid_t child) {
  int status = -1;
  waitpid(child, &status, 0);
  printf("the child ended with %x\n", status);
  fflush(stdout);
}

/// What /proc/locks says of a file, without numbers and processes.
static void show_locks(const char *of) {
  struct stat s;
  char place[64], line[256], kind[16], how[16], what[16], first[32], last[32], on[64];
  if (stat(of, &s) != 0) return;
  snprintf(place, sizeof place, ":%llu", (unsigned long long)s.st_ino);
  FILE *all = fopen("/proc/locks", "r");
  while (all != NULL && fgets(line, sizeof line, all) != NULL) {
    int pid;
    const size_t size = strlen(place);
    if (sscanf(line, "%*d: %15s %15s %15s %d %63s %31s %31s", kind, how, what, &pid, on, first, last) != 7) continue;
    if (strlen(on) <= size || strcmp(on + strlen(on) - size, place) != 0) continue;
    printf("in /proc/locks: %s %s %s %s %s %s\n", kind, how, what, pid == getpid() ? "own" : pid == -1 ? "none" : "other", first, last);
  }
  if (all != NULL) fclose(all);
}

int main(void) {
  char name[] = "/tmp/polyabi-locks-XXXXXX";
  setvbuf(stdout, NULL, _IOLBF, 0);
  const int one = mkstemp(name), two = open(name, O_RDWR), reading = open(name, O_RDONLY), writing = open(name, O_WRONLY);
  if (one < 0 || ftruncate(one, 1000) != 0) return 1;

  TELL(lock(one, F_OFD_SETLK, F_WRLCK, 0, 10));
  TELL(lock(two, F_OFD_SETLK, F_WRLCK, 5, 10));
  TELL(lock(two, F_OFD_SETLK, F_RDLCK, 5, 10));
  TELL(lock(two, F_OFD_SETLK, F_WRLCK, 10, 10));
  TELL(lock(two, F_OFD_GETLK, F_WRLCK, 0, 0));
  TELL(lock(two, F_GETLK, F_WRLCK, 0, 0));
  TELL(lock(one, F_OFD_GETLK, F_WRLCK, 0, 10));
  TELL(lock(one, F_OFD_GETLK, F_WRLCK, 0, 0));
  TELL(lock(one, F_SETLK, F_WRLCK, 0, 1));
  TELL(lock(one, F_SETLK, F_WRLCK, 100, 10));
  TELL(lock(one, F_OFD_SETLK, F_RDLCK, 100, 1));
  TELL(lock(two, F_OFD_GETLK, F_RDLCK, 100, 0));
  TELL(lock(reading, F_OFD_SETLK, F_RDLCK, 50, 10));
  TELL(lock(reading, F_OFD_SETLK, F_WRLCK, 70, 10));
  TELL(lock(writing, F_OFD_SETLK, F_RDLCK, 50, 10));
  TELL(lock(one, F_OFD_SETLK, F_RDLCK, 55, 10));
  TELL(lock(one, F_OFD_SETLK, F_WRLCK, 55, 10));
  struct flock with_pid = {.l_type = F_WRLCK, .l_start = 200, .l_pid = 5};
  TELL(fcntl(one, F_OFD_SETLK, &with_pid));
  TELL(fcntl(one, F_OFD_GETLK, &with_pid));
  TELL(fcntl(one, F_OFD_SETLKW, &with_pid));
  TELL(lock(one, F_OFD_SETLK, 9, 0, 1));
  TELL(lock(one, F_OFD_SETLK, F_WRLCK, -1, 1));
  TELL(lock(-1, F_OFD_SETLK, F_WRLCK, 0, 1));
  TELL(syscall(SYS_fcntl_of_files, one, F_OFD_SETLK, 8)); /* a C library may read the structure itself */
  TELL(lock(open(name, O_PATH), F_OFD_SETLK, F_WRLCK, 300, 1));
  TELL(lock(open(name, O_PATH), F_GETLK, F_WRLCK, 300, 1));

  /* What a process' own locks are dropped at leaves these alone: another descriptor of the file that is closed. */
  close(open(name, O_RDWR));
  TELL(lock(two, F_OFD_SETLK, F_WRLCK, 0, 1));
  TELL(lock(two, F_OFD_SETLK, F_WRLCK, 100, 1));
  const int same = dup(one);
  close(one);
  TELL(lock(two, F_OFD_SETLK, F_WRLCK, 0, 1));
  TELL(lock(same, F_OFD_SETLK, F_WRLCK, 400, 10));
  TELL(lock(same, F_OFD_SETLK, F_UNLCK, 403, 2));
  TELL(lock(two, F_OFD_SETLK, F_WRLCK, 403, 2));
  TELL(lock(two, F_OFD_SETLK, F_WRLCK, 405, 1));

  /* A child has the same open file, and so the same locks. */
  if (fork() == 0) {
    TELL(lock(same, F_OFD_SETLK, F_WRLCK, 0, 20));
    TELL(lock(same, F_OFD_SETLK, F_WRLCK, 500, 20));
    TELL(lock(two, F_OFD_SETLK, F_WRLCK, 500, 20));
    TELL(lock(same, F_GETLK, F_WRLCK, 110, 0));
    _exit(0);
  }
  child_ends(-1);
  TELL(lock(two, F_OFD_SETLK, F_WRLCK, 500, 20));

  /* The last descriptor goes. */
  close(same);
  TELL(lock(two, F_OFD_SETLK, F_WRLCK, 0, 50));
  TELL(lock(two, F_OFD_SETLK, F_WRLCK, 500, 20));
  /* flock(2) is something else. */
  TELL(lock(two, F_OFD_SETLK, F_UNLCK, 0, 0));

  close(reading);
  /* Waiting, until it is let go, and until a signal comes. */
  int told[2];
  if (pipe(told) != 0) return 1;
  TELL(lock(two, F_OFD_SETLK, F_WRLCK, 0, 0));
  const pid_t waits = fork();
  if (waits == 0) {
    const int own = open(name, O_RDWR);
    if (write(told[1], "w", 1) != 1) _exit(9);
    TELL(lock(own, F_OFD_SETLKW, F_WRLCK, 0, 0));
    TELL(lock(two, F_OFD_SETLK, F_WRLCK, 0, 1));
    _exit(0);
  }
  char byte;
  if (read(told[0], &byte, 1) != 1) return 1;
  usleep(50000);
  const int let_go = lock(two, F_OFD_SETLK, F_UNLCK, 0, 0); /* told when the child has said what it has to say */
  child_ends(waits);
  TELL(let_go);
  TELL(lock(two, F_OFD_SETLK, F_WRLCK, 0, 0));
  show_locks(name);
  const pid_t interrupted = fork();
  if (interrupted == 0) {
    const int own = open(name, O_RDWR);
    struct sigaction action = {.sa_handler = nothing};
    sigaction(SIGALRM, &action, NULL);
    const struct itimerval soon = {{0, 20000}, {0, 20000}};
    setitimer(ITIMER_REAL, &soon, NULL);
    TELL(lock(own, F_OFD_SETLKW, F_WRLCK, 0, 0));
    const struct itimerval never = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &never, NULL);
    TELL(lock(own, F_OFD_SETLK, F_WRLCK, 0, 0));
    _exit(0);
  }
  child_ends(interrupted);
  unlink(name);
  return 0;
}
