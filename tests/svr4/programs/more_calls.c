/* Timers, scheduling classes, access lists and paths: calls of Release 4 and Solaris that no library of the examples has a function for,
 * by their numbers. */
#include "svr4.h"

enum { ENOTSUP = 48 };
static char buffer[2048];

/* --- POSIX timers: 194 to 198 */
struct sigevent { int notify, signo, value; void *function, *attributes; int pad; };
struct itimerspec { struct timespec interval, value; };
enum { SIGEV_NONE = 1, SIGEV_SIGNAL, SIGEV_THREAD, TIMER_ABSTIME = 1, SI_TIMER = -3 };
static volatile int told, code, value;
static void on_timer(int signal, siginfo_t *info, ucontext_t *context) {
  (void)context;
  if (signal != SIGUSR1 || info == NULL) return;
  ++told, code = info->si_code, value = info->u.sent.value;
}

static void timers(void) {
  struct sigaction action;
  struct sigevent event = {SIGEV_SIGNAL, SIGUSR1, 4711, NULL, NULL, 0};
  struct itimerspec once = {{0, 0}, {0, 20000000}}, repeated = {{0, 10000000}, {0, 10000000}}, far = {{7, 5}, {100, 0}}, now, off = {{0, 0}, {0, 0}};
  int timer = -1, quiet = -1;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler_entry, action.sa_flags = SA_SIGINFO;
  handler_function = on_timer;
  sigaction(SIGUSR1, &action, NULL);
  check(gate7(194, CLOCK_REALTIME, &event, &timer) == 0 && timer >= 0, "timer_create");
  check(gate7(196, timer, 0, &once, NULL) == 0, "timer_settime");
  while (told == 0) pause();
  check(told == 1 && code == SI_TIMER && value == 4711, "its signal has SI_TIMER and the value");
  check(gate7(196, timer, 0, &repeated, &now) == 0 && now.value.tv_sec == 0 && now.value.tv_nsec == 0, "which was set no more");
  while (told < 4) pause();
  check(gate7(198, timer) >= 0, "timer_getoverrun");
  check(gate7(196, timer, 0, &far, &now) == 0 && now.interval.tv_nsec == 10000000, "timer_settime tells what was set");
  check(gate7(197, timer, &now) == 0 && now.value.tv_sec >= 98 && now.interval.tv_sec == 7 && now.interval.tv_nsec == 5, "timer_gettime");
  const struct timespec past = {1, 0};
  const struct itimerspec due = {{0, 0}, past};
  const int before = told;
  check(gate7(196, timer, TIMER_ABSTIME, &due, NULL) == 0, "a moment that has passed");
  while (told == before) pause();
  event.notify = SIGEV_NONE;
  check(gate7(194, CLOCK_HIGHRES, &event, &quiet) == 0 && quiet != timer && gate7(196, quiet, 0, &far, NULL) == 0 &&
            gate7(197, quiet, &now) == 0 && now.value.tv_sec >= 98, "CLOCK_HIGHRES, and SIGEV_NONE");
  check(gate7(195, quiet) == 0, "timer_delete");
  check_error(gate7(197, quiet, &now), EINVAL, "a timer that is gone is EINVAL");
  check_error(gate7(195, 9999), EINVAL, "timer_delete of none is EINVAL");
  check_error(gate7(194, 77, &event, &quiet), EINVAL, "a clock that is none is EINVAL");
  event.notify = SIGEV_THREAD;
  check_error(gate7(194, CLOCK_REALTIME, &event, &quiet), EINVAL, "SIGEV_THREAD is the library's");
  event.notify = SIGEV_SIGNAL, event.signo = 99;
  check_error(gate7(194, CLOCK_REALTIME, &event, &quiet), EINVAL, "a signal that is none is EINVAL");
  check_error(gate7(194, CLOCK_REALTIME, NULL, (int *)16), EFAULT, "timer_create to a bad pointer is EFAULT");
  once.value.tv_nsec = 1000000000;
  check_error(gate7(196, timer, 0, &once, NULL), EINVAL, "too many nanoseconds are EINVAL");
  check(gate7(196, timer, 0, &off, NULL) == 0 && gate7(195, timer) == 0, "off and away");
}

