/* A static 64-bit program of Solaris and illumos: files, memory, signals, processes and LWPs, through `syscall`. */
#include "solaris.h"

static ulong length(const char* s) {
  ulong n = 0;
  while (s[n]) ++n;
  return n;
}
static int same(const char* a, const char* b) {
  while (*a && *a == *b) ++a, ++b;
  return *a == *b;
}
void* memset(void* to, int c, ulong n) {
  for (ulong i = 0; i < n; ++i) ((volatile char*)to)[i] = (char)c;
  return to;
}
void* memcpy(void* to, const void* from, ulong n) {
  for (ulong i = 0; i < n; ++i) ((volatile char*)to)[i] = ((const char*)from)[i];
  return to;
}
static int failures;
static void check(int holds, const char* what) {
  const struct iovec line[] = {{holds ? "ok " : "FAIL ", holds ? 3 : 5}, {what, length(what)}, {"\n", 1}};
  writev(1, line, 3);
  failures += !holds;
}
static void check_error(long answer, int error, const char* what) {
  check(answer == -1 && errno == error, what);
}
static void* const no_address = (void*)0xfffffffffffff000;

static void files(void) {
  struct stat s, t;
  const int fd = openat(AT_FDCWD, "file", O_RDWR | O_CREAT | O_EXCL, 0640);
  check(fd >= 0 && write(fd, "hello, world", 12) == 12 && lseek(fd, 7, 0) == 7, "openat, write and lseek");
  char text[64];
  check(read(fd, text, sizeof text) == 5 && text[0] == 'w' && pread(fd, text, 5, 0) == 5 && text[0] == 'h', "read and pread");
  check(fstat(fd, &s) == 0 && s.st_size == 12 && s.st_mode == (S_IFREG | 0640) && s.st_nlink == 1 &&
            s.st_mtim.tv_sec > 1000000000,
        "fstat");
  check(stat("file", &t) == 0 && t.st_ino == s.st_ino && t.st_dev == s.st_dev && t.st_blksize >= 512, "stat finds the same");
  check(fstatat(AT_FDCWD, "file", &t, 0) == 0 && t.st_ino == s.st_ino, "fstatat");
  check_error(openat(AT_FDCWD, "file", O_RDWR | O_CREAT | O_EXCL, 0640), EEXIST, "a file that is there is EEXIST");
  check_error(read(99, text, 1), EBADF, "no descriptor is EBADF");
  check_error(read(fd, no_address, 1), EFAULT, "no buffer is EFAULT");
  check_error(stat("file", no_address), EFAULT, "no structure is EFAULT");
  check(mkdir("folder", 0755) == 0 && mkdirat(AT_FDCWD, "folder/inner", 0755) == 0, "mkdir and mkdirat");
  const int folder = open("folder", O_RDONLY);
  check(symlinkat("../file", folder, "link") == 0 && readlinkat(folder, "link", text, sizeof text) == 7,
        "symlinkat and readlinkat");
  check(fstatat(folder, "link", &t, AT_SYMLINK_NOFOLLOW) == 0 && (t.st_mode & S_IFMT) == S_IFLNK, "fstatat of a link itself");
  check(fstatat(folder, "link", &t, 0) == 0 && t.st_ino == s.st_ino, "and of what it means");
  check(lstat("folder/link", &t) == 0 && t.st_size == 7, "lstat");
  check(linkat(AT_FDCWD, "file", folder, "second", 0) == 0 && fstat(fd, &s) == 0 && s.st_nlink == 2, "linkat");
  check(renameat(folder, "second", folder, "third") == 0 && faccessat(folder, "third", 4, 0) == 0, "renameat and faccessat");
  check_error(faccessat(folder, "second", 4, 0), ENOENT, "the old name has gone");
  static char records[4096] __attribute__((aligned(8)));
  int count = 0, found = 0;
  for (long size; (size = getdents(folder, records, sizeof records)) > 0;)
    for (long at = 0; at < size; at += ((struct dirent*)(records + at))->d_reclen, ++count)
      found +=
          same(((struct dirent*)(records + at))->d_name, "third") || same(((struct dirent*)(records + at))->d_name, "inner");
  check(count == 5 && found == 2, "getdents tells what is in it");
  struct flock lock = {F_WRLCK, 0, 5, 10, 0, 0, {0}};
  check(fcntl(fd, F_SETLK, &lock) == 0, "a record lock");
  check(unlinkat(folder, "third", 0) == 0 && unlinkat(folder, "link", 0) == 0 && unlinkat(folder, "inner", AT_REMOVEDIR) == 0,
        "unlinkat");
  check(unlinkat(AT_FDCWD, "folder", AT_REMOVEDIR) == 0 && unlink("file") == 0, "and all is gone");
  struct statvfs v;
  check(statvfs(".", &v) == 0 && v.f_bsize > 0 && v.f_namemax == 255, "statvfs");
  check(getcwd(text, sizeof text) == 0 && text[0] == '/', "getcwd");
  check_error(ioctl(fd, TCGETS, text), ENOTTY, "a file is no terminal");
  close(fd);
  close(folder);
}

