/* Calls of processes, identities, limits and the system that no library of the examples has a function for, by their numbers. */
#include "svr4.h"

static int status;
/* Runs a check in a child, which it may change as it likes. */
static int in_child(int (*what)(void)) {
  const int child = fork();
  if (child == 0) exit(what() ? 0 : 1);
  return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

static int sets_user(void) {
  const int self = getuid();
  if (gate7(23, self) != 0 || gate7(141, self) != 0 || gate7(202, -1, self) != 0) return 0;
  if (self != 0) return gate7(23, 0) == -1 && errno == EPERM && gate7(141, 0) == -1 && errno == EPERM;
  if (gate7(141, 7) != 0 || geteuid() != 7 || getuid() != 0) return 0;           /* seteuid */
  if (gate7(141, 0) != 0 || gate7(202, 8, 9) != 0 || getuid() != 8 || geteuid() != 9) return 0; /* setreuid */
  return gate7(23, 0) == -1 && errno == EPERM;
}
static int sets_group(void) {
  const int self = getgid();
  if (gate7(46, self) != 0 || gate7(136, self) != 0 || gate7(203, -1, self) != 0) return 0;
  if (getuid() != 0) return 1;
  uint groups[2] = {5, 6}, got[4] = {0};
  if (gate7(91, 2, groups) != 0 || getgroups(4, got) != 2 || got[0] != 5 || got[1] != 6) return 0; /* setgroups */
  if (gate7(136, 7) != 0 || getegid() != 7 || getgid() != self) return 0;                          /* setegid */
  if (gate7(203, 8, 9) != 0 || getgid() != 8 || getegid() != 9) return 0;                          /* setregid */
  return gate7(46, 10) == 0 && getgid() == 10 && getegid() == 10;
}
static int groups_refused(void) {
  uint group = 5;
  gate7(141, 7);
  return geteuid() == 0 ? 0 : gate7(91, 1, &group) == -1 && errno == EPERM;
}

static void identities(void) {
  check(gate7(75) == 0, "issetugid of a plain program");
  check(in_child(sets_user), "setuid, seteuid, setreuid");
  check(in_child(sets_group), "setgid, setegid, setregid, setgroups");
  check(in_child(groups_refused), "setgroups without the right to is EPERM");
}

static void executing(char *self) {
  const int child = fork();
  if (child == 0) {
    char *argv[] = {self, "environment", NULL};
    gate7(11, self, argv);
    exit(127);
  }
  check(waitpid(child, &status, 0) == child && status == 7 << 8, "exec leaves no environment");
  check_error(gate7(11, "nothing-of-that-name", (char *[]){"a", NULL}), ENOENT, "exec of nothing is ENOENT");
}

static int exits_alone(void) {
  gate7(160);
  return 0;
}
static void threads(void) {
  check(gate7(164) == 1, "lwp_self of the only thread");
  check(in_child(exits_alone), "lwp_exit of the only thread ends the process well");
  check(gate7(165, SIG_BLOCK, 1 << (SIGUSR1 - 1), 0) >= 0, "lwp_sigmask blocks");
  sigset_t now;
  check(sigprocmask(0, NULL, &now) == 0 && (now.bits[0] >> (SIGUSR1 - 1) & 1), "as sigprocmask tells");
  check(gate7(165, SIG_UNBLOCK, 1 << (SIGUSR1 - 1), 0) >> (SIGUSR1 - 1) & 1, "lwp_sigmask answers what was");
  check(gate7(146) == 0, "yield");
  uint stack = 0x1234, told = 0;
  check(gate7(100, 3, &stack) == 0 && gate7(100, 2, &told) == 0 && told == (uint)&stack, "setustack and getustack");
}

static void signals(void) {
  sigset_t set;
  memset(&set, 0, sizeof set);
  check(gate7(99, 2, &set) == 0 && set.bits[0] == ~0u && (set.bits[1] & 0xffff) == 0xffff, "sigfillset");
  memset(&set, 0, sizeof set);
  set.bits[0] = 1u << (SIGUSR2 - 1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  siginfo_t info;
  check_error(gate7(144, &set, &info, &(struct timespec){0, 1000000}), EAGAIN, "sigtimedwait without a signal");
  sigqueue(getpid(), SIGUSR2, 99, SI_QUEUE, 0);
  check(gate7(144, &set, &info, &(struct timespec){1, 0}) == SIGUSR2 && info.si_code == SI_QUEUE && info.u.sent.value == 99 &&
            info.u.sent.pid == getpid(),
        "sigtimedwait takes a signal with its value");
  sigprocmask(SIG_UNBLOCK, &set, NULL);
}

static void accounts(void) {
  int usage[18];
  for (volatile int i = 0; i < 10000000; ++i) {}
  memset(usage, 0xff, sizeof usage);
  check(gate7(181, 1, usage) == 0 && usage[1] >= 0 && usage[1] < 1000000, "getrusage of children");
  memset(usage, 0xff, sizeof usage);
  check(gate7(181, 2, usage) == 0 && usage[0] >= 0 && usage[0] * 1000000 + usage[1] + usage[2] * 1000000 + usage[3] > 0, "getrusage of the thread");
  u64_4 limit[2];
  check(gate7(221, 5, limit) == 0 && limit[0] > 10, "getrlimit64");
  limit[0] = 60;
  check(gate7(220, 5, limit) == 0 && gate7(221, 5, limit) == 0 && limit[0] == 60, "setrlimit64");
  check_error(gate7(220, 99, limit), EINVAL, "of an unknown resource is EINVAL");
  check(gate7(221, 1, limit) == 0 && limit[1] == ~0ull - 2, "no limit is RLIM64_INFINITY");
}

static void about_the_system(void) {
  int numbers[3] = {-1, -1, -1};
  char name[64] = "";
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  check(gate7(105, numbers, 3) == 3 && numbers[0] >= 0 && numbers[2] >= 0, "getloadavg");
  check_error(gate7(105, numbers, -1), EINVAL, "of less than none is EINVAL");
  check(gate7(73, numbers, 3) == 1 && numbers[0] == 4096, "getpagesizes");
  check(gate7(50, 65) > 1 << 20, "SI86MEM");
  check(gate7(139, 2, name, sizeof name) > 1, "SI_HOSTNAME");
  if (geteuid() == 0)
    check(gate7(50, 56, "renamed") == 0 && gate7(139, 2, name, sizeof name) == 8 && !strcmp(name, "renamed"), "SI86SETNAME");
  else
    check_error(gate7(50, 56, "renamed"), EPERM, "SI86SETNAME");
  if (geteuid() == 0)
    check(gate7(139, 258, "other", 6) == 6 && gate7(139, 2, name, sizeof name) == 6 && !strcmp(name, "other"), "SI_SET_HOSTNAME");
  else
    check_error(gate7(139, 258, "other", 6), EPERM, "SI_SET_HOSTNAME");
  for (int what = 1; what <= 9; ++what) {
    const int size = gate7(139, what, name, sizeof name);
    if (size != (int)strlen(name) + 1) check(0, "systeminfo answers the room of each name");
  }
  const int more[] = {513, 514, 516, 518, 519};
  for (uint i = 0; i < sizeof more / sizeof *more; ++i)
    if (gate7(139, more[i], name, sizeof name) <= 1) check(0, "systeminfo of Solaris' names");
  check(gate7(139, 1, name, 2) == gate7(139, 1, NULL, 0) && strlen(name) == 1, "systeminfo cuts a name, and answers all of its room");
  check_error(gate7(139, 77, name, sizeof name), EINVAL, "an unknown systeminfo is EINVAL");
  check_error(gate7(139, 1, (void *)4, 10), EFAULT, "systeminfo to nowhere is EFAULT");
  const struct { int what, least, most; } configured[] = {
      {2, 16, 64}, {3, 10, 1 << 30}, {4, 10, 1 << 30}, {5, 199000, 201000}, {6, 4096, 4096}, {7, 100, 100}, {8, 3, 4}, {10, 100, 100},
      {11, 1, 4096}, {12, 1, 4096}, {13, 2, 1 << 30}, {16, 32, 0x7fffffff}, {19, 8, 32}, {22, 32, 1 << 30}, {23, 33, 64}, {24, 34, 80},
      {25, 32, 1 << 30}, {26, 256, 0x7fffffff}, {27, 1, 0x7fffffff}, {42, 1000, 1 << 30}, {43, 3, 7}, {44, 1, 4096}, {45, 0, 4095}, {46, 8, 64}};
  int good = 1;
  for (uint i = 0; i < sizeof configured / sizeof *configured; ++i) {
    const int got = sysconfig(configured[i].what);
    if (got < configured[i].least || got > configured[i].most) good = 0;
  }
  check(good, "sysconfig tells each number in its bounds");
  check_error(sysconfig(999), EINVAL, "an unknown sysconfig is EINVAL");
  check_error(gate7(192, CLOCK_REALTIME, (int[]){1, 0}), EPERM, "clock_settime: the host's clock is not set");
  check_error(gate7(25, 1), EPERM, "nor by stime");
  struct timespec later;
  check(clock_gettime(CLOCK_REALTIME, &later) == 0 && later.tv_sec - now.tv_sec < 60, "and it has not been");
  check_error(gate7(57, name, 0, 9), EINVAL, "an unknown utssys is EINVAL");
  check_error(gate7(57, name, 0, 2), EINVAL, "ustat of no device is EINVAL");
}

static void interprocess(void) {
  int ids[64];
  uint count = 0;
  const int queue = gate7(49, 0, 0, 01600);
  check(queue >= 0 && gate7(49, 4, ids, 64, &count) == 0 && count >= 1, "msgids");
  int found = 0;
  for (uint i = 0; i < count && i < 64; ++i) found += ids[i] == queue;
  check(found == 1 && gate7(49, 1, queue, 10, 0) == 0, "has the queue that was made");
  const int segment = gate7(52, 3, 0, 4096, 01600);
  check(segment >= 0 && gate7(52, 4, ids, 64, &count) == 0 && count >= 1, "shmids");
  found = 0;
  for (uint i = 0; i < count && i < 64; ++i) found += ids[i] == segment;
  check(found == 1 && gate7(52, 1, segment, 10, 0) == 0, "has the segment that was made");
  check_error(gate7(52, 9, 0), EINVAL, "an unknown shmsys is EINVAL");
  check_error(gate7(49, 9, 0), EINVAL, "an unknown msgsys is EINVAL");
  check_error(gate7(53, 9, 0), EINVAL, "an unknown semsys is EINVAL");
  check_error(gate7(39, 9, 0), EINVAL, "an unknown pgrpsys is EINVAL");
  check_error(gate7(84, 9, 0), EINVAL, "an unknown sysfs is EINVAL");
  check_error(gate7(50, 9, 0), EINVAL, "an unknown sysi86 is EINVAL");
  check_error(gate7(100, 9, 0), EINVAL, "an unknown context is EINVAL");
  check_error(gate7(99, 9, 0), EINVAL, "an unknown sigpending is EINVAL");
  check_error(gate7(181, 9, 0), EINVAL, "an unknown rusagesys is EINVAL");
}

int main(int argc, char **argv) {
  if (argc == 2 && !strcmp(argv[1], "environment")) return environ[0] == NULL ? 7 : 8;
  identities();
  executing(argv[0]);
  threads();
  signals();
  accounts();
  about_the_system();
  interprocess();
  return failures != 0;
}
