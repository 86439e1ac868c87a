/* What a program sees of timers that send signals: run on the host and under polyabi, and compared. Prints no addresses or times. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The kernel's own timers, not the C library's. */
static long create(int clock, struct sigevent* event, int* id) { return syscall(SYS_timer_create, clock, event, id); }
static long set(int id, int flags, const struct itimerspec* to, struct itimerspec* old) {
#if defined(__i386__)
  int32_t narrow[4], before[4];
  if (to) narrow[0] = to->it_interval.tv_sec, narrow[1] = to->it_interval.tv_nsec, narrow[2] = to->it_value.tv_sec, narrow[3] = to->it_value.tv_nsec;
  long answer = syscall(SYS_timer_settime, id, flags, to ? narrow : 0, old ? before : 0);
  if (answer == 0 && old) old->it_interval = (struct timespec){before[0], before[1]}, old->it_value = (struct timespec){before[2], before[3]};
  return answer;
#else
  return syscall(SYS_timer_settime, id, flags, to, old);
#endif
}
static long get(int id, struct itimerspec* now) {
#if defined(__i386__)
  int32_t narrow[4];
  long answer = syscall(SYS_timer_gettime, id, narrow);
  now->it_interval = (struct timespec){narrow[0], narrow[1]}, now->it_value = (struct timespec){narrow[2], narrow[3]};
  return answer;
#else
  return syscall(SYS_timer_gettime, id, now);
#endif
}
static const char* error_of(long answer) { return answer < 0 ? strerrorname_np(errno) : "ok"; }

static volatile int caught, count, code, timer_id, value, overrun;
static volatile pid_t caught_by;
static void handler(int s, siginfo_t* info, void* context) {
  (void)context;
  caught = s, code = info->si_code, timer_id = info->si_timerid, value = info->si_value.sival_int, overrun = info->si_overrun;
  caught_by = (pid_t)syscall(SYS_gettid);
  ++count; /* last: another thread may wait for it */
}
static void wait_for(int times) {
  for (int i = 0; i < 400 && count < times; ++i) usleep(5000);
}

static void errors(void) {
  int id = 99;
  struct sigevent event;
  struct itimerspec to = {{0, 0}, {0, 0}};
  memset(&event, 0, sizeof event);
  printf("clocks:");
  for (int clock = 0; clock < 13; ++clock) {
    if (clock == CLOCK_REALTIME_ALARM || clock == CLOCK_BOOTTIME_ALARM) continue; /* where there is a clock for it */
    printf(" %s", error_of(create(clock, 0, &id)));
    syscall(SYS_timer_delete, id);
  }
  event.sigev_notify = SIGEV_SIGNAL, event.sigev_signo = 0;
  printf("\nevent: no signal %s", error_of(create(CLOCK_MONOTONIC, &event, &id)));
  event.sigev_signo = 65;
  printf(" bad signal %s", error_of(create(CLOCK_MONOTONIC, &event, &id)));
  event.sigev_signo = SIGUSR1, event.sigev_notify = 3;
  printf(" bad way %s", error_of(create(CLOCK_MONOTONIC, &event, &id)));
  event.sigev_notify = SIGEV_THREAD_ID | SIGEV_SIGNAL;
  event._sigev_un._tid = 1;
  printf(" not our thread %s", error_of(create(CLOCK_MONOTONIC, &event, &id)));
  printf(" bad memory %s", error_of(create(CLOCK_MONOTONIC, (void*)8, &id)));
  printf(" bad id %s\n", error_of(create(CLOCK_MONOTONIC, 0, (void*)8)));
  create(CLOCK_MONOTONIC, 0, &id);
  printf("settime: null %s", error_of(set(id, 0, 0, 0)));
  printf(" no timer %s", error_of(set(12345, 0, &to, 0)));
  to.it_value.tv_nsec = 1000000000;
  printf(" bad time %s", error_of(set(id, 0, &to, 0)));
  printf(" get of none %s", error_of(syscall(SYS_timer_gettime, 12345, 0)));
  printf(" overrun of none %s", error_of(syscall(SYS_timer_getoverrun, 12345)));
  printf(" delete of none %s", error_of(syscall(SYS_timer_delete, 12345)));
  printf(" delete %s", error_of(syscall(SYS_timer_delete, id)));
  printf(" again %s\n", error_of(syscall(SYS_timer_delete, id)));
}

