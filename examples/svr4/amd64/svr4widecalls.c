/* The calls that svr4wide makes no use of: each once, by its number. What a call answers is checked where it is known. */
#include "solaris.h"

static ulong length(const char* s) {
  ulong n = 0;
  while (s[n]) ++n;
  return n;
}
void* memset(void* to, int c, ulong n) {
  for (ulong i = 0; i < n; ++i) ((volatile char*)to)[i] = (char)c;
  return to;
}
static int same(const char* a, const char* b) {
  while (*a && *a == *b) ++a, ++b;
  return *a == *b;
}
static int failures;
static void check(int holds, const char* what) {
  const struct iovec line[] = {{holds ? "ok " : "FAIL ", holds ? 3 : 5}, {what, length(what)}, {"\n", 1}};
  writev(1, line, 3);
  failures += !holds;
}

/* One call: its first value, or -1 with errno. */
static long call6(long number, long a, long b, long c, long d, long e, long f) {
  long answer = number, second = c;
  uchar failed;
  register long r10 __asm__("r10") = d;
  register long r8 __asm__("r8") = e;
  register long r9 __asm__("r9") = f;
  __asm__ volatile("syscall; setc %b2"
                   : "+a"(answer), "+d"(second), "=&q"(failed)
                   : "D"(a), "S"(b), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
  second_value = (ulong)second;
  if (!failed) return answer;
  errno = (int)answer;
  return -1;
}
#define CALL(number, a, b, c, d) call6(number, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define call(number, a, b, c) CALL(number, a, b, c, 0)
static void* no_address(void) {
  return (void*)0xfffffffffffff000;
}
static int is(long answer, int error) {
  return answer == -1 && errno == error;
}

enum { EPERM = 1, EBUSY = 16, EAGAIN = 11, ENOTSUP = 48, ETIME = 62, ECHILD = 10 };

static void files(void) {
  struct stat s;
  char text[64];
  const long fd = call(8, "made", 0600, 0);
  check(fd >= 0 && call(9, "made", "other", 0) == 0 && fstat((int)fd, &s) == 0 && s.st_nlink == 2, "creat and link");
  check(call(134, "other", "third", 0) == 0 && call(154, "third", (&(struct timeval[2]){{1000, 0}, {2000, 0}}), 0) == 0 &&
            stat("third", &s) == 0 && s.st_mtim.tv_sec == 2000,
        "rename and utimes");
  check(call(93, fd, 0640, 0) == 0 && fstat((int)fd, &s) == 0 && (s.st_mode & 0777) == 0640, "fchmod");
  check(call(101, AT_FDCWD, "third", 0600) == 0 && call(94, fd, -1, -1) == 0 && call(16, "third", -1, -1) == 0 &&
            call(130, "third", -1, -1) == 0,
        "fchmodat, fchown, chown and lchown");
  check(symlinkat("third", AT_FDCWD, "link") == 0 && call(90, "link", text, sizeof text) == 5, "readlink");
  check(CALL(174, fd, "0123456789", 10, 100) == 10 && call(58, fd, 0, 0) == 0 && fstat((int)fd, &s) == 0 && s.st_size == 110,
        "pwrite and fdsync");
  call(36, 0, 0, 0);
  const int again = open("third", O_RDWR);
  lseek(again, 100, 0);
  const struct iovec parts[] = {{text, 4}, {text + 10, 4}};
  check(call(121, again, parts, 2) == 8 && text[0] == '0' && text[10] == '4', "readv");
  struct statvfs v;
  check(call(104, fd, &v, 0) == 0 && v.f_bsize > 0 && call(113, ".", 4, 0) == 255 && call(118, fd, 4, 0) == 255,
        "fstatvfs, pathconf and fpathconf");
  const long copy = call(41, fd, 0, 0);
  check(copy > fd && close((int)copy) == 0, "dup");
  const int here = open(".", O_RDONLY);
  check(call(120, here, 0, 0) == 0 && call(60, 022, 0, 0) >= 0, "fchdir and umask");
  /* fcntl */
  const long duplicate = fcntl((int)fd, 0, 30);
  check(duplicate == 30 && fcntl(30, 2, 1) == 0 && fcntl(30, 1) == 1, "F_DUPFD, F_SETFD and F_GETFD");
  check((fcntl((int)fd, 3) & 3) == O_WRONLY && fcntl((int)fd, 4, 8) == 0 && (fcntl((int)fd, 45) & 8) != 0,
        "F_GETFL, F_SETFL and F_GETXFL");
  check(fcntl((int)fd, 9, 31) == 31 && fcntl((int)fd, 36, 32) == 32 && fcntl((int)fd, 37, 33) == 33, "F_DUP2FD and its kin");
  struct flock lock = {F_WRLCK, 0, 50, 5, 0, 0, {0}};
  check(fcntl((int)fd, 7, &lock) == 0 && fcntl((int)fd, F_GETLK, &lock) == 0 && lock.l_type == F_UNLCK && lock.l_start == 50,
        "F_SETLKW and F_GETLK");
  lock.l_type = F_WRLCK;
  check(fcntl((int)fd, 34, &lock) == 0 && fcntl((int)fd, 35, &lock) == 0 && fcntl((int)fd, 33, &lock) == 0,
        "their 64-bit numbers");
  lock = (struct flock){F_WRLCK, 0, 60, 0, 0, 0, {0}};
  check(fcntl(again, 11, &lock) == 0 && fstat(again, &s) == 0 && s.st_size == 60, "F_FREESP ends the file there");
  check(fcntl(again, 27, &lock) == 0 && fcntl(again, 8) == 0 && fcntl(again, 26) == 0 && fcntl(again, 13) == 0,
        "F_FREESP64, F_CHKFL, F_HASREMOTELOCKS and F_ISSTREAM");
  check(is(fcntl(-1, 5, &lock), EBADF), "F_O_GETLK of no descriptor");
  call(10, "made", 0, 0), call(10, "third", 0, 0), call(10, "link", 0, 0);
}

static void identities(void) {
  const long user = call(24, 0, 0, 0), group = call(47, 0, 0, 0);
  check(user >= 0 && group >= 0 && call(23, user, 0, 0) == 0 && call(46, group, 0, 0) == 0,
        "getuid, getgid, setuid and setgid");
  check(call(136, group, 0, 0) == 0 && call(141, user, 0, 0) == 0 && call(202, -1, -1, 0) == 0 && call(203, -1, -1, 0) == 0,
        "setegid, seteuid, setreuid and setregid");
  uint groups[64];
  const long count = call(92, 64, groups, 0);
  check(count >= 0 && (call(91, count, groups, 0) == 0 || errno == EPERM), "getgroups and setgroups");
  check(call(75, 0, 0, 0) == 0, "issetugid");
  const long own = getpid();
  check(call(39, 0, 0, 0) == call(39, 4, own, 0) && call(39, 2, own, 0) > 0, "getpgrp, getpgid and getsid");
  const int child = fork1();
  if (child == 0) {
    const int self = getpid();
    int good = call(39, 5, 0, 0) == 0 && call(39, 0, 0, 0) == self;
    const int second = (int)call(142, 1, 0, 0);
    if (second_value == 1) exit(0);
    siginfo_t gone;
    waitsys(P_PID, second, &gone, WEXITED);
    if (call(39, 3, 0, 0) >= 0) good = 0; /* a leader of a group makes no session */
    exit(good && call(39, 1, 0, 0) >= 0 ? 0 : 1);
  }
  siginfo_t info;
  waitsys(P_PID, child, &info, WEXITED);
  check(info.u.process.data.child.status == 0, "setpgid, setsid, setpgrp and forkall");
  /* A vfork child must not return: it ends here. */
  long answer = 119, second;
  __asm__ volatile("syscall; testq %%rdx, %%rdx; jz 1f; movl $1, %%eax; movl $9, %%edi; syscall; 1:"
                   : "+a"(answer), "=d"(second)
                   :
                   : "rcx", "r11", "rdi", "memory");
  check(answer > 0 && waitsys(P_PID, (int)answer, &info, WEXITED) == 0 && info.u.process.data.child.status == 9, "vfork");
  answer = 142;
  __asm__ volatile("syscall; testq %%rdx, %%rdx; jz 1f; movl $1, %%eax; movl $8, %%edi; syscall; 1:"
                   : "+a"(answer), "=d"(second)
                   : "D"(2), "S"(0)
                   : "rcx", "r11", "memory");
  check(answer > 0 && waitsys(P_PID, (int)answer, &info, WEXITED) == 0 && info.u.process.data.child.status == 8, "vforkx");
}

static void note(int number, siginfo_t* info, ucontext_t* context) {
  (void)number, (void)info, (void)context;
}
static void handle(int number) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler_entry;
  handler_function = note;
  sigaction(number, &action, NULL);
}
static void signals_and_times(void) {
  handle(14);
  check(call(27, 100, 0, 0) == 0 && call(27, 1, 0, 0) == 100 && is(call(29, 0, 0, 0), EINTR), "alarm and pause");
  sigset_t none = {{0}}, set = {{1u << (SIGUSR1 - 1)}};
  handle(SIGUSR1);
  check(call(165, SIG_BLOCK, set.bits[0], 0) == 0 && kill(getpid(), SIGUSR1) == 0 && is(call(96, &none, 0, 0), EINTR),
        "lwp_sigmask and sigsuspend");
  kill(getpid(), SIGUSR1);
  siginfo_t info;
  check(call(144, &set, &info, &((struct timespec){1, 0})) == SIGUSR1 && info.si_signo == SIGUSR1, "sigtimedwait");
  check(call(99, 2, &none, 0) == 0 && none.bits[0] != 0, "sigfillset");
  int to_all[5] = {1, P_PID, getpid(), P_ALL, 0};
  check(call(108, to_all, 0, 0) == 0, "sigsendsys");
  void* bounds = NULL;
  check(call(100, 3, &bounds, 0) == 0 && call(100, 2, &bounds, 0) == 0 && bounds == &bounds, "setustack and getustack");
  struct timespec resolution;
  check(call(193, CLOCK_REALTIME, &resolution, 0) == 0 && resolution.tv_sec == 0, "clock_getres");
  check(call(192, CLOCK_REALTIME, no_address(), 0) == -1, "clock_settime");
  struct {
    struct timeval utime, stime;
    long rest[14];
  } usage;
  check(call(181, 0, &usage, 0) == 0 && usage.utime.tv_usec < 1000000 && call(181, 1, &usage, 0) == 0 &&
            call(181, 2, &usage, 0) == 0,
        "rusagesys");
  check(is(call(181, 3, 0, 0), ENOSYS), "but getvmusage");
  struct rlimit limit = {64, 64};
  check(call(128, 5, &limit, 0) == 0 && getrlimit(5, &limit) == 0 && limit.rlim_cur == 64, "setrlimit");
  int load[3];
  check(call(105, load, 3, 0) >= 0 && call(137, 6, 0, 0) == 4096 && call(34, 0, 0, 0) >= 0, "getloadavg, sysconfig and nice");
  char* page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  char there = 0;
  page[0] = 1;
  check(call(114, page, 4096, &there) == 0 && there == 1 && call(131, page, 4096, 1) == 0 && call(146, 0, 0, 0) == 0,
        "mincore, memcntl and yield");
  check(is(call(55, 1, 0, 0), EPERM) && is(call(206, 0, 0, 0), ENOTSUP), "uadmin and schedctl are refused");
}

