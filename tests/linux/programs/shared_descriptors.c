/* Processes that share a table of descriptors: clone(2) with CLONE_FILES, with and without the memory, until one becomes another
   program. */
#define _GNU_SOURCE
#include "tell.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char stack[64 * 1024] __attribute__((aligned(16)));
static int lock_fd;

static int make(void* argument) {
  close(20);
  dup2(1, 21);
  fcntl(22, F_SETFD, FD_CLOEXEC);
  return *(int*)argument;
}

static int become(void* argument) {
  execl("/proc/self/exe", "program", (char*)argument, (char*)0);
  return 99;
}

static int unlock(void* nothing) {
  (void)nothing;
  struct flock whole = {.l_type = F_WRLCK};
  return fcntl(lock_fd, F_SETLK, &whole) == 0 ? 0 : 1;
}

static int part_from(void* answer) {
  if (unshare(CLONE_FILES) != 0) return 1;
  close(20);
  dup2(1, 21);
  return *(int*)answer;
}

static int close_alone(void* answer) {
  return close_range(20, 22, CLOSE_RANGE_UNSHARE) == 0 ? *(int*)answer : 1;
}

static void prepare(void) {
  for (int fd = 20; fd < 24; ++fd) close(fd);
  dup2(1, 20);
  dup2(1, 22);
  fcntl(22, F_SETFD, 0);
}

static void look(void) {
  for (int fd = 20; fd < 24; ++fd) printf("%d: %d  ", fd, fcntl(fd, F_GETFD));
  printf("\n");
  fflush(stdout);
}

static void child(const char* what, int (*body)(void*), int flags, void* argument) {
  int status = -1;
  errno = 0;
  const pid_t made = clone(body, stack + sizeof stack, flags | SIGCHLD, argument);
  if (made > 0) waitpid(made, &status, 0);
  printf("%s: %s, ended with %d\n", what, made > 0 ? "made" : error_name(errno), status >> 8);
  look();
}

int main(int count, char** words) {
  if (count > 1) {
    printf("program: ");
    look();
    close(20);
    dup2(1, 23);
    return 7;
  }
  int answer = 5;
  prepare();
  look();
  child("a copy", make, 0, &answer);
  child("shared", make, CLONE_FILES, &answer);
  prepare();
  child("shared, with the memory", make, CLONE_FILES | CLONE_VM, &answer);
  prepare();
  child("shared, with the memory, waited for", make, CLONE_FILES | CLONE_VM | CLONE_VFORK, &answer);
  prepare();
  fcntl(22, F_SETFD, FD_CLOEXEC);
  child("another program", become, CLONE_FILES, "argument");
  child("another program, from the same memory", become, CLONE_FILES | CLONE_VM | CLONE_VFORK, "argument");

  /* A lock belongs to the table. */
  char name[] = "/tmp/polyabi-shared-XXXXXX";
  lock_fd = mkstemp(name);
  struct flock whole = {.l_type = F_WRLCK};
  TELL(fcntl(lock_fd, F_SETLK, &whole));
  child("locks of a copy", unlock, 0, 0);
  child("locks of the table", unlock, CLONE_FILES, 0);
  unlink(name);

  /* The one goes on with it when the other has ended; both tables are one. */
  int ends[2];
  TELL(pipe(ends));
  const pid_t other = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, 0, 0, 0, 0);
  if (other == 0) {
    char byte;
    read(ends[0], &byte, 1);
    _exit(dup2(1, 23) == 23 ? 0 : 1);
  }
#if defined SYS_kcmp
  TELL(syscall(SYS_kcmp, getpid(), other, 2, 0, 0));
#endif
  close(23);
  TELL(write(ends[1], "", 1));
  int status = 0;
  waitpid(other, &status, 0);
  printf("ended with %d\n", status >> 8);
  look();

  /* One that does not want to share any more. */
  TELL(unshare(0));
  TELL(unshare(CLONE_FS));
  TELL(unshare(CLONE_FILES));
  TELL(unshare(CLONE_FILES | CLONE_FS | CLONE_SYSVSEM));
  TELL(unshare(CLONE_SIGHAND | CLONE_VM | CLONE_THREAD));
  TELL(unshare(CLONE_PARENT));
  look();
  prepare();
  child("alone from now on", part_from, CLONE_FILES, &answer);
  child("in close_range", close_alone, CLONE_FILES, &answer);
  return 0;
}
