/* What a program sees of eventfd, timerfd, signalfd and pidfd, and of poll and select on them: run on the host and under polyabi, and
   compared. Prints no descriptors, addresses, ids or times. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/select.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char* error_of(long answer) { return answer < 0 ? strerrorname_np(errno) : "ok"; }

static void show_poll(const char* what, int fd) {
  short all = POLLIN | POLLPRI | POLLOUT | POLLRDNORM | POLLRDBAND | POLLRDHUP;
  struct pollfd one = {fd, all, 0};
  int count = poll(&one, 1, 0);
  printf("%s: poll %d %#x", what, count, one.revents);
  fd_set in, out, except;
  FD_ZERO(&in);
  FD_SET(fd, &in);
  out = except = in;
  struct timeval none = {0, 0};
  count = select(fd + 1, &in, &out, &except, &none);
  printf(" select %d %d%d%d\n", count, !!FD_ISSET(fd, &in), !!FD_ISSET(fd, &out), !!FD_ISSET(fd, &except));
}

static void show_file(const char* what, int fd) {
  char path[64], text[64] = {0};
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  ssize_t size = readlink(path, text, sizeof text);
  printf("%s: %zd %s flags %#x cloexec %d", what, size, text, fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK), fcntl(fd, F_GETFD));
  printf(" seek %s", error_of(lseek(fd, 0, SEEK_SET)));
  printf(" pread %s", error_of(pread(fd, text, 8, 0)));
  printf(" map %s\n", error_of(mmap(0, 4096, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED ? -1 : 0));
}

static void counters(void) {
  uint64_t value = 0;
  int c = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  show_file("eventfd", c);
  printf("unknown flags: %s\n", error_of(eventfd(0, 4)));
  show_poll("zero", c);
  printf("empty: %s", error_of(read(c, &value, 8)));
  printf(" short %s", error_of(read(c, &value, 7)));
  printf(" write short %s", error_of(write(c, &value, 7)));
  value = UINT64_MAX;
  printf(" all bits %s", error_of(write(c, &value, 8)));
  value = UINT64_MAX - 1;
  printf(" most %s", error_of(write(c, &value, 8)));
  value = 1;
  printf(" more %s\n", error_of(write(c, &value, 8)));
  show_poll("full", c);
  char long_buffer[32];
  printf("long read: %zd", read(c, long_buffer, sizeof long_buffer));
  memcpy(&value, long_buffer, 8);
  printf(" %#llx\n", (unsigned long long)value);
  value = 3;
  write(c, &value, 8);
  show_poll("three", c);
  close(c);
  c = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
  for (int i = 0; i < 3; ++i) {
    value = 99;
    printf("semaphore: %s", error_of(read(c, &value, 8)));
    printf(" %llu\n", (unsigned long long)value);
  }
  close(c);
}

static void timers(void) {
  uint64_t times = 0;
  struct itimerspec set = {{0, 0}, {0, 0}}, old;
  printf("clocks:");
  for (int clock = -2; clock < 13; ++clock) printf(" %s", error_of(timerfd_create(clock, 0)));
  for (int fd = 3; fd < 20; ++fd) close(fd);
  printf(" flags %s\n", error_of(timerfd_create(CLOCK_MONOTONIC, 1)));
  int t = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  show_file("timerfd", t);
  show_poll("not armed", t);
  printf("read: %s", error_of(read(t, &times, 8)));
  printf(" short %s", error_of(read(t, &times, 7)));
  printf(" write %s\n", error_of(write(t, &times, 8)));
  set.it_value.tv_nsec = 1000000000;
  printf("settime: bad time %s", error_of(timerfd_settime(t, 0, &set, 0)));
  set.it_value.tv_nsec = 0, set.it_interval.tv_sec = -1;
  printf(" bad interval %s", error_of(timerfd_settime(t, 0, &set, 0)));
  set.it_interval.tv_sec = 0;
  printf(" bad flags %s", error_of(timerfd_settime(t, 4, &set, 0)));
  printf(" null %s", error_of(syscall(SYS_timerfd_settime, t, 0, 0, 0)));
  printf(" not a timer %s", error_of(timerfd_settime(1, 0, &set, 0)));
  printf(" closed %s\n", error_of(timerfd_settime(1000, 0, &set, 0)));
  set.it_value.tv_nsec = 20000000;
  timerfd_settime(t, 0, &set, 0);
  timerfd_gettime(t, &old);
  printf("armed: left %d interval %d\n", old.it_value.tv_nsec > 0 && old.it_value.tv_nsec <= 20000000, old.it_interval.tv_nsec != 0);
  fcntl(t, F_SETFL, 0);
  printf("one shot: %zd", read(t, &times, 8));
  printf(" %llu", (unsigned long long)times);
  fcntl(t, F_SETFL, O_NONBLOCK);
  printf(" then %s\n", error_of(read(t, &times, 8)));
  timerfd_gettime(t, &old);
  printf("expired: left %ld\n", (long)old.it_value.tv_nsec);
  set.it_value.tv_nsec = 10000000, set.it_interval.tv_nsec = 20000000;
  timerfd_settime(t, 0, &set, 0);
  usleep(115000);
  show_poll("periodic", t);
  times = 0;
  read(t, &times, 8);
  printf("periodic: %s", times >= 5 ? "five or more" : "?");
  timerfd_gettime(t, &old);
  printf(" left %d interval %ld\n", old.it_value.tv_nsec > 0 && old.it_value.tv_nsec <= 20000000, (long)old.it_interval.tv_nsec);
  usleep(50000);
  timerfd_gettime(t, &old);
  show_poll("looked at", t);
  memset(&set, 0, sizeof set);
  timerfd_settime(t, 0, &set, &old);
  printf("disarmed: old left %d interval %ld", old.it_value.tv_nsec > 0 && old.it_value.tv_nsec <= 20000000,
         (long)old.it_interval.tv_nsec);
  printf(" read %s\n", error_of(read(t, &times, 8)));
  clock_gettime(CLOCK_MONOTONIC, &set.it_value);
  set.it_value.tv_sec -= 10, set.it_interval.tv_sec = 3;
  printf("in the past: %s", error_of(timerfd_settime(t, TFD_TIMER_ABSTIME, &set, 0)));
  usleep(10000);
  times = 0;
  printf(" %s", error_of(read(t, &times, 8)));
  printf(" %llu\n", (unsigned long long)times);
  // At once, and whatever it was set to before.
  memset(&set, 0, sizeof set);
  timerfd_settime(t, 0, &set, 0);
  set.it_value.tv_sec = 1;
  timerfd_settime(t, TFD_TIMER_ABSTIME, &set, 0);
  show_poll("long ago", t);
  times = 0;
  printf("long ago: %s", error_of(read(t, &times, 8)));
  printf(" %llu\n", (unsigned long long)times);
  close(t);
  t = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
  timerfd_settime(t, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &set, 0);
  times = 0;
  printf("long ago, cancelled: %s", error_of(read(t, &times, 8)));
  printf(" %llu\n", (unsigned long long)times);
  timerfd_gettime(t, &old);
  printf("then %ld %ld\n", (long)old.it_value.tv_sec, old.it_value.tv_nsec);
  close(t);
  t = timerfd_create(CLOCK_REALTIME, 0);
  clock_gettime(CLOCK_REALTIME, &set.it_value);
  set.it_interval.tv_sec = 0;
  set.it_value.tv_nsec += 30000000;
  if (set.it_value.tv_nsec >= 1000000000) set.it_value.tv_nsec -= 1000000000, ++set.it_value.tv_sec;
  printf("time of day: %s", error_of(timerfd_settime(t, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &set, 0)));
  printf(" %s", error_of(read(t, &times, 8)));
  printf(" %llu\n", (unsigned long long)times);
  close(t);
}

static void show_record(const char* what, int s) {
  struct signalfd_siginfo r[4];
  memset(r, 0xee, sizeof r);
  ssize_t size = read(s, r, sizeof r);
  printf("%s: %s %zd", what, error_of(size), size > 0 ? size / (ssize_t)sizeof r[0] : 0);
  for (ssize_t i = 0; i < size / (ssize_t)sizeof r[0]; ++i)
    printf(" {%u code %d pid %d uid %d status %d int %d ptr %llu tid %u overrun %u band %u fd %d}", r[i].ssi_signo, r[i].ssi_code,
           r[i].ssi_pid == (uint32_t)getpid() ? 1 : r[i].ssi_pid != 0 ? 2 : 0, r[i].ssi_uid == getuid(), r[i].ssi_status,
           r[i].ssi_int, (unsigned long long)r[i].ssi_ptr, r[i].ssi_tid, r[i].ssi_overrun, r[i].ssi_band, r[i].ssi_fd);
  printf("\n");
}

static void signals_read(void) {
  sigset_t set, other;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1), sigaddset(&set, SIGCHLD), sigaddset(&set, SIGRTMIN), sigaddset(&set, SIGALRM);
  sigaddset(&set, SIGKILL);
  sigprocmask(SIG_BLOCK, &set, 0);
  int s = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  char small[127];
  show_file("signalfd", s);
  printf("errors: size %s", error_of(syscall(SYS_signalfd4, -1, &set, 4, 0)));
  printf(" flags %s", error_of(syscall(SYS_signalfd4, -1, &set, 8, 1)));
  printf(" null %s", error_of(syscall(SYS_signalfd4, -1, 0, 8, 0)));
  printf(" closed %s", error_of(signalfd(1000, &set, 0)));
  printf(" not one %s", error_of(signalfd(1, &set, 0)));
  printf(" small %s", error_of(read(s, small, sizeof small)));
  printf(" write %s\n", error_of(write(s, small, 8)));
  show_poll("none", s);
  show_record("none", s);
  raise(SIGUSR1);
  show_poll("raised", s);
  show_record("raised", s);
  kill(getpid(), SIGUSR1);
  kill(getpid(), SIGUSR1);
  union sigval v = {.sival_int = 42};
  sigqueue(getpid(), SIGRTMIN, v);
  v.sival_int = 43;
  sigqueue(getpid(), SIGRTMIN, v);
  show_record("killed and queued", s);
  show_record("none left", s);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) _exit(7);
  struct pollfd one = {s, POLLIN, 0};
  printf("a child's end: poll %d\n", poll(&one, 1, 5000));
  show_record("a child's end", s);
  waitpid(child, 0, 0);
  sigemptyset(&other);
  sigaddset(&other, SIGUSR2);
  sigprocmask(SIG_BLOCK, &other, 0);
  raise(SIGUSR2);
  show_record("not in the set", s);
  printf("another set: %s\n", signalfd(s, &other, 0) == s ? "same" : "other");
  raise(SIGUSR1);
  show_record("in the set", s);
  signalfd(s, &set, 0);
  show_record("the first", s);
  fcntl(s, F_SETFL, 0);
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  sigaction(SIGALRM, &ignore, 0);
  raise(SIGALRM);
  show_record("ignored but blocked", s);
  alarm(1);
  show_record("waited for", s);
  close(s);
}

static void processes(void) {
  int status_pipe[2];
  pipe(status_pipe);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    char byte;
    int own = dup(status_pipe[0]);
    (void)own;
    read(status_pipe[0], &byte, 1);
    for (;;) pause();
  }
  int p = (int)syscall(434, child, 0);
  printf("pidfd: cloexec %d map %s\n", fcntl(p, F_GETFD),
         error_of(mmap(0, 4096, PROT_READ, MAP_SHARED, p, 0) == MAP_FAILED ? -1 : 0));
  printf("open: zero %s", error_of(syscall(434, 0, 0)));
  printf(" minus %s", error_of(syscall(434, -1, 0)));
  printf(" flags %s", error_of(syscall(434, child, 1)));
  printf(" nobody %s\n", error_of(syscall(434, 4000000, 0)));
  show_poll("alive", p);
  printf("signal: zero %s", error_of(syscall(424, p, 0, 0, 0)));
  printf(" bad %s", error_of(syscall(424, p, 70, 0, 0)));
  printf(" flags %s", error_of(syscall(424, p, SIGTERM, 0, 8)));
  printf(" not one %s", error_of(syscall(424, 1, SIGTERM, 0, 0)));
  siginfo_t info = {0};
  info.si_signo = SIGTERM, info.si_code = SI_QUEUE;
  printf(" another number %s", error_of(syscall(424, p, SIGUSR1, &info, 0)));
  info.si_code = SI_USER;
  printf(" forged %s\n", error_of(syscall(424, p, SIGTERM, &info, 0)));
  int got = (int)syscall(438, p, status_pipe[1], 0);
  printf("getfd: %s", error_of(got));
  printf(" cloexec %d", fcntl(got, F_GETFD));
  printf(" flags %s", error_of(syscall(438, p, 0, 1)));
  printf(" not there %s", error_of(syscall(438, p, 1000, 0)));
  printf(" not one %s\n", error_of(syscall(438, 1, 0, 0)));
  close(got);
  memset(&info, 0, sizeof info);
  printf("waitid: now %s", error_of(waitid(P_PIDFD, (id_t)p, &info, WEXITED | WNOHANG)));
  printf(" %d", info.si_pid);
  int impatient = (int)syscall(434, child, O_NONBLOCK);
  printf(" nonblocking %s", error_of(waitid(P_PIDFD, (id_t)impatient, &info, WEXITED)));
  printf(" not one %s", error_of(waitid(P_PIDFD, 1, &info, WEXITED)));
  printf(" closed %s\n", error_of(waitid(P_PIDFD, 1000, &info, WEXITED)));
  printf("kill: %s\n", error_of(syscall(424, p, SIGKILL, 0, 0)));
  struct pollfd one = {p, POLLIN, 0};
  printf("ended: poll %d\n", poll(&one, 1, 5000));
  show_poll("a zombie", p);
  printf("signal to a zombie: %s\n", error_of(syscall(424, p, SIGTERM, 0, 0)));
  printf("waitid: %s", error_of(waitid(P_PIDFD, (id_t)p, &info, WEXITED)));
  printf(" own child %d code %d status %d\n", info.si_pid == child, info.si_code, info.si_status);
  struct pollfd gone = {p, POLLIN, 0};
  poll(&gone, 1, 0);
  printf("gone: poll in %d", gone.revents & POLLIN);
  printf(" signal %s", error_of(syscall(424, p, SIGTERM, 0, 0)));
  printf(" wait %s", error_of(waitid(P_PIDFD, (id_t)p, &info, WEXITED)));
  printf(" getfd %s\n", error_of(syscall(438, p, 0, 0)));
  close(p), close(impatient), close(status_pipe[0]), close(status_pipe[1]);
}

static void waits(void) {
  int p[2];
  pipe(p);
  struct pollfd pair[3] = {{p[0], POLLIN, 0}, {p[1], POLLOUT | POLLWRBAND, 0}, {1000, POLLIN, 0}};
  int ready = poll(pair, 3, -1);
  printf("poll: %d %#x %#x %#x\n", ready, pair[0].revents, pair[1].revents, pair[2].revents);
  struct timespec time = {0, 20000000};
  ready = ppoll(pair, 1, &time, 0);
  printf("ppoll: %d\n", ready);
  struct { int64_t sec, nsec; } bad = {0, 1000000000};
#ifdef SYS_ppoll_time64
  printf("bad time: %s\n", error_of(syscall(SYS_ppoll_time64, pair, 1, &bad, 0, 8)));
#else
  printf("bad time: %s\n", error_of(syscall(SYS_ppoll, pair, 1, &bad, 0, 8)));
#endif
  close(p[1]);
  show_poll("hung up", p[0]);
  close(p[0]);
  pipe(p);
  close(p[0]);
  show_poll("broken", p[1]);
  close(p[1]);
}

int main(void) {
  setvbuf(stdout, 0, _IOFBF, 1 << 16);
  counters();
  timers();
  signals_read();
  processes();
  waits();
  return 0;
}