/* --- LWPs */

static lwp_mutex_t mutex;
static lwp_sema_t semaphore;
static struct {
  volatile uchar flag[4];
  ushort type, magic;
  ulong data;
} condition;
static struct {
  volatile int readers;
  ushort type, magic;
  lwp_mutex_t mutex;
  struct {
    uchar flag[4];
    ushort type, magic;
    ulong data;
  } cv[2];
} lock;
static volatile int ran;
static char stack[16384] __attribute__((aligned(16)));
static void wait_once(long unused) {
  (void)unused;
  lwp_mutex_lock(&mutex);
  ran = 1;
  ran = CALL(170, &condition, &mutex, 0, 0) == 0 ? 2 : -1;
}
static void park_once(long unused) {
  (void)unused;
  ran = 1;
  ran = call(77, 0, 0, 0) == 0 ? 2 : -1;
}
static int start(void (*work)(long)) {
  ucontext_t context;
  int id = -1;
  memset(&context, 0, sizeof context);
  getcontext(&context);
  ulong* top = (ulong*)(stack + sizeof stack - 8);
  *--top = (ulong)lwp_exit;
  context.uc_mcontext.gregs[REG_RSP] = (ulong)top;
  context.uc_mcontext.gregs[REG_RIP] = (ulong)work;
  context.uc_mcontext.gregs[REG_FSBASE] = 0;
  ran = 0;
  lwp_create(&context, 0, &id);
  for (int i = 0; i < 5000 && ran == 0; ++i) nanosleep(&(struct timespec){0, 1000000}, NULL);
  nanosleep(&(struct timespec){0, 20000000}, NULL);
  return id;
}
static void lwps(void) {
  struct timespec time = {0, 1000000};
  lwp_mutex_lock(&mutex);
  check(is(call(251, &mutex, 0, 0), EBUSY) && is(call(210, &mutex, &time, 0), ETIME) && time.tv_nsec == 0,
        "trylock and timedlock");
  mutex.lock[7] = 0;
  check(call(168, &mutex, 1, 0) == 0 && call(252, &mutex, 0, 0) == 0, "lwp_mutex_wakeup and lwp_mutex_init");
  time.tv_nsec = 1000000;
  check(is(call(149, &semaphore, 0, 0), EBUSY) && is(call(211, &semaphore, &time, 0), ETIME),
        "lwp_sema_trywait and its timed one");
  for (int broadcast = 0; broadcast < 2; ++broadcast) {
    const int id = start(wait_once);
    call(171 + broadcast, &condition, 0, 0);
    check(lwp_wait(id, NULL) == 0 && ran == 2, broadcast ? "lwp_cond_broadcast" : "lwp_cond_wait and lwp_cond_signal");
  }
  lock.type = lock.mutex.type = 1;
  lwp_mutex_lock(&lock.mutex);
  check(call(212, 0, &lock, 0) == 0, "a lock is taken for reading");
  lwp_mutex_lock(&lock.mutex);
  check(call(212, 2, &lock, 0) == 0, "and once more");
  lwp_mutex_lock(&lock.mutex);
  check(is(call(212, 3, &lock, 0), EBUSY) && call(212, 4, &lock, 0) == 0 && call(212, 4, &lock, 0) == 0, "but not for writing");
  lwp_mutex_lock(&lock.mutex);
  check(call(212, 1, &lock, 0) == 0 && call(212, 4, &lock, 0) == 0, "until it is free");
  int id = start(park_once);
  check(call(77, 1, id, 0) == 0 && lwp_wait(id, NULL) == 0 && ran == 2, "lwp_park and lwp_unpark");
  const int self[1] = {1};
  check(call(77, 2, self, 1) == 0 && call(77, 3, 1, 0) == 0, "a list, and what is taken back");
  time.tv_nsec = 1000000;
  check(is(call(77, 4, &time, 0), ETIME), "a time runs out");
  id = start(wait_once);
  check(call(150, id, 0, 0) == 0 && lwp_wait(id, NULL) == EINVAL, "lwp_detach");
  call(172, &condition, 0, 0);
}

