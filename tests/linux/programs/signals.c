/* What a program sees of signals: run on the host and under polyabi, and compared. Prints no addresses, ids or times. */
#define _GNU_SOURCE
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#if defined(__x86_64__)
#define PROGRAM_COUNTER REG_RIP
#else
#define PROGRAM_COUNTER REG_EIP
#endif

static volatile int caught, caught_code, caught_value, caught_on_stack, depth, deepest;
static void* volatile caught_address;
static siginfo_t last;
static volatile int* volatile nowhere = (volatile int*)16;
static sigjmp_buf jump;

static void plain(int s) { caught = s; }
static void informed(int s, siginfo_t* i, void* c) {
  (void)c;
  caught = s;
  last = *i;
  caught_code = i->si_code;
  caught_value = i->si_value.sival_int;
  caught_address = i->si_addr;
}
static void set(int s, void (*f)(int), int flags) {
  struct sigaction a = {0};
  a.sa_handler = f;
  a.sa_flags = flags;
  sigaction(s, &a, 0);
}
static void set_informed(int s, void (*f)(int, siginfo_t*, void*), int flags) {
  struct sigaction a = {0};
  a.sa_sigaction = f;
  a.sa_flags = flags | SA_SIGINFO;
  sigaction(s, &a, 0);
}

static void senders(void) {
  set_informed(SIGUSR1, informed, 0);
  kill(getpid(), SIGUSR1);
  printf("kill: %d code %d own pid %d uid %d\n", caught, caught_code, last.si_pid == getpid(), last.si_uid == getuid());
  raise(SIGUSR1);
  printf("raise: code %d\n", caught_code);
  union sigval v = {.sival_int = 1234};
  sigqueue(getpid(), SIGUSR1, v);
  printf("sigqueue: code %d value %d\n", caught_code, caught_value);
}

