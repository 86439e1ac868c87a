/* Signals that processes wait for and send each other: children, queues, sets of processes, what is restarted, what a new image
   keeps. */
#include "heard_signals.h"

enum { SIGRTMIN = 41 };

static char stack[32768];

/* --- children */
static void hear(void) {
  const sigset_t nothing = {{0}};
  while (calls == 0) sigsuspend(&nothing);
}
static void children(void) {
  int status = 0;
  siginfo_t info;
  block(SIG_BLOCK, SIGCLD); /* it is heard of in `hear` alone */
  set(SIGCLD, note, SA_SIGINFO, 0);
  int child = fork();
  if (child == 0) exit(7);
  hear();
  check(code == CLD_EXITED && sender == child && child_status == 7, "CLD_EXITED");
  waitpid(child, &status, 0);
  child = fork();
  if (child == 0)
    for (;;) pause();
  set(SIGCLD, note, SA_SIGINFO, 0);
  kill(child, SIGSTOP);
  hear();
  check(code == CLD_STOPPED && child_status == SIGSTOP, "CLD_STOPPED");
  set(SIGCLD, note, SA_SIGINFO, 0);
  kill(child, SIGCONT);
  check(waitsys(P_PID, child, &info, WCONTINUED) == 0 && info.si_code == CLD_CONTINUED, "CLD_CONTINUED is waited for");
  plain(SIGCLD, SIG_IGN); /* the news of that are dropped */
  set(SIGCLD, note, SA_SIGINFO | SA_NOCLDSTOP, 0);
  kill(child, SIGSTOP);
  waitsys(P_PID, child, &info, WSTOPPED);
  sigset_t pending;
  sigpending(&pending);
  check(!(pending.bits[0] >> (SIGCLD - 1) & 1), "SA_NOCLDSTOP: a stop is no news");
  kill(child, SIGKILL);
  hear();
  check(code == CLD_KILLED && child_status == SIGKILL, "CLD_KILLED");
  waitpid(child, &status, 0);
  set(SIGCLD, note, SA_NOCLDWAIT, 0);
  child = fork();
  if (child == 0) exit(0);
  check_error(waitpid(child, &status, 0), ECHILD, "SA_NOCLDWAIT leaves no zombies");
  block(SIG_UNBLOCK, SIGCLD);

  /* System V's: a handler of signal(2) is told of each child that has ended already, as often as it is set. */
  plain(SIGCLD, SIG_DFL);
  for (int i = 0; i < 3; ++i)
    if (fork() == 0) exit(i);
  for (int i = 0; i < 3; ++i) {
    siginfo_t one;
    waitsys(P_ALL, 0, &one, WEXITED | WNOWAIT);
    handler_function = note;
    caught = calls = 0;
    ssig(SIGCLD, handler_entry);
    if (calls != 1) check(0, "SIGCLD is told again for a child that is left");
    if (wait(&status) < 0) check(0, "and the child can be waited for");
  }
  caught = calls = 0;
  ssig(SIGCLD, handler_entry);
  check(calls == 0, "without children that have ended SIGCLD is not told");
  plain(SIGCLD, SIG_DFL);
}

/* --- sigset and its family */
static void held(void) {
  handler_function = note;
  ssig(SIGUSR1 | SIGDEFER, handler_entry);
  ssig(SIGUSR1 | SIGHOLD, 0);
  caught = calls = 0;
  kill(getpid(), SIGUSR1);
  kill(getpid(), SIGUSR1);
  check(calls == 0, "sighold");
  ssig(SIGUSR1 | SIGIGNORE, 0);
  check(calls == 0 && !blocked(SIGUSR1), "sigignore drops what was held, and releases");
  ssig(SIGUSR1 | SIGDEFER, handler_entry);
  ssig(SIGUSR1 | SIGHOLD, 0);
  kill(getpid(), SIGUSR1);
  check_error(ssig(SIGUSR1 | SIGPAUSE, 0), EINTR, "sigpause takes what is held");
  check(calls == 1 && blocked(SIGUSR1), "and holds it again");
  check(ssig(SIGUSR1 | SIGRELSE, 0) == 0 && !blocked(SIGUSR1), "sigrelse");
  check_error(ssig(SIGUSR1 | SIGHOLD | SIGRELSE, 0), EINVAL, "two functions at once are EINVAL");
}