/* --- hrtsys, 109 */
struct hrtime { int seconds, parts, resolution; };
struct hrtcmd { int command, clock; struct hrtime interval, time; uint flags; int error; };
enum { HRT_INT = 10, HRT_BSD = 12, HRT_BSD_PEND, HRT_BSD_REP = 15, HRT_BSD_CANCEL };
static volatile int alarms;
static void on_alarm(int signal, siginfo_t *info, ucontext_t *context) {
  (void)signal, (void)info, (void)context;
  ++alarms;
}

static void high_resolution(void) {
  struct hrtime now;
  const int date = time();
  check(gate7(109, 0, 0, 1, NULL, NULL) == 1000000000, "HRT_RES");
  check(gate7(109, 0, 1, 1, NULL, &now) == 0 && now.seconds >= date && now.seconds < date + 60 && now.parts < now.resolution, "HRT_TOFD");
  check_error(gate7(109, 0, 1, 3, NULL, &now), EINVAL, "a clock that is none is EINVAL");
  check_error(gate7(109, 0, 2, 1, &now, NULL), EINVAL, "intervals are not counted");
  handler_function = on_alarm;
  ssig(SIGALRM | SIGDEFER, handler_entry);
  struct hrtcmd command = {HRT_BSD, 1, {0, 30, 1000}, {0, 0, 0}, 0, -1};
  check(gate7(109, 1, &command, 1) == 1 && command.flags == 1 && command.error == 0, "hrtalarm with HRT_BSD");
  while (alarms < 1) pause();
  command.command = HRT_BSD_REP, command.interval.parts = 10;
  check(gate7(109, 1, &command, 1) == 1, "HRT_BSD_REP");
  while (alarms < 4) pause();
  command.interval.seconds = 100;
  gate7(109, 1, &command, 1);
  command.command = HRT_BSD_PEND;
  check(gate7(109, 1, &command, 1) == 1 && command.interval.seconds >= 98 && command.interval.resolution == 1000000, "HRT_BSD_PEND");
  command.command = HRT_BSD_CANCEL;
  check(gate7(109, 1, &command, 1) == 1 && alarm(0) == 0, "HRT_BSD_CANCEL");
  command.command = 77;
  check(gate7(109, 1, &command, 1) == 0 && command.flags == 2 && command.error == EINVAL, "an alarm that is none is marked");
  check_error(gate7(109, 1, &command, 0), EINVAL, "no commands are EINVAL");
  check_error(gate7(109, 1, (void *)16, 1), EFAULT, "a bad command is EFAULT");
  struct hrtcmd sleep = {HRT_INT, 1, {0, 20, 1000}, {0, 0, 0}, 0, 0};
  struct timespec a, b;
  clock_gettime(CLOCK_HIGHRES, &a);
  check(gate7(109, 2, &sleep) == 0, "hrtsleep");
  clock_gettime(CLOCK_HIGHRES, &b);
  check((b.tv_sec - a.tv_sec) * 1000000000LL + b.tv_nsec - a.tv_nsec >= 20000000, "which sleeps");
  check_error(gate7(109, 3, NULL, 0), EINVAL, "hrtcancel is EINVAL");
  struct { int sec, usec, maxerror, esterror; } ntp;
  check(gate7(248, &ntp) == 5 && ntp.sec >= date && ntp.maxerror == 16000000, "ntp_gettime answers TIME_ERROR");
  check_error(gate7(248, (void *)16), EFAULT, "to a bad pointer it is EFAULT");
}

/* --- priocntlsys, 112; processors, 187 and 188 */
enum { PC_GETCID, PC_GETCLINFO, PC_SETPARMS, PC_GETPARMS, PC_ADMIN, PC_GETPRIRANGE, PC_DONICE, P_UID = 5, P_LWPID = 8, TS_NOCHANGE = -32768 };
struct pcinfo { int id; char name[16]; short max; char rest[30]; };
struct pcparms { int id; short limit, priority; char rest[28]; };

static int prio(struct procset *set, int command, void *argument) { return gate7(112, 1, set, command, argument, 0); }