static void signals(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = handler, action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(SIGALRM, &action, 0), sigaction(SIGUSR1, &action, 0), sigaction(SIGRTMIN + 1, &action, 0);
  int id = -1;
  struct itimerspec to = {{0, 0}, {0, 20000000}}, old;
  create(CLOCK_MONOTONIC, 0, &id);
  set(id, 0, &to, 0);
  get(id, &old);
  printf("armed: %d", old.it_value.tv_sec == 0 && old.it_value.tv_nsec > 0 && old.it_value.tv_nsec <= 20000000);
  wait_for(1);
  get(id, &old);
  printf(" default: SIGALRM %d code %d own id %d value is id %d left %ld\n", caught == SIGALRM, code, timer_id == id, value == id,
         (long)old.it_value.tv_nsec);
  syscall(SYS_timer_delete, id);

  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_SIGNAL, event.sigev_signo = SIGRTMIN + 1, event.sigev_value.sival_int = 77;
  create(CLOCK_REALTIME, &event, &id);
  count = 0;
  to.it_interval.tv_nsec = 10000000;
  set(id, 0, &to, 0);
  wait_for(3);
  to.it_value.tv_nsec = to.it_interval.tv_nsec = 0;
  set(id, 0, &to, &old);
  printf("periodic: %d signal %d value %d interval %ld\n", count >= 3, caught == SIGRTMIN + 1, value, (long)old.it_interval.tv_nsec);
  sigset_t block;
  sigemptyset(&block);
  sigaddset(&block, SIGRTMIN + 1);
  sigprocmask(SIG_BLOCK, &block, 0);
  count = 0;
  to.it_value.tv_nsec = to.it_interval.tv_nsec = 10000000;
  set(id, 0, &to, 0);
  usleep(105000);
  sigprocmask(SIG_UNBLOCK, &block, 0);
  printf("blocked: first overrun %s", overrun >= 7 ? "many" : "?");
  int told = (int)syscall(SYS_timer_getoverrun, id);
  printf(" getoverrun %s\n", told >= 0 ? "ok" : "?");
  sigprocmask(SIG_BLOCK, &block, 0);
  usleep(30000);
  syscall(SYS_timer_delete, id);
  count = 0;
  sigprocmask(SIG_UNBLOCK, &block, 0);
  usleep(30000);
  printf("deleted: %d more\n", count);

  event.sigev_notify = SIGEV_NONE;
  create(CLOCK_MONOTONIC, &event, &id);
  to.it_value.tv_nsec = 20000000, to.it_interval.tv_nsec = 0;
  set(id, 0, &to, 0);
  get(id, &old);
  printf("no notice: running %d", old.it_value.tv_nsec > 0);
  usleep(30000);
  get(id, &old);
  printf(" then %ld\n", (long)old.it_value.tv_nsec);
  syscall(SYS_timer_delete, id);

  clock_gettime(CLOCK_MONOTONIC, &to.it_value);
  to.it_value.tv_sec -= 1;
  create(CLOCK_MONOTONIC, 0, &id);
  count = 0;
  set(id, TIMER_ABSTIME, &to, 0);
  wait_for(1);
  printf("in the past: %d\n", count);
  syscall(SYS_timer_delete, id);

  count = 0;
  to.it_value = (struct timespec){0, 30000000};
  create(CLOCK_PROCESS_CPUTIME_ID, 0, &id);
  set(id, 0, &to, 0);
  usleep(60000);
  printf("processor time: idle %d", count);
  time_t end = time(0) + 5;
  while (count == 0 && time(0) < end) {}
  printf(" busy %d\n", count);
  syscall(SYS_timer_delete, id);
}

static volatile pid_t worker_id;
static volatile int worker_ends;
static void* worker(void* unused) {
  (void)unused;
  worker_id = (pid_t)syscall(SYS_gettid);
  while (!worker_ends) usleep(1000);
  return 0;
}

static void threads_and_processes(void) {
  pthread_t thread;
  pthread_create(&thread, 0, worker, 0);
  while (worker_id == 0) usleep(1000);
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD_ID, event.sigev_signo = SIGUSR1;
  event._sigev_un._tid = worker_id;
  int id = -1;
  struct itimerspec to = {{0, 0}, {0, 10000000}};
  printf("to a thread: %s", error_of(create(CLOCK_MONOTONIC, &event, &id)));
  count = 0;
  set(id, 0, &to, 0);
  wait_for(1);
  printf(" caught by it %d\n", caught_by == worker_id);
  worker_ends = 1;
  pthread_join(thread, 0);
  syscall(SYS_timer_delete, id);
  event.sigev_notify = SIGEV_SIGNAL;
  create(CLOCK_MONOTONIC, &event, &id);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    printf("in a child: %s\n", error_of(get(id, &to)));
    fflush(stdout);
    _exit(0);
  }
  waitpid(child, 0, 0);
  printf("in the parent: %s\n", error_of(get(id, &to)));
}

/* The C library's own, which run a function. */
static volatile int ran;
static void run(union sigval v) { ran = v.sival_int; }
static void library_timers(void) {
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD, event.sigev_notify_function = run, event.sigev_value.sival_int = 5;
  timer_t timer;
  struct itimerspec to = {{0, 0}, {0, 10000000}};
  printf("a function: %s", error_of(timer_create(CLOCK_MONOTONIC, &event, &timer)));
  timer_settime(timer, 0, &to, 0);
  for (int i = 0; i < 400 && ran == 0; ++i) usleep(5000);
  printf(" ran with %d\n", ran);
  timer_delete(timer);
}

