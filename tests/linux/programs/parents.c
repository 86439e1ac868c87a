/* Parents and their ends: PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER; and what /proc keeps of a process for its children. */
#define _GNU_SOURCE
#include "tell.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int told[2], may_go[2];

static void say(const char* what) {
  if (write(told[1], what, strlen(what)) < 0) _exit(9);
}
static void listen_to(const char* what) {
  char got[128];
  ssize_t length = read(told[0], got, sizeof got);
  printf("%s: %.*s\n", what, (int)length, got);
}

static pid_t parent_was;
static void by_parent(int signo, siginfo_t* info, void* context) {
  char line[96];
  (void)context;
  snprintf(line, sizeof line, "signal %d, code %d, from the parent %d, which is still the parent %d", signo, info->si_code,
           info->si_pid == parent_was, getppid() == parent_was);
  say(line);
  _exit(0);
}
static void expect(int signo) {
  struct sigaction action = {.sa_sigaction = by_parent, .sa_flags = SA_SIGINFO};
  sigaction(signo, &action, NULL);
}

static pid_t middle(void (*body)(void)) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    body();
    _exit(0);
  }
  return child;
}

static void wait_for_word(void) {
  char c;
  if (read(may_go[0], &c, 1) != 1) _exit(8);
}

static void child_wants_signal(int signo) {
  parent_was = getpid();
  if (fork() == 0) {
    expect(SIGUSR1);
    expect(SIGRTMIN);
    prctl(PR_SET_PDEATHSIG, signo);
    if (write(may_go[1], "", 1) != 1) _exit(7);
    sleep(2);
    say("nothing came");
    _exit(0);
  }
  wait_for_word();
}
static void wants_usr1(void) { child_wants_signal(SIGUSR1); }
static void wants_realtime(void) { child_wants_signal(SIGRTMIN); }
static void wants_none(void) { child_wants_signal(0); }

/* Forks do not inherit it, exec keeps it. */
static void grandchild_does_not(void) {
  prctl(PR_SET_PDEATHSIG, SIGUSR1);
  if (fork() == 0) {
    int signo = -1;
    prctl(PR_GET_PDEATHSIG, &signo);
    char line[64];
    snprintf(line, sizeof line, "in a child %d", signo);
    say(line);
    _exit(0);
  }
  wait(NULL);
}

static void* forks_and_ends(void* argument) {
  (void)argument;
  child_wants_signal(SIGUSR1);
  return NULL;
}
static void thread_ends(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, forks_and_ends, NULL);
  pthread_join(thread, NULL);
  wait(NULL); /* the process goes on: it is still the parent */
}

static void* sets_its_own(void* argument) {
  prctl(PR_SET_PDEATHSIG, SIGUSR2);
  *(int*)argument = 0;
  prctl(PR_GET_PDEATHSIG, argument);
  return NULL;
}

static void death_signals(void) {
  int signo = -1, other = -1;
  TELL(prctl(PR_SET_PDEATHSIG, 65));
  TELL(prctl(PR_SET_PDEATHSIG, -1));
  TELL(prctl(PR_SET_PDEATHSIG, SIGUSR1));
  TELL(prctl(PR_GET_PDEATHSIG, &signo));
  pthread_t thread;
  pthread_create(&thread, NULL, sets_its_own, &other);
  pthread_join(thread, NULL);
  printf("one thread %d, the other %d\n", signo, other);
  TELL(prctl(PR_GET_PDEATHSIG, 1));
  TELL(prctl(PR_SET_PDEATHSIG, 0));
  waitpid(middle(wants_usr1), NULL, 0);
  listen_to("the parent ends");
  waitpid(middle(wants_realtime), NULL, 0);
  listen_to("real-time");
  waitpid(middle(grandchild_does_not), NULL, 0);
  listen_to("inherited");
  pid_t child = middle(thread_ends);
  listen_to("a thread of the parent ends");
  waitpid(child, NULL, 0);
  waitpid(middle(wants_none), NULL, 0);
  listen_to("none");
  TELL(prctl(PR_SET_PTRACER, getpid(), 0, 0, 0));
}