static void scheduling(void) {
  struct procset self = {POP_AND, P_PID, P_MYID, P_ALL, P_MYID}, bad = {9, P_PID, 0, P_PID, 0}, thread = {POP_AND, P_LWPID, 1, P_ALL, 0};
  struct pcinfo info = {0, "TS", 0, ""};
  struct pcparms parms = {-1, 0, 0, ""};
  struct { int id; short max, min; } range = {1, -1, -1};
  struct { int value, operation; } nice_value = {99, 0};
  check(prio(NULL, PC_GETCID, &info) == 2 && info.id == 1 && info.max == 60, "PC_GETCID of TS");
  check(prio(NULL, PC_GETCID, NULL) == 2, "how many classes there are");
  memset(info.name, 0, sizeof info.name);
  check(prio(NULL, PC_GETCLINFO, &info) == 2 && !strcmp(info.name, "TS"), "PC_GETCLINFO");
  memcpy(info.name, "RT", 3);
  check_error(prio(NULL, PC_GETCID, &info), EINVAL, "a class that is not there is EINVAL");
  check(prio(&self, PC_GETPARMS, &parms) == getpid() && parms.id == 1 && parms.priority == 0 && parms.limit == 0, "PC_GETPARMS");
  parms.limit = TS_NOCHANGE, parms.priority = -15;
  check(prio(&self, PC_SETPARMS, &parms) == 0 && prio(&self, PC_GETPARMS, &parms) == getpid() && parms.priority == -15, "PC_SETPARMS");
  check(nice(0) == 5, "is what nice knows");
  check(prio(&self, PC_DONICE, &nice_value) == 0 && nice_value.value == 5, "PC_GETNICE");
  nice_value.value = 6, nice_value.operation = 1;
  check(prio(&self, PC_DONICE, &nice_value) == 0 && nice(0) == 6, "PC_SETNICE");
  check(prio(NULL, PC_GETPRIRANGE, &range) == 0 && range.max == 59 && range.min == 0, "PC_GETPRIRANGE");
  check_error(prio(NULL, PC_ADMIN, &range), EPERM, "PC_ADMIN is EPERM");
  check_error(prio(&self, 44, &range), EINVAL, "a command that is none is EINVAL");
  check_error(prio(&bad, PC_GETPARMS, &parms), EINVAL, "sets that are combined are EINVAL");
  check_error(prio(&thread, PC_GETPARMS, &parms), EINVAL, "sets of threads are EINVAL");
  struct procset nobody = {POP_AND, P_PID, 99999, P_ALL, 0};
  check_error(prio(&nobody, PC_GETPARMS, &parms), ESRCH, "nobody is ESRCH");
  parms.priority = 99;
  check_error(prio(&self, PC_SETPARMS, &parms), EINVAL, "a priority out of range is EINVAL");
  check_error(prio(&self, PC_GETPARMS, (void *)16), EFAULT, "bad parameters are EFAULT");
  check_error(gate7(112, 2, &self, PC_GETPARMS, &parms), EINVAL, "another version is EINVAL");
  struct { int state; char type[16], fp[32]; int clock; } processor;
  int bound = 7;
  check(gate7(188, 0, &processor) == 0 && processor.state == 2 && !strcmp(processor.type, "i386"), "processor_info");
  check_error(gate7(188, 9999, &processor), EINVAL, "of a processor that is not there it is EINVAL");
  check(gate7(187, P_PID, P_MYID, -2, &bound) == 0 && bound == -1, "processor_bind tells of none");
  check_error(gate7(187, P_PID, P_MYID, 0, &bound), EINVAL, "and binds to none");
}

/* --- acl and facl, 185 and 200 */
struct aclent { int type; uint id; ushort perm; };
enum { GETACL = 1, SETACL, GETACLCNT, ACE_GETACL, USER_OBJ = 1, USER, GROUP_OBJ = 4, CLASS_OBJ = 0x10, OTHER_OBJ = 0x20 };