static void faults(void) {
  extern void leave(int, siginfo_t*, void*);
  if (sigsetjmp(jump, 1) == 0) {
    set_informed(SIGFPE, leave, 0);
    __asm__ volatile("xorl %%ecx, %%ecx; xorl %%edx, %%edx; movl $1, %%eax; idivl %%ecx" : : : "eax", "ecx", "edx");
  }
  printf("division: %d code %d\n", caught, caught_code);
  set_informed(SIGSEGV, leave, 0);
  if (sigsetjmp(jump, 1) == 0) *nowhere = 1;
  printf("unmapped: %d code %d address %ld\n", caught, caught_code, (long)caught_address);
  char* page = mmap(0, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (sigsetjmp(jump, 1) == 0) page[7] = 1;
  printf("read only: %d code %d offset %ld\n", caught, caught_code, (long)((char*)caught_address - page));
  set_informed(SIGILL, leave, 0);
  if (sigsetjmp(jump, 1) == 0) __asm__ volatile("ud2");
  printf("illegal: %d code %d\n", caught, caught_code);
  set_informed(SIGTRAP, informed, 0);
  __asm__ volatile("int3");
  printf("breakpoint: %d code %d\n", caught, caught_code);
}
void leave(int s, siginfo_t* i, void* c) {
  informed(s, i, c);
  siglongjmp(jump, 1);
}

static void skip_instruction(int s, siginfo_t* i, void* c) {
  informed(s, i, c);
  ((ucontext_t*)c)->uc_mcontext.gregs[PROGRAM_COUNTER] += 2;
}
static void changed_context(void) {
  set_informed(SIGILL, skip_instruction, 0);
  __asm__ volatile("ud2");
  printf("skipped: %d\n", caught);
}

static char other_stack[65536] __attribute__((aligned(16)));
static void on_stack(int s) {
  stack_t now;
  char here;
  caught = s;
  sigaltstack(0, &now);
  caught_on_stack = &here >= other_stack && &here < other_stack + sizeof other_stack;
  printf("handler: on the other stack %d, flags %d, set again %d\n", caught_on_stack, now.ss_flags, sigaltstack(&now, 0) == -1 && errno == EPERM);
}
static void stacks(void) {
  stack_t s = {.ss_sp = other_stack, .ss_size = sizeof other_stack}, old;
  sigaltstack(&s, &old);
  printf("first: flags %d\n", old.ss_flags);
  set(SIGUSR1, on_stack, SA_ONSTACK);
  raise(SIGUSR1);
  set(SIGUSR1, on_stack, 0);
  raise(SIGUSR1);
  sigaltstack(0, &old);
  printf("afterwards: flags %d same %d\n", old.ss_flags, old.ss_sp == other_stack);
  s.ss_flags = SS_DISABLE;
  sigaltstack(&s, 0);
  s.ss_flags = 0;
  s.ss_size = 100;
  printf("too small: %d %s\n", sigaltstack(&s, 0), strerror(errno));
}

/* A stack that is none while a handler runs. */
static stack_t in_handler;
static void look_at_stack(int s) {
  char here;
  caught = s;
  sigaltstack(0, &in_handler);
  caught_on_stack = &here >= other_stack && &here < other_stack + sizeof other_stack;
}
static void disarmed_stacks(void) {
  const int autodisarm = (int)(1U << 31);
  stack_t s = {.ss_sp = other_stack, .ss_size = sizeof other_stack, .ss_flags = autodisarm}, now;
  printf("autodisarm: %d", sigaltstack(&s, 0));
  for (int flags = 0; flags <= SA_ONSTACK; flags += SA_ONSTACK) {
    set(SIGUSR1, look_at_stack, flags);
    raise(SIGUSR1);
    printf(", on it %d with flags %x size %d", caught_on_stack, (unsigned)in_handler.ss_flags, (int)in_handler.ss_size);
    sigaltstack(0, &now);
    printf(", then %x %d", (unsigned)now.ss_flags, (int)now.ss_size);
  }
  for (int mode = 1; mode <= 3; ++mode) {
    s.ss_flags = autodisarm | mode;
    printf(", mode %d: %d", mode, sigaltstack(&s, &now));
    sigaltstack(0, &now);
    printf(" %x", (unsigned)now.ss_flags);
  }
  s.ss_flags = SS_DISABLE;
  printf("\n");
  sigaltstack(&s, 0);
}

static int nested;
static void nest(int s) {
  depth++;
  if (depth > deepest) deepest = depth;
  if (++nested < 3) raise(s);
  depth--;
}
static void flags(void) {
  set(SIGUSR1, nest, SA_NODEFER);
  raise(SIGUSR1);
  printf("nodefer: depth %d\n", deepest);
  deepest = nested = 0;
  set(SIGUSR1, nest, 0);
  raise(SIGUSR1);
  printf("deferred: depth %d\n", deepest);
  set(SIGUSR2, plain, SA_RESETHAND);
  raise(SIGUSR2);
  struct sigaction a;
  sigaction(SIGUSR2, 0, &a);
  printf("resethand: default %d\n", a.sa_handler == SIG_DFL);
  printf("invalid: %d %d %d\n", sigaction(0, &a, 0), sigaction(65, &a, 0), sigaction(SIGKILL, &a, 0));
}

static void masks(void) {
  sigset_t all, old, pending;
  sigemptyset(&all);
  sigaddset(&all, SIGUSR1);
  sigaddset(&all, SIGRTMIN);
  set(SIGUSR1, plain, 0);
  set_informed(SIGRTMIN, informed, 0);
  caught = 0;
  sigprocmask(SIG_BLOCK, &all, &old);
  raise(SIGUSR1);
  sigpending(&pending);
  printf("blocked: caught %d pending %d\n", caught, sigismember(&pending, SIGUSR1));
  sigprocmask(SIG_UNBLOCK, &all, 0);
  printf("unblocked: caught %d\n", caught);
  sigprocmask(SIG_BLOCK, &all, 0);
  for (int n = 1; n <= 3; ++n) {
    union sigval v = {.sival_int = n};
    sigqueue(getpid(), SIGRTMIN, v);
  }
  sigset_t one;
  sigemptyset(&one);
  sigaddset(&one, SIGRTMIN);
  for (int n = 1; n <= 3; ++n) {
    siginfo_t i;
    const int got = sigwaitinfo(&one, &i);
    printf("queued: %d value %d\n", got == SIGRTMIN, i.si_value.sival_int);
  }
  struct timespec soon = {0, 1000000};
  printf("timed wait: %d %s\n", sigtimedwait(&one, 0, &soon), strerror(errno));
  raise(SIGUSR1);
  caught = 0;
  sigset_t none;
  sigemptyset(&none);
  printf("suspend: %d %s caught %d\n", sigsuspend(&none), strerror(errno), caught);
  sigprocmask(SIG_SETMASK, 0, &old);
  printf("mask after: usr1 %d\n", sigismember(&old, SIGUSR1));
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, 0);
}

static void interrupted(int restart) {
  int p[2];
  char c;
  if (pipe(p) != 0) return;
  set(SIGALRM, plain, restart);
  const pid_t child = fork();
  if (child == 0) {
    usleep(300000);
    if (write(p[1], "x", 1) != 1) _exit(1);
    _exit(0);
  }
  struct itimerval t = {{0, 0}, {0, 100000}};
  caught = 0;
  setitimer(ITIMER_REAL, &t, 0);
  errno = 0;
  const ssize_t n = read(p[0], &c, 1);
  printf("read: %zd %s caught %d\n", n, n < 0 ? strerror(errno) : "fine", caught);
  while (waitpid(child, 0, 0) < 0) {}
  close(p[0]);
  close(p[1]);
}

