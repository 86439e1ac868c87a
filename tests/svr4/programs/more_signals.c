/* Signals in detail: codes, contexts, flags, stacks, ways out of a handler. */
#include "heard_signals.h"

enum { ILL_ILLOPC = 1, FPE_INTDIV = 1, FPE_FLTDIV = 3, BUS_ADRERR = 2, BUS_OBJERR = 3, TRAP_BRKPT = 1, TRAP_TRACE = 2, SI_LWP = -1 };
enum { RLIMIT_CORE = 4 };

/* --- siginfo's codes */
static void senders(void) {
  set(SIGUSR1, note, SA_SIGINFO, 0);
  kill(getpid(), SIGUSR1);
  check(caught == SIGUSR1 && code == SI_USER && sender == getpid(), "SI_USER tells who sent");
  sigqueue(getpid(), SIGUSR1, 4711, SI_QUEUE, 0);
  check(code == SI_QUEUE && value == 4711 && sender == getpid(), "SI_QUEUE has a value");
  check(gate7(163, gate7(164), SIGUSR1) == 0 && code == SI_LWP, "SI_LWP");
  set(SIGUSR1, note, 0, 0);
  kill(getpid(), SIGUSR1);
  check(calls == 1 && had_info == NULL, "without SA_SIGINFO there is none");
}

/* Goes on behind the instruction: `value` is its length. */
static volatile uint skip;
static void step_over(int number, siginfo_t *info, ucontext_t *context) {
  note(number, info, context);
  context->gregs[EIP] += skip;
}

static void stop_stepping(int number, siginfo_t *info, ucontext_t *context) {
  note(number, info, context);
  context->gregs[EFL] &= ~0x100u;
}

static void faults(void) {
  uint where;
  set(SIGSEGV, step_over, SA_SIGINFO, 0);
  skip = 2;
  __asm__ volatile("movl $1f, %0; movl $0x123, %%eax\n1: movb (%%eax), %%al" : "=&r"(where)::"eax", "memory");
  check(caught == SIGSEGV && code == SEGV_MAPERR && address == 0x123 && place == where, "SEGV_MAPERR, its address and instruction");
  char *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANON | _MAP_NEW, -1, 0);
  set(SIGSEGV, step_over, SA_SIGINFO, 0);
  __asm__ volatile("movb %%al, (%0)" ::"S"(page) : "memory");
  check(caught == SIGSEGV && code == SEGV_ACCERR && address == (uint)page, "SEGV_ACCERR");
  munmap(page, 4096);
  const int fd = open("more_signals_file", O_RDWR | O_CREAT, 0600);
  unlink("more_signals_file");
  page = mmap(NULL, 4096, PROT_READ, MAP_SHARED | _MAP_NEW, fd, 0);
  set(SIGBUS, step_over, SA_SIGINFO, 0);
  __asm__ volatile("movb (%0), %%al" ::"S"(page) : "eax", "memory");
  check(caught == SIGBUS && (code == BUS_ADRERR || code == BUS_OBJERR) && address == (uint)page, "SIGBUS behind a file's end");
  munmap(page, 4096);
  close(fd);
  set(SIGFPE, step_over, SA_SIGINFO, 0);
  __asm__ volatile("xorl %%ecx, %%ecx; xorl %%edx, %%edx; movl $1, %%eax; divl %%ecx" ::: "eax", "ecx", "edx");
  check(caught == SIGFPE && code == FPE_INTDIV, "FPE_INTDIV");
  set(SIGILL, step_over, SA_SIGINFO, 0);
  __asm__ volatile("ud2");
  check(caught == SIGILL && code >= ILL_ILLOPC && code <= ILL_ILLOPC + 1, "SIGILL of an instruction that is none");
  set(SIGTRAP, note, SA_SIGINFO, 0);
  __asm__ volatile("movl $1f, %0; int3\n1:" : "=&r"(where)::"memory");
  check(caught == SIGTRAP && code == TRAP_BRKPT && place == where, "TRAP_BRKPT");
  set(SIGTRAP, stop_stepping, SA_SIGINFO, 0);
  __asm__ volatile("pushfl; orl $0x100, (%%esp); popfl; nop; nop" ::: "memory");
  check(caught == SIGTRAP && code == TRAP_TRACE && calls == 1, "TRAP_TRACE of a single step");
  set(SIGSEGV, step_over, SA_SIGINFO, 0);
  skip = 1;
  __asm__ volatile("hlt");
  check(caught == SIGSEGV && code == SEGV_MAPERR, "a privileged instruction is SEGV_MAPERR");
}

