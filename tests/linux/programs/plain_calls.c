/* Calls by their own numbers that a C library makes others of: the first generations of what has several, and those that have nothing to
   do with the rest. Of structures what is the same in each run is told. */
#define _GNU_SOURCE
#include "child.h"
#include "tell.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <time.h>

static char directory[] = "/tmp/polyabi-plain-XXXXXX";
static unsigned char area[8192] __attribute__((aligned(16)));

static uint64_t word64(size_t at) {
  uint64_t w;
  memcpy(&w, area + at, sizeof w);
  return w;
}
static unsigned long word(size_t at) {
  unsigned long w;
  memcpy(&w, area + at * sizeof w, sizeof w);
  return w;
}
static unsigned half(size_t at) {
  unsigned short h;
  memcpy(&h, area + at, sizeof h);
  return h;
}
static void fill(void) { memset(area, 0x55, sizeof area); }

/// How many bytes a call has written: what is behind is as it was.
static size_t written(void) {
  size_t end = sizeof area;
  while (end > 0 && area[end - 1] == 0x55) --end;
  return end;
}
static void tell_written(const char *what) { printf("%s: %zu bytes\n", what, written()); }

#ifdef SYS_socketcall
static long socket_call(long number, long a, long b, long c, long d, long e, long f) {
  const long all[] = {a, b, c, d, e, f};
  return syscall(SYS_socketcall, number, all);
}
#endif