/* --- values, and waiting for signals */
static void queues(void) {
  sigset_t all = only(SIGRTMIN);
  all.bits[1] |= 1u << (SIGRTMIN + 1 - 33);
  siginfo_t info;
  sigprocmask(SIG_BLOCK, &all, NULL);
  for (int i = 0; i < 3; ++i) sigqueue(getpid(), SIGRTMIN + 1, 10 + i, SI_QUEUE, 0);
  sigqueue(getpid(), SIGRTMIN, 5, SI_QUEUE, 0);
  const struct timespec none = {0, 0};
  check(gate7(144, &all, &info, &none) == SIGRTMIN && info.u.sent.value == 5, "of real-time signals the lowest comes first");
  int good = 1;
  for (int i = 0; i < 3; ++i) good = good && gate7(144, &all, &info, &none) == SIGRTMIN + 1 && info.u.sent.value == 10 + i;
  check(good, "each as often as it was sent, in order");
  check_error(gate7(144, &all, &info, &none), EAGAIN, "then there is none");
  check_error(gate7(144, &all, &info, &(struct timespec){0, -1}), EINVAL, "a wrong time is EINVAL");
  sigprocmask(SIG_UNBLOCK, &all, NULL);
  check_error(sigqueue(999999, SIGUSR1, 0, SI_QUEUE, 0), ESRCH, "sigqueue to nobody is ESRCH");
  check_error(sigqueue(getpid(), 200, 0, SI_QUEUE, 0), EINVAL, "of no signal is EINVAL");
}

static void sets_of_processes(void) {
  int status = 0;
  set(SIGUSR1, note, 0, 0);
  check(sigsendsys(&(struct procset){POP_AND, P_PID, P_MYID, P_ALL, P_MYID}, SIGUSR1) == 0 && calls == 1, "sigsend to oneself");
  check(sigsendsys(&(struct procset){POP_AND, P_ALL, P_MYID, P_PID, P_MYID}, SIGUSR1) == 0 && calls == 2, "the sides can be changed");
  const int child = fork();
  if (child == 0) {
    setpgid(0, 0);
    plain(SIGUSR1, SIG_DFL);
    for (;;) pause();
  }
  setpgid(child, child);
  check(sigsendsys(&(struct procset){POP_AND, P_PGID, child, P_ALL, P_MYID}, SIGTERM) == 0, "sigsend to a group");
  check(waitpid(child, &status, 0) == child && status == SIGTERM, "which gets it");
  check_error(sigsendsys(&(struct procset){POP_AND, P_PGID, child, P_ALL, P_MYID}, 0), ESRCH, "to a group without members is ESRCH");
  check_error(sigsendsys((void *)4, 0), EFAULT, "a set from nowhere is EFAULT");
}