static volatile int fixed_word;
static void mask_division(int number, siginfo_t *info, ucontext_t *context) {
  note(number, info, context);
  fixed_word = (int)(context->fpregs[0] & 0xffff);
  context->fpregs[0] |= 0x3f; /* all exceptions off again */
}
static void floating_faults(void) {
  const ushort with_division = 0x37f & ~4;
  set(SIGFPE, mask_division, SA_SIGINFO, 0);
  __asm__ volatile("fninit; fldcw %0; fldz; fld1; fdivp; fwait" ::"m"(with_division));
  __asm__ volatile("fninit");
  check(caught == SIGFPE && code == FPE_FLTDIV, "FPE_FLTDIV");
  check(fixed_word == with_division, "the context has the control word of the floating-point unit");
}

/* --- contexts */
static void change_everything(int number, siginfo_t *info, ucontext_t *context) {
  note(number, info, context);
  context->gregs[EBX] = 0x11223344;
  context->gregs[ESI] = 0x55667788;
  context->gregs[EFL] |= 1; /* carry */
  context->uc_sigmask = only(SIGUSR2);
}
static double first_register(const ucontext_t *context) {
  double value = 0;
  __asm__("fldt %1; fstpl %0" : "=m"(value) : "m"(*((const char *)context->fpregs + 28)));
  return value;
}
static void load_seven(int number, siginfo_t *info, ucontext_t *context) {
  const double seven = 7;
  note(number, info, context);
  __asm__ volatile("fldl %1; fstpt %0" : "=m"(*((char *)context->fpregs + 28)) : "m"(seven));
}

static void contexts(void) {
  int ebx, esi;
  uchar carry;
  block(SIG_BLOCK, SIGTERM);
  set(SIGUSR1, change_everything, SA_SIGINFO, SIGHUP);
  const int self = getpid();
  __asm__ volatile("pushl %[signal]; pushl %[self]; pushl $0; movl $37, %%eax; lcall $7, $0; setc %[carry]; leal 12(%%esp), %%esp"
                   : "=b"(ebx), "=S"(esi), [carry] "=m"(carry)
                   : [signal] "i"(SIGUSR1), [self] "r"(self)
                   : "eax", "ecx", "edx", "memory");
  check(ebx == 0x11223344 && esi == 0x55667788, "general registers come back as the handler leaves them");
  check(carry == 1, "and the flags");
  check(!blocked(SIGTERM) && blocked(SIGUSR2), "and the mask");
  check((seen.uc_sigmask.bits[0] >> (SIGTERM - 1) & 1) && !(seen.uc_sigmask.bits[0] >> (SIGHUP - 1) & 1), "the context had the mask from before the signal");
  check((seen.uc_flags & (UC_SIGMASK | UC_STACK | UC_CPU)) == (UC_SIGMASK | UC_STACK | UC_CPU), "uc_flags");
  check(seen.gregs[CS] != 0 && seen.gregs[SS] == seen.gregs[DS] && seen.gregs[UESP] == seen.gregs[ESP], "segments and stack");
  block(SIG_UNBLOCK, SIGUSR2);

  const double three = 3;
  double result = 0;
  set(SIGUSR1, load_seven, SA_SIGINFO, 0);
  __asm__ volatile("fninit; fldl %0" ::"m"(three));
  kill(self, SIGUSR1);
  __asm__ volatile("fstpl %0" : "=m"(result));
  check(first_register(&seen) == 3 && result == 7, "floating registers are in the context, and come back changed");
  check_error(gate7(100, 0, 4), EFAULT, "getcontext to nowhere is EFAULT");
  check_error(gate7(100, 1, 4), EFAULT, "setcontext from nowhere is EFAULT");
}

/* Two contexts that take turns, each on a stack of its own: makecontext(3C) and swapcontext(3C), by the kernel's calls. */
static ucontext_t turns[2];
static char other_stack[16384];
static volatile int order[8], steps;
static void second(void) {
  order[steps++] = 2;
  turns[0].gregs[EAX] = 0;
  context_set(&turns[0]);
}
static void swapping(void) {
  steps = 0;
  getcontext(&turns[1]);
  block(SIG_BLOCK, SIGUSR2);
  turns[1].gregs[EIP] = (uint)second;
  turns[1].gregs[UESP] = (uint)other_stack + sizeof other_stack - 64;
  turns[1].uc_sigmask = only(SIGTERM);
  getcontext(&turns[0]);
  if (steps == 0) {
    order[steps++] = 1;
    context_set(&turns[1]);
  }
  check(steps == 2 && order[0] == 1 && order[1] == 2, "another context runs on its own stack, and comes back");
  check(blocked(SIGUSR2) && !blocked(SIGTERM), "each with its own mask");
  block(SIG_UNBLOCK, SIGUSR2);
}

