/* Processes: calls that answer twice, waiting in all forms, groups, limits. */
#include "libc/svr4.h"

static void ids(void) {
  check(getpid() > 1 && getppid() > 0, "getpid answers both ids");
  check(getuid() == geteuid() && getgid() == getegid(), "getuid and getgid answer both");
  uint groups[32];
  check(getgroups(0, groups) >= 0, "getgroups");
  check(getpgrp() == getpgid(0) && getsid(0) > 0, "pgrpsys");
}

static void forking(void) {
  const int self = getpid();
  int fds[2];
  check(pipe(fds) == 0 && fds[0] == 3 && fds[1] == 4, "pipe answers both descriptors");
  int child = fork();
  if (child == 0) {
    const int good = forked_second == 1 && forked_value == self && getppid() == self;
    write(fds[1], good ? "y" : "n", 1);
    exit(42);
  }
  check(child > 0 && forked_second == 0, "fork answers the child's id and 0");
  char answer = 0;
  read(fds[0], &answer, 1);
  check(answer == 'y', "the child is answered the parent's id and 1");
  int status = 0;
  check(wait(&status) == child && status == 42 << 8, "wait answers id and status");
  check_error(wait(&status), ECHILD, "wait without children is ECHILD");

  child = forkall();
  if (child == 0) exit(1);
  check(waitpid(child, &status, 0) == child && status == 1 << 8, "waitpid through wait's number");

  static volatile int shared;
  shared = 0;
  child = vfork();
  if (child == 0) {
    shared = 7;
    exit(0);
  }
  check(child > 0 && waitpid(child, &status, 0) == child && status == 0 && shared == 7, "vfork shares memory");

  child = fork();
  if (child == 0) {
    pause();
    exit(0);
  }
  check(waitpid(child, &status, WNOHANG) == 0, "WNOHANG");
  kill(child, SIGUSR2);
  check(waitpid(-1, &status, 0) == child && status == SIGUSR2, "a signal's number in the status is ours");
  close(fds[0]);
  close(fds[1]);
}

static void waiting(void) {
  siginfo_t info;
  int child = fork();
  if (child == 0) exit(300);
  check(waitsys(P_PID, child, &info, WEXITED | WNOWAIT) == 0 && info.si_signo == SIGCLD && info.si_code == CLD_EXITED &&
            info.u.child.pid == child && info.u.child.status == 44,
        "waitsys tells of an exit without taking it");
  check(waitsys(P_ALL, 0, &info, WEXITED) == 0 && info.u.child.pid == child, "waitsys takes it");
  check_error(waitsys(P_ALL, 0, &info, WEXITED), ECHILD, "waitsys without children");
  check_error(waitsys(P_ALL, 0, &info, WNOHANG), EINVAL, "waitsys for nothing");

  child = fork();
  if (child == 0)
    for (;;) pause();
  kill(child, SIGSTOP);
  check(waitsys(P_PID, child, &info, WSTOPPED) == 0 && info.si_code == CLD_STOPPED && info.u.child.status == SIGSTOP, "a stop");
  kill(child, SIGCONT);
  check(waitsys(P_PID, child, &info, WCONTINUED) == 0 && info.si_code == CLD_CONTINUED, "a continuation");
  kill(child, SIGKILL);
  check(waitsys(P_PID, child, &info, WEXITED) == 0 && info.si_code == CLD_KILLED && info.u.child.status == SIGKILL, "a kill");
}

static void sending(void) {
  int status;
  const int child = fork();
  if (child == 0)
    for (;;) pause();
  check(sigsendsys(&(struct procset){POP_AND, P_PID, child, P_ALL, P_MYID}, SIGTERM) == 0, "sigsend");
  check(waitpid(child, &status, 0) == child && status == SIGTERM, "which arrives");
  check_error(sigsendsys(&(struct procset){POP_AND, P_PID, 999999, P_ALL, P_MYID}, 0), ESRCH, "sigsend to nobody");
}

static void executing(char *self) {
  int status;
  int child = fork();
  if (child == 0) {
    char *argv[] = {self, "child", "two words", NULL};
    char *envp[] = {"SVR4PROC=yes", NULL};
    execve(self, argv, envp);
    exit(127);
  }
  check(waitpid(child, &status, 0) == child && status == 5 << 8, "execve passes arguments and environment");
  child = fork();
  if (child == 0) {
    char *argv[] = {"nothing", NULL};
    execve("./nothing-of-that-name", argv, environ);
    exit(errno);
  }
  check(waitpid(child, &status, 0) == child && status == ENOENT << 8, "execve of nothing is ENOENT");
}

static void groups(void) {
  int status;
  int child = fork();
  if (child == 0) exit(setpgid(0, 0) == 0 && getpgrp() == getpid() ? 0 : 1);
  check(waitpid(child, &status, 0) == child && status == 0, "setpgid");
  child = fork();
  if (child == 0) exit(setsid() == getpid() && getsid(0) == getpid() && getpgrp() == getpid() ? 0 : 1);
  check(waitpid(child, &status, 0) == child && status == 0, "setsid");
  child = fork();
  if (child == 0) exit(setpgrp() == getpid() && getsid(0) == getpid() ? 0 : 1);
  check(waitpid(child, &status, 0) == child && status == 0, "setpgrp makes a session");
}

static void limits(void) {
  struct rlimit limit;
  check(getrlimit(5, &limit) == 0 && limit.rlim_cur > 10, "getrlimit");
  check(ulimit(4) == (int)limit.rlim_cur && sysconfig(CONFIG_OPEN_FILES) == (int)limit.rlim_cur, "ulimit and sysconfig agree with it");
  limit.rlim_cur = 50;
  check(setrlimit(5, &limit) == 0 && getrlimit(5, &limit) == 0 && limit.rlim_cur == 50, "setrlimit");
  check(getrlimit(1, &limit) == 0 && limit.rlim_max == 0x7fffffff, "no limit is RLIM_INFINITY");
  check_error(getrlimit(77, &limit), EINVAL, "an unknown limit is EINVAL");
  check(nice(0) >= -20 && nice(3) >= -17, "nice");
  int usage[18];
  check(rusagesys(0, usage) == 0 && usage[1] >= 0 && usage[1] < 1000000, "getrusage");
  struct tms spent;
  check(times(&spent) > 0 && spent.tms_utime >= 0, "times");
}

extern char end[];
static void the_break(void) {
  check(brk(end + 16) == 0, "brk within the page where the data end");
  check(brk(end + 100000) == 0 && (end[99999] = 1), "brk");
  check(brk(end + 16) == 0 && brk(end + 100000) == 0 && end[99999] == 0, "given back and taken again, it is zero");
  check_error(brk((void *)0x1000), ENOMEM, "brk below the data is ENOMEM");
}

int main(int argc, char **argv) {
  if (argc == 3 && !strcmp(argv[1], "child")) {
    const char *value = getenv("SVR4PROC");
    return !strcmp(argv[2], "two words") && value && !strcmp(value, "yes") && !environ[1] ? 5 : 6;
  }
  ids();
  forking();
  waiting();
  sending();
  executing(argv[0]);
  groups();
  limits();
  the_break();
  return failures != 0;
}
