/* Signals for readiness: owners of open files, the signal that is sent, and what it tells. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SHOW(call)                                                                            \
  do {                                                                                        \
    errno = 0;                                                                                \
    const long answer = (long)(call);                                                         \
    if (answer == -1 && errno != 0) printf("%s = %s\n", #call, strerrorname_np(errno));       \
    else printf("%s = %ld\n", #call, answer);                                                 \
  } while (0)

static void show_signal(const char* what, int number) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  struct timespec limit = {0, 300000000};
  siginfo_t info;
  memset(&info, 0, sizeof info);
  if (sigtimedwait(&set, &info, &limit) < 0) {
    printf("%s: no signal\n", what);
    return;
  }
  printf("%s: signal %d code %d", what, info.si_signo == number, info.si_code);
  if (info.si_code == POLL_IN || info.si_code == POLL_OUT) printf(" fd %d in %d", info.si_fd, (info.si_band & POLLIN) != 0);
  printf("\n");
  struct timespec none = {0, 0};
  while (sigtimedwait(&set, &info, &none) > 0) continue;
}

static void make(const char* name) { close(open(name, O_CREAT | O_RDWR, 0600)); }
static void directories(void) {
  char path[] = "/tmp/polyabi-notify-XXXXXX";
  if (mkdtemp(path) == NULL || chdir(path) != 0) return;
  make("before");
  const int directory = open(".", O_RDONLY | O_DIRECTORY);
  const int file = open("before", O_RDWR);
  SHOW(fcntl(file, F_NOTIFY, DN_CREATE));
  SHOW(fcntl(-1, F_NOTIFY, DN_CREATE));
  SHOW(fcntl(directory, F_GETOWN));
  SHOW(fcntl(directory, F_NOTIFY, DN_CREATE));
  printf("own %d\n", fcntl(directory, F_GETOWN) == getpid());
  make("one");
  show_signal("made", SIGIO);
  make("two");
  show_signal("once is enough", SIGIO);
  SHOW(fcntl(directory, F_SETSIG, SIGRTMIN + 1));
  SHOW(fcntl(directory, F_NOTIFY, DN_CREATE | DN_DELETE | DN_MULTISHOT));
  make("three");
  show_signal("made, with a signal of its own", SIGRTMIN + 1);
  unlink("three");
  show_signal("removed", SIGRTMIN + 1);
  (void)!write(file, "x", 1);
  show_signal("not asked for", SIGRTMIN + 1);
  SHOW(fcntl(directory, F_NOTIFY, DN_MODIFY | DN_MULTISHOT));
  (void)!write(file, "x", 1);
  show_signal("written to", SIGRTMIN + 1);
  make("four");
  show_signal("what was asked for before", SIGRTMIN + 1);
  SHOW(fcntl(directory, F_NOTIFY, DN_ATTRIB | DN_ACCESS | DN_RENAME | DN_MULTISHOT));
  chmod("four", 0400);
  show_signal("changed", SIGRTMIN + 1);
  rename("four", "five");
  show_signal("renamed", SIGRTMIN + 1);
  chmod(".", 0755);
  show_signal("the directory itself", SIGRTMIN + 1);
  SHOW(fcntl(directory, F_NOTIFY, 0));
  make("six");
  show_signal("no more", SIGRTMIN + 1);
  SHOW(fcntl(directory, F_NOTIFY, DN_CREATE | DN_MULTISHOT));
  close(directory);
  make("seven");
  show_signal("closed", SIGRTMIN + 1);
  static const char* const names[] = {"before", "one", "two", "five", "six", "seven"};
  for (unsigned i = 0; i < sizeof names / sizeof *names; ++i) unlink(names[i]);
  SHOW(rmdir(path));
}

int main(void) {
  setvbuf(stdout, 0, _IONBF, 0);
  setpgid(0, 0); /* whoever runs this is not to be signalled */
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGIO);
  sigaddset(&set, SIGRTMIN + 1);
  sigprocmask(SIG_BLOCK, &set, 0);
  int s[2], p[2], on = 1, off = 0, owner = 0;
  socketpair(AF_UNIX, SOCK_STREAM, 0, s);
  SHOW(fcntl(s[0], F_GETOWN));
  SHOW(fcntl(s[0], F_GETSIG));
  SHOW(fcntl(s[0], F_SETOWN, 9999999));
  SHOW(fcntl(s[0], F_SETOWN, (int)0x80000000));
  SHOW(fcntl(s[0], F_SETSIG, 65));
  SHOW(fcntl(-1, F_SETOWN, getpid()));
  SHOW(fcntl(-1, F_GETOWN));
  SHOW(fcntl(s[0], F_SETOWN, getpid()));
  printf("own %d\n", fcntl(s[0], F_GETOWN) == getpid());
  (void)!write(s[1], "a", 1);
  show_signal("not asked for", SIGIO);
  SHOW(ioctl(s[0], FIOASYNC, &on));
  printf("flag %d\n", (fcntl(s[0], F_GETFL) & O_ASYNC) != 0);
  (void)!write(s[1], "b", 1);
  show_signal("asked for", SIGIO);
  SHOW(fcntl(s[0], F_SETSIG, SIGRTMIN + 1));
  printf("signal %d\n", fcntl(s[0], F_GETSIG) - SIGRTMIN);
  (void)!write(s[1], "c", 1);
  show_signal("with a signal of its own", SIGRTMIN + 1);
  show_signal("and not the usual one", SIGIO);
  SHOW(ioctl(s[0], FIOASYNC, &off));
  printf("flag %d\n", (fcntl(s[0], F_GETFL) & O_ASYNC) != 0);
  (void)!write(s[1], "d", 1);
  show_signal("no more", SIGRTMIN + 1);

  pipe(p);
  SHOW(fcntl(p[0], F_SETOWN, getpid()));
  SHOW(fcntl(p[0], F_SETFL, O_ASYNC | O_NONBLOCK));
  (void)!write(p[1], "x", 1);
  show_signal("a pipe", SIGIO);
  SHOW(fcntl(p[0], F_SETOWN, 0));
  (void)!write(p[1], "x", 1);
  show_signal("of nobody", SIGIO);

  struct f_owner_ex who = {F_OWNER_PGRP, getpgrp()};
  SHOW(fcntl(p[0], F_SETOWN_EX, &who));
  memset(&who, 0, sizeof who);
  SHOW(fcntl(p[0], F_GETOWN_EX, &who));
  printf("group %d %d\n", who.type == F_OWNER_PGRP, who.pid == getpgrp());
  who.type = 7;
  SHOW(fcntl(p[0], F_SETOWN_EX, &who));
  SHOW(fcntl(p[0], F_SETOWN_EX, (void*)16));

  /* The owner may be another process than the one that opened it, and its descriptors may be closed. */
  owner = getpid();
  SHOW(ioctl(s[1], FIOSETOWN, &owner));
  owner = 0;
  SHOW(ioctl(s[1], FIOGETOWN, &owner));
  printf("owner %d\n", owner == getpid());
  SHOW(ioctl(s[1], SIOCGPGRP, &owner));
  const pid_t child = fork();
  if (child == 0) {
    SHOW(ioctl(s[1], FIOASYNC, &on));
    (void)!write(s[0], "to the parent", 13);
    _exit(0);
  }
  waitpid(child, 0, 0);
  show_signal("from a child", SIGIO);

  const int file = open("/etc/passwd", O_RDONLY);
  SHOW(ioctl(file, FIOASYNC, &on));
  SHOW(fcntl(file, F_SETFL, O_ASYNC));
  SHOW(ioctl(-1, FIOASYNC, &on));
  directories();
  return 0;
}