static void files(void) {
  int fd = (int)syscall(SYS_open, "file", O_CREAT | O_RDWR, 0640);
  TELL_OUTCOME(fd);
  TELL(syscall(SYS_open, "nothing", O_RDONLY, 0));
  TELL(syscall(SYS_write, fd, "0123456789", 10));
  fill();
  TELL(syscall(SYS_stat, "file", area));
  tell_written("stat");
  fill();
  TELL(syscall(SYS_lstat, "file", area));
  fill();
  TELL(syscall(SYS_fstat, fd, area));
  TELL(syscall(SYS_stat, "nothing", area));
  TELL(syscall(SYS_fstat, -1, area));
#ifdef SYS_stat64
  fill();
  TELL(syscall(SYS_stat64, "file", area));
  tell_written("stat64");
  printf("size %llu\n", (unsigned long long)word64(44));
  fill();
  TELL(syscall(SYS_lstat64, "file", area));
  fill();
  TELL(syscall(SYS_fstat64, fd, area));
  fill();
  TELL(syscall(SYS_fstatat64, AT_FDCWD, "file", area, 0));
  printf("size %llu\n", (unsigned long long)word64(44));
  TELL(syscall(SYS_truncate64, "file", 12L, 0L));
  TELL(syscall(SYS_ftruncate64, fd, 20L, 0L));
  TELL(syscall(SYS_truncate64, "file", 0L, -1L));
#endif
  TELL(syscall(SYS_mknod, "node", S_IFREG | 0600, 0));
  TELL(syscall(SYS_mknod, "node", S_IFREG | 0600, 0));
  TELL(syscall(SYS_symlinkat, "file", AT_FDCWD, "link"));
  TELL(syscall(SYS_faccessat, AT_FDCWD, "link", R_OK | W_OK));
  TELL(syscall(SYS_faccessat, AT_FDCWD, "nothing", F_OK));
  /* Hosts and releases before 6.6 have it not. */
  const long mode_changed = syscall(452 /* fchmodat2 */, AT_FDCWD, "link", 0600, AT_SYMLINK_NOFOLLOW);
  if (mode_changed == 0 || (errno != EOPNOTSUPP && errno != ENOSYS)) printf("fchmodat2 of a link %s\n", error_name(errno));
  const long times[] = {100, 200};
  struct stat s;
  TELL(syscall(SYS_utime, "file", times));
  stat("file", &s);
  printf("times %ld %ld\n", (long)s.st_atim.tv_sec, (long)s.st_mtim.tv_sec);
  const long pairs[] = {300, 5, 400, 6};
  TELL(syscall(SYS_utimes, "file", pairs));
  stat("file", &s);
  printf("times %ld.%ld %ld.%ld\n", (long)s.st_atim.tv_sec, s.st_atim.tv_nsec, (long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
  TELL(syscall(SYS_futimesat, AT_FDCWD, "file", pairs));
  const long wrong[] = {300, -5, 400, 6};
  TELL(syscall(SYS_utimes, "file", wrong));
#ifdef SYS_utimensat_time64
  const int64_t wide[] = {500, 7, 600, 8};
  TELL(syscall(SYS_utimensat_time64, AT_FDCWD, "file", wide, 0));
  stat("file", &s);
  printf("times %ld.%ld %ld.%ld\n", (long)s.st_atim.tv_sec, s.st_atim.tv_nsec, (long)s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
#endif
  int dir = open(".", O_RDONLY | O_DIRECTORY);
  fill();
  const long size = syscall(SYS_getdents, dir, area, 4096);
  int entries = 0;
  for (long at = 0; at < size; at += half((size_t)at + 2 * sizeof(long))) ++entries;
  printf("entries %d\n", entries);
  TELL(syscall(SYS_getdents, dir, area, 4096));
#ifdef SYS_readdir
  lseek(dir, 0, SEEK_SET);
  entries = 0;
  while (syscall(SYS_readdir, dir, area, 1) == 1) ++entries;
  printf("entries %d\n", entries);
#endif
  close(dir);
  struct iovec parts[2] = {{area, 3}, {area + 16, 4}};
  fill();
  TELL(syscall(SYS_preadv, fd, parts, 2, 1L, 0L));
  printf("%.3s %.4s\n", (char *)area, (char *)area + 16);
  TELL(syscall(SYS_pwritev, fd, parts, 2, 5L, 0L));
  TELL(syscall(SYS_preadv, fd, parts, 2, -1L, -1L));
  TELL(syscall(SYS_syncfs, fd));
  TELL(syscall(SYS_syncfs, -1));
  syscall(SYS_sync);
#ifdef SYS_nice
  TELL(syscall(SYS_nice, 1));
#endif
#ifdef SYS_fcntl64
  TELL(syscall(SYS_fcntl, fd, F_GETFD, 0));
  TELL(syscall(SYS_fadvise64_64, fd, 0L, 0L, 0L, 0L, 2));
  fill();
  TELL(syscall(SYS_statfs, "/proc", area));
  tell_written("statfs");
  printf("type %lx\n", word(0));
  TELL(syscall(SYS_fstatfs, fd, area));
  int out = open("copy", O_CREAT | O_RDWR, 0600);
  int64_t offset = 2;
  TELL(syscall(SYS_sendfile64, out, fd, &offset, 3));
  printf("offset %lld\n", (long long)offset);
  TELL(syscall(SYS_lchown, "link", -1, -1));
  TELL(syscall(SYS_chown, "file", -1, -1));
  TELL(syscall(SYS_fchown, fd, -1, -1));
#endif
  int ends[2];
  TELL(syscall(SYS_pipe, ends));
  TELL(syscall(SYS_pipe, 8));
  struct timeval now = {0, 0};
  fd_set set;
  FD_ZERO(&set);
  FD_SET(ends[1], &set);
#ifdef SYS__newselect
  TELL(syscall(SYS__newselect, ends[1] + 1, NULL, &set, NULL, &now));
  printf("set %d\n", FD_ISSET(ends[1], &set) != 0);
  struct {
    unsigned long n;
    void *in, *out, *except, *time;
  } old = {(unsigned long)ends[1] + 1, NULL, &set, NULL, &now};
  TELL(syscall(SYS_select, &old));
#else
  TELL(syscall(SYS_select, ends[1] + 1, NULL, &set, NULL, &now));
#endif
  printf("set %d\n", FD_ISSET(ends[1], &set) != 0);
#ifdef SYS_pselect6_time64
  const int64_t at_once[2] = {0, 0};
  TELL(syscall(SYS_pselect6_time64, ends[1] + 1, NULL, &set, NULL, at_once, NULL));
#endif
}

static void descriptors(void) {
  TELL(syscall(SYS_dup3, 1, 20, O_CLOEXEC));
  TELL(fcntl(20, F_GETFD));
  TELL(syscall(SYS_dup3, 20, 20, 0));
  int fd = (int)syscall(SYS_eventfd, 5);
  TELL_OUTCOME(fd);
  uint64_t count = 0;
  TELL(read(fd, &count, sizeof count));
  printf("count %llu\n", (unsigned long long)count);
  const uint64_t mask = 1u << (SIGUSR1 - 1);
  const int signals = (int)syscall(SYS_signalfd, -1, &mask, 8);
  TELL_OUTCOME(signals);
  TELL(syscall(SYS_signalfd, -1, &mask, 7));
  const int watch = (int)syscall(SYS_inotify_init);
  TELL_OUTCOME(watch);
  TELL(inotify_add_watch(watch, ".", IN_CREATE));
  close(creat("watched", 0600));
  TELL(read(watch, area, sizeof area) > 0);
#ifdef SYS_timerfd_settime64
  const int timer = (int)syscall(SYS_timerfd_create, CLOCK_MONOTONIC, 0);
  const int64_t when[4] = {0, 0, 100, 0};
  TELL(syscall(SYS_timerfd_settime64, timer, 0, when, NULL));
  const long old_when[4] = {0, 0, 200, 0};
  TELL(syscall(SYS_timerfd_settime, timer, 0, old_when, NULL));
  TELL(syscall(SYS_timerfd_gettime, timer, area));
  printf("armed for %d\n", word(2) <= 200 && word(2) >= 150);
  fill();
  TELL(syscall(SYS_timerfd_gettime64, timer, area));
  printf("armed for %d\n", word64(16) <= 200 && word64(16) >= 150);
#endif
}

static void who(void) {
  uint32_t ids[3] = {~0u, ~0u, ~0u};
  TELL(syscall(SYS_getresuid, ids, ids + 1, ids + 2));
  TELL(syscall(SYS_getresgid, ids, ids + 1, ids + 2));
  TELL(syscall(SYS_getresuid, 8, ids, ids));
  TELL(syscall(SYS_setreuid, -1, -1));
  TELL(syscall(SYS_setregid, -1, -1));
  TELL(syscall(SYS_setresuid, -1, -1, -1));
  TELL(syscall(SYS_setresgid, -1, -1, -1));
  TELL(syscall(SYS_setuid, -1));
  TELL(syscall(SYS_setgid, -1));
  TELL(syscall(SYS_setfsuid, -1) == (long)geteuid());
  TELL(syscall(SYS_setfsgid, -1) == (long)getegid());
  TELL(syscall(SYS_getuid) == (long)getuid());
  TELL(syscall(SYS_geteuid) == (long)geteuid());
  TELL(syscall(SYS_getgid) == (long)getgid());
  TELL(syscall(SYS_getegid) == (long)getegid());
  TELL(syscall(SYS_getgroups, 0, NULL) == getgroups(0, NULL));
  TELL(syscall(SYS_setgroups, 70000, NULL) == -1);
#ifdef SYS_getresuid32
  TELL(syscall(SYS_getresuid32, ids, ids + 1, ids + 2));
  printf("ids %d\n", ids[0] == getuid() && ids[1] == geteuid());
  TELL(syscall(SYS_getresgid32, ids, ids + 1, ids + 2));
  TELL(syscall(SYS_setreuid32, -1, -1));
  TELL(syscall(SYS_setregid32, -1, -1));
  TELL(syscall(SYS_setfsuid32, -1) == (long)geteuid());
  TELL(syscall(SYS_setfsgid32, -1) == (long)getegid());
#endif
  TELL(syscall(SYS_getpgid, 0) == getpgrp());
  TELL(syscall(SYS_getpgid, -5));
  TELL(syscall(SYS_getsid, 0) == getsid(0));
  TELL(syscall(SYS_getsid, 0x7ffffff0));
  TELL(syscall(SYS_personality, 0xffffffff));
  TELL(syscall(SYS_personality, 0x40000));
  TELL(syscall(SYS_personality, 0));
  TELL(syscall(SYS_sched_get_priority_max, SCHED_FIFO));
  TELL(syscall(SYS_sched_get_priority_min, SCHED_RR));
  TELL(syscall(SYS_sched_get_priority_max, 77));
  TELL(syscall(SYS_tkill, syscall(SYS_gettid), 0));
  TELL(syscall(SYS_tkill, 0x7ffffff0, 0));
  TELL(syscall(SYS_ptrace, 1, 0, 0, 0) == 0 ? 0 : -1); /* PTRACE_PEEKTEXT of nobody */
  TELL(syscall(SYS_ptrace, 999, 1, 0, 0));
  TELL(syscall(SYS_pivot_root, "/nothing", "/nothing"));
  fill();
  TELL(syscall(SYS_sysinfo, area));
  tell_written("sysinfo");
#ifdef SYS_get_thread_area
  unsigned area_of_thread[4] = {~0u, 0, 0, 0};
  TELL(syscall(SYS_get_thread_area, area_of_thread));
  area_of_thread[0] = 0;
  TELL(syscall(SYS_get_thread_area, area_of_thread));
  area_of_thread[0] = 12;
  TELL(syscall(SYS_get_thread_area, area_of_thread));
#endif
#ifdef SYS_arch_prctl
  TELL(syscall(SYS_arch_prctl, 0x7777, 0));
#endif
  struct utsname name;
  TELL(syscall(SYS_uname, &name));
  printf("%s\n", name.sysname);
#ifdef SYS_olduname
  uname(&name);
  fill();
  TELL(syscall(SYS_olduname, area));
  printf("%d %zu\n", strncmp((char *)area, name.sysname, 8), written());
  fill();
  TELL(syscall(SYS_uname, area));
  printf("%d %s\n", strcmp((char *)area, name.sysname), written() <= 325 ? "fits" : "does not");
  fill();
  TELL(syscall(59 /* oldolduname */, area));
  printf("%d %zu\n", strcmp((char *)area, name.sysname), written());
#endif
}

static void limits_and_times(void) {
  fill();
  TELL(syscall(SYS_getrlimit, RLIMIT_NOFILE, area));
  printf("%d\n", word(0) <= word(1));
  TELL(syscall(SYS_setrlimit, RLIMIT_NOFILE, area));
  TELL(syscall(SYS_getrlimit, 99, area));
  fill();
  TELL(syscall(SYS_times, area) != -1);
  tell_written("times");
  struct timeval tv = {0, 0};
  TELL(syscall(SYS_gettimeofday, &tv, NULL));
  const time_t now = time(NULL);
  printf("about now: %d\n", tv.tv_sec >= now - 2 && tv.tv_sec <= now + 2);
  TELL(syscall(SYS_gettimeofday, 8, NULL));
  long there = 0;
  TELL(syscall(SYS_time, &there) == there && there >= now - 2);
  TELL(syscall(SYS_time, 8));
  const long little[2] = {0, 1000}, wrong[2] = {0, -1};
  TELL(syscall(SYS_nanosleep, little, NULL));
  TELL(syscall(SYS_nanosleep, wrong, NULL));
  TELL(syscall(SYS_clock_settime, CLOCK_MONOTONIC, little));
  TELL(syscall(SYS_clock_settime, 99, little));
#ifdef SYS_clock_gettime64
  fill();
  TELL(syscall(SYS_clock_gettime, CLOCK_REALTIME, area));
  printf("about now: %d\n", (time_t)word(0) >= now - 2);
  TELL(syscall(SYS_clock_getres, CLOCK_REALTIME, area));
  printf("%lu %lu\n", word(0), word(1));
  const int64_t wide[2] = {0, 1000};
  TELL(syscall(SYS_clock_settime64, CLOCK_MONOTONIC, wide));
  TELL(syscall(SYS_clock_nanosleep_time64, CLOCK_MONOTONIC, 0, wide, NULL));
  TELL(syscall(SYS_sched_rr_get_interval, 0, area)); /* what it answers is the scheduler's to know */
  struct timex how = {0};
  TELL(syscall(SYS_clock_adjtime, CLOCK_REALTIME, &how) >= 0);
  int timer = -1;
  TELL(syscall(SYS_timer_create, CLOCK_MONOTONIC, NULL, &timer));
  fill();
  TELL(syscall(SYS_timer_gettime64, timer, area));
  printf("%llu %llu\n", (unsigned long long)word64(0), (unsigned long long)word64(16));
  const uint64_t usr1 = 1u << (SIGUSR1 - 1);
  TELL(syscall(SYS_rt_sigtimedwait_time64, &usr1, NULL, wide, 8));
#endif
}

static volatile sig_atomic_t caught;
static void on_signal(int number) { caught = number; }

#ifdef SYS_sigaction
struct old_action {
  void (*handler)(int);
  unsigned long mask;
  unsigned long flags;
  void *restorer;
};
static void old_signals(void) {
  struct old_action action = {on_signal, 0, 0, NULL}, before;
  TELL(syscall(SYS_sigaction, SIGUSR1, &action, &before));
  printf("handler before %d\n", before.handler == SIG_DFL);
  TELL(raise(SIGUSR1));
  printf("caught %d\n", caught == SIGUSR1);
  TELL(syscall(SYS_sigaction, SIGKILL, &action, NULL));
  TELL(syscall(SYS_signal, SIGUSR2, SIG_IGN));
  TELL(syscall(SYS_signal, SIGUSR2, SIG_DFL) == (long)SIG_IGN);
  unsigned long mask = 1ul << (SIGUSR1 - 1), old = 0;
  TELL(syscall(SYS_sigprocmask, SIG_BLOCK, &mask, &old));
  raise(SIGUSR1);
  TELL(syscall(SYS_sigpending, &old));
  printf("pending %lx\n", old);
  TELL(syscall(SYS_sgetmask));
  caught = 0;
  TELL(syscall(SYS_sigsuspend, 0, 0, 0));
  printf("caught %d\n", caught == SIGUSR1);
  TELL(syscall(SYS_ssetmask, 0) == (long)mask);
  TELL(syscall(SYS_sgetmask));
}
#endif

static void processes(void) {
  fflush(stdout);
  const pid_t made = (pid_t)syscall(SYS_fork);
  if (made == 0) _exit(7);
  int status = 0;
#ifdef SYS_waitpid
  TELL(syscall(SYS_waitpid, made, &status, 0) == made);
  TELL(syscall(SYS_waitpid, made, &status, 0));
#else
  TELL(syscall(SYS_wait4, made, &status, 0, NULL) == made);
#endif
  printf("status %d\n", WEXITSTATUS(status));
#ifdef SYS_umount
  TELL(syscall(SYS_umount, "/nothing/at/all"));
#endif
}

static void memory(void) {
#ifdef SYS_mmap2
  const unsigned long how[] = {0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, (unsigned long)-1, 0};
  const long old = syscall(SYS_mmap, how);
  printf("old mmap: %d\n", old != -1 && *(char *)old == 0);
  const unsigned long odd[] = {0, 8192, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, (unsigned long)-1, 5};
  TELL(syscall(SYS_mmap, odd));
  TELL(syscall(SYS_mmap, 8));
#endif
  /* Hosts and releases before 6.10 have it not, and hosts only for programs of 64 bits. */
  char *const page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (syscall(462 /* mseal */, page, 4096, 0) == 0 && munmap(page, 4096) != -1) printf("a seal does not hold\n");
}

static void interprocess(void) {
  struct sembuf one = {0, 1, IPC_NOWAIT}, take = {0, -2, IPC_NOWAIT};
#ifdef SYS_semget
  const int set = (int)syscall(SYS_semget, IPC_PRIVATE, 1, 0600);
#else
  const int set = semget(IPC_PRIVATE, 1, 0600);
#endif
  TELL_OUTCOME(set);
#ifdef SYS_semop
  TELL(syscall(SYS_semop, set, &one, 1));
  TELL(syscall(SYS_semop, set, &take, 1));
#endif
#ifdef SYS_semtimedop_time64
  const int64_t little[2] = {0, 1000000};
  take.sem_flg = 0;
  TELL(syscall(SYS_semtimedop_time64, set, &one, 1, little));
  take.sem_op = -5;
  TELL(syscall(SYS_semtimedop_time64, set, &take, 1, little));
#endif
  (void)one, (void)take;
  semctl(set, 0, IPC_RMID);
#ifdef SYS_shmget
  const int shared = (int)syscall(SYS_shmget, IPC_PRIVATE, 8192, 0600);
  TELL_OUTCOME(shared);
  char *const at = (char *)syscall(SYS_shmat, shared, NULL, 0);
  TELL(at != (char *)-1);
  at[5] = 1;
  fill();
  TELL(syscall(SYS_shmctl, shared, 256 | IPC_STAT, area));
  TELL(syscall(SYS_shmdt, at));
  TELL(syscall(SYS_shmdt, at));
  TELL(syscall(SYS_shmctl, shared, IPC_RMID, NULL));
  const int queue = (int)syscall(SYS_msgget, IPC_PRIVATE, 0600);
  TELL_OUTCOME(queue);
  struct {
    long type;
    char text[8];
  } message = {3, "message"};
  TELL(syscall(SYS_msgsnd, queue, &message, 8, 0));
  memset(&message, 0, sizeof message);
  TELL(syscall(SYS_msgrcv, queue, &message, 8, 0, 0));
  printf("%ld %s\n", message.type, message.text);
  TELL(syscall(SYS_msgctl, queue, IPC_RMID, NULL));
#endif
#ifdef SYS_mq_timedsend_time64
  const int64_t past[2] = {1, 0};
  const int mq = (int)syscall(SYS_mq_open, "polyabi-plain", O_CREAT | O_RDWR, 0600, NULL);
  TELL_OUTCOME(mq);
  TELL(syscall(SYS_mq_timedsend_time64, mq, "x", 1, 4, past));
  unsigned priority = 0;
  TELL(syscall(SYS_mq_timedreceive_time64, mq, area, sizeof area, &priority, past));
  printf("priority %u\n", priority);
  TELL(syscall(SYS_mq_timedreceive_time64, mq, area, sizeof area, &priority, past));
  syscall(SYS_mq_unlink, "polyabi-plain");
#endif
}

/// Each socket call by its own number; of i386 as well through the one that all of them had before.
static void sockets(void) {
  int pair[2];
  TELL(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, pair));
  TELL(syscall(SYS_sendto, pair[0], "abc", 3, 0, NULL, 0));
  TELL(syscall(SYS_recvfrom, pair[1], area, 10, 0, NULL, NULL));
  struct iovec part = {area, 3};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  TELL(syscall(SYS_sendmsg, pair[0], &message, 0));
  TELL(syscall(SYS_recvmsg, pair[1], &message, 0));
  struct mmsghdr many[2] = {{message, 0}, {message, 0}};
  TELL(syscall(SYS_sendmmsg, pair[0], many, 2, 0));
#ifdef SYS_recvmmsg
  const long no_time[2] = {0, 0};
  TELL(syscall(SYS_recvmmsg, pair[1], many, 1, MSG_DONTWAIT, no_time));
#endif
  int value = 0;
  socklen_t size = sizeof value;
  TELL(syscall(SYS_getsockopt, pair[0], SOL_SOCKET, SO_TYPE, &value, &size));
  printf("type %d\n", value);
  value = 1;
  TELL(syscall(SYS_setsockopt, pair[0], SOL_SOCKET, SO_PASSCRED, &value, size));
  struct sockaddr_un name = {AF_UNIX, "socket"};
  const int listener = (int)syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0), other = (int)syscall(SYS_socket, AF_UNIX, SOCK_STREAM, 0);
  TELL(syscall(SYS_bind, listener, &name, sizeof name));
  TELL(syscall(SYS_listen, listener, 1));
  TELL(syscall(SYS_connect, other, &name, sizeof name));
  TELL_OUTCOME(syscall(SYS_accept4, listener, NULL, NULL, SOCK_CLOEXEC));
  size = sizeof name;
  TELL(syscall(SYS_getsockname, listener, &name, &size));
  printf("%u %s\n", size, name.sun_path);
  size = sizeof name;
  TELL(syscall(SYS_getpeername, other, &name, &size));
  TELL(syscall(SYS_shutdown, pair[0], SHUT_WR));
#ifdef SYS_socketcall
  TELL(socket_call(8, AF_UNIX, SOCK_STREAM, 0, (long)pair, 0, 0)); /* socketpair */
  TELL(socket_call(9, pair[0], (long)"abcd", 4, 0, 0, 0));         /* send */
  TELL(socket_call(10, pair[1], (long)area, 10, 0, 0, 0));         /* recv */
  TELL(socket_call(99, 0, 0, 0, 0, 0, 0));
#endif
}

int main(void) {
  if (mkdtemp(directory) == NULL || chdir(directory) != 0) return 1;
  umask(022);
  in_child("files", files);
  in_child("descriptors", descriptors);
  in_child("who", who);
  in_child("limits and times", limits_and_times);
#ifdef SYS_sigaction
  in_child("old signals", old_signals);
#endif
  in_child("processes", processes);
  in_child("memory", memory);
  in_child("interprocess", interprocess);
  in_child("sockets", sockets);
  (void)on_signal;
  char remove[64];
  snprintf(remove, sizeof remove, "rm -rf %s", directory);
  return system(remove) != 0;
}