/* Clocks of processes and threads. */
static void show_clock(const char* which, clockid_t clock) {
  struct timespec now = {-1, -1}, finest = {-1, -1};
  int read = clock_gettime(clock, &now) == 0, why = errno;
  printf("%s: %s", which, read ? "read" : strerror(why));
  if (read) printf(", some %d, not much %d", now.tv_sec > 0 || now.tv_nsec > 0, now.tv_sec < 100);
  read = clock_getres(clock, &finest) == 0;
  why = errno;
  printf("; %s", read ? "" : strerror(why));
  if (read) printf("%ld %ld", (long)finest.tv_sec, finest.tv_nsec);
  printf("\n");
}
static void processor_clocks(void) {
  clockid_t clock = 0;
  volatile unsigned spin = 0;
  while (++spin < 30000000) {}
  printf("own %d", clock_getcpuclockid(0, &clock));
  printf(" %d\n", clock == -6);
  show_clock("own", clock);
  show_clock("own by number", (clockid_t)(~(unsigned)getpid() << 3 | 2));
  show_clock("own thread's", (clockid_t)(~(unsigned)syscall(SYS_gettid) << 3 | 6));
  pthread_getcpuclockid(pthread_self(), &clock);
  show_clock("by the library", clock);
  show_clock("nobody's", (clockid_t)(~0x0fffffffu << 3 | 2));
  show_clock("nobody's thread's", (clockid_t)(~0x0fffffffu << 3 | 6));
  int ends[2];
  if (pipe(ends) != 0) return;
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    char byte;
    close(ends[1]);
    _exit((int)read(ends[0], &byte, 1));
  }
  printf("a child's %d\n", clock_getcpuclockid(child, &clock));
  struct timespec of_child;
  printf("read %d\n", clock_gettime(clock, &of_child));
  show_clock("its first thread's", (clockid_t)(~(unsigned)child << 3 | 6));
  close(ends[1]);
  waitpid(child, 0, 0);
  struct itimerval some = {.it_value = {100, 0}}, old;
  setitimer(ITIMER_REAL, &some, 0);
  printf("set to nothing %ld", (long)syscall(SYS_setitimer, ITIMER_REAL, 0, 0));
  getitimer(ITIMER_REAL, &old);
  printf(" %ld %ld\n", (long)old.it_value.tv_sec, (long)old.it_value.tv_usec);
}

static void ring(int s) { (void)s; }

/* Sleeping on them: another thread has to work meanwhile. */
static void* work(void* unused) {
  for (;;) pthread_testcancel();
  return unused;
}
static long milliseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
static void sleeps_on_clocks(void) {
  pthread_t worker;
  struct timespec some = {0, 30000000}, at, left = {7, 7};
  printf("a thread's own: %d\n", clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &some, 0));
  at = (struct timespec){0, 1};
  printf("long ago: %d\n", clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME, &at, 0));
  pthread_create(&worker, 0, work, 0);
  long before = milliseconds(CLOCK_PROCESS_CPUTIME_ID);
  printf("30 ms of work: %d", clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &some, &left));
  printf(" %d\n", milliseconds(CLOCK_PROCESS_CPUTIME_ID) - before >= 30);
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
  at.tv_nsec += 20000000;
  if (at.tv_nsec >= 1000000000) at.tv_sec++, at.tv_nsec -= 1000000000;
  before = milliseconds(CLOCK_PROCESS_CPUTIME_ID);
  printf("20 ms more: %d", clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME, &at, 0));
  printf(" %d\n", milliseconds(CLOCK_PROCESS_CPUTIME_ID) - before >= 18);
  /* The time may come while it is looked at how much is left. */
  some = (struct timespec){0, 500000};
  int failed = 0;
  for (int i = 0; i < 600; ++i) failed += clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &some, 0) != 0;
  printf("600 short ones: %d failed\n", failed);
  pthread_cancel(worker);
  pthread_join(worker, 0);
  signal(SIGALRM, ring);
  const struct itimerval soon = {.it_value = {0, 20000}};
  setitimer(ITIMER_REAL, &soon, 0);
  some = (struct timespec){50, 0};
  printf("interrupted: %d", clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &some, &left));
  printf(", much left %d\n", left.tv_sec >= 48 && left.tv_sec <= 50);
}

int main(void) {
  setvbuf(stdout, 0, _IOFBF, 1 << 16);
  processor_clocks();
  sleeps_on_clocks();
  errors();
  signals();
  threads_and_processes();
  library_timers();
  return 0;
}