/* --- who adopts */
static void leaves_an_orphan(void) {
  pid_t child = fork();
  if (child != 0) {
    wait_for_word();
    return;
  }
  pid_t was = getppid();
  if (write(may_go[1], "", 1) != 1) _exit(7);
  while (getppid() == was) usleep(1000);
  _exit(23);
}
static void leaves_a_zombie(void) {
  if (fork() == 0) _exit(24);
  siginfo_t info;
  waitid(P_ALL, 0, &info, WEXITED | WNOWAIT);
}
static void adoption(void) {
  int does = -1;
  TELL(prctl(PR_GET_CHILD_SUBREAPER, &does));
  printf("adopts %d\n", does);
  TELL(prctl(PR_SET_CHILD_SUBREAPER, 2));
  TELL(prctl(PR_GET_CHILD_SUBREAPER, &does));
  printf("adopts %d\n", does);
  for (int zombie = 0; zombie < 2; ++zombie) {
    pid_t first = middle(zombie ? leaves_a_zombie : leaves_an_orphan);
    int status = 0;
    printf("%s: the child %d", zombie ? "a zombie" : "an orphan", waitpid(first, &status, 0) == first);
    pid_t orphan = wait(&status);
    printf(", the orphan %d with %d\n", orphan > 0 && orphan != first, WEXITSTATUS(status));
  }
}
static void child_does_not_adopt(void) {
  int does = -1;
  prctl(PR_GET_CHILD_SUBREAPER, &does);
  printf("a child adopts %d\n", does);
  fflush(stdout);
}

/* --- files */
static void show(const char* name) {
  char text[64] = "";
  int fd = open(name, O_RDONLY);
  ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  printf("%s: %s", name, length > 0 ? text : "nothing\n");
}
static void store(const char* name, const char* text) {
  errno = 0;
  int fd = open(name, O_WRONLY);
  ssize_t length = write(fd, text, strlen(text));
  printf("%s to %s: %zd %s\n", text, name, length, length < 0 ? error_name(errno) : "");
  close(fd);
}
static void scores(void) {
  const char *score = "/proc/self/oom_score", *adjustment = "/proc/self/oom_score_adj", *old = "/proc/self/oom_adj";
  show(score);
  show(adjustment);
  show(old);
  const char* const values[] = {"500", "1000\n", " 17 ", "0x10", "1001", "-1001", "junk", "", "0"};
  for (size_t i = 0; i < sizeof values / sizeof values[0]; ++i) {
    store(adjustment, values[i]);
    show(adjustment);
    show(old);
    show(score);
  }
  const char* const older[] = {"15", "5", "16", "-18", "8"};
  for (size_t i = 0; i < sizeof older / sizeof older[0]; ++i) {
    store(old, older[i]);
    show(adjustment);
    show(old);
  }
  fflush(stdout);
  if (fork() == 0) {
    show(adjustment);
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
}

static void owners(void) {
  struct stat st;
  for (int visible = 1; visible >= 0; --visible) {
    TELL(prctl(PR_SET_DUMPABLE, visible));
    stat("/proc/self/stat", &st);
    printf("stat belongs to %s", st.st_uid == 0 ? "the superuser" : "another");
    stat("/proc/self", &st);
    printf(", the directory to %s\n", st.st_uid == getuid() ? "its user" : "another");
  }
  TELL(prctl(PR_SET_DUMPABLE, 1));
}

/* The superuser may do more, on each system as much as it has been given. */
static void as_somebody(void) {
  if (getuid() == 0) TELL(setresuid(65534, 65534, 65534));
  printf("dumpable %d\n", prctl(PR_GET_DUMPABLE));
  prctl(PR_SET_DUMPABLE, 1);
  scores();
  owners();
  fflush(stdout);
}

int main(void) {
  if (pipe(told) != 0 || pipe(may_go) != 0) return 1;
  death_signals();
  adoption();
  waitpid(middle(child_does_not_adopt), NULL, 0);
  waitpid(middle(as_somebody), NULL, 0);
  return 0;
}