/* --- requests: structures with pointers, and that each number is known */

struct strbuf {
  int maxlen, len;
  char* buf;
};
static void streams(void) {
  const int reading = pipe_calls(), writing = (int)second_value;
  char name[32];
  int number = 0;
  check(ioctl(reading, 'S' << 8 | 2, "pipemod") == 0 && ioctl(reading, 'S' << 8 | 4, name) == 0 && same(name, "pipemod"),
        "I_PUSH and I_LOOK");
  struct {
    int count;
    char (*names)[9];
  } list;
  char names[4][9];
  list.count = 4;
  list.names = names;
  const int found = ioctl(reading, 'S' << 8 | 21, &list);
  check(found >= 0 && list.count >= 1 && same(names[0], "pipemod"), "I_LIST");
  check(ioctl(reading, 'S' << 8 | 11, "pipemod") == 1 && ioctl(reading, 'S' << 8 | 3, 0) == 0, "I_FIND and I_POP");
  write(writing, "message", 7);
  char data[16], control[16];
  struct {
    struct strbuf control, data;
    int flags;
  } peek = {{sizeof control, 0, control}, {sizeof data, 0, data}, 0};
  check(ioctl(reading, 'S' << 8 | 15, &peek) == 1 && peek.data.len == 7 && data[0] == 'm' && data[6] == 'e', "I_PEEK");
  check(ioctl(reading, 'S' << 8 | 1, &number) == 1 && number == 7, "I_NREAD");
  check(ioctl(reading, 'S' << 8 | 6, 1) == 0 && ioctl(reading, 'S' << 8 | 7, &number) == 0 && (number & 3) == 1,
        "I_SRDOPT and I_GRDOPT");
  read(reading, data, sizeof data);
  check(ioctl(writing, 'S' << 8 | 17, 1) == 0, "I_SENDFD");
  struct {
    int fd;
    uint uid, gid;
    char fill[8];
  } received;
  check(ioctl(reading, 'S' << 8 | 14, &received) == 0 && received.fd > writing, "I_RECVFD");
}

