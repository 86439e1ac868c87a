/* Signals: every style of handler, the frame, contexts, alternate stacks. */
#include "libc/svr4.h"

static volatile int caught, caught_code, caught_pid;
static volatile uint caught_address, caught_stack;

/* signal(2), sigset(2) and sigaction(2) are called with the frame's first function, which calls this one. */
static void note(int number, siginfo_t *info, ucontext_t *context) {
  caught = number;
  caught_code = info ? info->si_code : 12345;
  caught_pid = info && info->si_code <= 0 ? info->u.sent.pid : 0;
  caught_stack = handler_stack;
  (void)context;
}

static void no_flags(sigset_t *set) { memset(set, 0, sizeof *set); }
static void add(sigset_t *set, int number) { set->bits[(number - 1) / 32] |= 1u << ((number - 1) % 32); }
static int has(const sigset_t *set, int number) { return set->bits[(number - 1) / 32] >> ((number - 1) % 32) & 1; }

static void old_styles(void) {
  handler_function = note;
  check(ssig(SIGUSR1, handler_entry) == 0, "signal answers SIG_DFL");
  kill(getpid(), SIGUSR1);
  check(caught == SIGUSR1 && caught_code == 12345, "a handler of signal runs, without siginfo");
  check(handler_return_address == 0xffffffff, "the frame has nothing to return to");
  check(ssig(SIGUSR1, SIG_IGN) == 0, "the action was reset before it ran");
  caught = 0;
  kill(getpid(), SIGUSR1);
  check(caught == 0 && ssig(SIGUSR1, SIG_DFL) == 1, "SIG_IGN");
  check_error(ssig(SIGKILL, SIG_IGN), EINVAL, "SIGKILL is EINVAL");
  check_error(ssig(99, SIG_IGN), EINVAL, "an unknown signal is EINVAL");

  check(ssig(SIGUSR2 | SIGDEFER, handler_entry) == 0, "sigset");
  kill(getpid(), SIGUSR2);
  check(caught == SIGUSR2 && ssig(SIGUSR2 | SIGDEFER, handler_entry) == (int)handler_entry, "sigset's action stays");
  check(ssig(SIGUSR2 | SIGHOLD, 0) == 0, "sighold");
  caught = 0;
  kill(getpid(), SIGUSR2);
  sigset_t pending;
  check(caught == 0 && sigpending(&pending) == 0 && has(&pending, SIGUSR2), "a held signal is pending");
  ssig(SIGUSR2 | SIGRELSE, 0);
  check(caught == SIGUSR2, "sigrelse lets it through");
  check(ssig(SIGUSR2 | SIGDEFER, SIG_HOLD) == (int)handler_entry, "sigset to SIG_HOLD blocks");
  check(ssig(SIGUSR2 | SIGDEFER, handler_entry) == 2, "sigset answers SIG_HOLD of a held signal, and releases it");
  check(ssig(SIGUSR2 | SIGIGNORE, 0) == 0 && kill(getpid(), SIGUSR2) == 0, "sigignore");

  ssig(SIGALRM | SIGDEFER, handler_entry);
  ssig(SIGALRM | SIGHOLD, 0);
  caught = 0;
  setitimer(0, &(struct itimerval){{0, 0}, {0, 20000}}, NULL);
  check_error(ssig(SIGALRM | SIGPAUSE, 0), EINTR, "sigpause sleeps until its signal");
  check(caught == SIGALRM, "which its handler has seen");
}

static void children(void) {
  ssig(SIGCLD, SIG_DFL);
  int child = fork();
  if (child == 0) exit(9);
  siginfo_t info;
  waitsys(P_PID, child, &info, WEXITED | WNOWAIT);
  handler_function = note;
  caught = 0;
  ssig(SIGCLD, handler_entry);
  check(caught == SIGCLD, "a new handler of SIGCLD hears of children that have ended");
  int status;
  check(waitpid(child, &status, 0) == child && status == 9 << 8, "and they can still be waited for");
  ssig(SIGCLD, SIG_IGN);
  child = fork();
  if (child == 0) exit(0);
  check_error(wait(&status), ECHILD, "ignored children leave nothing to wait for");
  ssig(SIGCLD, SIG_DFL);
}