static void system_facts(char** arguments) {
  static struct utsname name;
  char text[64];
  check(uname(&name) >= 0 && same(name.sysname, "SunOS") && same(name.release, "5.10") && same(name.machine, "i86pc"), "uname");
  check(systeminfo(SI_ARCHITECTURE, text, sizeof text) == 5 && same(text, "i386"), "the 32-bit architecture");
  check(systeminfo(SI_ARCHITECTURE_64, text, sizeof text) == 6 && same(text, "amd64"), "the 64-bit architecture");
  check(same(arguments[1], "an argument") && arguments[2] == NULL, "arguments");
  char** e = environ;
  while (*e) ++e;
  ulong page = 0, program_headers = 0;
  for (ulong* a = (ulong*)(e + 1); a[0]; a += 2) {
    if (a[0] == 6) page = a[1];
    if (a[0] == 3) program_headers = a[1];
  }
  check(page == 4096 && program_headers > 0x10000, "the auxiliary vector");
  struct rlimit limit;
  check(getrlimit(6, &limit) == 0 && limit.rlim_max == (ulong)-3, "no limit is -3");
  struct timeval now;
  struct timespec clock, later;
  check(gettimeofday(&now) == 0 && clock_gettime(CLOCK_REALTIME, &clock) == 0 && clock.tv_sec - now.tv_sec < 2,
        "two clocks agree");
  clock_gettime(CLOCK_HIGHRES, &clock);
  nanosleep(&(struct timespec){0, 20000000}, NULL);
  clock_gettime(CLOCK_HIGHRES, &later);
  check((later.tv_sec - clock.tv_sec) * 1000000000 + later.tv_nsec - clock.tv_nsec >= 20000000, "nanosleep");
  check_error(nonexistent(), ENOSYS, "an unknown call is ENOSYS");
  check_error(out_of_range(), ENOSYS, "so is one that is out of range");
}

/* --- signals */

static volatile int caught, caught_code, caught_pid, faults;
static volatile ulong caught_value, caught_address, caught_sp, caught_self;
static char other_stack[16384];
static void note(int number, siginfo_t* info, ucontext_t* context) {
  char here;
  caught_code = info ? info->si_code : 12345;
  caught_pid = info ? info->u.process.pid : 0;
  caught_value = info ? info->u.process.data.kill.value : 0;
  caught_sp = (ulong)&here;
  caught_self = (ulong)lwp_self();
  caught = number; /* the last: another LWP waits for it */
  if (number == SIGSEGV) {
    caught_address = (ulong)info->u.fault.addr;
    ++faults;
    context->uc_mcontext.gregs[REG_RIP] += 2; /* behind the store */
  }
}
/* movb %bl, (%rax): two bytes. */
static void store(void* to) {
  __asm__ volatile(".byte 0x88, 0x18" : : "a"(to), "b"(1) : "memory");
}