static void access_lists(void) {
  struct aclent list[5];
  struct stat now;
  const int fd = open("listed", O_RDWR | O_CREAT, 0640);
  check(gate7(185, "listed", GETACLCNT, 0, NULL) == 4, "GETACLCNT");
  check(gate7(185, "listed", GETACL, 5, list) == 4 && list[0].type == USER_OBJ && list[0].perm == 6 && list[0].id == (uint)getuid() &&
            list[1].type == GROUP_OBJ && list[1].perm == 4 && list[2].type == CLASS_OBJ && list[3].type == OTHER_OBJ && list[3].perm == 0,
        "GETACL");
  check_error(gate7(185, "listed", GETACL, 3, list), ENOSPC, "too little room is ENOSPC");
  list[0].perm = 7, list[1].perm = 5, list[2].perm = 4, list[3].perm = 1;
  check(gate7(200, fd, SETACL, 4, list) == 0 && xstat(2, "listed", &now) == 0 && now.st_mode == (S_IFREG | 0741), "SETACL, with the mask");
  check(gate7(200, fd, GETACL, 4, list) == 4 && list[1].perm == 4 && list[0].perm == 7, "facl");
  list[2] = list[3];
  check(gate7(185, "listed", SETACL, 3, list) == 0, "SETACL without a mask");
  check_error(gate7(185, "listed", SETACL, 2, list), EINVAL, "too few entries are EINVAL");
  list[1] = list[0];
  check_error(gate7(185, "listed", SETACL, 3, list), EINVAL, "an entry twice is EINVAL");
  list[1].type = USER;
  check_error(gate7(185, "listed", SETACL, 3, list), ENOTSUP, "a user by name is ENOTSUP");
  check_error(gate7(185, "listed", ACE_GETACL, 3, list), ENOSYS, "the lists of NFSv4 are ENOSYS");
  check_error(gate7(185, "absent", GETACLCNT, 0, NULL), ENOENT, "acl of nothing is ENOENT");
  check_error(gate7(200, 99, GETACLCNT, 0, NULL), EBADF, "facl of nothing is EBADF");
  check_error(gate7(185, "listed", GETACL, 4, (void *)16), EFAULT, "GETACL to a bad pointer is EFAULT");
  close(fd);
  unlink("listed");
}

/* --- resolvepath, 209, and fchroot, 153 */
static int resolves(const char *path, const char *to) {
  memset(buffer, 0, sizeof buffer);
  const int length = gate7(209, path, buffer, sizeof buffer);
  if (length == (int)strlen(to) && !strcmp(buffer, to)) return 1;
  printf("%s resolves to %s\n", path, buffer);
  return 0;
}

static void paths(void) {
  mkdir("one", 0755), mkdir("one/two", 0755);
  close(open("one/two/file", O_RDWR | O_CREAT, 0600));
  symlink("one/two", "short"), symlink("../two/file", "one/two/itself"), symlink("round", "round"), symlink("/", "top");
  check(resolves("short/file", "one/two/file"), "resolvepath");
  check(resolves("./one//two/../two/./file", "one/two/file"), "without dots");
  check(resolves("short/itself", "one/two/file"), "through two links");
  check(resolves("one/..", "."), "to here");
  check(resolves("top/../..", "/"), "to the top, and no further");
  check(resolves("../", ".."), "dots at the beginning stay");
  check(gate7(209, "short/file", buffer, 5) == 5 && !strncmp(buffer, "one/t", 5), "a short buffer gets the beginning");
  check_error(gate7(209, "round", buffer, 100), ELOOP, "a link to itself is ELOOP");
  check_error(gate7(209, "one/absent", buffer, 100), ENOENT, "nothing is ENOENT");
  check_error(gate7(209, "one/two/file/x", buffer, 100), ENOTDIR, "a file is no directory");
  check_error(gate7(209, "short", (char *)16, 100), EFAULT, "to a bad pointer it is EFAULT");
  const int directory = open("one", O_RDONLY), file = open("one/two/file", O_RDONLY);
  check_error(gate7(153, 99), EBADF, "fchroot of nothing is EBADF");
  int status = -1;
  if (fork() == 0) {
    const int done = gate7(153, directory);
    if (done < 0) exit(errno == EPERM ? 0 : 1); /* only the administrator's */
    exit(chdir("/two") == 0 && open("/one", O_RDONLY) < 0 ? 0 : 2);
  }
  wait(&status);
  check(status == 0, "fchroot");
  check(gate7(153, file) == -1 && (errno == ENOTDIR || errno == EPERM), "of a file it is ENOTDIR");
  close(directory), close(file);
  unlink("one/two/itself"), unlink("one/two/file"), unlink("round"), unlink("short"), unlink("top"), rmdir("one/two"), rmdir("one");
}

int main(void) {
  timers();
  high_resolution();
  scheduling();
  access_lists();
  paths();
  return failures != 0;
}