/* --- flags of actions */
static volatile int depth, deepest;
static void nest(int number, siginfo_t *info, ucontext_t *context) {
  note(number, info, context);
  if (++depth > deepest) deepest = depth;
  if (calls < 3) kill(getpid(), SIGUSR1);
  --depth;
}
static void flags(void) {
  depth = deepest = 0;
  set(SIGUSR1, nest, 0, 0);
  kill(getpid(), SIGUSR1);
  check(calls == 3 && deepest == 1, "a signal waits while its handler runs");
  deepest = 0;
  set(SIGUSR1, nest, SA_NODEFER, 0);
  kill(getpid(), SIGUSR1);
  check(calls == 3 && deepest == 3, "SA_NODEFER lets it nest");
  set(SIGUSR1, note, SA_RESETHAND, 0);
  kill(getpid(), SIGUSR1);
  struct sigaction now;
  check(sigaction(SIGUSR1, NULL, &now) == 0 && now.sa_handler == SIG_DFL && calls == 1, "SA_RESETHAND");
  const uint all = SA_ONSTACK | SA_RESETHAND | SA_RESTART | SA_SIGINFO | SA_NODEFER;
  set(SIGUSR1, note, all, SIGHUP);
  check(sigaction(SIGUSR1, NULL, &now) == 0 && now.sa_flags == all && now.sa_mask.bits[0] == 1u << (SIGHUP - 1), "flags and mask are told as they were set");
  set(SIGCLD, note, SA_NOCLDSTOP | SA_NOCLDWAIT, 0);
  check(sigaction(SIGCLD, NULL, &now) == 0 && now.sa_flags == (SA_NOCLDSTOP | SA_NOCLDWAIT), "those of SIGCLD as well");
  plain(SIGCLD, SIG_DFL);
  check_error(sigaction(SIGUSR1, (void *)4, NULL), EFAULT, "an action from nowhere is EFAULT");
  check_error(sigaction(200, NULL, NULL), EINVAL, "of no signal is EINVAL");
}

/* --- nested delivery */
static volatile int trail[8], marks;
static void mark(int number, siginfo_t *info, ucontext_t *context) {
  note(number, info, context);
  trail[marks++] = number;
  if (number == SIGUSR1) {
    kill(getpid(), SIGUSR2);
    trail[marks++] = 0; /* the end of SIGUSR1's handler */
  }
}
static void nesting(void) {
  marks = 0;
  set(SIGUSR2, mark, 0, 0);
  set(SIGUSR1, mark, 0, 0);
  kill(getpid(), SIGUSR1);
  check(marks == 3 && trail[0] == SIGUSR1 && trail[1] == SIGUSR2 && trail[2] == 0, "another signal interrupts a handler");
  marks = 0;
  set(SIGUSR1, mark, 0, SIGUSR2);
  kill(getpid(), SIGUSR1);
  check(marks == 3 && trail[0] == SIGUSR1 && trail[1] == 0 && trail[2] == SIGUSR2, "but for one that its mask holds back");
  marks = 0;
  set(SIGHUP, mark, 0, SIGINT);
  set(SIGINT, mark, 0, SIGHUP);
  sigset_t two = only(SIGHUP);
  two.bits[0] |= 1u << (SIGINT - 1);
  sigprocmask(SIG_BLOCK, &two, NULL);
  kill(getpid(), SIGINT);
  kill(getpid(), SIGHUP);
  sigset_t pending;
  check(marks == 0 && sigpending(&pending) == 0 && (pending.bits[0] & two.bits[0]) == two.bits[0], "two are pending");
  sigprocmask(SIG_UNBLOCK, &two, NULL);
  check(marks == 2 && trail[0] + trail[1] == SIGHUP + SIGINT, "both come when they are let");
  plain(SIGHUP, SIG_DFL);
  plain(SIGINT, SIG_DFL);
}