static const uint requests[] = {
    0x5301, 0x5302, 0x5303, 0x5304, 0x5305, 0x5306, 0x5307, 0x5308, 0x5309,     0x530a,     0x530b,     0x530c,
    0x530d, 0x530e, 0x530f, 0x5310, 0x5311, 0x5312, 0x5313, 0x5314, 0x5315,     0x5316,     0x5317,     0x5318,
    0x531c, 0x531d, 0x531e, 0x531f, 0x5320, 0x5321, 0x5322, 0x5323, 0x5324,     0x5325,     0x5326,     0x5327,
    0x5401, 0x5402, 0x5403, 0x5404, 0x5405, 0x5406, 0x5407, 0x540d, 0x540e,     0x540f,     0x5410,     0x5467,
    0x5468, 0x5490, 0x5491, 0x6603, 0x7408, 0x7409, 0x740a, 0x7410, 0x7411,     0x7412,     0x7414,     0x7415,
    0x7416, 0x746e, 0x746f, 0x7471, 0x7473, 0x7474, 0x7475, 0x7484, 0x20006601, 0x20006602, 0x8004667e, 0x4004667f};
static const uint refused_requests[] = {0x532e, 0x532f, 0x5330, 0x5331,     0x5332,     0x5408,    0x5409, 0x540a,
                                        0x5469, 0x546a, 0x7400, 0x7401,     0x740d,     0x740e,    0x7417, 0x741a,
                                        0x741b, 0x741c, 0x741d, 0x4004667b, 0x8004667c, 0x8004667d};
static const uint refused_commands[] = {10, 17, 23, 24, 25, 28, 40, 41, 42, 43, 44, 46};

static void every_request(void) {
  static char room[1024] __attribute__((aligned(8)));
  int unknown = 0, taken = 0;
  for (uint i = 0; i < sizeof requests / sizeof requests[0]; ++i) {
    memset(room, 0, sizeof room);
    const int has_number = requests[i] == 0x5406 || requests[i] == 0x5407; /* TCXONC, TCFLSH */
    if (!is(ioctl(-1, (int)requests[i], has_number ? NULL : room), EBADF)) ++unknown;
  }
  check(unknown == 0, "every request of no descriptor is EBADF");
  for (uint i = 0; i < sizeof refused_requests / sizeof refused_requests[0]; ++i)
    if (!is(ioctl(1, (int)refused_requests[i], room), EINVAL)) ++taken;
  for (uint i = 0; i < sizeof refused_commands / sizeof refused_commands[0]; ++i)
    if (!is(fcntl(1, (int)refused_commands[i], room), EINVAL)) ++taken;
  check(taken == 0, "those that are refused are EINVAL");
}

int main(void) {
  files();
  identities();
  signals_and_times();
  lwps();
  streams();
  every_request();
  return failures != 0;
}