static void actions(void) {
  struct sigaction action, old;
  memset(&action, 0, sizeof action);
  action.sa_flags = SA_SIGINFO;
  action.sa_handler = handler_entry;
  add(&action.sa_mask, SIGTERM);
  handler_function = note;
  check(sigaction(SIGUSR1, &action, &old) == 0 && old.sa_handler == SIG_DFL, "sigaction");
  check(sigaction(SIGUSR1, NULL, &old) == 0 && old.sa_handler == handler_entry && old.sa_flags == SA_SIGINFO && has(&old.sa_mask, SIGTERM),
        "sigaction tells what was set");
  kill(getpid(), SIGUSR1);
  check(caught == SIGUSR1 && caught_code == SI_USER && caught_pid == getpid(), "siginfo of kill");
  check(sigqueue(getpid(), SIGUSR1, 77, SI_QUEUE, 0) == 0 && caught_code == SI_QUEUE, "siginfo of sigqueue");
  check_error(sigaction(SIGKILL, &action, NULL), EINVAL, "SIGKILL cannot be caught");
  check_error(kill(getpid(), 60), EINVAL, "kill with an unknown signal");
  check_error(kill(999999, 0), ESRCH, "kill of nobody");

  sigset_t set, before;
  no_flags(&set);
  add(&set, SIGUSR1);
  check(sigprocmask(SIG_BLOCK, &set, &before) == 0 && !has(&before, SIGUSR1), "sigprocmask blocks");
  caught = 0;
  kill(getpid(), SIGUSR1);
  check(caught == 0, "a blocked signal waits");
  no_flags(&set);
  check_error(sigsuspend(&set), EINTR, "sigsuspend");
  check(caught == SIGUSR1, "which its handler has seen");
  check(sigprocmask(0, NULL, &before) == 0 && has(&before, SIGUSR1), "sigprocmask without a set only asks");
  check(sigprocmask(SIG_SETMASK, &set, NULL) == 0, "SIG_SETMASK");
  check_error(sigprocmask(9, &set, NULL), EINVAL, "an unknown way is EINVAL");

  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(SIGALRM, &action, NULL);
  int fds[2];
  pipe(fds);
  int child = fork();
  if (child == 0) {
    nanosleep(&(struct timespec){0, 60000000}, NULL);
    write(fds[1], "r", 1);
    exit(0);
  }
  caught = 0;
  setitimer(0, &(struct itimerval){{0, 0}, {0, 20000}}, NULL);
  char c = 0;
  check(read(fds[0], &c, 1) == 1 && c == 'r' && caught == SIGALRM, "SA_RESTART makes an interrupted read again");
  waitpid(child, NULL, 0);
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGALRM, &action, NULL);
  setitimer(0, &(struct itimerval){{0, 0}, {0, 20000}}, NULL);
  check_error(read(fds[0], &c, 1), EINTR, "without it the read is EINTR");
  close(fds[0]);
  close(fds[1]);
}

static void alternate(void) {
  static char stack[16384];
  stack_t new = {stack, sizeof stack, 0}, old;
  check(sigaltstack(&new, &old) == 0 && (old.ss_flags & SS_DISABLE), "sigaltstack");
  check(sigaltstack(NULL, &old) == 0 && old.ss_sp == stack && old.ss_size == sizeof stack && old.ss_flags == 0, "sigaltstack tells");
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_flags = SA_ONSTACK;
  action.sa_handler = handler_entry;
  handler_function = note;
  sigaction(SIGUSR1, &action, NULL);
  kill(getpid(), SIGUSR1);
  check(caught_stack >= (uint)stack && caught_stack < (uint)stack + sizeof stack, "the handler runs on it");
  check_error(sigaltstack(&(stack_t){stack, 16, 0}, NULL), ENOMEM, "a small stack is ENOMEM");
  new.ss_flags = SS_DISABLE;
  check(sigaltstack(&new, NULL) == 0, "SS_DISABLE");
}

/* A fault's handler sees where it happened and steps over the instruction. */
static void step_over(int number, siginfo_t *info, ucontext_t *context) {
  caught = number;
  caught_code = info->si_code;
  caught_address = (uint)info->u.fault.addr;
  context->gregs[EIP] += 2; /* movb (%eax),%al */
  context->gregs[EBX] = 4711;
}

static void faults(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_flags = SA_SIGINFO;
  action.sa_handler = handler_entry;
  handler_function = step_over;
  sigaction(SIGSEGV, &action, NULL);
  uint changed = 0;
  __asm__ volatile("movl $0x123, %%eax; xorl %%ebx, %%ebx; movb (%%eax), %%al" : "=b"(changed) : : "eax", "memory");
  check(caught == SIGSEGV && caught_code == SEGV_MAPERR && caught_address == 0x123, "a fault's siginfo");
  check(changed == 4711, "the context's registers come back");
}

static int touched;
static void touch_floating_point(int number, siginfo_t *info, ucontext_t *context) {
  (void)number;
  (void)info;
  __asm__ volatile("fninit; fldz; fldz");
  touched = (context->uc_flags & UC_FPU) != 0;
}

static void floating_point(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler_entry;
  handler_function = touch_floating_point;
  sigaction(SIGUSR1, &action, NULL);
  const int self = getpid();
  int value = 0;
  __asm__ volatile("fninit; fldpi; fld1; faddp" ::: "memory");
  kill(self, SIGUSR1);
  /* (pi + 1) * 1000 = 4141.59... */
  const int thousand = 1000;
  __asm__ volatile("fimull %1; fistpl %0" : "=m"(value) : "m"(thousand));
  check(touched, "the context has the floating-point state");
  check(value == 4142, "which comes back after the handler");
}

static void contexts(void) {
  static ucontext_t context;
  static volatile int turns;
  turns = 0;
  check(getcontext(&context) == 0, "getcontext");
  if (++turns < 3) {
    context.gregs[EAX] = 0;
    context_set(&context);
  }
  check(turns == 3 && context.uc_flags == (UC_SIGMASK | UC_STACK | UC_CPU | UC_FPU), "setcontext goes back to it");
  int child = fork();
  if (child == 0) context_set(NULL);
  int status = -1;
  check(waitpid(child, &status, 0) == child && status == 0, "setcontext of nothing ends the process");
}

int main(void) {
  old_styles();
  children();
  actions();
  alternate();
  faults();
  floating_point();
  contexts();
  return failures != 0;
}