/* --- ways out of a handler */
static void *jump[5];
static void leap(int number, siginfo_t *info, ucontext_t *context) {
  note(number, info, context);
  __builtin_longjmp(jump, 1);
}
static ucontext_t saved;
static void return_elsewhere(int number, siginfo_t *info, ucontext_t *context) {
  note(number, info, context);
  saved.gregs[EAX] = 0;
  context_set(&saved);
}
static void leaving(void) {
  static volatile int rounds;
  set(SIGUSR1, leap, SA_NODEFER, 0);
  rounds = 0;
  while (rounds < 1000) {
    if (__builtin_setjmp(jump) == 0) kill(getpid(), SIGUSR1);
    ++rounds;
  }
  check(calls == 1000, "a thousand handlers are left by longjmp");
  set(SIGUSR1, leap, 0, 0);
  if (__builtin_setjmp(jump) == 0) kill(getpid(), SIGUSR1);
  check(calls == 1 && blocked(SIGUSR1), "longjmp leaves the mask as it was in the handler");
  block(SIG_UNBLOCK, SIGUSR1);
  rounds = 0;
  set(SIGUSR1, return_elsewhere, 0, 0);
  getcontext(&saved);
  if (rounds++ < 3) kill(getpid(), SIGUSR1);
  check(rounds == 4 && calls == 3 && !blocked(SIGUSR1), "setcontext of an earlier context leaves it with that one's mask");
  set(SIGSEGV, leap, 0, 0);
  if (__builtin_setjmp(jump) == 0) *(volatile int *)16 = 0;
  check(caught == SIGSEGV, "out of a fault's handler");
  block(SIG_UNBLOCK, SIGSEGV);
}

/* --- stacks */
static char stack[32768];
static volatile uint stacks[4], stack_flags;
static volatile int change_error;
static void on_stack(int number, siginfo_t *info, ucontext_t *context) {
  note(number, info, context);
  stacks[number == SIGUSR1 ? 0 : 1] = frame_stack;
  stack_t now, wanted = {stack, sizeof stack, 0};
  sigaltstack(NULL, &now);
  stack_flags = now.ss_flags;
  if (number != SIGUSR1) return;
  change_error = sigaltstack(&wanted, NULL) == -1 ? errno : 0;
  kill(getpid(), SIGUSR2);
}
static int within(uint at) { return at >= (uint)stack && at < (uint)stack + sizeof stack; }
static void alternate(void) {
  stack_t wanted = {stack, sizeof stack, 0}, now;
  sigaltstack(&wanted, NULL);
  set(SIGUSR2, on_stack, SA_ONSTACK, 0);
  set(SIGUSR1, on_stack, SA_ONSTACK, 0);
  kill(getpid(), SIGUSR1);
  check(within(stacks[0]) && stack_flags == SS_ONSTACK, "SS_ONSTACK is told in a handler on the stack");
  check(within(stacks[1]) && stacks[1] < stacks[0], "a nested handler runs further down on it");
  check(change_error == EPERM, "a stack in use cannot be changed");
  check(sigaltstack(NULL, &now) == 0 && now.ss_flags == 0, "afterwards it is not in use");
  set(SIGUSR2, on_stack, 0, 0);
  kill(getpid(), SIGUSR2);
  check(!within(stacks[1]), "without SA_ONSTACK a handler stays where it is");
  int status = -1;
  const int child = fork();
  if (child == 0) exit(sigaltstack(NULL, &now) == 0 && now.ss_sp == stack && !(now.ss_flags & SS_DISABLE) ? 0 : 1);
  check(waitpid(child, &status, 0) == child && status == 0, "a child has its parent's");
  wanted.ss_flags = SS_DISABLE;
  set(SIGUSR2, on_stack, SA_ONSTACK, 0);
  check(sigaltstack(&wanted, NULL) == 0 && sigaltstack(NULL, &now) == 0 && (now.ss_flags & SS_DISABLE), "SS_DISABLE");
  kill(getpid(), SIGUSR2);
  check(!within(stacks[1]), "then there is none");
  wanted.ss_flags = 8;
  check_error(sigaltstack(&wanted, NULL), EINVAL, "unknown flags are EINVAL");
  check_error(sigaltstack((void *)4, NULL), EFAULT, "a stack from nowhere is EFAULT");
}

static void hopeless(void) {
  int status = 0;
  const int child = fork();
  if (child == 0) {
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    plain(SIGTRAP, SIG_DFL);
    __asm__ volatile("int3");
    exit(0);
  }
  check(waitpid(child, &status, 0) == child && (status & 0x7f) == SIGTRAP, "a trap without a handler ends the process");
  const int other = fork();
  if (other == 0) {
    set(SIGSEGV, note, 0, 0);
    __asm__ volatile("movl $0x10, %%esp; movl (%%esp), %%eax" ::: "eax", "memory");
    exit(0);
  }
  check(waitpid(other, &status, 0) == other && (status & 0x7f) == SIGSEGV, "a handler without a stack to run on, too");
}

int main(void) {
  senders();
  faults();
  floating_faults();
  contexts();
  swapping();
  flags();
  nesting();
  leaving();
  alternate();
  hopeless();
  return failures != 0;
}