/* sigsendset(3C): two sets, and what is done with them. */
enum { POP_DIFF, POP_OR = 2, POP_XOR, P_SID = 3, P_UID = 5 };
static int waiting_child(int group) {
  const int child = fork();
  if (child == 0) {
    setpgid(0, group);
    plain(SIGUSR2, SIG_DFL);
    for (;;) pause();
  }
  setpgid(child, group ? group : child);
  return child;
}
static int ends_with(int child, int number) {
  int status = 0;
  return waitpid(child, &status, 0) == child && status == number;
}
static int lives(int child) {
  int status;
  return waitpid(child, &status, WNOHANG) == 0;
}
static void combined_sets(void) {
  const int one = waiting_child(0), two = waiting_child(one), three = waiting_child(one);
  check(sigsendsys(&(struct procset){POP_DIFF, P_PGID, one, P_PID, two}, SIGTERM) == 0 && ends_with(one, SIGTERM) && ends_with(three, SIGTERM) && lives(two),
        "POP_DIFF: a group without one of it");
  const int four = waiting_child(0);
  check(sigsendsys(&(struct procset){POP_OR, P_PID, two, P_PID, four}, SIGINT) == 0 && ends_with(two, SIGINT) && ends_with(four, SIGINT), "POP_OR: the one and the other");
  const int five = waiting_child(0), six = waiting_child(0);
  check(sigsendsys(&(struct procset){POP_XOR, P_PPID, getpid(), P_PID, five}, SIGHUP) == 0 && ends_with(six, SIGHUP) && lives(five),
        "POP_XOR: those that are in one set only");
  check(sigsendsys(&(struct procset){POP_AND, P_SID, P_MYID, P_PGID, five}, SIGTERM) == 0 && ends_with(five, SIGTERM), "POP_AND: those that are in both");
  check_error(sigsendsys(&(struct procset){POP_AND, P_PID, P_MYID, P_UID, 54321}, 0), ESRCH, "an empty set is ESRCH");
  check_error(sigsendsys(&(struct procset){9, P_PID, P_MYID, P_ALL, P_MYID}, 0), EINVAL, "an unknown operation is EINVAL");
  check_error(sigsendsys(&(struct procset){POP_AND, 99, P_MYID, P_ALL, P_MYID}, 0), EINVAL, "an unknown kind of set is EINVAL");
}