static void handle(int number, int flags) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_flags = flags;
  action.sa_handler = handler_entry;
  sigaction(number, &action, NULL);
}
static void signals(void) {
  handler_function = note;
  handle(SIGUSR1, 0);
  check(kill(getpid(), SIGUSR1) == 0 && caught == SIGUSR1 && caught_code == 12345, "a handler runs, without siginfo");
  check(handler_return_address == ~0ul && handler_stack % 16 == 8, "its frame has nothing to return to, and is aligned");
  handle(SIGUSR1, SA_SIGINFO);
  kill(getpid(), SIGUSR1);
  check(caught_code == SI_USER && caught_pid == getpid(), "and with siginfo");
  sigqueue(getpid(), SIGUSR1, 0x123456789abcul, 0, 0);
  check(caught_code == SI_QUEUE && caught_value == 0x123456789abcul, "a value of 64 bits comes along");
  sigset_t set = {{1u << (SIGUSR1 - 1)}}, pending;
  sigprocmask(SIG_BLOCK, &set, NULL);
  caught = 0;
  kill(getpid(), SIGUSR1);
  check(caught == 0 && sigpending(&pending) == 0 && (pending.bits[0] & set.bits[0]) != 0, "a blocked signal is pending");
  sigprocmask(SIG_UNBLOCK, &set, NULL);
  check(caught == SIGUSR1, "until it is let through");
  const stack_t alternate = {other_stack, sizeof other_stack, 0};
  sigaltstack(&alternate, NULL);
  handle(SIGUSR1, SA_ONSTACK);
  kill(getpid(), SIGUSR1);
  check(caught_sp - (ulong)other_stack < sizeof other_stack, "a handler runs on the alternate stack");
  handle(SIGSEGV, SA_SIGINFO);
  char* page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANON, -1, 0);
  store(page);
  check(faults == 1 && caught_code == SEGV_ACCERR && caught_address == (ulong)page, "a store to a page that is only read");
  munmap(page, 4096);
  store(page);
  check(faults == 2 && caught_code == SEGV_MAPERR, "and to one that is gone");
  ucontext_t context;
  volatile int times_here = 0;
  getcontext(&context);
  if (++times_here < 3) context_set(&context);
  check(times_here == 3, "getcontext and setcontext");
}

static void memory(void) {
  char* at = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0);
  check((long)at > 0 && (at[8192] = 7) == 7 && mprotect(at, 4096, PROT_READ) == 0 && munmap(at, 3 * 4096) == 0,
        "mmap, mprotect and munmap");
  extern char end[];
  char* top = (char*)(((ulong)end + 4095) & ~4095ul);
  check(brk(top + 8192) == 0 && (top[8000] = 1) == 1 && brk(top) == 0, "brk");
  check_error(munmap(no_address, 4096), EINVAL, "what cannot be is EINVAL");
}

static void processes(char** arguments) {
  const int own = getpid();
  check(own > 1 && second_value != (ulong)own, "getpid answers the parent as well");
  const int reading = pipe_calls(), writing = (int)second_value;
  int child = fork1();
  if (child == 0) {
    char c = forked_value == (ulong)own ? 'y' : 'n';
    write(writing, &c, 1);
    exit(7);
  }
  char c = 0;
  siginfo_t info;
  check(read(reading, &c, 1) == 1 && c == 'y', "a child knows its parent");
  check(waitsys(P_PID, child, &info, WEXITED) == 0 && info.si_signo == SIGCLD && info.si_code == CLD_EXITED &&
            info.u.process.pid == child && info.u.process.data.child.status == 7,
        "waitsys");
  child = forkx(0);
  if (child == 0) {
    char* const again[] = {arguments[0], "exec", NULL};
    char* const environment[] = {"VARIABLE=value", NULL};
    execve(arguments[0], (char**)again, (char**)environment);
    exit(1);
  }
  waitsys(P_PID, child, &info, WEXITED);
  check(info.u.process.data.child.status == 42, "forksys and execve");
  check_error(forkx(8), EINVAL, "an unknown flag is EINVAL");
  int waiting = 0;
  write(writing, "abc", 3);
  struct pollfd poll = {reading, 1, 0};
  check(pollsys(&poll, 1, NULL, NULL) == 1 && poll.revents == 1, "pollsys");
  check(ioctl(reading, FIONREAD, &waiting) == 0 && waiting == 3, "FIONREAD");
  struct tms ticks;
  check(times(&ticks) >= 0 && ticks.tms_cutime >= 0, "times");
}

/* --- LWPs */

