/* old_calls VARIANT: XENIX' calls, which every system that runs Release 3's programs has, and Release 3's process groups. */
#include "svr4.h"

enum { XENIX = 0x28, locking = 1, rdchk = 7, chsize = 10, ftime = 11, nap = 12, xselect = 36, eaccess = 37, xsigaction = 39, xsigprocmask,
       xsigpending, xsigsuspend, xgetgroups, xsetgroups, sysconf, xpathconf, xfpathconf, xrename, xutsname = 50, xgetitimer = 55,
       xsetitimer };
#define X(n) ((n) << 8 | XENIX)
enum { X_SETMASK, X_BLOCK, X_UNBLOCK };
struct old_sigaction { void *sa_handler; uint sa_mask; int sa_flags; };
struct timeb { int time; ushort millitm; short timezone, dstflag; };
struct scoutsname { char sysname[9], nodename[9], release[16], kernelid[20], machine[9], bustype[9], sysserial[10]; ushort origin, oem;
                    char users[9]; ushort processors; };

static int is_release_4, status;

static int in_child(int (*what)(int), int argument) {
  const int child = forkall();
  if (child == 0) exit(what(argument) ? 0 : 1);
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static int is_locked(int fd) {
  lseek(fd, 0, 0);
  return gate7(X(locking), fd, 2, 4) == -1 && (errno == EACCES || errno == EAGAIN || errno == EDEADLK);
}
static int is_free(int fd) {
  lseek(fd, 0, 0);
  return gate7(X(locking), fd, 2, 4) == 0;
}

static void files(void) {
  const int fd = open("old_file", O_RDWR | O_CREAT, 0600);
  write(fd, "0123456789", 10);
  lseek(fd, 0, 0);
  check(gate7(X(locking), fd, 1, 4) == 0 && in_child(is_locked, fd), "locking locks a run of bytes");
  lseek(fd, 0, 0);
  check(gate7(X(locking), fd, 0, 4) == 0 && in_child(is_free, fd), "and frees it");
  check_error(gate7(X(locking), fd, 9, 4), EINVAL, "locking in no way is EINVAL");
  check(gate7(X(chsize), fd, 3) == 0 && lseek(fd, 0, 2) == 3, "chsize cuts a file");
  check(gate7(X(chsize), fd, 5) == 0 && lseek(fd, 0, 2) == 5, "and lengthens it");
  check(gate7(X(eaccess), "old_file", 4) == 0, "eaccess");
  check_error(gate7(X(eaccess), "nothing", 4), ENOENT, "of nothing is ENOENT");
  check(gate7(X(xpathconf), ".", 3) == 255 && gate7(X(xfpathconf), fd, 3) == 255, "pathconf and fpathconf count from 0");
  check_error(gate7(X(xpathconf), ".", 77), EINVAL, "pathconf of nothing is EINVAL");
  check(gate7(X(xrename), "old_file", "new_file") == 0 && unlink("new_file") == 0, "rename");
  close(fd);

  int fds[2];
  struct timeval none = {0, 0};
  pipe(fds);
  uint readable = 1u << fds[0], writable = 1u << fds[1];
  check(gate7(X(rdchk), fds[0]) == 0, "rdchk of an empty pipe");
  check(gate7(X(xselect), 32, &readable, &writable, NULL, &none) == 1 && readable == 0 && writable == 1u << fds[1], "select");
  write(fds[1], "x", 1);
  readable = 1u << fds[0];
  check(gate7(X(rdchk), fds[0]) == 1 && gate7(X(xselect), 32, &readable, NULL, NULL, NULL) == 1 && readable == 1u << fds[0], "a byte is there");
  readable = 1u << 30;
  check_error(gate7(X(xselect), 32, &readable, NULL, NULL, &none), EBADF, "select of no descriptor is EBADF");
  check_error(gate7(X(rdchk), 99), EBADF, "rdchk of no descriptor is EBADF");
  close(fds[0]);
  close(fds[1]);
}

static void times_and_names(void) {
  struct timeb now;
  memset(&now, 0x55, sizeof now);
  const int seconds = time();
  check(gate7(X(ftime), &now) == 0 && now.time - seconds <= 1 && now.time >= seconds && now.millitm < 1000, "ftime");
  const int slept = gate7(X(nap), 20);
  check(slept >= 20 && slept < 5000, "nap answers how long it was");
  struct itimerval timer = {{0, 0}, {100, 0}}, told;
  check(gate7(X(xsetitimer), 0, &timer, NULL) == 0 && gate7(X(xgetitimer), 0, &told) == 0 && told.it_value.tv_sec >= 99 &&
            told.it_value.tv_sec <= 100,
        "setitimer and getitimer");
  memset(&timer, 0, sizeof timer);
  check(gate7(X(xsetitimer), 0, &timer, &told) == 0 && told.it_value.tv_sec >= 99, "setitimer answers what was left");
  check(gate7(X(sysconf), 2) == 100 && gate7(X(sysconf), 4) > 10, "sysconf counts from 0");
  check_error(gate7(X(sysconf), 999), EINVAL, "of nothing is EINVAL");
  struct scoutsname names;
  check(sizeof names == 98 && gate7(X(xutsname), &names) == 0 && names.sysname[0] && names.nodename[0] && !strcmp(names.bustype, "PCI") &&
            names.origin == 0xffff && names.processors >= 1,
        "the names of the system");
  ushort groups[32] = {0};
  const int count = gate7(X(xgetgroups), 32, groups);
  check(count >= 0 && gate7(X(xgetgroups), 0, groups) == count, "getgroups");
  const int set = gate7(X(xsetgroups), count, groups);
  check(geteuid() == 0 ? set == 0 : set == -1 && errno == EPERM, "setgroups, or EPERM without the right to");
}

/* Release 3's handlers are entered with their number alone and return to the C library, which goes back through a gate. */
__asm__("old_return: addl $4, %esp\n lcall $0xf, $0\n hlt");
extern char old_return[];
static volatile int caught, count;
static void old_handler(int number) {
  caught = number;
  ++count;
}
static void new_handler(int number, siginfo_t *info, ucontext_t *context) {
  (void)info;
  (void)context;
  old_handler(number);
}

static void signals(void) {
  struct old_sigaction action = {is_release_4 ? (void *)handler_entry : (void *)old_handler, 1u << (SIGTERM - 1), 0}, told;
  handler_function = new_handler;
  gate_second = (int)old_return;
  check(gate7(X(xsigaction), SIGUSR1, &action, NULL) == 0, "sigaction");
  check(gate7(X(xsigaction), SIGUSR1, NULL, &told) == 0 && told.sa_handler == action.sa_handler && told.sa_mask == action.sa_mask, "which tells");
  kill(getpid(), SIGUSR1);
  kill(getpid(), SIGUSR1);
  check(caught == SIGUSR1 && count == 2, "a handler stays");
  uint set = 1u << (SIGUSR1 - 1), old = 0;
  check(gate7(X(xsigprocmask), X_BLOCK, &set, &old) == 0 && old == 0, "sigprocmask blocks");
  kill(getpid(), SIGUSR1);
  check(gate7(X(xsigpending), &old) == 0 && old == set && count == 2, "sigpending");
  old = 0;
  check_error(gate7(X(xsigsuspend), &old), EINTR, "sigsuspend");
  check(count == 3 && gate7(X(xsigprocmask), X_UNBLOCK, &set, &old) == 0 && old == set, "lets it through, and the mask is back");
  set = 0;
  check(gate7(X(xsigprocmask), X_SETMASK, &set, NULL) == 0, "SETMASK is 0 here");
  check_error(gate7(X(xsigprocmask), 9, &set, NULL), EINVAL, "an unknown way is EINVAL");
  check_error(gate7(X(xsigaction), SIGKILL, &action, NULL), EINVAL, "SIGKILL cannot be caught");
}

static int leads(int unused) {
  (void)unused;
  return gate7(39, 2, 0, 0, 0) == 0 && gate7(39, 0) == getpid();
}
static int new_session(int unused) {
  (void)unused;
  return gate7(39, 3) == getpid() && gate7(39, 0) == getpid();
}
static int old_setpgrp(int unused) {
  (void)unused;
  return gate7(39, 1) == getpid();
}

/* waitpid's options: BSD's numbers with SCO and INTERACTIVE, Release 4's with Coherent (its <common/_wait.h>). */
static void waiting(const char *variant) {
  const int bsd = strcmp(variant, "coherent") != 0;
  const int no_hang = bsd ? 1 : 0100, untraced = bsd ? 2 : 4;
  const int stop = strcmp(variant, "interactive") ? SIGSTOP : 24;
  const int child = forkall();
  if (child == 0)
    for (;;) pause();
  check(waitpid(child, &status, no_hang) == 0, "waitpid does not wait with WNOHANG");
  kill(child, stop);
  check(waitpid(child, &status, untraced) == child && status == (stop << 8 | 0177), "WUNTRACED tells of a stop");
  kill(child, SIGKILL);
  check(waitpid(child, &status, 0) == child && status == SIGKILL, "and waitpid of the end");
}

int main(int argc, char **argv) {
  if (argc < 2) return 2;
  is_release_4 = !strcmp(argv[1], "unixware");
  files();
  times_and_names();
  signals();
  check_error(gate7(X(99)), ENOSYS, "a XENIX call that nobody has");
  if (!is_release_4) {
    waiting(argv[1]);
    check(in_child(leads, 0), "Release 3's setpgid has a word before its arguments");
    check(in_child(new_session, 0), "setsid");
    check(in_child(old_setpgrp, 0), "setpgrp");
  }
  return failures != 0;
}