/* --- what a signal interrupts, and what goes on. The timer's signal comes after 20 ms; a child ends the wait later. */
static void soon(uint flags) {
  set(SIGALRM, note, flags, 0);
  setitimer(0, &(struct itimerval){{0, 20000}, {0, 20000}}, NULL); /* again and again: the first may come too early */
}
/* `check` and `check_error` when the wait is over. */
static void over(int holds, const char *what) {
  setitimer(0, &(struct itimerval){{0, 0}, {0, 0}}, NULL);
  check(holds, what);
}
static void over_with(int answer, int error, const char *what) {
  const int told = errno;
  setitimer(0, &(struct itimerval){{0, 0}, {0, 0}}, NULL);
  errno = told;
  check_error(answer, error, what);
}
static int helper(int fd, const char *text) {
  const int child = fork();
  if (child == 0) {
    nanosleep(&(struct timespec){0, 250000000}, NULL);
    if (text) write(fd, text, strlen(text));
    exit(3);
  }
  return child;
}
static void restarting(void) {
  int fds[2], status = 0, child, flag = 0;
  char bytes[16];
  siginfo_t info;
  struct strbuf data = {sizeof bytes, 0, bytes};
  pipe(fds);
  child = helper(fds[1], "x");
  soon(SA_RESTART);
  over(read(fds[0], bytes, 1) == 1 && calls >= 1, "read goes on");
  waitpid(child, &status, 0);
  child = helper(fds[1], "y");
  soon(SA_RESTART);
  over(getmsg(fds[0], NULL, &data, &flag) == 0 && data.len == 1 && calls >= 1, "getmsg goes on");
  waitpid(child, &status, 0);
  child = helper(-1, NULL);
  soon(SA_RESTART);
  over(waitpid(child, &status, 0) == child && status == 3 << 8 && calls >= 1, "wait goes on");
  child = helper(-1, NULL);
  soon(SA_RESTART);
  over(waitsys(P_PID, child, &info, WEXITED) == 0 && calls >= 1, "waitsys goes on");
  child = helper(-1, NULL);
  soon(0);
  over_with(waitpid(child, &status, 0), EINTR, "without SA_RESTART wait is EINTR");
  waitpid(child, &status, 0);
  soon(0);
  over_with(getmsg(fds[0], NULL, &data, &flag), EINTR, "and getmsg");
  soon(0);
  over_with(read(fds[0], bytes, 1), EINTR, "and read");

  const int fd = open("awaited_signals_lock", O_RDWR | O_CREAT, 0600);
  unlink("awaited_signals_lock");
  struct flock lock = {F_WRLCK, 0, 0, 1, 0, 0, {0}};
  int ready[2];
  pipe(ready);
  child = fork();
  if (child == 0) {
    fcntl(fd, F_SETLK, &lock);
    write(ready[1], "r", 1);
    nanosleep(&(struct timespec){0, 250000000}, NULL);
    exit(0);
  }
  read(ready[0], bytes, 1);
  soon(SA_RESTART);
  over(fcntl(fd, F_SETLKW, &lock) == 0 && calls >= 1, "F_SETLKW goes on");
  waitpid(child, &status, 0);

  /* What never goes on, whatever the flag says. */
  struct pollfd polled = {fds[0], POLLIN, 0};
  soon(SA_RESTART);
  over_with(poll(&polled, 1, 5000), EINTR, "poll never does");
  soon(SA_RESTART);
  over_with(pause(), EINTR, "nor pause");
  soon(SA_RESTART);
  const sigset_t nothing = {{0}};
  over_with(sigsuspend(&nothing), EINTR, "nor sigsuspend");
  soon(SA_RESTART);
  over_with(nanosleep(&(struct timespec){5, 0}, NULL), EINTR, "nor nanosleep");
  soon(SA_RESTART);
  sigset_t waited = only(SIGUSR1);
  over_with(gate7(144, &waited, &info, &(struct timespec){5, 0}), EINTR, "nor sigtimedwait");
  const int queue = msgsys(0, 0, 01600);
  soon(SA_RESTART);
  over_with(msgsys(2, queue, bytes, 4, 0, 0), EINTR, "nor msgrcv");
  msgsys(1, queue, 10, 0);
  const int semaphore = semsys(1, 0, 1, 01600);
  const struct { ushort number; short operation, flags; } down = {0, -1, 0};
  soon(SA_RESTART);
  over_with(semsys(2, semaphore, &down, 1), EINTR, "nor semop");
  semsys(0, semaphore, 0, 10, 0);
  close(fds[0]);
  close(fds[1]);
  close(ready[0]);
  close(ready[1]);
  close(fd);
}

/* --- what a new image keeps */
static void executing(char *self) {
  int status = -1;
  plain(SIGUSR1, SIG_IGN);
  set(SIGUSR2, note, 0, 0);
  block(SIG_BLOCK, SIGTERM);
  stack_t wanted = {stack, sizeof stack, 0};
  sigaltstack(&wanted, NULL);
  const int child = fork();
  if (child == 0) {
    char *argv[] = {self, "image", NULL};
    execve(self, argv, environ);
    exit(99);
  }
  check(waitpid(child, &status, 0) == child && status == 0, "a new image keeps the mask and what is ignored, and nothing else");
  block(SIG_UNBLOCK, SIGTERM);
}
static int new_image(void) {
  struct sigaction ignored, reset;
  stack_t now;
  sigaction(SIGUSR1, NULL, &ignored);
  sigaction(SIGUSR2, NULL, &reset);
  sigaltstack(NULL, &now);
  return (ignored.sa_handler == SIG_IGN ? 0 : 1) | (reset.sa_handler == SIG_DFL ? 0 : 2) | (blocked(SIGTERM) ? 0 : 4) |
         (now.ss_flags & SS_DISABLE ? 0 : 8);
}

int main(int argc, char **argv) {
  if (argc == 2 && !strcmp(argv[1], "image")) return new_image();
  children();
  held();
  queues();
  sets_of_processes();
  combined_sets();
  restarting();
  executing(argv[0]);
  return failures != 0;
}