static char stacks[4][16384] __attribute__((aligned(16)));
static lwp_mutex_t mutex;
static lwp_sema_t semaphore;
static volatile int counter, stop;
static volatile long beats;
static struct { ulong self, value; } blocks[5] = {{0, 11}, {0, 22}, {0, 33}, {0, 44}, {0, 55}};
static volatile ulong values_seen;

static ulong private_value(void) {
  ulong value;
  __asm__ volatile("movq %%fs:8, %0" : "=r"(value));
  return value;
}
static void count_up(long times) {
  __atomic_add_fetch(&values_seen, private_value(), __ATOMIC_SEQ_CST);
  for (long i = 0; i < times; ++i) {
    lwp_mutex_lock(&mutex);
    const int old = counter;
    if (i % 64 == 0) nanosleep(&(struct timespec){0, 0}, NULL);
    counter = old + 1;
    lwp_mutex_unlock(&mutex);
  }
}
static void beat(long unused) {
  (void)unused;
  while (!stop) ++beats;
}
static void take(long unused) {
  (void)unused;
  lwp_sema_wait(&semaphore);
}
static int start(int stack, void (*work)(long), long argument, void* pointer) {
  ucontext_t context;
  int id = 0;
  memset(&context, 0, sizeof context);
  getcontext(&context);
  ulong* top = (ulong*)(stacks[stack] + sizeof stacks[stack] - 8);
  *--top = (ulong)lwp_exit;
  context.uc_mcontext.gregs[REG_RSP] = (ulong)top;
  context.uc_mcontext.gregs[REG_RIP] = (ulong)work;
  context.uc_mcontext.gregs[REG_RDI] = (ulong)argument;
  context.uc_mcontext.gregs[REG_FSBASE] = (ulong)pointer;
  return lwp_create(&context, 0, &id) == 0 ? id : -1;
}
static void lwps(void) {
  void* base = NULL;
  check(lwp_private(SETPRIVATE, FSBASE, &blocks[0]) == 0 && private_value() == 11, "FS reaches private data");
  check(lwp_private(GETPRIVATE, FSBASE, &base) == 0 && base == &blocks[0], "which lwp_private tells");
  int ids[4];
  for (int i = 0; i < 4; ++i) ids[i] = start(i, count_up, 300, &blocks[i + 1]);
  int gone = 0;
  for (int i = 0; i < 4; ++i) gone += lwp_wait(ids[i], NULL) == 0;
  check(gone == 4 && counter == 1200, "four LWPs count under a mutex");
  check(values_seen == 22 + 33 + 44 + 55 && private_value() == 11, "each with private data of its own");
  check(lwp_wait(ids[0], NULL) == ESRCH && lwp_wait(1, NULL) == EDEADLK, "who is gone is ESRCH, oneself EDEADLK");
  const int id = start(0, beat, 0, NULL);
  nanosleep(&(struct timespec){0, 20000000}, NULL);
  check(lwp_suspend(id) == 0, "one is suspended");
  const long before = beats;
  nanosleep(&(struct timespec){0, 30000000}, NULL);
  check(beats == before && before > 0, "and stands still");
  handle(SIGUSR2, SA_SIGINFO);
  lwp_kill(id, SIGUSR2);
  check(lwp_continue(id) == 0, "and goes on");
  for (int i = 0; i < 2000 && caught != SIGUSR2; ++i) nanosleep(&(struct timespec){0, 1000000}, NULL);
  check(caught == SIGUSR2 && caught_self == (ulong)id && caught_code == SI_LWP, "with the signal that was sent to it");
  stop = 1;
  lwp_wait(id, NULL);
  const int taker = start(0, take, 0, NULL);
  nanosleep(&(struct timespec){0, 10000000}, NULL);
  check(lwp_sema_post(&semaphore) == 0 && lwp_wait(taker, NULL) == 0 && semaphore.count == 0, "a semaphore");
  struct timespec both[2];
  check(lwp_info(both) == 0 && both[0].tv_nsec < 1000000000, "lwp_info");
}

int main(int count, char** arguments) {
  if (count == 2 && same(arguments[1], "exec")) return same(environ[0], "VARIABLE=value") && environ[1] == NULL ? 42 : 1;
  system_facts(arguments);
  files();
  memory();
  signals();
  processes(arguments);
  lwps();
  return failures != 0;
}