static void children(void) {
  set_informed(SIGCHLD, informed, SA_RESTART);
  const int endings[] = {0, 7, -SIGTERM, -SIGKILL};
  for (unsigned n = 0; n < sizeof endings / sizeof endings[0]; ++n) {
    sigset_t chld, old;
    sigemptyset(&chld);
    sigaddset(&chld, SIGCHLD);
    sigprocmask(SIG_BLOCK, &chld, &old);
    const pid_t child = fork();
    if (child == 0) {
      if (endings[n] >= 0) _exit(endings[n]);
      raise(-endings[n]);
      _exit(99);
    }
    int status = 0;
    waitpid(child, &status, 0);
    sigprocmask(SIG_SETMASK, &old, 0);
    printf("child: code %d status %d pid %d word %x\n", caught_code, last.si_status, last.si_pid == child, (unsigned)status);
  }
  siginfo_t i;
  const pid_t child = fork();
  if (child == 0) _exit(5);
  memset(&i, 0, sizeof i);
  waitid(P_PID, (id_t)child, &i, WEXITED | WNOWAIT);
  printf("waitid: signo %d code %d status %d\n", i.si_signo, i.si_code, i.si_status);
  int status;
  waitpid(child, &status, 0);
}

static volatile double noise;
static void disturb(int s) {
  double x = 1.5;
  for (int n = 0; n < 50; ++n) x = x * 1.7 + n / 3.0;
  noise = x;
  caught = s;
  depth++;
}
/* Registers of all kinds hold while handlers that use them come and go. */
static void floating_point(void) {
  set(SIGALRM, disturb, SA_RESTART);
  depth = 0;
  struct itimerval t = {{0, 500}, {0, 500}};
  setitimer(ITIMER_REAL, &t, 0);
  double a = 0;
  long double b = 0;
  unsigned long rounds = 0, wrong = 0;
  while (depth < 200) {
    double x = 1;
    long double y = 1;
    for (int n = 1; n < 1000; ++n) {
      x += 1.0 / n;
      y += 1.0L / n;
    }
    if (rounds == 0) {
      a = x;
      b = y;
    }
    wrong += x != a || y != b;
    rounds++;
  }
  struct itimerval off = {{0, 0}, {0, 0}};
  setitimer(ITIMER_REAL, &off, 0);
  printf("floating point: wrong %lu sum %.6f %.6Lf\n", wrong, a, b);
}

static int order[16], ordered;
static void note(int s) { order[ordered++] = s; }

/// Of those that come at once: what was sent to the thread first, and of each the lowest number.
static void sequence(void) {
  const int numbers[] = {SIGINT, SIGUSR1, 36, 40};
  sigset_t all, before;
  sigfillset(&all);
  struct sigaction a = {.sa_handler = note};
  sigfillset(&a.sa_mask);
  for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; ++i) sigaction(numbers[i], &a, 0);
  sigprocmask(SIG_SETMASK, &all, &before);
  ordered = 0;
  kill(getpid(), 40);
  kill(getpid(), SIGUSR1);
  syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), 36);
  kill(getpid(), SIGINT);
  kill(getpid(), 36);
  sigset_t pending;
  memset(&pending, 0xff, sizeof pending);
  printf("pending, in part: %ld", (long)syscall(SYS_rt_sigpending, &pending, 4));
  printf(" %d %d\n", sigismember(&pending, SIGUSR1), sigismember(&pending, SIGUSR2));
  printf("pending, none of it: %ld\n", (long)syscall(SYS_rt_sigpending, &pending, 0));
  const long too_much = syscall(SYS_rt_sigpending, &pending, 9);
  printf("pending, too much: %ld %s\n", too_much, strerror(errno));
  sigprocmask(SIG_SETMASK, &before, 0);
  printf("order:");
  for (int i = 0; i < ordered; ++i) printf(" %d", order[i]);
  printf("\n");
  for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; ++i) signal(numbers[i], SIG_DFL);
}

int main(void) {
  setvbuf(stdout, 0, _IOLBF, 0);
  sequence();
  senders();
  faults();
  changed_context();
  stacks();
  disarmed_stacks();
  flags();
  masks();
  interrupted(0);
  interrupted(SA_RESTART);
  children();
  floating_point();
  signal(SIGSEGV, SIG_DFL);
  fflush(stdout);
  *nowhere = 1;
  return 0;
}
